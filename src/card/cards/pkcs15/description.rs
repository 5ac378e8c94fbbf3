//! From the description of a card to its profile.

use super::structure::{CARD_INFO, Structure};
use crate::cards::profile::{
    Algorithm, AuthoritySpec, CardProfile, Evidence, File, Hash, Input, KeyAlgorithm, KeySpec, KeyUses,
    PinBlock, PinSpec, PinUse, Presentation, Role, Scheme, Scope, SelectTarget, SerialSource, Signing,
    SigningCommand, Template,
};
use crate::iso7816::cia::{KeyUsageFlags, PinEntry, PinFlags, PinType, PrivateKeyEntry};
use avain_crypto::PublicKey;
use std::borrow::Cow;

/// PKCS #11 mechanisms, by which EF.CIAInfo names algorithms.
const CKM_RSA_PKCS: u32 = 0x01;
const CKM_ECDSA: u32 = 0x1041;

/// Longer PINs are not supported.
const LONGEST_PIN: u8 = 16;

impl Structure {
    /// The profile of the card as its files describe it.
    pub(in crate::cards) fn profile(&self) -> CardProfile {
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
                home: key.home.unwrap_or_else(|| self.card.application.clone()),
                reference: key.reference,
                algorithm: key.algorithm,
                uses: key.uses,
                signing: key.signing,
                deciphering: None,
                certificate: self.certificate(entry),
                evidence: Evidence::OneSource,
            });
        }
        let block = pins.first().and_then(|(_, entry)| block(entry)).unwrap_or(self.card.pin_block);
        let authorities = self.authorities.iter().map(|entry| AuthoritySpec {
            id: Cow::Owned(entry.id.clone()),
            label: Cow::Owned(entry.label.clone().unwrap_or_default()),
            certificate: self.certificate(entry),
            evidence: Evidence::OneSource,
        });
        CardProfile {
            serial_sources: self.serial_sources(),
            pins: pins.into_iter().map(|(spec, _)| spec).collect(),
            pin_block: block,
            keys: Cow::Owned(keys),
            authorities: authorities.collect(),
            ..self.card.clone()
        }
    }

    /// The certificates with what the card says of their keys, for a card that is known otherwise.
    pub(in crate::cards) fn described(&self) -> impl Iterator<Item = Described> {
        self.keys.iter().map(|(entry, certificate, private)| Described {
            id: entry.id.clone(),
            label: entry.label.clone().unwrap_or_default(),
            home: private.as_ref().and_then(|key| self.directory_of(key)),
            reference: private.as_ref().and_then(|key| key.reference),
            commits: private.as_ref().is_some_and(each_time),
            algorithm: certificate.public_key().as_ref().and_then(algorithm),
            certificate: self.certificate(entry),
        })
    }

    /// The DF in which a key is used, if the card names it.
    fn directory_of(&self, key: &PrivateKeyEntry) -> Option<SelectTarget> {
        let path = key.path.as_ref()?;
        Some(SelectTarget::Directory(Cow::Owned(self.below_mf(path.bytes()))))
    }

    /// EF.CIAInfo need not contain a serial number; then that of a certificate stands for it.
    fn serial_sources(&self) -> Cow<'static, [SerialSource]> {
        let has_serial = self.info.as_ref().is_some_and(|info| !info.serial.is_empty());
        let serial = has_serial.then(|| SerialSource::CardInfo(Cow::Owned(self.below_mf(CARD_INFO))));
        Cow::Owned(serial.into_iter().chain([SerialSource::Certificate]).collect())
    }

    /// The role of the PIN that protects a key, if that PIN can be verified.
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

    /// A PIN, if the card describes it unambiguously.
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
                _ => self.card.application.clone(),
            },
            scope: if local { Scope::Application } else { Scope::Card },
            presentation: Presentation::Verify,
            min: entry.min.into(),
            max: entry.max.unwrap_or(entry.stored).min(LONGEST_PIN).into(),
            letter_max: entry.max.unwrap_or(entry.stored).min(LONGEST_PIN).into(),
            tries: 3,
            evidence: Evidence::OneSource,
        })
    }

    /// How a key is used, if the card describes it unambiguously.
    fn key(&self, entry: &PrivateKeyEntry, public: &PublicKey) -> Option<Key> {
        let signs = KeyUsageFlags(
            KeyUsageFlags::SIGN.0 | KeyUsageFlags::SIGN_RECOVER.0 | KeyUsageFlags::NON_REPUDIATION.0,
        );
        if !entry.usage.allows(signs) {
            return None;
        }
        let directory =
            entry.path.as_ref().map(|path| self.below_mf(path.bytes())).filter(|path| !path.is_empty());
        Some(Key {
            home: directory
                .filter(|path| *path != self.path)
                .map(|path| SelectTarget::Directory(Cow::Owned(path))),
            reference: entry.reference?,
            algorithm: algorithm(public)?,
            uses: KeyUses::SIGN,
            pin_use: if each_time(entry) { PinUse::EachSignature } else { PinUse::OncePerLogin },
            signing: self.signing(entry, public),
        })
    }

    /// PSO COMPUTE DIGITAL SIGNATURE with the digest (ISO 7816-8 §11.6), and the algorithm reference that the card
    /// gives for the key; a key with one algorithm needs none.
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
            command: SigningCommand::Inline,
            template: if named.is_some() { Template::Objects } else { Template::KeyOnly },
            algorithms: Cow::Owned(algorithms),
        }
    }
}

/// A certificate, and what the card says of its key.
pub(in crate::cards) struct Described {
    pub(in crate::cards) id: Vec<u8>,
    pub(in crate::cards) label: String,
    pub(in crate::cards) home: Option<SelectTarget>,
    pub(in crate::cards) reference: Option<u8>,
    /// Is it a key whose signatures commit the holder?
    pub(in crate::cards) commits: bool,
    pub(in crate::cards) algorithm: Option<KeyAlgorithm>,
    pub(in crate::cards) certificate: File,
}

/// The algorithm of a key.
fn algorithm(public: &PublicKey) -> Option<KeyAlgorithm> {
    Some(match public {
        PublicKey::Ec { curve, .. } => KeyAlgorithm::Ec(*curve),
        PublicKey::Rsa { modulus, .. } => {
            KeyAlgorithm::rsa(u16::try_from(modulus.len().checked_mul(8)?).ok()?)
        }
    })
}

/// How a key is used, as far as its card describes it.
struct Key {
    /// The DF in which it is used, if that is not the application.
    home: Option<SelectTarget>,
    reference: u8,
    algorithm: KeyAlgorithm,
    uses: KeyUses,
    pin_use: PinUse,
    signing: Signing,
}

impl Key {
    /// There is only the certificate.
    const NONE: Key = Key {
        home: None,
        reference: 0,
        algorithm: KeyAlgorithm::rsa(0),
        uses: KeyUses::NONE,
        pin_use: PinUse::OncePerLogin,
        signing: Signing {
            command: SigningCommand::Inline,
            template: Template::KeyOnly,
            algorithms: Cow::Borrowed(&[]),
        },
    };
}

/// Is it a key for non-repudiation, or one for which the card demands consent each time?
fn each_time(key: &PrivateKeyEntry) -> bool {
    key.user_consent.is_some() || key.usage.allows(KeyUsageFlags::NON_REPUDIATION)
}

/// How a PIN is encoded. `None` for encodings that programs interpret differently.
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
