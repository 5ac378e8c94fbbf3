//! Message verification (§5.16): any number of signatures with one key.

use super::Operations;
use super::mechanism::ChosenMechanism;
use super::place::{After, Place};
use super::verify::Verification;
use crate::p11::Fault;
use crate::p11::session::Session;
use cryptoki_sys::*;

/// An active process of message verification.
pub struct MessageVerifying {
    chosen: ChosenMechanism,
    key: CK_OBJECT_HANDLE,
    /// The message that C_VerifyMessageBegin began.
    message: Place<Verification>,
}

impl Operations {
    /// C_MessageVerifyInit (§5.16.1). Errors of mechanism and key are reported now.
    pub fn message_verify_init(
        &mut self,
        session: &Session,
        chosen: ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.message_verifying.begin(|| {
            let process = MessageVerifying { chosen, key, message: Place::default() };
            process.verification(session)?;
            Ok(process)
        })
    }
}

impl MessageVerifying {
    fn verification(&self, session: &Session) -> Result<Verification, Fault> {
        Verification::new(session, &self.chosen, self.key, CKF_MESSAGE_VERIFY)
    }

    /// A message can begin only when the one before has ended.
    fn is_between(&self) -> Result<(), Fault> {
        if self.message.is_active() { Err(Fault::OperationActive) } else { Ok(()) }
    }

    /// C_VerifyMessage (§5.16.2).
    pub fn verify(&mut self, session: &Session, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        self.is_between()?;
        self.verification(session)?.whole(data, signature)
    }

    /// C_VerifyMessageBegin (§5.16.3).
    pub fn begin(&mut self, session: &Session) -> Result<(), Fault> {
        let verification = self.verification(session);
        self.message.begin(|| verification)
    }

    /// C_VerifyMessageNext (§5.16.4).
    pub fn next(&mut self, act: impl FnOnce(&mut Verification) -> Result<After, Fault>) -> Result<(), Fault> {
        self.message.go_on(act)
    }
}
