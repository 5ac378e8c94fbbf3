//! Cryptographic information files (ISO/IEC 7816-15, which grew out of PKCS#15 v1.1): what a card says of its keys,
//! certificates and PINs.
//!
//! Bytes of a file in, values out. A card leaves out what it likes, and the fill after the last entry is part of the
//! file; so what cannot be read is left out, and the rest stays. Nothing here is believed: the caller judges.
//!
//! Every list has [`MAX_ENTRIES`] entries at most, every text [`MAX_TEXT`] bytes and every identifier
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

/// Most entries that are read from one file, and most in any list inside of an entry.
pub const MAX_ENTRIES: usize = 16;
/// Longest label or name, in bytes of UTF-8; longer ones are cut.
pub const MAX_TEXT: usize = 64;
/// Longest identifier, in bytes: the length of a SHA-1 hash. Longer ones are cut, those of keys, certificates and
/// PINs alike, so that what belongs together still does.
pub const MAX_IDENTIFIER: usize = 20;
/// Longest serial number of a card, in bytes.
pub const MAX_SERIAL: usize = 64;
