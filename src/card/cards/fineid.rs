//! Finland: FINEID citizen cards.
//!
//! Sources: FINEID S1 (electronic ID application), FINEID S4-1 v3.0 to v4.2 (implementation profile 1, citizen
//! cards), DVV's technology note on ATR bytes, recordings of DVV test cards v3.0 and v4.0 as published in the
//! unit tests of Web eID's libelectronic-id, and OpenSC's driver for v4.

use super::multiapp::{
    APPLICATION, CLOSING, ECDSA_P256, ECDSA_P384, FILES, KEYPAD, PIN_BLOCK, PIN_OBJECT, algorithm,
    deciphering, signing,
};
use super::profile::{
    Algorithm, Asking, Atr, AtrCertainty, Atrs, AuthoritySpec, CardProfile, Contactless, Curve, Deciphering,
    Decipherment, Delivery, Evidence, Family, File, Hash, IssuerCodes, KeyAlgorithm, KeySpec, KeyUses, Order,
    Padding, PersonalData, PinSpec, PinUse, Presentation, PukSpec, Role, Scheme, Scope, Selecting,
    SerialFormat, SerialSource, Unblocking, Writing,
};
use Evidence::{OneSource, Recorded, TwoSources};
use std::borrow::Cow;

/// EF.CIAInfo (OpenSC, S1).
const CARD_INFO: SerialSource = SerialSource::CardInfo(Cow::Borrowed(&[0x50, 0x32]));
/// The label names the card, but neither language nor holder, so that PKCS#11 URIs stay valid.
const LABEL: &str = "FINEID";
/// Digital and Population Data Services Agency, without umlauts because programs compare this field.
pub(super) const ISSUER: &str = "Digi- ja vaestotietovirasto";

/// PIN1 is global, PIN2 belongs to the signature keys; both references are valid in the MF (recorded). The card
/// accepts 4 to 12 and 6 to 12 digits (S4-1 §4.1); the issuer's letter says 4 to 8 and 6 to 8.
const PINS: &[PinSpec] = &[
    PinSpec {
        role: Role::Authentication,
        name: "PIN1",
        reference: 0x11,
        home: APPLICATION,
        scope: Scope::Card,
        presentation: Presentation::Verify,
        min: 4,
        max: 12,
        letter_max: 8,
        tries: 5,
        evidence: Recorded,
    },
    PinSpec {
        role: Role::Signature,
        name: "PIN2",
        reference: 0x82,
        home: APPLICATION,
        scope: Scope::Card,
        presentation: Presentation::Verify,
        min: 6,
        max: 12,
        letter_max: 8,
        tries: 5,
        evidence: Recorded,
    },
];

/// Cards granted before 13 January 2026 were delivered with blocked PINs and an activation PIN of 8 digits, which is
/// the PUK. Later ones are delivered with both PINs set to a transport code of 7 digits; their PUK has to be ordered.
/// The ATR does not show which it is (S4-1 §4.6; the digits and the date are on the issuer's pages). The last card of
/// v3.1 was issued in March 2023.
const V3_CODES: IssuerCodes = codes(None);
const V4_CODES: IssuerCodes = codes(Some(7));

const fn codes(transport: Option<usize>) -> IssuerCodes {
    IssuerCodes { puk: Some(PUK), delivery: Delivery::Letter { transport }, evidence: TwoSources }
}

const PUK: PukSpec = PukSpec {
    reference: 0x83,
    home: APPLICATION,
    min: 8,
    max: 12,
    tries: 5,
    unblocking: Unblocking::AtOnce,
    changeable: false,
};

const AUTHENTICATION_LABEL: &str = "FINEID authentication";
const SIGNATURE_LABEL: &str = "FINEID signature";

const AUTHENTICATION_CERTIFICATE: File = File::new(APPLICATION, &[0x43, 0x31]);
const SIGNATURE_CERTIFICATE: File = File::new(APPLICATION, &[0x50, 0x16, 0x43, 0x32]);
const SECOND_SIGNATURE_CERTIFICATE: File = File::new(APPLICATION, &[0x50, 0x16, 0x43, 0x35]);

/// The key that PIN1 protects; its uses are the keyUsage of its certificate (recorded for RSA and EC).
const fn authentication(algorithm: KeyAlgorithm, evidence: Evidence) -> KeySpec {
    let is_rsa = matches!(algorithm, KeyAlgorithm::Rsa { .. });
    KeySpec {
        role: Role::Authentication,
        pin_use: PinUse::OncePerLogin,
        id: Cow::Borrowed(&[0x45]),
        label: Cow::Borrowed(AUTHENTICATION_LABEL),
        home: APPLICATION,
        reference: 0x01,
        algorithm,
        uses: KeyUses { sign: true, decipher: is_rsa, agree: !is_rsa },
        signing: signing(ALGORITHMS),
        deciphering: Some(&DECIPHERING),
        certificate: AUTHENTICATION_CERTIFICATE,
        evidence,
    }
}

/// A key for qualified signatures only (nonRepudiation, recorded).
const fn signature(
    id: &'static [u8],
    label: &'static str,
    reference: u8,
    algorithm: KeyAlgorithm,
    certificate: File,
    evidence: Evidence,
) -> KeySpec {
    KeySpec {
        role: Role::Signature,
        pin_use: PinUse::EachSignature,
        id: Cow::Borrowed(id),
        label: Cow::Borrowed(label),
        home: APPLICATION,
        reference,
        algorithm,
        uses: KeyUses::SIGN,
        signing: signing(ALGORITHMS),
        deciphering: None,
        certificate,
        evidence,
    }
}

/// The first signature key, or the only one.
const fn first_signature(algorithm: KeyAlgorithm, evidence: Evidence) -> KeySpec {
    signature(&[0x46], SIGNATURE_LABEL, 0x02, algorithm, SIGNATURE_CERTIFICATE, evidence)
}

/// P-384 keys of the cards since 2023: recorded for v4.0, and the same for v4.1 in two implementations. Their RSA
/// backup keys are left out, because no source has their references.
const fn v4_keys(evidence: Evidence) -> [KeySpec; 2] {
    let key = KeyAlgorithm::Ec(Curve::P384);
    [authentication(key, evidence), first_signature(key, evidence)]
}

/// The keys of the two v3 generations differ only in the length of the authentication key. The length of the RSA
/// signature key is not published for either.
const fn v3_keys(key: KeyAlgorithm, evidence: Evidence) -> [KeySpec; 3] {
    [
        authentication(key, evidence),
        first_signature(KeyAlgorithm::Rsa { min: 2048, max: 3072 }, OneSource),
        signature(
            &[0x47],
            "FINEID signature P-256",
            0x03,
            KeyAlgorithm::Ec(Curve::P256),
            SECOND_SIGNATURE_CERTIFICATE,
            evidence,
        ),
    ]
}

const V4_0_KEYS: &[KeySpec] = &v4_keys(Recorded);
const V4_1_KEYS: &[KeySpec] = &v4_keys(TwoSources);
const V3_0_KEYS: &[KeySpec] = &v3_keys(KeyAlgorithm::rsa(2048), Recorded);
const V3_1_KEYS: &[KeySpec] = &v3_keys(KeyAlgorithm::rsa(3072), OneSource);

/// What the keys can sign, depending on their kind; 45 is recorded.
pub(super) const ALGORITHMS: &[Algorithm] = &[
    ECDSA_P256,
    ECDSA_P384,
    algorithm(Scheme::Pkcs1, Hash::Sha1, 0x12, OneSource),
    algorithm(Scheme::Pkcs1, Hash::Sha224, 0x32, OneSource),
    algorithm(Scheme::Pkcs1, Hash::Sha256, 0x42, TwoSources),
    algorithm(Scheme::Pkcs1, Hash::Sha384, 0x52, OneSource),
    algorithm(Scheme::Pkcs1, Hash::Sha512, 0x62, OneSource),
    algorithm(Scheme::Pss, Hash::Sha1, 0x15, OneSource),
    algorithm(Scheme::Pss, Hash::Sha224, 0x35, OneSource),
    algorithm(Scheme::Pss, Hash::Sha256, 0x45, Recorded),
    algorithm(Scheme::Pss, Hash::Sha384, 0x55, OneSource),
    algorithm(Scheme::Pss, Hash::Sha512, 0x65, OneSource),
];

const fn decipherment(padding: Padding, reference: u8) -> Decipherment {
    Decipherment { padding, reference, evidence: OneSource }
}

/// RSA: the high nibble is that for signing, the low nibble A for PKCS #1 v1.5 and D for OAEP (S1 §3.6). As padding
/// indicator an open implementation has 81, ISO 7816-8 and OpenSC's standard driver have 00.
static DECIPHERING: Deciphering = deciphering(
    &[0x81, 0x00],
    &[
        decipherment(Padding::Pkcs1, 0x1A),
        decipherment(Padding::Oaep(Hash::Sha1), 0x1D),
        decipherment(Padding::Oaep(Hash::Sha224), 0x3D),
        decipherment(Padding::Oaep(Hash::Sha256), 0x4D),
        decipherment(Padding::Oaep(Hash::Sha384), 0x5D),
        decipherment(Padding::Oaep(Hash::Sha512), 0x6D),
    ],
    OneSource,
);

/// With identifiers after their files; it is not known that the official software shows them.
const AUTHORITIES: &[AuthoritySpec] = &[
    authority(&[0x34], "FINEID root CA", &[0x43, 0x34]),
    authority(&[0x36], "FINEID issuing CA", &[0x43, 0x36]),
];

const fn authority(id: &'static [u8], label: &'static str, path: &'static [u8]) -> AuthoritySpec {
    AuthoritySpec {
        id: Cow::Borrowed(id),
        label: Cow::Borrowed(label),
        certificate: File::new(APPLICATION, path),
        evidence: OneSource,
    }
}

const fn citizen(
    model: &'static str,
    atrs: Atrs,
    contactless: Option<&'static Contactless>,
    codes: IssuerCodes,
    keys: &'static [KeySpec],
) -> CardProfile {
    CardProfile {
        model,
        label: LABEL,
        issuer: ISSUER,
        family: Family::Finland,
        atrs,
        certainty: AtrCertainty::All,
        contactless,
        application: APPLICATION,
        selecting: Selecting::ClosesPins,
        files: FILES,
        serial_sources: Cow::Borrowed(&[CARD_INFO]),
        serial_format: SerialFormat::Fineid,
        pins: Cow::Borrowed(PINS),
        pins_equal: false,
        codes,
        pin_block: PIN_BLOCK,
        keypad: KEYPAD,
        asking: Asking { object: Some(PIN_OBJECT), empty_verify: true },
        closing: CLOSING,
        order: Order::PinFirst,
        writing: Writing::Free,
        keys: Cow::Borrowed(keys),
        authorities: Cow::Borrowed(AUTHORITIES),
        personal: PersonalData::None,
    }
}

/// S4-1 v3.0 on MultiApp v3.0: 2017 to January 2021.
pub static V3_0: CardProfile = citizen(
    "FINEID v3.0",
    Atrs {
        known: &[Atr::new(
            b"\x3B\x7F\x96\x00\x00\x80\x31\xB8\x65\xB0\x85\x03\x00\xEF\x12\x00\xF6\x82\x90\x00",
        )],
        later: &[],
        contactless: &[Atr::new(
            b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x03\x00\xEF\x12\x00\xF6\x82\x90\x00\x4D",
        )],
        contactless_later: &[],
    },
    None,
    V3_CODES,
    V3_0_KEYS,
);

/// S4-1 v3.1 on MultiApp v4.2: January 2021 to March 2023.
pub static V3_1: CardProfile = citizen(
    "FINEID v3.1",
    Atrs {
        known: &[Atr::new(
            b"\x3B\x7F\x96\x00\x00\x80\x31\xB8\x65\xB0\x85\x04\x02\x1B\x12\x00\xF6\x82\x90\x00",
        )],
        later: &[],
        contactless: &[Atr::new(
            b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x04\x02\x1B\x12\x00\xF6\x82\x90\x00\xBC",
        )],
        contactless_later: &[],
    },
    None,
    V3_CODES,
    V3_1_KEYS,
);

/// S4-1 v4.0 on MultiApp v5.0: since March 2023. Its contactless answer is computed.
pub static V4_0: CardProfile = citizen(
    "FINEID v4.0",
    Atrs {
        known: &[Atr::new(
            b"\x3B\x7F\x96\x00\x00\x80\x31\xB8\x65\xB0\x85\x05\x00\x11\x12\x24\x60\x82\x90\x00",
        )],
        later: &[],
        contactless: &[Atr::new(
            b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x05\x00\x11\x12\x24\x60\x82\x90\x00\x07",
        )],
        contactless_later: &[],
    },
    Some(&V4_CONTACTLESS),
    V4_CODES,
    V4_0_KEYS,
);

/// The newest answer to reset on contacts; the two bytes after the version of MultiApp, 05, are its sub-version, which
/// Web eID's libelectronic-id does not look at either.
const V4_1_CONTACT: &[u8] =
    b"\x3B\x7F\x96\x00\x00\x80\x31\xB8\x65\xB0\x85\x05\x10\x24\x12\x24\x60\x82\x90\x00";

/// The newest answer on the contactless interface, which was seen.
const V4_1_WITHOUT_CONTACTS: &[u8] =
    b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x05\x10\x24\x12\x24\x60\x82\x90\x00\x22";

/// Two programs log in without contacts. Nobody has shown a signature with PIN2 so, and the issuer says that a reader
/// with contacts is needed to activate the card and to set PINs.
static V4_CONTACTLESS: Contactless = Contactless {
    by_contacts: false,
    application: None,
    suite: None,
    proven: &[Role::Authentication],
    sets_pins: false,
    evidence: TwoSources,
};

/// S4-1 v4.1 and v4.2 on MultiApp v5.1: since 2025.
pub static V4_1: CardProfile = citizen(
    "FINEID v4.1",
    Atrs {
        known: &[Atr::new(V4_1_CONTACT)],
        later: &[Atr::like(V4_1_CONTACT, &[12, 13])],
        contactless: &[Atr::new(V4_1_WITHOUT_CONTACTS)],
        contactless_later: &[Atr::like(V4_1_WITHOUT_CONTACTS, &[11, 12, 19])],
    },
    Some(&V4_CONTACTLESS),
    V4_CODES,
    V4_1_KEYS,
);
