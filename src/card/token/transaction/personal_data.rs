//! Reading personal data.

use super::Transaction;
use crate::cards::CardError;
use crate::cards::engine;
use crate::cards::profile::{PersonalField, Selecting};

impl Transaction<'_> {
    /// Reads the personal data that needs no PIN; once more if the card refuses, because another program may have
    /// selected another application.
    pub(in crate::token) fn personal_data(&mut self) -> Result<Vec<(PersonalField, String)>, CardError> {
        self.make_ready()?;
        match self.personal_data_once() {
            Err(CardError::Refused { .. }) => {
                self.select_again_after_refusal()?;
                self.personal_data_once()
            }
            other => other,
        }
    }

    fn personal_data_once(&mut self) -> Result<Vec<(PersonalField, String)>, CardError> {
        let profile = self.profile;
        self.select_if_needed(&profile.application)?;
        let read = engine::personal_data(&mut self.channel, profile);
        self.card_state.file.clear();
        if profile.selecting == Selecting::KeepsPins {
            self.card_state.selected = None;
        }
        read
    }
}
