//! Judges signatures of cards.

use crate::cards::certificate::PublicKey;
use crate::cards::engine::SignInput;
use crate::cards::profile::Scheme;
use crate::crypto::{Curve, public};

/// Does the signature hold under the key?
pub(super) fn holds(key: &PublicKey, input: &SignInput, signature: &[u8]) -> bool {
    let (scheme, digest) = match input {
        SignInput::Ecdsa(digest) => (public::Scheme::Ecdsa, digest),
        SignInput::Rsa { scheme: Scheme::Pss, hash, digest } => {
            (public::Scheme::Pss { hash: *hash, salt: hash.length() }, digest)
        }
        SignInput::Rsa { hash, digest, .. } => (public::Scheme::Pkcs1(Some(*hash)), digest),
    };
    key.verify(scheme, digest, signature)
}

/// ECDSA-Sig-Value (RFC 3279 §2.2.3) of r and s side by side. `None` when it is none of this curve.
pub(super) fn ecdsa_der(curve: Curve, signature: &[u8]) -> Option<Vec<u8>> {
    Some(match curve {
        Curve::P256 => p256::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec(),
        Curve::P384 => p384::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec(),
    })
}
