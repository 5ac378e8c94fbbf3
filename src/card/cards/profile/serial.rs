//! The number that tells a card from all others of its kind.

use crate::cards::error::CardError;
use crate::iso7816::Channel;
use std::borrow::Cow;

/// Where a card has the number that tells it from all others of its kind.
#[derive(Clone, Debug)]
pub enum SerialSource {
    /// In EF.CIAInfo (ISO 7816-15 §8.10), the file with this path in the card's application.
    CardInfo(Cow<'static, [u8]>),
    /// In the file with this path in the card's application: in the data object with this tag, or without any.
    File {
        /// The path.
        path: &'static [u8],
        /// The tag.
        tag: Option<u32>,
    },
    /// It is the serial number of the first key's certificate.
    Certificate,
    /// In what a command answers.
    Command(fn(&mut Channel<'_>) -> Result<Vec<u8>, CardError>),
}

/// How that number is printed on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SerialFormat {
    /// As characters; of more than 16 the last.
    Characters,
    /// As FINEID does: the last nine of 17 characters on newer cards, digits 11 to 19 of 20 packed digits on older
    /// ones.
    Fineid,
    /// Not at all: its last 8 bytes in hexadecimal stand for it.
    Hexadecimal,
}
