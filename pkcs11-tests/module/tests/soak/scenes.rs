//! Which cards, and what is known of them.

use cryptoki_sys::*;
use kit::countries::ESTONIA_IDEMIA;

/// Each card is there for so many persons, with PINs of their own.
pub(crate) const PERSONS: usize = 2;
/// PIN1 of each. No PIN2 becomes equal to it: a program that gives one PIN for two is not heard at once.
pub(crate) const PIN1: [&str; PERSONS] = ["246813", "975313"];
/// PIN2 of each at the beginning.
pub(crate) const PIN2: [&str; PERSONS] = ["135790", "864208"];

/// A token and its key.
pub(crate) struct Token {
    pub(crate) label: &'static str,
    /// CKA_ID.
    pub(crate) id: u8,
    /// The simulator's name of the certificate.
    pub(crate) certificate: &'static str,
    /// How the key signs. ECDSA is given a digest.
    pub(crate) mechanism: CK_MECHANISM_TYPE,
}

impl Token {
    /// As `pkcs11-tool` calls it.
    pub(crate) fn mechanism_name(&self) -> &'static str {
        if self.mechanism == CKM_ECDSA { "ECDSA" } else { "SHA256-RSA-PKCS" }
    }
}

/// A kind of card.
pub(crate) struct Scene {
    pub(crate) card: &'static str,
    /// How many of a hundred operations are done with it.
    pub(crate) share: u32,
    /// That of PIN1 and that of PIN2.
    pub(crate) tokens: [Token; 2],
    /// What other programs select.
    pub(crate) selects: &'static [&'static [u8]],
    /// What another program presents PIN1 with: header and filler.
    pub(crate) verify: ([u8; 5], u8),
    /// The question whether PIN2 is open.
    pub(crate) is_pin2_open: [u8; 4],
    /// Whether OpenSC's own module takes part.
    pub(crate) opensc: bool,
}

const PASSPORT: &[u8] = b"\x00\xA4\x04\x0C\x07\xA0\x00\x00\x02\x47\x10\x01";
const FINEID: &[u8] = b"\x00\xA4\x04\x0C\x0C\xA0\x00\x00\x00\x63PKCS-15";
const MASTER_FILE: &[u8] = &[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];

const fn finnish(card: &'static str, share: u32, mechanisms: [CK_MECHANISM_TYPE; 2]) -> Scene {
    let [one, two] = mechanisms;
    Scene {
        card,
        share,
        tokens: [
            Token { label: "FINEID (PIN1)", id: 0x45, certificate: "auth", mechanism: one },
            Token { label: "FINEID (PIN2)", id: 0x46, certificate: "sign", mechanism: two },
        ],
        selects: &[PASSPORT, FINEID, MASTER_FILE],
        verify: ([0x00, 0x20, 0x00, simcard::PIN1, 12], 0x00),
        is_pin2_open: [0x00, 0x20, 0x00, simcard::PIN2],
        opensc: false,
    }
}

/// The cards keep PIN2 open after a signature: that it is closed is the module's doing.
pub(crate) const SCENES: [Scene; 3] = [
    finnish("fineid-v4.0,pin2_one_shot=no", 50, [CKM_ECDSA, CKM_ECDSA]),
    finnish("fineid-v3.0,pin2_one_shot=no", 20, [CKM_SHA256_RSA_PKCS, CKM_SHA256_RSA_PKCS]),
    Scene {
        card: "estonia-idemia,pin2_one_shot=no",
        share: 30,
        tokens: [
            Token { label: "ESTEID (PIN1)", id: 0x01, certificate: "auth", mechanism: CKM_ECDSA },
            Token { label: "ESTEID (PIN2)", id: 0x02, certificate: "sign", mechanism: CKM_ECDSA },
        ],
        selects: ESTONIA_IDEMIA.elsewhere,
        verify: ([0x00, 0x20, 0x00, 0x01, 12], 0xFF),
        is_pin2_open: [0x00, 0x20, 0x00, 0x85],
        opensc: true,
    },
];

impl Scene {
    /// The card of a person, for the simulator.
    pub(crate) fn of(&self, person: usize) -> String {
        format!("{},holder={},pin1={},pin2={}", self.card, person + 1, PIN1[person], PIN2[person])
    }
}
