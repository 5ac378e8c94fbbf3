//! FINEID S4-1 v3.0: Gemalto MultiApp v3.0, 2017-01-01 to 2021-01-10. All of them have expired.

use super::*;

pub(crate) const CARD: FineidDescription = FineidDescription {
    card: CardDescription {
        name: "fineid-v3.0",
        chip: "Gemalto MultiApp v3.0",
        // The issuer's ATR note v1.0 by way of ReFineID supported-cards.md; libelectronic-id. B
        atr: &[
            0x3B, 0x7F, 0x96, 0x00, 0x00, 0x80, 0x31, 0xB8, 0x65, 0xB0, 0x85, 0x03, 0x00, 0xEF, 0x12, 0x00,
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
                // Recorded signature: RSA-2048, PSS, SHA-256, key 01. A
                reference: 0x01,
                kind: KeyKind::Rsa(2048),
                pin: 0x11,
                usage: KeyUsage::Authentication,
                certificate_df: 0x3F00,
                certificate: 0x4331,
                name: "auth",
                backup: false,
            },
            KeyDescription {
                // Commented-out constants of libelectronic-id (reference, file, PIN: C); the size is a guess. G
                reference: 0x02,
                kind: KeyKind::Rsa(2048),
                pin: 0x82,
                usage: KeyUsage::Signature,
                certificate_df: DF_SIGNATURE,
                certificate: 0x4332,
                name: "sign",
                backup: false,
            },
            KeyDescription {
                // Recorded signature: P-256, key 03, certificate 5016/4335. A
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
    // As the official module shows them. C
    manufacturer: "VRK-FINEID (Gemalto)",
    label: "HENKILOKORTTI",
    // Which generation changed the form is not known. G
    serial: SerialForm::Bcd,
    algorithms: &[0x12, 0x42, 0x52, 0x62, 0x15, 0x45, 0x55, 0x65, 0x14, 0x44, 0x1A],
    generation: Generation::V3,
    // PACE-ECDH-GM-3DES, parameter 13 (brainpoolP256r1): a card of this generation is believed to know 3DES. G
    card_access: &[
        0x31, 0x14, 0x30, 0x12, 0x06, 0x0A, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x01, 0x02,
        0x01, 0x02, 0x02, 0x01, 0x0D,
    ],
    issued_old_scheme: Date::new(2020, 11, 2),
    // No card of this generation was ever issued by the new scheme; the state can be asked for all the same.
    issued_new_scheme: Date::new(2026, 1, 14),
};
