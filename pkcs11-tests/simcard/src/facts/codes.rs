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
            pin1: Self::PIN1.into(),
            pin2: Self::PIN2.into(),
            puk: Self::PUK.into(),
            transport: Self::TRANSPORT.into(),
        }
    }
}

impl Codes {
    /// PIN1 of a card of which nothing else is said; made up. It is as long as PIN2, as many a holder's is: whoever
    /// presents it as PIN2 is believed until the card says no, and loses a try.
    pub const PIN1: &str = "246813";
    /// PIN2 likewise, as the issuer's test cards have it (recorded test cards).
    pub const PIN2: &str = "123456";
    /// PUK likewise; made up.
    pub const PUK: &str = "12345678";
    /// Transport code of the new scheme likewise; made up.
    pub const TRANSPORT: &str = "1234567";

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
