//! Where the other files are: EF.DIR and EF.OD.

use super::path::{FilePath, path_in};
use super::values::{bounded, tagged, text};
use crate::iso7816::tlv::find;

/// Longest application identifier, in bytes (ISO 7816-4).
pub(super) const MAX_AID: usize = 16;

/// An application on the card (ISO 7816-15 §7.4, PKCS#15 §5.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationTemplate {
    /// Application identifier, 1 to 16 bytes (tag 4F).
    pub aid: Vec<u8>,
    /// Label (tag 50).
    pub label: Option<String>,
    /// Path of its DF (tag 51).
    pub path: Option<FilePath>,
}

/// Where the other files are (ISO 7816-15 §7.5.3 and §8.3, PKCS#15 §5.5.1 and §6.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectDirectory {
    /// Files to be read by [`private_keys`](super::private_keys).
    pub private_keys: Vec<FilePath>,
    /// Files to be read by [`certificates`](super::certificates): mostly the holder's.
    pub certificates: Vec<FilePath>,
    /// Files to be read by [`certificates`](super::certificates): those that the issuer trusts, which is no reason to
    /// trust them.
    pub trusted_certificates: Vec<FilePath>,
    /// Files to be read by [`certificates`](super::certificates): CA certificates and the like.
    pub useful_certificates: Vec<FilePath>,
    /// Files to be read by [`pins`](super::pins).
    pub authentication: Vec<FilePath>,
}

/// Reads EF.DIR (ISO 7816-15 §7.4, PKCS#15 §5.4.1), its records concatenated.
pub fn applications(ef_dir: &[u8]) -> Vec<ApplicationTemplate> {
    bounded(tagged(ef_dir, 0x61).filter_map(application))
}

fn application(template: &[u8]) -> Option<ApplicationTemplate> {
    let aid = find(template, 0x4F).filter(|aid| (1..=MAX_AID).contains(&aid.len()))?;
    Some(ApplicationTemplate {
        aid: aid.to_vec(),
        label: find(template, 0x50).and_then(text),
        path: find(template, 0x51).and_then(FilePath::new),
    })
}

/// Reads EF.OD (ISO 7816-15 §7.5.3). Entries that it contains directly, instead of in a file, are skipped: no card of
/// ours has them.
pub fn object_directory(ef_od: &[u8]) -> ObjectDirectory {
    // The tags of the alternatives of CIOChoice.
    let files = |alternative| bounded(tagged(ef_od, alternative).filter_map(path_in));
    ObjectDirectory {
        private_keys: files(0xA0),
        certificates: files(0xA4),
        trusted_certificates: files(0xA5),
        useful_certificates: files(0xA6),
        authentication: files(0xA8),
    }
}
