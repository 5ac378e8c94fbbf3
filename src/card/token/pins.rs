//! Presenting, changing and unblocking PINs, and what is learned from the card's answers.

use super::link::Session;
use super::policy::OncePin;
use crate::cards::engine::{self, Probe, Unverified};
use crate::cards::profile::{
    Closing, CodeKind, PinSpec, PukSpec, Scope, Secret, SelectTarget, Selecting, Unblocking,
};
use crate::cards::{CardError, NewPin, Pin, PinError, PinState, Role, Stage};
use crate::log::{self, Record, Word};
use std::ops::RangeInclusive;

impl Session<'_> {
    /// Asks the card how its PINs stand.
    ///
    /// PIN2 is asked for in full. When it was changed by its holder, so was PIN1, which every program activates
    /// first; then one short question about PIN1's tries is enough. When something is wrong with a PIN, the PUK
    /// matters too.
    pub(super) fn ask_pins(&mut self) -> Result<(), CardError> {
        if self.insertion.is_thorough() {
            return self.ask_all();
        }
        let (Some(first), Some(_)) =
            (self.profile.pin(Role::Authentication), self.profile.pin(Role::Signature))
        else {
            return self.ask_all();
        };
        let second = self.pin_state(Role::Signature)?;
        let settled = second.is_some_and(|state| state.changed != Some(false) && state.left != Some(0));
        if settled && self.profile.asking.empty_verify {
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
        if well && !self.profile.asking.empty_verify { Ok(()) } else { self.ask_puk() }
    }

    /// Asks the card how many tries are left.
    pub(super) fn tries_left(&mut self, secret: Secret) -> Result<Option<u8>, CardError> {
        match secret {
            Secret::Pin(role) => drop(self.pin_state(role)?),
            Secret::Puk => self.ask_puk()?,
        }
        Ok(self.insertion.pin(secret).and_then(|state| state.left))
    }

    /// Asks the card for all that it tells of its PINs and its PUK, leaving nothing to inference.
    pub(super) fn ask_all(&mut self) -> Result<(), CardError> {
        let profile = self.profile;
        for spec in profile.pins.iter() {
            self.pin_state(spec.role)?;
        }
        self.ask_puk()
    }

    /// Asks the card how its PUK stands. A card that has none, or does not tell, is no error.
    pub(super) fn ask_puk(&mut self) -> Result<(), CardError> {
        let state = match &self.profile.codes.puk {
            Some(puk) if self.profile.asking.object.is_some() => {
                self.enter(&puk.home)?;
                engine::pin_state(&mut self.channel, self.profile, puk.reference)
            }
            _ => Err(CardError::Unsupported),
        };
        match state {
            Ok(state) => self.insertion.set_pin(Secret::Puk, state),
            Err(CardError::Transport(error)) => return Err(error.into()),
            // The one on a card that tells nothing has been asked for, too.
            Err(CardError::Unsupported) => self.insertion.set_pin(Secret::Puk, PinState::UNKNOWN),
            Err(_) => {}
        }
        Ok(())
    }

    /// Asks how a PIN stands, by one command that spends nothing.
    pub(super) fn probe(&mut self, spec: &PinSpec) -> Result<Probe, CardError> {
        let probe = if self.profile.asking.empty_verify {
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

    /// The same by the PIN's data object, which does not tell whether the PIN stands.
    fn ask_object(&mut self, spec: &PinSpec) -> Result<Probe, CardError> {
        if self.profile.asking.object.is_none() {
            return Ok(Probe::Left(None));
        }
        if self.profile.selecting == Selecting::KeepsPins {
            self.enter(&spec.home)?;
        }
        match engine::pin_state(&mut self.channel, self.profile, spec.reference) {
            Ok(state) => Ok(Probe::Left(state.left)),
            Err(error @ CardError::Transport(_)) => Err(error),
            Err(_) => Ok(Probe::OtherApplication),
        }
    }

    /// Asks the card for all that it tells of one PIN. A card without the PIN, or that tells nothing, is no
    /// error.
    pub(super) fn pin_state(&mut self, role: Role) -> Result<Option<PinState>, CardError> {
        let spec = self.pin_spec(role)?;
        self.enter(&spec.home)?;
        let mut told = engine::pin_state(&mut self.channel, self.profile, spec.reference);
        if matches!(told, Err(CardError::Refused { .. })) && !self.profile.asking.empty_verify {
            // Another program may have selected another application.
            self.card_state.selected = None;
            self.enter(&spec.home)?;
            told = engine::pin_state(&mut self.channel, self.profile, spec.reference);
        }
        let state = match told {
            Ok(state) => state,
            Err(CardError::Transport(error)) => return Err(error.into()),
            Err(_) if !self.profile.asking.empty_verify => PinState::UNKNOWN,
            Err(_) => match self.probe(spec)? {
                Probe::Verified => PinState { left: Some(spec.tries), changed: None },
                Probe::Left(left) => PinState { left, changed: None },
                Probe::OtherApplication => return Ok(None),
            },
        };
        self.insertion.set_pin(Secret::Pin(role), state);
        Ok(Some(state))
    }

    /// Presents a PIN that the holder typed, where its keys are.
    pub(super) fn verify(&mut self, spec: &PinSpec, pin: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        self.verify_in(spec, profile.presented_in(spec), pin)
    }

    /// Presents a PIN that the holder typed, in this home if it may be presented there.
    pub(super) fn verify_in(
        &mut self,
        spec: &PinSpec,
        home: &SelectTarget,
        pin: &Pin,
    ) -> Result<(), PinError> {
        let home = match spec.scope {
            Scope::Card => home,
            Scope::SelectTarget => &spec.home,
        };
        let outcome = self.with_credential(Secret::Pin(spec.role), home, |card| card.present(spec, pin));
        self.unless_unclear(spec, outcome)
    }

    /// Presents a PIN where its key was chosen, with nothing in between.
    pub(super) fn verify_here(
        &mut self,
        spec: &PinSpec,
        home: &SelectTarget,
        pin: &Pin,
    ) -> Result<(), PinError> {
        let outcome = self.attempt(Secret::Pin(spec.role), home, |card| card.present(spec, pin));
        self.unless_unclear(spec, outcome)
    }

    fn unless_unclear(&mut self, spec: &PinSpec, outcome: Result<(), PinError>) -> Result<(), PinError> {
        if matches!(outcome, Err(PinError::Card(_))) {
            // The card may have taken the PIN before it went wrong: close it, if it still listens.
            let _ = self.take_back(spec);
        }
        outcome
    }

    pub(super) fn present(&mut self, spec: &PinSpec, pin: &Pin) -> Result<(), PinError> {
        let outcome = engine::verify(&mut self.channel, self.profile, spec.reference, pin);
        // Without a clear refusal the PIN may stand.
        self.set_verified(spec.role, matches!(outcome, Ok(()) | Err(PinError::Card(_))));
        self.learn(Secret::Pin(spec.role), spec.tries, pin, outcome)
    }

    /// Changes a PIN.
    pub(super) fn change(&mut self, spec: &PinSpec, old: &Pin, new: &Pin) -> Result<(), PinError> {
        let secret = Secret::Pin(spec.role);
        self.with_credential(secret, &spec.home, |card| {
            let outcome = engine::change(&mut card.channel, card.profile, spec.reference, old, new);
            card.learn(secret, spec.tries, old, outcome)
        })?;
        self.was_set(spec);
        Ok(())
    }

    /// Changes the PUK.
    pub(super) fn change_puk(&mut self, old: &Pin, new: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        let puk = profile.codes.puk.as_ref().filter(|puk| puk.changeable).ok_or(CardError::Unsupported)?;
        self.ready()?;
        self.puk_not_refused_before(old)?;
        self.with_credential(Secret::Puk, &puk.home, |card| {
            let outcome = engine::change(&mut card.channel, card.profile, puk.reference, old, new);
            card.learn(Secret::Puk, puk.tries, old, outcome)
        })?;
        // Setting it may present it; nothing may stay open. It is set, whatever becomes of this.
        self.close_puk(puk);
        Ok(())
    }

    /// Sets a PIN by the PUK.
    pub(super) fn unblock(&mut self, spec: &PinSpec, puk: &Pin, new: &Pin) -> Result<(), PinError> {
        let profile = self.profile;
        let with = profile.codes.puk.as_ref().ok_or(CardError::Unsupported)?;
        match with.way {
            Unblocking::AtOnce => self.with_credential(Secret::Puk, &spec.home, |card| {
                let outcome = engine::unblock(&mut card.channel, card.profile, spec, puk, new);
                card.learn(Secret::Puk, with.tries, puk, outcome)
            })?,
            Unblocking::PukFirst => self.reset(spec, with, puk, new)?,
        }
        self.refused.forget(self.number(), Secret::Pin(spec.role));
        self.was_set(spec);
        Ok(())
    }

    /// Presents the PUK, sets the PIN, and takes the PUK back whatever came of it.
    fn reset(&mut self, spec: &PinSpec, with: &PukSpec, puk: &Pin, new: &Pin) -> Result<(), PinError> {
        let presented = self.with_credential(Secret::Puk, &with.home, |card| {
            let outcome = engine::verify(&mut card.channel, card.profile, with.reference, puk);
            card.learn(Secret::Puk, with.tries, puk, outcome)
        });
        let outcome = presented.and_then(|()| {
            self.enter(&spec.home)?;
            let set = engine::reset(&mut self.channel, self.profile, spec, new);
            if set.is_err() {
                self.insertion.forget_pins();
            }
            Ok(set?)
        });
        // Without a clear refusal the PUK may stand.
        if matches!(outcome, Ok(()) | Err(PinError::Card(_))) {
            self.close_puk(with);
        }
        outcome
    }

    /// Takes the PUK back. Whether a card that knows nothing but SELECT forgets it then may not be known: such a card is
    /// reset as well.
    fn close_puk(&mut self, puk: &PukSpec) {
        let keeps = self.profile.selecting == Selecting::KeepsPins;
        self.card_state.to_be_reset |= keeps && matches!(self.profile.closing, Closing::Select);
        let _ = self.close(puk.reference);
    }

    /// Takes back what was presented: on most cards everything at once.
    fn close(&mut self, reference: u8) -> Result<(), CardError> {
        match engine::unverify(&mut self.channel, self.profile, reference) {
            Ok(Unverified::One) => {}
            Ok(Unverified::All) => {
                self.card_state.no_pin();
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

    /// A PIN that was just set has all its tries. Whether setting it also presents it is not known, and nobody has
    /// asked for that: it is taken back. A login that stands presents the new PIN when it is needed.
    fn was_set(&mut self, spec: &PinSpec) {
        let state = PinState { left: Some(spec.tries), changed: Some(true) };
        self.insertion.set_pin(Secret::Pin(spec.role), state);
        self.insertion.note_setting(Secret::Pin(spec.role));
        self.set_verified(spec.role, true);
        // The PIN is set, whatever becomes of this.
        let _ = self.take_back(spec);
    }

    /// Sets a PIN by the code from the issuer's letter, or by the PUK, according to how the card stands.
    pub(super) fn set_by_code(&mut self, spec: &PinSpec, code: &Pin, new: &Pin) -> Result<(), PinError> {
        self.ready()?;
        let state = self.pin_state(spec.role)?.unwrap_or(PinState::UNKNOWN);
        let kind = self.kind_of(code)?;
        agrees(kind, state)?;
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
        // Who was logged in with the PIN as it was must not present that again.
        if self.profile.stands(spec.role) {
            self.standing.0 = None;
        }
        Ok(())
    }

    /// The kind of a code, if it is one at all.
    pub(super) fn kind_of(&self, code: &Pin) -> Result<CodeKind, PinError> {
        self.profile.codes.kind_of(code).ok_or(PinError::Impossible)
    }

    /// Stops a PIN that this card refused before, unless something has happened to the PIN since. Asks the card
    /// only when the PIN is remembered as refused.
    pub(super) fn not_refused_before(&mut self, spec: &PinSpec, pin: &Pin) -> Result<(), PinError> {
        let secret = Secret::Pin(spec.role);
        let Some(then) = self.refused.tries_after(self.number(), secret, pin) else { return Ok(()) };
        self.ready()?;
        let now = match self.probe(spec)? {
            Probe::Verified => Some(spec.tries),
            Probe::Left(left) => left,
            Probe::OtherApplication => None,
        };
        self.unless_risen(secret, then, now)
    }

    /// Stops a PIN that the card accepted and has refused since: it was changed meanwhile, and nobody typed it for this.
    pub(super) fn not_refused_since(&self, spec: &PinSpec, pin: &Pin) -> Result<(), PinError> {
        let refused = self.refused.tries_after(self.number(), Secret::Pin(spec.role), pin);
        if refused.is_some() { Err(PinError::RefusedBefore) } else { Ok(()) }
    }

    fn puk_not_refused_before(&mut self, puk: &Pin) -> Result<(), PinError> {
        let Some(then) = self.refused.tries_after(self.number(), Secret::Puk, puk) else { return Ok(()) };
        self.ask_puk()?;
        let now = self.insertion.pin(Secret::Puk).and_then(|state| state.left);
        self.unless_risen(Secret::Puk, then, now)
    }

    /// Counters only fall by wrong PINs; a risen one proves a success, so the PIN may be another one now.
    fn unless_risen(&self, secret: Secret, then: Option<u8>, now: Option<u8>) -> Result<(), PinError> {
        match (then, now) {
            (_, Some(0)) => Err(PinError::Blocked),
            (Some(then), Some(now)) if now > then => {
                self.refused.forget(self.number(), secret);
                Ok(())
            }
            _ => Err(PinError::RefusedBefore),
        }
    }

    /// Takes back what was presented, if it was presented through us.
    pub(super) fn take_back(&mut self, spec: &PinSpec) -> Result<(), CardError> {
        if self.is_verified(spec.role) {
            self.set_verified(spec.role, false);
            self.close(spec.reference)?;
        }
        Ok(())
    }

    /// Presents a PIN only to learn whether it is right, and leaves the card closed.
    pub(super) fn try_once(&mut self, spec: &PinSpec, pin: Pin) -> Result<OncePin, PinError> {
        self.is_own(spec)?;
        self.verify(spec, &pin)?;
        self.take_back(spec)?;
        Ok(OncePin::new(pin, self.insertion.settings(Secret::Pin(spec.role))))
    }

    /// Notes the tries after a refusal. A PUK need not have been asked for before, and programs are told of it from now on.
    fn note_refusal(&self, secret: Secret, left: Option<u8>) {
        match secret {
            Secret::Pin(_) => self.insertion.set_tries(secret, left),
            Secret::Puk => self.insertion.set_pin(secret, PinState { left, changed: None }),
        }
    }

    /// A PIN that the card refused was changed meanwhile: it must not be presented unasked.
    fn stands_no_more(&mut self, secret: Secret, refused: &Pin) {
        let stands = matches!(secret, Secret::Pin(role) if self.profile.stands(role));
        if stands && self.standing.0.as_ref().is_some_and(|pin| pin.is_same(refused)) {
            self.standing.0 = None;
        }
    }

    /// Notes what an answer tells of a PIN or PUK that was presented.
    fn learn(
        &mut self,
        secret: Secret,
        tries: u8,
        presented: &Pin,
        outcome: Result<(), PinError>,
    ) -> Result<(), PinError> {
        let refusal = outcome.as_ref().err().map(|error| error as &dyn Word);
        log::info(|| Record::Judged { secret: secret.name(), refusal });
        match outcome {
            Ok(()) => {
                self.insertion.set_tries(secret, Some(tries));
                self.refused.forget(self.number(), secret);
            }
            Err(PinError::Wrong { left }) => {
                self.note_refusal(secret, left);
                self.refused.remember(self.number(), secret, presented, left);
                self.stands_no_more(secret, presented);
            }
            Err(PinError::Blocked) => {
                self.note_refusal(secret, Some(0));
                self.stands_no_more(secret, presented);
                // Before it is good for anything it is set anew, and what was accepted until now is not it.
                self.insertion.note_setting(secret);
                if let Secret::Pin(role) = secret {
                    // A PIN without tries was locked, or never set: that decides what its holder has to do.
                    let known = self.insertion.pin(secret);
                    let state = known.or_else(|| self.pin_state(role).ok().flatten());
                    if state.map(PinState::stage) == Some(Stage::Unset) {
                        return Err(PinError::NeverSet);
                    }
                }
            }
            // Without a clear answer a try may be gone, or the PIN set: the card has to be asked.
            Err(PinError::Card(_)) => self.insertion.forget_pins(),
            Err(_) => {}
        }
        outcome
    }
}

/// The length of the code tells the scheme, the card's state must agree. A contradiction stops before anything is
/// sent: the wrong command would cost a try of the wrong counter.
fn agrees(kind: CodeKind, state: PinState) -> Result<(), PinError> {
    match (kind, state) {
        (CodeKind::Transport, PinState { left: Some(0), .. }) => Err(PinError::Blocked),
        (CodeKind::Transport, PinState { changed: Some(true), .. }) => Err(PinError::Contradiction),
        (CodeKind::Transport | CodeKind::Puk, _) => Ok(()),
    }
}

/// Can this be a new PIN, or PUK, of so many digits?
pub(super) fn check_new(digits: RangeInclusive<usize>, new: &Pin) -> Result<(), PinError> {
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
        let transport = |left, changed| agrees(CodeKind::Transport, PinState { left, changed });
        assert_eq!(transport(Some(5), Some(false)), Ok(()));
        assert_eq!(transport(Some(5), None), Ok(()));
        assert_eq!(transport(Some(5), Some(true)), Err(PinError::Contradiction));
        assert_eq!(transport(Some(0), Some(false)), Err(PinError::Blocked));
        for (left, changed) in
            [(Some(0), Some(false)), (Some(5), Some(true)), (None, None), (Some(5), Some(false))]
        {
            assert_eq!(agrees(CodeKind::Puk, PinState { left, changed }), Ok(()));
        }
    }
}
