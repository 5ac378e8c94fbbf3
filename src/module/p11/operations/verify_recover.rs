//! Verification with data recovery (§5.15.5, §5.15.6).

use super::mechanism::{ChosenMechanism, Parameter};
use super::running::{ByKind, Kind, Length, Task};
use crate::p11::Fault;
use crate::p11::objects::Object;
use crate::p11::session::Session;
use avain_crypto::PublicKey;
use cryptoki_sys::*;
use std::sync::Arc;
use zeroize::Zeroizing;

impl ByKind {
    /// C_VerifyRecoverInit (§5.15.5): recovers data from PKCS #1 v1.5 signatures.
    pub fn verify_recover_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(Kind::VerifyRecover, || {
            let mechanism = session.mechanism(chosen.kind, CKF_VERIFY_RECOVER)?;
            let key = session.key(key, mechanism, CKA_VERIFY_RECOVER)?;
            if chosen.parameter != Parameter::None {
                return Err(Fault::MechanismParamInvalid);
            }
            Ok(Box::new(Recovery { key, signature: Vec::new() }))
        })
    }
}

/// The recovery of data from a signature.
struct Recovery {
    key: Arc<Object>,
    signature: Vec<u8>,
}

impl Recovery {
    fn length(&self) -> usize {
        self.key.public_key().map_or(0, PublicKey::signature_length)
    }
}

impl Task for Recovery {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        if data.len() != self.length() {
            return Err(Fault::SignatureLenRange);
        }
        self.signature.extend_from_slice(data);
        Ok(())
    }

    fn length(&self) -> Length {
        Length::AtMost(self.length())
    }

    fn finish(self: Box<Self>, _: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let recovered = self.key.public_key().and_then(|key| key.recover(&self.signature));
        recovered.map(Zeroizing::new).ok_or(Fault::SignatureInvalid)
    }
}
