//! Latvia: identity cards since 2019. There are two files for each certificate, of which one is used, and the keys
//! are RSA or EC; the directory of the card says which.
//!
//! Sources: recordings of demo cards as published in the unit tests of Web eID's libelectronic-id and of RIA's NFC
//! library, an issue there with the log of a renewed card, OpenSC's driver esteid2018.

use super::engine;
use super::error::{CardError, Step};
use super::idemia;
use super::profile::{
    Algorithm, Asking, Atr, AtrCertainty, Atrs, CardProfile, Closing, Curve, Evidence, Family, File, Files,
    Hash, Input, KeyAlgorithm, KeySpec, KeyUses, Order, PersonalData, PersonalField, PinSpec, PinUse, Role,
    Scheme, Select, SelectTarget, Selecting, SerialFormat, SerialSource, Signing, SigningCommand, Writing,
};
use crate::iso7816::cia::{self, KeyKind};
use crate::iso7816::{Channel, file};
use Evidence::{OneSource, Recorded, TwoSources};
use std::borrow::Cow;

/// EF.OD (ISO 7816-15 §8.3).
const OBJECT_DIRECTORY: &[u8] = &[0x50, 0x31];

/// An RSA signature (PKCS #1 v1.5).
const fn rsa(hash: Hash, reference: u8, input: Input, evidence: Evidence) -> Algorithm {
    Algorithm { scheme: Scheme::Pkcs1, hash, reference, input, evidence }
}

/// A DigestInfo with SHA-256 is recorded.
const RSA_AUTHENTICATION: Signing = idemia::signing(
    SigningCommand::Authenticate,
    &[
        rsa(Hash::Sha1, 0x02, Input::DigestInfo, OneSource),
        rsa(Hash::Sha224, 0x02, Input::DigestInfo, OneSource),
        rsa(Hash::Sha256, 0x02, Input::DigestInfo, Recorded),
        rsa(Hash::Sha384, 0x02, Input::DigestInfo, OneSource),
        rsa(Hash::Sha512, 0x02, Input::DigestInfo, OneSource),
    ],
);
/// Recorded; the references for other hash functions are not known.
const RSA_SIGNATURE: Signing =
    idemia::signing(SigningCommand::Inline, &[rsa(Hash::Sha256, 0x42, Input::Digest, Recorded)]);

/// The keys of new cards. The card itself says which references and files it has, and whether its keys are RSA keys.
const KEYS: &[KeySpec] = &[
    KeySpec {
        role: Role::Authentication,
        pin_use: PinUse::OncePerLogin,
        id: Cow::Borrowed(&[0x01]),
        label: Cow::Borrowed("LatEID authentication"),
        home: idemia::AWP,
        reference: 0x82,
        algorithm: KeyAlgorithm::Ec(Curve::P384),
        uses: KeyUses { sign: true, decipher: false, agree: true },
        signing: idemia::EC_AUTHENTICATION,
        deciphering: Some(&idemia::KEY_AGREEMENT),
        certificate: File::new(idemia::AWP, &[0x34, 0x02]),
        evidence: Recorded,
    },
    KeySpec {
        role: Role::Signature,
        pin_use: PinUse::EachSignature,
        id: Cow::Borrowed(&[0x02]),
        label: Cow::Borrowed("LatEID signature"),
        home: idemia::QSCD,
        reference: 0x9E,
        algorithm: KeyAlgorithm::Ec(Curve::P384),
        uses: KeyUses::SIGN,
        signing: idemia::EC_SIGNATURE,
        deciphering: None,
        certificate: File::new(idemia::QSCD, &[0x34, 0x1E]),
        evidence: Recorded,
    },
];

const PINS: &[PinSpec] = &idemia::pins(6);
static RECORDS: SelectTarget = SelectTarget::directory(&[0x50, 0x00]);

/// IDEMIA Cosmo 8 and Cosmo X.
pub static CARD: CardProfile = CardProfile {
    model: "LatEID 2019",
    label: "LatEID",
    issuer: "IDEMIA",
    family: Family::Latvia,
    atrs: Atrs {
        known: &[
        Atr::new(b"\x3B\xDB\x96\x00\x80\xB1\xFE\x45\x1F\x83\x00\x12\x42\x8F\x53\x65\x49\x44\x0F\x90\x00\x20"),
        Atr::new(
            b"\x3B\xDC\x96\x00\x80\xB1\xFE\x45\x1F\x83\x00\x12\x42\x8F\x54\x65\x49\x44\x32\x0F\x90\x00\x12",
        ),
    ],
        later: &[],
        contactless: &[
            Atr::new(b"\x3B\x8B\x80\x01\x00\x12\x42\x8F\x53\x65\x49\x44\x0F\x90\x00\x71"),
            Atr::new(b"\x3B\x8C\x80\x01\x00\x12\x42\x8F\x54\x65\x49\x44\x32\x0F\x90\x00\x43"),
        ],
        contactless_later: &[],
    },
    certainty: AtrCertainty::Kind(read_keys),
    contactless: Some(&idemia::CONTACTLESS),
    application: idemia::MAIN,
    selecting: Selecting::KeepsPins,
    files: Files { select: Select::ChildEf, blocks: idemia::BLOCKS },
    // No source says whether these cards have the same file as the Estonian ones.
    serial_sources: Cow::Borrowed(&[
        SerialSource::File { path: idemia::DOCUMENT_NUMBER, tag: Some(0x04) },
        SerialSource::Certificate,
    ]),
    serial_format: SerialFormat::Characters,
    pins: Cow::Borrowed(PINS),
    pins_equal: false,
    codes: idemia::CODES,
    pin_block: idemia::PIN_BLOCK,
    keypad: idemia::KEYPAD,
    asking: Asking { object: Some(idemia::PIN_OBJECT), empty_verify: false },
    closing: Closing::Select,
    order: Order::PinFirst,
    writing: Writing::Free,
    keys: Cow::Borrowed(KEYS),
    authorities: Cow::Borrowed(&[]),
    // The other fields are in the certificates only.
    personal: PersonalData::Records { directory: &RECORDS, files: &[(0x5001, PersonalField::PersonalCode)] },
};

/// Finds out which certificates and keys are used.
fn read_keys(channel: &mut Channel<'_>, card: &CardProfile) -> Result<CardProfile, CardError> {
    let keys: Result<Vec<_>, _> = card.keys.iter().map(|key| in_use(channel, card, key)).collect();
    Ok(CardProfile { keys: Cow::Owned(keys?), ..card.clone() })
}

/// The key as described by the directory of its application.
fn in_use(channel: &mut Channel<'_>, card: &CardProfile, key: &KeySpec) -> Result<KeySpec, CardError> {
    let malformed = CardError::Malformed { step: Step::ReadDirectory };
    engine::select(channel, card, &key.home)?;
    let directory = cia::object_directory(&read(channel, card, OBJECT_DIRECTORY)?);
    let (certificates, keys) =
        directory.certificates.first().zip(directory.private_keys.first()).ok_or(malformed)?;
    let certificates = cia::certificates(&read(channel, card, certificates.bytes())?);
    let keys = cia::private_keys(&read(channel, card, keys.bytes())?);
    let (certificate, entry) = certificates.first().zip(keys.first()).ok_or(malformed)?;
    let [.., high, low] = certificate.path.bytes() else { return Err(malformed) };
    let with = KeySpec {
        reference: entry.reference.ok_or(malformed)?,
        certificate: File { home: key.home.clone(), path: Cow::Owned(vec![*high, *low]) },
        ..key.clone()
    };
    Ok(match (entry.kind, key.role) {
        (KeyKind::Ec, _) => with,
        (KeyKind::Rsa, role) => KeySpec {
            algorithm: KeyAlgorithm::rsa(2048),
            uses: KeyUses::SIGN,
            signing: match role {
                Role::Authentication => RSA_AUTHENTICATION,
                Role::Signature => RSA_SIGNATURE,
            },
            deciphering: None,
            evidence: TwoSources,
            ..with
        },
    })
}

fn read(channel: &mut Channel<'_>, card: &CardProfile, identifier: &[u8]) -> Result<Vec<u8>, CardError> {
    file::select_child(channel, identifier)
        .and_then(|()| file::read_whole(channel, card.files.blocks))
        .map_err(|error| Step::ReadDirectory.failed(error))
}
