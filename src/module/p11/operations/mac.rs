//! Message authentication codes with secret keys of the session, made in the module.

use super::mechanism::ChosenMechanism;
use super::running::{Length, Task};
use crate::p11::Fault;
use crate::p11::mechanisms::{Action, Mechanism};
use crate::p11::objects::Object;
use crate::p11::session::Session;
use avain_crypto::mac::{Authenticator, hmac};
use zeroize::Zeroizing;

/// A message authentication code of the data so far.
pub(super) struct Mac {
    /// None once it is made.
    code: Option<Box<dyn Authenticator>>,
    length: usize,
}

impl Mac {
    /// Begins an HMAC.
    pub(super) fn new(key: &Object, mechanism: &Mechanism, chosen: &ChosenMechanism) -> Result<Self, Fault> {
        chosen.has_no_parameter()?;
        let Action::Mac(hash) = mechanism.action else { return Err(Fault::MechanismInvalid) };
        let secret = key.secret().ok_or(Fault::KeyTypeInconsistent)?;
        let code = hmac(hash, secret).ok_or(Fault::KeySizeRange)?;
        Ok(Mac { code: Some(code), length: hash.length() })
    }

    /// Its length in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    pub(super) fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.code.as_mut().ok_or(Fault::OperationNotInitialized)?.update(data);
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let code = self.code.take().ok_or(Fault::OperationNotInitialized)?;
        Ok(Zeroizing::new(code.finish()))
    }
}

impl Task for Mac {
    fn update(&mut self, part: &[u8]) -> Result<(), Fault> {
        Mac::update(self, part)
    }

    fn length(&self, _: &[u8]) -> Length {
        Length::Exactly(self.length)
    }

    fn make(&mut self, _: &Session, last: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        Mac::update(self, last)?;
        self.finish()
    }
}
