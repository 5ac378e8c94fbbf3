//! The ASN.1 values in these files.

use super::{MAX_ENTRIES, MAX_IDENTIFIER, MAX_TEXT};
use crate::iso7816::tlv::{DataObjects, find};

pub(super) const BOOLEAN: u32 = 0x01;
pub(super) const INTEGER: u32 = 0x02;
pub(super) const BIT_STRING: u32 = 0x03;
pub(super) const OCTET_STRING: u32 = 0x04;
pub(super) const ENUMERATED: u32 = 0x0A;
pub(super) const UTF8_STRING: u32 = 0x0C;
pub(super) const SEQUENCE: u32 = 0x30;

/// The common structure of all entries (CIO, ISO 7816-15 §8.2; PKCS15Object, PKCS#15 §6.1). Missing parts are empty.
pub(super) struct Entry<'a> {
    /// commonObjectAttributes
    pub(super) common: &'a [u8],
    /// classAttributes
    pub(super) class: &'a [u8],
    /// typeAttributes
    pub(super) own: &'a [u8],
}

impl<'a> Entry<'a> {
    pub(super) fn new(value: &'a [u8]) -> Self {
        let mut sequences = tagged(value, SEQUENCE);
        Entry {
            common: sequences.next().unwrap_or_default(),
            class: sequences.next().unwrap_or_default(),
            own: find(value, 0xA1).and_then(|own| find(own, SEQUENCE)).unwrap_or_default(),
        }
    }

    pub(super) fn label(&self) -> Option<String> {
        find(self.common, UTF8_STRING).and_then(text)
    }

    /// iD of keys and certificates, authId of PINs.
    pub(super) fn id(&self) -> Vec<u8> {
        identifier(self.class).unwrap_or_default()
    }
}

/// The values of the objects with `tag`.
pub(super) fn tagged(bytes: &[u8], tag: u32) -> impl Iterator<Item = &[u8]> {
    DataObjects(bytes).filter(move |object| object.tag == tag).map(|object| object.value)
}

pub(super) fn bounded<T>(entries: impl Iterator<Item = T>) -> Vec<T> {
    entries.take(MAX_ENTRIES).collect()
}

/// The first OCTET STRING, as an identifier (ISO 7816-15 §8.2.1).
pub(super) fn identifier(attributes: &[u8]) -> Option<Vec<u8>> {
    let bytes = find(attributes, OCTET_STRING).filter(|bytes| !bytes.is_empty())?;
    Some(bytes.iter().copied().take(MAX_IDENTIFIER).collect())
}

/// The first INTEGER.
pub(super) fn integer(attributes: &[u8]) -> Option<u32> {
    find(attributes, INTEGER).and_then(number)
}

/// Value of an INTEGER or ENUMERATED, read as unsigned: none in these files is negative, but cards omit the leading
/// zero byte of references from 80 on.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    let significant = digits.iter().position(|digit| *digit != 0).and_then(|first| digits.get(first..));
    let significant = significant.unwrap_or_default();
    (significant.len() <= 4).then(|| significant.iter().fold(0, |n, digit| n << 8 | u32::from(*digit)))
}

pub(super) fn byte(number: u32) -> Option<u8> {
    u8::try_from(number).ok()
}

/// The first 16 bits of a BIT STRING, with bit 0 as the least significant. Missing bits are 0, as unused ones are in
/// DER.
pub(super) fn bits(value: &[u8]) -> u16 {
    let mut bytes = value.iter().copied().skip(1);
    u16::from_be_bytes([bytes.next().unwrap_or(0), bytes.next().unwrap_or(0)]).reverse_bits()
}

/// Text that can be displayed: without control characters, and truncated to [`MAX_TEXT`] bytes.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    for character in str::from_utf8(bytes).ok()?.chars().filter(|character| !character.is_control()) {
        if text.len().saturating_add(character.len_utf8()) > MAX_TEXT {
            break;
        }
        text.push(character);
    }
    (!text.is_empty()).then_some(text)
}
