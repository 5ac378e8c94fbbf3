//! Message digesting (§5.12), in the module.

use super::Operations;
use super::mechanism::ChosenMechanism;
use super::running::{Kind, Length, Running, Task};
use crate::p11::Fault;
use crate::p11::mechanisms::Action;
use crate::p11::session::Session;
use avain_crypto::hash::Hasher;
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// A digest of the data so far.
struct Digest(Hasher);

impl Task for Digest {
    fn update(&mut self, part: &[u8]) -> Result<(), Fault> {
        self.0.update(part);
        Ok(())
    }

    fn length(&self, _: &[u8]) -> Length {
        Length::Exactly(self.0.output_size())
    }

    fn make(&mut self, _: &Session, last: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        self.0.update(last);
        Ok(Zeroizing::new(self.0.finalize_reset().into_vec()))
    }
}

impl Operations {
    /// C_DigestInit (§5.12.1).
    pub fn digest_init(&mut self, session: &Session, chosen: &ChosenMechanism) -> Result<(), Fault> {
        self.begin(Kind::Digest, || {
            let mechanism = session.mechanism(chosen.kind, CKF_DIGEST)?;
            let Action::Digest(hash) = mechanism.action else { return Err(Fault::MechanismInvalid) };
            chosen.has_no_parameter()?;
            Ok(Box::new(Digest(hash.hasher())))
        })
    }
}

impl Running {
    /// C_DigestKey (§5.12.4): digests the value of a secret key.
    pub fn digest_key(&mut self, session: &Session, key: CK_OBJECT_HANDLE) -> Result<(), Fault> {
        let key = session.object(key).map_err(|_| Fault::KeyHandleInvalid)?;
        self.update(key.secret().ok_or(Fault::KeyIndigestible)?)
    }
}
