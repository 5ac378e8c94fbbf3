//! Answers to reset, by which cards are told apart.

use super::CardProfile;
use crate::cards::error::CardError;
use crate::iso7816::Channel;

/// Answers to reset (ISO 7816-3 §8.2).
#[derive(Clone, Copy, Debug)]
pub struct Atr {
    /// The bytes.
    pub bytes: &'static [u8],
    /// Positions that differ from one card to another.
    pub open: &'static [usize],
}

impl Atr {
    /// This one alone.
    pub const fn new(bytes: &'static [u8]) -> Self {
        Atr { bytes, open: &[] }
    }

    pub(super) fn matches(&self, atr: &[u8]) -> bool {
        let same = |(at, (known, told)): (usize, (&u8, &u8))| known == told || self.open.contains(&at);
        self.bytes.len() == atr.len() && self.bytes.iter().zip(atr).enumerate().all(same)
    }
}

/// How far an answer to reset tells what a card is.
#[derive(Clone, Copy, Debug)]
pub enum AtrCertainty {
    /// All: the table holds.
    All,
    /// The kind of card. Which keys it has, its own files tell.
    Kind(Reading),
    /// Nothing certain: until its own files were read, it is of no known kind.
    Nothing(Reading),
}

/// How the files of a card are read for what the table leaves open.
pub type Reading = fn(&mut Channel<'_>, &CardProfile) -> Result<CardProfile, CardError>;
