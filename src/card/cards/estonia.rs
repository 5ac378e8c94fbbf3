//! Estonia: identity cards, digi-IDs and e-Residency cards, which are technically the same.
//!
//! Sources: recordings of test cards as published in the unit tests of Web eID's libelectronic-id and of RIA's NFC
//! library, OpenSC's drivers esteid2018 and esteid2025, DigiDoc4, help pages of id.ee.

use super::profile::{
    Asking, Atr, AtrCertainty, Atrs, CardProfile, Closing, Contactless, Curve, Deciphering, Delivery,
    Evidence, Family, File, Files, IssuerCodes, KeyAlgorithm, KeySpec, KeyUses, Order, PersonalData,
    PersonalField, PinSpec, PinUse, Presentation, PukSpec, Role, Scope, Select, SelectTarget, Selecting,
    SerialFormat, SerialSource, Signing, Unblocking, Writing,
};
use super::{idemia, multiapp};
use crate::iso7816::secure::Suite;
use Evidence::{Recorded, TwoSources};
use avain_crypto::messaging::KeyLength;
use std::borrow::Cow;

/// Identifiers and labels as in OpenSC.
const AUTHENTICATION: (&[u8], &str) = (&[0x01], "Isikutuvastus");
const SIGNATURE: (&[u8], &str) = (&[0x02], "Allkirjastamine");
const LABEL: &str = "ESTEID";

/// One file per field, the same on both kinds of card. Unused ones are empty.
const RECORDS: &[(u16, PersonalField)] = &[
    (0x5001, PersonalField::Surname),
    (0x5002, PersonalField::GivenNames),
    (0x5003, PersonalField::Sex),
    (0x5004, PersonalField::Citizenship),
    (0x5005, PersonalField::Birth),
    (0x5006, PersonalField::PersonalCode),
    (0x5007, PersonalField::DocumentNumber),
    (0x5008, PersonalField::ValidTo),
    (0x5009, PersonalField::Issue),
];

/// Both keys are on P-384; their uses are the keyUsage of their certificates (recorded).
const fn authentication(
    home: SelectTarget,
    reference: u8,
    certificate: File,
    signing: Signing,
    deciphering: &'static Deciphering,
) -> KeySpec {
    KeySpec {
        role: Role::Authentication,
        pin_use: PinUse::OncePerLogin,
        id: Cow::Borrowed(AUTHENTICATION.0),
        label: Cow::Borrowed(AUTHENTICATION.1),
        home,
        reference,
        algorithm: KeyAlgorithm::Ec(Curve::P384),
        uses: KeyUses { sign: true, decipher: false, agree: true },
        signing,
        deciphering: Some(deciphering),
        certificate,
        evidence: Recorded,
    }
}

/// For signatures only.
const fn signature(home: SelectTarget, reference: u8, certificate: File, signing: Signing) -> KeySpec {
    KeySpec {
        role: Role::Signature,
        pin_use: PinUse::EachSignature,
        id: Cow::Borrowed(SIGNATURE.0),
        label: Cow::Borrowed(SIGNATURE.1),
        home,
        reference,
        algorithm: KeyAlgorithm::Ec(Curve::P384),
        uses: KeyUses::SIGN,
        signing,
        deciphering: None,
        certificate,
        evidence: Recorded,
    }
}

const IDEMIA_KEYS: &[KeySpec] = &[
    authentication(
        idemia::AWP,
        0x81,
        File::new(idemia::MAIN, &[0xAD, 0xF1, 0x34, 0x01]),
        idemia::EC_AUTHENTICATION,
        &idemia::KEY_AGREEMENT,
    ),
    signature(idemia::QSCD, 0x9F, File::new(idemia::MAIN, &[0xAD, 0xF2, 0x34, 0x1F]), idemia::EC_SIGNATURE),
];

const IDEMIA_PINS: &[PinSpec] = &idemia::pins(5);
static IDEMIA_RECORDS: SelectTarget = SelectTarget::directory(&[0x50, 0x00]);

/// IDEMIA Cosmo 8 and Cosmo X: December 2018 to November 2025. It is not known whether selecting an application
/// resets the state of PIN1; if it does, the card refuses the key, and PIN1 is verified again.
pub static IDEMIA: CardProfile = CardProfile {
    model: "ESTEID2018",
    label: LABEL,
    issuer: "IDEMIA",
    family: Family::EstoniaWithEnvelope,
    atrs: Atrs {
        known: &[
            Atr::new(
                b"\x3B\xDB\x96\x00\x80\xB1\xFE\x45\x1F\x83\x00\x12\x23\x3F\x53\x65\x49\x44\x0F\x90\x00\xF1",
            ),
            Atr::new(
                b"\x3B\xDC\x96\x00\x80\xB1\xFE\x45\x1F\x83\x00\x12\x23\x3F\x54\x65\x49\x44\x32\x0F\x90\x00\xC3",
            ),
        ],
        later: &[],
        contactless: &[
            Atr::new(b"\x3B\x8B\x80\x01\x00\x12\x23\x3F\x53\x65\x49\x44\x0F\x90\x00\xA0"),
            Atr::new(b"\x3B\x8C\x80\x01\x00\x12\x23\x3F\x54\x65\x49\x44\x32\x0F\x90\x00\x92"),
        ],
        contactless_later: &[],
    },
    certainty: AtrCertainty::All,
    contactless: Some(&idemia::CONTACTLESS),
    application: idemia::MAIN,
    selecting: Selecting::KeepsPins,
    files: Files { select: Select::FromCurrentDf, blocks: idemia::BLOCKS },
    serial_sources: Cow::Borrowed(&[SerialSource::File { path: idemia::DOCUMENT_NUMBER, tag: Some(0x04) }]),
    serial_format: SerialFormat::Characters,
    pins: Cow::Borrowed(IDEMIA_PINS),
    pins_equal: false,
    codes: idemia::CODES,
    pin_block: idemia::PIN_BLOCK,
    keypad: idemia::KEYPAD,
    asking: Asking { object: Some(idemia::PIN_OBJECT), empty_verify: false },
    closing: Closing::Select,
    order: Order::PinFirst,
    writing: Writing::Free,
    keys: Cow::Borrowed(IDEMIA_KEYS),
    authorities: Cow::Borrowed(&[]),
    personal: PersonalData::Records { directory: &IDEMIA_RECORDS, files: RECORDS },
};

const THALES_KEYS: &[KeySpec] = &[
    authentication(
        multiapp::APPLICATION,
        0x01,
        File::new(multiapp::APPLICATION, &[0xAD, 0xF1, 0x34, 0x11]),
        multiapp::signing(&[multiapp::ECDSA_P384]),
        &THALES_KEY_AGREEMENT,
    ),
    signature(
        multiapp::APPLICATION,
        0x05,
        File::new(multiapp::APPLICATION, &[0xAD, 0xF2, 0x34, 0x21]),
        multiapp::signing(&[multiapp::ECDSA_P384]),
    ),
];

static THALES_KEY_AGREEMENT: Deciphering = multiapp::deciphering(&[], &[], TwoSources);

const fn thales_pin(role: Role, name: &'static str, reference: u8, min: usize) -> PinSpec {
    PinSpec {
        role,
        name,
        reference,
        home: multiapp::APPLICATION,
        scope: Scope::Card,
        presentation: Presentation::Verify,
        min,
        max: 12,
        letter_max: 12,
        tries: 3,
        evidence: Recorded,
    }
}

const THALES_PINS: &[PinSpec] =
    &[thales_pin(Role::Authentication, "PIN1", 0x81, 4), thales_pin(Role::Signature, "PIN2", 0x82, 5)];

static THALES_RECORDS: SelectTarget = SelectTarget::directory(&[0xDF, 0xDD]);

/// The known answer to reset on contacts. Version and sub-version of MultiApp, 05 10, and the check byte after them may
/// be others on later chips.
const THALES_CONTACT: &[u8] =
    b"\x3B\xFF\x96\x00\x00\x80\x31\xFE\x43\x80\x31\xB8\x53\x65\x49\x44\x64\xB0\x85\x05\x10\x12\x23\x3F\x1D";

/// The same on the contactless interface, computed from the recorded historical bytes.
const THALES_WITHOUT_CONTACTS: &[u8] =
    b"\x3B\x8F\x80\x01\x80\x31\xD8\x53\x65\x49\x44\x64\xB0\x85\x05\x10\x12\x23\x3F\x16";

/// Signatures with both keys, wrong PINs and unblocking are recorded.
static THALES_CONTACTLESS: Contactless = Contactless {
    by_contacts: false,
    application: None,
    suite: Some(THALES_SUITE),
    proven: &Role::ALL,
    sets_pins: true,
    evidence: Recorded,
};

/// EF.CardAccess was selected and not read; the curve is not named to the card, and was found by computing.
const THALES_SUITE: Suite =
    Suite { length: KeyLength::Aes256, curve: avain_crypto::pace::Curve::BrainpoolP384, number: None };

/// Thales MultiApp: since 17 November 2025. PIN2 has to be changed once before the first signature. VERIFY without
/// data is known of Finland's cards only, so the data object is read.
pub static THALES: CardProfile = CardProfile {
    model: "ESTEID2025",
    label: LABEL,
    issuer: "Thales",
    family: Family::Estonia,
    atrs: Atrs {
        known: &[Atr::new(THALES_CONTACT)],
        later: &[Atr::like(THALES_CONTACT, &[19, 20, 24])],
        contactless: &[Atr::new(THALES_WITHOUT_CONTACTS)],
        contactless_later: &[Atr::like(THALES_WITHOUT_CONTACTS, &[14, 15, 19])],
    },
    certainty: AtrCertainty::All,
    contactless: Some(&THALES_CONTACTLESS),
    application: multiapp::APPLICATION,
    selecting: Selecting::ClosesPins,
    files: multiapp::FILES,
    // According to DigiDoc4, newer cards have no document number there.
    serial_sources: Cow::Borrowed(&[
        SerialSource::File { path: &[0xDF, 0xDD, 0x50, 0x07], tag: None },
        SerialSource::Certificate,
    ]),
    serial_format: SerialFormat::Characters,
    pins: Cow::Borrowed(THALES_PINS),
    pins_equal: false,
    codes: IssuerCodes {
        puk: Some(PukSpec {
            reference: 0x83,
            home: multiapp::APPLICATION,
            min: 8,
            max: 12,
            tries: 3,
            unblocking: Unblocking::AtOnce,
            changeable: false,
        }),
        delivery: Delivery::FirstChange,
        evidence: TwoSources,
    },
    pin_block: multiapp::PIN_BLOCK,
    keypad: multiapp::KEYPAD,
    asking: Asking { object: Some(multiapp::PIN_OBJECT), empty_verify: false },
    closing: Closing::Select,
    order: Order::PinFirst,
    writing: Writing::Free,
    keys: Cow::Borrowed(THALES_KEYS),
    authorities: Cow::Borrowed(&[]),
    personal: PersonalData::Records { directory: &THALES_RECORDS, files: RECORDS },
};
