//! The card access number: six digits on the card, which open its contactless interface by PACE (ICAO 9303-11 §4.4).

use super::pin::Pin;
use crate::log::Loggable;
use crate::sys::memory::LockedPage;

/// A card access number. It is kept in locked memory and overwritten when dropped, and never printed.
pub struct Can(LockedPage);

/// Why something is no card access number, or cannot be kept as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCan {
    /// It does not consist of six digits.
    NotSixDigits,
    /// There is no memory for it.
    NoMemory,
}

impl Can {
    /// Its number of digits.
    pub const LENGTH: usize = 6;

    /// Copies what was typed, if it is six digits.
    pub fn new(typed: &[u8]) -> Result<Self, NoCan> {
        if typed.len() != Self::LENGTH || !typed.iter().all(u8::is_ascii_digit) {
            return Err(NoCan::NotSixDigits);
        }
        let mut page = LockedPage::new().map_err(|_| NoCan::NoMemory)?;
        for (to, from) in page.bytes_mut().iter_mut().zip(typed) {
            *to = *from;
        }
        Ok(Can(page))
    }

    /// What was typed where a PIN is asked for, if it is six digits.
    pub fn of_entry(typed: &Pin) -> Result<Self, NoCan> {
        Self::new(typed.digits())
    }

    /// The digits, for the card and for the file in which they are kept.
    pub fn digits(&self) -> &[u8] {
        self.0.bytes().get(..Self::LENGTH).unwrap_or_default()
    }

    /// Is it the same number?
    pub fn is_same(&self, other: &Can) -> bool {
        self.digits() == other.digits()
    }

    /// The same number once more, in locked memory of its own.
    pub(crate) fn again(&self) -> Result<Self, CanError> {
        Can::new(self.digits()).map_err(|_| CanError::NoMemory)
    }
}

/// Why a contactless card was not opened. No PIN was sent, and no try of one was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanError {
    /// No number is known for this card; nothing was sent. [`Reader::give_can`](crate::token::Reader::give_can) gives one.
    Missing,
    /// The card has refused the number.
    Wrong {
        /// How long it took to answer, in seconds: longer after each wrong number.
        seconds: u16,
    },
    /// The card has refused this number before; nothing was sent.
    RefusedBefore,
    /// The card has accepted the number, and does not know it itself: it is not what it seems.
    Impostor,
    /// There is no memory, or nothing random, to open it with.
    NoMemory,
}

impl Loggable for CanError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_six_digits_are_a_number() {
        for typed in [&b""[..], b"12345", b"1234567", b"12345a", b"12345 ", "12345\u{661}".as_bytes()] {
            assert_eq!(Can::new(typed).err(), Some(NoCan::NotSixDigits));
        }
        assert_eq!(Can::new(b"000000").unwrap().digits(), b"000000");
    }
}
