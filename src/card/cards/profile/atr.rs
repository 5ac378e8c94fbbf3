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
        Atr::like(bytes, &[])
    }

    /// An answer to reset with variable bytes at these positions.
    pub const fn like(bytes: &'static [u8], open: &'static [usize]) -> Self {
        Atr { bytes, open }
    }

    fn matches(&self, atr: &[u8]) -> bool {
        let same = |(at, (known, told)): (usize, (&u8, &u8))| known == told || self.open.contains(&at);
        self.bytes.len() == atr.len() && self.bytes.iter().zip(atr).enumerate().all(same)
    }
}

/// The answers to reset of a kind of card.
#[derive(Clone, Copy, Debug)]
pub struct Atrs {
    /// On the contact interface.
    pub known: &'static [Atr],
    /// Those of later chips of the family, as far as the fixed part goes. Such a card has to confirm that it is built
    /// like the newest known one.
    pub later: &'static [Atr],
    /// What a reader makes of the answer on the contactless interface (PC/SC part 3 §3.1.3.2.3).
    pub contactless: &'static [Atr],
    /// The same of later chips.
    pub contactless_later: &'static [Atr],
}

impl Atrs {
    /// On the contact interface alone.
    pub const fn contact(known: &'static [Atr]) -> Self {
        Atrs { known, later: &[], contactless: &[], contactless_later: &[] }
    }
}

/// Is this one of these answers to reset?
pub fn among(atrs: &[Atr], atr: &[u8]) -> bool {
    atrs.iter().any(|known| known.matches(atr))
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
    /// The kind of card, on a contactless interface to which no way is known. Nothing is sent to it.
    OutOfReach,
}

/// Reads from the files of a card what the table leaves open.
pub type Reading = fn(&mut Channel<'_>, &CardProfile) -> Result<CardProfile, CardError>;
