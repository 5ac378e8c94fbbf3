//! What is stored of each card access number, and the form of the file: a line for each, with a tab between the number,
//! its place in the order of success, and kind, number and holder of the card.

use crate::cards::{Can, CardProfile};
use crate::token::Identity;
use zeroize::Zeroizing;

/// The first line.
const TITLE: &[u8] = b"avain card access numbers 1";
/// Marks a number that a card has refused.
const REFUSED: u8 = b'!';
/// Longest value that is kept of a card, in bytes.
const LONGEST_VALUE: usize = 120;
/// Longest file: the title and [`super::MOST`] lines.
pub(super) const LONGEST: usize = 32 * (3 * (LONGEST_VALUE + 1) + 24) + 64;

/// A stored number.
pub struct Known {
    /// The number.
    pub can: Can,
    /// The card that it has opened, if it has.
    pub card: Option<CardName>,
    /// Its place in the order in which numbers last worked; 0 if it never has.
    rank: u32,
    /// A card has refused it, and no number has opened a card since.
    refused: bool,
}

/// What a card is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardName {
    /// Its kind: the model of its tokens.
    pub kind: String,
    /// The number printed on it.
    pub number: String,
    /// Its holder, if that was read.
    pub holder: String,
}

impl Known {
    /// One that has not opened any card.
    pub(super) fn of(can: Can) -> Self {
        Known { can, card: None, rank: 0, refused: false }
    }

    pub(super) fn rank(&self) -> u32 {
        self.rank
    }

    /// May it be tried by itself with a card of this kind?
    pub(super) fn may_be_tried(&self, kind: &str) -> bool {
        !self.refused && self.is_of(kind)
    }

    fn is_of(&self, kind: &str) -> bool {
        self.card.as_ref().is_none_or(|card| card.kind == kind)
    }

    fn is_card(&self, other: &CardName) -> bool {
        self.card.as_ref().is_some_and(|card| card.kind == other.kind && card.number == other.number)
    }
}

/// Notes that a number has opened a card. Returns whether that changes anything.
pub(super) fn note_worked(known: &mut Vec<Known>, can: &Can, card: CardName) -> bool {
    let card = card.cleaned();
    let most = known.iter().map(Known::rank).max().unwrap_or_default();
    let same = |one: &Known| one.can.is_same(can) && (one.card.is_none() || one.is_card(&card));
    let here = known.iter().position(same);
    let stands = here
        .and_then(|at| known.get(at))
        .is_some_and(|one| one.card.is_some() && one.rank > 0 && one.rank == most);
    let of_kind = |one: &Known| one.is_of(&card.kind);
    if stands && !known.iter().any(|one| one.refused && of_kind(one)) {
        return false;
    }
    known.iter_mut().filter(|one| of_kind(one)).for_each(|one| one.refused = false);
    let rank = if stands { most } else { most.saturating_add(1) };
    if let Some(one) = here.and_then(|at| known.get_mut(at)) {
        one.rank = rank;
        one.card.get_or_insert(card);
        return true;
    }
    // A card has one number: another one was wrong.
    known.retain(|one| !one.is_card(&card));
    known.extend(can.again().ok().map(|can| Known { can, card: Some(card), rank, refused: false }));
    true
}

/// Notes that a card has refused a number: it is not tried by itself until a number has opened a card.
pub(super) fn note_refused(known: &mut [Known], can: &Can) -> bool {
    let mut any = false;
    for one in known.iter_mut().filter(|one| one.can.is_same(can) && !one.refused) {
        (one.refused, any) = (true, true);
    }
    any
}

/// Notes whose card it is.
pub(super) fn note_holder(known: &mut [Known], card: &CardName, holder: &str) -> bool {
    let card = CardName { holder: holder.to_owned(), ..card.clone() }.cleaned();
    let mut any = false;
    for one in known.iter_mut().filter(|one| one.is_card(&card) && one.card.as_ref() != Some(&card)) {
        (one.card, any) = (Some(card.clone()), true);
    }
    any
}

/// Drops the one that has not worked for the longest time.
pub(super) fn drop_oldest(known: &mut Vec<Known>) {
    let oldest = known.iter().enumerate().min_by_key(|(_, one)| one.rank).map(|(at, _)| at);
    if let Some(at) = oldest {
        drop(known.remove(at));
    }
}

impl CardName {
    /// The card with this number; whose it is, is not known.
    pub(super) fn of(profile: &CardProfile, card: &Identity) -> Self {
        CardName { kind: profile.model.to_owned(), number: card.printed(), holder: String::new() }.cleaned()
    }

    /// Without what would break the file.
    fn cleaned(&self) -> Self {
        let [kind, number, holder] = [&self.kind, &self.number, &self.holder].map(|value| {
            let mut kept: String = value.chars().filter(|character| !character.is_control()).collect();
            while kept.len() > LONGEST_VALUE {
                kept.pop();
            }
            kept
        });
        CardName { kind, number, holder }
    }
}

/// The file.
pub(super) fn print(known: &[Known]) -> Zeroizing<Vec<u8>> {
    // It never grows: that would leave copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(LONGEST));
    text.extend_from_slice(TITLE);
    for one in known {
        text.push(b'\n');
        text.extend_from_slice(one.can.digits());
        text.extend_from_slice(format!("\t{}", one.rank).as_bytes());
        if one.refused {
            text.push(REFUSED);
        }
        if let Some(CardName { kind, number, holder }) = &one.card {
            text.extend_from_slice(format!("\t{kind}\t{number}\t{holder}").as_bytes());
        }
    }
    text.push(b'\n');
    text
}

/// What is in the file; `None` if it is not in order.
pub(super) fn parse(text: &[u8]) -> Option<Vec<Known>> {
    let mut lines = text.strip_suffix(b"\n")?.split(|byte| *byte == b'\n');
    if lines.next()? != TITLE {
        return None;
    }
    let known: Vec<Known> = lines.map(entry).collect::<Option<_>>()?;
    (known.len() <= super::MOST).then_some(known)
}

fn entry(line: &[u8]) -> Option<Known> {
    let mut parts = line.split(|byte| *byte == b'\t');
    let can = Can::new(parts.next()?).ok()?;
    let rank = parts.next()?;
    let (rank, refused) = rank.strip_suffix(&[REFUSED]).map_or((rank, false), |rank| (rank, true));
    let rank = std::str::from_utf8(rank).ok()?.parse().ok()?;
    let rest: Vec<String> = parts.map(value).collect::<Option<_>>()?;
    let card = match <[String; 3]>::try_from(rest) {
        Ok([kind, number, holder]) => Some(CardName { kind, number, holder }),
        Err(rest) if rest.is_empty() => None,
        Err(_) => return None,
    };
    Some(Known { can, card, rank, refused })
}

fn value(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let fits = text.len() <= LONGEST_VALUE && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}
