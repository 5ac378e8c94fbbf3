//! The keys of a channel, and how commands and answers are wrapped (ICAO 9303-11 §9.8).

use super::super::tlv::DataObjects;
use crate::sys::leftovers;
use crate::sys::memory::LockedPage;
use avain_crypto::messaging::{self, BLOCK, CHECK};
use std::io;
use zeroize::Zeroizing;

/// Secure messaging for command and answer header (ISO 7816-4 §5.4.1).
const SECURE_CLASS: u8 = 0x0C;
/// Enciphered data with a padding indicator, for commands with an even INS; and without, for an odd one.
const EVEN: u8 = 0x87;
const ODD: u8 = 0x85;
/// The padding indicator: 80, then zeros.
const PADDED: u8 = 0x01;
const EXPECTED_LENGTH: u8 = 0x97;
const STATUS: u8 = 0x99;
const CHECK_VALUE: u8 = 0x8E;

/// The keys of a channel, in locked memory, and how many commands and answers went through it. What is made of the keys for
/// one of them is left behind on the stack and in registers, which are overwritten at once.
pub struct Session {
    page: LockedPage,
    /// Length of each key.
    length: usize,
    counter: u128,
}

/// A plain command in parts.
struct Parts<'c> {
    header: [u8; 4],
    data: &'c [u8],
    le: Option<u8>,
}

impl<'c> Parts<'c> {
    /// `None` if it is no short command.
    fn of(command: &'c [u8]) -> Option<Self> {
        let (header, body) = command.split_first_chunk()?;
        let (data, le) = match body {
            [] => (&[][..], None),
            [le] => (&[][..], Some(*le)),
            [length, rest @ ..] => match rest.split_at_checked(usize::from(*length))? {
                (data, []) => (data, None),
                (data, [le]) => (data, Some(*le)),
                _ => return None,
            },
        };
        Some(Parts { header: *header, data, le })
    }
}

impl Session {
    /// A channel with these keys, of the same length, for enciphering and for check values.
    pub(super) fn new(enciphering: &[u8], checking: &[u8]) -> io::Result<Self> {
        let mut page = LockedPage::new()?;
        for (to, from) in page.bytes_mut().iter_mut().zip(enciphering.iter().chain(checking)) {
            *to = *from;
        }
        Ok(Session { page, length: enciphering.len(), counter: 0 })
    }

    fn enciphering(&self) -> &[u8] {
        self.page.bytes().get(..self.length).unwrap_or_default()
    }

    fn checking(&self) -> &[u8] {
        self.page.bytes().get(self.length..).and_then(|rest| rest.get(..self.length)).unwrap_or_default()
    }

    /// Counts the next command or answer; its number is part of every check value.
    fn count(&mut self) -> Option<[u8; BLOCK]> {
        self.counter = self.counter.checked_add(1)?;
        Some(self.counter.to_be_bytes())
    }

    /// What stands before the first block.
    fn start(&self, number: [u8; BLOCK]) -> Option<[u8; BLOCK]> {
        messaging::encipher_block(self.enciphering(), number)
    }

    /// Wraps a short command. `None` if it is none, or too long to be wrapped.
    pub(super) fn protect(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        leftovers::cleaned(|| self.wrapped(command))
    }

    /// Unwraps an answer: data and status word. `None` if its check value is wrong, or its form.
    pub(super) fn reveal(&mut self, answer: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        leftovers::cleaned(|| self.unwrapped(answer))
    }

    fn wrapped(&mut self, command: &[u8]) -> Option<Vec<u8>> {
        let Parts { header: [cla, ins, p1, p2], data, le } = Parts::of(command)?;
        let number = self.count()?;
        let header = [cla | SECURE_CLASS, ins, p1, p2];
        let mut objects = Vec::with_capacity(crate::transport::MAX_COMMAND);
        if !data.is_empty() {
            let mut text = padded(data);
            messaging::encipher(self.enciphering(), self.start(number)?, &mut text)?;
            let indicator: &[u8] = if ins % 2 == 0 { &[PADDED] } else { &[] };
            let tag = if ins % 2 == 0 { EVEN } else { ODD };
            append(&mut objects, tag, &[indicator, &text])?;
        }
        if let Some(le) = le {
            append(&mut objects, EXPECTED_LENGTH, &[&[le]])?;
        }
        let told = if objects.is_empty() { Zeroizing::default() } else { padded(&objects) };
        let check = messaging::check_value(self.checking(), &[&number, &padded(&header), &told])?;
        append(&mut objects, CHECK_VALUE, &[&check])?;
        Some([&header[..], &[u8::try_from(objects.len()).ok()?], &objects, &[0]].concat())
    }

    fn unwrapped(&mut self, answer: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let number = self.count()?;
        let (body, _) = answer.split_at_checked(answer.len().checked_sub(2)?)?;
        // The check value is the last object: ten bytes.
        let (told, check) = body.split_last_chunk::<10>()?;
        let [CHECK_VALUE, 8, check @ ..] = check else { return None };
        let expected: [u8; CHECK] = messaging::check_value(self.checking(), &[&number, &padded(told)])?;
        if !is_same(&expected, check) {
            return None;
        }
        let mut objects = DataObjects(told);
        let mut object = objects.next()?;
        let mut data = Zeroizing::default();
        if object.tag == u32::from(EVEN) || object.tag == u32::from(ODD) {
            data = self.deciphered(object.tag == u32::from(EVEN), object.value, number)?;
            object = objects.next()?;
        }
        let &[sw1, sw2] = object.value else { return None };
        let is_all = objects.0.is_empty() && object.tag == u32::from(STATUS);
        is_all.then(|| Zeroizing::new([data.as_slice(), &[sw1, sw2]].concat()))
    }

    fn deciphered(
        &self,
        has_indicator: bool,
        value: &[u8],
        number: [u8; BLOCK],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let text = if has_indicator { value.strip_prefix(&[PADDED])? } else { value };
        let mut text = Zeroizing::new(text.to_vec());
        messaging::decipher(self.enciphering(), self.start(number)?, &mut text)?;
        let end = text.iter().rposition(|byte| *byte != 0)?;
        let is_padding = text.get(end) == Some(&0x80) && text.len().checked_sub(end)? <= BLOCK;
        text.truncate(end);
        is_padding.then_some(text)
    }
}

/// With 80 and zeros, to whole blocks; always with some.
fn padded(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = text.len().saturating_add(1).next_multiple_of(BLOCK);
    let mut padded = Zeroizing::new(Vec::with_capacity(length));
    padded.extend_from_slice(text);
    padded.push(0x80);
    padded.resize(length, 0);
    padded
}

/// Appends a data object. `None` if it is longer than any that a short command can contain.
fn append(objects: &mut Vec<u8>, tag: u8, value: &[&[u8]]) -> Option<()> {
    let length: usize = value.iter().map(|part| part.len()).sum();
    objects.push(tag);
    if length > 0x7F {
        objects.push(0x81);
    }
    objects.push(u8::try_from(length).ok()?);
    value.iter().for_each(|part| objects.extend_from_slice(part));
    Some(())
}

/// In a time that does not tell where they differ.
fn is_same(expected: &[u8; CHECK], check: &[u8]) -> bool {
    expected.len() == check.len() && expected.iter().zip(check).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests;
