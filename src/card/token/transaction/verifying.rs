//! Verifying PINs, and resetting their verified state.

use super::Transaction;
use super::credential::Presented;
use crate::cards::engine::{self, Unverified};
use crate::cards::profile::{Closing, Delivery, PinSpec, Scope, Secret, SelectTarget};
use crate::cards::{CardError, Pin, PinError, Role};
use crate::token::policy::OncePin;

impl Transaction<'_> {
    /// Verifies a PIN that the holder typed, in the application of its keys.
    pub(in crate::token) fn verify(&mut self, spec: &PinSpec, pin: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        self.verify_in(spec, profile.presented_in(spec), pin)
    }

    /// Verifies a PIN in this application or DF, if that is possible.
    pub(super) fn verify_in(
        &mut self,
        spec: &PinSpec,
        target: &SelectTarget,
        pin: &Pin,
    ) -> Result<(), PinError> {
        let target = match spec.scope {
            Scope::Card => target,
            Scope::Application => &spec.home,
        };
        let given = presented(spec, pin);
        let outcome = self.with_credential(given, target, |card| card.present(spec, pin));
        self.note_verified(spec, outcome)
    }

    /// Verifies a PIN after its key was chosen, with no command in between.
    pub(super) fn verify_here(
        &mut self,
        spec: &PinSpec,
        target: &SelectTarget,
        pin: &Pin,
    ) -> Result<(), PinError> {
        let outcome = self.attempt(presented(spec, pin), target, |card| card.present(spec, pin));
        self.note_verified(spec, outcome)
    }

    /// Without a clear refusal the PIN may be verified; without a clear answer it is not left so.
    fn note_verified(&mut self, spec: &PinSpec, outcome: Result<(), PinError>) -> Result<(), PinError> {
        match outcome {
            Ok(()) => self.set_verified(spec.role, true),
            Err(PinError::Unclear { .. }) => {
                self.set_verified(spec.role, true);
                let _ = self.unverify(spec);
            }
            Err(PinError::Wrong { .. } | PinError::Blocked | PinError::NeverSet) => {
                self.set_verified(spec.role, false);
            }
            // Nothing was sent.
            Err(_) => {}
        }
        outcome
    }

    fn present(&mut self, spec: &PinSpec, pin: &Pin) -> Result<(), PinError> {
        engine::verify(&mut self.channel, self.profile, spec.reference, pin)
    }

    /// Verifies a PIN to learn whether it is right, and resets its verified state at once.
    pub(in crate::token) fn check_pin(&mut self, spec: &PinSpec, pin: Pin) -> Result<OncePin, PinError> {
        self.require_changed(spec)?;
        self.verify(spec, &pin)?;
        self.unverify(spec)?;
        Ok(OncePin::new(pin, self.insertion.times_set(Secret::Pin(spec.role))))
    }

    /// Stops if the card permits no signature until the holder has changed the PIN from the envelope.
    pub(super) fn require_changed(&mut self, spec: &PinSpec) -> Result<(), PinError> {
        if self.profile.codes.delivery != Delivery::FirstChange || spec.role != Role::Signature {
            return Ok(());
        }
        let secret = Secret::Pin(spec.role);
        if self.insertion.pin(secret).is_none() {
            self.make_ready()?;
            self.pin_state(spec.role)?;
        }
        match self.insertion.pin(secret).and_then(|state| state.changed) {
            Some(false) => Err(PinError::NotOwnYet),
            Some(true) | None => Ok(()),
        }
    }

    /// Resets the verified state of a PIN, if it was verified through us.
    pub(in crate::token) fn unverify(&mut self, spec: &PinSpec) -> Result<(), CardError> {
        if self.is_verified(spec.role) {
            self.set_verified(spec.role, false);
            self.unverify_on_card(spec.reference)?;
        }
        Ok(())
    }

    /// Resets a verified state; on most cards this resets all of them.
    pub(super) fn unverify_on_card(&mut self, reference: u8) -> Result<(), CardError> {
        match engine::unverify(&mut self.channel, self.profile, reference) {
            Ok(Unverified::One) => {}
            Ok(Unverified::All) => {
                self.card_state.none_verified();
                if !matches!(self.profile.closing, Closing::LogOff(_)) {
                    self.card_state.selected = Some(self.profile.application.clone());
                }
            }
            Err(error) => {
                self.card_state.selected = None;
                return Err(error);
            }
        }
        Ok(())
    }
}

/// A PIN that is verified.
fn presented<'p>(spec: &PinSpec, pin: &'p Pin) -> Presented<'p> {
    Presented { secret: Secret::Pin(spec.role), digits: pin, tries: spec.tries, setting: None }
}
