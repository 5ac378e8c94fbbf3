//! Changing PINs and the PUK, and setting PINs by the issuer's codes.

use super::Transaction;
use super::credential::Presented;
use crate::cards::engine;
use crate::cards::profile::{CodeKind, PinSpec, Presentation, PukSpec, Secret, Unblocking};
use crate::cards::{Aftermath, CardError, Entries, NewPin, Pin, PinError, PinState};
use crate::token::code::{Misfit, Purpose, fits, fits_as_old, wanted};
use std::ops::RangeInclusive;

impl<'t> Transaction<'t> {
    /// Changes a PIN.
    pub(in crate::token) fn change(&mut self, spec: &PinSpec, entries: Entries<'_>) -> Result<(), PinError> {
        self.make_certain()?;
        let state = self.pin_state(spec.role)?.unwrap_or(PinState::UNKNOWN);
        entries.permit().map_or(Ok(()), |old| fits_as_old(old, state, &self.profile.codes))?;
        self.replace(spec, entries)
    }

    /// The same after the card was asked how the PIN stands.
    fn replace(&mut self, spec: &PinSpec, entries: Entries<'_>) -> Result<(), PinError> {
        if let Presentation::Pace { password } = spec.presentation {
            return self.replace_password(spec, password, entries);
        }
        let secret = Secret::Pin(spec.role);
        let given = Presented { secret, digits: entries.permit(), tries: spec.tries, setting: Some(secret) };
        self.with_credential(given, &spec.home, |card| {
            engine::change(&mut card.channel, card.profile, spec.into(), entries)
        })?;
        self.note_set(spec);
        Ok(())
    }

    /// Changes a PIN that is the password of a channel: through the one that the old PIN opens.
    fn replace_password(
        &mut self,
        spec: &PinSpec,
        password: u8,
        entries: Entries<'_>,
    ) -> Result<(), PinError> {
        let Entries::Typed { permit, new } = entries else { return Err(CardError::Unsupported.into()) };
        let secret = Secret::Pin(spec.role);
        let given = Presented { secret, digits: Some(permit), tries: spec.tries, setting: None };
        let before = self.standing(secret, Some(secret));
        let aftermath = Aftermath::of(secret, Some(secret), spec.tries, before);
        self.with_credential(given, &spec.home, |card| {
            card.present_as_password(secret, password, Some(permit))
        })?;
        match engine::replace(&mut self.channel, self.profile, spec, new) {
            Ok(()) => {
                self.note_set(spec);
                Ok(())
            }
            Err(cause) => {
                // It may have been set: the old one is not presented unasked, and the channel does not stay.
                self.note_replaced(secret);
                let _ = self.close(secret);
                self.clarify(cause, aftermath)
            }
        }
    }

    /// Gives a PIN its tries again by the PUK, where that is what the PUK does. The PIN stays what it was.
    pub(in crate::token) fn refill(&mut self, spec: &PinSpec, puk: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        let with = profile.codes.puk.as_ref().ok_or(CardError::Unsupported)?;
        let Unblocking::Counter { password } = with.unblocking else {
            return Err(CardError::Unsupported.into());
        };
        self.make_certain()?;
        self.pin_state(spec.role)?;
        let given = self.given_as(Secret::Puk, Some(puk), false);
        self.unless_meant_elsewhere(given, |card| {
            card.puk_not_refused_before(Some(puk))?;
            card.ask_puk()?;
            let setting = Some(Secret::Pin(spec.role));
            let given = Presented { secret: Secret::Puk, digits: Some(puk), tries: with.tries, setting };
            card.after_puk(
                with,
                given,
                |card| card.present_as_password(Secret::Puk, password, given.digits),
                |card| {
                    card.select_if_needed(&spec.home)?;
                    engine::refill(&mut card.channel, spec)
                },
            )
        })?;
        self.history.forget(self.serial(), Secret::Pin(spec.role));
        self.insertion.set_pin(Secret::Pin(spec.role), PinState { left: Some(spec.tries), changed: None });
        Ok(())
    }

    /// Changes the PUK.
    pub(in crate::token) fn change_puk(&mut self, entries: Entries<'_>) -> Result<(), PinError> {
        let profile = self.profile;
        let puk = profile.codes.puk.as_ref().filter(|puk| puk.changeable).ok_or(CardError::Unsupported)?;
        let given = self.given_as(Secret::Puk, entries.permit(), false);
        self.unless_meant_elsewhere(given, |card| {
            card.make_certain()?;
            card.puk_not_refused_before(entries.permit())?;
            card.ask_puk()?;
            let setting = Some(Secret::Puk);
            let digits = entries.permit();
            let given = Presented { secret: Secret::Puk, digits, tries: puk.tries, setting };
            card.with_credential(given, &puk.home, |card| {
                engine::change(&mut card.channel, card.profile, puk.into(), entries)
            })
        })?;
        // Changing it may also verify it. It is changed even if this fails.
        let _ = self.close(Secret::Puk);
        Ok(())
    }

    /// Sets a PIN by the PUK, after the card was asked how both stand.
    pub(in crate::token) fn unblock(&mut self, spec: &PinSpec, entries: Entries<'_>) -> Result<(), PinError> {
        let profile = self.profile;
        let with = profile.codes.puk.as_ref().ok_or(CardError::Unsupported)?;
        let setting = Secret::Pin(spec.role);
        let digits = entries.permit();
        let given = Presented { secret: Secret::Puk, digits, tries: with.tries, setting: Some(setting) };
        match with.unblocking {
            Unblocking::AtOnce => self.with_credential(given, &spec.home, |card| {
                engine::unblock(&mut card.channel, card.profile, spec, with, entries)
            })?,
            Unblocking::PukFirst => self.reset(spec, with, given, entries)?,
            Unblocking::Counter { .. } => return Err(CardError::Unsupported.into()),
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
        entries: Entries<'_>,
    ) -> Result<(), PinError> {
        self.after_puk(
            with,
            given,
            |card| engine::verify(&mut card.channel, card.profile, with.into(), given.digits),
            |card| {
                card.select_if_needed(&spec.home)?;
                engine::reset(&mut card.channel, card.profile, spec, entries)
            },
        )
    }

    /// Presents the PUK, does to the PIN what that permits, and closes the PUK in any case.
    fn after_puk(
        &mut self,
        with: &PukSpec,
        given: Presented<'_>,
        present: impl Fn(&mut Self) -> Result<(), PinError>,
        act: impl FnOnce(&mut Self) -> Result<(), CardError>,
    ) -> Result<(), PinError> {
        let before = self.standing(given.secret, given.setting);
        let aftermath = Aftermath::of(given.secret, given.setting, given.tries, before);
        let presented = self.with_credential(Presented { setting: None, ..given }, &with.home, present);
        let outcome = presented.and_then(|()| {
            act(self).or_else(|cause| match given.digits {
                Some(_) => self.clarify(cause, aftermath),
                None => self.clarify_entering(cause, aftermath),
            })
        });
        // Without a clear refusal the PUK may be verified.
        if matches!(presented, Ok(()) | Err(PinError::Unclear { .. })) {
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
        entries: Entries<'_>,
        purpose: Purpose,
    ) -> Result<(), PinError> {
        let kind = self.ask_for(spec, entries, purpose)?;
        self.set_asked(spec, kind, entries, purpose)
    }

    /// Asks how a PIN stands, and the code that is to set it. Returns the kind of the code.
    pub(super) fn ask_for(
        &mut self,
        spec: &PinSpec,
        entries: Entries<'_>,
        purpose: Purpose,
    ) -> Result<CodeKind, PinError> {
        self.make_certain()?;
        self.pin_state(spec.role)?;
        let kind = self.kind_of(spec, entries.permit(), purpose)?;
        if kind == CodeKind::Puk {
            self.ask_puk()?;
        }
        Ok(kind)
    }

    /// Sets a PIN by a code, after the card was asked how both stand.
    pub(super) fn set_asked(
        &mut self,
        spec: &PinSpec,
        kind: CodeKind,
        entries: Entries<'_>,
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
                let given = self.given_as(Secret::Pin(spec.role), entries.permit(), true);
                self.unless_meant_elsewhere(given, |card| {
                    card.not_refused_before(spec, entries.permit())?;
                    card.replace(spec, entries)
                })?;
            }
            CodeKind::Puk => {
                let given = self.given_as(Secret::Puk, entries.permit(), false);
                self.unless_meant_elsewhere(given, |card| {
                    card.puk_not_refused_before(entries.permit())?;
                    card.unblock(spec, entries)
                })?;
            }
        }
        // A login must not verify the old PIN again.
        if self.profile.has_session_pin(spec.role) {
            self.session_pin.0 = None;
        }
        Ok(())
    }

    /// The kind of a code that sets a PIN: by its length, or as the PIN stands, if it is not to be seen.
    pub(in crate::token) fn kind_of(
        &self,
        spec: &PinSpec,
        code: Option<&Pin>,
        purpose: Purpose,
    ) -> Result<CodeKind, PinError> {
        let codes = &self.profile.codes;
        let state = || self.insertion.pin(Secret::Pin(spec.role)).unwrap_or(PinState::UNKNOWN);
        match code {
            Some(code) => codes.kind_of(code).ok_or(PinError::Impossible),
            None => Ok(wanted(state(), codes, purpose)),
        }
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
