//! How a code goes over the line.

use crate::wire::apdu::sw;

/// Form of a code on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// ASCII digits, as many as were typed.
    Typed,
    /// ASCII digits, filled to this length with this byte.
    Padded(usize, u8),
    /// Two digits a byte, filled to 8 bytes with F.
    Bcd,
    /// A PIN block of format 2 (ISO 9564-1 §9.3.3): 2, how many digits (4 to 12), digits, F to the end of 8 bytes.
    Format2,
}

/// Bytes of a code whose digits are half-bytes.
const HALF_BYTES: usize = 8;

impl Coding {
    /// Length of a code on the line, where it is fixed.
    pub(crate) fn length(self) -> Option<usize> {
        match self {
            Self::Typed => None,
            Self::Padded(length, _) => Some(length),
            Self::Bcd | Self::Format2 => Some(HALF_BYTES),
        }
    }

    /// The digits of a code, at least one; 6700 for a wrong length, 6A80 for what is no code.
    pub(crate) fn digits(self, data: &[u8]) -> Result<Vec<u8>, u16> {
        if self.length().is_some_and(|length| length != data.len()) {
            return Err(sw::WRONG_LENGTH);
        }
        let digits = match self {
            Self::Typed => ascii(data, None),
            Self::Padded(_, fill) => ascii(data, Some(fill)),
            Self::Bcd => half_bytes(&nibbles(data), None),
            Self::Format2 => match nibbles(data).as_slice() {
                [2, length @ 4..=12, digits @ ..] => half_bytes(digits, Some(usize::from(*length))),
                _ => None,
            },
        };
        digits.filter(|digits| !digits.is_empty()).ok_or(sw::WRONG_DATA)
    }
}

/// ASCII digits and behind them nothing but the fill byte.
fn ascii(data: &[u8], fill: Option<u8>) -> Option<Vec<u8>> {
    let length = data.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = data.split_at(length);
    rest.iter().all(|byte| Some(*byte) == fill).then(|| digits.to_vec())
}

fn nibbles(data: &[u8]) -> Vec<u8> {
    data.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect()
}

/// Digits, as many as are said, and behind them nothing but F.
fn half_bytes(nibbles: &[u8], said: Option<usize>) -> Option<Vec<u8>> {
    let length = nibbles.iter().take_while(|nibble| **nibble <= 9).count();
    let (digits, rest) = nibbles.split_at(length);
    let well_formed = said.is_none_or(|said| said == length) && rest.iter().all(|nibble| *nibble == 0x0F);
    well_formed.then(|| digits.iter().map(|digit| b'0' + digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_and_then_the_fill_byte_are_a_code() {
        let zeros = Coding::Padded(12, 0x00);
        assert_eq!(zeros.digits(b"1234\0\0\0\0\0\0\0\0"), Ok(b"1234".to_vec()));
        assert_eq!(zeros.digits(b"123456789012"), Ok(b"123456789012".to_vec()));
        for wrong in [&[0; 12], b"1234\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", b"1234\0\x0056\0\0\0\0"] {
            assert_eq!(zeros.digits(wrong), Err(sw::WRONG_DATA));
        }
        assert_eq!(zeros.digits(b"12a4\0\0\0\0\0\0\0\0"), Err(sw::WRONG_DATA));
        assert_eq!(zeros.digits(b"1234"), Err(sw::WRONG_LENGTH));
        assert_eq!(Coding::Typed.digits(b"1234"), Ok(b"1234".to_vec()));
        assert_eq!(Coding::Typed.digits(b"1234\0"), Err(sw::WRONG_DATA));
    }

    #[test]
    fn digits_in_half_bytes() {
        let format2 = [0x24, 0x12, 0x34, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        assert_eq!(Coding::Format2.digits(&format2), Ok(b"1234".to_vec()));
        for (place, byte) in [(0, 0x25), (0, 0x23), (0, 0x14), (1, 0xA2), (3, 0x0F), (7, 0xF0)] {
            let mut wrong = format2;
            wrong[place] = byte;
            assert_eq!(Coding::Format2.digits(&wrong), Err(sw::WRONG_DATA), "{place} {byte:02X}");
        }
        assert_eq!(Coding::Bcd.digits(&[0x12, 0x34, 0x5F, 255, 255, 255, 255, 255]), Ok(b"12345".to_vec()));
        assert_eq!(Coding::Bcd.digits(&[0xFF; 8]), Err(sw::WRONG_DATA));
        assert_eq!(Coding::Bcd.digits(&[0x12; 7]), Err(sw::WRONG_LENGTH));
    }
}
