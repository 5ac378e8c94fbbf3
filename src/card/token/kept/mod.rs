//! Certificates that are kept for the time of a login session, so that each program need not read them again from a
//! card that takes a quarter of a second for it.
//!
//! They are in memory, in `$XDG_RUNTIME_DIR/avain/certificates`, a file for each card. Whatever is wrong there, nothing is
//! kept, and the card is read. What is kept is never believed by the card's number alone, because a renewed card may have
//! the old one: [`Transaction`](super::transaction::Transaction) compares it with the card. And a program of the same user
//! may have written it: nothing is judged by a key from there, see [`Origin`](super::view::Origin).

mod set;

pub(super) use set::Kept;

use crate::settings::Settings;
use crate::sys::private_folder::PrivateFolder;
use crate::sys::privilege;
use avain_crypto::Hash;
use std::env;
use std::ffi::{CStr, CString, OsString};
use std::io;
use std::path::PathBuf;

/// The variable that names the folder for the time of a login session.
const FOLDER: &str = "XDG_RUNTIME_DIR";
/// The variable that turns this off.
const SWITCH: &str = "AVAIN_CACHE";
/// Where the files are, below that folder.
const PLACE: [&CStr; 2] = [c"avain", c"certificates"];
/// Longest file, in bytes; several times as long as any known card's.
const LONGEST: usize = 48 * 1024;

/// A card, as far as it has a file of its own.
#[derive(Clone, Copy)]
pub(super) struct CardName<'c> {
    /// Its kind.
    pub(super) kind: &'c str,
    /// Its serial number.
    pub(super) number: &'c [u8],
}

/// Where certificates are kept.
#[derive(Default)]
pub struct CertificateStore {
    /// `None` where nothing is kept.
    session: Option<PathBuf>,
}

impl CertificateStore {
    /// As the environment and the settings say. Programs with more privileges than their user ignore the environment, and keep nothing.
    pub fn of_environment() -> Self {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        CertificateStore::wanted(set(SWITCH), set(FOLDER))
            .filter(|_| !privilege::is_elevated() && Settings::of_process().cache())
            .unwrap_or_default()
    }

    fn wanted(switch: Option<OsString>, folder: Option<OsString>) -> Option<Self> {
        let session = PathBuf::from(folder?);
        let wanted = switch.is_none_or(|value| value != "off") && session.is_absolute();
        wanted.then_some(CertificateStore { session: Some(session) })
    }

    /// What is kept of a card. Nothing if anything is not as it should be.
    pub(super) fn of(&self, card: CardName<'_>) -> Kept {
        let content = self.folder().and_then(|folder| folder.read(&file(card), LONGEST as u64));
        content.ok().and_then(|content| Kept::decode(card, &content)).unwrap_or_default()
    }

    /// Keeps this of a card, if that is possible.
    pub(super) fn keep(&self, card: CardName<'_>, kept: &Kept) {
        let content = kept.encode(card).filter(|content| content.len() <= LONGEST);
        if let (Some(content), Ok(folder)) = (content, self.folder()) {
            let _ = folder.replace(&file(card), &content);
        }
    }

    /// Keeps nothing more of a card.
    pub(super) fn forget(&self, card: CardName<'_>) {
        if let Ok(folder) = self.folder() {
            folder.remove(&file(card));
        }
    }

    /// The folder of the files, which is made where it is not there.
    fn folder(&self) -> io::Result<PrivateFolder> {
        let session = self.session.as_ref().ok_or(io::ErrorKind::NotFound)?;
        PLACE.iter().try_fold(PrivateFolder::open(session)?, |folder, name| folder.inside(name))
    }
}

/// The name of a card's file: one of 256, so that they are bounded. Of two cards with the same name, the last one is kept.
fn file(card: CardName<'_>) -> CString {
    let digest = Hash::Sha256.digest(&[card.kind.as_bytes(), &[0], card.number].concat());
    let name = format!("{:02x}", digest.first().copied().unwrap_or_default());
    CString::new(name).unwrap_or_default()
}

#[cfg(test)]
mod tests;
