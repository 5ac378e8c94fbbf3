//! What the card is made of. Most is from one driver (C): OpenSC's lteid with its tool; the answers to reset are also in
//! DigiDoc4 and libelectronic-id (B). References of keys, files below the application and certificates are ours (G).

use crate::chip::coding::Coding;
use crate::chip::pins::{ORDINARY, PinRules};
use crate::facts::air;
use crate::facts::date::Date;
use crate::facts::description::{
    CardDescription, Family, KeyDescription, KeyKind, KeyUsage, PinDescription, PinRole, Protocol,
};
use crate::facts::holder::Country;
use crate::families::baltic::cards::PRESET_PINS;
use crate::pki::authority::{Authority, AuthorityKeys};
use crate::pki::certificate::{COMMON_NAME, COUNTRY, TextForm};
use crate::pki::plain;

/// The password PIN, as CHANGE REFERENCE DATA and RESET RETRY COUNTER call it (C).
pub(crate) const PIN: u8 = 0x07;
/// The PIN of the signature key (C).
pub(crate) const QES: u8 = 0x81;
/// The PUK, which no command but PACE names: its password.
pub(crate) const PUK: u8 = 0x04;
/// Directory of the signature key (C).
pub(crate) const QES_FILE: u16 = 0xDF02;
/// Directory of the PKCS#15 application. G
pub(crate) const APPLICATION_FILE: u16 = 0xDF01;

/// Codes as they are typed; a code that is none is a wrong one. G
pub(crate) static PIN_RULES: PinRules = PinRules {
    coding: |_| Coding::Typed,
    malformed: |switches| switches.malformed_code,
    last_try: |switches| switches.last_try_abroad,
    longest: |_| 12,
    ..ORDINARY
};

/// A card, as data.
pub(crate) struct LithuanianCard {
    pub(crate) card: CardDescription,
    pub(crate) issuer: &'static Authority,
    pub(crate) issued: Date,
}

static ISSUER: Authority = plain::authority(
    &[(COUNTRY, TextForm::Printable, "LT"), (COMMON_NAME, TextForm::Utf8, "SIMULATED Lithuanian Root CA")],
    &[(COUNTRY, TextForm::Printable, "LT"), (COMMON_NAME, TextForm::Utf8, "SIMULATED Lithuanian Issuing CA")],
    AuthorityKeys::P384(["lithuania/root", "lithuania/issuing"]),
);

/// 6 to 12 digits, PUK 8 to 12 (C); three tries of a PIN (B), as many of the PUK (G).
const PINS: &[PinDescription] = &[
    PinDescription { reference: PIN, shortest: 6, tries: 3, role: PinRole::Authentication },
    PinDescription { reference: QES, shortest: 6, tries: 3, role: PinRole::Signature },
    PinDescription { reference: PUK, shortest: 8, tries: 3, role: PinRole::Unblocking },
];

const fn key(
    reference: u8,
    pin: u8,
    usage: KeyUsage,
    certificate: u16,
    name: &'static str,
) -> KeyDescription {
    KeyDescription {
        reference,
        kind: KeyKind::P384,
        pin,
        usage,
        certificate_df: APPLICATION_FILE,
        certificate,
        name,
        backup: false,
    }
}

/// MTCOS, applet 2.6.5.
pub(crate) static LITHUANIA: LithuanianCard = LithuanianCard {
    card: CardDescription {
        name: "lithuania",
        chip: "MaskTech MTCOS 2.6.5",
        atr: air::LITHUANIA.atr,
        air: Some(air::LITHUANIA),
        protocol: Protocol::T1,
        country: Country::Lithuania,
        family: Family::Lithuania,
        states: PRESET_PINS,
        pins: PINS,
        keys: &[
            key(0x11, PIN, KeyUsage::Authentication, 0x5201, "auth"),
            key(0x92, QES, KeyUsage::Signature, 0x5202, "sign"),
        ],
    },
    issuer: &ISSUER,
    issued: Date::new(2024, 3, 12),
};
