//! The rules for sending a PIN or the PUK, and what the answer means.

use super::Transaction;
use crate::cards::engine::Probe;
use crate::cards::profile::{PinSpec, Secret, SelectTarget};
use crate::cards::{CardError, Pin, PinError, PinState, Stage, Step};
use crate::log::{self, Loggable, Record};

impl Transaction<'_> {
    /// Sends a PIN or the PUK, after making sure that it is the same card and that the right application is selected.
    /// If the card does not know the instruction, another program has selected another application. Then the command
    /// is sent again, but only if the number of tries proves that the card did not evaluate the first one.
    pub(super) fn with_credential(
        &mut self,
        secret: Secret,
        target: &SelectTarget,
        act: impl Fn(&mut Self) -> Result<(), PinError>,
    ) -> Result<(), PinError> {
        self.make_ready()?;
        self.select_if_needed(target)?;
        self.attempt(secret, target, act)
    }

    /// The same if the right application is already selected.
    pub(super) fn attempt(
        &mut self,
        secret: Secret,
        target: &SelectTarget,
        act: impl Fn(&mut Self) -> Result<(), PinError>,
    ) -> Result<(), PinError> {
        let before = self.insertion.pin(secret).and_then(|state| state.left);
        match act(self) {
            Err(PinError::Card(CardError::Refused { sw, .. })) if sw.is_foreign() => {
                self.card_state.identified = false;
                self.card_state.selected = None;
                let profile = self.profile;
                self.select(&profile.application)?;
                self.check_identity()?;
                let now = self.tries_left(secret)?;
                if before.is_none() || now != before {
                    return Err(CardError::Refused { step: Step::SelectApplication, sw }.into());
                }
                self.select_if_needed(target)?;
                act(self)
            }
            other => other,
        }
    }

    /// Stops if this card has refused this PIN before, unless its tries have risen since. The card is asked only if
    /// it has.
    pub(in crate::token) fn not_refused_before(&mut self, spec: &PinSpec, pin: &Pin) -> Result<(), PinError> {
        let secret = Secret::Pin(spec.role);
        let Some(then) = self.refused.tries_after(self.serial(), secret, pin) else { return Ok(()) };
        self.make_ready()?;
        let now = match self.probe(spec)? {
            Probe::Verified => Some(spec.tries),
            Probe::Left(left) => left,
            Probe::OtherApplication => None,
        };
        self.refuse_unless_risen(secret, then, now)
    }

    /// Stops if the card has refused this PIN after accepting it: it was changed meanwhile, and must not be sent
    /// unasked.
    pub(super) fn not_refused_since(&self, spec: &PinSpec, pin: &Pin) -> Result<(), PinError> {
        let refused = self.refused.tries_after(self.serial(), Secret::Pin(spec.role), pin);
        if refused.is_some() { Err(PinError::RefusedBefore) } else { Ok(()) }
    }

    pub(super) fn puk_not_refused_before(&mut self, puk: &Pin) -> Result<(), PinError> {
        let Some(then) = self.refused.tries_after(self.serial(), Secret::Puk, puk) else { return Ok(()) };
        self.ask_puk()?;
        let now = self.insertion.pin(Secret::Puk).and_then(|state| state.left);
        self.refuse_unless_risen(Secret::Puk, then, now)
    }

    /// A counter rises only when the right PIN was verified or set, so the PIN may be another one now.
    fn refuse_unless_risen(&self, secret: Secret, then: Option<u8>, now: Option<u8>) -> Result<(), PinError> {
        match (then, now) {
            (_, Some(0)) => Err(PinError::Blocked),
            (Some(then), Some(now)) if now > then => {
                self.refused.forget(self.serial(), secret);
                Ok(())
            }
            _ => Err(PinError::RefusedBefore),
        }
    }

    /// Notes what the outcome of a command means for the PIN or PUK in it.
    pub(super) fn note_outcome(
        &mut self,
        secret: Secret,
        tries: u8,
        presented: &Pin,
        outcome: Result<(), PinError>,
    ) -> Result<(), PinError> {
        let refusal = outcome.as_ref().err().map(|error| error as &dyn Loggable);
        log::info(|| Record::Judged { secret: secret.name(), refusal });
        match outcome {
            Ok(()) => {
                self.insertion.set_tries(secret, Some(tries));
                self.refused.forget(self.serial(), secret);
            }
            Err(PinError::Wrong { left }) => {
                self.note_refusal(secret, left);
                self.refused.remember(self.serial(), secret, presented, left);
                self.forget_session_pin(secret, presented);
            }
            Err(PinError::Blocked) => {
                self.note_refusal(secret, Some(0));
                self.forget_session_pin(secret, presented);
                // It has to be set again first, and then it is not the PIN that was accepted so far.
                self.insertion.note_set(secret);
                if let Secret::Pin(role) = secret {
                    // It was locked or never set: that decides what the holder has to do.
                    let known = self.insertion.pin(secret);
                    let state = known.or_else(|| self.pin_state(role).ok().flatten());
                    if state.map(PinState::stage) == Some(Stage::Unset) {
                        return Err(PinError::NeverSet);
                    }
                }
            }
            // Without a clear answer a try may be used up, or the PIN set: the card has to be asked.
            Err(PinError::Card(_)) => self.insertion.forget_pins(),
            Err(_) => {}
        }
        outcome
    }

    /// Notes the tries after a refusal. The PUK may not have been asked for before; it is reported to programs from
    /// now on.
    fn note_refusal(&self, secret: Secret, left: Option<u8>) {
        match secret {
            Secret::Pin(_) => self.insertion.set_tries(secret, left),
            Secret::Puk => self.insertion.set_pin(secret, PinState { left, changed: None }),
        }
    }

    /// Forgets the session PIN if it is the refused one: it was changed meanwhile, and must not be sent unasked.
    fn forget_session_pin(&mut self, secret: Secret, refused: &Pin) {
        let of_session = matches!(secret, Secret::Pin(role) if self.profile.has_session_pin(role));
        if of_session && self.session_pin.0.as_ref().is_some_and(|pin| pin.is_same(refused)) {
            self.session_pin.0 = None;
        }
    }
}
