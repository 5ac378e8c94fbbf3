//! Signing (§5.13): on the card with its private keys, in the module with secret keys.

use super::Operations;
use super::card_key::CardKey;
use super::mac::Mac;
use super::mechanism::ChosenMechanism;
use super::running::{Kind, Length, Task};
use super::signature_input::SignatureInput;
use crate::p11::Fault;
use crate::p11::session::Session;
use avain_card::cards::engine::SignInput;
use avain_card::cards::profile::Scheme;
use avain_card::cards::{KeySpec, PinError};
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// A signature by the card.
struct CardSignature {
    key: CardKey,
    input: SignatureInput,
    /// Turns an error of the card into a fault.
    fault: fn(PinError) -> Fault,
}

impl Task for CardSignature {
    fn update(&mut self, part: &[u8]) -> Result<(), Fault> {
        self.input.update(part)
    }

    fn length(&self, _: &[u8]) -> Length {
        Length::Exactly(self.key.view().map_or(0, |key| key.public.signature_length()))
    }

    fn make(&mut self, _: &Session, last: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        self.input.update(last)?;
        let to_be_signed = self.input.finish()?.for_card()?;
        // A DigestInfo names a hash function only now.
        if !is_known(&self.key.view()?.spec, &to_be_signed) {
            return Err(Fault::DataInvalid);
        }
        self.key.perform(self.fault, |slot, insertion, key, authority| {
            slot.reader.sign(insertion, key, &to_be_signed, authority)
        })
    }

    fn card_key(&mut self) -> Option<&mut CardKey> {
        Some(&mut self.key)
    }
}

/// Can the key sign it? A card is not asked for what its table does not have: that would use up the PIN.
fn is_known(key: &KeySpec, input: &SignInput) -> bool {
    match input {
        SignInput::Rsa { scheme, hash, .. } => key.algorithm(*scheme, *hash).is_some(),
        SignInput::Ecdsa(_) => key.signs(Scheme::Ecdsa),
    }
}

/// The task of signing. `function` is CKF_SIGN, CKF_SIGN_RECOVER or CKF_MESSAGE_SIGN.
pub(super) fn task(
    session: &Session,
    chosen: &ChosenMechanism,
    key: CK_OBJECT_HANDLE,
    function: CK_FLAGS,
) -> Result<Box<dyn Task>, Fault> {
    let mechanism = session.mechanism(chosen.kind, function)?;
    let permission = if function == CKF_SIGN_RECOVER { CKA_SIGN_RECOVER } else { CKA_SIGN };
    let key = session.key(key, mechanism, permission)?;
    if mechanism.key_type().is_none() {
        return Ok(Box::new(Mac::new(&key, mechanism, chosen)?));
    }
    let view = key.key().ok_or(Fault::KeyHandleInvalid)?;
    let input = SignatureInput::new(mechanism, &chosen.parameter, view.public.signature_length())?;
    if !input.is_for(&view.spec) {
        return Err(Fault::MechanismParamInvalid);
    }
    let fault = if function == CKF_SIGN_RECOVER { Fault::of_key } else { Fault::of_signature };
    Ok(Box::new(CardSignature { key: CardKey::new(session, key), input, fault }))
}

impl Operations {
    /// C_SignInit (§5.13.1).
    pub fn sign_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(Kind::Sign, || task(session, chosen, key, CKF_SIGN))
    }

    /// C_SignRecoverInit (§5.13.5): PKCS #1 v1.5 signatures, from which the data can be recovered.
    pub fn sign_recover_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(Kind::SignRecover, || task(session, chosen, key, CKF_SIGN_RECOVER))
    }
}
