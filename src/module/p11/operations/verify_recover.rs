//! Verification with data recovery (§5.15.5, §5.15.6).

use super::Operations;
use super::mechanism::{ChosenMechanism, Parameter};
use super::running::{Kind, Length, Task};
use crate::p11::Fault;
use crate::p11::objects::Object;
use crate::p11::session::Session;
use avain_crypto::PublicKey;
use cryptoki_sys::*;
use std::sync::Arc;
use zeroize::Zeroizing;

impl Operations {
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
            Ok(Box::new(Recovery(key)))
        })
    }
}

/// The recovery of data from a signature, with its public key.
struct Recovery(Arc<Object>);

impl Recovery {
    fn modulus(&self) -> usize {
        self.0.public_key().map_or(0, PublicKey::signature_length)
    }
}

impl Task for Recovery {
    fn length(&self, _: &[u8]) -> Length {
        Length::AtMost(self.modulus())
    }

    fn make(&mut self, _: &Session, signature: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        if signature.len() != self.modulus() {
            return Err(Fault::SignatureLenRange);
        }
        let recovered = self.0.public_key().and_then(|key| key.recover(signature));
        recovered.map(Zeroizing::new).ok_or(Fault::SignatureInvalid)
    }
}
