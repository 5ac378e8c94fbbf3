//! Message signing (§5.14): any number of signatures with one key.

use super::Operations;
use super::card_key::CardKey;
use super::mechanism::ChosenMechanism;
use super::place::{After, Place};
use super::running::Running;
use super::sign;
use crate::p11::Fault;
use crate::p11::session::Session;
use cryptoki_sys::*;

/// An active process of message signing.
pub struct MessageSigning {
    chosen: ChosenMechanism,
    key: CK_OBJECT_HANDLE,
    number: u64,
    /// The current message, or the next one.
    message: Place<Running>,
    /// C_SignMessageBegin was called.
    begun: bool,
}

impl Operations {
    /// C_MessageSignInit (§5.14.1). Errors of mechanism and key are reported now. The first message can use the PIN of
    /// C_Login.
    pub fn message_sign_init(
        &mut self,
        session: &Session,
        chosen: ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        let number = self.next_number();
        self.message_signing.begin(|| {
            let message = Place::default();
            let mut process = MessageSigning { chosen, key, number, message, begun: false };
            process.ready(session)?;
            Ok(process)
        })
    }
}

impl MessageSigning {
    fn ready(&mut self, session: &Session) -> Result<(), Fault> {
        if self.message.is_active() {
            return Ok(());
        }
        let MessageSigning { chosen, key, number, message, .. } = self;
        message.begin(|| Ok(Running::new(sign::task(session, chosen, *key, CKF_MESSAGE_SIGN)?, *number)))
    }

    /// The key of the current message or of the next one, if it wants its PIN for each.
    pub(super) fn wants_pin(&mut self, session: &Session) -> Option<(u64, &mut CardKey)> {
        self.ready(session).ok()?;
        self.message.active().ok()?.wants_pin()
    }

    /// A message can begin only when the one before has ended.
    fn is_between(&self) -> Result<(), Fault> {
        if self.begun { Err(Fault::OperationActive) } else { Ok(()) }
    }

    /// C_SignMessage (§5.14.2).
    pub fn sign(
        &mut self,
        session: &Session,
        act: impl FnOnce(&mut Running) -> Result<After, Fault>,
    ) -> Result<(), Fault> {
        self.is_between()?;
        self.ready(session)?;
        self.message.go_on(act)
    }

    /// C_SignMessageBegin (§5.14.3).
    pub fn begin(&mut self, session: &Session) -> Result<(), Fault> {
        self.is_between()?;
        self.ready(session)?;
        self.begun = true;
        Ok(())
    }

    /// C_SignMessageNext (§5.14.4).
    pub fn next(&mut self, act: impl FnOnce(&mut Running) -> Result<After, Fault>) -> Result<(), Fault> {
        if !self.begun {
            return Err(Fault::OperationNotInitialized);
        }
        let outcome = self.message.go_on(act);
        self.begun = self.message.is_active();
        outcome
    }
}
