//! Changing PINs and the PUK, and setting PINs by the issuer's codes.

use super::Transaction;
use crate::cards::engine;
use crate::cards::profile::{Closing, CodeKind, PinSpec, PukSpec, Secret, Selecting, Unblocking};
use crate::cards::{CardError, NewPin, Pin, PinError, PinState};
use std::ops::RangeInclusive;

impl<'t> Transaction<'t> {
    /// Changes a PIN.
    pub(in crate::token) fn change(&mut self, spec: &PinSpec, old: &Pin, new: &Pin) -> Result<(), PinError> {
        let secret = Secret::Pin(spec.role);
        self.with_credential(secret, &spec.home, |card| {
            let outcome = engine::change(&mut card.channel, card.profile, spec.reference, old, new);
            card.note_outcome(secret, spec.tries, old, outcome)
        })?;
        self.note_set(spec);
        Ok(())
    }

    /// Changes the PUK.
    pub(in crate::token) fn change_puk(&mut self, old: &Pin, new: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        let puk = profile.codes.puk.as_ref().filter(|puk| puk.changeable).ok_or(CardError::Unsupported)?;
        self.make_ready()?;
        self.puk_not_refused_before(old)?;
        self.with_credential(Secret::Puk, &puk.home, |card| {
            let outcome = engine::change(&mut card.channel, card.profile, puk.reference, old, new);
            card.note_outcome(Secret::Puk, puk.tries, old, outcome)
        })?;
        // Changing it may also verify it. It is changed even if this fails.
        self.unverify_puk(puk);
        Ok(())
    }

    /// Sets a PIN by the PUK.
    pub(in crate::token) fn unblock(&mut self, spec: &PinSpec, puk: &Pin, new: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        let with = profile.codes.puk.as_ref().ok_or(CardError::Unsupported)?;
        match with.unblocking {
            Unblocking::AtOnce => self.with_credential(Secret::Puk, &spec.home, |card| {
                let outcome = engine::unblock(&mut card.channel, card.profile, spec, puk, new);
                card.note_outcome(Secret::Puk, with.tries, puk, outcome)
            })?,
            Unblocking::PukFirst => self.reset(spec, with, puk, new)?,
        }
        self.refused.forget(self.serial(), Secret::Pin(spec.role));
        self.note_set(spec);
        Ok(())
    }

    /// Verifies the PUK, sets the PIN, and resets the verified state of the PUK in any case.
    fn reset(&mut self, spec: &PinSpec, with: &PukSpec, puk: &Pin, new: &Pin) -> Result<(), PinError> {
        let presented = self.with_credential(Secret::Puk, &with.home, |card| {
            let outcome = engine::verify(&mut card.channel, card.profile, with.reference, puk);
            card.note_outcome(Secret::Puk, with.tries, puk, outcome)
        });
        let outcome = presented.and_then(|()| {
            self.select_if_needed(&spec.home)?;
            let set = engine::reset(&mut self.channel, self.profile, spec, new);
            if set.is_err() {
                self.insertion.forget_pins();
            }
            Ok(set?)
        });
        // Without a clear refusal the PUK may be verified.
        if matches!(outcome, Ok(()) | Err(PinError::Card(_))) {
            self.unverify_puk(with);
        }
        outcome
    }

    /// Resets the verified state of the PUK. If the card has only SELECT for that, and is not known to reset the
    /// state by it, the card is reset as well.
    fn unverify_puk(&mut self, puk: &PukSpec) {
        let keeps = self.profile.selecting == Selecting::KeepsPins;
        self.card_state.to_be_reset |= keeps && matches!(self.profile.closing, Closing::Select);
        let _ = self.unverify_on_card(puk.reference);
    }

    /// Notes that a PIN was set: it has all its tries. Setting it may also have verified it, which nobody asked for,
    /// so that state is reset. A login verifies the new PIN when it needs it.
    fn note_set(&mut self, spec: &PinSpec) {
        let state = PinState { left: Some(spec.tries), changed: Some(true) };
        self.insertion.set_pin(Secret::Pin(spec.role), state);
        self.insertion.note_set(Secret::Pin(spec.role));
        self.set_verified(spec.role, true);
        // The PIN is set even if this fails.
        let _ = self.unverify(spec);
    }

    /// Sets a PIN by the code from the issuer's letter or by the PUK.
    pub(in crate::token) fn set_by_code(
        &mut self,
        spec: &PinSpec,
        code: &Pin,
        new: &Pin,
    ) -> Result<(), PinError> {
        self.make_ready()?;
        let state = self.pin_state(spec.role)?.unwrap_or(PinState::UNKNOWN);
        let kind = self.kind_of(code)?;
        check_code_kind(kind, state)?;
        match kind {
            CodeKind::Transport => {
                self.not_refused_before(spec, code)?;
                self.change(spec, code, new)?;
            }
            CodeKind::Puk => {
                self.puk_not_refused_before(code)?;
                self.unblock(spec, code, new)?;
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

/// The length of the code shows the scheme, and the state of the PIN must agree. If it does not, nothing is sent,
/// because the wrong command would use up a try of the wrong counter.
fn check_code_kind(kind: CodeKind, state: PinState) -> Result<(), PinError> {
    match (kind, state) {
        (CodeKind::Transport, PinState { left: Some(0), .. }) => Err(PinError::Blocked),
        (CodeKind::Transport, PinState { changed: Some(true), .. }) => Err(PinError::Contradiction),
        (CodeKind::Transport | CodeKind::Puk, _) => Ok(()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_tells_the_scheme_and_the_card_agrees() {
        let transport = |left, changed| check_code_kind(CodeKind::Transport, PinState { left, changed });
        assert_eq!(transport(Some(5), Some(false)), Ok(()));
        assert_eq!(transport(Some(5), None), Ok(()));
        assert_eq!(transport(Some(5), Some(true)), Err(PinError::Contradiction));
        assert_eq!(transport(Some(0), Some(false)), Err(PinError::Blocked));
        for (left, changed) in
            [(Some(0), Some(false)), (Some(5), Some(true)), (None, None), (Some(5), Some(false))]
        {
            assert_eq!(check_code_kind(CodeKind::Puk, PinState { left, changed }), Ok(()));
        }
    }
}
