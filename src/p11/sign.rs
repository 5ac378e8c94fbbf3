//! Signing (§5.13), and the one rule by which an operation ends or stays.

use super::attributes::asks_each_time;
use super::mechanisms::{self, Mechanism};
use super::objects::{Body, Object};
use super::prepare::{Parameter, Preparation};
use super::session::Session;
use super::{Fault, Module};
use crate::cards::PinError;
use crate::token::{Authority, KeyView, OncePin};
use cryptoki_sys::*;
use std::sync::Arc;

/// A signature that was begun.
pub(super) struct SignOperation {
    key: Arc<Object>,
    preparation: Preparation,
    /// C_SignUpdate was called, so C_Sign no longer may be.
    in_parts: bool,
    /// A PIN given for this operation alone.
    once: Option<OncePin>,
}

impl SignOperation {
    /// Does it wait for a login of its own?
    pub(super) fn wants_pin(&self) -> bool {
        self.key.key().is_some_and(asks_each_time)
    }

    /// Gives it its PIN.
    pub(super) fn permit(&mut self, once: OncePin) {
        self.once = Some(once);
    }

    fn key(&self) -> Result<&KeyView, Fault> {
        self.key.key().ok_or(Fault::KeyHandleInvalid)
    }
}

/// What the program has for an answer (§5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// No buffer: it asks for the length.
    Unasked,
    /// A buffer of so many bytes.
    Bytes(usize),
}

/// What a call that produces output came to (§5.2).
#[derive(Debug, PartialEq, Eq)]
pub enum Produced {
    /// The length that was asked for; the operation stays.
    Length(usize),
    /// The buffer is too small for so many bytes; the operation stays.
    TooSmall(usize),
    /// Done; the operation has ended.
    Bytes(Vec<u8>),
}

impl Module {
    /// C_SignInit (§5.13.1).
    pub fn sign_init(
        &self,
        handle: CK_SESSION_HANDLE,
        kind: CK_MECHANISM_TYPE,
        parameter: Parameter,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        if work.sign.is_some() {
            return Err(Fault::OperationActive);
        }
        let mechanism = self.mechanism(&session, kind)?;
        let key = self.object(&session, key).map_err(|_| Fault::KeyHandleInvalid)?;
        match key.body {
            Body::PrivateKey(_) => {}
            Body::PublicKey(_) => return Err(Fault::KeyFunctionNotPermitted),
            Body::Certificate(_) | Body::Profile(_) => return Err(Fault::KeyHandleInvalid),
        }
        if !key.algorithm().is_some_and(|algorithm| mechanism.suits(algorithm)) {
            return Err(Fault::KeyTypeInconsistent);
        }
        let preparation = Preparation::new(mechanism, parameter)?;
        let mut operation = SignOperation { key, preparation, in_parts: false, once: None };
        if operation.wants_pin() {
            // A signature PIN given at login belongs to the first operation that follows, whatever becomes of it.
            operation.once = session.slot.take_once(&session.insertion);
        }
        work.sign = Some(operation);
        Ok(())
    }

    /// C_SignInit without a mechanism: ends what was begun (§5.13.1).
    pub fn sign_cancel(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        session.work.lock().sign = None;
        Ok(())
    }

    /// C_Sign (§5.13.2).
    pub fn sign(&self, handle: CK_SESSION_HANDLE, data: &[u8], room: Room) -> Result<Produced, Fault> {
        self.produce(handle, room, Some(data))
    }

    /// C_SignUpdate (§5.13.3). Any failure ends the operation.
    pub fn sign_update(&self, handle: CK_SESSION_HANDLE, data: &[u8]) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        let operation = work.sign.as_mut().ok_or(Fault::OperationNotInitialized)?;
        operation.in_parts = true;
        let taken = operation.preparation.update(data);
        if taken.is_err() {
            work.sign = None;
        }
        taken
    }

    /// C_SignFinal (§5.13.4).
    pub fn sign_final(&self, handle: CK_SESSION_HANDLE, room: Room) -> Result<Produced, Fault> {
        self.produce(handle, room, None)
    }

    /// The end of a signature, in one piece (`data`) or in parts. A question for the length and a buffer that is
    /// too small leave the operation as it is and cost nothing; everything else ends it.
    fn produce(&self, handle: CK_SESSION_HANDLE, room: Room, data: Option<&[u8]>) -> Result<Produced, Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        if data.is_some() && work.sign.as_ref().is_some_and(|operation| operation.in_parts) {
            // C_Sign cannot end what C_SignUpdate began (§5.13.2), and its errors end the operation.
            work.sign = None;
        }
        let operation = work.sign.as_ref().ok_or(Fault::OperationNotInitialized)?;
        let length = operation.key()?.public.signature_length();
        match room {
            Room::Unasked => return Ok(Produced::Length(length)),
            Room::Bytes(bytes) if bytes < length => return Ok(Produced::TooSmall(length)),
            Room::Bytes(_) => {}
        }
        let operation = work.sign.take().ok_or(Fault::OperationNotInitialized)?;
        finish(&session, operation, data.unwrap_or_default()).map(Produced::Bytes)
    }

    fn mechanism(&self, session: &Session, kind: CK_MECHANISM_TYPE) -> Result<&'static Mechanism, Fault> {
        let profile = session.insertion.profile().ok_or(Fault::SessionHandleInvalid)?;
        mechanisms::of_token(profile, session.slot.role, kind).ok_or(Fault::MechanismInvalid)
    }
}

fn finish(session: &Session, operation: SignOperation, data: &[u8]) -> Result<Vec<u8>, Fault> {
    let (slot, insertion) = (&session.slot, &session.insertion);
    let SignOperation { key, mut preparation, once, .. } = operation;
    let key = key.key().ok_or(Fault::KeyHandleInvalid)?;
    preparation.update(data)?;
    let input = preparation.finish()?;
    if !slot.is_user(insertion) {
        return Err(Fault::UserNotLoggedIn);
    }
    let standing = !asks_each_time(key);
    let authority = match once {
        _ if standing => Authority::Standing,
        Some(once) => Authority::Once(once),
        None => return Err(Fault::UserNotLoggedIn),
    };
    let outcome = slot.gate.sign(insertion, key, &input, authority);
    outcome.map_err(|error| {
        if standing && error == PinError::NotGiven {
            slot.lose_login(insertion);
        }
        Fault::of_signature(error)
    })
}
