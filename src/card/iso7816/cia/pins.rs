//! PINs: EF.AOD.

use super::path::{FilePath, path_in};
use super::values::{
    BIT_STRING, ENUMERATED, Entry, INTEGER, OCTET_STRING, SEQUENCE, bits, bounded, byte, number, tagged,
};
use crate::iso7816::tlv::find;

/// How a PIN is encoded in a command (PasswordType, ISO 7816-15 §8.9.2; PinType, PKCS#15 §6.8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinType {
    /// Two digits per byte, the first in the upper half.
    Bcd,
    /// ASCII digits.
    AsciiNumeric,
    /// Characters in UTF-8.
    Utf8,
    /// One digit per byte, in the lower half; the upper half is F.
    HalfNibbleBcd,
    /// A block of eight bytes that begins with the format and the number of digits (ISO 9564-1).
    Iso9564,
    /// A value that the standard does not define.
    Other(u32),
}

/// Properties of a PIN (PasswordFlags, ISO 7816-15 §8.9.2; PinFlags, PKCS#15 §6.8.2), with bit 0 as the least
/// significant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PinFlags(pub u16);

impl PinFlags {
    /// It is local to its application.
    pub const LOCAL: Self = Self(1 << 1);
    /// It cannot be changed.
    pub const CHANGE_DISABLED: Self = Self(1 << 2);
    /// It cannot be unblocked.
    pub const UNBLOCK_DISABLED: Self = Self(1 << 3);
    /// It has a value.
    pub const INITIALIZED: Self = Self(1 << 4);
    /// It is padded to its stored length.
    pub const NEEDS_PADDING: Self = Self(1 << 5);
    /// It unblocks other PINs.
    pub const UNBLOCKING: Self = Self(1 << 6);
    /// It belongs to the security officer.
    pub const SECURITY_OFFICER: Self = Self(1 << 7);

    /// Is any of these flags set?
    pub const fn any(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }
}

/// A PIN on the card (ISO 7816-15 §8.9, PKCS#15 §6.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinEntry {
    /// Label.
    pub label: Option<String>,
    /// Identifier by which other entries refer to it, up to [`MAX_IDENTIFIER`](super::MAX_IDENTIFIER) bytes; empty if
    /// there is none.
    pub auth_id: Vec<u8>,
    /// Its properties.
    pub flags: PinFlags,
    /// How it is encoded.
    pub kind: PinType,
    /// Minimum length, in characters.
    pub min: u8,
    /// Stored length, in bytes.
    pub stored: u8,
    /// Maximum length, in characters. It may be omitted if the stored length implies it.
    pub max: Option<u8>,
    /// Reference for P2 of VERIFY. If it is missing, the standard means 0.
    pub reference: Option<u8>,
    /// The padding byte.
    pub pad: Option<u8>,
    /// The DF in which its reference is valid.
    pub path: Option<FilePath>,
}

/// Reads EF.AOD (ISO 7816-15 §8.9): the PINs whose flags, type, lengths and reference can be read.
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

/// An optional number. `None` if it is present and cannot be read: a PIN must not be taken for one with another
/// length or another reference, whose tries would then be used up.
fn optional(value: Option<&[u8]>) -> Option<Option<u8>> {
    match value {
        None => Some(None),
        Some(digits) => number(digits).and_then(byte).map(Some),
    }
}
