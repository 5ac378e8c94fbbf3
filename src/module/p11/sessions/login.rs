//! Login and logout (§5.6.8 to §5.6.10).

use super::{OpenSession, Sessions};
use crate::p11::Fault;
use crate::p11::operations::Operations;
use crate::p11::session::Session;
use crate::p11::slots::token::Login;
use avain_card::cards::profile::Secret;
use avain_card::cards::{Entered, Pin};
use cryptoki_sys::*;
use std::sync::Arc;

impl Sessions {
    /// C_Login (§5.6.8). Without a PIN it is entered on the keypad of the reader.
    pub fn login(
        &self,
        handle: CK_SESSION_HANDLE,
        user: CK_USER_TYPE,
        typed: Option<&[u8]>,
    ) -> Result<(), Fault> {
        let open = self.open_session(handle)?;
        let OpenSession { session, operations } = &*open;
        let secret = match user {
            CKU_USER | CKU_CONTEXT_SPECIFIC => Secret::Pin(session.slot.role),
            CKU_SO => Secret::Puk,
            _ => return Err(Fault::UserTypeInvalid),
        };
        let pin = entered(session, secret, typed)?;
        match user {
            CKU_SO => login_security_officer(session, pin),
            CKU_CONTEXT_SPECIFIC => login_for_operation(session, &mut operations.lock(), pin),
            _ => login_user(session, pin),
        }
    }

    /// C_Logout (§5.6.10).
    pub fn logout(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.get(handle)?;
        let Session { slot, token, .. } = &*session;
        let _one_at_a_time = slot.logging_in.lock();
        let ended = token.lock().log_out();
        if matches!(ended, Login::Public) {
            return Err(Fault::UserNotLoggedIn);
        }
        token.sessions().iter().for_each(|open| open.end_operations());
        slot.end_on_card(token, &ended);
        Ok(())
    }
}

/// What the holder enters: a PIN that the program gives, or without one what the keypad of the reader asks for. Without
/// a keypad the program has to give one.
fn entered(session: &Session, secret: Secret, typed: Option<&[u8]>) -> Result<Entered, Fault> {
    match typed {
        Some(typed) => session.slot.entered(&session.insertion, secret, typed).map(Entered::Typed),
        None if session.takes_keypad() => Ok(Entered::Pad),
        None => Err(Fault::ArgumentsBad),
    }
}

/// Keeps the activation PIN or PUK without sending it to the card.
fn login_security_officer(session: &Session, pin: Entered) -> Result<(), Fault> {
    let _one_at_a_time = session.slot.logging_in.lock();
    let mut state = session.token.lock();
    state.may_log_in(CKU_SO)?;
    state.login = Login::SecurityOfficer(Arc::new(pin));
    Ok(())
}

fn login_user(session: &Session, pin: Entered) -> Result<(), Fault> {
    let (slot, insertion) = (&session.slot, &session.insertion);
    let _one_at_a_time = slot.logging_in.lock();
    let permitted = session.token.lock().may_log_in(CKU_USER);
    permitted.inspect_err(|_| {
        if let Some(pin) = pin.typed() {
            slot.reader.note_unused(insertion, slot.role, pin);
        }
    })?;
    // A card that describes itself tells which PINs stand, once its number has opened it.
    slot.reader.recognise(insertion).map_err(|error| Fault::of_login(error.into()))?;
    let stands = insertion.profile().is_some_and(|profile| profile.has_session_pin(slot.role));
    let outcome = if stands {
        slot.reader.log_in(insertion, slot.role, pin)
    } else {
        slot.reader.log_in_once(insertion, slot.role, pin)
    };
    let once = outcome.map_err(Fault::of_login)?;
    session.token.lock().log_in(once)
}

/// C_Login(CKU_CONTEXT_SPECIFIC): the PIN of a key with CKA_ALWAYS_AUTHENTICATE, for the operation that waits for it.
fn login_for_operation(session: &Session, operations: &mut Operations, pin: Entered) -> Result<(), Fault> {
    let (slot, insertion) = (&session.slot, &session.insertion);
    let key = operations.awaiting_pin(session).ok_or(Fault::OperationNotInitialized)?;
    if pin.typed().is_some_and(Pin::is_empty) {
        // LibreOffice gives NSS an empty PIN, which NSS repeats for ever on any code that asks for another. The PIN of
        // C_Login may serve this operation.
        key.give_empty_pin();
        return Err(Fault::ArgumentsBad);
    }
    match slot.reader.permit_use(insertion, slot.role, pin) {
        Ok(once) => {
            key.give_pin(once);
            Ok(())
        }
        Err(error) => {
            let fault = Fault::of_login(error);
            if fault == Fault::PinLocked {
                session.token.drop_login();
            }
            Err(fault)
        }
    }
}
