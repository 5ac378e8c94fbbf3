//! What things cost on each card, and the table of it.

use kit::InsertedCard;
use simcard::Exchange;
use std::fmt::Write as _;

/// The cards, for the simulator.
pub(crate) const CARDS: [&str; 9] = [
    "fineid-v4.1",
    "fineid-v4.0",
    "fineid-v3.1",
    "fineid-v3.0",
    "estonia-thales",
    "estonia-idemia",
    "latvia-ec",
    "lithuania",
    "belgium-1.8",
];

/// Those that are used without contacts.
pub(crate) const CONTACTLESS: [&str; 4] = [
    "fineid-v4.1,interface=contactless",
    "estonia-thales,interface=contactless",
    "estonia-idemia,interface=contactless",
    "latvia-ec,interface=contactless",
];

/// What one thing cost.
#[derive(Default)]
pub(crate) struct Cost {
    pub(crate) commands: u64,
    pub(crate) milliseconds: f64,
}

impl Cost {
    /// Of these commands.
    fn of<'e>(exchanges: impl Iterator<Item = &'e Exchange>) -> Self {
        exchanges.fold(Self::default(), |sum, exchange| Self {
            commands: sum.commands + 1,
            milliseconds: sum.milliseconds + exchange.milliseconds,
        })
    }
}

/// Name and cost of everything, in order; none where a card has nothing of the kind.
pub(crate) type Costs = Vec<(String, Option<Cost>)>;

/// Counts what a card is asked.
pub(crate) struct Meter<'c> {
    pub(crate) card: &'c InsertedCard,
    pub(crate) costs: Costs,
}

impl Meter<'_> {
    /// Does something, and notes what it cost, and how much of that was for opening a channel: what is sent in the clear.
    pub(crate) fn of<R>(&mut self, name: &str, act: impl FnOnce() -> R) -> R {
        self.card.card().log_mut().mark();
        let result = act();
        let card = self.card.card();
        let since = card.log().since_mark();
        let opening = Cost::of(card.log().exchanges_since_mark().filter(|exchange| is_clear(exchange)));
        self.costs
            .push((name.to_owned(), Some(Cost { commands: since.count, milliseconds: since.milliseconds })));
        if card.channel_openings() > 0 && opening.commands > 0 {
            self.costs.push((format!("{name}: the channel alone"), Some(opening)));
        }
        result
    }

    /// The same where there is something to do it with.
    pub(crate) fn if_any<T>(&mut self, name: &str, with: Option<&T>, act: impl FnOnce(&T)) {
        match with {
            Some(with) => self.of(name, || act(with)),
            None => self.costs.push((name.to_owned(), None)),
        }
    }
}

/// Not wrapped, and not GET RESPONSE for something that was.
fn is_clear(exchange: &Exchange) -> bool {
    exchange.command.first().is_some_and(|class| class & 0x0C == 0) && exchange.command.get(1) != Some(&0xC0)
}

/// The table in Markdown: a row per thing, a column per card.
pub(crate) fn table(cards: &[&str], measured: &[Costs]) -> String {
    let mut table = String::from("| commands / ms |");
    for card in cards {
        let _ = write!(table, " {} |", named(card));
    }
    let _ = write!(table, "\n|---|{}\n", "---:|".repeat(cards.len()));
    let first = measured.first().map(Vec::as_slice).unwrap_or_default();
    for (name, _) in first {
        let _ = write!(table, "| {name} |");
        for costs in measured {
            match costs.iter().find(|(row, _)| row == name) {
                Some((_, Some(Cost { commands, milliseconds }))) => {
                    let _ = write!(table, " {commands} / {milliseconds:.0} |");
                }
                _ => table.push_str(" – |"),
            }
        }
        table.push('\n');
    }
    table
}

/// A card as people write it.
pub(crate) fn named(card: &str) -> String {
    let card = card.split_once(',').map_or(card, |(model, _)| model);
    match card.split_once('-') {
        Some(("fineid", version)) => format!("FINEID {version}"),
        Some((country, kind)) => {
            let mut letters = country.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            format!("{first}{}, {kind}", letters.as_str())
        }
        None => {
            let (first, rest) = card.split_at(1);
            first.to_uppercase() + rest
        }
    }
}
