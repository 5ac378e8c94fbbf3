//! Selecting applications and DFs, and checking the identity of the card.

use super::Transaction;
use crate::cards::CardError;
use crate::cards::engine::{self, Probe};
use crate::cards::profile::{Select, SelectTarget, Selecting, SerialSource};
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
        let selected =
            *target == self.profile.application && self.may_be_in_use() && self.seems_selected()?;
        if selected { Ok(()) } else { self.select(target) }
    }

    /// May another program have PINs verified? SELECT would reset them, so it is sent without asking only if not.
    fn may_be_in_use(&self) -> bool {
        self.card_state.shared || self.insertion.identity.get().is_some()
    }

    /// Does the answer to a question about a PIN look as if the application were selected? It is not asked on cards
    /// where SELECT leaves PINs verified. Another application may have the same PINs, so nothing is certain yet.
    fn seems_selected(&mut self) -> Result<bool, CardError> {
        match self.profile.pins.first() {
            Some(spec) if self.profile.selecting == Selecting::ClosesPins && self.tells_tries() => {
                Ok(self.probe(spec)? != Probe::OtherApplication)
            }
            _ => Ok(false),
        }
    }

    /// Does GET DATA answer about PINs even where no application is selected, as on Estonia's card of 2025? Then only
    /// a refusal shows that.
    pub(super) fn answers_without_selection(&self) -> bool {
        let asking = &self.profile.asking;
        self.profile.selecting == Selecting::ClosesPins && asking.object.is_some() && !asking.empty_verify
    }

    /// Selects the application again after the card has refused something or not found it, unless it proves that it is
    /// selected.
    pub(super) fn select_again_after_refusal(&mut self) -> Result<(), CardError> {
        if self.answers_without_selection() {
            let profile = self.profile;
            return self.select(&profile.application);
        }
        if self.profile.selecting == Selecting::KeepsPins {
            self.card_state.selected = None;
        }
        self.confirm()
    }

    /// Like [`Self::make_ready`], but makes certain: before a PIN is sent, or is reported on.
    pub(in crate::token) fn make_certain(&mut self) -> Result<(), CardError> {
        self.make_ready()?;
        self.confirm()
    }

    /// Makes certain that the application is selected. Its current file has to be the one that was last read, or else it
    /// has to show the serial number of its card: neither does another application. If it cannot, it is selected.
    pub(super) fn confirm(&mut self) -> Result<(), CardError> {
        // Where SELECT leaves PINs verified, every transaction begins with it.
        if self.certain || self.profile.selecting == Selecting::KeepsPins {
            return Ok(());
        }
        let start = &self.card_state.file;
        if !start.is_empty() && engine::current_file_is(&mut self.channel, start)? {
            self.certain = true;
            return Ok(());
        }
        let profile = self.profile;
        let is_file = !matches!(profile.serial_sources.first(), Some(SerialSource::Certificate) | None);
        if !is_file || profile.files.select != Select::FromMf {
            // To read a certificate would take longer, and to leave the DF would have to be made good.
            return self.select(&profile.application);
        }
        self.card_state.identified = false;
        self.check_identity()
    }

    pub(super) fn select(&mut self, target: &SelectTarget) -> Result<(), CardError> {
        if self.profile.selecting == Selecting::ClosesPins {
            self.card_state.none_verified();
        }
        self.card_state.doubt();
        engine::select(&mut self.channel, self.profile, target)?;
        self.card_state.selected = Some(target.clone());
        self.certain = true;
        Ok(())
    }

    /// After a file was selected, which begins like this, if that is known: its DF may be the current one now.
    pub(super) fn note_file_selected(&mut self, start: Vec<u8>) {
        if matches!(self.profile.files.select, Select::FromCurrentDf | Select::StepByStep) {
            self.card_state.selected = None;
        }
        self.card_state.file = start;
    }

    /// Reads what kind of card it is, if its answer to reset does not show that.
    pub(in crate::token) fn recognise(&mut self) -> Result<(), CardError> {
        if let Some(reading) = self.insertion.pending_reading() {
            self.card_state.doubt();
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
        let number = self.read_serial(None)?;
        self.card_state.identified = true;
        self.ask_pins()?;
        Ok(Identity::new(number, self.profile.serial_format))
    }

    /// Compares the serial number, once per connection and after each reset.
    pub(super) fn check_identity(&mut self) -> Result<(), CardError> {
        let Some(known) = self.insertion.identity.get() else { return Ok(()) };
        if self.card_state.identified {
            return Ok(());
        }
        if self.read_serial(Some(&known.serial))? != known.serial {
            self.card_state.stranger = true;
            return Err(CardError::Swapped);
        }
        (self.card_state.identified, self.certain) = (true, true);
        Ok(())
    }

    /// Reads the serial number. If it is missing, or not the expected one, it is read again after the application was
    /// selected, unless it certainly was.
    fn read_serial(&mut self, expected: Option<&[u8]>) -> Result<Vec<u8>, CardError> {
        let number = self.read_serial_once();
        let doubtful = match &number {
            Ok(number) => expected.is_some_and(|expected| expected != number),
            Err(error) => !matches!(error, CardError::Transport(_)),
        };
        if self.certain || !doubtful {
            return number;
        }
        let profile = self.profile;
        self.select(&profile.application)?;
        self.read_serial_once()
    }

    fn read_serial_once(&mut self) -> Result<Vec<u8>, CardError> {
        let serial = engine::read_serial(&mut self.channel, self.profile);
        // Unless files are selected from the MF, another application may have been selected for it.
        if self.profile.files.select != Select::FromMf {
            self.card_state.selected = None;
        }
        self.card_state.file = serial.as_ref().map_or(Vec::new(), |serial| serial.file.clone());
        serial.map(|serial| serial.number)
    }
}
