//! Encrypting (§5.8) with public keys, in the module; decrypting (§5.10) with private keys, on the card; sealing and
//! opening keys with session secrets.

use super::card_key::CardKey;
use super::mechanisms::Action;
use super::objects::Object;
use super::operation::{Chosen, Kind, Length, Task};
use super::prepare::padding;
use super::session::Session;
use super::templates::LONGEST_SECRET;
use super::{Fault, Module};
use avain_crypto::PublicKey;
use avain_crypto::public::Padding;
use avain_crypto::wrap;
use cryptoki_sys::*;
use std::sync::Arc;
use zeroize::Zeroizing;

/// An encryption with RSA.
struct Encryption {
    key: Arc<Object>,
    padding: Padding,
    data: Zeroizing<Vec<u8>>,
}

impl Encryption {
    fn length(&self) -> usize {
        self.key.public_key().map_or(0, PublicKey::signature_length)
    }
}

impl Task for Encryption {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        if data.len() > self.length().saturating_sub(self.padding.length()) {
            return Err(Fault::DataLenRange);
        }
        self.data.extend_from_slice(data);
        Ok(())
    }

    fn length(&self) -> Length {
        Length::Exactly(self.length())
    }

    fn finish(self: Box<Self>, _: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let sealed = self.key.public_key().and_then(|key| key.encrypt(self.padding, &self.data));
        sealed.map(Zeroizing::new).ok_or(Fault::FunctionFailed)
    }
}

/// A decryption by the card.
struct Decryption {
    key: CardKey,
    padding: Padding,
    cryptogram: Vec<u8>,
}

impl Decryption {
    fn modulus(&self) -> usize {
        self.key.view().map_or(0, |key| key.public.signature_length())
    }
}

impl Task for Decryption {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        if data.len() != self.modulus() {
            return Err(Fault::EncryptedDataLenRange);
        }
        self.cryptogram.extend_from_slice(data);
        Ok(())
    }

    fn length(&self) -> Length {
        Length::AtMost(self.modulus().saturating_sub(self.padding.length()))
    }

    fn finish(self: Box<Self>, session: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let Decryption { key, padding, cryptogram } = *self;
        let (reader, insertion) = (&session.slot.reader, &session.insertion);
        key.work(session, Fault::of_key, |key, authority| {
            reader.decipher(insertion, key, &cryptogram, padding, authority)
        })
    }

    fn card_key(&mut self) -> Option<&mut CardKey> {
        Some(&mut self.key)
    }
}

/// A key that is sealed or opened with a session secret.
struct KeyWrap {
    wrapping: Arc<Object>,
    opening: bool,
    key: Zeroizing<Vec<u8>>,
}

impl KeyWrap {
    fn task(wrapping: Arc<Object>, chosen: &Chosen, opening: bool) -> Result<Box<dyn Task>, Fault> {
        // The standard lets a program choose the first block; nobody does.
        chosen.has_no_parameter()?;
        match wrapping.secret().map(<[u8]>::len) {
            Some(16 | 24 | 32) => Ok(Box::new(KeyWrap { wrapping, opening, key: Zeroizing::default() })),
            Some(_) => Err(Fault::KeySizeRange),
            None => Err(Fault::KeyTypeInconsistent),
        }
    }
}

impl Task for KeyWrap {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        let least = if self.opening { 24 } else { 16 };
        let sealed = LONGEST_SECRET.saturating_add(wrap::OVERHEAD);
        if !data.len().is_multiple_of(8) || !(least..=sealed).contains(&data.len()) {
            return Err(if self.opening { Fault::EncryptedDataLenRange } else { Fault::DataLenRange });
        }
        self.key.extend_from_slice(data);
        Ok(())
    }

    fn length(&self) -> Length {
        Length::AtMost(LONGEST_SECRET.saturating_add(wrap::OVERHEAD))
    }

    fn finish(self: Box<Self>, _: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let wrapping = self.wrapping.secret().ok_or(Fault::KeyHandleInvalid)?;
        if self.opening {
            wrap::unwrap(wrapping, &self.key).ok_or(Fault::EncryptedDataInvalid)
        } else {
            wrap::wrap(wrapping, &self.key).map(Zeroizing::new).ok_or(Fault::DataLenRange)
        }
    }
}

impl Module {
    /// C_EncryptInit (§5.8.1).
    pub fn encrypt_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(handle, Kind::Encrypt, |session| {
            let mechanism = session.mechanism(chosen.kind, CKF_ENCRYPT)?;
            let key = self.key(session, key, mechanism, CKA_ENCRYPT)?;
            if mechanism.action == Action::KeyWrap {
                return KeyWrap::task(key, chosen, false);
            }
            let padding = padding(mechanism, &chosen.parameter)?;
            Ok(Box::new(Encryption { key, padding, data: Zeroizing::default() }))
        })
    }

    /// C_DecryptInit (§5.10.1).
    pub fn decrypt_init(
        &self,
        handle: CK_SESSION_HANDLE,
        chosen: &Chosen,
        key: CK_OBJECT_HANDLE,
    ) -> Result<(), Fault> {
        self.begin(handle, Kind::Decrypt, |session| {
            let mechanism = session.mechanism(chosen.kind, CKF_DECRYPT)?;
            let key = self.key(session, key, mechanism, CKA_DECRYPT)?;
            if mechanism.action == Action::KeyWrap {
                return KeyWrap::task(key, chosen, true);
            }
            let padding = padding(mechanism, &chosen.parameter)?;
            key.key().and_then(|key| key.spec.decipherment(padding)).ok_or(Fault::MechanismParamInvalid)?;
            let key = CardKey::new(session, key);
            Ok(Box::new(Decryption { key, padding, cryptogram: Vec::new() }))
        })
    }
}
