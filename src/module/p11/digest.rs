//! Digests (§5.12): in the module, without a key.

use super::mechanisms::Action;
use super::operation::{Chosen, Kind, Length, Task};
use super::session::Session;
use super::{Fault, Module};
use avain_crypto::hash::Hasher;
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// A digest in the making.
struct Digest(Hasher);

impl Task for Digest {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.0.update(data);
        Ok(())
    }

    fn length(&self) -> Length {
        Length::Exactly(self.0.output_size())
    }

    fn finish(self: Box<Self>, _: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        Ok(Zeroizing::new(self.0.finalize().into_vec()))
    }
}

impl Module {
    /// C_DigestInit (§5.12.1).
    pub fn digest_init(&self, handle: CK_SESSION_HANDLE, chosen: &Chosen) -> Result<(), Fault> {
        self.begin(handle, Kind::Digest, |session| {
            let mechanism = session.mechanism(chosen.kind, CKF_DIGEST)?;
            let Action::Digest(hash) = mechanism.action else { return Err(Fault::MechanismInvalid) };
            chosen.has_no_parameter()?;
            Ok(Box::new(Digest(hash.hasher())))
        })
    }

    /// C_DigestKey (§5.12.4): the value of a session secret goes into the digest.
    pub fn digest_key(&self, handle: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        let place = work.operations.place(Kind::Digest);
        let digest = place.as_mut().ok_or(Fault::OperationNotInitialized)?;
        let fed = self
            .object(&session, key)
            .map_err(|_| Fault::KeyHandleInvalid)
            .and_then(|key| digest.update(key.secret().ok_or(Fault::KeyIndigestible)?));
        if fed.is_err() {
            *place = None;
        }
        fed
    }
}
