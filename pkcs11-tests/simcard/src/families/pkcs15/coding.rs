//! How a code goes over the line.

use crate::facts::switches::Switches;
use crate::facts::switches::values::MissingPart;
use crate::wire::apdu::sw;

/// Form of a code on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// ASCII digits, as many as were typed.
    Typed,
    /// ASCII digits filled to this length with this byte.
    Padded(usize, u8),
    /// By the switch `p15_missing`: BCD, two digits a byte, filled to 8 bytes with F; otherwise padded ASCII.
    PaddedOrBcd(usize, u8),
}

/// Longest code on all these cards.
const LONGEST: usize = 12;

impl Coding {
    /// Length of a code on the line, where it is fixed.
    pub(super) fn length(self, switches: &Switches) -> Option<usize> {
        match self {
            Self::Typed => None,
            Self::PaddedOrBcd(..) if is_bcd(switches) => Some(8),
            Self::Padded(length, _) | Self::PaddedOrBcd(length, _) => Some(length),
        }
    }

    /// The digits of a code; 6700 for a wrong length, 6A80 for what is no code.
    pub(super) fn digits(self, data: &[u8], switches: &Switches) -> Result<Vec<u8>, u16> {
        if self.length(switches).is_some_and(|length| length != data.len()) {
            return Err(sw::WRONG_LENGTH);
        }
        let fill = match self {
            Self::PaddedOrBcd(..) if is_bcd(switches) => return bcd_digits(data),
            Self::Typed => None,
            Self::Padded(_, fill) | Self::PaddedOrBcd(_, fill) => Some(fill),
        };
        let length = data.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = data.split_at(length);
        if digits.is_empty() || rest.iter().any(|byte| Some(*byte) != fill) {
            return Err(sw::WRONG_DATA);
        }
        Ok(digits.to_vec())
    }

    /// The digits of a new code.
    pub(super) fn new_digits(
        self,
        data: &[u8],
        shortest: usize,
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        if data.is_empty() {
            return Err(sw::WRONG_LENGTH);
        }
        let digits = self.digits(data, switches)?;
        let longest = switches.max_new_pin.min(LONGEST);
        if (shortest..=longest).contains(&digits.len()) { Ok(digits) } else { Err(sw::WRONG_DATA) }
    }
}

/// Whether the PINs are BCD, of which the cards' files then tell.
pub(crate) fn is_bcd(switches: &Switches) -> bool {
    switches.p15_missing == MissingPart::AsciiPin
}

fn bcd_digits(data: &[u8]) -> Result<Vec<u8>, u16> {
    let nibbles: Vec<_> = data.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]).collect();
    let length = nibbles.iter().take_while(|nibble| **nibble <= 9).count();
    let (digits, rest) = nibbles.split_at(length);
    if digits.is_empty() || rest.iter().any(|nibble| *nibble != 0x0F) {
        return Err(sw::WRONG_DATA);
    }
    Ok(digits.iter().map(|digit| b'0' + digit).collect())
}
