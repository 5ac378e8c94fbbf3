//! Answers to reset, by which kinds of card are recognised.

use super::CardProfile;
use crate::cards::error::CardError;
use crate::iso7816::Channel;

/// An answer to reset (ISO 7816-3 §8.2).
#[derive(Clone, Copy, Debug)]
pub struct Atr {
    /// The bytes.
    pub bytes: &'static [u8],
    /// Positions of bytes that vary.
    pub open: &'static [usize],
}

impl Atr {
    /// An answer to reset without variable bytes.
    pub const fn new(bytes: &'static [u8]) -> Self {
        Atr { bytes, open: &[] }
    }

    pub(super) fn matches(&self, atr: &[u8]) -> bool {
        let same = |(at, (known, told)): (usize, (&u8, &u8))| known == told || self.open.contains(&at);
        self.bytes.len() == atr.len() && self.bytes.iter().zip(atr).enumerate().all(same)
    }
}

/// What an answer to reset says about a card.
#[derive(Clone, Copy, Debug)]
pub enum AtrCertainty {
    /// Everything: the table applies as it is.
    All,
    /// The kind of card; which keys it has is in its files.
    Kind(Reading),
    /// Nothing certain: until its files were read, it is of no known kind.
    Nothing(Reading),
}

/// Reads from the files of a card what the table leaves open.
pub type Reading = fn(&mut Channel<'_>, &CardProfile) -> Result<CardProfile, CardError>;
