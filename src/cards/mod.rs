//! One file per country: the tables that say what a card is, and the engine that works by them.
//!
//! A value here has a source and an [`Evidence`] class. What is a guess is marked so, and never takes part in an
//! automatic write to a card.

pub mod certificate;
pub mod engine;
pub mod error;
pub mod fineid;
pub mod multiapp;
pub mod pin;
pub mod profile;

pub use error::{CardError, NewPin, PinError, Step};
pub use pin::{Pin, PinState, Stage};
pub use profile::{CardProfile, Evidence, KeyAlgorithm, KeySpec, Role};

/// Every card that is known, by country.
pub const PROFILES: &[&CardProfile] = &[&fineid::V4_0, &fineid::V4_1, &fineid::V3_1, &fineid::V3_0];

/// The card that answers to a reset like this (ISO 7816-3 §8.2), if it is known. No command is sent to others.
pub fn recognise(atr: &[u8]) -> Option<&'static CardProfile> {
    PROFILES.iter().copied().find(|profile| profile.atr == atr)
}
