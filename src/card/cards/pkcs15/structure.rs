//! Reading the files in which such a card describes itself.

use super::{CARD, CARD_APPLICATION, FILES};
use crate::cards::certificate::Certificate;
use crate::cards::engine::{self, twice_if_refused};
use crate::cards::error::CardError;
use crate::cards::profile::{CardProfile, File, Files, Select, SelectTarget};
use crate::iso7816::cia::{
    self, CardInfo, CertificateEntry, FilePath, ObjectDirectory, PinEntry, PrivateKeyEntry,
};
use crate::iso7816::{Channel, file, tlv};
use std::borrow::Cow;

/// EF.DIR (ISO 7816-4 §12.2.1), EF.OD (ISO 7816-15 §8.3), EF.CIAInfo (§8.10).
const DIRECTORY: &[u8] = &[0x2F, 0x00];
const OBJECT_DIRECTORY: &[u8] = &[0x50, 0x31];
pub(super) const CARD_INFO: &[u8] = &[0x50, 0x32];

/// The description of a card by its files.
pub(in crate::cards) struct Structure {
    /// What is known of it: the application, and how files are selected.
    pub(super) card: CardProfile,
    /// The path of the application from the MF.
    pub(super) path: Vec<u8>,
    /// EF.CIAInfo.
    pub(in crate::cards) info: Option<CardInfo>,
    /// The PINs.
    pub(super) pins: Vec<PinEntry>,
    /// The certificates that can be read, each with its private key, if it has one.
    pub(super) keys: Vec<(CertificateEntry, Certificate, Option<PrivateKeyEntry>)>,
    /// CA certificates.
    pub(super) authorities: Vec<CertificateEntry>,
}

impl Structure {
    /// Reads the description. A card without one is of no known kind. Some cards do not know selection by path.
    pub(in crate::cards) fn read(channel: &mut Channel<'_>) -> Result<Self, CardError> {
        match Self::read_by(channel, Select::FromMf) {
            Err(CardError::Unrecognised) if file::select_steps(channel, &[]).is_ok() => {
                Self::read_by(channel, Select::StepByStep)
            }
            outcome => outcome,
        }
    }

    fn read_by(channel: &mut Channel<'_>, select: Select) -> Result<Self, CardError> {
        let card = CardProfile { files: Files { select, ..FILES }, ..CARD.clone() };
        let directory = read_at(channel, &card, DIRECTORY)?.unwrap_or_default();
        for (application, path) in candidates(&directory) {
            match twice_if_refused(&mut || engine::select(channel, &card, &application)) {
                Ok(()) => {}
                Err(CardError::Refused { .. }) => continue,
                Err(error) => return Err(error),
            }
            let card = CardProfile { application, ..card.clone() };
            let structure =
                Structure { card, path, info: None, pins: vec![], keys: vec![], authorities: vec![] };
            if let Some(directory) = structure.file(channel, OBJECT_DIRECTORY)? {
                return structure.read_objects(channel, &cia::object_directory(&directory));
            }
        }
        Err(CardError::Unrecognised)
    }

    fn read_objects(
        mut self,
        channel: &mut Channel<'_>,
        directory: &ObjectDirectory,
    ) -> Result<Self, CardError> {
        self.info = self.file(channel, CARD_INFO)?.as_deref().and_then(cia::card_info);
        self.pins = self.entries(channel, &directory.authentication, cia::pins)?;
        self.read_keys(channel, directory)?;
        if self.keys.is_empty() && self.authorities.is_empty() {
            return Err(CardError::Unrecognised);
        }
        Ok(self)
    }

    fn read_keys(&mut self, channel: &mut Channel<'_>, directory: &ObjectDirectory) -> Result<(), CardError> {
        let private = self.entries(channel, &directory.private_keys, cia::private_keys)?;
        let mut certificates = self.entries(channel, &directory.certificates, cia::certificates)?;
        for others in [&directory.trusted_certificates, &directory.useful_certificates] {
            certificates.extend(self.entries(channel, others, cia::certificates)?);
        }
        // An identifier need not be unique: that of an authority may be the one of a key and its certificate.
        let of_holders: Vec<_> =
            certificates.iter().filter(|entry| !entry.authority).map(|entry| entry.id.clone()).collect();
        for entry in certificates {
            let key = private.iter().find(|key| !entry.id.is_empty() && key.id == entry.id);
            if entry.authority && (key.is_none() || of_holders.contains(&entry.id)) {
                self.authorities.push(entry);
                continue;
            }
            let file = self.certificate(&entry);
            let mut read = || engine::read_certificate(channel, &self.card, &file);
            match twice_if_refused(&mut read) {
                Ok(Some(certificate)) => self.keys.push((entry, certificate, key.cloned())),
                Err(error @ CardError::Transport(_)) => return Err(error),
                Ok(None) | Err(_) => {}
            }
        }
        Ok(())
    }

    /// The path from the MF; one that does not begin there is relative to the application.
    pub(super) fn below_mf(&self, path: &[u8]) -> Vec<u8> {
        match FilePath::new(path).as_ref().and_then(FilePath::below_mf) {
            Some(below) => below.to_vec(),
            None => [self.path.as_slice(), path].concat(),
        }
    }

    pub(super) fn certificate(&self, entry: &CertificateEntry) -> File {
        File { home: self.card.application.clone(), path: Cow::Owned(self.below_mf(entry.path.bytes())) }
    }

    /// A file of the application. `None` if it does not exist or is empty.
    fn file(&self, channel: &mut Channel<'_>, path: &[u8]) -> Result<Option<Vec<u8>>, CardError> {
        read_at(channel, &self.card, &self.below_mf(path))
    }

    /// The entries of all files of one kind.
    fn entries<T>(
        &self,
        channel: &mut Channel<'_>,
        files: &[FilePath],
        parse: fn(&[u8]) -> Vec<T>,
    ) -> Result<Vec<T>, CardError> {
        let mut found = Vec::new();
        for path in files {
            found.extend(self.file(channel, path.bytes())?.as_deref().map(parse).unwrap_or_default());
        }
        Ok(found)
    }
}

/// AIDs of such applications begin with this prefix, or contain this name (ISO 7816-15 §7.3, PKCS#15 §5.4.1).
const PREFIX: &[u8] = b"\xE8\x28\xBD\x08\x0F";
const NAME: &[u8] = b"PKCS-15";

/// DF of the application on cards that cannot select it by its AID (PKCS#15 §5.4.1).
const APPLICATION_DF: &[u8] = &[0x50, 0x15];

/// Where the application may be, with its path from the MF, in the order in which it is looked for: where EF.DIR says;
/// without EF.DIR by the AID of PKCS#15, or in its DF.
fn candidates(directory: &[u8]) -> Vec<(SelectTarget, Vec<u8>)> {
    let is_such = |aid: &[u8]| aid.starts_with(PREFIX) || aid.windows(NAME.len()).any(|part| part == NAME);
    let named = cia::applications(directory).into_iter().find(|template| is_such(&template.aid));
    let path = named.as_ref().and_then(|template| template.path.as_ref());
    let path = path.map(|path| path.below_mf().unwrap_or(path.bytes()).to_vec());
    let by_name = named.map_or(CARD_APPLICATION, |named| SelectTarget::Application(Cow::Owned(named.aid)));
    let in_df = |path: Vec<u8>| (SelectTarget::Directory(Cow::Owned(path.clone())), path);
    match path {
        Some(path) if path.is_empty() => vec![(by_name, path)],
        Some(path) => vec![(by_name, path.clone()), in_df(path)],
        None => vec![
            (by_name.clone(), Vec::new()),
            (by_name, APPLICATION_DF.to_vec()),
            in_df(APPLICATION_DF.to_vec()),
        ],
    }
}

/// Reads a file by its path from the MF. `None` if it cannot be read or is empty. If it is missing, garbled or cut
/// short it is read twice, because the result is used for as long as the card is in the reader.
fn read_at(channel: &mut Channel<'_>, card: &CardProfile, path: &[u8]) -> Result<Option<Vec<u8>>, CardError> {
    let first = read_once(channel, card, path)?;
    if first.as_deref().is_some_and(tlv::is_whole) {
        return Ok(first);
    }
    Ok(read_once(channel, card, path)?.or(first))
}

fn read_once(
    channel: &mut Channel<'_>,
    card: &CardProfile,
    path: &[u8],
) -> Result<Option<Vec<u8>>, CardError> {
    match engine::read_any(channel, card, path) {
        Ok(content) => Ok(tlv::DataObjects(&content).next().is_some().then_some(content)),
        Err(error @ CardError::Transport(_)) => Err(error),
        Err(_) => Ok(None),
    }
}
