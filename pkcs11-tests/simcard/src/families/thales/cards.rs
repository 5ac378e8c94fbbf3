//! The cards on chips of Thales, as data.

use crate::facts::air;
use crate::facts::date::Date;
use crate::facts::description::{CardDescription, Family, KeyDescription, KeyKind, PinDescription, Protocol};
use crate::facts::holder::Country;
use crate::facts::state::DeliveryState;
use crate::families::baltic::cards::{keys, pins};

/// A card with the PKCS#15 application of Thales.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ThalesDescription {
    /// What every card has.
    pub(crate) card: CardDescription,
    /// Whether the holder is an e-resident.
    pub(crate) e_resident: bool,
    /// Day of issue.
    pub(crate) issued: Date,
}

/// As the other Estonian cards, and PIN2 never changed.
const PIN2_TO_BE_CHANGED: &[DeliveryState] = &[
    DeliveryState::Activated,
    DeliveryState::Fresh,
    DeliveryState::BlockedPin1,
    DeliveryState::BlockedPin2,
    DeliveryState::BlockedPins,
    DeliveryState::BlockedPuk,
    DeliveryState::Dead,
];

const THALES_PINS: &[PinDescription] = &pins([0x81, 0x82, 0x83], 5);

const THALES_KEYS: &[KeyDescription] = &keys(KeyKind::P384, [0x01, 0x05], [0x81, 0x82], [0x3411, 0x3421]);

const ESTONIAN_THALES: &[u8] = &[
    0x3B, 0xFF, 0x96, 0x00, 0x00, 0x80, 0x31, 0xFE, 0x43, 0x80, 0x31, 0xB8, 0x53, 0x65, 0x49, 0x44, 0x64,
    0xB0, 0x85, 0x05, 0x10, 0x12, 0x23, 0x3F, 0x1D,
];

pub(crate) const ESTONIA_THALES: ThalesDescription = ThalesDescription {
    card: CardDescription {
        name: "estonia-thales",
        chip: "Thales MultiApp v5.x",
        atr: ESTONIAN_THALES,
        air: Some(air::ESTONIA_THALES),
        protocol: Protocol::T1,
        country: Country::Estonia,
        family: Family::Thales,
        states: PIN2_TO_BE_CHANGED,
        pins: THALES_PINS,
        keys: THALES_KEYS,
    },
    e_resident: false,
    issued: Date::new(2026, 1, 12),
};

/// The same on a chip of which only the sub-version in the answer to reset is another, with its check byte. G
pub(crate) const ESTONIA_THALES_LATER: ThalesDescription = ThalesDescription {
    card: CardDescription {
        name: "estonia-thales-later",
        atr: &[
            0x3B, 0xFF, 0x96, 0x00, 0x00, 0x80, 0x31, 0xFE, 0x43, 0x80, 0x31, 0xB8, 0x53, 0x65, 0x49, 0x44,
            0x64, 0xB0, 0x85, 0x05, 0x21, 0x12, 0x23, 0x3F, 0x2C,
        ],
        air: Some(air::ESTONIA_THALES_LATER),
        ..ESTONIA_THALES.card
    },
    ..ESTONIA_THALES
};

pub(crate) const E_RESIDENCY_THALES: ThalesDescription = ThalesDescription {
    card: CardDescription { name: "e-residency-thales", ..ESTONIA_THALES.card },
    e_resident: true,
    issued: Date::new(2026, 2, 2),
};
