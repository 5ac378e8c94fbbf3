//! The rules for sending a PIN or the PUK, and what the answer means.

use super::Transaction;
use crate::cards::engine::Probe;
use crate::cards::profile::{CodeKind, PinSpec, Secret, SelectTarget};
use crate::cards::{Aftermath, CardError, Entered, Pin, PinError, PinState, Stage, Step};
use crate::iso7816::StatusWord;
use crate::log::{self, Loggable, Record};
use crate::token::given::Entry;
use crate::token::policy::Refusal;

/// Digits that were given for a PIN or as the PUK.
pub(in crate::token) struct Given {
    /// What is kept of them; nothing, if they are entered on a keypad: nobody hands those on.
    entry: Option<Entry>,
    /// They are the code from the letter, which is the first PIN1 and the first PIN2.
    for_both: bool,
}

/// A PIN or code that is presented.
#[derive(Clone, Copy)]
pub(super) struct Presented<'p> {
    pub(super) secret: Secret,
    /// The digits; `None` if they are entered on the reader's keypad.
    pub(super) digits: Option<&'p Pin>,
    /// Its tries when it was accepted.
    pub(super) tries: u8,
    /// What is set by it.
    pub(super) setting: Option<Secret>,
}

impl Transaction<'_> {
    /// Sends a PIN or the PUK, after making certain that it is the same card and that the right application is selected.
    /// If the card does not know the instruction, another program has selected another application. Then the command
    /// is sent again, but only if the number of tries proves that the card did not evaluate the first one.
    pub(super) fn with_credential(
        &mut self,
        given: Presented<'_>,
        target: &SelectTarget,
        act: impl Fn(&mut Self) -> Result<(), PinError>,
    ) -> Result<(), PinError> {
        self.make_ready()?;
        self.select_if_needed(target)?;
        self.confirm()?;
        self.attempt(given, target, act)
    }

    /// The same if the right application is already selected.
    pub(super) fn attempt(
        &mut self,
        given: Presented<'_>,
        target: &SelectTarget,
        act: impl Fn(&mut Self) -> Result<(), PinError>,
    ) -> Result<(), PinError> {
        (self.may_present)()?;
        self.know_tries(given.secret)?;
        let before = self.standing(given.secret, given.setting);
        let aftermath = Aftermath::of(given.secret, given.setting, given.tries, before);
        let outcome = match act(self) {
            Err(PinError::Card(CardError::Refused { sw, .. })) if sw.is_foreign() => {
                let again = self.prepare_again(&aftermath, target, sw);
                again.map_err(PinError::from).and_then(|()| act(self))
            }
            other => other,
        };
        self.settle(given, aftermath, outcome)
    }

    /// Selects the application again, if the card proves that it did not evaluate the command.
    fn prepare_again(
        &mut self,
        aftermath: &Aftermath,
        target: &SelectTarget,
        sw: StatusWord,
    ) -> Result<(), CardError> {
        self.card_state.identified = false;
        self.card_state.selected = None;
        let profile = self.profile;
        self.select(&profile.application)?;
        self.check_identity()?;
        let before = self.insertion.pin(aftermath.presented).and_then(|state| state.left);
        let now = self.tries_left(aftermath.presented)?;
        if before.is_none() || now != before {
            return Err(CardError::Refused { step: Step::SelectApplication, sw });
        }
        self.select_if_needed(target)
    }

    /// Asks for the tries of a PIN or the PUK before it is sent, if they are not known and the command may have to be sent
    /// again.
    fn know_tries(&mut self, secret: Secret) -> Result<(), CardError> {
        if self.insertion.pin(secret).is_none() && self.answers_without_selection() {
            self.tries_left(secret)?;
        }
        Ok(())
    }

    /// What is kept of digits that were given for a PIN, and whether they are the code for both PINs. The card is asked
    /// only about digits that could be that code.
    pub(in crate::token) fn given(&mut self, spec: &PinSpec, pin: Option<&Pin>) -> Result<Given, PinError> {
        let mut state = None;
        if pin.and_then(|pin| self.profile.codes.kind_of(pin)) == Some(CodeKind::Transport) {
            self.make_certain()?;
            state = self.pin_state(spec.role)?;
        }
        let for_both = state.is_some_and(|state| state.stage() == Stage::Fresh);
        Ok(self.given_as(Secret::Pin(spec.role), pin, for_both))
    }

    /// The same where it is known whether they are the code for both PINs.
    pub(super) fn given_as(&self, secret: Secret, digits: Option<&Pin>, for_both: bool) -> Given {
        Given { entry: digits.map(|digits| self.history.entry(self.serial(), secret, digits)), for_both }
    }

    /// Does something with digits that were given, unless they were just given for another PIN: a program hands the one
    /// PIN that it asked for to every token.
    pub(in crate::token) fn unless_meant_elsewhere<R>(
        &mut self,
        given: Given,
        act: impl FnOnce(&mut Self) -> Result<R, PinError>,
    ) -> Result<R, PinError> {
        let Given { entry: Some(entry), for_both } = given else { return act(self) };
        if self.history.are_meant_elsewhere(&entry, self.insertion.inserted) {
            let refusal = Some(&PinError::GivenElsewhere as &dyn Loggable);
            log::info(|| Record::Judged { secret: entry.1.name(), refusal });
            return Err(PinError::GivenElsewhere);
        }
        let outcome = act(self);
        // The code for both PINs is given for the other one, too, unless the card has refused it.
        let unclear = match &outcome {
            Err(PinError::Unclear { after, .. }) => !after.is_spent(),
            Err(PinError::Card(_) | PinError::Interrupted | PinError::NoMemory) => true,
            _ => false,
        };
        if !for_both || (outcome.is_err() && !unclear) {
            self.history.note_given(entry, outcome.is_ok());
        }
        outcome
    }

    /// Stops if this card has refused this PIN before, unless its tries have risen since. The card is asked only if
    /// it has.
    pub(in crate::token) fn not_refused_before(
        &mut self,
        spec: &PinSpec,
        pin: Option<&Pin>,
    ) -> Result<(), PinError> {
        let secret = Secret::Pin(spec.role);
        let Some(refusal) = self.refused_before(secret, pin) else { return Ok(()) };
        self.make_certain()?;
        let now = match self.probe(spec)? {
            Probe::Verified => Some(spec.tries),
            Probe::Left(left) => left,
            Probe::OtherApplication => None,
        };
        self.refuse_unless_risen(secret, refusal, now)
    }

    /// Has this card refused these digits before, or may it have?
    fn refused_before(&self, secret: Secret, digits: Option<&Pin>) -> Option<Refusal> {
        self.history.refusal(self.serial(), secret, digits?)
    }

    /// Stops if the card has refused this PIN after accepting it: it was changed meanwhile, and must not be sent
    /// unasked. Where an answer was lost, the card is asked.
    pub(super) fn not_refused_since(&mut self, spec: &PinSpec, pin: Option<&Pin>) -> Result<(), PinError> {
        match self.refused_before(Secret::Pin(spec.role), pin) {
            None => Ok(()),
            Some(Refusal::Possible(_)) if self.tells_tries() => self.not_refused_before(spec, pin),
            Some(_) => Err(PinError::RefusedBefore),
        }
    }

    pub(super) fn puk_not_refused_before(&mut self, puk: Option<&Pin>) -> Result<(), PinError> {
        let Some(refusal) = self.refused_before(Secret::Puk, puk) else { return Ok(()) };
        self.make_certain()?;
        self.ask_puk()?;
        let now = self.insertion.pin(Secret::Puk).and_then(|state| state.left);
        self.refuse_unless_risen(Secret::Puk, refusal, now)
    }

    /// A counter rises only when the right PIN was verified or set, so the PIN may be another one now. One that is higher
    /// than a lost refusal would have left it shows that there was none. Where the card does not tell, its holder may
    /// enter the same digits again after a lost answer.
    fn refuse_unless_risen(&self, secret: Secret, refusal: Refusal, now: Option<u8>) -> Result<(), PinError> {
        match (refusal, now) {
            (_, Some(0)) => Err(PinError::Blocked),
            (Refusal::Certain(Some(then)) | Refusal::Possible(then), Some(now)) if now > then => {
                self.history.forget(self.serial(), secret);
                Ok(())
            }
            (Refusal::Possible(_), None) => Ok(()),
            _ => Err(PinError::RefusedBefore),
        }
    }

    /// Notes what a command has done with the PIN or PUK in it. If its answer does not tell, the card is asked.
    fn settle(
        &mut self,
        given: Presented<'_>,
        aftermath: Aftermath,
        outcome: Result<(), PinError>,
    ) -> Result<(), PinError> {
        let secret = given.secret;
        let outcome = match outcome {
            Err(PinError::Card(cause)) if given.digits.is_none() => self.clarify_entering(cause, aftermath),
            Err(PinError::Card(cause)) => self.clarify(cause, aftermath),
            clear => clear,
        };
        let refusal = outcome.as_ref().err().map(|error| error as &dyn Loggable);
        log::info(|| Record::Judged { secret: secret.name(), refusal });
        let accepted = given.digits.filter(|_| outcome.is_ok());
        self.insertion.note_accepted(secret, accepted.map(|digits| self.history.fingerprint(digits)));
        match outcome {
            Ok(()) => {
                self.insertion.set_tries(secret, Some(given.tries));
                self.history.forget(self.serial(), secret);
            }
            Err(PinError::Wrong { left }) => {
                self.note_refusal(secret, left);
                self.remember(given, Refusal::Certain(left));
                self.forget_session_pin(given);
            }
            Err(PinError::Blocked) => {
                self.note_refusal(secret, Some(0));
                self.forget_session_pin(given);
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
            Err(PinError::Unclear { after, .. }) => self.note_unclear(given, &after),
            Err(_) => {}
        }
        outcome
    }

    /// Notes what can be told of an unclear outcome. A PIN that cost a try is treated as refused, one that may have cost
    /// one is not presented before the card is asked, and one that may have been replaced not unasked.
    fn note_unclear(&mut self, given: Presented<'_>, after: &Aftermath) {
        if after.is_spent() {
            self.remember(given, Refusal::Certain(after.left()));
            self.forget_session_pin(given);
        } else if after.spent().is_none() {
            self.remember(given, Refusal::Possible(after.left_if_refused()));
        }
        if let Some(setting) = after.setting
            && after.set() != Some(false)
        {
            self.note_replaced(setting);
        }
    }

    /// A PIN is or may be another one now: what was accepted so far is not presented again.
    pub(super) fn note_replaced(&mut self, secret: Secret) {
        self.insertion.note_set(secret);
        if matches!(secret, Secret::Pin(role) if self.profile.has_session_pin(role)) {
            self.session_pin.0 = None;
        }
    }

    /// Notes the tries after a refusal. The PUK may not have been asked for before; it is reported to programs from
    /// now on.
    fn note_refusal(&self, secret: Secret, left: Option<u8>) {
        match secret {
            Secret::Pin(_) => self.insertion.set_tries(secret, left),
            Secret::Puk => self.insertion.set_pin(secret, PinState { left, changed: None }),
        }
    }

    /// Remembers digits that the card has refused. Of what is entered on a keypad nothing is known, but nobody can send
    /// that again by mistake.
    fn remember(&self, refused: Presented<'_>, refusal: Refusal) {
        if let Some(digits) = refused.digits {
            self.history.remember(self.serial(), refused.secret, digits, refusal);
        }
    }

    /// Forgets the session PIN if it is the refused one: it was changed meanwhile, and must not be sent unasked.
    fn forget_session_pin(&mut self, refused: Presented<'_>) {
        let of_session = matches!(refused.secret, Secret::Pin(role) if self.profile.has_session_pin(role));
        let session_pin = self.session_pin.0.as_ref().and_then(Entered::typed);
        if of_session && session_pin.zip(refused.digits).is_some_and(|(pin, refused)| pin.is_same(refused)) {
            self.session_pin.0 = None;
        }
    }
}
