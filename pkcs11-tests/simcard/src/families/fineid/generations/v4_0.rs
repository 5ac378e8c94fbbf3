//! FINEID S4-1 v4.0: Thales MultiApp v5.0, printed version "v 1.0.0", since 2023-03-13.

use super::*;

pub(crate) const CARD: FineidDescription = FineidDescription {
    card: CardDescription {
        name: "fineid-v4.0",
        chip: "Thales MultiApp v5.0",
        // OpenSC, libelectronic-id, DigiDoc4. B
        atr: &[
            0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0xB8, 0x65, 0xB0, 0x85, 0x05, 0x00, 0x11, 0x12, 0x24,
            0x60, 0x82, 0x90, 0x00,
        ],
        air: Some(air::FINEID_V4_0),
        protocol: Protocol::T0,
        country: Country::Finland,
        family: Family::Fineid,
        states: DeliveryState::ALL,
        pins: CITIZEN_PINS,
        keys: V4_KEYS,
    },
    // Formed after the v3.0 card. G
    manufacturer: "DVV-FINEID (Thales)",
    label: "HENKILOKORTTI",
    serial: SerialForm::Printable,
    algorithms: V4_ALGORITHMS,
    generation: Generation::V4,
    card_access: V4_CARD_ACCESS,
    issued_old_scheme: Date::new(2024, 9, 16),
    issued_new_scheme: Date::new(2026, 2, 16),
};

/// Recorded signatures: P-384, algorithm 54, keys 01 and 02, certificates 4331 and 5016/4332. A
pub(super) const V4_KEYS: &[KeyDescription] = &[V4_AUTH, V4_SIGN];

pub(super) const V4_AUTH: KeyDescription = KeyDescription {
    reference: 0x01,
    kind: KeyKind::P384,
    pin: 0x11,
    usage: KeyUsage::Authentication,
    certificate_df: 0x3F00,
    certificate: 0x4331,
    name: "auth",
    backup: false,
};

pub(super) const V4_SIGN: KeyDescription = KeyDescription {
    reference: 0x02,
    kind: KeyKind::P384,
    pin: 0x82,
    usage: KeyUsage::Signature,
    certificate_df: DF_SIGNATURE,
    certificate: 0x4332,
    name: "sign",
    backup: false,
};

/// Only 54 is seen in a recording; the other entries are a guess. G
pub(super) const V4_ALGORITHMS: &[u8] =
    &[0x14, 0x34, 0x44, 0x54, 0x12, 0x42, 0x52, 0x62, 0x45, 0x55, 0x65, 0x1A];

/// EF.CardAccess of a production card (ReFineID card_access.rs): PACE-ECDH-GM and -CAM with AES-256, version 2,
/// parameter 16 = brainpoolP384r1 (ICAO 9303-11 table 6). A as bytes
pub(super) const V4_CARD_ACCESS: &[u8] = &[
    0x31, 0x28, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x04, 0x02,
    0x01, 0x02, 0x02, 0x01, 0x10, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04,
    0x06, 0x04, 0x02, 0x01, 0x02, 0x02, 0x01, 0x10,
];
