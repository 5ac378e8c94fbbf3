//! Reading the files in which such a card describes itself.

use super::{CARD, CARD_APPLICATION, FILES};
use crate::cards::certificate::Certificate;
use crate::cards::engine;
use crate::cards::error::CardError;
use crate::cards::profile::{File, SelectTarget};
use crate::iso7816::cia::{
    self, CardInfo, CertificateEntry, FilePath, ObjectDirectory, PinEntry, PrivateKeyEntry,
};
use crate::iso7816::file::{self, FileError};
use crate::iso7816::{Channel, tlv};
use std::borrow::Cow;

/// EF.DIR (ISO 7816-4 §12.2.1), EF.OD (ISO 7816-15 §8.3), EF.CIAInfo (§8.10).
const DIRECTORY: &[u8] = &[0x2F, 0x00];
const OBJECT_DIRECTORY: &[u8] = &[0x50, 0x31];
pub(super) const CARD_INFO: &[u8] = &[0x50, 0x32];

/// The description of a card by its files.
pub(in crate::cards) struct Structure {
    /// The application.
    pub(super) application: SelectTarget,
    /// Its path from the MF.
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
    /// Reads the description. A card without one is of no known kind.
    pub(in crate::cards) fn read(channel: &mut Channel<'_>) -> Result<Self, CardError> {
        let (application, path) = application(channel)?;
        let mut structure =
            Structure { application, path, info: None, pins: vec![], keys: vec![], authorities: vec![] };
        let directory = structure.file(channel, OBJECT_DIRECTORY)?.ok_or(CardError::Unrecognised)?;
        let directory = cia::object_directory(&directory);
        structure.info = structure.file(channel, CARD_INFO)?.as_deref().and_then(cia::card_info);
        structure.pins = structure.entries(channel, &directory.authentication, cia::pins)?;
        structure.read_keys(channel, &directory)?;
        if structure.keys.is_empty() && structure.authorities.is_empty() {
            return Err(CardError::Unrecognised);
        }
        Ok(structure)
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
            let mut read = || engine::read_certificate(channel, &CARD, &file);
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
        File { home: self.application.clone(), path: Cow::Owned(self.below_mf(entry.path.bytes())) }
    }

    /// A file of the application. `None` if it does not exist or is empty.
    fn file(&self, channel: &mut Channel<'_>, path: &[u8]) -> Result<Option<Vec<u8>>, CardError> {
        read_at(channel, &self.below_mf(path))
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

/// Selects the application that EF.DIR names, or else the one of PKCS#15, and returns it with its path.
fn application(channel: &mut Channel<'_>) -> Result<(SelectTarget, Vec<u8>), CardError> {
    let directory = read_at(channel, DIRECTORY)?.unwrap_or_default();
    let is_such = |aid: &[u8]| aid.starts_with(PREFIX) || aid.windows(NAME.len()).any(|part| part == NAME);
    let template = cia::applications(&directory).into_iter().find(|template| is_such(&template.aid));
    let (home, path) = match template {
        Some(template) => {
            let path = template.path.as_ref();
            let below = path.map(|path| path.below_mf().unwrap_or(path.bytes()).to_vec());
            (SelectTarget::Application(Cow::Owned(template.aid)), below.unwrap_or_default())
        }
        None => (CARD_APPLICATION, Vec::new()),
    };
    match twice_if_refused(&mut || engine::select(channel, &home)) {
        Ok(()) => Ok((home, path)),
        Err(CardError::Refused { .. }) => Err(CardError::Unrecognised),
        Err(error) => Err(error),
    }
}

/// Asks once more for what the card refused or garbled.
fn twice_if_refused<T>(ask: &mut dyn FnMut() -> Result<T, CardError>) -> Result<T, CardError> {
    match ask() {
        Err(CardError::Refused { .. } | CardError::Malformed { .. }) => ask(),
        outcome => outcome,
    }
}

/// Reads a file by its path from the MF. `None` if it cannot be read or is empty. If it is missing, garbled or cut
/// short it is read twice, because the result is used for as long as the card is in the reader.
fn read_at(channel: &mut Channel<'_>, path: &[u8]) -> Result<Option<Vec<u8>>, CardError> {
    let first = read_once(channel, path)?;
    if first.as_deref().is_some_and(tlv::is_whole) {
        return Ok(first);
    }
    Ok(read_once(channel, path)?.or(first))
}

fn read_once(channel: &mut Channel<'_>, path: &[u8]) -> Result<Option<Vec<u8>>, CardError> {
    match file::select_path(channel, path).and_then(|()| file::read_whole(channel, FILES.blocks)) {
        Ok(content) => Ok(tlv::DataObjects(&content).next().is_some().then_some(content)),
        Err(FileError::Transport(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}
