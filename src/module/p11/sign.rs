//! Signing (§5.13, §5.14): on the card with its private keys, in the module with session secrets.

use super::card_key::CardKey;
use super::mechanisms::{Action, Mechanism};
use super::objects::Object;
use super::operation::{Chosen, Kind, Length, Produced, Room, Running, Task, produce};
use super::prepare::Preparation;
use super::session::Session;
use super::{Fault, Module};
use avain_card::cards::PinError;
use avain_crypto::mac::{Authenticator, hmac};
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// A signature by the card.
struct CardSignature {
    key: CardKey,
    preparation: Preparation,
    /// What its failure is called.
    fault: fn(PinError) -> Fault,
}

impl Task for CardSignature {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.preparation.update(data)
    }

    fn length(&self) -> Length {
        Length::Exactly(self.key.view().map_or(0, |key| key.public.signature_length()))
    }

    fn finish(self: Box<Self>, session: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let CardSignature { key, preparation, fault } = *self;
        let input = preparation.finish()?.for_card()?;
        let (reader, insertion) = (&session.slot.reader, &session.insertion);
        key.work(session, fault, |key, authority| reader.sign(insertion, key, &input, authority))
    }

    fn card_key(&mut self) -> Option<&mut CardKey> {
        Some(&mut self.key)
    }
}

/// A message authentication code.
struct Code {
    mac: Box<dyn Authenticator>,
    length: usize,
}

impl Task for Code {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.mac.update(data);
        Ok(())
    }

    fn length(&self) -> Length {
        Length::Exactly(self.length)
    }

    fn finish(self: Box<Self>, _: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        Ok(Zeroizing::new(self.mac.finish()))
    }
}

/// Begins an HMAC with a session secret.
pub(super) fn code(
    key: &Object,
    mechanism: &Mechanism,
    chosen: &Chosen,
) -> Result<(Box<dyn Authenticator>, usize), Fault> {
    chosen.has_no_parameter()?;
    let Action::Mac(hash) = mechanism.action else { return Err(Fault::MechanismInvalid) };
    let secret = key.secret().ok_or(Fault::KeyTypeInconsistent)?;
    Ok((hmac(hash, secret).ok_or(Fault::KeySizeRange)?, hash.length()))
}

/// A signature to be made. `function` is the function of the standard for which it is made (CKF_).
fn task(
    module: &Module,
    session: &Session,
    chosen: &Chosen,
    key: CK_OBJECT_HANDLE,
    function: CK_FLAGS,
) -> Result<Box<dyn Task>, Fault> {
    let mechanism = session.mechanism(chosen.kind, function)?;
    let permission = if function == CKF_SIGN_RECOVER { CKA_SIGN_RECOVER } else { CKA_SIGN };
    let key = module.key(session, key, mechanism, permission)?;
    if mechanism.key_type().is_none() {
        let (mac, length) = code(&key, mechanism, chosen)?;
        return Ok(Box::new(Code { mac, length }));
    }
    let length = key.key().map_or(0, |key| key.public.signature_length());
    let preparation = Preparation::new(mechanism, &chosen.parameter, length)?;
    if !preparation.is_for_cards() {
        return Err(Fault::MechanismParamInvalid);
    }
    let fault = if function == CKF_SIGN_RECOVER { Fault::of_key } else { Fault::of_signature };
    Ok(Box::new(CardSignature { key: CardKey::new(session, key), preparation, fault }))
}

impl Module {
    /// C_SignInit (§5.13.1).
    pub fn sign_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(handle, Kind::Sign, |session| task(self, session, chosen, key, CKF_SIGN))
    }

    /// C_SignRecoverInit (§5.13.5): PKCS #1 v1.5 signatures, out of which the data can be recovered.
    pub fn sign_recover_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(handle, Kind::SignRecover, |session| task(self, session, chosen, key, CKF_SIGN_RECOVER))
    }

    /// C_MessageSignInit (§5.14.1): many signatures with one key.
    pub fn message_sign_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        if work.signing.is_some() {
            return Err(Fault::OperationActive);
        }
        // What is wrong with mechanism or key is told now; the first message is ready to begin.
        let first = Running::new(task(self, &session, chosen, key, CKF_MESSAGE_SIGN)?);
        work.signing = Some(MessageSigning { chosen: chosen.clone(), key, next: Some(first), begun: false });
        Ok(())
    }

    /// C_SignMessage (§5.14.2).
    pub fn sign_message(
        &self,
        handle: CK_SESSION_HANDLE,
        data: &[u8],
        room: Room,
    ) -> Result<Produced, Fault> {
        self.with_message(handle, |session, signing| {
            if signing.begun {
                return Err(Fault::OperationActive);
            }
            signing.ready(self, session)?;
            produce(&mut signing.next, session, room, data)
        })
    }

    /// C_SignMessageBegin (§5.14.3).
    pub fn sign_message_begin(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        self.with_message(handle, |session, signing| {
            if signing.begun {
                return Err(Fault::OperationActive);
            }
            signing.ready(self, session)?;
            signing.begun = true;
            Ok(())
        })
    }

    /// C_SignMessageNext (§5.14.4). With room for a signature the message ends.
    pub fn sign_message_next(
        &self,
        handle: CK_SESSION_HANDLE,
        data: &[u8],
        room: Option<Room>,
    ) -> Result<Option<Produced>, Fault> {
        self.with_message(handle, |session, signing| {
            if !signing.begun {
                return Err(Fault::OperationNotInitialized);
            }
            let outcome = match (room, &mut signing.next) {
                (None, Some(running)) => running.update(data).map(|()| None),
                (Some(room), next) => produce(next, session, room, data).map(Some).map_err(Fault::of_parts),
                (None, None) => Err(Fault::OperationNotInitialized),
            };
            signing.begun = matches!(outcome, Ok(None | Some(Produced::Length(_) | Produced::TooSmall(_))));
            if outcome.is_err() {
                signing.next = None;
            }
            outcome
        })
    }

    /// C_MessageSignFinal (§5.14.5).
    pub fn message_sign_final(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        work.signing.take().map(drop).ok_or(Fault::OperationNotInitialized)
    }

    fn with_message<R>(
        &self,
        handle: CK_SESSION_HANDLE,
        act: impl FnOnce(&Session, &mut MessageSigning) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        act(&session, work.signing.as_mut().ok_or(Fault::OperationNotInitialized)?)
    }
}

/// Messages that are signed one after the other.
pub(super) struct MessageSigning {
    chosen: Chosen,
    key: CK_OBJECT_HANDLE,
    /// The message that is under way, or about to be.
    next: Option<Running>,
    /// C_SignMessageBegin was called.
    begun: bool,
}

impl MessageSigning {
    fn ready(&mut self, module: &Module, session: &Session) -> Result<(), Fault> {
        if self.next.is_none() {
            self.next = Some(Running::new(task(module, session, &self.chosen, self.key, CKF_MESSAGE_SIGN)?));
        }
        Ok(())
    }

    pub(super) fn waiting(&mut self) -> Option<&mut CardKey> {
        self.next.as_mut().and_then(Running::waiting)
    }
}
