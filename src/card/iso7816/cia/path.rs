//! Paths of files.

use super::values::{INTEGER, OCTET_STRING, SEQUENCE, number};
use crate::iso7816::tlv::find;

/// File identifier of the MF, with which an absolute path may begin (ISO 7816-4).
const MF: [u8; 2] = [0x3F, 0x00];
/// Longest path below the MF, in bytes: four file identifiers.
const MAX_PATH: usize = 8;

/// Path of a file (ISO 7816-15 §8.2.5, PKCS#15 §6.1.5): one to four file identifiers of two bytes each, with or
/// without that of the MF before them; or the MF alone.
///
/// Without the MF it is relative to the application that contains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath(Vec<u8>);

impl FilePath {
    /// Reads a path. `None` if it is malformed, or deeper than any on these cards.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let below = bytes.strip_prefix(&MF).unwrap_or(bytes);
        let whole = !bytes.is_empty() && bytes.len().is_multiple_of(2);
        (whole && below.len() <= MAX_PATH).then(|| FilePath(bytes.to_vec()))
    }

    /// The file identifiers, two bytes each, as on the card.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The part after the MF, if the path begins there: empty for the MF itself.
    pub fn below_mf(&self) -> Option<&[u8]> {
        self.0.strip_prefix(&MF)
    }
}

/// The path that is the first SEQUENCE in `value`. `None` also if it points into the middle of a file (index, ISO
/// 7816-15 §8.2.5): reading that file from its start would return something else.
pub(super) fn path_in(value: &[u8]) -> Option<FilePath> {
    let path = find(value, SEQUENCE)?;
    let index = find(path, INTEGER).map_or(Some(0), number)?;
    let bytes = find(path, OCTET_STRING).filter(|_| index == 0)?;
    FilePath::new(bytes)
}
