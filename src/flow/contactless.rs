//! A card that opens with its card access number (CAN), and a card that is lifted off a contactless reader and laid back.

use super::failure::{Failure, Kind};
use super::readers::{self, Card};
use super::text::{self, Text};
use avain_card::cards::{Can, CanError, CardError, NoCan, Pin};
use avain_card::token::CanState;
use std::sync::Arc;

/// Checks whether something can be a card access number, without a card.
pub fn check(typed: &Pin) -> Result<(), Text> {
    number(typed).map(drop)
}

/// The card access number that was typed.
pub(super) fn number(typed: &Pin) -> Result<Can, Text> {
    Can::of_entry(typed).map_err(|why| match why {
        NoCan::NotSixDigits => text::can_impossible(),
        NoCan::NoMemory => text::no_memory(),
    })
}

impl Card {
    /// Does it lie on a contactless reader?
    pub fn is_contactless(&self) -> bool {
        self.insertion.is_contactless()
    }

    /// Does it open only with its card access number? Without contacts all do.
    pub fn wants_channel(&self) -> bool {
        self.insertion.wants_channel()
    }

    /// Does its holder have to type its card access number? One that is stored is tried first.
    pub fn wants_number(&self) -> bool {
        self.reader.can_state(&self.insertion) == CanState::Missing
    }

    /// Takes the card access number that was typed. The card is not asked yet.
    pub fn give_number(&self, typed: &Pin) -> Result<(), Text> {
        self.give(number(typed)?)
    }

    pub(super) fn give(&self, can: Can) -> Result<(), Text> {
        self.reader.give_can(&self.insertion, can).map_err(|why| match why {
            CardError::Can(CanError::RefusedBefore) => text::can_refused_before(),
            CardError::Can(CanError::NoMemory) => text::no_memory(),
            _ => text::cannot(),
        })
    }

    /// Opens it, if it is closed. [`Failure::again`] says whether another number may be typed.
    pub fn open(&self) -> Result<(), Failure> {
        if self.wants_channel() { self.number().map(drop) } else { Ok(()) }
    }

    /// Is it still on the reader, or again? Its number is then tried with it, and it has to be the same card.
    pub fn regain(&mut self) -> Result<bool, Failure> {
        let states = readers::readers()?;
        self.reader.observe(states.iter().find(|state| state.name.as_c_str() == self.reader.name()));
        let Some(now) = self.reader.insertion() else { return Ok(false) };
        if Arc::ptr_eq(&now, &self.insertion) {
            return Ok(true);
        }
        let before = std::mem::replace(&mut self.insertion, now);
        self.reader.take_over(&before, &self.insertion);
        let model = |profile: Option<&avain_card::cards::CardProfile>| profile.map(|profile| profile.model);
        let is_kind = model(before.profile()) == model(self.insertion.profile());
        let swapped = || Failure::asking(CardError::Swapped);
        if !is_kind || !self.is_contactless() {
            return Err(swapped());
        }
        if let Some(number) = before.number() {
            self.open()?;
            if self.insertion.number() != Some(number) {
                return Err(swapped());
            }
        }
        Ok(true)
    }

    /// A failure with this card. On a contactless reader a card that is gone was lifted too early.
    pub(super) fn failed(&self, mut failure: Failure) -> Failure {
        if self.is_contactless() {
            for text in failure.words.iter_mut().filter(|text| **text == text::card_removed()) {
                *text = text::card_lifted();
            }
        }
        failure
    }

    /// Does the interface permit setting PINs? Asked before anything is typed.
    pub fn permits_setting(&self) -> Result<(), Failure> {
        if self.insertion.permits_setting() {
            Ok(())
        } else {
            Err(Failure::new(Kind::Unsupported, [text::contacts_only()]))
        }
    }
}
