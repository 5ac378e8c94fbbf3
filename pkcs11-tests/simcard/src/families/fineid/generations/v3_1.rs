//! FINEID S4-1 v3.1: Gemalto/Thales MultiApp v4.2, 2021-01-11 to 2023-03-12.

use super::*;

pub(crate) const CARD: FineidDescription = FineidDescription {
    card: CardDescription {
        name: "fineid-v3.1",
        chip: "Thales MultiApp v4.2",
        // ReFineID supported-cards.md; a public pcsc_scan listing. B
        atr: &[
            0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0xB8, 0x65, 0xB0, 0x85, 0x04, 0x02, 0x1B, 0x12, 0x00,
            0xF6, 0x82, 0x90, 0x00,
        ],
        air: None,
        protocol: Protocol::T0,
        country: Country::Finland,
        family: Family::Fineid,
        states: DeliveryState::ALL,
        pins: CITIZEN_PINS,
        keys: &[
            KeyDescription {
                // ReFineID core and unix. C
                reference: 0x01,
                kind: KeyKind::Rsa(3072),
                pin: 0x11,
                usage: KeyUsage::Authentication,
                certificate_df: 0x3F00,
                certificate: 0x4331,
                name: "auth",
                backup: false,
            },
            KeyDescription {
                // Reference: C. Size: open question, hence a switch.
                reference: 0x02,
                kind: KeyKind::RsaBySwitch,
                pin: 0x82,
                usage: KeyUsage::Signature,
                certificate_df: DF_SIGNATURE,
                certificate: 0x4332,
                name: "sign",
                backup: false,
            },
            KeyDescription {
                // Reference: C; curve as on v3.0. G
                reference: 0x03,
                kind: KeyKind::P256,
                pin: 0x82,
                usage: KeyUsage::Signature,
                certificate_df: DF_SIGNATURE,
                certificate: 0x4335,
                name: "sign-ec",
                backup: false,
            },
        ],
    },
    // Formed after the v3.0 card. G
    manufacturer: "DVV-FINEID (Thales)",
    label: "HENKILOKORTTI",
    serial: SerialForm::Printable,
    algorithms: &[0x12, 0x42, 0x52, 0x62, 0x15, 0x45, 0x55, 0x65, 0x14, 0x44, 0x1A, 0x4D],
    generation: Generation::V3,
    // As the v3.0 card. G
    card_access: &[
        0x31, 0x14, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x01, 0x02,
        0x01, 0x02, 0x02, 0x01, 0x0D,
    ],
    issued_old_scheme: Date::new(2023, 3, 1),
    // No card of this generation was ever issued by the new scheme; the state can be asked for all the same.
    issued_new_scheme: Date::new(2026, 1, 14),
};
