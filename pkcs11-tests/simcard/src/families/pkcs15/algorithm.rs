//! The algorithm bytes of the signature template.

use crate::facts::switches::Switches;
use crate::pki::keys::{Hash, PrivateKey, RsaScheme};
use crate::wire::pkcs15::AlgorithmObject;

/// An algorithm byte of MSE.
pub(crate) struct Algorithm {
    pub(crate) value: u8,
    pub(crate) hash: Hash,
    /// None: ECDSA.
    pub(crate) rsa: Option<RsaScheme>,
    /// Entry of EF.CIAInfo.
    pub(crate) reference: u32,
    pub(crate) mechanism: u32,
    pub(crate) object: &'static [u32],
}

impl Algorithm {
    /// Its entry in EF.CIAInfo.
    pub(super) fn object(&self) -> AlgorithmObject {
        let Self { reference, mechanism, object, value, .. } = *self;
        AlgorithmObject { reference, mechanism, object, value }
    }

    /// Whether a key can do this.
    pub(super) fn fits(&self, key: &PrivateKey, switches: &Switches) -> bool {
        match (self.rsa, key.field_length()) {
            (Some(_), None) => true,
            (None, Some(field)) => {
                self.hash.length() == field || (self.hash.length() < field && switches.ec_any_hash)
            }
            _ => false,
        }
    }

    pub(super) fn sign(&self, key: &PrivateKey, digest: &[u8]) -> Option<Vec<u8>> {
        if digest.len() != self.hash.length() {
            return None;
        }
        match self.rsa {
            Some(scheme) => key.sign_rsa(scheme, self.hash, digest),
            None => key.sign_ecdsa(digest),
        }
    }
}
