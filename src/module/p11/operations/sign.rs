//! Signing (§5.13): on the card with its private keys, in the module with secret keys.

use super::card_key::CardKey;
use super::mechanism::ChosenMechanism;
use super::running::{ByKind, Kind, Length, Task};
use super::signature_input::SignatureInput;
use crate::p11::Fault;
use crate::p11::mechanisms::{Action, Mechanism};
use crate::p11::objects::Object;
use crate::p11::session::Session;
use avain_card::cards::PinError;
use avain_crypto::mac::{Authenticator, hmac};
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
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.input.update(data)
    }

    fn length(&self) -> Length {
        Length::Exactly(self.key.view().map_or(0, |key| key.public.signature_length()))
    }

    fn finish(self: Box<Self>, session: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let CardSignature { key, input, fault } = *self;
        let to_be_signed = input.finish()?.for_card()?;
        let (reader, insertion) = (&session.slot.reader, &session.insertion);
        key.perform(session, fault, |key, authority| reader.sign(insertion, key, &to_be_signed, authority))
    }

    fn card_key(&mut self) -> Option<&mut CardKey> {
        Some(&mut self.key)
    }
}

/// A message authentication code.
struct Mac {
    mac: Box<dyn Authenticator>,
    length: usize,
}

impl Task for Mac {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        self.mac.update(data);
        Ok(())
    }

    fn length(&self) -> Length {
        Length::Exactly(self.length)
    }

    fn finish(self: Box<Self>, _: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        Ok(Zeroizing::new(self.mac.finish()))
    }
}

/// Begins an HMAC with a secret key; its length in bytes.
pub(super) fn mac(
    key: &Object,
    mechanism: &Mechanism,
    chosen: &ChosenMechanism,
) -> Result<(Box<dyn Authenticator>, usize), Fault> {
    chosen.has_no_parameter()?;
    let Action::Mac(hash) = mechanism.action else { return Err(Fault::MechanismInvalid) };
    let secret = key.secret().ok_or(Fault::KeyTypeInconsistent)?;
    Ok((hmac(hash, secret).ok_or(Fault::KeySizeRange)?, hash.length()))
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
        let (mac, length) = mac(&key, mechanism, chosen)?;
        return Ok(Box::new(Mac { mac, length }));
    }
    let length = key.key().map_or(0, |key| key.public.signature_length());
    let input = SignatureInput::new(mechanism, &chosen.parameter, length)?;
    if !input.is_for_cards() {
        return Err(Fault::MechanismParamInvalid);
    }
    let fault = if function == CKF_SIGN_RECOVER { Fault::of_key } else { Fault::of_signature };
    Ok(Box::new(CardSignature { key: CardKey::new(session, key), input, fault }))
}

impl ByKind {
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
