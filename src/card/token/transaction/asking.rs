//! Asking for the state of PINs and PUK, without using up a try.

use super::Transaction;
use crate::cards::engine::{self, Probe};
use crate::cards::profile::{PinSpec, Secret, Selecting};
use crate::cards::{CardError, PinState, Role};

impl<'t> Transaction<'t> {
    /// Asks for the state of the PINs.
    ///
    /// PIN2 is asked for in full. If it was changed, PIN1 was too, because all programs activate PIN1 first; then its
    /// tries are enough. If a PIN is blocked or was never set, the PUK is asked for, too.
    pub(in crate::token) fn ask_pins(&mut self) -> Result<(), CardError> {
        if self.insertion.reports_puk() {
            return self.ask_all();
        }
        let (Some(first), Some(_)) =
            (self.profile.pin(Role::Authentication), self.profile.pin(Role::Signature))
        else {
            return self.ask_all();
        };
        let second = self.pin_state(Role::Signature)?;
        let settled = second.is_some_and(|state| state.changed != Some(false) && state.left != Some(0));
        if settled && self.profile.tells_by_verify(first) {
            let left = match self.probe(first)? {
                Probe::Verified => Some(Some(first.tries)),
                Probe::Left(left @ Some(1..)) => Some(left),
                Probe::Left(_) | Probe::OtherApplication => None,
            };
            if let Some(left) = left {
                let changed = second.and_then(|state| state.changed);
                self.insertion.set_pin(Secret::Pin(first.role), PinState { left, changed });
                return Ok(());
            }
        }
        let state = self.pin_state(Role::Authentication)?;
        let well = settled && state.is_some_and(|state| state.left != Some(0));
        if well && !self.profile.tells_by_verify(first) { Ok(()) } else { self.ask_puk() }
    }

    /// Asks for the number of tries left.
    pub(in crate::token) fn tries_left(&mut self, secret: Secret) -> Result<Option<u8>, CardError> {
        match secret {
            Secret::Pin(role) => drop(self.pin_state(role)?),
            Secret::Puk => self.ask_puk()?,
        }
        Ok(self.insertion.pin(secret).and_then(|state| state.left))
    }

    /// Asks for the full state of all PINs and of the PUK.
    pub(in crate::token) fn ask_all(&mut self) -> Result<(), CardError> {
        let profile = self.profile;
        for spec in profile.pins.iter() {
            self.pin_state(spec.role)?;
        }
        self.ask_puk()
    }

    /// Asks for the state of the PUK. It is no error if there is none, or if the card does not report it.
    pub(in crate::token) fn ask_puk(&mut self) -> Result<(), CardError> {
        let state = match &self.profile.codes.puk {
            Some(puk) if self.profile.asking.object.is_some() => {
                self.select_if_needed(&puk.home)?;
                engine::pin_state(&mut self.channel, self.profile, puk.reference)
            }
            _ => Err(CardError::Unsupported),
        };
        match state {
            Ok(state) => self.insertion.set_pin(Secret::Puk, state),
            Err(CardError::Transport(error)) => return Err(error.into()),
            // Nothing is reported, so there is nothing left to ask for.
            Err(CardError::Unsupported) => self.insertion.set_pin(Secret::Puk, PinState::UNKNOWN),
            Err(_) => {}
        }
        Ok(())
    }

    /// Does the card report the number of tries left?
    pub(super) fn tells_tries(&self) -> bool {
        let asking = &self.profile.asking;
        asking.empty_verify || asking.object.is_some()
    }

    /// Asks for the state of a PIN, by one command.
    pub(in crate::token) fn probe(&mut self, spec: &PinSpec) -> Result<Probe, CardError> {
        let probe = if self.profile.tells_by_verify(spec) {
            engine::probe(&mut self.channel, spec)?
        } else {
            self.ask_object(spec)?
        };
        if probe == Probe::OtherApplication {
            self.card_state.selected = None;
        } else if self.card_state.selected.is_none() && self.profile.selecting == Selecting::ClosesPins {
            self.card_state.selected = Some(self.profile.application.clone());
        }
        if let Probe::Left(left @ Some(_)) = probe {
            self.insertion.set_tries(Secret::Pin(spec.role), left);
        }
        Ok(probe)
    }

    /// The same by the data object of the PIN, which does not report whether it is verified.
    fn ask_object(&mut self, spec: &PinSpec) -> Result<Probe, CardError> {
        if self.profile.asking.object.is_none() {
            return Ok(Probe::Left(None));
        }
        if self.profile.selecting == Selecting::KeepsPins {
            self.select_if_needed(&spec.home)?;
        }
        match engine::pin_state(&mut self.channel, self.profile, spec.reference) {
            Ok(state) => Ok(Probe::Left(state.left)),
            Err(error @ CardError::Transport(_)) => Err(error),
            Err(_) => Ok(Probe::OtherApplication),
        }
    }

    /// Asks for the full state of a PIN. It is no error if the card does not report it.
    pub(in crate::token) fn pin_state(&mut self, role: Role) -> Result<Option<PinState>, CardError> {
        let spec = self.pin_spec(role)?;
        self.select_if_needed(&spec.home)?;
        let mut state = engine::pin_state(&mut self.channel, self.profile, spec.reference);
        match state {
            Err(CardError::Refused { .. }) if !self.profile.tells_by_verify(spec) => {
                // Perhaps another program has selected another application.
                self.card_state.selected = None;
                self.select_if_needed(&spec.home)?;
                state = engine::pin_state(&mut self.channel, self.profile, spec.reference);
            }
            // A card that does not report it says so otherwise.
            Err(CardError::Refused { sw, .. }) if sw.is_failure() => {
                state = engine::pin_state(&mut self.channel, self.profile, spec.reference);
            }
            _ => {}
        }
        let state = match state {
            Ok(state) => state,
            Err(CardError::Transport(error)) => return Err(error.into()),
            Err(_) if !self.profile.tells_by_verify(spec) => PinState::UNKNOWN,
            Err(_) => match self.probe(spec)? {
                Probe::Verified => PinState { left: Some(spec.tries), changed: None },
                Probe::Left(left) => PinState { left, changed: None },
                Probe::OtherApplication => return Ok(None),
            },
        };
        self.insertion.set_pin(Secret::Pin(role), state);
        Ok(Some(state))
    }
}
