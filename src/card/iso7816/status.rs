//! Status words (ISO 7816-4 §5.6).

use crate::log::Loggable;

/// The two bytes at the end of every response.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// Normal processing.
    pub const OK: Self = Self(0x9000);
    /// End of file reached before Le bytes were read; the returned data is good.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// Verification failed; the card does not say how many tries are left.
    pub const NO_INFORMATION: Self = Self(0x6300);
    /// Wrong length.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// Command incompatible with the structure of the file.
    pub const NOT_OF_THIS_KIND: Self = Self(0x6981);
    /// No current EF.
    pub const NO_CURRENT_EF: Self = Self(0x6986);
    /// Security status not satisfied: the PIN was not verified.
    pub const NOT_ALLOWED: Self = Self(0x6982);
    /// Authentication method blocked.
    pub const BLOCKED: Self = Self(0x6983);
    /// Reference data not usable.
    pub const NOT_USABLE: Self = Self(0x6984);
    /// Conditions of use not satisfied.
    pub const CONDITIONS: Self = Self(0x6985);
    /// Incorrect parameters in the command data field.
    pub const WRONG_DATA: Self = Self(0x6A80);
    /// File or application not found.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// Incorrect P1 or P2.
    pub const WRONG_P1P2: Self = Self(0x6A86);
    /// Referenced data not found.
    pub const NO_REFERENCE: Self = Self(0x6A88);
    /// Offset outside the file.
    pub const WRONG_OFFSET: Self = Self(0x6B00);
    /// Instruction code not supported: the command data was not evaluated.
    pub const NO_INSTRUCTION: Self = Self(0x6D00);
    /// Class not supported: the command data was not evaluated.
    pub const NO_CLASS: Self = Self(0x6E00);

    /// First byte.
    pub const fn sw1(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    /// Second byte.
    pub const fn sw2(self) -> u8 {
        self.0.to_be_bytes()[1]
    }

    /// 63CX: the number of tries left.
    pub const fn tries_left(self) -> Option<u8> {
        if self.0 & 0xFFF0 == 0x63C0 { Some(self.sw2() & 0x0F) } else { None }
    }

    /// 61XX: the number of bytes that GET RESPONSE can fetch; 0 means 256 or more (ISO 7816-3 §12.2.1).
    pub const fn waiting(self) -> Option<u8> {
        if self.sw1() == 0x61 { Some(self.sw2()) } else { None }
    }

    /// 6CXX: the right Le; 0 means 256.
    pub const fn right_le(self) -> Option<u8> {
        if self.sw1() == 0x6C { Some(self.sw2()) } else { None }
    }

    /// The same without the length in 61XX and 6CXX.
    pub(super) const fn without_length(self) -> Self {
        if matches!(self.sw1(), 0x61 | 0x6C) { Self(self.0 & 0xFF00) } else { self }
    }

    /// Execution or memory failed, or the cause is not told (ISO 7816-4 §5.6: 64XX, 65XX, 6F00).
    pub const fn is_failure(self) -> bool {
        matches!(self.sw1(), 0x64 | 0x65 | 0x6F)
    }

    /// The card does not support the instruction, so nothing was evaluated: another application is selected.
    pub const fn is_foreign(self) -> bool {
        matches!(self, Self::NO_INSTRUCTION | Self::NO_CLASS)
    }
}

impl Loggable for StatusWord {}

impl std::fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::StatusWord;

    #[test]
    fn every_status_word_has_at_most_one_meaning() {
        for value in 0..=u16::MAX {
            let sw = StatusWord(value);
            assert_eq!(u16::from_be_bytes([sw.sw1(), sw.sw2()]), value);
            let readings = [
                sw.tries_left().is_some(),
                sw.waiting().is_some(),
                sw.right_le().is_some(),
                sw.is_foreign(),
                sw == StatusWord::OK,
            ];
            assert!(readings.iter().filter(|r| **r).count() <= 1, "{sw:?}");
        }
    }

    #[test]
    fn tries_are_the_low_nibble_of_63cx() {
        assert_eq!(StatusWord(0x63C0).tries_left(), Some(0));
        assert_eq!(StatusWord(0x63C5).tries_left(), Some(5));
        assert_eq!(StatusWord(0x63CF).tries_left(), Some(15));
        assert_eq!(StatusWord::NO_INFORMATION.tries_left(), None);
        assert_eq!(StatusWord(0x63D0).tries_left(), None);
    }
}
