//! The secret codes of a card.

use crate::facts::description::{PinDescription, PinRole};
use std::fmt;

/// The secret codes of a card, as digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Codes {
    /// PIN1, 4 to 12 digits.
    pub pin1: String,
    /// PIN2, on Finnish cards 6 to 12 digits.
    pub pin2: String,
    /// PUK, 8 to 12 digits; on the old scheme also the activation code.
    pub puk: String,
    /// Transport code of the new scheme, 7 digits.
    pub transport: String,
}

impl Default for Codes {
    fn default() -> Self {
        Self {
            // The PINs of the issuer's test cards (recorded test cards).
            pin1: "1234".into(),
            pin2: "123456".into(),
            puk: "12345678".into(),
            transport: "1234567".into(),
        }
    }
}

impl Codes {
    /// The code of this role.
    pub(crate) fn of(&self, role: PinRole) -> &str {
        match role {
            PinRole::Authentication => &self.pin1,
            PinRole::Signature => &self.pin2,
            PinRole::Unblocking => &self.puk,
        }
    }

    /// Refuses codes that no card with these PINs could hold.
    pub fn check(&self, pins: &[PinDescription]) -> Result<(), String> {
        let roles = pins.iter().map(|pin| (pin.role.name(), self.of(pin.role), pin.shortest));
        for (name, code, shortest) in roles.chain([("transport", self.transport.as_str(), 6)]) {
            if !(shortest..=12).contains(&code.len()) || !code.bytes().all(|c| c.is_ascii_digit()) {
                return Err(format!("{name} must be {shortest} to 12 digits"));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Codes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Codes { .. }")
    }
}
