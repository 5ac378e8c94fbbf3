//! Commands as they arrive on a T=0 line, and status words (ISO/IEC 7816-3 §12.1, 7816-4 §5).

/// Status words the card uses (ISO/IEC 7816-4 tables 5 to 7).
pub mod sw {
    /// Done.
    pub const OK: u16 = 0x9000;
    /// End of file reached before Le bytes.
    pub const END_OF_FILE: u16 = 0x6282;
    /// Verification failed, no information about tries.
    pub const NO_INFORMATION: u16 = 0x6300;
    /// Verification failed; the low four bits are the tries left.
    pub const WRONG_CODE: u16 = 0x63C0;
    /// Wrong length.
    pub const WRONG_LENGTH: u16 = 0x6700;
    /// Secure messaging not supported.
    pub const NO_SECURE_MESSAGING: u16 = 0x6882;
    /// Command chaining not supported.
    pub const NO_CHAINING: u16 = 0x6884;
    /// Security status not satisfied.
    pub const NOT_VERIFIED: u16 = 0x6982;
    /// Authentication method blocked.
    pub const BLOCKED: u16 = 0x6983;
    /// Reference data not usable.
    pub const NOT_USABLE: u16 = 0x6984;
    /// Incorrect secure messaging data objects.
    pub const WRONG_SM_OBJECTS: u16 = 0x6988;
    /// There is no channel any more, and none can be opened.
    pub const NO_CHANNEL: u16 = 0x6999;
    /// Conditions of use not satisfied.
    pub const CONDITIONS: u16 = 0x6985;
    /// Command not allowed, no current EF.
    pub const NO_CURRENT_EF: u16 = 0x6986;
    /// Command incompatible with the structure of the file.
    pub const NOT_OF_THIS_KIND: u16 = 0x6981;
    /// Incorrect parameters in the data field.
    pub const WRONG_DATA: u16 = 0x6A80;
    /// File or application not found.
    pub const NOT_FOUND: u16 = 0x6A82;
    /// Record not found.
    pub const NO_RECORD: u16 = 0x6A83;
    /// Incorrect P1-P2.
    pub const WRONG_P1P2: u16 = 0x6A86;
    /// Length of the data does not fit P1-P2.
    pub const LENGTH_AGAINST_P1P2: u16 = 0x6A87;
    /// Referenced data not found.
    pub const REFERENCE_NOT_FOUND: u16 = 0x6A88;
    /// Wrong parameters, offset outside the file.
    pub const WRONG_OFFSET: u16 = 0x6B00;
    /// Wrong Le; the low byte is the right one.
    pub const WRONG_LE: u16 = 0x6C00;
    /// Instruction not supported.
    pub const UNKNOWN_INSTRUCTION: u16 = 0x6D00;
    /// No precise diagnosis.
    pub const NO_DIAGNOSIS: u16 = 0x6F00;
    /// Class not supported.
    pub const UNKNOWN_CLASS: u16 = 0x6E00;
    /// More data; the low byte is how much, 00 for 256 or more.
    pub const MORE_DATA: u16 = 0x6100;
}

/// A command, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// Class.
    pub cla: u8,
    /// Instruction.
    pub ins: u8,
    /// First parameter.
    pub p1: u8,
    /// Second parameter.
    pub p2: u8,
    /// Data field, empty if none.
    pub data: &'a [u8],
    /// Expected length; 256 for a short 00, and also for a header of four bytes, which goes out with P3 = 00 on a
    /// T=0 line and cannot be told from it. None in a command with data.
    pub le: Option<usize>,
    /// Whether a command with data also carried Le (case 4).
    pub data_and_le: bool,
    /// Whether it came in the extended form.
    pub extended: bool,
}

/// Takes a command apart; an error is the status to answer.
pub fn parse(bytes: &[u8]) -> Result<Command<'_>, u16> {
    let [cla, ins, p1, p2, rest @ ..] = bytes else { return Err(sw::WRONG_LENGTH) };
    let (cla, ins, p1, p2) = (*cla, *ins, *p1, *p2);
    let command =
        |data, le, data_and_le, extended| Command { cla, ins, p1, p2, data, le, data_and_le, extended };
    let short_le = |le: u8| if le == 0 { 256 } else { usize::from(le) };
    let extended_le = |high: u8, low: u8| match usize::from(u16::from_be_bytes([high, low])) {
        0 => 65_536,
        le => le,
    };
    match rest {
        [] => Ok(command(&[], Some(256), false, false)),
        [le] => Ok(command(&[], Some(short_le(*le)), false, false)),
        [0, high, low] => Ok(command(&[], Some(extended_le(*high, *low)), false, true)),
        [0, high, low, body @ ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            match body.split_at_checked(length) {
                Some((data, [])) if length > 0 => Ok(command(data, None, false, true)),
                Some((data, [high, low])) if length > 0 => {
                    Ok(command(data, Some(extended_le(*high, *low)), true, true))
                }
                _ => Err(sw::WRONG_LENGTH),
            }
        }
        [length, body @ ..] => match body.split_at_checked(usize::from(*length)) {
            Some((data, [])) => Ok(command(data, None, false, false)),
            Some((data, [le])) => Ok(command(data, Some(short_le(*le)), true, false)),
            _ => Err(sw::WRONG_LENGTH),
        },
    }
}

/// What a command answers before T=0 cuts it into pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) data: Vec<u8>,
    pub(crate) status: u16,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self { data: Vec::new(), status }
    }

    pub(crate) fn data(data: Vec<u8>) -> Self {
        Self { data, status: sw::OK }
    }
}

impl From<Result<Vec<u8>, u16>> for Reply {
    fn from(answer: Result<Vec<u8>, u16>) -> Self {
        answer.map_or_else(Self::status, Self::data)
    }
}

impl From<Result<(), u16>> for Reply {
    fn from(done: Result<(), u16>) -> Self {
        done.map(|()| Vec::new()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_cases_and_their_broken_neighbours() {
        assert_eq!(parse(&[0, 0x20, 0, 0x11]).unwrap().le, Some(256));
        assert_eq!(parse(&[0, 0xB0, 0, 0, 4]).unwrap().le, Some(4));
        let select = parse(&[0, 0xA4, 0, 0x0C, 2, 0x3F, 0]).unwrap();
        assert_eq!((select.data, select.le, select.data_and_le), (&[0x3F, 0][..], None, false));
        assert!(parse(&[0, 0xA4, 0, 0, 2, 0x3F, 0, 0]).unwrap().data_and_le);
        assert_eq!(parse(&[0, 0xA4, 0, 0, 2, 0x3F]), Err(sw::WRONG_LENGTH));
        assert_eq!(parse(&[0, 0xA4, 0, 0, 2, 0x3F, 0, 0, 0]), Err(sw::WRONG_LENGTH));
        assert_eq!(parse(&[0, 0xA4, 0]), Err(sw::WRONG_LENGTH));
        assert!(parse(&[0, 0xB0, 0, 0, 0, 1, 0]).unwrap().extended);
        let long = parse(&[0, 0xA4, 0, 0, 0, 0, 1, 9, 0, 0]).unwrap();
        assert_eq!((long.data, long.le, long.extended), (&[9][..], Some(65_536), true));
    }
}
