//! Login (§5.6.8 to §5.6.10): a property of the program and the token, shared by all its sessions.

use super::objects::Handles;
use super::session::Session;
use super::slots::Slot;
use super::{Fault, Module};
use avain_card::cards::{Pin, PinError};
use avain_card::token::{Insertion, OncePin};
use cryptoki_sys::*;
use std::sync::Arc;

/// Who is logged in.
#[derive(Default)]
pub(super) enum Login {
    /// Nobody.
    #[default]
    Public,
    /// The holder. A signature PIN given at login is good for the first signature that follows.
    User(Option<OncePin>),
    /// Somebody with the activation PIN or PUK. No command tests it without cost, so it is kept until it is used
    /// and judged then.
    SecurityOfficer(Arc<Pin>),
}

/// What a slot knows of its token besides the card itself.
#[derive(Default)]
pub(super) struct TokenState {
    /// The card that it is about. For another card everything begins anew.
    insertion: Option<Arc<Insertion>>,
    pub(super) login: Login,
    pub(super) handles: Handles,
}

impl TokenState {
    /// The state for this card.
    pub(super) fn of(&mut self, insertion: &Arc<Insertion>) -> &mut Self {
        if !self.insertion.as_ref().is_some_and(|known| Arc::ptr_eq(known, insertion)) {
            *self = TokenState { insertion: Some(insertion.clone()), ..TokenState::default() };
        }
        self
    }

    pub(super) fn is_user(&self) -> bool {
        matches!(self.login, Login::User(_))
    }

    /// After this nobody is logged in, and handles of private objects are void for ever.
    fn log_out(&mut self) {
        self.login = Login::Public;
        self.handles.forget_private();
    }
}

impl Slot {
    /// Is the holder logged in?
    pub(super) fn is_user(&self, insertion: &Arc<Insertion>) -> bool {
        self.token.lock().of(insertion).is_user()
    }

    /// Is somebody logged in with the activation PIN or PUK?
    pub(super) fn is_security_officer(&self, insertion: &Arc<Insertion>) -> bool {
        matches!(self.token.lock().of(insertion).login, Login::SecurityOfficer(_))
    }

    /// The activation PIN or PUK that somebody logged in with.
    pub(super) fn officer_code(&self, insertion: &Arc<Insertion>) -> Option<Arc<Pin>> {
        match &self.token.lock().of(insertion).login {
            Login::SecurityOfficer(code) => Some(code.clone()),
            Login::Public | Login::User(_) => None,
        }
    }

    /// Who is logged in with the PUK has changed it.
    pub(super) fn officer_is_known_by(&self, insertion: &Arc<Insertion>, code: Pin) {
        self.token.lock().of(insertion).login = Login::SecurityOfficer(Arc::new(code));
    }

    /// The state of a session (§5.6, table of session states).
    pub(super) fn state(&self, session: &Session) -> CK_STATE {
        match (&self.token.lock().of(&session.insertion).login, session.read_write) {
            (Login::Public, false) => CKS_RO_PUBLIC_SESSION,
            (Login::Public, true) => CKS_RW_PUBLIC_SESSION,
            (Login::User(_), false) => CKS_RO_USER_FUNCTIONS,
            (Login::User(_), true) => CKS_RW_USER_FUNCTIONS,
            (Login::SecurityOfficer(_), _) => CKS_RW_SO_FUNCTIONS,
        }
    }

    /// Ends the login, here and on the card.
    pub(super) fn end_login(&self, insertion: &Arc<Insertion>) {
        let _one_at_a_time = self.logging_in.lock();
        let was_user = {
            let mut token = self.token.lock();
            let token = token.of(insertion);
            let was_user = token.is_user();
            token.log_out();
            was_user
        };
        if was_user {
            self.reader.log_out(insertion, self.role);
        }
    }

    /// The card no longer accepts the PIN that was given: the program has to log in anew, and be able to.
    pub(super) fn lose_login(&self, insertion: &Arc<Insertion>) {
        self.token.lock().of(insertion).log_out();
    }

    /// The signature PIN that was given at login, unless it is spent.
    pub(super) fn take_once(&self, insertion: &Arc<Insertion>) -> Option<OncePin> {
        match &mut self.token.lock().of(insertion).login {
            Login::User(once) => once.take(),
            Login::Public | Login::SecurityOfficer(_) => None,
        }
    }
}

impl Module {
    /// C_Login (§5.6.8).
    pub fn login(&self, handle: CK_SESSION_HANDLE, user: CK_USER_TYPE, typed: &[u8]) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let pin = kept(typed)?;
        match user {
            CKU_USER => login_user(&session, pin),
            CKU_SO => self.login_security_officer(&session, pin),
            CKU_CONTEXT_SPECIFIC => login_for_operation(&session, pin),
            _ => Err(Fault::UserTypeInvalid),
        }
    }

    /// Keeps the activation PIN or PUK; nothing is sent to the card.
    fn login_security_officer(&self, session: &Session, pin: Pin) -> Result<(), Fault> {
        let slot = &session.slot;
        let _one_at_a_time = slot.logging_in.lock();
        may_log_in(session, CKU_SO)?;
        if self.sessions.of_slot(slot.id).iter().any(|other| !other.read_write) {
            return Err(Fault::SessionReadOnlyExists);
        }
        slot.token.lock().of(&session.insertion).login = Login::SecurityOfficer(Arc::new(pin));
        Ok(())
    }

    /// C_Logout (§5.6.10).
    pub fn logout(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        if matches!(session.slot.token.lock().of(&session.insertion).login, Login::Public) {
            return Err(Fault::UserNotLoggedIn);
        }
        for other in self.sessions.of_slot(session.slot.id) {
            other.end_operations();
        }
        session.slot.end_login(&session.insertion);
        Ok(())
    }
}

/// A PIN as the program gave it, in locked memory from here on.
pub(super) fn kept(typed: &[u8]) -> Result<Pin, Fault> {
    Pin::new(typed).map_err(|_| Fault::of_pin(PinError::NoMemory))
}

fn login_user(session: &Session, pin: Pin) -> Result<(), Fault> {
    let (slot, insertion) = (&session.slot, &session.insertion);
    let _one_at_a_time = slot.logging_in.lock();
    may_log_in(session, CKU_USER)?;
    let stands = insertion.profile().is_some_and(|profile| profile.has_session_pin(slot.role));
    let outcome = if stands {
        slot.reader.log_in(insertion, slot.role, pin)
    } else {
        slot.reader.log_in_once(insertion, slot.role, pin)
    };
    let once = outcome.map_err(Fault::of_login)?;
    slot.token.lock().of(insertion).login = Login::User(Some(once));
    Ok(())
}

fn may_log_in(session: &Session, user: CK_USER_TYPE) -> Result<(), Fault> {
    match (&session.slot.token.lock().of(&session.insertion).login, user) {
        (Login::Public, _) => Ok(()),
        (Login::User(_), CKU_USER) | (Login::SecurityOfficer(_), CKU_SO) => Err(Fault::UserAlreadyLoggedIn),
        _ => Err(Fault::UserAnotherAlreadyLoggedIn),
    }
}

/// The signature PIN for the one operation that waits for it.
fn login_for_operation(session: &Session, pin: Pin) -> Result<(), Fault> {
    let (slot, insertion) = (&session.slot, &session.insertion);
    let mut work = session.work.lock();
    let key = work.waiting().ok_or(Fault::OperationNotInitialized)?;
    if pin.is_empty() {
        // LibreOffice answers NSS so, and NSS repeats it for ever on any code that asks for another PIN. The PIN of
        // C_Login may do for this operation; if it does not, the next login has to ask for one.
        if !key.has_pin() {
            slot.lose_login(insertion);
        }
        return Err(Fault::ArgumentsBad);
    }
    match slot.reader.log_in_once(insertion, slot.role, pin) {
        Ok(once) => {
            key.permit(once);
            Ok(())
        }
        Err(error) => {
            let fault = Fault::of_login(error);
            if fault == Fault::PinLocked {
                slot.lose_login(insertion);
            }
            Err(fault)
        }
    }
}
