//! Serial numbers.

use crate::cards::error::CardError;
use crate::iso7816::Channel;
use std::borrow::Cow;

/// Where the serial number of a card is, which tells it from all others of its kind.
#[derive(Clone, Debug)]
pub enum SerialSource {
    /// In EF.CIAInfo (ISO 7816-15 §8.10), with this path in the card's application.
    CardInfo(Cow<'static, [u8]>),
    /// In a file of the card's application: the value of a data object, or the whole content.
    File {
        /// The path.
        path: &'static [u8],
        /// The tag of the data object.
        tag: Option<u32>,
    },
    /// The serial number of the first key's certificate stands for it.
    Certificate,
    /// In the response to a command.
    Command(fn(&mut Channel<'_>) -> Result<Vec<u8>, CardError>),
}

/// How the serial number is printed on the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SerialFormat {
    /// As characters; if there are more than 16, the last 16.
    Characters,
    /// FINEID: the last nine of 17 characters on newer cards, digits 11 to 19 of 20 BCD digits on older ones.
    Fineid,
    /// Not at all: the last 8 bytes in hexadecimal stand for it.
    Hexadecimal,
}

impl SerialFormat {
    /// Can a card of this kind have this number?
    pub fn fits(self, number: &[u8]) -> bool {
        match self {
            SerialFormat::Fineid => match number.len() {
                17 => number.iter().all(u8::is_ascii_graphic),
                10 => number.iter().all(|digits| digits >> 4 < 10 && digits & 0x0F < 10),
                _ => false,
            },
            SerialFormat::Characters | SerialFormat::Hexadecimal => !number.is_empty(),
        }
    }
}
