//! The cards on chips of IDEMIA, as data.

use crate::facts::air;
use crate::facts::date::Date;
use crate::facts::description::{CardDescription, Family, KeyDescription, KeyKind, PinDescription, Protocol};
use crate::facts::holder::Country;
use crate::families::baltic::Layout;
use crate::families::baltic::cards::{PRESET_PINS, keys, pins};

/// A card with the IAS-ECC applications of IDEMIA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdemiaDescription {
    /// What every card has.
    pub(crate) card: CardDescription,
    /// Layout of the certificates.
    pub(crate) layout: Layout,
    /// Whether the holder is an e-resident.
    pub(crate) e_resident: bool,
    /// Whether the chip is a Cosmo X.
    pub(crate) cosmo_x: bool,
    /// Content of EF.CardAccess.
    pub(crate) card_access: &'static [u8],
    /// Day of issue.
    pub(crate) issued: Date,
}

/// PIN1 and PUK are global, PIN2 is local to ADF2.
const IDEMIA_PINS: &[PinDescription] = &pins([0x01, 0x85, 0x02], 5);
const LATVIAN_PINS: &[PinDescription] = &pins([0x01, 0x85, 0x02], 6);
const IDEMIA_KEYS: &[KeyDescription] = &keys(KeyKind::P384, [0x81, 0x9F], [0x01, 0x85], [0x3401, 0x341F]);
const LATVIAN_RSA: &[KeyDescription] =
    &keys(KeyKind::Rsa(2048), [0x81, 0x9F], [0x01, 0x85], [0x3401, 0x341F]);
const LATVIAN_EC: &[KeyDescription] = &keys(KeyKind::P384, [0x82, 0x9E], [0x01, 0x85], [0x3402, 0x341E]);

/// PACE with AES-256 on P-256, then zeros up to 64 bytes (recorded).
const ESTONIAN_CARD_ACCESS: &[u8] = &{
    let mut file = [0; 64];
    let info = [
        0x31, 0x14, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x04, 0x02,
        0x01, 0x02, 0x02, 0x01, 0x0C,
    ];
    let mut at = 0;
    while at < info.len() {
        file[at] = info[at];
        at += 1;
    }
    file
};

/// PACE with AES-256 on brainpoolP256r1, and two more infos (recorded).
const LATVIAN_CARD_ACCESS: &[u8] = &[
    0x31, 0x42, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x04, 0x02,
    0x01, 0x02, 0x02, 0x01, 0x0D, 0x30, 0x15, 0x06, 0x09, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x0C,
    0x01, 0x30, 0x03, 0x02, 0x01, 0x01, 0x30, 0x03, 0x03, 0x01, 0x00, 0x30, 0x15, 0x06, 0x09, 0x04, 0x00,
    0x7F, 0x00, 0x07, 0x02, 0x02, 0x0C, 0x02, 0x30, 0x03, 0x02, 0x01, 0x02, 0x30, 0x03, 0x03, 0x01, 0x00,
];

const COSMO_8: &str = "IDEMIA Cosmo 8";
const COSMO_X: &str = "IDEMIA Cosmo X";
const ESTONIAN_COSMO_8: &[u8] = &[
    0x3B, 0xDB, 0x96, 0x00, 0x80, 0xB1, 0xFE, 0x45, 0x1F, 0x83, 0x00, 0x12, 0x23, 0x3F, 0x53, 0x65, 0x49,
    0x44, 0x0F, 0x90, 0x00, 0xF1,
];
const ESTONIAN_COSMO_X: &[u8] = &[
    0x3B, 0xDC, 0x96, 0x00, 0x80, 0xB1, 0xFE, 0x45, 0x1F, 0x83, 0x00, 0x12, 0x23, 0x3F, 0x54, 0x65, 0x49,
    0x44, 0x32, 0x0F, 0x90, 0x00, 0xC3,
];
const LATVIAN_COSMO_8: &[u8] = &[
    0x3B, 0xDB, 0x96, 0x00, 0x80, 0xB1, 0xFE, 0x45, 0x1F, 0x83, 0x00, 0x12, 0x42, 0x8F, 0x53, 0x65, 0x49,
    0x44, 0x0F, 0x90, 0x00, 0x20,
];
const LATVIAN_COSMO_X: &[u8] = &[
    0x3B, 0xDC, 0x96, 0x00, 0x80, 0xB1, 0xFE, 0x45, 0x1F, 0x83, 0x00, 0x12, 0x42, 0x8F, 0x54, 0x65, 0x49,
    0x44, 0x32, 0x0F, 0x90, 0x00, 0x12,
];

pub(crate) const ESTONIA_IDEMIA: IdemiaDescription = IdemiaDescription {
    card: CardDescription {
        name: "estonia-idemia",
        chip: COSMO_8,
        atr: ESTONIAN_COSMO_8,
        air: Some(air::ESTONIA_COSMO_8),
        protocol: Protocol::T1,
        country: Country::Estonia,
        family: Family::Idemia,
        states: PRESET_PINS,
        pins: IDEMIA_PINS,
        keys: IDEMIA_KEYS,
    },
    layout: Layout::Esteid2018,
    e_resident: false,
    cosmo_x: false,
    card_access: ESTONIAN_CARD_ACCESS,
    issued: Date::new(2023, 5, 22),
};

pub(crate) const ESTONIA_IDEMIA_X: IdemiaDescription = IdemiaDescription {
    card: CardDescription {
        name: "estonia-idemia-x",
        chip: COSMO_X,
        atr: ESTONIAN_COSMO_X,
        air: Some(air::ESTONIA_COSMO_X),
        ..ESTONIA_IDEMIA.card
    },
    cosmo_x: true,
    issued: Date::new(2025, 4, 14),
    ..ESTONIA_IDEMIA
};

/// The same chip and applications as the ID card.
pub(crate) const E_RESIDENCY_IDEMIA: IdemiaDescription = IdemiaDescription {
    card: CardDescription { name: "e-residency-idemia", ..ESTONIA_IDEMIA.card },
    e_resident: true,
    issued: Date::new(2024, 11, 11),
    ..ESTONIA_IDEMIA
};

pub(crate) const LATVIA_RSA: IdemiaDescription = IdemiaDescription {
    card: CardDescription {
        name: "latvia-rsa",
        chip: COSMO_8,
        atr: LATVIAN_COSMO_8,
        air: Some(air::LATVIA_COSMO_8),
        protocol: Protocol::T1,
        country: Country::Latvia,
        family: Family::Idemia,
        states: PRESET_PINS,
        pins: LATVIAN_PINS,
        keys: LATVIAN_RSA,
    },
    layout: Layout::Latvia2017,
    e_resident: false,
    cosmo_x: false,
    card_access: LATVIAN_CARD_ACCESS,
    issued: Date::new(2022, 6, 1),
};

/// The recording of an EC card does not say which chip it has; Cosmo X: G
pub(crate) const LATVIA_EC: IdemiaDescription = IdemiaDescription {
    card: CardDescription {
        name: "latvia-ec",
        chip: COSMO_X,
        atr: LATVIAN_COSMO_X,
        air: Some(air::LATVIA_COSMO_X),
        keys: LATVIAN_EC,
        ..LATVIA_RSA.card
    },
    layout: Layout::Latvia2024,
    cosmo_x: true,
    issued: Date::new(2024, 9, 2),
    ..LATVIA_RSA
};
