//! Belgium: identity cards, "Belpic".
//!
//! Sources: the reference manuals of the applets 1.7 and 1.8 and the description of the card content, all published
//! with Belgium's middleware; a short recording of a card 1.7 in an issue of OpenSC.

use super::error::{CardError, Step};
use super::profile::{
    Algorithm, Asking, Atr, AtrCertainty, Atrs, AuthoritySpec, CardProfile, Closing, Curve, Delivery,
    Evidence, Family, File, Files, Hash, Input, IssuerCodes, KeyAlgorithm, KeySpec, KeyUses, OnKeypad, Order,
    PersonalData, PersonalField, PinBlock, PinSpec, PinUse, Presentation, Role, Scheme, Scope, Select,
    SelectTarget, Selecting, SerialFormat, SerialSource, Signing, SigningCommand, Template, Writing,
};
use crate::iso7816::apdu::{Command, Header};
use crate::iso7816::{Channel, StatusWord};
use Evidence::{OneSource, TwoSources};
use std::borrow::Cow;

/// DF(BELPIC). Paths begin with the MF.
const APPLET: SelectTarget = SelectTarget::directory(&[0x3F, 0x00, 0xDF, 0x00]);

const fn file(path: &'static [u8]) -> File {
    File::new(APPLET, path)
}

/// One PIN protects both keys. Only the municipality can unblock it.
const PINS: &[PinSpec] = &[PinSpec {
    role: Role::Authentication,
    name: "PIN",
    reference: 0x01,
    home: APPLET,
    scope: Scope::Card,
    presentation: Presentation::Verify,
    min: 4,
    max: 12,
    letter_max: 12,
    tries: 3,
    evidence: TwoSources,
}];

/// The PIN is verified once per session for one key, and directly before each signature for the other.
const fn key(
    uses: (PinUse, u8),
    name: (&'static [u8], &'static str),
    algorithm: KeyAlgorithm,
    algorithms: &'static [Algorithm],
    certificate: File,
) -> KeySpec {
    KeySpec {
        role: Role::Authentication,
        pin_use: uses.0,
        id: Cow::Borrowed(name.0),
        label: Cow::Borrowed(name.1),
        home: APPLET,
        reference: uses.1,
        algorithm,
        uses: KeyUses::SIGN,
        signing: Signing {
            command: SigningCommand::Inline,
            template: Template::Counted,
            algorithms: Cow::Borrowed(algorithms),
        },
        deciphering: None,
        certificate,
        evidence: TwoSources,
    }
}

/// Identifiers and labels as EF(PrKDF) has them.
const fn keys(algorithm: KeyAlgorithm, algorithms: &'static [Algorithm]) -> [KeySpec; 2] {
    [
        key(
            (PinUse::OncePerLogin, 0x82),
            (&[0x02], "Authentication"),
            algorithm,
            algorithms,
            file(&[0x3F, 0x00, 0xDF, 0x00, 0x50, 0x38]),
        ),
        key(
            (PinUse::EachSignature, 0x83),
            (&[0x03], "Signature"),
            algorithm,
            algorithms,
            file(&[0x3F, 0x00, 0xDF, 0x00, 0x50, 0x39]),
        ),
    ]
}

const fn algorithm(scheme: Scheme, hash: Hash, reference: u8, input: Input, evidence: Evidence) -> Algorithm {
    Algorithm { scheme, hash, reference, input, evidence }
}

const EC_KEYS: &[KeySpec] = &keys(
    KeyAlgorithm::Ec(Curve::P384),
    &[algorithm(Scheme::Ecdsa, Hash::Sha384, 0x02, Input::Digest, TwoSources)],
);

/// With 01 the program makes the DigestInfo, for hash functions without a reference of their own.
const RSA_KEYS: &[KeySpec] = &keys(
    KeyAlgorithm::Rsa { min: 1024, max: 2048 },
    &[
        algorithm(Scheme::Pkcs1, Hash::Sha1, 0x02, Input::Digest, TwoSources),
        algorithm(Scheme::Pkcs1, Hash::Sha224, 0x01, Input::DigestInfo, OneSource),
        algorithm(Scheme::Pkcs1, Hash::Sha256, 0x08, Input::Digest, TwoSources),
        algorithm(Scheme::Pkcs1, Hash::Sha384, 0x01, Input::DigestInfo, OneSource),
        algorithm(Scheme::Pkcs1, Hash::Sha512, 0x01, Input::DigestInfo, OneSource),
        algorithm(Scheme::Pss, Hash::Sha1, 0x10, Input::Digest, TwoSources),
        algorithm(Scheme::Pss, Hash::Sha256, 0x20, Input::Digest, TwoSources),
    ],
);

const AUTHORITIES: &[AuthoritySpec] = &[
    AuthoritySpec {
        id: Cow::Borrowed(&[0x04]),
        label: Cow::Borrowed("CA"),
        certificate: file(&[0x3F, 0x00, 0xDF, 0x00, 0x50, 0x3A]),
        evidence: TwoSources,
    },
    AuthoritySpec {
        id: Cow::Borrowed(&[0x06]),
        label: Cow::Borrowed("Root"),
        certificate: file(&[0x3F, 0x00, 0xDF, 0x00, 0x50, 0x3B]),
        evidence: TwoSources,
    },
];

/// EF(ID#RN) and EF(ID#Address), which can be read without a PIN.
const PERSONAL: PersonalData = PersonalData::Tagged {
    files: &[&[0x3F, 0x00, 0xDF, 0x01, 0x40, 0x31], &[0x3F, 0x00, 0xDF, 0x01, 0x40, 0x33]],
    tags: &[
        (0, 0x07, PersonalField::Surname),
        (0, 0x08, PersonalField::GivenNames),
        (0, 0x0D, PersonalField::Sex),
        (0, 0x0A, PersonalField::Citizenship),
        (0, 0x0C, PersonalField::Birth),
        (0, 0x0B, PersonalField::BirthPlace),
        (0, 0x06, PersonalField::PersonalCode),
        (0, 0x01, PersonalField::DocumentNumber),
        (0, 0x03, PersonalField::ValidFrom),
        (0, 0x04, PersonalField::ValidTo),
        (0, 0x05, PersonalField::Issue),
        (1, 0x01, PersonalField::Street),
        (1, 0x02, PersonalField::PostalCode),
        (1, 0x03, PersonalField::Municipality),
    ],
};

/// GET CARD DATA: the chip's serial number comes first (recorded).
fn chip_number(channel: &mut Channel<'_>) -> Result<Vec<u8>, CardError> {
    let step = Step::ReadSerial;
    let reply = channel.send(&Command::receive(Header { cla: 0x80, ins: 0xE4, p1: 0, p2: 0 }, 0x1C))?;
    match (reply.sw, reply.data.get(..16)) {
        (StatusWord::OK, Some(number)) => Ok(number.to_vec()),
        (StatusWord::OK, None) => Err(CardError::Malformed { step }),
        (sw, _) => Err(CardError::Refused { step, sw }),
    }
}

/// LOG OFF.
fn log_off() -> Command {
    Command::bare(Header { cla: 0x80, ins: 0xE6, p1: 0, p2: 0 })
}

const fn card(model: &'static str, atrs: &'static [Atr], keys: &'static [KeySpec]) -> CardProfile {
    CardProfile {
        model,
        label: "BELPIC",
        issuer: "Belgium Government",
        family: Family::Belgium,
        atrs: Atrs::contact(atrs),
        certainty: AtrCertainty::All,
        contactless: None,
        application: APPLET,
        selecting: Selecting::KeepsPins,
        files: Files { select: Select::FromMf, blocks: &[0xF8] },
        serial_sources: Cow::Borrowed(&[SerialSource::Command(chip_number)]),
        serial_format: SerialFormat::Hexadecimal,
        pins: Cow::Borrowed(PINS),
        pins_equal: false,
        codes: IssuerCodes { puk: None, delivery: Delivery::Ready, evidence: TwoSources },
        pin_block: PinBlock::HalfBytes,
        // The state's applet and its middleware.
        keypad: OnKeypad { present: Some(TwoSources), set: Some(TwoSources) },
        asking: Asking { object: None, empty_verify: true },
        closing: Closing::LogOff(log_off),
        order: Order::KeyFirst,
        writing: Writing::Free,
        keys: Cow::Borrowed(keys),
        authorities: Cow::Borrowed(AUTHORITIES),
        personal: PERSONAL,
    }
}

/// Applet 1.8: since about 2020.
pub static APPLET_1_8: CardProfile = card(
    "Belgium eID 1.8",
    &[Atr::new(b"\x3B\x7F\x96\x00\x00\x80\x31\x80\x65\xB0\x85\x04\x01\x20\x12\x0F\xFF\x82\x90\x00")],
    EC_KEYS,
);

/// Applet 1.7 and earlier ones.
pub static APPLET_1_7: CardProfile = card(
    "Belgium eID 1.7",
    &[Atr::like(b"\x3B\x98\x13\x40\x0A\xA5\x03\x01\x01\x01\xAD\x13\x11", &[2, 4, 12])],
    RSA_KEYS,
);
