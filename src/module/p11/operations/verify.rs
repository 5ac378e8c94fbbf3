//! Verification (§5.15), in the module, with public and secret keys. Needs no PIN.

use super::Operations;
use super::mac::Mac;
use super::mechanism::ChosenMechanism;
use super::place::Given;
use super::signature_input::SignatureInput;
use crate::p11::Fault;
use crate::p11::session::Session;
use avain_crypto::PublicKey;
use cryptoki_sys::*;

/// The verification of one signature.
pub struct Verification {
    check: Check,
    given: Given,
}

enum Check {
    /// A signature, with its public key.
    Signature(SignatureInput, PublicKey),
    /// A message authentication code.
    Mac(Mac),
}

/// A verification with its signature, which came first.
pub struct WithSignature {
    verification: Verification,
    signature: Vec<u8>,
}

impl Operations {
    /// C_VerifyInit (§5.15.1).
    pub fn verify_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        if self.is_verifying() {
            return Err(Fault::OperationActive);
        }
        self.verification.begin(|| Verification::new(session, chosen, key, CKF_VERIFY))
    }

    /// C_VerifySignatureInit (§5.15.7).
    pub fn verify_signature_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
        signature: &[u8],
    ) -> Result<(), Fault> {
        if self.is_verifying() {
            return Err(Fault::OperationActive);
        }
        self.verification_of.begin(|| {
            let verification = Verification::new(session, chosen, key, CKF_VERIFY)?;
            // What is too long is refused at the end; until then one byte too many is enough to know.
            let kept = signature.iter().take(verification.length().saturating_add(1));
            Ok(WithSignature { signature: kept.copied().collect(), verification })
        })
    }
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
            Check::Mac(Mac::new(&key, mechanism, chosen)?)
        } else {
            let public = key.public_key().ok_or(Fault::KeyTypeInconsistent)?.clone();
            let length = public.signature_length();
            Check::Signature(SignatureInput::new(mechanism, &chosen.parameter, length)?, public)
        };
        Ok(Verification { check, given: Given::Nothing })
    }

    /// Takes a part of the data.
    pub fn update(&mut self, part: &[u8]) -> Result<(), Fault> {
        self.given.now(Given::Parts)?;
        self.take(part)
    }

    fn take(&mut self, part: &[u8]) -> Result<(), Fault> {
        match &mut self.check {
            Check::Signature(input, _) => input.update(part),
            Check::Mac(mac) => mac.update(part),
        }
    }

    /// Verifies the signature of data that are given in one piece.
    pub fn whole(&mut self, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        self.given.now(Given::Whole)?;
        self.take(data)?;
        self.judge(signature)
    }

    /// Verifies the signature of data that were given in parts, after the last one.
    pub fn last_part(&mut self, last: &[u8], signature: &[u8]) -> Result<(), Fault> {
        self.update(last)?;
        self.judge(signature)
    }

    /// The length of a signature.
    fn length(&self) -> usize {
        match &self.check {
            Check::Signature(_, public) => public.signature_length(),
            Check::Mac(mac) => mac.length(),
        }
    }

    fn judge(&mut self, signature: &[u8]) -> Result<(), Fault> {
        if signature.len() != self.length() {
            return Err(Fault::SignatureLenRange);
        }
        let holds = match &mut self.check {
            Check::Signature(input, public) => {
                let signed = input.finish()?;
                public.verify(signed.scheme, &signed.bytes, signature)
            }
            Check::Mac(mac) => same(&mac.finish()?, signature),
        };
        if holds { Ok(()) } else { Err(Fault::SignatureInvalid) }
    }
}

/// Compares two MACs in constant time.
fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |all, (l, r)| all | (l ^ r)) == 0
}

impl WithSignature {
    /// C_VerifySignature (§5.15.8). It has no CKR_OPERATION_ACTIVE.
    pub fn whole(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.verification.whole(data, &self.signature).map_err(|fault| match fault {
            Fault::OperationActive => Fault::OperationNotInitialized,
            other => other,
        })
    }

    /// C_VerifySignatureUpdate (§5.15.9).
    pub fn update(&mut self, part: &[u8]) -> Result<(), Fault> {
        self.verification.update(part)
    }

    /// C_VerifySignatureFinal (§5.15.10).
    pub fn last_part(&mut self) -> Result<(), Fault> {
        self.verification.last_part(&[], &self.signature)
    }
}
