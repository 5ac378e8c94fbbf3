//! What commands are called, and whose answers are secret.

use super::apdu::Header;

/// INS, P1 where it distinguishes commands, and the name (ISO 7816-4 §11, ISO 7816-8 §11).
const NAMES: [(u8, Option<u8>, &str); 17] = [
    (0x20, None, "VERIFY"),
    (0x22, None, "MANAGE SECURITY ENVIRONMENT"),
    (0x24, None, "CHANGE REFERENCE DATA"),
    (0x2A, Some(0x80), "PSO DECIPHER"),
    (0x2A, Some(0x90), "PSO HASH"),
    (0x2A, Some(0x9E), "PSO COMPUTE DIGITAL SIGNATURE"),
    (0x2C, None, "RESET RETRY COUNTER"),
    (0x84, None, "GET CHALLENGE"),
    (0x86, None, "GENERAL AUTHENTICATE"),
    (0x88, None, "INTERNAL AUTHENTICATE"),
    (0xA4, None, "SELECT"),
    (0xB0, None, "READ BINARY"),
    (0xB2, None, "READ RECORD"),
    (0xC0, None, "GET RESPONSE"),
    (0xCA, None, "GET DATA"),
    (0xCB, None, "GET DATA"),
    (0xE6, None, "LOG OFF"),
];

impl Header {
    /// The name of the command.
    pub(super) fn name(self) -> &'static str {
        let known = NAMES.iter().find(|(ins, p1, _)| *ins == self.ins && p1.is_none_or(|p1| p1 == self.p1));
        known.map_or("command", |(_, _, name)| name)
    }

    /// Is the response decrypted data, of which even the length is secret?
    pub(super) const fn answers_a_secret(self) -> bool {
        self.ins == 0x2A && self.p1 == 0x80
    }
}
