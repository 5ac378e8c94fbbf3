//! AES key wrap (RFC 3394): encryption and decryption of keys with secret keys.

use super::mechanism::{ChosenMechanism, Parameter};
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
    initial: [u8; wrap::OVERHEAD],
    unwrapping: bool,
}

impl KeyWrap {
    pub(super) fn task(
        wrapping: Arc<Object>,
        chosen: &ChosenMechanism,
        unwrapping: bool,
    ) -> Result<Box<dyn Task>, Fault> {
        let initial = match chosen.parameter {
            Parameter::None => wrap::DEFAULT_INITIAL_VALUE,
            Parameter::InitialValue(initial) => initial,
            _ => return Err(Fault::MechanismParamInvalid),
        };
        match wrapping.secret().map(<[u8]>::len) {
            Some(16 | 24 | 32) => Ok(Box::new(KeyWrap { wrapping, initial, unwrapping })),
            Some(_) => Err(Fault::KeySizeRange),
            None => Err(Fault::KeyTypeInconsistent),
        }
    }

    /// Keys of at least two blocks can be wrapped, up to the longest that a session has.
    fn takes(&self, length: usize) -> bool {
        let wrapped = if self.unwrapping { wrap::OVERHEAD } else { 0 };
        let key = length.saturating_sub(wrapped);
        length.is_multiple_of(8) && (16..=LONGEST_SECRET).contains(&key)
    }
}

impl Task for KeyWrap {
    fn length(&self, key: &[u8]) -> Length {
        Length::Exactly(if self.unwrapping {
            key.len().saturating_sub(wrap::OVERHEAD)
        } else {
            key.len().saturating_add(wrap::OVERHEAD)
        })
    }

    fn make(&mut self, _: &Session, key: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let wrapping = self.wrapping.secret().ok_or(Fault::KeyHandleInvalid)?;
        match (self.takes(key.len()), self.unwrapping) {
            (false, true) => Err(Fault::EncryptedDataLenRange),
            (false, false) => Err(Fault::DataLenRange),
            (true, true) => wrap::unwrap(wrapping, self.initial, key).ok_or(Fault::EncryptedDataInvalid),
            (true, false) => {
                wrap::wrap(wrapping, self.initial, key).map(Zeroizing::new).ok_or(Fault::DataLenRange)
            }
        }
    }
}
