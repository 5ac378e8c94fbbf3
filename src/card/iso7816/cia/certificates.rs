//! Certificates: EF.CD.

use super::path::{FilePath, path_in};
use super::values::{BOOLEAN, Entry, SEQUENCE, bounded, tagged};
use crate::iso7816::tlv::find;

/// An X.509 certificate on the card (ISO 7816-15 §8.7, PKCS#15 §6.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateEntry {
    /// Label.
    pub label: Option<String>,
    /// Identifier, the same as that of its key, up to [`MAX_IDENTIFIER`](super::MAX_IDENTIFIER) bytes; empty if there
    /// is none.
    pub id: Vec<u8>,
    /// Is it a CA certificate?
    pub authority: bool,
    /// The file that begins with the certificate.
    pub path: FilePath,
}

/// Reads EF.CD (ISO 7816-15 §8.7): the X.509 certificates that are in files.
pub fn certificates(ef_cd: &[u8]) -> Vec<CertificateEntry> {
    bounded(tagged(ef_cd, SEQUENCE).filter_map(certificate))
}

fn certificate(value: &[u8]) -> Option<CertificateEntry> {
    let entry = Entry::new(value);
    let authority = find(entry.class, BOOLEAN).is_some_and(|truth| truth.iter().any(|byte| *byte != 0));
    Some(CertificateEntry { label: entry.label(), id: entry.id(), authority, path: path_in(entry.own)? })
}
