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

/// What a key may be used for (KeyUsageFlags, ISO 7816-15 §8.2.9, PKCS#15 §6.1.9), with bit 0 as the least
/// significant. These are not the bits of the keyUsage extension of certificates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUsageFlags(pub u16);

impl KeyUsageFlags {
    /// Decrypting data.
    pub const DECIPHER: Self = Self(1 << 1);
    /// Signing, with the signature as an appendix of the message.
    pub const SIGN: Self = Self(1 << 2);
    /// Signing, with the message recoverable from the signature.
    pub const SIGN_RECOVER: Self = Self(1 << 3);
    /// Decrypting keys.
    pub const UNWRAP: Self = Self(1 << 5);
    /// Key agreement.
    pub const DERIVE: Self = Self(1 << 8);
    /// Signatures that commit the holder to the content.
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
    /// Label.
    pub label: Option<String>,
    /// Identifier, the same as that of its certificate, up to [`MAX_IDENTIFIER`](super::MAX_IDENTIFIER) bytes; empty
    /// if there is none.
    pub id: Vec<u8>,
    /// [`PinEntry::auth_id`](super::PinEntry::auth_id) of the PIN that protects the key.
    pub auth_id: Option<Vec<u8>>,
    /// Number of uses after which the holder has to consent again: 1 for a PIN before each signature.
    pub user_consent: Option<u32>,
    /// What it may be used for; no bit is set if the card does not say.
    pub usage: KeyUsageFlags,
    /// Key reference for MANAGE SECURITY ENVIRONMENT (ISO 7816-4, tag 84).
    pub reference: Option<u8>,
    /// [`AlgorithmInfo::reference`](super::AlgorithmInfo::reference) of its algorithms.
    pub algorithms: Vec<u32>,
    /// The file of the key, or the DF in which its reference is valid.
    pub path: Option<FilePath>,
    /// Size in bits: of the modulus for RSA. The standard defines none for other keys, but cards give it in the same
    /// place; for EC it is the size of the field.
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
    // Identifier and reference are class attributes: without these the entry names no key.
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
