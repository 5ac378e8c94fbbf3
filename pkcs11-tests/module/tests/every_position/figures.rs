//! How much was tried: told by each process in a line, and added up.

use std::fmt;
use std::ops::AddAssign;
use std::str::FromStr;

/// Counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) flows: usize,
    /// Calls of PC/SC in all flows, where there was no fault.
    pub(crate) positions: usize,
    /// A flow with a fault at a position.
    pub(crate) single: usize,
    /// A flow with a card that goes on misbehaving.
    pub(crate) for_ever: usize,
    /// A flow with two faults.
    pub(crate) pairs: usize,
    /// A flow with another program's commands in between.
    pub(crate) visits: usize,
}

impl Figures {
    pub(crate) fn cases(&self) -> usize {
        self.single + self.for_ever + self.pairs + self.visits
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.flows += other.flows;
        self.positions += other.positions;
        self.single += other.single;
        self.for_ever += other.for_ever;
        self.pairs += other.pairs;
        self.visits += other.visits;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flows, positions, single, for_ever, pairs, visits } = self;
        write!(out, "{flows} {positions} {single} {for_ever} {pairs} {visits}")
    }
}

impl FromStr for Figures {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers: Vec<usize> = text.split(' ').flat_map(str::parse).collect();
        let [flows, positions, single, for_ever, pairs, visits] = numbers[..] else { return Err(()) };
        Ok(Self { flows, positions, single, for_ever, pairs, visits })
    }
}
