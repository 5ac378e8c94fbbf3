//! The connection to one card and what is believed of the card's state. The card is shared with other programs,
//! so card_state is tried and, when the card objects, replaced by asking.

use super::insertion::{Identity, Insertion};
use super::policy::{OncePin, RefusedPins};
use crate::cards::certificate::PublicKey;
use crate::cards::engine::{self, KeyTask, Prepared, Probe};
use crate::cards::profile::{Delivery, Order, PinSpec, Secret, Select, SelectTarget, Selecting};
use crate::cards::{CardError, CardProfile, KeySpec, Pin, PinError, Role, Step};
use crate::iso7816::{Channel, StatusWord};
use crate::log::{self, Record};
use zeroize::Zeroizing;

/// What is believed of the card while it is connected.
#[derive(Default)]
pub(super) struct CardState {
    /// What is selected, if it was selected through us.
    pub(super) selected: Option<SelectTarget>,
    /// The card's number was compared since the connection was made or the card was reset.
    pub(super) identified: bool,
    /// PINs that were presented through us and not taken back.
    pub(super) verified: [bool; 2],
    /// Another program was connected when we connected, so its PINs may stand.
    pub(super) shared: bool,
    /// The number is another one: this is not the card that it was taken for.
    pub(super) stranger: bool,
    /// The PUK was presented and may stand, and the card has no command that takes it back for certain: it has to be
    /// reset before another program speaks to it.
    pub(super) to_be_reset: bool,
}

impl CardState {
    /// After a reset, or a selection of the application, no PIN stands.
    pub(super) fn no_pin(&mut self) {
        self.verified = [false; 2];
    }
}

/// The PINs that this process may present again without asking.
#[derive(Default)]
pub(super) struct SessionPin(pub(super) Option<Pin>);

/// One transaction with one card.
pub(super) struct Session<'s> {
    pub(super) channel: Channel<'s>,
    pub(super) insertion: &'s Insertion,
    pub(super) profile: &'s CardProfile,
    pub(super) card_state: &'s mut CardState,
    pub(super) standing: &'s mut SessionPin,
    pub(super) refused: &'s RefusedPins,
}

impl<'s> Session<'s> {
    /// Makes sure that the card's application is selected and that this is the card that we think.
    pub(super) fn ready(&mut self) -> Result<(), CardError> {
        // Another program may have selected something since, and nothing would tell; selecting again takes no PIN away.
        if self.profile.selecting == Selecting::KeepsPins {
            self.card_state.selected = None;
        }
        // Where selecting takes PINs away, everything is done in one application.
        if !self.card_state.identified || self.profile.selecting == Selecting::ClosesPins {
            let profile = self.profile;
            self.enter(&profile.application)?;
        }
        self.identify()
    }

    /// Makes sure that an application or directory is selected.
    pub(super) fn enter(&mut self, home: &SelectTarget) -> Result<(), CardError> {
        if self.card_state.selected.as_ref() == Some(home) {
            return Ok(());
        }
        if *home == self.profile.application && self.may_be_in_use() && self.tells_loss() {
            self.select_again_if_lost().map(drop)
        } else {
            self.select(home)
        }
    }

    /// SELECT throws every program's PIN away, so it is sent blindly only to a card that nobody has used.
    fn may_be_in_use(&self) -> bool {
        self.card_state.shared || self.insertion.identity.get().is_some()
    }

    /// Does the card refuse to tell of its PINs while another application is selected? One that keeps PINs when an
    /// application is selected need not be asked.
    fn tells_loss(&self) -> bool {
        self.profile.selecting == Selecting::ClosesPins && self.tells_tries()
    }

    /// Does it tell how many tries are left, without spending one?
    pub(super) fn tells_tries(&self) -> bool {
        let asking = &self.profile.asking;
        asking.empty_verify || asking.object.is_some()
    }

    /// Selects our application if the card has lost it. Tells whether it may have.
    pub(super) fn select_again_if_lost(&mut self) -> Result<bool, CardError> {
        let profile = self.profile;
        let lost = match self.profile.pins.first() {
            Some(spec) if self.tells_loss() => self.probe(spec)? == Probe::OtherApplication,
            _ => true,
        };
        if lost {
            self.select(&profile.application)?;
        }
        Ok(lost)
    }

    fn select(&mut self, home: &SelectTarget) -> Result<(), CardError> {
        if self.profile.selecting == Selecting::ClosesPins {
            self.card_state.no_pin();
        }
        self.card_state.selected = None;
        engine::select(&mut self.channel, home)?;
        self.card_state.selected = Some(home.clone());
        Ok(())
    }

    /// After a file was selected: its directory may be the current one now.
    pub(super) fn note_reading(&mut self) {
        if self.profile.files.select == Select::FromTarget {
            self.card_state.selected = None;
        }
    }

    /// Compares the card's number once per connection and after each reset, before anything depends on it.
    fn identify(&mut self) -> Result<(), CardError> {
        let Some(known) = self.insertion.identity.get() else { return Ok(()) };
        if !self.card_state.identified {
            if self.read_number()? != known.number {
                self.card_state.stranger = true;
                return Err(CardError::Swapped);
            }
            self.card_state.identified = true;
        }
        Ok(())
    }

    fn read_number(&mut self) -> Result<Vec<u8>, CardError> {
        let number = engine::read_number(&mut self.channel, self.profile);
        // Where files are found from their home, this may have been another one.
        if self.profile.files.select != Select::FromMf {
            self.card_state.selected = None;
        }
        number
    }

    /// Finds out what the card is, where its answer to reset leaves that open.
    pub(super) fn recognise(&mut self) -> Result<(), CardError> {
        if let Some(reading) = self.insertion.reading() {
            self.card_state.selected = None;
            let profile = match reading(&mut self.channel, self.profile) {
                Ok(profile) => Some(profile),
                Err(CardError::Unrecognised) => None,
                Err(error) => return Err(error),
            };
            self.profile = self.insertion.note_profile(profile).ok_or(CardError::Unrecognised)?;
        }
        Ok(())
    }

    /// Reads who the card is and how its PINs stand: all that a list of tokens needs.
    pub(super) fn introduce(&mut self) -> Result<Identity, CardError> {
        self.recognise()?;
        self.ready()?;
        let number = self.read_number()?;
        self.card_state.identified = true;
        self.ask_pins()?;
        Ok(Identity::new(number, self.profile.print))
    }

    /// Does something with a credential: on this card, with the right application selected. When the card says that it
    /// does not know the instruction, another program had selected its own application. Then the credential is
    /// sent again, but only if the tries prove that it was not looked at.
    pub(super) fn with_credential(
        &mut self,
        secret: Secret,
        home: &SelectTarget,
        act: impl Fn(&mut Self) -> Result<(), PinError>,
    ) -> Result<(), PinError> {
        self.ready()?;
        self.enter(home)?;
        self.attempt(secret, home, act)
    }

    /// The same where everything is selected already.
    pub(super) fn attempt(
        &mut self,
        secret: Secret,
        home: &SelectTarget,
        act: impl Fn(&mut Self) -> Result<(), PinError>,
    ) -> Result<(), PinError> {
        let before = self.insertion.pin(secret).and_then(|state| state.left);
        match act(self) {
            Err(PinError::Card(CardError::Refused { sw, .. })) if sw.is_foreign() => {
                self.card_state.identified = false;
                self.card_state.selected = None;
                let profile = self.profile;
                self.select(&profile.application)?;
                self.identify()?;
                let now = self.tries_left(secret)?;
                if before.is_none() || now != before {
                    return Err(CardError::Refused { step: Step::SelectApplication, sw }.into());
                }
                self.enter(home)?;
                act(self)
            }
            other => other,
        }
    }

    /// Works with a key under a PIN that stands. What is believed is tried at once; only a card that refuses is asked.
    pub(super) fn work_standing(
        &mut self,
        key: &KeySpec,
        public: &PublicKey,
        task: KeyTask<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let task = engine::prepare(key, public, task)?;
        if self.standing.0.is_none() {
            return Err(PinError::NotGiven);
        }
        let spec = self.pin_spec(key.role)?;
        if self.is_believed_open(key) {
            self.enter(&key.home)?;
            match task.work(&mut self.channel) {
                Err(refusal @ CardError::Refused { sw, .. }) => {
                    if self.is_of_data(sw) || self.stands(spec)? {
                        return Err(refusal.into());
                    }
                }
                outcome => return Ok(outcome?),
            }
        }
        self.restore(spec, key)?;
        self.enter(&key.home)?;
        Ok(task.work(&mut self.channel)?)
    }

    /// May the key be tried, because nothing is known to have happened since its PIN was presented?
    fn is_believed_open(&self, key: &KeySpec) -> bool {
        match self.profile.selecting {
            Selecting::ClosesPins => self.card_state.selected.as_ref() == Some(&key.home),
            Selecting::KeepsPins => self.is_verified(key.role),
        }
    }

    /// Does a refusal speak of the data, on a card that does not tell whether a PIN stands?
    fn is_of_data(&self, sw: StatusWord) -> bool {
        !self.profile.asking.empty_verify && matches!(sw, StatusWord::WRONG_DATA | StatusWord::WRONG_LENGTH)
    }

    /// Does the card say that the PIN stands?
    fn stands(&mut self, spec: &PinSpec) -> Result<bool, CardError> {
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
        self.ready()?;
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
        self.enter(&key.home)?;
        let pin = self.standing.0.take().ok_or(PinError::NotGiven)?;
        match self.present(spec, &pin) {
            Ok(()) => {
                self.standing.0 = Some(pin);
                Ok(())
            }
            // It was changed meanwhile. The PIN is wiped; its holder is asked anew.
            Err(PinError::Wrong { .. } | PinError::Blocked) => Err(PinError::NotGiven),
            Err(error) => Err(error),
        }
    }

    /// Works with a key once under a PIN that was accepted before: present, work, take back, with nobody in between.
    pub(super) fn work_once(
        &mut self,
        key: &KeySpec,
        public: &PublicKey,
        task: KeyTask<'_>,
        once: OncePin,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let task = engine::prepare(key, public, task)?;
        let spec = self.pin_spec(key.role)?;
        self.is_own(spec)?;
        let given = once.take(self.insertion.settings(Secret::Pin(spec.role))).ok_or(PinError::NotGiven)?;
        let was_standing = given.is_none();
        let pin = given.or_else(|| self.standing.0.take()).ok_or(PinError::NotGiven)?;
        let sound = self.not_refused_since(spec, &pin);
        let answer = sound.and_then(|()| self.between(spec, key, &task, &pin));
        // What stood goes on doing so, unless the card refused it.
        if was_standing && !matches!(answer, Err(PinError::Wrong { .. } | PinError::Blocked)) {
            self.standing.0 = Some(pin);
        }
        answer
    }

    /// Presents the PIN, before the key is chosen or after it, works, and takes the PIN back.
    fn between(
        &mut self,
        spec: &PinSpec,
        key: &KeySpec,
        task: &Prepared<'_>,
        pin: &Pin,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let answer = match self.profile.order {
            Order::PinFirst => {
                self.verify_in(spec, &key.home, pin)?;
                self.enter(&key.home).and_then(|()| task.work(&mut self.channel))
            }
            Order::KeyFirst => {
                self.ready()?;
                self.enter(&key.home)?;
                task.set_key(&mut self.channel)?;
                self.verify_here(spec, &key.home, pin)?;
                task.use_key(&mut self.channel)
            }
        };
        // Whether the card closes itself after one signature is not known: see to it.
        let closed = self.take_back(spec);
        let answer = answer?;
        closed?;
        Ok(answer)
    }

    /// Stops where the card keeps a key back until its holder has changed the PIN from the envelope.
    pub(super) fn is_own(&mut self, spec: &PinSpec) -> Result<(), PinError> {
        if self.profile.codes.delivery != Delivery::FirstChange || spec.role != Role::Signature {
            return Ok(());
        }
        let secret = Secret::Pin(spec.role);
        if self.insertion.pin(secret).is_none() {
            self.ready()?;
            self.pin_state(spec.role)?;
        }
        let never = self.insertion.pin(secret).and_then(|state| state.changed) == Some(false);
        if never { Err(PinError::NotOwnYet) } else { Ok(()) }
    }

    pub(super) fn pin_spec(&self, role: Role) -> Result<&'s PinSpec, CardError> {
        self.profile.pin(role).ok_or(CardError::Unsupported)
    }

    pub(super) fn is_verified(&self, role: Role) -> bool {
        self.card_state.verified.get(role.index()) == Some(&true)
    }

    pub(super) fn set_verified(&mut self, role: Role, verified: bool) {
        if let Some(flag) = self.card_state.verified.get_mut(role.index()) {
            *flag = verified;
        }
    }

    pub(super) fn number(&self) -> &[u8] {
        self.insertion.identity.get().map_or(&[], |identity| identity.number.as_slice())
    }
}
