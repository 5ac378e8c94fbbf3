//! The cryptographic information application (ISO/IEC 7816-15, based on PKCS#15 v1.1): files in which a card
//! describes its keys, certificates and PINs.
//!
//! Functions take the content of a file and return values. Cards omit optional parts, and files are padded after the
//! last entry; so entries that cannot be read are skipped, and the others returned. Whether the values make sense is
//! for the caller to judge.
//!
//! Lists have at most [`MAX_ENTRIES`] entries, texts at most [`MAX_TEXT`] bytes, and identifiers at most
//! [`MAX_IDENTIFIER`] bytes.

mod card_info;
mod certificates;
mod directory;
mod keys;
mod path;
mod pins;
#[cfg(test)]
mod tests;
mod values;

pub use card_info::{AlgorithmInfo, CardInfo, card_info};
pub use certificates::{CertificateEntry, certificates};
pub use directory::{ApplicationTemplate, ObjectDirectory, applications, object_directory};
pub use keys::{KeyKind, KeyUsageFlags, PrivateKeyEntry, private_keys};
pub use path::FilePath;
pub use pins::{PinEntry, PinFlags, PinType, pins};

/// Most entries that are read from one file, and most elements of a list within an entry.
pub const MAX_ENTRIES: usize = 16;
/// Longest label or name, in bytes of UTF-8; longer ones are truncated.
pub const MAX_TEXT: usize = 64;
/// Longest identifier, in bytes: the length of a SHA-1 hash. Longer ones are truncated, those of keys, certificates
/// and PINs alike, so that they still match.
pub const MAX_IDENTIFIER: usize = 20;
/// Longest serial number of a card, in bytes.
pub const MAX_SERIAL: usize = 64;
