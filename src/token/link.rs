//! The connection to one card and what is believed of the card's state. The card is shared with other programs,
//! so belief is tried and, when the card objects, replaced by asking.

use super::insertion::{Identity, Insertion};
use super::policy::{OncePin, RefusedPins};
use crate::cards::certificate::PublicKey;
use crate::cards::engine::{self, KeyTask, Probe};
use crate::cards::profile::{PinSpec, Secret};
use crate::cards::{CardError, CardProfile, KeySpec, Pin, PinError, Role, Step};
use crate::iso7816::Channel;
use zeroize::Zeroizing;

/// What is believed of the card while it is connected.
#[derive(Default)]
pub(super) struct Belief {
    /// Our application is selected.
    pub(super) selected: bool,
    /// The serial number was compared since the connection was made or the card was reset.
    pub(super) identified: bool,
    /// PINs that were presented through us and not taken back.
    pub(super) verified: [bool; 2],
    /// Another program was connected when we connected, so its PINs may stand.
    pub(super) shared: bool,
    /// The serial number is another one: this is not the card that it was taken for.
    pub(super) stranger: bool,
}

impl Belief {
    /// After a reset, or a selection of the application, no PIN stands.
    pub(super) fn no_pin(&mut self) {
        self.verified = [false; 2];
    }
}

/// The PINs that this process may present again without asking.
#[derive(Default)]
pub(super) struct Standing(pub(super) Option<Pin>);

/// One transaction with one card.
pub(super) struct Session<'s> {
    pub(super) channel: Channel<'s>,
    pub(super) insertion: &'s Insertion,
    pub(super) profile: &'static CardProfile,
    pub(super) belief: &'s mut Belief,
    pub(super) standing: &'s mut Standing,
    pub(super) refused: &'s RefusedPins,
}

impl Session<'_> {
    /// Makes sure that our application is selected and that this is the card that we think.
    pub(super) fn ready(&mut self) -> Result<(), CardError> {
        if !self.belief.selected {
            if self.may_be_in_use() {
                self.select_again_if_lost()?;
            } else {
                self.select()?;
            }
        }
        self.identify()
    }

    /// SELECT throws every program's PIN away, so it is sent blindly only to a card that nobody has used.
    fn may_be_in_use(&self) -> bool {
        self.belief.shared || self.insertion.identity.get().is_some()
    }

    /// Selects our application if the card has lost it. Tells whether it had.
    pub(super) fn select_again_if_lost(&mut self) -> Result<bool, CardError> {
        let spec = self.pin_spec(Role::Authentication)?;
        let lost = self.probe(spec)? == Probe::OtherApplication;
        if lost {
            self.select()?;
        }
        Ok(lost)
    }

    fn select(&mut self) -> Result<(), CardError> {
        self.belief.no_pin();
        self.belief.selected = false;
        engine::select(&mut self.channel, self.profile)?;
        self.belief.selected = true;
        Ok(())
    }

    /// Compares the serial number once per connection and after each reset, before anything depends on it.
    fn identify(&mut self) -> Result<(), CardError> {
        let Some(known) = self.insertion.identity.get() else { return Ok(()) };
        if !self.belief.identified {
            let serial = engine::read_serial(&mut self.channel, self.profile)?;
            if serial != known.serial {
                self.belief.stranger = true;
                return Err(CardError::Swapped);
            }
            self.belief.identified = true;
        }
        Ok(())
    }

    /// Reads who the card is and how its PINs stand: all that a list of tokens needs.
    pub(super) fn introduce(&mut self) -> Result<Identity, CardError> {
        self.ready()?;
        let serial = engine::read_serial(&mut self.channel, self.profile)?;
        self.belief.identified = true;
        self.ask_pins()?;
        Ok(Identity { serial })
    }

    /// Does something with a credential: on this card, with our application selected. When the card says that it
    /// does not know the instruction, another program had selected its own application. Then the credential is
    /// sent again, but only if the tries prove that it was not looked at.
    pub(super) fn with_credential(
        &mut self,
        secret: Secret,
        act: impl Fn(&mut Self) -> Result<(), PinError>,
    ) -> Result<(), PinError> {
        self.ready()?;
        let before = self.insertion.pin(secret).and_then(|state| state.left);
        match act(self) {
            Err(PinError::Card(CardError::Refused { sw, .. })) if sw.is_foreign() => {
                self.belief.identified = false;
                self.select()?;
                self.identify()?;
                let now = self.tries_left(secret)?;
                if before.is_none() || now != before {
                    return Err(CardError::Refused { step: Step::SelectApplication, sw }.into());
                }
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
        if self.standing.0.is_none() {
            return Err(PinError::NotGiven);
        }
        let spec = self.pin_spec(key.role)?;
        if self.belief.selected {
            match engine::work(&mut self.channel, self.profile, key, public, task) {
                Err(refusal @ CardError::Refused { .. }) => {
                    if self.stands(spec)? {
                        return Err(refusal.into());
                    }
                }
                outcome => return Ok(outcome?),
            }
        }
        self.restore(spec)?;
        Ok(engine::work(&mut self.channel, self.profile, key, public, task)?)
    }

    /// Does the card say that the PIN stands?
    fn stands(&mut self, spec: &PinSpec) -> Result<bool, CardError> {
        let probe = self.probe(spec)?;
        // Somebody else selected an application or took the PIN back: he may have done more.
        self.insertion.forget_pins();
        Ok(probe == Probe::Verified)
    }

    /// Presents the standing PIN again after a proven loss, on the same card, and only while not one try of it
    /// is spent: an automatic act must never be the wrong try that blocks the card.
    fn restore(&mut self, spec: &PinSpec) -> Result<(), PinError> {
        self.belief.identified = false;
        self.ready()?;
        let left = match self.probe(spec)? {
            Probe::Verified => return Ok(()),
            Probe::Left(Some(left)) => Some(left),
            // The card does not answer that way; it may tell by its data object.
            Probe::Left(None) | Probe::OtherApplication => {
                engine::pin_state(&mut self.channel, self.profile, spec.reference)?.left
            }
        };
        if left.is_none_or(|left| left < spec.tries) {
            return Err(PinError::NotGiven);
        }
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
        pin: OncePin,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let spec = self.pin_spec(key.role)?;
        let pin = pin.take(self.insertion.settings(Secret::Pin(spec.role))).ok_or(PinError::NotGiven)?;
        self.not_refused_before(spec, &pin)?;
        self.verify(spec, &pin)?;
        drop(pin);
        let answer = engine::work(&mut self.channel, self.profile, key, public, task);
        // Whether the card closes itself after one signature is not known: see to it.
        let closed = self.take_back(spec);
        let answer = answer?;
        closed?;
        Ok(answer)
    }

    pub(super) fn pin_spec(&self, role: Role) -> Result<&'static PinSpec, CardError> {
        self.profile.pin(role).ok_or(CardError::Unsupported)
    }

    pub(super) fn set_verified(&mut self, role: Role, verified: bool) {
        if let Some(flag) = self.belief.verified.get_mut(role.index()) {
            *flag = verified;
        }
    }

    pub(super) fn serial(&self) -> &[u8] {
        self.insertion.identity.get().map_or(&[], |identity| identity.serial.as_slice())
    }
}
