//! A private key of the card in an operation, and the PIN for its use.

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
    /// If the key needs its PIN each time, the PIN given at C_Login goes to the first operation that is begun.
    pub(crate) fn new(session: &Session, key: Arc<Object>) -> Self {
        let asks = key.key().is_some_and(needs_pin_each_time);
        let once = if asks { session.token.take_signature_pin() } else { None };
        CardKey { key, once }
    }

    /// The key, as described by the card and its table.
    pub(crate) fn view(&self) -> Result<&KeyView, Fault> {
        self.key.key().ok_or(Fault::KeyHandleInvalid)
    }

    /// Does each use need C_Login(CKU_CONTEXT_SPECIFIC)?
    pub(crate) fn wants_pin(&self) -> bool {
        self.key.key().is_some_and(needs_pin_each_time)
    }

    /// Does it have its PIN?
    pub(crate) fn has_pin(&self) -> bool {
        self.once.is_some()
    }

    /// Gives it its PIN.
    pub(crate) fn give_pin(&mut self, once: OncePin) {
        self.once = Some(once);
    }

    /// Uses the key, if there is a PIN for it; `fault` turns errors into faults. If the card no longer accepts the PIN
    /// of the session, the login ends.
    pub(crate) fn perform<R>(
        self,
        session: &Session,
        fault: fn(PinError) -> Fault,
        act: impl FnOnce(&KeyView, Authority) -> Result<R, PinError>,
    ) -> Result<R, Fault> {
        if !session.token.is_user() {
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
                session.token.drop_login();
            }
            fault(error)
        })
    }
}
