//! Selecting applications and DFs, and checking the identity of the card.

use super::Transaction;
use crate::cards::CardError;
use crate::cards::engine::{self, Probe};
use crate::cards::profile::{Select, SelectTarget, Selecting};
use crate::token::insertion::Identity;

impl<'t> Transaction<'t> {
    /// Makes sure that the card's application is selected and that it is still the same card.
    pub(in crate::token) fn make_ready(&mut self) -> Result<(), CardError> {
        // Another program may have selected something else, which would go unnoticed. Selecting again does no harm.
        if self.profile.selecting == Selecting::KeepsPins {
            self.card_state.selected = None;
        }
        // If selecting resets PINs, everything is in one application.
        if !self.card_state.identified || self.profile.selecting == Selecting::ClosesPins {
            let profile = self.profile;
            self.select_if_needed(&profile.application)?;
        }
        self.check_identity()
    }

    /// Makes sure that an application or DF is selected.
    pub(super) fn select_if_needed(&mut self, target: &SelectTarget) -> Result<(), CardError> {
        if self.card_state.selected.as_ref() == Some(target) {
            return Ok(());
        }
        if *target == self.profile.application && self.may_be_in_use() && self.tells_lost_selection() {
            self.select_again_if_lost().map(drop)
        } else {
            self.select(target)
        }
    }

    /// May another program have PINs verified? SELECT would reset them, so it is sent without asking only if not.
    fn may_be_in_use(&self) -> bool {
        self.card_state.shared || self.insertion.identity.get().is_some()
    }

    /// Can a question about a PIN show whether another application is selected? It need not be asked on cards where
    /// SELECT leaves PINs verified.
    fn tells_lost_selection(&self) -> bool {
        self.profile.selecting == Selecting::ClosesPins && self.tells_tries()
    }

    /// Does GET DATA answer about PINs even where no application is selected, as on Estonia's card of 2025? Then only
    /// a refusal shows that.
    pub(super) fn answers_without_selection(&self) -> bool {
        self.tells_lost_selection() && !self.profile.asking.empty_verify
    }

    /// Selects the application again after the card has refused something or not found it, unless it answers that the
    /// application is selected.
    pub(super) fn select_again_after_refusal(&mut self) -> Result<(), CardError> {
        if self.answers_without_selection() {
            let profile = self.profile;
            self.select(&profile.application)
        } else {
            self.select_again_if_lost().map(drop)
        }
    }

    /// Selects the application again if it is not selected any more, or if that is not known. Returns whether it did.
    pub(super) fn select_again_if_lost(&mut self) -> Result<bool, CardError> {
        let profile = self.profile;
        let lost = match self.profile.pins.first() {
            Some(spec) if self.tells_lost_selection() => self.probe(spec)? == Probe::OtherApplication,
            _ => true,
        };
        if lost {
            self.select(&profile.application)?;
        }
        Ok(lost)
    }

    pub(super) fn select(&mut self, target: &SelectTarget) -> Result<(), CardError> {
        if self.profile.selecting == Selecting::ClosesPins {
            self.card_state.none_verified();
        }
        self.card_state.selected = None;
        engine::select(&mut self.channel, self.profile, target)?;
        self.card_state.selected = Some(target.clone());
        Ok(())
    }

    /// After a file was selected: its DF may be the current one now.
    pub(super) fn note_file_selected(&mut self) {
        if matches!(self.profile.files.select, Select::FromCurrentDf | Select::StepByStep) {
            self.card_state.selected = None;
        }
    }

    /// Reads what kind of card it is, if its answer to reset does not show that.
    pub(in crate::token) fn recognise(&mut self) -> Result<(), CardError> {
        if let Some(reading) = self.insertion.pending_reading() {
            self.card_state.selected = None;
            let profile = match reading(&mut self.channel, self.profile) {
                Ok(profile) => Some(profile),
                Err(CardError::Unrecognised) => None,
                Err(error) => return Err(error),
            };
            self.profile = self.insertion.note_profile(profile).ok_or(CardError::Unrecognised)?;
        }
        Ok(())
    }

    /// Reads the identity of the card and the state of its PINs: all that a list of tokens needs.
    pub(in crate::token) fn read_identity(&mut self) -> Result<Identity, CardError> {
        self.recognise()?;
        self.make_ready()?;
        let number = self.read_serial()?;
        self.card_state.identified = true;
        self.ask_pins()?;
        Ok(Identity::new(number, self.profile.serial_format))
    }

    /// Compares the serial number, once per connection and after each reset.
    pub(super) fn check_identity(&mut self) -> Result<(), CardError> {
        let Some(known) = self.insertion.identity.get() else { return Ok(()) };
        if !self.card_state.identified {
            if self.read_serial()? != known.serial {
                self.card_state.stranger = true;
                return Err(CardError::Swapped);
            }
            self.card_state.identified = true;
        }
        Ok(())
    }

    fn read_serial(&mut self) -> Result<Vec<u8>, CardError> {
        let mut number = engine::read_serial(&mut self.channel, self.profile);
        if matches!(number, Err(CardError::Refused { .. })) && self.answers_without_selection() {
            self.select_again_after_refusal()?;
            number = engine::read_serial(&mut self.channel, self.profile);
        }
        // Unless files are selected from the MF, another application may have been selected for it.
        if self.profile.files.select != Select::FromMf {
            self.card_state.selected = None;
        }
        number
    }
}
