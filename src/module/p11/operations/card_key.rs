//! A private key of the card in an operation, and the PIN that permits its use.

use crate::p11::Fault;
use crate::p11::objects::Object;
use crate::p11::objects::attributes::needs_pin_each_time;
use crate::p11::session::Session;
use avain_card::cards::PinError;
use avain_card::token::{Authority, KeyView, OncePin};
use std::sync::Arc;

/// A private key of the card, in use.
pub(crate) struct CardKey {
    key: Arc<Object>,
    /// A PIN given for this operation alone.
    once: Option<OncePin>,
}

impl CardKey {
    /// A signature PIN given at login belongs to the first operation that follows, whatever becomes of it.
    pub(crate) fn new(session: &Session, key: Arc<Object>) -> Self {
        let asks = key.key().is_some_and(needs_pin_each_time);
        let once = if asks { session.slot.take_signature_pin(&session.insertion) } else { None };
        CardKey { key, once }
    }

    /// The key, as card and tables describe it.
    pub(crate) fn view(&self) -> Result<&KeyView, Fault> {
        self.key.key().ok_or(Fault::KeyHandleInvalid)
    }

    /// Does it wait for a login of its own?
    pub(crate) fn wants_pin(&self) -> bool {
        self.key.key().is_some_and(needs_pin_each_time)
    }

    /// Has it got its PIN?
    pub(crate) fn has_pin(&self) -> bool {
        self.once.is_some()
    }

    /// Gives it its PIN.
    pub(crate) fn give_pin(&mut self, once: OncePin) {
        self.once = Some(once);
    }

    /// Does something with the key, if its PIN permits, and tells by `fault` why it failed. A PIN that the card no longer
    /// accepts ends the login.
    pub(crate) fn perform<R>(
        self,
        session: &Session,
        fault: fn(PinError) -> Fault,
        act: impl FnOnce(&KeyView, Authority) -> Result<R, PinError>,
    ) -> Result<R, Fault> {
        let (slot, insertion) = (&session.slot, &session.insertion);
        if !slot.is_user(insertion) {
            return Err(Fault::UserNotLoggedIn);
        }
        let key = self.key.key().ok_or(Fault::KeyHandleInvalid)?;
        let session_pin = !needs_pin_each_time(key);
        let authority = match self.once {
            _ if session_pin => Authority::SessionPin,
            Some(once) => Authority::Once(once),
            None => return Err(Fault::UserNotLoggedIn),
        };
        act(key, authority).map_err(|error| {
            if session_pin && error == PinError::NotGiven {
                slot.drop_login(insertion);
            }
            fault(error)
        })
    }
}
