//! Message verification (§5.16): any number of signatures with one key.

use super::mechanism::ChosenMechanism;
use super::verify::Verification;
use crate::p11::Fault;
use crate::p11::session::Session;
use cryptoki_sys::*;

/// The active message verification operation, if any.
#[derive(Default)]
pub struct MessageVerifying(Option<Messages>);

struct Messages {
    chosen: ChosenMechanism,
    key: CK_OBJECT_HANDLE,
    /// The message that C_VerifyMessageBegin began.
    begun: Option<Verification>,
}

impl Messages {
    fn verification(&self, session: &Session) -> Result<Verification, Fault> {
        Verification::new(session, &self.chosen, self.key, CKF_MESSAGE_VERIFY)
    }

    /// A message can begin only when the one before has ended.
    fn is_between(&self) -> Result<(), Fault> {
        if self.begun.is_none() { Ok(()) } else { Err(Fault::OperationActive) }
    }
}

impl MessageVerifying {
    pub(super) fn is_active(&self) -> bool {
        self.0.is_some()
    }

    fn messages(&mut self) -> Result<&mut Messages, Fault> {
        self.0.as_mut().ok_or(Fault::OperationNotInitialized)
    }

    /// C_MessageVerifyInit (§5.16.1).
    pub fn init(
        &mut self,
        session: &Session,
        chosen: ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        if self.is_active() {
            return Err(Fault::OperationActive);
        }
        let messages = Messages { chosen, key, begun: None };
        // Errors of mechanism and key are reported now.
        messages.verification(session)?;
        self.0 = Some(messages);
        Ok(())
    }

    /// C_VerifyMessage (§5.16.2).
    pub fn verify(&mut self, session: &Session, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let messages = self.messages()?;
        messages.is_between()?;
        messages.verification(session)?.finish(data, signature)
    }

    /// C_VerifyMessageBegin (§5.16.3).
    pub fn begin(&mut self, session: &Session) -> Result<(), Fault> {
        let messages = self.messages()?;
        messages.is_between()?;
        messages.begun = Some(messages.verification(session)?);
        Ok(())
    }

    /// C_VerifyMessageNext (§5.16.4). With a signature this is the last part of the message. An error ends the message.
    pub fn next(&mut self, data: &[u8], signature: Option<&[u8]>) -> Result<(), Fault> {
        let begun = &mut self.messages()?.begun;
        let mut verification = begun.take().ok_or(Fault::OperationNotInitialized)?;
        match signature {
            Some(signature) => verification.finish(data, signature),
            None => {
                verification.update(data)?;
                *begun = Some(verification);
                Ok(())
            }
        }
    }

    /// C_MessageVerifyFinal (§5.16.5).
    pub fn end(&mut self) -> Result<(), Fault> {
        self.0.take().map(drop).ok_or(Fault::OperationNotInitialized)
    }
}
