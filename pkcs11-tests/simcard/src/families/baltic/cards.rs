//! What the cards of Estonia and Latvia have in common, whoever made the chip. Values without a letter are read in
//! shipping programs or recorded (A or B), here and in the tables of the cards.

use crate::chip::pins::{ORDINARY, PinRules};
use crate::facts::description::{KeyDescription, KeyKind, KeyUsage, PinDescription, PinRole, STORED_LENGTH};
use crate::facts::state::DeliveryState;

/// States of cards whose PINs come in an envelope.
pub(crate) const PRESET_PINS: &[DeliveryState] = &[
    DeliveryState::Activated,
    DeliveryState::BlockedPin1,
    DeliveryState::BlockedPin2,
    DeliveryState::BlockedPins,
    DeliveryState::BlockedPuk,
    DeliveryState::Dead,
];

/// Application folders.
pub(crate) const ADF1: u16 = 0xADF1;
pub(crate) const ADF2: u16 = 0xADF2;

/// PIN1, PIN2 with so many digits at least, and the PUK.
pub(crate) const fn pins(references: [u8; 3], pin2: usize) -> [PinDescription; 3] {
    [
        PinDescription { reference: references[0], shortest: 4, tries: 3, role: PinRole::Authentication },
        PinDescription { reference: references[1], shortest: pin2, tries: 3, role: PinRole::Signature },
        PinDescription { reference: references[2], shortest: 8, tries: 3, role: PinRole::Unblocking },
    ]
}

/// The authentication key with its certificate in ADF1 and the signature key with its own in ADF2.
pub(crate) const fn keys(
    kind: KeyKind,
    references: [u8; 2],
    pins: [u8; 2],
    files: [u16; 2],
) -> [KeyDescription; 2] {
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

/// How these cards deal with codes: the form counts before the tries.
pub(crate) const PIN_RULES: PinRules = PinRules {
    short_is_malformed: true,
    malformed: |switches| switches.malformed_code,
    last_try: |switches| switches.last_try_abroad,
    same_code: |switches| (switches.same_pin_refused, switches.same_pin_status),
    longest: |_| STORED_LENGTH,
    ..ORDINARY
};
