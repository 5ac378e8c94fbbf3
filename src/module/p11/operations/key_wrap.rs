//! AES key wrap (RFC 3394): encryption and decryption of keys with secret keys.

use super::mechanism::ChosenMechanism;
use super::running::{Length, Task};
use crate::p11::Fault;
use crate::p11::mechanisms::LONGEST_SECRET;
use crate::p11::objects::Object;
use crate::p11::session::Session;
use avain_crypto::wrap;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A key to be wrapped or unwrapped with a secret key.
pub(super) struct KeyWrap {
    wrapping: Arc<Object>,
    unwrapping: bool,
    key: Zeroizing<Vec<u8>>,
}

impl KeyWrap {
    pub(super) fn task(
        wrapping: Arc<Object>,
        chosen: &ChosenMechanism,
        unwrapping: bool,
    ) -> Result<Box<dyn Task>, Fault> {
        // The standard lets a program choose the initial value; no program is known to do so.
        chosen.has_no_parameter()?;
        match wrapping.secret().map(<[u8]>::len) {
            Some(16 | 24 | 32) => Ok(Box::new(KeyWrap { wrapping, unwrapping, key: Zeroizing::default() })),
            Some(_) => Err(Fault::KeySizeRange),
            None => Err(Fault::KeyTypeInconsistent),
        }
    }
}

impl Task for KeyWrap {
    fn update(&mut self, data: &[u8]) -> Result<(), Fault> {
        let least = if self.unwrapping { 24 } else { 16 };
        let sealed = LONGEST_SECRET.saturating_add(wrap::OVERHEAD);
        if !data.len().is_multiple_of(8) || !(least..=sealed).contains(&data.len()) {
            return Err(if self.unwrapping { Fault::EncryptedDataLenRange } else { Fault::DataLenRange });
        }
        self.key.extend_from_slice(data);
        Ok(())
    }

    fn length(&self) -> Length {
        Length::AtMost(LONGEST_SECRET.saturating_add(wrap::OVERHEAD))
    }

    fn finish(self: Box<Self>, _: &Session) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let wrapping = self.wrapping.secret().ok_or(Fault::KeyHandleInvalid)?;
        if self.unwrapping {
            wrap::unwrap(wrapping, &self.key).ok_or(Fault::EncryptedDataInvalid)
        } else {
            wrap::wrap(wrapping, &self.key).map(Zeroizing::new).ok_or(Fault::DataLenRange)
        }
    }
}
