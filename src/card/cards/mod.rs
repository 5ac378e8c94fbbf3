//! The supported cards: tables, one file per country, and the engine that uses them.
//!
//! Each value has a source and a class of [`Evidence`]. Guesses are marked as such, and are never used for automatic
//! writes to a card.

pub mod aftermath;
pub mod belgium;
pub mod certificate;
pub mod engine;
pub mod error;
pub mod estonia;
pub mod fineid;
pub mod fineid_org;
pub mod idemia;
mod later;
pub mod latvia;
pub mod multiapp;
pub mod pin;
pub mod pin_state;
pub mod pkcs15;
pub mod profile;

pub use aftermath::{Aftermath, Standing};
pub use error::{CardError, NewPin, PinError, Step};
pub use pin::Pin;
pub use pin_state::{PinState, Stage};
pub use profile::{CardProfile, Evidence, KeyAlgorithm, KeySpec, Role};

use profile::{Atr, AtrCertainty, Atrs};

/// All known cards, by country.
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

/// The kind of card with this answer to reset (ISO 7816-3 §8.2), and how certain it is. A card that is in no table may
/// still describe itself by its files (ISO 7816-15). `None` if the card did not answer.
pub fn recognise(atr: &[u8]) -> Option<(&'static CardProfile, AtrCertainty)> {
    let with = |of: fn(&Atrs) -> &'static [Atr]| {
        PROFILES.iter().copied().find(|profile| profile::among(of(&profile.atrs), atr))
    };
    if atr.is_empty() {
        None
    } else if let Some(known) = with(|atrs| atrs.known) {
        Some((known, known.certainty))
    } else if let Some(newest) = with(|atrs| atrs.later) {
        Some((newest, AtrCertainty::Nothing(later::confirm)))
    } else if let Some(known) = with(|atrs| atrs.contactless) {
        Some((known, AtrCertainty::Contactless))
    } else {
        Some((&pkcs15::CARD, pkcs15::CARD.certainty))
    }
}
