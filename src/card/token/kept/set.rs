//! What is kept of one card, and how it is written down.

use super::CardName;
use crate::cards::profile::{File, SelectTarget};
use avain_crypto::Hash;

/// How a file of kept certificates begins.
const BEGINNING: &[u8] = b"avain certificates 1\n";
/// Length of the digest at its end.
const DIGEST: usize = 32;

/// Certificates of a card, DER, by the names of their files; empty for a file that is not on the card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::token) struct Kept(Vec<(Vec<u8>, Vec<u8>)>);

impl Kept {
    /// What a file contained; `None` if that is not known.
    pub(in crate::token) fn content(&self, file: &File) -> Option<&[u8]> {
        let name = name(file);
        self.0.iter().find(|(known, _)| *known == name).map(|(_, content)| content.as_slice())
    }

    /// Adds what a file contains.
    pub(in crate::token) fn add(&mut self, file: &File, content: &[u8]) {
        self.put(name(file), content.to_vec());
    }

    /// Adds what another one has, unless they disagree about any file: then the certificates were renewed since.
    pub(in crate::token) fn complete_by(&mut self, older: Kept) {
        let agree = |(name, content): &(Vec<u8>, Vec<u8>)| {
            self.0.iter().all(|(other, known)| other != name || known == content)
        };
        if older.0.iter().all(agree) {
            older.0.into_iter().for_each(|(name, content)| self.put(name, content));
        }
    }

    fn put(&mut self, name: Vec<u8>, content: Vec<u8>) {
        if self.0.iter().all(|(known, _)| *known != name) {
            self.0.push((name, content));
        }
    }

    /// The file of a card: whose it is, names and contents, and a digest of all that. `None` if a part is too long.
    pub(super) fn encode(&self, card: CardName<'_>) -> Option<Vec<u8>> {
        let entries = self.0.iter().flat_map(|(name, content)| [name.as_slice(), content]);
        let mut bytes = BEGINNING.to_vec();
        for part in [card.kind.as_bytes(), card.number].into_iter().chain(entries) {
            bytes.extend(u16::try_from(part.len()).ok()?.to_be_bytes());
            bytes.extend(part);
        }
        let digest = Hash::Sha256.digest(&bytes);
        bytes.extend(digest);
        Some(bytes)
    }

    /// Reads the file of this card. `None` if it is another card's, or not whole.
    pub(super) fn decode(card: CardName<'_>, bytes: &[u8]) -> Option<Self> {
        let (bytes, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
        if Hash::Sha256.digest(bytes) != digest {
            return None;
        }
        let mut rest = bytes.strip_prefix(BEGINNING)?;
        if part(&mut rest)? != card.kind.as_bytes() || part(&mut rest)? != card.number {
            return None;
        }
        let mut kept = Kept::default();
        while !rest.is_empty() {
            let name = part(&mut rest)?.to_vec();
            kept.put(name, part(&mut rest)?.to_vec());
        }
        Some(kept)
    }
}

/// Takes a part, with its length before it.
fn part<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, behind) = rest.split_first_chunk::<2>()?;
    let (part, behind) = behind.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    *rest = behind;
    Some(part)
}

/// What tells a file from all others of its card.
fn name(file: &File) -> Vec<u8> {
    let (kind, home) = match &file.home {
        SelectTarget::Application(identifier) => (b'A', identifier),
        SelectTarget::Directory(path) => (b'D', path),
    };
    [&[kind, u8::try_from(home.len()).unwrap_or(u8::MAX)], &**home, &file.path].concat()
}
