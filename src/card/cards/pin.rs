//! A PIN in memory.

use super::error::PinError;
use super::profile::{PinBlock, PinSpec};
use crate::log::{self, Record};
use crate::sys::memory::LockedPage;
use std::hash::BuildHasher;
use std::io;
use zeroize::Zeroizing;

/// A PIN or PUK as it was typed. It is kept in locked memory and overwritten when dropped; it can be copied
/// into other locked memory alone, and never printed.
pub struct Pin {
    page: LockedPage,
    length: usize,
}

/// Longest input that is kept, in bytes; no card has PINs of this length.
pub(super) const LONGEST: usize = 64;

impl Pin {
    /// Copies what was typed. Input that is too long for any card is truncated; it is still too long, and never sent.
    pub fn new(typed: &[u8]) -> io::Result<Self> {
        let mut page = LockedPage::new()?;
        if !page.is_locked() {
            log::info(|| {
                Record::Remark("no memory can be locked (RLIMIT_MEMLOCK): a PIN may be swapped out")
            });
        }
        let mut length = 0;
        for (to, from) in page.bytes_mut().iter_mut().zip(typed).take(LONGEST) {
            *to = *from;
            length = usize::saturating_add(length, 1);
        }
        Ok(Pin { page, length })
    }

    /// The characters that were typed.
    pub(crate) fn digits(&self) -> &[u8] {
        self.page.bytes().get(..self.length).unwrap_or_default()
    }

    /// Is this a possible PIN of the card?
    pub fn is_possible(&self, spec: &PinSpec) -> bool {
        (spec.min..=spec.max).contains(&self.length) && self.is_digits()
    }

    /// Was nothing typed?
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How many characters were typed.
    pub fn length(&self) -> usize {
        self.length
    }

    /// Are they all digits?
    pub fn is_digits(&self) -> bool {
        self.digits().iter().all(u8::is_ascii_digit)
    }

    /// Is each digit larger by `step` than the one before it? `u8::MAX` stands for -1.
    pub fn is_run(&self, step: u8) -> bool {
        self.digits().windows(2).all(|pair| match pair {
            [first, second] => second.wrapping_sub(*first) == step,
            _ => false,
        })
    }

    /// Is it contained in `known`? Never if it is empty.
    pub fn is_part_of(&self, known: &str) -> bool {
        !self.is_empty() && known.as_bytes().windows(self.length()).any(|part| part == self.digits())
    }

    /// The same PIN once more, in locked memory of its own.
    pub(crate) fn again(&self) -> Result<Self, PinError> {
        Pin::new(self.digits()).map_err(|_| PinError::NoMemory)
    }

    /// Is it the same PIN? Both are the holder's own, so the comparison need not take constant time.
    pub fn is_same(&self, other: &Pin) -> bool {
        self.digits() == other.digits()
    }

    /// The PIN as encoded in commands. `None` if it does not fit.
    pub(super) fn block(&self, form: PinBlock) -> Option<Zeroizing<Vec<u8>>> {
        match form {
            PinBlock::Filled { length, fill } => {
                let missing = length.checked_sub(self.length)?;
                let mut block = Zeroizing::new(Vec::with_capacity(length));
                block.extend_from_slice(self.digits());
                block.extend(std::iter::repeat_n(fill, missing));
                Some(block)
            }
            PinBlock::Typed => Some(Zeroizing::new(self.digits().to_vec())),
            PinBlock::HalfBytes => self.half_bytes(),
        }
    }

    /// Nibbles: 2, the number of digits, the digits, then F up to eight bytes.
    fn half_bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        let length = u8::try_from(self.length).ok().filter(|length| *length <= 12)?;
        let mut block = Zeroizing::new(Vec::with_capacity(8));
        block.push(0x20 | length);
        for pair in self.digits().chunks(2) {
            let half = |at: usize| pair.get(at).map_or(0x0F, |digit| digit & 0x0F);
            block.push(half(0) << 4 | half(1));
        }
        block.resize(8, 0xFF);
        Some(block)
    }

    /// A fingerprint under a key of this process.
    pub fn fingerprint(&self, key: &impl BuildHasher) -> u64 {
        key.hash_one(self.digits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{estonia, fineid};

    fn possible(typed: &[u8], pin: usize) -> bool {
        Pin::new(typed).unwrap().is_possible(&fineid::V4_0.pins[pin])
    }

    #[test]
    fn lengths_and_letters() {
        assert!(possible(b"1234", 0) && possible(b"123456789012", 0));
        assert!(!possible(b"123", 0) && !possible(b"1234567890123", 0) && !possible(b"", 0));
        assert!(!possible(b"12345", 1) && possible(b"123456", 1));
        assert!(!possible(b"12a4", 0) && !possible(b"1234\0", 0) && !possible(&[b'1'; 1000], 0));
    }

    #[test]
    fn the_block_is_filled_up() {
        let pin = Pin::new(b"1234").unwrap();
        assert_eq!(*pin.block(fineid::V4_0.pin_block).unwrap(), b"1234\0\0\0\0\0\0\0\0");
        assert_eq!(*pin.block(estonia::IDEMIA.pin_block).unwrap(), b"1234\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
        assert_eq!(*pin.block(PinBlock::Typed).unwrap(), b"1234");
        assert_eq!(*pin.block(PinBlock::HalfBytes).unwrap(), b"\x24\x12\x34\xFF\xFF\xFF\xFF\xFF");
        let odd = Pin::new(b"12345").unwrap();
        assert_eq!(*odd.block(PinBlock::HalfBytes).unwrap(), b"\x25\x12\x34\x5F\xFF\xFF\xFF\xFF");
        let long = Pin::new(b"1234567890123").unwrap();
        for form in [fineid::V4_0.pin_block, PinBlock::HalfBytes] {
            assert!(long.block(form).is_none());
        }
    }
}
