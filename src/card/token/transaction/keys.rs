//! Using the private keys.

use super::Transaction;
use crate::cards::certificate::PublicKey;
use crate::cards::engine::{self, KeyTask, PreparedTask, Probe};
use crate::cards::profile::{Order, PinSpec, Secret, Selecting};
use crate::cards::{CardError, Entered, KeySpec, PinError};
use crate::iso7816::StatusWord;
use crate::log::{self, Record};
use crate::token::policy::OncePin;
use zeroize::Zeroizing;

impl Transaction<'_> {
    /// Uses a key with the session PIN. The PIN is assumed to be verified; only if the card refuses is that checked.
    pub(in crate::token) fn use_key(
        &mut self,
        key: &KeySpec,
        public: &PublicKey,
        task: KeyTask<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let task = engine::prepare(key, public, task)?;
        if self.session_pin.0.is_none() {
            return Err(PinError::NotGiven);
        }
        let spec = self.pin_spec(key.role)?;
        if self.may_be_tried(key) {
            self.select_if_needed(&key.home)?;
            match task.work(&mut self.channel) {
                Err(refusal @ CardError::Refused { sw, .. }) => {
                    if self.is_about_data(spec, sw) || self.is_verified_on_card(spec)? {
                        return Err(refusal.into());
                    }
                }
                outcome => return Ok(outcome?),
            }
        }
        self.restore(spec, key)?;
        self.select_if_needed(&key.home)?;
        Ok(task.work(&mut self.channel)?)
    }

    /// May the key be tried, because nothing is known to have changed since its PIN was verified?
    fn may_be_tried(&self, key: &KeySpec) -> bool {
        match self.profile.selecting {
            Selecting::ClosesPins => self.card_state.selected.as_ref() == Some(&key.home),
            Selecting::KeepsPins => self.is_verified(key.role),
        }
    }

    /// Is a refusal about the data? Only asked on cards that do not report whether a PIN is verified.
    fn is_about_data(&self, spec: &PinSpec, sw: StatusWord) -> bool {
        !self.profile.tells_by_verify(spec) && matches!(sw, StatusWord::WRONG_DATA | StatusWord::WRONG_LENGTH)
    }

    /// Does the card report that the PIN is verified?
    fn is_verified_on_card(&mut self, spec: &PinSpec) -> Result<bool, CardError> {
        let asking = self.profile.tells_by_verify(spec);
        if asking {
            self.confirm()?;
        }
        let probe = if asking { self.probe(spec)? } else { Probe::Left(None) };
        if !asking || self.profile.selecting == Selecting::KeepsPins {
            // That did not show what is selected.
            self.card_state.selected = None;
        }
        // Another program selected an application or reset the PIN: it may have done more.
        self.insertion.forget_pins();
        Ok(probe == Probe::Verified)
    }

    /// Verifies the session PIN again after the card has lost its verified state. Only on the same card, and only
    /// while the PIN has all its tries: an automatic attempt must never be the one that blocks the PIN. What was entered
    /// on a keypad cannot be presented again, and the holder is not asked for it without being told by the program: the
    /// login is over.
    fn restore(&mut self, spec: &PinSpec, key: &KeySpec) -> Result<(), PinError> {
        self.card_state.identified = false;
        self.make_ready()?;
        let left = match self.probe(spec)? {
            Probe::Verified => return Ok(()),
            Probe::Left(Some(left)) => Some(left),
            // The card does not report tries this way; it may by its data object.
            Probe::Left(None) | Probe::OtherApplication => match self.profile.asking.object {
                Some(_) => engine::pin_state(&mut self.channel, self.profile, spec.reference)?.left,
                None => None,
            },
        };
        if left.is_none_or(|left| left < spec.tries) {
            return Err(PinError::NotGiven);
        }
        if self.answers_without_selection() {
            self.select_again_after_refusal()?;
        }
        log::info(|| Record::Remark("the card has lost the login: the PIN is presented again"));
        self.select_if_needed(&key.home)?;
        let pin = self.session_pin.0.take().filter(|pin| pin.typed().is_some()).ok_or(PinError::NotGiven)?;
        match self.verify_here(spec, &key.home, &pin) {
            Ok(()) => {
                self.session_pin.0 = Some(pin);
                Ok(())
            }
            // It was changed meanwhile. The PIN is wiped, and the holder has to enter the new one.
            Err(PinError::Wrong { .. } | PinError::Blocked) => Err(PinError::NotGiven),
            Err(error) => Err(error),
        }
    }

    /// Uses a key once with a PIN that was accepted before: verifies it, uses the key, and closes the PIN.
    pub(in crate::token) fn use_key_once(
        &mut self,
        key: &KeySpec,
        public: &PublicKey,
        task: KeyTask<'_>,
        once: OncePin,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let task = engine::prepare(key, public, task)?;
        let spec = self.pin_spec(key.role)?;
        self.require_changed(spec)?;
        let given = once.take(self.insertion.times_set(Secret::Pin(spec.role))).ok_or(PinError::NotGiven)?;
        let is_session_pin = given.is_none();
        let pin = given.or_else(|| self.session_pin.0.take()).ok_or(PinError::NotGiven)?;
        let sound = self.not_refused_since(spec, pin.typed());
        let answer = sound.and_then(|()| self.verify_and_use(spec, key, &task, &pin));
        // The session PIN is kept, unless the card refused it.
        if is_session_pin && !matches!(answer, Err(PinError::Wrong { .. } | PinError::Blocked)) {
            self.session_pin.0 = Some(pin);
        }
        answer
    }

    /// Verifies the PIN, before or after the key is chosen, uses the key, and closes the PIN.
    fn verify_and_use(
        &mut self,
        spec: &PinSpec,
        key: &KeySpec,
        task: &PreparedTask<'_>,
        pin: &Entered,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let answer = match self.profile.order {
            Order::PinFirst => {
                self.verify_in(spec, &key.home, pin)?;
                self.select_if_needed(&key.home).and_then(|()| task.work(&mut self.channel))
            }
            Order::KeyFirst => {
                self.make_ready()?;
                self.select_if_needed(&key.home)?;
                self.confirm()?;
                task.set_key(&mut self.channel)?;
                self.verify_here(spec, &key.home, pin)?;
                task.use_key(&mut self.channel)
            }
        };
        // It is not known whether the card closes it by itself after a signature.
        let closed = self.close_if_open(spec);
        let answer = answer?;
        closed?;
        Ok(answer)
    }
}
