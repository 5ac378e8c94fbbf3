//! Judging signatures (§5.15, §5.16): in the module, with public keys and session secrets. Needs no PIN.

use super::objects::Object;
use super::operation::{Chosen, Kind, Length, Task};
use super::prepare::{Parameter, Preparation};
use super::session::Session;
use super::sign::code;
use super::{Fault, Module};
use avain_crypto::PublicKey;
use avain_crypto::mac::Authenticator;
use cryptoki_sys::*;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A judgement in the making.
pub(super) struct Judge {
    evidence: Evidence,
    in_parts: bool,
}

enum Evidence {
    /// A signature under a public key.
    Signature(Preparation, PublicKey),
    /// A message authentication code, of so many bytes.
    Code(Box<dyn Authenticator>, usize),
}

impl Judge {
    fn new(
        module: &Module,
        session: &Session,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
        function: CK_FLAGS,
    ) -> Result<Self, Fault> {
        let mechanism = session.mechanism(chosen.kind, function)?;
        let key = module.key(session, key, mechanism, CKA_VERIFY)?;
        let evidence = if mechanism.key_type().is_none() {
            let (mac, length) = code(&key, mechanism, chosen)?;
            Evidence::Code(mac, length)
        } else {
            let public = key.public_key().ok_or(Fault::KeyTypeInconsistent)?.clone();
            let length = public.signature_length();
            Evidence::Signature(Preparation::new(mechanism, &chosen.parameter, length)?, public)
        };
        Ok(Judge { evidence, in_parts: false })
    }

    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.in_parts = true;
        match &mut self.evidence {
            Evidence::Signature(preparation, _) => preparation.update(data),
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
            Evidence::Signature(preparation, public) => {
                let prepared = preparation.finish()?;
                public.verify(prepared.scheme, &prepared.input, signature)
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
pub(super) struct Judges {
    /// C_VerifyInit
    plain: Option<Judge>,
    /// C_VerifySignatureInit, with the signature that it was given
    known: Option<(Judge, Vec<u8>)>,
    /// C_MessageVerifyInit, with the message that C_VerifyMessageBegin began
    messages: Option<(Chosen, CK_OBJECT_HANDLE, Option<Judge>)>,
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
}

impl Module {
    /// C_VerifyInit (§5.15.1).
    pub fn verify_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        if !matches!((&work.judges.plain, &work.judges.known), (None, None)) {
            return Err(Fault::OperationActive);
        }
        work.judges.plain = Some(Judge::new(self, &session, chosen, key, CKF_VERIFY)?);
        Ok(())
    }

    /// C_Verify (§5.15.2).
    pub fn verify(&self, handle: CK_SESSION_HANDLE, data: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let judge = self.take_judge(handle, |judges| judges.plain.take())?;
        // What was begun in parts cannot be ended in one piece; the operation ends.
        if judge.in_parts { Err(Fault::OperationNotInitialized) } else { judge.judge(data, signature) }
    }

    /// C_VerifyUpdate (§5.15.3). Any failure ends the operation.
    pub fn verify_update(&self, handle: CK_SESSION_HANDLE, data: &[u8]) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        let taken = work.judges.plain.as_mut().ok_or(Fault::OperationNotInitialized)?.update(data);
        if taken.is_err() {
            work.judges.plain = None;
        }
        taken
    }

    /// C_VerifyFinal (§5.15.4).
    pub fn verify_final(&self, handle: CK_SESSION_HANDLE, signature: &[u8]) -> Result<(), Fault> {
        self.take_judge(handle, |judges| judges.plain.take())?.judge(&[], signature)
    }

    /// C_VerifySignatureInit (§5.15.7): the signature comes first.
    pub fn verify_signature_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
        signature: &[u8],
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        if !matches!((&work.judges.plain, &work.judges.known), (None, None)) {
            return Err(Fault::OperationActive);
        }
        let judge = Judge::new(self, &session, chosen, key, CKF_VERIFY)?;
        work.judges.known = Some((judge, signature.to_vec()));
        Ok(())
    }

    /// C_VerifySignature (§5.15.8).
    pub fn verify_signature(&self, handle: CK_SESSION_HANDLE, data: &[u8]) -> Result<(), Fault> {
        let (judge, signature) = self.take_judge(handle, |judges| judges.known.take())?;
        if judge.in_parts { Err(Fault::OperationNotInitialized) } else { judge.judge(data, &signature) }
    }

    /// C_VerifySignatureUpdate (§5.15.9). Any failure ends the operation.
    pub fn verify_signature_update(&self, handle: CK_SESSION_HANDLE, data: &[u8]) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        let (judge, _) = work.judges.known.as_mut().ok_or(Fault::OperationNotInitialized)?;
        let taken = judge.update(data);
        if taken.is_err() {
            work.judges.known = None;
        }
        taken
    }

    /// C_VerifySignatureFinal (§5.15.10).
    pub fn verify_signature_final(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let (judge, signature) = self.take_judge(handle, |judges| judges.known.take())?;
        judge.judge(&[], &signature)
    }

    /// C_MessageVerifyInit (§5.16.1): many signatures with one key.
    pub fn message_verify_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: Chosen,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        if work.judges.messages.is_some() {
            return Err(Fault::OperationActive);
        }
        // What is wrong with mechanism or key is told now.
        Judge::new(self, &session, &chosen, key, CKF_MESSAGE_VERIFY)?;
        work.judges.messages = Some((chosen, key, None));
        Ok(())
    }

    /// C_VerifyMessage (§5.16.2).
    pub fn verify_message(
        &self,
        handle: CK_SESSION_HANDLE,
        data: &[u8],
        signature: &[u8],
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let work = session.work.lock();
        match &work.judges.messages {
            None => Err(Fault::OperationNotInitialized),
            Some((_, _, Some(_))) => Err(Fault::OperationActive),
            Some((chosen, key, None)) => {
                Judge::new(self, &session, chosen, *key, CKF_MESSAGE_VERIFY)?.judge(data, signature)
            }
        }
    }

    /// C_VerifyMessageBegin (§5.16.3).
    pub fn verify_message_begin(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        match &mut work.judges.messages {
            None => Err(Fault::OperationNotInitialized),
            Some((_, _, Some(_))) => Err(Fault::OperationActive),
            Some((chosen, key, begun @ None)) => {
                *begun = Some(Judge::new(self, &session, chosen, *key, CKF_MESSAGE_VERIFY)?);
                Ok(())
            }
        }
    }

    /// C_VerifyMessageNext (§5.16.4). With a signature the message ends.
    pub fn verify_message_next(
        &self,
        handle: CK_SESSION_HANDLE,
        data: &[u8],
        signature: Option<&[u8]>,
    ) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        let begun = work.judges.messages.as_mut().map(|(_, _, begun)| begun);
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
    pub fn message_verify_final(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        self.take_judge(handle, |judges| judges.messages.take()).map(drop)
    }

    fn take_judge<J>(
        &self,
        handle: CK_SESSION_HANDLE,
        take: impl FnOnce(&mut Judges) -> Option<J>,
    ) -> Result<J, Fault> {
        let session = self.session(handle)?;
        take(&mut session.work.lock().judges).ok_or(Fault::OperationNotInitialized)
    }

    /// C_VerifyRecoverInit (§5.15.5): data out of PKCS #1 v1.5 signatures.
    pub fn verify_recover_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(handle, Kind::VerifyRecover, |session| {
            let mechanism = session.mechanism(chosen.kind, CKF_VERIFY_RECOVER)?;
            let key = self.key(session, key, mechanism, CKA_VERIFY_RECOVER)?;
            if chosen.parameter != Parameter::None {
                return Err(Fault::MechanismParamInvalid);
            }
            Ok(Box::new(Recovery { key, signature: Vec::new() }))
        })
    }
}

/// Data out of a signature.
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
