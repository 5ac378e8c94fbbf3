//! The versions of the Belgian card, as data.

use super::signing::Method;
use crate::chip::coding::Coding;
use crate::chip::pins::{ORDINARY, PinRules};
use crate::facts::date::Date;
use crate::facts::description::{
    CardDescription, Family, KeyDescription, KeyKind, KeyUsage, PinDescription, PinRole, Protocol,
    STORED_LENGTH,
};
use crate::facts::holder::Country;
use crate::facts::state::DeliveryState;
use crate::facts::switches::values::MalformedCode;
use crate::pki::authority::{Authority, AuthorityKeys};
use crate::pki::certificate::{COMMON_NAME, COUNTRY, LOCALITY, ORGANISATION, SERIAL_NUMBER, TextForm};
use crate::pki::keys::Hash;
use crate::pki::plain;

/// Reference of the only PIN (manuals; C).
pub(super) const PIN: u8 = 0x01;
/// Tries of the PIN (manuals; C).
const TRIES: u8 = 3;
/// Key of which one VERIFY in a session is enough.
pub(super) const AUTHENTICATION_KEY: u8 = 0x82;
/// Key that wants a VERIFY right before each signature.
pub(super) const SIGNATURE_KEY: u8 = 0x83;
/// PIN blocks of format 2 (manuals; C).
pub(super) const PIN_RULES: PinRules = PinRules {
    coding: |_| Coding::Format2,
    malformed: |switches| match switches.bel_malformed_pin_costs {
        true => MalformedCode::Wrong,
        false => MalformedCode::Refused,
    },
    longest: |_| STORED_LENGTH,
    ..ORDINARY
};

/// One PIN; the PUK is in the hands of the municipality and no command of the holder's.
const PINS: &[PinDescription] =
    &[PinDescription { reference: PIN, shortest: 4, tries: TRIES, role: PinRole::Authentication }];
const STATES: &[DeliveryState] = &[DeliveryState::Activated, DeliveryState::BlockedPin1];

const fn key(
    reference: u8,
    kind: KeyKind,
    usage: KeyUsage,
    certificate: u16,
    name: &'static str,
) -> KeyDescription {
    KeyDescription {
        reference,
        kind,
        pin: PIN,
        usage,
        certificate_df: BELPIC,
        certificate,
        name,
        backup: false,
    }
}

const fn keys(kind: KeyKind) -> [KeyDescription; 2] {
    [
        key(AUTHENTICATION_KEY, kind, KeyUsage::Authentication, 0x5038, "auth"),
        key(SIGNATURE_KEY, kind, KeyUsage::Signature, 0x5039, "sign"),
    ]
}

/// A version of the applet, as data.
pub(crate) struct BelgianCard {
    pub(crate) card: CardDescription,
    /// P-384 keys; otherwise RSA-2048.
    pub(super) ec: bool,
    pub(super) issuer: &'static Authority,
    /// Day of issue if none is asked for.
    pub(super) issued: Date,
    /// Last four bytes of EF(TokenInfo); G.
    pub(super) versions: [u8; 4],
    /// GET CARD DATA behind the serial number.
    pub(super) card_data: &'static [u8],
    /// Whether GET CARD DATA with P2 = 01 adds the tries left.
    pub(super) tells_tries: bool,
    /// Commands that may come between VERIFY and a signature with key 83.
    pub(super) between: u8,
    pub(super) algorithms: &'static [(u8, Method)],
}

/// Directory of the PKCS#15 application.
pub(crate) const BELPIC: u16 = 0xDF00;

/// Name of an issuing authority (names of real authorities, EMW samples; M, but SIMULATED).
const fn citizen_ca(number: &'static str) -> [(&'static [u32], TextForm, &'static str); 5] {
    [
        (COUNTRY, TextForm::Printable, "BE"),
        (LOCALITY, TextForm::Utf8, "Brussels"),
        (ORGANISATION, TextForm::Utf8, "Kingdom of Belgium - Federal Government SIMULATED"),
        (COMMON_NAME, TextForm::Utf8, "Citizen CA SIMULATED"),
        (SERIAL_NUMBER, TextForm::Utf8, number),
    ]
}

/// Authorities of the cards with EC keys.
static ISSUER_EC: Authority = plain::authority(
    &[(COUNTRY, TextForm::Printable, "BE"), (COMMON_NAME, TextForm::Utf8, "Belgium Root CA6 SIMULATED")],
    &citizen_ca("202001"),
    AuthorityKeys::P384(["belgium/root", "belgium/issuing"]),
);
/// Authorities of the cards with RSA keys.
static ISSUER_RSA: Authority = plain::authority(
    &[(COUNTRY, TextForm::Printable, "BE"), (COMMON_NAME, TextForm::Utf8, "Belgium Root CA4 SIMULATED")],
    &citizen_ca("201601"),
    AuthorityKeys::Rsa4096,
);

/// Applet 1.8 (P-384).
pub(crate) static BELGIUM_1_8: BelgianCard = BelgianCard {
    card: CardDescription {
        name: "belgium-1.8",
        chip: "Belpic applet 1.8",
        // libelectronic-id, EMW content document. B
        atr: &[
            0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0x80, 0x65, 0xB0, 0x85, 0x04, 0x01, 0x20, 0x12, 0x0F,
            0xFF, 0x82, 0x90, 0x00,
        ],
        air: None,
        protocol: Protocol::T0,
        country: Country::Belgium,
        family: Family::Belgium,
        states: STATES,
        pins: PINS,
        keys: &keys(KeyKind::P384),
    },
    ec: true,
    issuer: &ISSUER_EC,
    issued: Date::new(2024, 3, 4),
    versions: [0x00, 0x00, 0x00, 0x40],
    // Component to softmask invented; the rest from the manual's example. C
    card_data: &[0xF3, 0x36, 0x01, 0x26, 0x01, 0x18, 0x00, 0x01, 0x00, 0x00, 0x02, 0x0F],
    tells_tries: true,
    between: 1,
    // Manual 1.8 chapter 6. C
    algorithms: &[
        (0x01, Method::Ecdsa(&[32])),
        (0x02, Method::Ecdsa(&[48])),
        (0x04, Method::Ecdsa(&[64])),
        (0x08, Method::Ecdsa(&[32])), // SHA-3
        (0x10, Method::Ecdsa(&[48])),
        (0x20, Method::Ecdsa(&[64])),
        (0x40, Method::Ecdsa(&[20, 28, 32, 48, 64])),
    ],
};

/// Applet 1.7 (RSA-2048).
pub(crate) static BELGIUM_1_7: BelgianCard = BelgianCard {
    card: CardDescription {
        name: "belgium-1.7",
        chip: "Belpic applet 1.7",
        // libelectronic-id, EMW content document. B
        atr: &[0x3B, 0x98, 0x13, 0x40, 0x0A, 0xA5, 0x03, 0x01, 0x01, 0x01, 0xAD, 0x13, 0x11],
        air: None,
        protocol: Protocol::T0,
        country: Country::Belgium,
        family: Family::Belgium,
        states: STATES,
        pins: PINS,
        keys: &keys(KeyKind::Rsa(2048)),
    },
    ec: false,
    issuer: &ISSUER_RSA,
    issued: Date::new(2019, 5, 6),
    versions: [0x01, 0x01, 0x00, 0x00],
    // Recorded session of 2017 (OpenSC issue 1112). A
    card_data: &[0xF3, 0x36, 0x01, 0x25, 0x01, 0x17, 0x00, 0x03, 0x00, 0x21, 0x01, 0x0F],
    tells_tries: false,
    between: 0,
    // Manual 1.7 chapter 6. C
    algorithms: &[
        (0x01, Method::Free),
        (0x02, Method::Pkcs1(Some(Hash::Sha1))),
        (0x04, Method::Pkcs1(None)),
        (0x08, Method::Pkcs1(Some(Hash::Sha256))),
        (0x10, Method::Pss(Hash::Sha1)),
        (0x20, Method::Pss(Hash::Sha256)),
    ],
};
