//! One file per country: the tables that say what a card is, and the engine that works by them.
//!
//! A value here has a source and an [`Evidence`] class. What is a guess is marked so, and never takes part in an
//! automatic write to a card.

pub mod belgium;
pub mod certificate;
pub mod engine;
pub mod error;
pub mod estonia;
pub mod fineid;
pub mod fineid_org;
pub mod idemia;
pub mod latvia;
pub mod multiapp;
pub mod pin;
pub mod pin_state;
pub mod pkcs15;
pub mod profile;

pub use error::{CardError, NewPin, PinError, Step};
pub use pin::Pin;
pub use pin_state::{PinState, Stage};
pub use profile::{CardProfile, Evidence, KeyAlgorithm, KeySpec, Role};

/// Every card that is known, by country.
pub static PROFILES: &[&CardProfile] = &[
    &fineid::V4_0,
    &fineid::V4_1,
    &fineid::V3_1,
    &fineid::V3_0,
    &fineid_org::CARD,
    &estonia::THALES,
    &estonia::IDEMIA,
    &latvia::CARD,
    &belgium::APPLET_1_8,
    &belgium::APPLET_1_7,
];

/// The card that answers so to a reset (ISO 7816-3 §8.2), as far as that tells. One that nobody here knows may still
/// say by its own files what it is (ISO 7816-15); one that does not answer is none.
pub fn recognise(atr: &[u8]) -> Option<&'static CardProfile> {
    let known = PROFILES.iter().copied().find(|profile| profile.answers(atr));
    known.or_else(|| (!atr.is_empty()).then_some(&pkcs15::CARD))
}
