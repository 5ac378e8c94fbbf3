//! Message signing (§5.14): any number of signatures with one key.

use super::card_key::CardKey;
use super::mechanism::ChosenMechanism;
use super::running::{Running, produce};
use super::sign;
use crate::p11::Fault;
use crate::p11::output::{Produced, Room};
use crate::p11::session::Session;
use cryptoki_sys::*;

/// The active message signing operation, if any.
#[derive(Default)]
pub struct MessageSigning(Option<Messages>);

struct Messages {
    chosen: ChosenMechanism,
    key: CK_OBJECT_HANDLE,
    /// The current message, or the next one.
    next: Option<Running>,
    /// C_SignMessageBegin was called.
    begun: bool,
}

impl Messages {
    fn ready(&mut self, session: &Session) -> Result<(), Fault> {
        if self.next.is_none() {
            self.next = Some(Running::new(sign::task(session, &self.chosen, self.key, CKF_MESSAGE_SIGN)?));
        }
        Ok(())
    }
}

impl MessageSigning {
    pub(super) fn is_active(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn awaiting_pin(&mut self) -> Option<&mut CardKey> {
        self.0.as_mut()?.next.as_mut().and_then(Running::awaiting_pin)
    }

    fn messages(&mut self) -> Result<&mut Messages, Fault> {
        self.0.as_mut().ok_or(Fault::OperationNotInitialized)
    }

    /// C_MessageSignInit (§5.14.1).
    pub fn init(
        &mut self,
        session: &Session,
        chosen: ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        if self.is_active() {
            return Err(Fault::OperationActive);
        }
        // Errors of mechanism and key are reported now. The first message can use the PIN of C_Login.
        let mut messages = Messages { chosen, key, next: None, begun: false };
        messages.ready(session)?;
        self.0 = Some(messages);
        Ok(())
    }

    /// C_SignMessage (§5.14.2).
    pub fn sign(&mut self, session: &Session, data: &[u8], room: Room) -> Result<Produced, Fault> {
        let messages = self.messages()?;
        if messages.begun {
            return Err(Fault::OperationActive);
        }
        messages.ready(session)?;
        produce(&mut messages.next, session, room, data)
    }

    /// C_SignMessageBegin (§5.14.3).
    pub fn begin(&mut self, session: &Session) -> Result<(), Fault> {
        let messages = self.messages()?;
        if messages.begun {
            return Err(Fault::OperationActive);
        }
        messages.ready(session)?;
        messages.begun = true;
        Ok(())
    }

    /// C_SignMessageNext (§5.14.4). With room for a signature this is the last part of the message.
    pub fn next(
        &mut self,
        session: &Session,
        data: &[u8],
        room: Option<Room>,
    ) -> Result<Option<Produced>, Fault> {
        let messages = self.messages()?;
        if !messages.begun {
            return Err(Fault::OperationNotInitialized);
        }
        let outcome = match (room, &mut messages.next) {
            (None, Some(running)) => running.update(data).map(|()| None),
            (Some(room), next) => produce(next, session, room, data).map(Some).map_err(Fault::in_parts),
            (None, None) => Err(Fault::OperationNotInitialized),
        };
        messages.begun = matches!(outcome, Ok(None | Some(Produced::Length(_) | Produced::TooSmall(_))));
        if outcome.is_err() {
            messages.next = None;
        }
        outcome
    }

    /// C_MessageSignFinal (§5.14.5).
    pub fn end(&mut self) -> Result<(), Fault> {
        self.0.take().map(drop).ok_or(Fault::OperationNotInitialized)
    }
}
