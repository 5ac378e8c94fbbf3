//! Private keys: EF.PrKD.

use super::path::{FilePath, path_in};
use super::values::{
    BIT_STRING, Entry, INTEGER, SEQUENCE, bits, bounded, byte, identifier, integer, number, tagged,
};
use crate::iso7816::tlv::{DataObject, DataObjects, find};

/// Kind of a private key (ISO 7816-15 §8.4.1, PKCS#15 §6.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// privateRSAKey
    Rsa,
    /// privateECKey
    Ec,
}

/// What a key may be used for (KeyUsageFlags, ISO 7816-15 §8.2.9, PKCS#15 §6.1.9): its bit 0 is the lowest here.
/// These are not the bits of a certificate's key usage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUsageFlags(pub u16);

impl KeyUsageFlags {
    /// Deciphering data.
    pub const DECIPHER: Self = Self(1 << 1);
    /// Signing, with a hash as the appendix of a message.
    pub const SIGN: Self = Self(1 << 2);
    /// Signing, with the message inside of the signature.
    pub const SIGN_RECOVER: Self = Self(1 << 3);
    /// Deciphering keys.
    pub const UNWRAP: Self = Self(1 << 5);
    /// Agreeing on secrets.
    pub const DERIVE: Self = Self(1 << 8);
    /// Signing what the holder means to be bound by.
    pub const NON_REPUDIATION: Self = Self(1 << 9);

    /// Is any of these uses allowed?
    pub const fn allows(self, uses: Self) -> bool {
        self.0 & uses.0 != 0
    }
}

/// A private key on the card (ISO 7816-15 §8.4, PKCS#15 §6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKeyEntry {
    /// Its kind.
    pub kind: KeyKind,
    /// Name for people.
    pub label: Option<String>,
    /// What its certificate has as well, up to [`MAX_IDENTIFIER`] bytes; empty where the card gives none.
    pub id: Vec<u8>,
    /// [`PinEntry::auth_id`] of the PIN that the key is used with.
    pub auth_id: Option<Vec<u8>>,
    /// Number of uses after which the holder is asked again: 1 for a PIN before each signature.
    pub user_consent: Option<u32>,
    /// What it may be used for; no bit is set where the card does not tell.
    pub usage: KeyUsageFlags,
    /// Key reference, as MANAGE SECURITY ENVIRONMENT takes it (ISO 7816-4, tag 84).
    pub reference: Option<u8>,
    /// [`AlgorithmInfo::reference`] of the algorithms that it works with.
    pub algorithms: Vec<u32>,
    /// The key's file, or the folder in which its reference counts.
    pub path: Option<FilePath>,
    /// Size in bits: of the modulus for RSA. The standard has none for other keys, but cards give it at the same
    /// place, for EC the size of the field.
    pub bits: Option<u16>,
}

/// Reads EF.PrKD (ISO 7816-15 §8.4): RSA and EC keys.
pub fn private_keys(ef_prkd: &[u8]) -> Vec<PrivateKeyEntry> {
    bounded(DataObjects(ef_prkd).filter_map(private_key))
}

fn private_key(object: DataObject<'_>) -> Option<PrivateKeyEntry> {
    let kind = match object.tag {
        SEQUENCE => KeyKind::Rsa,
        0xA0 => KeyKind::Ec,
        _ => return None,
    };
    let entry = Entry::new(object.value);
    // The class attributes are where id and reference stand: without them the entry names no key.
    (!entry.class.is_empty()).then(|| PrivateKeyEntry {
        kind,
        label: entry.label(),
        id: entry.id(),
        auth_id: identifier(entry.common),
        user_consent: integer(entry.common),
        usage: KeyUsageFlags(find(entry.class, BIT_STRING).map_or(0, bits)),
        reference: integer(entry.class).and_then(byte),
        algorithms: references(find(entry.class, 0xA1).unwrap_or_default()),
        path: path_in(entry.own),
        bits: integer(entry.own).and_then(|size| u16::try_from(size).ok()),
    })
}

fn references(list: &[u8]) -> Vec<u32> {
    bounded(tagged(list, INTEGER).filter_map(number))
}
