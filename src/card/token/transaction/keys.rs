//! Using the private keys.

use super::Transaction;
use crate::cards::certificate::PublicKey;
use crate::cards::engine::{self, KeyTask, PreparedTask, Probe};
use crate::cards::profile::{Order, PinSpec, Secret, Selecting};
use crate::cards::{CardError, KeySpec, Pin, PinError};
use crate::iso7816::StatusWord;
use crate::log::{self, Record};
use crate::token::policy::OncePin;
use zeroize::Zeroizing;

impl Transaction<'_> {
    /// Works with a key under a PIN that stands. What is believed is tried at once; only a card that refuses is asked.
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
                    if self.is_about_data(sw) || self.is_verified_on_card(spec)? {
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

    /// May the key be tried, because nothing is known to have happened since its PIN was presented?
    fn may_be_tried(&self, key: &KeySpec) -> bool {
        match self.profile.selecting {
            Selecting::ClosesPins => self.card_state.selected.as_ref() == Some(&key.home),
            Selecting::KeepsPins => self.is_verified(key.role),
        }
    }

    /// Does a refusal speak of the data, on a card that does not tell whether a PIN stands?
    fn is_about_data(&self, sw: StatusWord) -> bool {
        !self.profile.asking.empty_verify && matches!(sw, StatusWord::WRONG_DATA | StatusWord::WRONG_LENGTH)
    }

    /// Does the card say that the PIN stands?
    fn is_verified_on_card(&mut self, spec: &PinSpec) -> Result<bool, CardError> {
        let asking = self.profile.asking.empty_verify;
        let probe = if asking { self.probe(spec)? } else { Probe::Left(None) };
        if !asking || self.profile.selecting == Selecting::KeepsPins {
            // That told nothing of what is selected now.
            self.card_state.selected = None;
        }
        // Somebody else selected an application or took the PIN back: he may have done more.
        self.insertion.forget_pins();
        Ok(probe == Probe::Verified)
    }

    /// Presents the standing PIN again after a proven loss, on the same card, and only while not one try of it
    /// is spent: an automatic act must never be the wrong try that blocks the card.
    fn restore(&mut self, spec: &PinSpec, key: &KeySpec) -> Result<(), PinError> {
        self.card_state.identified = false;
        self.make_ready()?;
        let left = match self.probe(spec)? {
            Probe::Verified => return Ok(()),
            Probe::Left(Some(left)) => Some(left),
            // The card does not answer that way; it may tell by its data object.
            Probe::Left(None) | Probe::OtherApplication => match self.profile.asking.object {
                Some(_) => engine::pin_state(&mut self.channel, self.profile, spec.reference)?.left,
                None => None,
            },
        };
        if left.is_none_or(|left| left < spec.tries) {
            return Err(PinError::NotGiven);
        }
        log::info(|| Record::Remark("the card has lost the login: the PIN is presented again"));
        self.select_if_needed(&key.home)?;
        let pin = self.session_pin.0.take().ok_or(PinError::NotGiven)?;
        match self.present(spec, &pin) {
            Ok(()) => {
                self.session_pin.0 = Some(pin);
                Ok(())
            }
            // It was changed meanwhile. The PIN is wiped; its holder is asked anew.
            Err(PinError::Wrong { .. } | PinError::Blocked) => Err(PinError::NotGiven),
            Err(error) => Err(error),
        }
    }

    /// Works with a key once under a PIN that was accepted before: present, work, take back, with nobody in between.
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
        let sound = self.not_refused_since(spec, &pin);
        let answer = sound.and_then(|()| self.verify_and_use(spec, key, &task, &pin));
        // What stood goes on doing so, unless the card refused it.
        if is_session_pin && !matches!(answer, Err(PinError::Wrong { .. } | PinError::Blocked)) {
            self.session_pin.0 = Some(pin);
        }
        answer
    }

    /// Presents the PIN, before the key is chosen or after it, works, and takes the PIN back.
    fn verify_and_use(
        &mut self,
        spec: &PinSpec,
        key: &KeySpec,
        task: &PreparedTask<'_>,
        pin: &Pin,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let answer = match self.profile.order {
            Order::PinFirst => {
                self.verify_in(spec, &key.home, pin)?;
                self.select_if_needed(&key.home).and_then(|()| task.work(&mut self.channel))
            }
            Order::KeyFirst => {
                self.make_ready()?;
                self.select_if_needed(&key.home)?;
                task.set_key(&mut self.channel)?;
                self.verify_here(spec, &key.home, pin)?;
                task.use_key(&mut self.channel)
            }
        };
        // Whether the card closes itself after one signature is not known: see to it.
        let closed = self.unverify(spec);
        let answer = answer?;
        closed?;
        Ok(answer)
    }
}
