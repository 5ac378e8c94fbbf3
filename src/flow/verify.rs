//! Judges signatures of cards.

use crate::cards::certificate::PublicKey;
use crate::cards::engine::SignInput;
use crate::cards::profile::{Curve, Hash, Scheme};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey, sha2};

/// Does the signature hold under the key? Only what this layer signs is judged: ECDSA, and PKCS #1 v1.5 with SHA-256.
pub(super) fn holds(key: &PublicKey, input: &SignInput, signature: &[u8]) -> bool {
    match (key, input) {
        (PublicKey::Ec { curve, point }, SignInput::Ecdsa(digest)) => {
            ecdsa(*curve, point, digest, signature).is_some()
        }
        (
            PublicKey::Rsa { modulus, exponent },
            SignInput::Rsa { scheme: Scheme::Pkcs1, hash: Hash::Sha256, digest },
        ) => {
            let number = BigUint::from_bytes_be;
            let key = RsaPublicKey::new(number(modulus), number(exponent));
            let scheme = Pkcs1v15Sign::new::<sha2::Sha256>();
            key.is_ok_and(|key| key.verify(scheme, digest, signature).is_ok())
        }
        _ => false,
    }
}

fn ecdsa(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    match curve {
        Curve::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            let signature = p256::ecdsa::Signature::from_slice(signature).ok()?;
            key.verify_prehash(digest, &signature).ok()
        }
        Curve::P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            let signature = p384::ecdsa::Signature::from_slice(signature).ok()?;
            key.verify_prehash(digest, &signature).ok()
        }
    }
}

/// ECDSA-Sig-Value (RFC 3279 §2.2.3) of r and s side by side. `None` when it is none of this curve.
pub(super) fn ecdsa_der(curve: Curve, signature: &[u8]) -> Option<Vec<u8>> {
    Some(match curve {
        Curve::P256 => p256::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec(),
        Curve::P384 => p384::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec(),
    })
}
