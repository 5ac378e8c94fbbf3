//! Command APDUs (ISO 7816-4 §5.1) with short length fields.

use crate::transport::keypad::{Asks, Form, PadCommand};
use std::ops::RangeInclusive;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Most data in one command, in bytes.
const LONGEST_DATA: usize = 255;
/// CLA bit of all commands of a chain but the last (ISO 7816-4 §5.4.1).
const CHAINED: u8 = 0x10;

/// Class, instruction and parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// CLA.
    pub cla: u8,
    /// INS.
    pub ins: u8,
    /// P1.
    pub p1: u8,
    /// P2.
    pub p2: u8,
}

impl Header {
    /// A header of the interindustry class on the basic channel.
    pub const fn new(ins: u8, p1: u8, p2: u8) -> Self {
        Header { cla: 0, ins, p1, p2 }
    }

    const fn bytes(self) -> [u8; 4] {
        [self.cla, self.ins, self.p1, self.p2]
    }
}

/// The command data is longer than 255 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// A command without secrets.
///
/// `le` is the expected length of the response data: `None` for none, `Some(0)` for up to 256 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    header: Header,
    data: Vec<u8>,
    le: Option<u8>,
}

impl Command {
    /// Case 1: neither sends nor receives data.
    pub const fn bare(header: Header) -> Self {
        Command { header, data: Vec::new(), le: None }
    }

    /// Case 2: receives data.
    pub const fn receive(header: Header, le: u8) -> Self {
        Command { header, data: Vec::new(), le: Some(le) }
    }

    /// Case 3: sends data, 1 to 255 bytes.
    pub fn send(header: Header, data: &[u8]) -> Result<Self, TooLong> {
        Self::with_data(header, data, None)
    }

    /// Case 4: sends data and receives up to 256 bytes.
    pub fn exchange(header: Header, data: &[u8]) -> Result<Self, TooLong> {
        Self::with_data(header, data, Some(0))
    }

    /// Case 4 with data of any length, by command chaining (ISO 7816-4 §5.3.3) with at most `longest` bytes in one
    /// command: the commands that go first, each answered by a status word alone, and the last one.
    pub fn chain(header: Header, data: &[u8], longest: usize) -> (Vec<Self>, Self) {
        let mut parts: Vec<&[u8]> = data.chunks(longest.clamp(1, LONGEST_DATA)).collect();
        let last = parts.pop().unwrap_or_default();
        let part =
            |cla, data: &[u8], le| Command { header: Header { cla, ..header }, data: data.to_vec(), le };
        let first = parts.into_iter().map(|data| part(header.cla | CHAINED, data, None));
        (first.collect(), part(header.cla, last, Some(0)))
    }

    fn with_data(header: Header, data: &[u8], le: Option<u8>) -> Result<Self, TooLong> {
        if data.len() > LONGEST_DATA { Err(TooLong) } else { Ok(Command { header, data: data.to_vec(), le }) }
    }

    /// The same command with the Le that the card asked for by 6CXX.
    pub(super) fn with_le(&self, le: u8) -> Self {
        Command { le: Some(le), ..self.clone() }
    }

    pub(super) const fn header(&self) -> Header {
        self.header
    }

    pub(super) const fn sends_data(&self) -> bool {
        !self.data.is_empty()
    }

    /// The bytes that are sent. T=0 cannot send and receive data in one command: case 4 is sent without Le, and the
    /// answer is fetched by GET RESPONSE (ISO 7816-3 §12.2.1).
    pub(super) fn encode(&self, case4_with_le: bool) -> Vec<u8> {
        let mut bytes = self.header.bytes().to_vec();
        if self.sends_data() {
            // `with_data` limits the length to one byte.
            bytes.push(u8::try_from(self.data.len()).unwrap_or(u8::MAX));
            bytes.extend_from_slice(&self.data);
        }
        if let Some(le) = self.le
            && (case4_with_le || !self.sends_data())
        {
            bytes.push(le);
        }
        bytes
    }
}

/// A command that contains a PIN. It is consumed when it is sent, so it is sent at most once; it can be neither
/// printed nor copied, and is overwritten when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Credential {
    #[zeroize(skip)]
    header: Header,
    bytes: Vec<u8>,
}

impl Credential {
    /// A case-3 command whose data are the given blocks, concatenated. `None` if they do not fit.
    pub fn new(header: Header, blocks: &[&[u8]]) -> Option<Self> {
        let length = blocks.iter().try_fold(0usize, |sum, block| sum.checked_add(block.len()))?;
        // Reserved in full, so that no reallocation leaves a copy in memory.
        let mut bytes = Vec::with_capacity(crate::transport::MAX_COMMAND);
        bytes.extend_from_slice(&header.bytes());
        bytes.push(u8::try_from(length).ok()?);
        for block in blocks {
            bytes.extend_from_slice(block);
        }
        Some(Credential { header, bytes })
    }

    pub(super) const fn header(&self) -> Header {
        self.header
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A command that lacks its PINs. The keypad of a reader puts them in.
pub struct Unfilled {
    header: Header,
    command: PadCommand,
}

impl Unfilled {
    /// A case-3 command whose data are the given padding, in which digits go. `None` if it is too long.
    pub fn new(
        header: Header,
        padding: &[u8],
        asks: Asks,
        form: Form,
        digits: RangeInclusive<usize>,
    ) -> Option<Self> {
        let mut bytes = header.bytes().to_vec();
        bytes.push(u8::try_from(padding.len()).ok()?);
        bytes.extend_from_slice(padding);
        let (min, max) = digits.into_inner();
        Some(Unfilled { header, command: PadCommand { command: bytes, asks, form, min, max } })
    }

    pub(super) const fn header(&self) -> Header {
        self.header
    }

    pub(super) const fn command(&self) -> &PadCommand {
        &self.command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: Header = Header::new(0xB0, 1, 2);

    #[test]
    fn the_four_cases_on_the_wire() {
        assert_eq!(Command::bare(HEADER).encode(true), [0, 0xB0, 1, 2]);
        assert_eq!(Command::receive(HEADER, 0).encode(false), [0, 0xB0, 1, 2, 0]);
        assert_eq!(Command::send(HEADER, &[7]).unwrap().encode(true), [0, 0xB0, 1, 2, 1, 7]);
        assert_eq!(Command::exchange(HEADER, &[7]).unwrap().encode(true), [0, 0xB0, 1, 2, 1, 7, 0]);
        assert_eq!(Command::exchange(HEADER, &[7]).unwrap().encode(false), [0, 0xB0, 1, 2, 1, 7]);
    }

    #[test]
    fn what_does_not_fit_goes_in_a_chain() {
        for (length, parts) in [(0, 0), (255, 0), (256, 1), (510, 1), (511, 2)] {
            let data: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let (first, last) = Command::chain(HEADER, &data, 255);
            assert_eq!(first.len(), parts);
            assert!(first.iter().all(|part| part.data.len() == 255 && part.le.is_none()));
            assert!(first.iter().all(|part| part.encode(true).starts_with(&[0x10, 0xB0, 1, 2, 255])));
            assert_eq!((last.header, last.le), (HEADER, Some(0)));
            let sent: Vec<u8> = first.into_iter().chain([last]).flat_map(|part| part.data).collect();
            assert_eq!(sent, data);
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(Command::send(HEADER, &[0; 256]), Err(TooLong));
        assert!(Credential::new(HEADER, &[&[0; 200], &[0; 56]]).is_none());
        assert!(Credential::new(HEADER, &[&[0; 200], &[0; 55]]).is_some());
    }
}
