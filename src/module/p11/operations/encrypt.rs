//! Encryption (§5.8) with public keys, in the module; decryption (§5.10) with private keys, on the card.

use super::Operations;
use super::card_key::CardKey;
use super::key_wrap::KeyWrap;
use super::mechanism::{ChosenMechanism, Parameter, named};
use super::running::{Kind, Length, Task};
use crate::p11::Fault;
use crate::p11::mechanisms::{Action, Mechanism};
use crate::p11::objects::Object;
use crate::p11::session::Session;
use avain_card::cards::profile::Scheme;
use avain_crypto::PublicKey;
use avain_crypto::public::Padding;
use cryptoki_sys::*;
use std::sync::Arc;
use zeroize::Zeroizing;

/// An encryption with RSA.
struct Encryption {
    key: Arc<Object>,
    padding: Padding,
}

impl Encryption {
    fn modulus(&self) -> usize {
        self.key.public_key().map_or(0, PublicKey::signature_length)
    }
}

impl Task for Encryption {
    fn length(&self, _: &[u8]) -> Length {
        Length::Exactly(self.modulus())
    }

    fn make(&mut self, _: &Session, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        if data.len() > self.modulus().saturating_sub(self.padding.length()) {
            return Err(Fault::DataLenRange);
        }
        let sealed = self.key.public_key().and_then(|key| key.encrypt(self.padding, data));
        sealed.map(Zeroizing::new).ok_or(Fault::FunctionFailed)
    }
}

/// A decryption by the card.
struct Decryption {
    key: CardKey,
    padding: Padding,
}

impl Decryption {
    fn modulus(&self) -> usize {
        self.key.view().map_or(0, |key| key.public.signature_length())
    }
}

impl Task for Decryption {
    fn length(&self, _: &[u8]) -> Length {
        Length::AtMost(self.modulus().saturating_sub(self.padding.length()))
    }

    fn make(&mut self, _: &Session, cryptogram: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        if cryptogram.len() != self.modulus() {
            return Err(Fault::EncryptedDataLenRange);
        }
        let padding = self.padding;
        self.key.perform(Fault::of_key, |slot, insertion, key, authority| {
            slot.reader.decipher(insertion, key, cryptogram, padding, authority)
        })
    }

    fn card_key(&mut self) -> Option<&mut CardKey> {
        Some(&mut self.key)
    }
}

/// The padding of RSA encryption.
fn padding(mechanism: &Mechanism, parameter: &Parameter) -> Result<Padding, Fault> {
    match (mechanism.action, parameter) {
        (Action::Sign(Scheme::Pkcs1, None), Parameter::None) => Ok(Padding::Pkcs1),
        // No card here supports a label.
        (Action::Oaep, Parameter::Oaep { hash, mgf, labelled: false }) => {
            named(*hash, *mgf).map(Padding::Oaep).ok_or(Fault::MechanismParamInvalid)
        }
        (Action::Sign(Scheme::Pkcs1, None) | Action::Oaep, _) => Err(Fault::MechanismParamInvalid),
        _ => Err(Fault::MechanismInvalid),
    }
}

impl Operations {
    /// C_EncryptInit (§5.8.1).
    pub fn encrypt_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(Kind::Encrypt, || {
            let mechanism = session.mechanism(chosen.kind, CKF_ENCRYPT)?;
            let key = session.key(key, mechanism, CKA_ENCRYPT)?;
            if mechanism.action == Action::KeyWrap {
                return KeyWrap::task(key, chosen, false);
            }
            let padding = padding(mechanism, &chosen.parameter)?;
            Ok(Box::new(Encryption { key, padding }))
        })
    }

    /// C_DecryptInit (§5.10.1).
    pub fn decrypt_init(
        &mut self,
        session: &Session,
        chosen: &ChosenMechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(Kind::Decrypt, || {
            let mechanism = session.mechanism(chosen.kind, CKF_DECRYPT)?;
            let key = session.key(key, mechanism, CKA_DECRYPT)?;
            if mechanism.action == Action::KeyWrap {
                return KeyWrap::task(key, chosen, true);
            }
            let padding = padding(mechanism, &chosen.parameter)?;
            key.key().and_then(|key| key.spec.decipherment(padding)).ok_or(Fault::MechanismParamInvalid)?;
            let key = CardKey::new(session, key);
            Ok(Box::new(Decryption { key, padding }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_crypto::Hash;

    #[test]
    fn paddings_that_cards_take_off() {
        let padding = |kind, parameter| padding(Mechanism::find(kind).unwrap(), &parameter);
        let oaep = |hash, mgf, labelled| Parameter::Oaep { hash, mgf, labelled };
        assert_eq!(padding(CKM_RSA_PKCS, Parameter::None), Ok(Padding::Pkcs1));
        let good = oaep(CKM_SHA256, CKG_MGF1_SHA256, false);
        assert_eq!(padding(CKM_RSA_PKCS_OAEP, good.clone()), Ok(Padding::Oaep(Hash::Sha256)));
        assert_eq!(padding(CKM_RSA_PKCS, good.clone()), Err(Fault::MechanismParamInvalid));
        assert_eq!(padding(CKM_SHA256_RSA_PKCS, good), Err(Fault::MechanismInvalid));
        for bad in [oaep(CKM_SHA256, CKG_MGF1_SHA1, false), oaep(CKM_SHA256, CKG_MGF1_SHA256, true)] {
            assert_eq!(padding(CKM_RSA_PKCS_OAEP, bad), Err(Fault::MechanismParamInvalid));
        }
    }
}
