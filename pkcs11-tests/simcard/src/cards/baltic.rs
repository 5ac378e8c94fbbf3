//! Cards of Estonia and Latvia. Values without a letter are read in shipping programs or recorded (A or B).

use super::*;

/// States of cards whose PINs come in an envelope.
const PRESET_PINS: &[DeliveryState] = &[
    DeliveryState::Activated,
    DeliveryState::BlockedPin1,
    DeliveryState::BlockedPin2,
    DeliveryState::BlockedPins,
    DeliveryState::BlockedPuk,
    DeliveryState::Dead,
];

/// The same, and PIN2 never changed.
const PIN2_TO_BE_CHANGED: &[DeliveryState] = &[
    DeliveryState::Activated,
    DeliveryState::Fresh,
    DeliveryState::BlockedPin1,
    DeliveryState::BlockedPin2,
    DeliveryState::BlockedPins,
    DeliveryState::BlockedPuk,
    DeliveryState::Dead,
];

/// Application folders.
pub(crate) const ADF1: u16 = 0xADF1;
pub(crate) const ADF2: u16 = 0xADF2;

const fn pins(references: [u8; 3], pin2: usize) -> [PinDescription; 3] {
    [
        PinDescription { reference: references[0], shortest: 4, tries: 3, role: PinRole::Authentication },
        PinDescription { reference: references[1], shortest: pin2, tries: 3, role: PinRole::Signature },
        PinDescription { reference: references[2], shortest: 8, tries: 3, role: PinRole::Unblocking },
    ]
}

/// PIN1 and PUK are global, PIN2 is local to ADF2.
const IDEMIA_PINS: &[PinDescription] = &pins([0x01, 0x85, 0x02], 5);
const LATVIAN_PINS: &[PinDescription] = &pins([0x01, 0x85, 0x02], 6);
const THALES_PINS: &[PinDescription] = &pins([0x81, 0x82, 0x83], 5);

/// The authentication key with its certificate in ADF1 and the signature key with its own in ADF2.
const fn keys(kind: KeyKind, references: [u8; 2], pins: [u8; 2], files: [u16; 2]) -> [KeyDescription; 2] {
    [
        KeyDescription {
            reference: references[0],
            kind,
            pin: pins[0],
            usage: KeyUsage::Authentication,
            certificate_df: ADF1,
            certificate: files[0],
            name: "auth",
            backup: false,
        },
        KeyDescription {
            reference: references[1],
            kind,
            pin: pins[1],
            usage: KeyUsage::Signature,
            certificate_df: ADF2,
            certificate: files[1],
            name: "sign",
            backup: false,
        },
    ]
}

const IDEMIA_KEYS: &[KeyDescription] = &keys(KeyKind::P384, [0x81, 0x9F], [0x01, 0x85], [0x3401, 0x341F]);
const LATVIAN_RSA: &[KeyDescription] =
    &keys(KeyKind::Rsa(2048), [0x81, 0x9F], [0x01, 0x85], [0x3401, 0x341F]);
const LATVIAN_EC: &[KeyDescription] = &keys(KeyKind::P384, [0x82, 0x9E], [0x01, 0x85], [0x3402, 0x341E]);
const THALES_KEYS: &[KeyDescription] = &keys(KeyKind::P384, [0x01, 0x05], [0x81, 0x82], [0x3411, 0x3421]);

/// A card with the IAS-ECC applications of IDEMIA.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct IdemiaDescription {
    /// What every card has.
    pub card: CardDescription,
    /// Layout of the certificates.
    pub layout: Layout,
    /// Whether the holder is an e-resident.
    pub e_resident: bool,
    /// Whether the chip is a Cosmo X.
    pub cosmo_x: bool,
    /// Content of EF.CardAccess.
    pub card_access: &'static [u8],
    /// Day of issue.
    pub issued: Date,
}

/// A card with the PKCS#15 application of Thales.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ThalesDescription {
    /// What every card has.
    pub card: CardDescription,
    /// Whether the holder is an e-resident.
    pub e_resident: bool,
    /// Day of issue.
    pub issued: Date,
}

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
const ESTONIAN_THALES: &[u8] = &[
    0x3B, 0xFF, 0x96, 0x00, 0x00, 0x80, 0x31, 0xFE, 0x43, 0x80, 0x31, 0xB8, 0x53, 0x65, 0x49, 0x44, 0x64,
    0xB0, 0x85, 0x05, 0x10, 0x12, 0x23, 0x3F, 0x1D,
];

pub(super) const ESTONIA_IDEMIA: IdemiaDescription = IdemiaDescription {
    card: CardDescription {
        name: "estonia-idemia",
        chip: COSMO_8,
        atr: ESTONIAN_COSMO_8,
        protocol: Protocol::T1,
        country: Country::Estonia,
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

pub(super) const ESTONIA_IDEMIA_X: IdemiaDescription = IdemiaDescription {
    card: CardDescription {
        name: "estonia-idemia-x",
        chip: COSMO_X,
        atr: ESTONIAN_COSMO_X,
        ..ESTONIA_IDEMIA.card
    },
    cosmo_x: true,
    issued: Date::new(2025, 4, 14),
    ..ESTONIA_IDEMIA
};

/// The same chip and applications as the ID card.
pub(super) const E_RESIDENCY_IDEMIA: IdemiaDescription = IdemiaDescription {
    card: CardDescription { name: "e-residency-idemia", ..ESTONIA_IDEMIA.card },
    e_resident: true,
    issued: Date::new(2024, 11, 11),
    ..ESTONIA_IDEMIA
};

pub(super) const ESTONIA_THALES: ThalesDescription = ThalesDescription {
    card: CardDescription {
        name: "estonia-thales",
        chip: "Thales MultiApp v5.x",
        atr: ESTONIAN_THALES,
        protocol: Protocol::T1,
        country: Country::Estonia,
        states: PIN2_TO_BE_CHANGED,
        pins: THALES_PINS,
        keys: THALES_KEYS,
    },
    e_resident: false,
    issued: Date::new(2026, 1, 12),
};

pub(super) const E_RESIDENCY_THALES: ThalesDescription = ThalesDescription {
    card: CardDescription { name: "e-residency-thales", ..ESTONIA_THALES.card },
    e_resident: true,
    issued: Date::new(2026, 2, 2),
};

pub(super) const LATVIA_RSA: IdemiaDescription = IdemiaDescription {
    card: CardDescription {
        name: "latvia-rsa",
        chip: COSMO_8,
        atr: LATVIAN_COSMO_8,
        protocol: Protocol::T1,
        country: Country::Latvia,
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
pub(super) const LATVIA_EC: IdemiaDescription = IdemiaDescription {
    card: CardDescription {
        name: "latvia-ec",
        chip: COSMO_X,
        atr: LATVIAN_COSMO_X,
        keys: LATVIAN_EC,
        ..LATVIA_RSA.card
    },
    layout: Layout::Latvia2024,
    cosmo_x: true,
    issued: Date::new(2024, 9, 2),
    ..LATVIA_RSA
};
