//! Changing PINs and the PUK, and setting PINs by the issuer's codes.

use super::Transaction;
use super::credential::Presented;
use crate::cards::engine;
use crate::cards::profile::{CodeKind, PinSpec, PukSpec, Secret, Unblocking};
use crate::cards::{Aftermath, CardError, NewPin, Pin, PinError, PinState};
use crate::token::code::{Misfit, Purpose, fits, fits_as_old};
use std::ops::RangeInclusive;

impl<'t> Transaction<'t> {
    /// Changes a PIN.
    pub(in crate::token) fn change(&mut self, spec: &PinSpec, old: &Pin, new: &Pin) -> Result<(), PinError> {
        self.make_certain()?;
        let state = self.pin_state(spec.role)?.unwrap_or(PinState::UNKNOWN);
        fits_as_old(old, state, &self.profile.codes)?;
        self.replace(spec, old, new)
    }

    /// The same after the card was asked how the PIN stands.
    fn replace(&mut self, spec: &PinSpec, old: &Pin, new: &Pin) -> Result<(), PinError> {
        let secret = Secret::Pin(spec.role);
        let given = Presented { secret, digits: old, tries: spec.tries, setting: Some(secret) };
        self.with_credential(given, &spec.home, |card| {
            engine::change(&mut card.channel, card.profile, spec.reference, old, new)
        })?;
        self.note_set(spec);
        Ok(())
    }

    /// Changes the PUK.
    pub(in crate::token) fn change_puk(&mut self, old: &Pin, new: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        let puk = profile.codes.puk.as_ref().filter(|puk| puk.changeable).ok_or(CardError::Unsupported)?;
        let given = self.given_as(Secret::Puk, old, false);
        self.unless_meant_elsewhere(given, |card| {
            card.make_certain()?;
            card.puk_not_refused_before(old)?;
            card.ask_puk()?;
            let setting = Some(Secret::Puk);
            let given = Presented { secret: Secret::Puk, digits: old, tries: puk.tries, setting };
            card.with_credential(given, &puk.home, |card| {
                engine::change(&mut card.channel, card.profile, puk.reference, old, new)
            })
        })?;
        // Changing it may also verify it. It is changed even if this fails.
        let _ = self.close(Secret::Puk);
        Ok(())
    }

    /// Sets a PIN by the PUK, after the card was asked how both stand.
    pub(in crate::token) fn unblock(&mut self, spec: &PinSpec, puk: &Pin, new: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        let with = profile.codes.puk.as_ref().ok_or(CardError::Unsupported)?;
        let setting = Secret::Pin(spec.role);
        let given = Presented { secret: Secret::Puk, digits: puk, tries: with.tries, setting: Some(setting) };
        match with.unblocking {
            Unblocking::AtOnce => self.with_credential(given, &spec.home, |card| {
                engine::unblock(&mut card.channel, card.profile, spec, puk, new)
            })?,
            Unblocking::PukFirst => self.reset(spec, with, given, new)?,
        }
        self.history.forget(self.serial(), setting);
        self.note_set(spec);
        Ok(())
    }

    /// Verifies the PUK, sets the PIN, and closes the PUK in any case.
    fn reset(
        &mut self,
        spec: &PinSpec,
        with: &PukSpec,
        given: Presented<'_>,
        new: &Pin,
    ) -> Result<(), PinError> {
        let before = self.standing(given.secret, given.setting);
        let aftermath = Aftermath::of(given.secret, given.setting, given.tries, before);
        let verifying = Presented { setting: None, ..given };
        let verified = self.with_credential(verifying, &with.home, |card| {
            engine::verify(&mut card.channel, card.profile, with.reference, given.digits)
        });
        let outcome = verified.and_then(|()| {
            let selected = self.select_if_needed(&spec.home);
            let set = selected.and_then(|()| engine::reset(&mut self.channel, self.profile, spec, new));
            set.or_else(|cause| self.clarify(cause, aftermath))
        });
        // Without a clear refusal the PUK may be verified.
        if matches!(verified, Ok(()) | Err(PinError::Unclear { .. })) {
            let _ = self.close(Secret::Puk);
        }
        outcome
    }

    /// Notes that a PIN was set: it has all its tries. Setting it may also have verified it, which nobody asked for,
    /// so it is closed. A login verifies the new PIN when it needs it.
    pub(super) fn note_set(&mut self, spec: &PinSpec) {
        let state = PinState { left: Some(spec.tries), changed: Some(true) };
        self.insertion.set_pin(Secret::Pin(spec.role), state);
        self.insertion.note_set(Secret::Pin(spec.role));
        // The PIN is set even if this fails.
        let _ = self.close(Secret::Pin(spec.role));
    }

    /// Sets a PIN by the code from the issuer's letter or by the PUK.
    pub(in crate::token) fn set_by_code(
        &mut self,
        spec: &PinSpec,
        code: &Pin,
        new: &Pin,
        purpose: Purpose,
    ) -> Result<(), PinError> {
        let kind = self.ask_for(spec, code)?;
        self.set_asked(spec, (code, kind), new, purpose)
    }

    /// Asks how a PIN stands, and the code that is to set it. Returns the kind of the code.
    pub(super) fn ask_for(&mut self, spec: &PinSpec, code: &Pin) -> Result<CodeKind, PinError> {
        self.make_certain()?;
        self.pin_state(spec.role)?;
        let kind = self.kind_of(code)?;
        if kind == CodeKind::Puk {
            self.ask_puk()?;
        }
        Ok(kind)
    }

    /// Sets a PIN by a code, after the card was asked how both stand.
    pub(super) fn set_asked(
        &mut self,
        spec: &PinSpec,
        (code, kind): (&Pin, CodeKind),
        new: &Pin,
        purpose: Purpose,
    ) -> Result<(), PinError> {
        let state = self.insertion.pin(Secret::Pin(spec.role)).unwrap_or(PinState::UNKNOWN);
        if let Err(misfit) = fits(kind, state, &self.profile.codes, purpose) {
            if misfit == Misfit::Untold {
                // If the card did not tell because its answer was garbled, that is what is reported.
                engine::pin_state(&mut self.channel, self.profile, spec.reference)?;
            }
            return Err(misfit.into());
        }
        match kind {
            CodeKind::Transport => {
                // It is the code for both PINs.
                let given = self.given_as(Secret::Pin(spec.role), code, true);
                self.unless_meant_elsewhere(given, |card| {
                    card.not_refused_before(spec, code)?;
                    card.replace(spec, code, new)
                })?;
            }
            CodeKind::Puk => {
                let given = self.given_as(Secret::Puk, code, false);
                self.unless_meant_elsewhere(given, |card| {
                    card.puk_not_refused_before(code)?;
                    card.unblock(spec, code, new)
                })?;
            }
        }
        // A login must not verify the old PIN again.
        if self.profile.has_session_pin(spec.role) {
            self.session_pin.0 = None;
        }
        Ok(())
    }

    /// The kind of a code.
    pub(in crate::token) fn kind_of(&self, code: &Pin) -> Result<CodeKind, PinError> {
        self.profile.codes.kind_of(code).ok_or(PinError::Impossible)
    }
}

/// Checks whether this is a possible new PIN or PUK with this number of digits.
pub(in crate::token) fn check_new(digits: RangeInclusive<usize>, new: &Pin) -> Result<(), PinError> {
    if !new.is_digits() {
        Err(PinError::NewImpossible(NewPin::NotDigits))
    } else if !digits.contains(&new.length()) {
        Err(PinError::NewImpossible(NewPin::Length))
    } else {
        Ok(())
    }
}
