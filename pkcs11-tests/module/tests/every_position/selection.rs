//! What is played where not everything is: of each flow each kind of fault at one of its positions, in turns over the
//! flows of a card; drawn anew for each run.

use kit::{Dice, exhaustive};
use std::collections::BTreeSet;

/// Of so many kinds of fault each flow plays one, each card all of them.
const SHARE: u32 = 4;
/// Of so many first ones of two faults one is played.
const PAIRS: u32 = 10;

/// Chooses what is played.
pub(crate) struct Selection {
    dice: Dice,
    /// Kinds of fault at a function that were chosen by now.
    chosen: BTreeSet<String>,
}

impl Selection {
    pub(crate) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), chosen: BTreeSet::new() }
    }

    /// Of lines with a function, a position and a fault: of each kind one, by chance and where it is the card's first.
    pub(crate) fn choose(&mut self, lines: &mut Vec<String>) {
        if exhaustive() {
            return;
        }
        let mut kinds: BTreeSet<_> = lines.iter().map(|line| kind(line)).collect();
        kinds.retain(|kind| self.chosen.insert(kind.clone()) || self.dice.below(SHARE) == 0);
        let mut chosen = Vec::new();
        for wanted in kinds {
            let of_kind: Vec<_> = lines.iter().filter(|line| kind(line) == wanted).collect();
            chosen.push(self.dice.one_of(&of_kind).clone());
        }
        *lines = chosen;
    }

    /// A few of them, one at least.
    pub(crate) fn choose_few(&mut self, lines: &mut Vec<String>) {
        if exhaustive() || lines.is_empty() {
            return;
        }
        let sure = self.dice.one_of(&lines.iter().collect::<Vec<_>>()).clone();
        lines.retain(|line| *line == sure || self.dice.below(PAIRS) == 0);
    }

    /// One of several visits, where there are any.
    pub(crate) fn of_visits<T>(&mut self, mut visits: Vec<T>) -> Vec<T> {
        if !exhaustive() && !visits.is_empty() {
            let count = u32::try_from(visits.len()).expect("few");
            return vec![visits.swap_remove(self.dice.below(count) as usize)];
        }
        visits
    }
}

/// The line without its position.
fn kind(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    format!("{} {}", words[0], words[2])
}
