//! Delivery states: what the holder has already done with the card.

use crate::cards::{PinDescription, PinRole};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

macro_rules! states {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $text:literal, )+
     elsewhere: $( $(#[doc = $abroad_doc:literal])+ $abroad:ident = $abroad_text:literal, )+) => {
        /// In which state the card comes out of the envelope, or what became of it since.
        ///
        /// 'old' is the activation scheme of FINEID S4-1 §4.6.1 (cards granted before 13 January 2026: PINs
        /// blocked, the activation code is the PUK), 'new' that of §4.6.2 (both PINs set to one transport code).
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
        pub enum DeliveryState {
            #[default]
            $( $(#[doc = $doc])+ #[serde(rename = $text)] $variant, )+
            $( $(#[doc = $abroad_doc])+ #[serde(rename = $abroad_text)] $abroad, )+
        }

        impl DeliveryState {
            /// Every state of a Finnish citizen card.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Every state.
            pub const EVERY: &[Self] = &[$(Self::$variant,)+ $(Self::$abroad,)+];

            /// Name on the command line.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ $( Self::$abroad => $abroad_text, )+ }
            }
        }
    };
}

states! {
    /// Both PINs chosen by the holder, nothing blocked.
    Activated = "activated",
    /// Old scheme, nothing done: both PINs never set, PUK live.
    FreshOld = "fresh-old",
    /// New scheme, nothing done: both PINs are the transport code with 5 tries.
    FreshNew = "fresh-new",
    /// Old scheme, PIN1 set, PIN2 not yet.
    HalfOld = "half-old",
    /// Old scheme, PIN2 set, PIN1 not yet.
    HalfOldPin2 = "half-old-pin2",
    /// New scheme, PIN1 changed, PIN2 still the transport code.
    HalfNew = "half-new",
    /// New scheme, PIN2 changed, PIN1 still the transport code.
    HalfNewPin2 = "half-new-pin2",
    /// Activated, then PIN1 blocked by wrong tries.
    BlockedPin1 = "blocked-pin1",
    /// Activated, then PIN2 blocked by wrong tries.
    BlockedPin2 = "blocked-pin2",
    /// Activated, then both PINs blocked by wrong tries.
    BlockedPins = "blocked-pins",
    /// Activated, PUK blocked, PINs healthy.
    BlockedPuk = "blocked-puk",
    /// Activated, then everything blocked.
    Dead = "dead",
    /// Old scheme, never activated, and the activation code blocked: lost for good.
    DeadOld = "dead-old",
    /// New scheme, the transport PINs blocked by wrong tries; a PUK can still be bought.
    BlockedNew = "blocked-new",
    elsewhere:
    /// As delivered, on a card whose holder must change a preset PIN before its first use (Estonian cards of 2025).
    Fresh = "fresh",
}

impl DeliveryState {
    /// Whether the state belongs to the new activation scheme.
    pub fn is_new_scheme(self) -> bool {
        matches!(self, Self::FreshNew | Self::HalfNew | Self::HalfNewPin2 | Self::BlockedNew)
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for DeliveryState {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::EVERY.iter().copied().find(|state| state.name() == text).ok_or_else(|| {
            let names: Vec<_> = Self::EVERY.iter().map(|state| state.name()).collect();
            format!("{text:?} is no state; choose from {}", names.join(", "))
        })
    }
}

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
