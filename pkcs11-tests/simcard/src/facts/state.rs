//! Delivery states: what the holder has already done with the card.

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
