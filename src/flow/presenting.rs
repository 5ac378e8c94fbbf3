//! Using a key: a PIN is asked for, presented, and the card makes one signature.

use super::certificates;
use super::cms::{Content, Envelope};
use super::desk::Card;
use super::failure::{Failure, Kind};
use super::rules::{self, Leave};
use super::task::may_present;
use super::text::{self, Text};
use super::verify;
use crate::cards::engine::SignInput;
use crate::cards::{CardError, Pin, PinError, Role, Step};
use crate::token::{Authority, KeyView, View};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// A key that waits for its PIN.
pub struct Presenting {
    card: Card,
    role: Role,
    leave: Leave,
    view: Arc<View>,
}

impl Presenting {
    /// Asks the card how the PIN stands and reads the certificate. Spends no try. After this other programs may
    /// have the card.
    pub fn begin(card: Card, role: Role, leave: Leave) -> Result<Self, Failure> {
        may_present(&card.condition()?, role, leave.last_try)?;
        let view = card.view(role)?;
        if view.is_empty() {
            return Err(Failure::new(Kind::Unsupported, [text::no_key(role)]));
        }
        card.rest();
        Ok(Presenting { card, role, leave, view })
    }

    /// Which card, and how the PIN stands.
    pub fn introduction(&self) -> Result<Vec<Text>, Failure> {
        let mut said = self.card.introduction()?;
        self.card.rest();
        said.extend(certificates::expiry(&self.key()?.certificate));
        Ok(said)
    }

    /// The question for the PIN.
    pub fn prompt(&self) -> Text {
        match self.role {
            Role::Authentication => text::ask_pin1(),
            Role::Signature => text::ask_pin2(),
        }
    }

    /// Could this be the PIN? Touches no card.
    pub fn check(&self, pin: &Pin) -> Result<(), Text> {
        match self.card.pin(self.role) {
            Ok(spec) => rules::old_pin(pin, spec),
            Err(_) => Err(text::cannot()),
        }
    }

    /// What is to be signed in, for this key.
    pub fn content(&self) -> Result<Content, Failure> {
        Ok(Content::new(&self.key()?.public))
    }

    /// Signs the content: a detached CMS signature with the certificate in it, DER.
    pub fn sign(self, content: Content, pin: Pin) -> Result<Vec<u8>, Failure> {
        let key = self.key()?;
        let broken = |_| Failure::new(Kind::Failed, [text::card_nonsense()]);
        let envelope = Envelope::new(&key.certificate, content).map_err(broken)?;
        let signature = self.signature(key, envelope.input(), pin)?;
        envelope.seal(&signature).map_err(broken)
    }

    /// Makes a signature of something that nobody has signed before, and judges it.
    pub fn test(self, pin: Pin) -> Result<(), Failure> {
        let key = self.key()?;
        let mut content = Content::new(&key.public);
        for _ in 0..4 {
            // Its keys are random.
            content.update(&RandomState::new().hash_one(0).to_be_bytes());
        }
        self.signature(key, &content.finish().1, pin).map(|_| ())
    }

    fn key(&self) -> Result<&KeyView, Failure> {
        self.view.first().ok_or_else(|| Failure::new(Kind::Unsupported, [text::no_key(self.role)]))
    }

    /// Presents the PIN and signs. What does not verify under the certificate is not given out.
    fn signature(&self, key: &KeyView, input: &SignInput, pin: Pin) -> Result<Vec<u8>, Failure> {
        // Others may have spent tries while this one was typed.
        may_present(&self.card.condition()?, self.role, self.leave.last_try)?;
        let (gate, insertion) = (&self.card.gate, &self.card.insertion);
        let refused = |error| Failure::of_pin(error, self.role, Step::Verify);
        let signature = match self.role {
            Role::Authentication => {
                drop(gate.log_in(insertion, self.role, pin).map_err(refused)?);
                let signature = gate.sign(insertion, key, input, Authority::Standing);
                gate.log_out(insertion, self.role);
                signature
            }
            Role::Signature => {
                let once = gate.log_in_once(insertion, self.role, pin).map_err(refused)?;
                gate.sign(insertion, key, input, Authority::Once(once))
            }
        };
        let signature = signature.map_err(|error| match error {
            PinError::Card(error) => Failure::asking(error),
            error => Failure::of_pin(error, self.role, Step::ComputeSignature),
        })?;
        if verify::holds(&key.public, input, &signature) {
            Ok(signature.to_vec())
        } else {
            let detail = CardError::Malformed { step: Step::ComputeSignature };
            let mut failure = Failure::asking(detail);
            failure.words = vec![text::signature_invalid()];
            Err(failure)
        }
    }
}
