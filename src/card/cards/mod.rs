//! The supported cards: tables, one file per country, and the engine that uses them.
//!
//! Each value has a source and a class of [`Evidence`]. Guesses are marked as such, and are never used for automatic
//! writes to a card.

pub mod aftermath;
pub mod belgium;
mod can;
pub mod certificate;
pub mod engine;
pub mod entered;
pub mod error;
pub mod estonia;
pub mod fineid;
pub mod fineid_org;
pub mod idemia;
mod later;
pub mod latvia;
pub mod lithuania;
pub mod multiapp;
pub mod pin;
pub mod pin_state;
pub mod pkcs15;
pub mod profile;
pub mod typing;

pub use aftermath::{Aftermath, Standing};
pub use can::{Can, CanError, NoCan};
pub use entered::{Entered, Entries};
pub use error::{CardError, NewPin, NotEntered, PinError, Step};
pub use pin::Pin;
pub use pin_state::{PinState, Stage};
pub use profile::{CardProfile, Evidence, KeyAlgorithm, KeySpec, Role};
pub use typing::Typing;

use profile::{Atr, AtrCertainty, Atrs, Interface};

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
    &lithuania::CARD,
    &belgium::APPLET_1_8,
    &belgium::APPLET_1_7,
];

/// A kind of card, as an answer to reset shows it.
#[derive(Clone, Copy, Debug)]
pub struct Recognised {
    /// Its table.
    pub profile: &'static CardProfile,
    /// How certain that is.
    pub certainty: AtrCertainty,
    /// By which interface it answered.
    pub interface: Interface,
}

impl Recognised {
    /// Is the table certainly its own?
    pub fn is_certain(&self) -> bool {
        matches!(self.certainty, AtrCertainty::All | AtrCertainty::Kind(_))
    }

    /// Is no way to it known?
    pub fn is_out_of_reach(&self) -> bool {
        matches!(self.certainty, AtrCertainty::OutOfReach)
    }
}

/// The kind of card with this answer to reset (ISO 7816-3 §8.2). A card that is in no table may still describe itself
/// by its files (ISO 7816-15). `None` if the card did not answer.
pub fn recognise(atr: &[u8]) -> Option<Recognised> {
    if atr.is_empty() {
        return None;
    }
    let with = |of: fn(&Atrs) -> &'static [Atr]| {
        PROFILES.iter().copied().find(|profile| profile::among(of(&profile.atrs), atr))
    };
    let later = AtrCertainty::Nothing(later::confirm);
    let (profile, certainty, interface) = if let Some(known) = with(|atrs| atrs.known) {
        (known, known.certainty, Interface::Contact)
    } else if let Some(newest) = with(|atrs| atrs.later) {
        (newest, later, Interface::Contact)
    } else if let Some(known) = with(|atrs| atrs.contactless) {
        (known, known.certainty, Interface::Contactless)
    } else if let Some(newest) = with(|atrs| atrs.contactless_later) {
        (newest, later, Interface::Contactless)
    } else {
        (&pkcs15::CARD, pkcs15::CARD.certainty, Interface::Contact)
    };
    let closed = interface == Interface::Contactless && profile.contactless.is_none();
    let certainty = if closed { AtrCertainty::OutOfReach } else { certainty };
    Some(Recognised { profile, certainty, interface })
}
