//! Certificates: EF.CD.

use super::path::{FilePath, path_in};
use super::values::{BOOLEAN, Entry, SEQUENCE, bounded, tagged};
use crate::iso7816::tlv::find;

/// An X.509 certificate on the card (ISO 7816-15 §8.7, PKCS#15 §6.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateEntry {
    /// Name for people.
    pub label: Option<String>,
    /// What its key has as well, up to [`MAX_IDENTIFIER`] bytes; empty where the card gives none.
    pub id: Vec<u8>,
    /// Does it belong to an authority?
    pub authority: bool,
    /// The file that begins with it.
    pub path: FilePath,
}

/// Reads EF.CD (ISO 7816-15 §8.7): X.509 certificates that have a file.
pub fn certificates(ef_cd: &[u8]) -> Vec<CertificateEntry> {
    bounded(tagged(ef_cd, SEQUENCE).filter_map(certificate))
}

fn certificate(value: &[u8]) -> Option<CertificateEntry> {
    let entry = Entry::new(value);
    let authority = find(entry.class, BOOLEAN).is_some_and(|truth| truth.iter().any(|byte| *byte != 0));
    Some(CertificateEntry { label: entry.label(), id: entry.id(), authority, path: path_in(entry.own)? })
}
