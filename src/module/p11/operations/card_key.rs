//! A private key of the card in an operation, and the PIN for its use.

use crate::p11::Fault;
use crate::p11::objects::Object;
use crate::p11::objects::attributes::needs_pin_each_time;
use crate::p11::session::Session;
use crate::p11::slots::slot::Slot;
use crate::p11::slots::token::Token;
use avain_card::cards::PinError;
use avain_card::token::{Authority, Insertion, KeyView, OncePin};
use std::sync::Arc;

/// A private key of the card, in use.
pub(crate) struct CardKey {
    key: Arc<Object>,
    slot: Arc<Slot>,
    token: Arc<Token>,
    /// A PIN given for one use.
    once: Option<OncePin>,
    /// An empty PIN was given for this operation.
    unwilling: bool,
}

impl CardKey {
    /// If the key needs its PIN each time, the PIN given at C_Login goes to the first operation that is begun.
    pub(crate) fn new(session: &Session, key: Arc<Object>) -> Self {
        let asks = key.key().is_some_and(needs_pin_each_time);
        let once = if asks { session.token.take_signature_pin() } else { None };
        CardKey { key, slot: session.slot.clone(), token: session.token.clone(), once, unwilling: false }
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

    /// The holder, or the program, gave an empty PIN. If no other follows, the key is not used and the login ends, so
    /// that the program asks for a PIN next time.
    pub(crate) fn give_empty_pin(&mut self) {
        self.unwilling = true;
    }

    /// Uses the key, if there is a PIN for it; `fault` turns errors into faults. If the card no longer accepts the PIN
    /// of the session, the login ends.
    pub(crate) fn perform<R>(
        &mut self,
        fault: fn(PinError) -> Fault,
        act: impl FnOnce(&Slot, &Arc<Insertion>, &KeyView, Authority) -> Result<R, PinError>,
    ) -> Result<R, Fault> {
        let CardKey { key, slot, token, once, unwilling } = self;
        if !token.is_user() {
            return Err(Fault::UserNotLoggedIn);
        }
        let key = key.key().ok_or(Fault::KeyHandleInvalid)?;
        let session_pin = !needs_pin_each_time(key);
        let authority = match once.take() {
            _ if session_pin => Authority::SessionPin,
            Some(once) => Authority::Once(once),
            None => {
                if *unwilling {
                    token.drop_login();
                }
                return Err(Fault::UserNotLoggedIn);
            }
        };
        act(slot, &token.insertion, key, authority).map_err(|error| {
            if session_pin && error == PinError::NotGiven {
                token.drop_login();
            }
            fault(error)
        })
    }
}

/// A PIN that permitted nothing so far still permits one use: the operation was cancelled, or failed before it came to
/// the card.
impl Drop for CardKey {
    fn drop(&mut self) {
        if let Some(once) = self.once.take() {
            self.token.give_back_signature_pin(once);
        }
    }
}
