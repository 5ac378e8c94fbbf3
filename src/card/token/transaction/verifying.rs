//! Verifying PINs, and closing them.

use super::Transaction;
use super::credential::Presented;
use crate::cards::engine::{self, Closed};
use crate::cards::profile::{Delivery, PinSpec, Presentation, Scope, Secret, SelectTarget, Selecting};
use crate::cards::{CardError, Entered, Pin, PinError, PinState, Role, Stage};
use crate::token::policy::{ONCE_LIFE, OncePin};
use crate::transport::keypad::Asks;

impl Transaction<'_> {
    /// Verifies a PIN that the holder enters, in the application of its keys.
    pub(in crate::token) fn verify(&mut self, spec: &PinSpec, pin: &Entered) -> Result<(), PinError> {
        let profile = self.profile;
        self.verify_in(spec, profile.presented_in(spec), pin)
    }

    /// Verifies a PIN in this application or DF, if that is possible.
    pub(super) fn verify_in(
        &mut self,
        spec: &PinSpec,
        target: &SelectTarget,
        pin: &Entered,
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
        pin: &Entered,
    ) -> Result<(), PinError> {
        let outcome = self.attempt(presented(spec, pin), target, |card| card.present(spec, pin));
        self.note_verified(spec, outcome)
    }

    /// Without a clear refusal the PIN may be verified; without a clear answer it is not left so.
    fn note_verified(&mut self, spec: &PinSpec, outcome: Result<(), PinError>) -> Result<(), PinError> {
        match outcome {
            Ok(()) => self.set_verified(spec.role, true),
            Err(PinError::Unclear { .. }) => drop(self.close(Secret::Pin(spec.role))),
            Err(PinError::Wrong { .. } | PinError::Blocked | PinError::NeverSet) => {
                self.set_verified(spec.role, false);
            }
            // Nothing was sent.
            Err(_) => {}
        }
        outcome
    }

    fn present(&mut self, spec: &PinSpec, pin: &Entered) -> Result<(), PinError> {
        match spec.presentation {
            Presentation::Verify => engine::verify(&mut self.channel, self.profile, spec.into(), pin.typed()),
            Presentation::Pace { password } => {
                self.present_as_password(Secret::Pin(spec.role), password, pin.typed())
            }
        }
    }

    /// Presents a PIN or the PUK as the password of another channel. The card is asked for the tries: whether it is
    /// suspended decides how it is presented, and the answer to a wrong one need not tell them.
    pub(super) fn present_as_password(
        &mut self,
        secret: Secret,
        password: u8,
        typed: Option<&Pin>,
    ) -> Result<(), PinError> {
        // What a keypad sends is not wrapped.
        let typed = typed.ok_or(CardError::Unsupported)?;
        let left = self.tries_left(secret)?;
        if left == Some(0) {
            return Err(PinError::Blocked);
        }
        let suspended = left == Some(1) && secret != Secret::Puk;
        let outcome = engine::present_as_password(&mut self.channel, password, typed, suspended);
        // It is not known what is selected in the new channel, and the PIN of the old one does not count in it.
        self.card_state.doubt();
        for spec in self.profile.pins.iter().filter(|spec| spec.presentation != Presentation::Verify) {
            self.set_verified(spec.role, false);
        }
        match outcome {
            Err(PinError::Wrong { left: None }) => {
                Err(PinError::Wrong { left: self.tries_left(secret).ok().flatten() })
            }
            outcome => outcome,
        }
    }

    /// Verifies a PIN that was typed, to learn whether it is right, and closes it at once. One that is entered on the
    /// keypad cannot be kept: it is asked for when it is used, so that it is entered once, and never open meanwhile.
    pub(in crate::token) fn check_pin(&mut self, spec: &PinSpec, pin: Entered) -> Result<OncePin, PinError> {
        self.require_changed(spec)?;
        match pin {
            Entered::Typed(_) => {
                self.verify(spec, &pin)?;
                self.close_if_open(spec)?;
            }
            Entered::Pad => {
                self.require_keypad(spec)?;
                self.require_tries(spec)?;
            }
        }
        Ok(OncePin::new(pin, self.insertion.times_set(Secret::Pin(spec.role))))
    }

    /// The same for one more use of a key. Digits that this card has just accepted are known to be right; they are presented
    /// with that use, and not once more before.
    pub(in crate::token) fn check_pin_for_use(
        &mut self,
        spec: &PinSpec,
        pin: Entered,
    ) -> Result<OncePin, PinError> {
        let secret = Secret::Pin(spec.role);
        let known = |digits| self.insertion.has_accepted(secret, self.history.fingerprint(digits), ONCE_LIFE);
        if pin.typed().is_some_and(known) {
            return Ok(OncePin::new(pin, self.insertion.times_set(secret)));
        }
        self.check_pin(spec, pin)
    }

    /// Stops if this PIN cannot be entered on the reader's keypad.
    fn require_keypad(&self, spec: &PinSpec) -> Result<(), CardError> {
        let keypad = self.channel.keypad();
        let takes = keypad
            .is_some_and(|keypad| self.profile.takes_from(keypad, Asks::Present, &(spec.min..=spec.max)));
        if takes { Ok(()) } else { Err(CardError::Unsupported) }
    }

    /// Stops if the card reports that the PIN is blocked.
    fn require_tries(&mut self, spec: &PinSpec) -> Result<(), PinError> {
        self.make_certain()?;
        match self.pin_state(spec.role)?.map(PinState::stage) {
            Some(Stage::Unset) => Err(PinError::NeverSet),
            Some(stage) if stage.needs_puk() => Err(PinError::Blocked),
            _ => Ok(()),
        }
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

    /// Closes a PIN at logout. The connection over which it was verified may be lost, so it is not asked whether it is
    /// open: not every card would tell.
    pub(in crate::token) fn log_out(&mut self, spec: &PinSpec) -> Result<(), CardError> {
        self.close(Secret::Pin(spec.role))
    }

    /// Closes a PIN, if it may have been verified through us.
    pub(super) fn close_if_open(&mut self, spec: &PinSpec) -> Result<(), CardError> {
        if self.is_verified(spec.role) { self.close(Secret::Pin(spec.role)) } else { Ok(()) }
    }

    /// Closes a PIN or the PUK; on most cards this closes all of them. If the card has no command that certainly does,
    /// or the command fails, the transaction ends with a reset. An error if the card did not answer: it may be gone.
    pub(super) fn close(&mut self, secret: Secret) -> Result<(), CardError> {
        match engine::close(&mut self.channel, self.profile, secret) {
            Ok(closed) => self.note_closed(secret, closed),
            Err(error) => {
                self.card_state.doubt();
                self.card_state.to_be_reset = true;
                if matches!(error, CardError::Transport(_)) {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn note_closed(&mut self, secret: Secret, closed: Closed) {
        let all = match closed {
            Closed::One => false,
            Closed::BySelect => {
                self.card_state.doubt();
                self.card_state.selected = Some(self.profile.application.clone());
                self.certain = true;
                self.profile.selecting == Selecting::ClosesPins
            }
            Closed::ByLogOff => true,
        };
        match secret {
            _ if all => self.card_state.none_verified(),
            Secret::Pin(role) => self.set_verified(role, false),
            Secret::Puk => {}
        }
    }
}

/// A PIN that is verified.
fn presented<'p>(spec: &PinSpec, pin: &'p Entered) -> Presented<'p> {
    Presented { secret: Secret::Pin(spec.role), digits: pin.typed(), tries: spec.tries, setting: None }
}
