//! A card that no table knows, and that says by its own files what it is (ISO 7816-15, PKCS#15 v1.1): its certificates can
//! be read, and where its directory is complete its keys can sign. Nothing is ever written to it.
//!
//! It is asked by SELECT and READ BINARY alone. No PIN is presented but as the card itself describes it, and how many
//! tries are left it is not asked: what a card makes of such questions is its own affair.

use super::certificate::Certificate;
use super::engine;
use super::error::CardError;
use super::profile::{
    Algorithm, Asking, AtrCertainty, AuthoritySpec, CardProfile, Closing, Delivery, Evidence, File, Files,
    Hash, Input, IssuerCodes, KeyAlgorithm, KeySpec, KeyUses, Number, Order, PersonalData, PinBlock, PinSpec,
    PinUse, Print, Role, Scheme, Scope, Select, SelectTarget, Selecting, Signing, SigningWay, Template,
    Writing,
};
use crate::iso7816::cia::{
    self, CardInfo, CertificateEntry, FilePath, KeyUsageFlags, ObjectDirectory, PinEntry, PinFlags, PinType,
    PrivateKeyEntry,
};
use crate::iso7816::file::{self, FileError};
use crate::iso7816::{Channel, tlv};
use avain_crypto::PublicKey;
use std::borrow::Cow;

/// EF.DIR (ISO 7816-4 §12.2.1), EF.OD (ISO 7816-15 §8.3), EF.CIAInfo (§8.10).
const DIRECTORY: &[u8] = &[0x2F, 0x00];
const OBJECT_DIRECTORY: &[u8] = &[0x50, 0x31];
const CARD_INFO: &[u8] = &[0x50, 0x32];
/// Of a card without EF.DIR: "PKCS-15" by its identifier (PKCS#15 §5.4.1).
pub(super) const CARD_APPLICATION: SelectTarget = SelectTarget::application(b"\xA0\x00\x00\x00\x63PKCS-15");
/// The smallest block that every card gives.
pub(super) const FILES: Files = Files { select: Select::FromMf, blocks: &[256, 231, 128] };

/// Numbers of PKCS #11 by which a card names its algorithms.
const CKM_RSA_PKCS: u32 = 0x01;
const CKM_ECDSA: u32 = 0x1041;

/// A PIN longer than this is none.
const LONGEST_PIN: u8 = 16;

/// What is common to all such cards.
pub static CARD: CardProfile = CardProfile {
    model: "PKCS#15",
    label: "PKCS15",
    issuer: "unknown",
    atrs: &[],
    told: AtrCertainty::Nothing(read),
    application: CARD_APPLICATION,
    selecting: Selecting::ClosesPins,
    files: FILES,
    numbers: Cow::Borrowed(&[Number::Certificate]),
    print: Print::Characters,
    pins: Cow::Borrowed(&[]),
    codes: IssuerCodes { puk: None, delivery: Delivery::Ready, evidence: Evidence::OneSource },
    pin_block: PinBlock::Typed,
    asking: Asking { object: None, empty_verify: false },
    closing: Closing::Select,
    order: Order::KeyFirst,
    writing: Writing::Never,
    keys: Cow::Borrowed(&[]),
    authorities: Cow::Borrowed(&[]),
    personal: PersonalData::None,
};

fn read(channel: &mut Channel<'_>, card: &CardProfile) -> Result<CardProfile, CardError> {
    let structure = Structure::read(channel)?;
    Ok(structure.profile(card))
}

/// What such a card says of itself.
pub(super) struct Structure {
    /// Its application.
    application: SelectTarget,
    /// The path of that from the MF.
    path: Vec<u8>,
    /// What it says of itself.
    pub(super) info: Option<CardInfo>,
    /// Its PINs.
    pins: Vec<PinEntry>,
    /// Certificates that can be read, each with the key that it belongs to.
    keys: Vec<(CertificateEntry, Certificate, Option<PrivateKeyEntry>)>,
    /// Certificates of authorities.
    authorities: Vec<CertificateEntry>,
}

impl Structure {
    /// Reads it. A card without it is of no known kind.
    pub(super) fn read(channel: &mut Channel<'_>) -> Result<Self, CardError> {
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
        for entry in certificates {
            let key = private.iter().find(|key| !entry.id.is_empty() && key.id == entry.id);
            if entry.authority && key.is_none() {
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

    /// The path from the MF. One that does not begin there counts from the application.
    fn below_mf(&self, path: &[u8]) -> Vec<u8> {
        match FilePath::new(path).as_ref().and_then(FilePath::below_mf) {
            Some(below) => below.to_vec(),
            None => [self.path.as_slice(), path].concat(),
        }
    }

    fn certificate(&self, entry: &CertificateEntry) -> File {
        File { home: self.application.clone(), path: Cow::Owned(self.below_mf(entry.path.bytes())) }
    }

    /// A file of the application. `None` where there is none, or nothing in it.
    fn file(&self, channel: &mut Channel<'_>, path: &[u8]) -> Result<Option<Vec<u8>>, CardError> {
        read_at(channel, &self.below_mf(path))
    }

    /// All entries in files of one kind.
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

    /// The card as its own files describe it.
    pub(super) fn profile(&self, card: &CardProfile) -> CardProfile {
        let mut pins: Vec<(PinSpec, &PinEntry)> = Vec::new();
        let mut keys = Vec::new();
        for (at, (entry, certificate, private)) in self.keys.iter().enumerate() {
            let usable = private.as_ref().zip(certificate.public_key());
            let guarded = usable.and_then(|(private, public)| {
                let role = self.guard(&mut pins, private)?;
                self.key(private, &public).map(|key| (role, key))
            });
            let number = u8::try_from(at).unwrap_or(u8::MAX);
            let id = if entry.id.is_empty() { vec![number] } else { entry.id.clone() };
            let label = entry.label.clone().or_else(|| private.as_ref()?.label.clone()).unwrap_or_default();
            let (role, key) = guarded.unwrap_or((Role::Authentication, Key::NONE));
            keys.push(KeySpec {
                role,
                pin_use: key.pin_use,
                id: Cow::Owned(id),
                label: Cow::Owned(label),
                home: key.home.unwrap_or_else(|| self.application.clone()),
                reference: key.reference,
                algorithm: key.algorithm,
                uses: key.uses,
                signing: key.signing,
                deciphering: None,
                certificate: self.certificate(entry),
                evidence: Evidence::OneSource,
            });
        }
        let block = pins.first().and_then(|(_, entry)| block(entry)).unwrap_or(card.pin_block);
        let authorities = self.authorities.iter().map(|entry| AuthoritySpec {
            id: Cow::Owned(entry.id.clone()),
            label: Cow::Owned(entry.label.clone().unwrap_or_default()),
            certificate: self.certificate(entry),
            evidence: Evidence::OneSource,
        });
        CardProfile {
            application: self.application.clone(),
            numbers: self.numbers(),
            pins: pins.into_iter().map(|(spec, _)| spec).collect(),
            pin_block: block,
            keys: Cow::Owned(keys),
            authorities: authorities.collect(),
            ..card.clone()
        }
    }

    /// EF.CIAInfo need not have a serial number; then that of a certificate stands for it.
    fn numbers(&self) -> Cow<'static, [Number]> {
        let has_serial = self.info.as_ref().is_some_and(|info| !info.serial.is_empty());
        let serial = has_serial.then(|| Number::CardInfo(Cow::Owned(self.below_mf(CARD_INFO))));
        Cow::Owned(serial.into_iter().chain([Number::Certificate]).collect())
    }

    /// The role of the PIN that guards a key, if it is one that can be presented.
    fn guard<'s>(&'s self, pins: &mut Vec<(PinSpec, &'s PinEntry)>, key: &PrivateKeyEntry) -> Option<Role> {
        let wanted = key.auth_id.as_ref()?;
        let entry = self.pins.iter().find(|pin| pin.auth_id == *wanted)?;
        if let Some((spec, _)) = pins.iter().find(|(_, known)| std::ptr::eq(*known, entry)) {
            return Some(spec.role);
        }
        let role = if each_time(key) { Role::Signature } else { Role::Authentication };
        let taken = pins.iter().any(|(spec, _)| spec.role == role);
        let fits = pins.first().is_none_or(|(_, known)| block(known) == block(entry));
        if taken || !fits {
            return None;
        }
        pins.push((self.pin(role, entry)?, entry));
        Some(role)
    }

    /// A PIN, if the card describes it so that nothing is left to guess.
    fn pin(&self, role: Role, entry: &PinEntry) -> Option<PinSpec> {
        block(entry)?;
        let administrative = PinFlags(PinFlags::UNBLOCKING.0 | PinFlags::SECURITY_OFFICER.0);
        if entry.flags.any(administrative) {
            return None;
        }
        let local = entry.flags.any(PinFlags::LOCAL);
        let directory =
            entry.path.as_ref().map(|path| self.below_mf(path.bytes())).filter(|path| !path.is_empty());
        Some(PinSpec {
            role,
            name: match role {
                Role::Authentication => "PIN1",
                Role::Signature => "PIN2",
            },
            reference: entry.reference?,
            home: match directory {
                Some(path) if local => SelectTarget::Directory(Cow::Owned(path)),
                _ => self.application.clone(),
            },
            scope: if local { Scope::SelectTarget } else { Scope::Card },
            min: entry.min.into(),
            max: entry.max.unwrap_or(entry.stored).min(LONGEST_PIN).into(),
            letter_max: entry.max.unwrap_or(entry.stored).min(LONGEST_PIN).into(),
            tries: 3,
            evidence: Evidence::OneSource,
        })
    }

    /// How a key is used, if the card describes it so that nothing is left to guess.
    fn key(&self, entry: &PrivateKeyEntry, public: &PublicKey) -> Option<Key> {
        let signs = KeyUsageFlags(
            KeyUsageFlags::SIGN.0 | KeyUsageFlags::SIGN_RECOVER.0 | KeyUsageFlags::NON_REPUDIATION.0,
        );
        if !entry.usage.allows(signs) {
            return None;
        }
        let algorithm = match public {
            PublicKey::Ec { curve, .. } => KeyAlgorithm::Ec(*curve),
            PublicKey::Rsa { modulus, .. } => {
                KeyAlgorithm::rsa(u16::try_from(modulus.len().checked_mul(8)?).ok()?)
            }
        };
        let directory =
            entry.path.as_ref().map(|path| self.below_mf(path.bytes())).filter(|path| !path.is_empty());
        Some(Key {
            home: directory
                .filter(|path| *path != self.path)
                .map(|path| SelectTarget::Directory(Cow::Owned(path))),
            reference: entry.reference?,
            algorithm,
            uses: KeyUses::SIGN,
            pin_use: if each_time(entry) { PinUse::EachSignature } else { PinUse::OncePerLogin },
            signing: self.signing(entry, public),
        })
    }

    /// PSO COMPUTE DIGITAL SIGNATURE with the digest (ISO 7816-8 §11.6). The algorithm is the one that the card names
    /// for the key; a key with but one algorithm needs no name.
    fn signing(&self, entry: &PrivateKeyEntry, public: &PublicKey) -> Signing {
        let mechanism = match public {
            PublicKey::Ec { .. } => CKM_ECDSA,
            PublicKey::Rsa { .. } => CKM_RSA_PKCS,
        };
        let offered = self.info.iter().flat_map(|info| &info.algorithms);
        let named = offered
            .filter(|offer| offer.mechanism == mechanism && entry.algorithms.contains(&offer.reference))
            .find_map(|offer| offer.algorithm);
        let reference = named.unwrap_or_default();
        let algorithm = |scheme, input| {
            move |hash| Algorithm { scheme, hash, reference, input, evidence: Evidence::OneSource }
        };
        let algorithms: Vec<Algorithm> = match public {
            PublicKey::Ec { .. } => {
                [Hash::Sha256, Hash::Sha384].map(algorithm(Scheme::Ecdsa, Input::Digest)).to_vec()
            }
            PublicKey::Rsa { .. } => [Hash::Sha1, Hash::Sha224, Hash::Sha256, Hash::Sha384, Hash::Sha512]
                .map(algorithm(Scheme::Pkcs1, Input::DigestInfo))
                .to_vec(),
        };
        Signing {
            way: SigningWay::Inline,
            template: if named.is_some() { Template::Objects } else { Template::KeyOnly },
            algorithms: Cow::Owned(algorithms),
        }
    }
}

/// A key, as far as its card describes it.
struct Key {
    /// Where it is used, if that is not the application.
    home: Option<SelectTarget>,
    reference: u8,
    algorithm: KeyAlgorithm,
    uses: KeyUses,
    pin_use: PinUse,
    signing: Signing,
}

impl Key {
    /// There is but the certificate.
    const NONE: Key = Key {
        home: None,
        reference: 0,
        algorithm: KeyAlgorithm::rsa(0),
        uses: KeyUses::NONE,
        pin_use: PinUse::OncePerLogin,
        signing: Signing {
            way: SigningWay::Inline,
            template: Template::KeyOnly,
            algorithms: Cow::Borrowed(&[]),
        },
    };
}

/// A key of acts of will, and one for which the card wants its holder to consent each time.
fn each_time(key: &PrivateKeyEntry) -> bool {
    key.user_consent.is_some() || key.usage.allows(KeyUsageFlags::NON_REPUDIATION)
}

/// How a PIN is written. `None` for forms that programs disagree about.
fn block(entry: &PinEntry) -> Option<PinBlock> {
    match (entry.kind, entry.pad) {
        (PinType::AsciiNumeric | PinType::Utf8, _) if !entry.flags.any(PinFlags::NEEDS_PADDING) => {
            Some(PinBlock::Typed)
        }
        (PinType::AsciiNumeric | PinType::Utf8, Some(fill)) if entry.stored <= LONGEST_PIN => {
            Some(PinBlock::Filled { length: entry.stored.into(), fill })
        }
        _ => None,
    }
}

/// Identifiers of applications with such a structure begin so, or say so by name (ISO 7816-15 §7.3, PKCS#15 §5.4.1).
const PREFIX: &[u8] = b"\xE8\x28\xBD\x08\x0F";
const NAME: &[u8] = b"PKCS-15";

/// Selects the application, and tells its path: the one that EF.DIR names, or the one that every PKCS#15 card has.
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

/// As with files: what the card refuses, or garbles, is asked for once more.
fn twice_if_refused<T>(ask: &mut dyn FnMut() -> Result<T, CardError>) -> Result<T, CardError> {
    match ask() {
        Err(CardError::Refused { .. } | CardError::Malformed { .. }) => ask(),
        outcome => outcome,
    }
}

/// Reads a file by its path from the MF. `None` where the card does not give it, or nothing is in it. What is missing,
/// garbled or cut short is read twice, because it is believed for as long as the card is in the reader.
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
