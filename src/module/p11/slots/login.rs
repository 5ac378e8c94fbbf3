//! Login is a property of the token (§5.6.8), shared by all sessions of the program.

use super::slot::Slot;
use super::token::Login;
use avain_card::cards::Pin;
use avain_card::token::{Insertion, OncePin};
use cryptoki_sys::*;
use std::sync::Arc;

impl Slot {
    /// Is the user logged in?
    pub(crate) fn is_user(&self, insertion: &Arc<Insertion>) -> bool {
        self.token.lock().for_card(insertion).is_user()
    }

    /// Is the security officer logged in?
    pub(crate) fn is_security_officer(&self, insertion: &Arc<Insertion>) -> bool {
        matches!(self.token.lock().for_card(insertion).login, Login::SecurityOfficer(_))
    }

    /// The activation PIN or PUK that the security officer logged in with.
    pub(crate) fn security_officer_code(&self, insertion: &Arc<Insertion>) -> Option<Arc<Pin>> {
        match &self.token.lock().for_card(insertion).login {
            Login::SecurityOfficer(code) => Some(code.clone()),
            Login::Public | Login::User(_) => None,
        }
    }

    /// The security officer has changed the PUK.
    pub(crate) fn set_security_officer_code(&self, insertion: &Arc<Insertion>, code: Pin) {
        self.token.lock().for_card(insertion).login = Login::SecurityOfficer(Arc::new(code));
    }

    /// The state of a session (§3.3, CK_STATE).
    pub(crate) fn state(&self, insertion: &Arc<Insertion>, read_write: bool) -> CK_STATE {
        match (&self.token.lock().for_card(insertion).login, read_write) {
            (Login::Public, false) => CKS_RO_PUBLIC_SESSION,
            (Login::Public, true) => CKS_RW_PUBLIC_SESSION,
            (Login::User(_), false) => CKS_RO_USER_FUNCTIONS,
            (Login::User(_), true) => CKS_RW_USER_FUNCTIONS,
            (Login::SecurityOfficer(_), _) => CKS_RW_SO_FUNCTIONS,
        }
    }

    /// Ends the login, here and on the card.
    pub(crate) fn end_login(&self, insertion: &Arc<Insertion>) {
        let _one_at_a_time = self.logging_in.lock();
        let was_user = {
            let mut token = self.token.lock();
            let token = token.for_card(insertion);
            let was_user = token.is_user();
            token.log_out();
            was_user
        };
        if was_user {
            self.reader.log_out(insertion, self.role);
        }
    }

    /// Ends the login here alone, because the card no longer accepts the PIN: the program has to log in again.
    pub(crate) fn drop_login(&self, insertion: &Arc<Insertion>) {
        self.token.lock().for_card(insertion).log_out();
    }

    /// The signature PIN that was given at login, unless it was used already.
    pub(crate) fn take_signature_pin(&self, insertion: &Arc<Insertion>) -> Option<OncePin> {
        match &mut self.token.lock().for_card(insertion).login {
            Login::User(once) => once.take(),
            Login::Public | Login::SecurityOfficer(_) => None,
        }
    }
}
