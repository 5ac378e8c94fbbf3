//! Verification (§5.15), in the module, with public and secret keys. Needs no PIN.

use super::mechanism::ChosenMechanism;
use super::sign::mac;
use super::signature_input::SignatureInput;
use crate::p11::Fault;
use crate::p11::session::Session;
use avain_crypto::PublicKey;
use avain_crypto::mac::Authenticator;
use cryptoki_sys::*;

/// The verification of one signature.
pub struct Verification {
    check: Check,
    in_parts: bool,
}

enum Check {
    /// A signature, with its public key.
    Signature(SignatureInput, PublicKey),
    /// A message authentication code, with its length in bytes.
    Mac(Box<dyn Authenticator>, usize),
}

impl Verification {
    pub(super) fn new(
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
        function: CK_FLAGS,
    ) -> Result<Self, Fault> {
        let mechanism = session.mechanism(chosen.kind, function)?;
        let key = session.key(key, mechanism, CKA_VERIFY)?;
        let check = if mechanism.key_type().is_none() {
            let (mac, length) = mac(&key, mechanism, chosen)?;
            Check::Mac(mac, length)
        } else {
            let public = key.public_key().ok_or(Fault::KeyTypeInconsistent)?.clone();
            let length = public.signature_length();
            Check::Signature(SignatureInput::new(mechanism, &chosen.parameter, length)?, public)
        };
        Ok(Verification { check, in_parts: false })
    }

    pub(super) fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.in_parts = true;
        match &mut self.check {
            Check::Signature(input, _) => input.update(data),
            Check::Mac(mac, _) => {
                mac.update(data);
                Ok(())
            }
        }
    }

    /// Verifies the signature, after the last of the data.
    pub(super) fn finish(mut self, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        self.update(data)?;
        let length = match &self.check {
            Check::Signature(_, public) => public.signature_length(),
            Check::Mac(_, length) => *length,
        };
        if signature.len() != length {
            return Err(Fault::SignatureLenRange);
        }
        let holds = match self.check {
            Check::Signature(input, public) => {
                let signed = input.finish()?;
                public.verify(signed.scheme, &signed.bytes, signature)
            }
            Check::Mac(mac, _) => same(&mac.finish(), signature),
        };
        if holds { Ok(()) } else { Err(Fault::SignatureInvalid) }
    }
}

/// Compares two MACs in constant time.
fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |all, (l, r)| all | (l ^ r)) == 0
}

/// The active verification, if any.
#[derive(Default)]
pub struct Verifications {
    /// Begun by C_VerifyInit: the signature comes last.
    signature_last: Option<Verification>,
    /// Begun by C_VerifySignatureInit, with the signature.
    signature_first: Option<(Verification, Vec<u8>)>,
}

impl Verifications {
    pub(super) fn is_active(&self) -> bool {
        self.signature_last.is_some() || self.signature_first.is_some()
    }

    /// C_VerifyInit (§5.15.1).
    pub fn verify_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        if self.is_active() {
            return Err(Fault::OperationActive);
        }
        self.signature_last = Some(Verification::new(session, chosen, key, CKF_VERIFY)?);
        Ok(())
    }

    /// C_Verify (§5.15.2).
    pub fn verify(&mut self, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let verification = self.signature_last.take().ok_or(Fault::OperationNotInitialized)?;
        // A multiple-part operation cannot be completed so, and the error ends it.
        if verification.in_parts {
            Err(Fault::OperationNotInitialized)
        } else {
            verification.finish(data, signature)
        }
    }

    /// C_VerifyUpdate (§5.15.3). Any error ends the operation.
    pub fn verify_update(&mut self, data: &[u8]) -> Result<(), Fault> {
        let taken = self.signature_last.as_mut().ok_or(Fault::OperationNotInitialized)?.update(data);
        if taken.is_err() {
            self.signature_last = None;
        }
        taken
    }

    /// C_VerifyFinal (§5.15.4).
    pub fn verify_final(&mut self, signature: &[u8]) -> Result<(), Fault> {
        self.signature_last.take().ok_or(Fault::OperationNotInitialized)?.finish(&[], signature)
    }

    /// C_VerifySignatureInit (§5.15.7): the signature comes first.
    pub fn verify_signature_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
        signature: &[u8],
    ) -> Result<(), Fault> {
        if self.is_active() {
            return Err(Fault::OperationActive);
        }
        let verification = Verification::new(session, chosen, key, CKF_VERIFY)?;
        self.signature_first = Some((verification, signature.to_vec()));
        Ok(())
    }

    /// C_VerifySignature (§5.15.8).
    pub fn verify_signature(&mut self, data: &[u8]) -> Result<(), Fault> {
        let (verification, signature) = self.signature_first.take().ok_or(Fault::OperationNotInitialized)?;
        if verification.in_parts {
            Err(Fault::OperationNotInitialized)
        } else {
            verification.finish(data, &signature)
        }
    }

    /// C_VerifySignatureUpdate (§5.15.9). Any error ends the operation.
    pub fn verify_signature_update(&mut self, data: &[u8]) -> Result<(), Fault> {
        let (verification, _) = self.signature_first.as_mut().ok_or(Fault::OperationNotInitialized)?;
        let taken = verification.update(data);
        if taken.is_err() {
            self.signature_first = None;
        }
        taken
    }

    /// C_VerifySignatureFinal (§5.15.10).
    pub fn verify_signature_final(&mut self) -> Result<(), Fault> {
        let (verification, signature) = self.signature_first.take().ok_or(Fault::OperationNotInitialized)?;
        verification.finish(&[], &signature)
    }
}
