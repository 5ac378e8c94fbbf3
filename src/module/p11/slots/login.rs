//! Login is a property of the token (§5.6.8), shared by all sessions of the program.

use super::slot::Slot;
use super::token::{Login, Token};
use avain_card::cards::Entered;
use avain_card::token::OncePin;
use cryptoki_sys::*;
use std::sync::Arc;

impl Token {
    /// Is the user logged in?
    pub(crate) fn is_user(&self) -> bool {
        self.lock().is_user()
    }

    /// The activation PIN or PUK that the security officer logged in with, if that is who is logged in.
    pub(crate) fn security_officer_code(&self) -> Option<Arc<Entered>> {
        match &self.lock().login {
            Login::SecurityOfficer(code) => Some(code.clone()),
            Login::Public | Login::User(_) => None,
        }
    }

    /// The security officer has changed the PUK.
    pub(crate) fn set_security_officer_code(&self, code: Entered) {
        let mut state = self.lock();
        if matches!(state.login, Login::SecurityOfficer(_)) {
            state.login = Login::SecurityOfficer(Arc::new(code));
        }
    }

    /// The state of a session (§3.3, CK_STATE).
    pub(crate) fn state(&self, read_write: bool) -> CK_STATE {
        match (&self.lock().login, read_write) {
            (Login::Public, false) => CKS_RO_PUBLIC_SESSION,
            (Login::Public, true) => CKS_RW_PUBLIC_SESSION,
            (Login::User(_), false) => CKS_RO_USER_FUNCTIONS,
            (Login::User(_), true) => CKS_RW_USER_FUNCTIONS,
            (Login::SecurityOfficer(_), _) => CKS_RW_SO_FUNCTIONS,
        }
    }

    /// Ends the login here alone, because the card no longer accepts the PIN: the program has to log in again.
    pub(crate) fn drop_login(&self) {
        self.lock().log_out();
    }

    /// The signature PIN that was given at login, unless it was used already.
    pub(crate) fn take_signature_pin(&self) -> Option<OncePin> {
        match &mut self.lock().login {
            Login::User(once) => once.take(),
            Login::Public | Login::SecurityOfficer(_) => None,
        }
    }

    /// Gives back a signature PIN that was not used: as long as the login lasts, it is good for the next signature.
    pub(crate) fn give_back_signature_pin(&self, unused: OncePin) {
        if let Login::User(place @ None) = &mut self.lock().login {
            *place = Some(unused);
        }
    }
}

impl Slot {
    /// Ends on the card the login that has ended here. The caller holds `logging_in` since before that: nobody has
    /// logged in meanwhile.
    pub(crate) fn end_on_card(&self, token: &Token, ended: &Login) {
        if matches!(ended, Login::User(_)) {
            self.reader.log_out(&token.insertion, self.role);
        }
    }
}
