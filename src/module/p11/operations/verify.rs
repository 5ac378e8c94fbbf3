//! Judging signatures (§5.15, §5.16): in the module, with public keys and session secrets. Needs no PIN.

use super::mechanism::ChosenMechanism;
use super::sign::code;
use super::signature_input::SignatureInput;
use crate::p11::Fault;
use crate::p11::session::Session;
use avain_crypto::PublicKey;
use avain_crypto::mac::Authenticator;
use cryptoki_sys::*;

/// A judgement in the making.
pub struct Judge {
    evidence: Evidence,
    in_parts: bool,
}

enum Evidence {
    /// A signature under a public key.
    Signature(SignatureInput, PublicKey),
    /// A message authentication code, of so many bytes.
    Code(Box<dyn Authenticator>, usize),
}

impl Judge {
    fn new(
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
        function: CK_FLAGS,
    ) -> Result<Self, Fault> {
        let mechanism = session.mechanism(chosen.kind, function)?;
        let key = session.key(key, mechanism, CKA_VERIFY)?;
        let evidence = if mechanism.key_type().is_none() {
            let (mac, length) = code(&key, mechanism, chosen)?;
            Evidence::Code(mac, length)
        } else {
            let public = key.public_key().ok_or(Fault::KeyTypeInconsistent)?.clone();
            let length = public.signature_length();
            Evidence::Signature(SignatureInput::new(mechanism, &chosen.parameter, length)?, public)
        };
        Ok(Judge { evidence, in_parts: false })
    }

    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.in_parts = true;
        match &mut self.evidence {
            Evidence::Signature(input, _) => input.update(data),
            Evidence::Code(mac, _) => {
                mac.update(data);
                Ok(())
            }
        }
    }

    /// The judgement, with the last of the data.
    fn judge(mut self, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        self.update(data)?;
        let length = match &self.evidence {
            Evidence::Signature(_, public) => public.signature_length(),
            Evidence::Code(_, length) => *length,
        };
        if signature.len() != length {
            return Err(Fault::SignatureLenRange);
        }
        let holds = match self.evidence {
            Evidence::Signature(input, public) => {
                let signed = input.finish()?;
                public.verify(signed.scheme, &signed.bytes, signature)
            }
            Evidence::Code(mac, _) => same(&mac.finish(), signature),
        };
        if holds { Ok(()) } else { Err(Fault::SignatureInvalid) }
    }
}

/// Are two codes the same? Takes the same time wherever they differ.
fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |all, (l, r)| all | (l ^ r)) == 0
}

/// Judgements that are under way in one session.
#[derive(Default)]
pub struct Judges {
    /// C_VerifyInit
    plain: Option<Judge>,
    /// C_VerifySignatureInit, with the signature that it was given
    known: Option<(Judge, Vec<u8>)>,
    /// C_MessageVerifyInit, with the message that C_VerifyMessageBegin began
    messages: Option<(ChosenMechanism, CK_OBJECT_HANDLE, Option<Judge>)>,
}

impl Judges {
    /// Which are under way, as CKF_ bits.
    pub(super) fn under_way(&self) -> CK_FLAGS {
        let verifying = if self.plain.is_some() || self.known.is_some() { CKF_VERIFY } else { 0 };
        verifying | if self.messages.is_some() { CKF_MESSAGE_VERIFY } else { 0 }
    }

    /// C_SessionCancel.
    pub(super) fn cancel(&mut self, flags: CK_FLAGS) {
        if flags & CKF_VERIFY != 0 {
            (self.plain, self.known) = (None, None);
        }
        if flags & CKF_MESSAGE_VERIFY != 0 {
            self.messages = None;
        }
    }

    /// C_VerifyInit (§5.15.1).
    pub fn verify_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        if !matches!((&self.plain, &self.known), (None, None)) {
            return Err(Fault::OperationActive);
        }
        self.plain = Some(Judge::new(session, chosen, key, CKF_VERIFY)?);
        Ok(())
    }

    /// C_Verify (§5.15.2).
    pub fn verify(&mut self, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let judge = self.plain.take().ok_or(Fault::OperationNotInitialized)?;
        // What was begun in parts cannot be ended in one piece; the operation ends.
        if judge.in_parts { Err(Fault::OperationNotInitialized) } else { judge.judge(data, signature) }
    }

    /// C_VerifyUpdate (§5.15.3). Any failure ends the operation.
    pub fn verify_update(&mut self, data: &[u8]) -> Result<(), Fault> {
        let taken = self.plain.as_mut().ok_or(Fault::OperationNotInitialized)?.update(data);
        if taken.is_err() {
            self.plain = None;
        }
        taken
    }

    /// C_VerifyFinal (§5.15.4).
    pub fn verify_final(&mut self, signature: &[u8]) -> Result<(), Fault> {
        self.plain.take().ok_or(Fault::OperationNotInitialized)?.judge(&[], signature)
    }

    /// C_VerifySignatureInit (§5.15.7): the signature comes first.
    pub fn verify_signature_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
        signature: &[u8],
    ) -> Result<(), Fault> {
        if !matches!((&self.plain, &self.known), (None, None)) {
            return Err(Fault::OperationActive);
        }
        let judge = Judge::new(session, chosen, key, CKF_VERIFY)?;
        self.known = Some((judge, signature.to_vec()));
        Ok(())
    }

    /// C_VerifySignature (§5.15.8).
    pub fn verify_signature(&mut self, data: &[u8]) -> Result<(), Fault> {
        let (judge, signature) = self.known.take().ok_or(Fault::OperationNotInitialized)?;
        if judge.in_parts { Err(Fault::OperationNotInitialized) } else { judge.judge(data, &signature) }
    }

    /// C_VerifySignatureUpdate (§5.15.9). Any failure ends the operation.
    pub fn verify_signature_update(&mut self, data: &[u8]) -> Result<(), Fault> {
        let (judge, _) = self.known.as_mut().ok_or(Fault::OperationNotInitialized)?;
        let taken = judge.update(data);
        if taken.is_err() {
            self.known = None;
        }
        taken
    }

    /// C_VerifySignatureFinal (§5.15.10).
    pub fn verify_signature_final(&mut self) -> Result<(), Fault> {
        let (judge, signature) = self.known.take().ok_or(Fault::OperationNotInitialized)?;
        judge.judge(&[], &signature)
    }

    /// C_MessageVerifyInit (§5.16.1): many signatures with one key.
    pub fn message_verify_init(
        &mut self,
        session: &Session,
        chosen: ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        if self.messages.is_some() {
            return Err(Fault::OperationActive);
        }
        // What is wrong with mechanism or key is told now.
        Judge::new(session, &chosen, key, CKF_MESSAGE_VERIFY)?;
        self.messages = Some((chosen, key, None));
        Ok(())
    }

    /// C_VerifyMessage (§5.16.2).
    pub fn verify_message(&self, session: &Session, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        match &self.messages {
            None => Err(Fault::OperationNotInitialized),
            Some((_, _, Some(_))) => Err(Fault::OperationActive),
            Some((chosen, key, None)) => {
                Judge::new(session, chosen, *key, CKF_MESSAGE_VERIFY)?.judge(data, signature)
            }
        }
    }

    /// C_VerifyMessageBegin (§5.16.3).
    pub fn verify_message_begin(&mut self, session: &Session) -> Result<(), Fault> {
        match &mut self.messages {
            None => Err(Fault::OperationNotInitialized),
            Some((_, _, Some(_))) => Err(Fault::OperationActive),
            Some((chosen, key, begun @ None)) => {
                *begun = Some(Judge::new(session, chosen, *key, CKF_MESSAGE_VERIFY)?);
                Ok(())
            }
        }
    }

    /// C_VerifyMessageNext (§5.16.4). With a signature the message ends.
    pub fn verify_message_next(&mut self, data: &[u8], signature: Option<&[u8]>) -> Result<(), Fault> {
        let begun = self.messages.as_mut().map(|(_, _, begun)| begun);
        let begun = begun.ok_or(Fault::OperationNotInitialized)?;
        let mut judge = begun.take().ok_or(Fault::OperationNotInitialized)?;
        match signature {
            Some(signature) => judge.judge(data, signature),
            None => {
                judge.update(data)?;
                *begun = Some(judge);
                Ok(())
            }
        }
    }

    /// C_MessageVerifyFinal (§5.16.5).
    pub fn message_verify_final(&mut self) -> Result<(), Fault> {
        self.messages.take().ok_or(Fault::OperationNotInitialized).map(drop)
    }
}
