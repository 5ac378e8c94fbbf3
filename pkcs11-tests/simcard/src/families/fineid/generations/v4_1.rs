//! FINEID S4-1 v4.1/v4.2: Thales MultiApp v5.x, printed version "v 2.0.0", since 2025/26.

use super::v4_0::*;
use super::*;

/// The same on a chip of which only the sub-version in the answer to reset is another. G
pub(crate) const LATER: FineidDescription = FineidDescription {
    card: CardDescription {
        name: "fineid-later",
        atr: &[
            0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0xB8, 0x65, 0xB0, 0x85, 0x05, 0x20, 0x31, 0x12, 0x24,
            0x60, 0x82, 0x90, 0x00,
        ],
        air: Some(air::FINEID_LATER),
        ..CARD.card
    },
    ..CARD
};

pub(crate) const CARD: FineidDescription = FineidDescription {
    card: CardDescription {
        name: "fineid-v4.1",
        chip: "Thales MultiApp v5.x",
        // OpenSC ("FinEID 2025"), DigiDoc4, ReFineID, libelectronic-id. B
        atr: &[
            0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0xB8, 0x65, 0xB0, 0x85, 0x05, 0x10, 0x24, 0x12, 0x24,
            0x60, 0x82, 0x90, 0x00,
        ],
        air: Some(air::FINEID_V4_1),
        protocol: Protocol::T0,
        country: Country::Finland,
        family: Family::Fineid,
        states: DeliveryState::ALL,
        pins: CITIZEN_PINS,
        keys: &[
            V4_AUTH,
            V4_SIGN,
            KeyDescription {
                // 4333 is an RSA-3072 backup authentication certificate on cards of 2026 (ReFineID; C). Reference: G
                reference: 0x03,
                kind: KeyKind::Rsa(3072),
                pin: 0x11,
                usage: KeyUsage::Authentication,
                certificate_df: DF_SIGNATURE,
                certificate: 0x4333,
                name: "auth-backup",
                backup: true,
            },
            KeyDescription {
                // 4335 is 'a second signature certificate of some kind' (ReFineID; C). Kind and reference: G
                reference: 0x04,
                kind: KeyKind::Rsa(3072),
                pin: 0x82,
                usage: KeyUsage::Signature,
                certificate_df: DF_SIGNATURE,
                certificate: 0x4335,
                name: "sign-backup",
                backup: true,
            },
        ],
    },
    // Formed after the v3.0 card. G
    manufacturer: "DVV-FINEID (Thales)",
    label: "HENKILOKORTTI",
    serial: SerialForm::Printable,
    algorithms: V4_ALGORITHMS,
    generation: Generation::V4,
    card_access: V4_CARD_ACCESS,
    issued_old_scheme: Date::new(2025, 12, 8),
    issued_new_scheme: Date::new(2026, 3, 9),
};
