//! PINs: EF.AOD.

use super::path::{FilePath, path_in};
use super::values::{
    BIT_STRING, ENUMERATED, Entry, INTEGER, OCTET_STRING, SEQUENCE, bits, bounded, byte, number, tagged,
};
use crate::iso7816::tlv::find;

/// How a PIN is written in a command (PasswordType, ISO 7816-15 §8.9.2; PinType, PKCS#15 §6.8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinType {
    /// Two digits in a byte, the first in the upper half.
    Bcd,
    /// A digit in a byte, in ASCII.
    AsciiNumeric,
    /// Any characters, in UTF-8.
    Utf8,
    /// A digit in a byte, in its lower half; the upper half is F.
    HalfNibbleBcd,
    /// A block of eight bytes that begins with its format and the number of digits (ISO 9564-1).
    Iso9564,
    /// A number that the standard does not assign.
    Other(u32),
}

/// What is special about a PIN (PasswordFlags, ISO 7816-15 §8.9.2; PinFlags, PKCS#15 §6.8.2): its bit 0 is the lowest
/// here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PinFlags(pub u16);

impl PinFlags {
    /// It counts in its application only.
    pub const LOCAL: Self = Self(1 << 1);
    /// It cannot be changed.
    pub const CHANGE_DISABLED: Self = Self(1 << 2);
    /// It cannot be unblocked.
    pub const UNBLOCK_DISABLED: Self = Self(1 << 3);
    /// It has a value.
    pub const INITIALIZED: Self = Self(1 << 4);
    /// It is filled up to its stored length.
    pub const NEEDS_PADDING: Self = Self(1 << 5);
    /// It unblocks other PINs.
    pub const UNBLOCKING: Self = Self(1 << 6);
    /// It is that of an administrator.
    pub const SECURITY_OFFICER: Self = Self(1 << 7);

    /// Is any of these flags set?
    pub const fn any(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }
}

/// A PIN on the card (ISO 7816-15 §8.9, PKCS#15 §6.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinEntry {
    /// Name for people.
    pub label: Option<String>,
    /// By which other entries name it, up to [`MAX_IDENTIFIER`] bytes; empty where the card gives none.
    pub auth_id: Vec<u8>,
    /// What is special about it.
    pub flags: PinFlags,
    /// How it is written.
    pub kind: PinType,
    /// Least length, in characters.
    pub min: u8,
    /// Length as the card stores it, in bytes.
    pub stored: u8,
    /// Greatest length, in characters. It may be missing where the stored length tells it.
    pub max: Option<u8>,
    /// Reference, as VERIFY takes it in P2. The standard reads 0 where it is missing.
    pub reference: Option<u8>,
    /// The byte that it is filled up with.
    pub pad: Option<u8>,
    /// The folder in which its reference counts.
    pub path: Option<FilePath>,
}

/// Reads EF.AOD (ISO 7816-15 §8.9): PINs of which flags, type, lengths and reference can be read.
pub fn pins(ef_aod: &[u8]) -> Vec<PinEntry> {
    bounded(tagged(ef_aod, SEQUENCE).filter_map(pin))
}

fn pin(value: &[u8]) -> Option<PinEntry> {
    let entry = Entry::new(value);
    let mut lengths = tagged(entry.own, INTEGER);
    Some(PinEntry {
        label: entry.label(),
        auth_id: entry.id(),
        flags: PinFlags(bits(find(entry.own, BIT_STRING)?)),
        kind: pin_type(number(find(entry.own, ENUMERATED)?)?),
        min: optional(lengths.next())??,
        stored: optional(lengths.next())??,
        max: optional(lengths.next())?,
        reference: optional(find(entry.own, 0x80))?,
        pad: find(entry.own, OCTET_STRING).and_then(number).and_then(byte),
        path: path_in(entry.own),
    })
}

fn pin_type(number: u32) -> PinType {
    match number {
        0 => PinType::Bcd,
        1 => PinType::AsciiNumeric,
        2 => PinType::Utf8,
        3 => PinType::HalfNibbleBcd,
        4 => PinType::Iso9564,
        other => PinType::Other(other),
    }
}

/// A number that may be missing. `None` when it is there and cannot be read: for a PIN that would be another length, or
/// the reference of another PIN, of which the tries are spent.
fn optional(value: Option<&[u8]>) -> Option<Option<u8>> {
    match value {
        None => Some(None),
        Some(digits) => number(digits).and_then(byte).map(Some),
    }
}
