//! Operations with public keys: verifying signatures, recovering signed data, encryption.

use super::hash::{Hash, with_rsa_digest};
use getrandom::SysRng;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::hazmat::rsa_encrypt;
use rsa::traits::{PublicKeyParts, SignatureScheme};
use rsa::{BoxedUint, Oaep, Pkcs1v15Encrypt, Pkcs1v15Sign, Pss};

/// Elliptic curves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256, secp256r1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
}

impl Curve {
    /// Length of a field element in bytes; a signature is two of them.
    pub const fn field_bytes(self) -> usize {
        match self {
            Curve::P256 => 32,
            Curve::P384 => 48,
        }
    }

    /// Is it an uncompressed point on this curve, and not the point at infinity? A key agreement with any other would
    /// leak information about the private key.
    pub fn has_point(self, point: &[u8]) -> bool {
        // The library accepts compressed points, too.
        let length = self.field_bytes().saturating_mul(2).saturating_add(1);
        if point.first() != Some(&0x04) || point.len() != length {
            return false;
        }
        match self {
            Curve::P256 => p256::PublicKey::from_sec1_bytes(point).is_ok(),
            Curve::P384 => p384::PublicKey::from_sec1_bytes(point).is_ok(),
        }
    }

    /// ECDSA-Sig-Value (RFC 3279 §2.2.3) of r and s, concatenated. `None` if they do not belong to this curve.
    pub fn der_signature(self, signature: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Curve::P256 => p256::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec(),
            Curve::P384 => p384::ecdsa::Signature::from_slice(signature).ok()?.to_der().as_bytes().to_vec(),
        })
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA (RFC 8017 §3.1), unsigned big-endian without leading zeros.
    Rsa {
        /// The modulus.
        modulus: Vec<u8>,
        /// The public exponent.
        exponent: Vec<u8>,
    },
    /// A point on a named curve (RFC 5480), uncompressed: 04, x, y.
    Ec {
        /// The curve.
        curve: Curve,
        /// The point.
        point: Vec<u8>,
    },
}

/// Longest supported RSA modulus, in bits.
const MAX_MODULUS: usize = 8192;

/// A signature scheme with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA over a digest (FIPS 186-5 §6.4): r and s, each as long as the field.
    Ecdsa,
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2) over a digest, or over data without DigestInfo.
    Pkcs1(Option<Hash>),
    /// RSASSA-PSS (RFC 8017 §8.1) over a digest, with MGF1 and the same hash function.
    Pss {
        /// The hash function.
        hash: Hash,
        /// Length of the salt in bytes.
        salt: usize,
    },
}

/// How data is padded for RSA encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// RSAES-PKCS1-v1_5 (RFC 8017 §7.2).
    Pkcs1,
    /// RSAES-OAEP (RFC 8017 §7.1) with an empty label, MGF1 and the same hash function.
    Oaep(Hash),
}

impl Padding {
    /// By how many bytes the longest message is shorter than the modulus.
    pub const fn length(self) -> usize {
        match self {
            Padding::Pkcs1 => 11,
            Padding::Oaep(hash) => hash.length().saturating_mul(2).saturating_add(2),
        }
    }
}

impl PublicKey {
    /// Length of a signature by this key, in bytes; for RSA also that of a ciphertext.
    pub fn signature_length(&self) -> usize {
        match self {
            PublicKey::Rsa { modulus, .. } => modulus.len(),
            PublicKey::Ec { curve, .. } => curve.field_bytes().saturating_mul(2),
        }
    }

    /// Is the key usable: an RSA key with a sensible exponent, or a point on its curve?
    pub fn is_sound(&self) -> bool {
        match self {
            PublicKey::Rsa { .. } => self.rsa().is_some(),
            PublicKey::Ec { curve, point } => curve.has_point(point),
        }
    }

    /// Is the signature valid? `input` is a digest, or data if the scheme signs data without DigestInfo.
    pub fn verify(&self, scheme: Scheme, input: &[u8], signature: &[u8]) -> bool {
        match (self, scheme) {
            (PublicKey::Ec { curve, point }, Scheme::Ecdsa) => {
                ecdsa(*curve, point, &fitted(input, curve.field_bytes()), signature).is_some()
            }
            (PublicKey::Rsa { .. }, Scheme::Pkcs1(None)) => {
                self.rsa_verify(Pkcs1v15Sign::new_unprefixed(), input, signature)
            }
            (PublicKey::Rsa { .. }, Scheme::Pkcs1(Some(hash))) => {
                with_rsa_digest!(hash, D => self.rsa_verify(Pkcs1v15Sign::new::<D>(), input, signature), else false)
            }
            (PublicKey::Rsa { .. }, Scheme::Pss { hash, salt }) => {
                with_rsa_digest!(hash, D => self.rsa_verify(Pss::<D>::new_with_salt(salt), input, signature), else false)
            }
            _ => false,
        }
    }

    /// Recovers what was signed with RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2). `None` if it is no signature by this key.
    pub fn recover(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let key = self.rsa()?;
        // Both numbers with the modulus's precision, as the arithmetic wants it.
        let number = BoxedUint::from_be_slice(signature, key.n_bits_precision()).ok()?;
        if signature.len() != key.size() || number >= **key.n() {
            return None;
        }
        let block = rsa_encrypt(&key, &number).ok()?.to_be_bytes_trimmed_vartime();
        let block = fitted(&block, key.size());
        let filled = block.strip_prefix(&[0x00, 0x01])?;
        let fill = filled.iter().take_while(|byte| **byte == 0xFF).count();
        let data = filled.get(fill..)?.strip_prefix(&[0x00])?;
        (fill >= 8).then(|| data.to_vec())
    }

    /// Encrypts with RSA. `None` if the data does not fit, or if it is no RSA key.
    pub fn encrypt(&self, padding: Padding, data: &[u8]) -> Option<Vec<u8>> {
        let key = self.rsa()?;
        let mut random = SysRng;
        match padding {
            Padding::Pkcs1 => key.encrypt(&mut random, Pkcs1v15Encrypt, data).ok(),
            Padding::Oaep(hash) => {
                with_rsa_digest!(hash, D => key.encrypt(&mut random, Oaep::<D>::new(), data).ok(), else None)
            }
        }
    }

    fn rsa(&self) -> Option<rsa::PublicKey> {
        let PublicKey::Rsa { modulus, exponent } = self else { return None };
        let number = BoxedUint::from_be_slice_vartime;
        rsa::PublicKey::new_with_size_limits(number(modulus), number(exponent), 1..=MAX_MODULUS).ok()
    }

    fn rsa_verify(&self, scheme: impl SignatureScheme, input: &[u8], signature: &[u8]) -> bool {
        self.rsa().is_some_and(|key| key.verify(scheme, input, signature).is_ok())
    }
}

fn ecdsa(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    match curve {
        Curve::P256 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            key.verify_prehash(digest, &p256::ecdsa::Signature::from_slice(signature).ok()?).ok()
        }
        Curve::P384 => {
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            key.verify_prehash(digest, &p384::ecdsa::Signature::from_slice(signature).ok()?).ok()
        }
    }
}

/// A number in this many bytes: truncated to its leftmost bytes (FIPS 186-5 §6.4.1), or padded with leading zeros.
pub fn fitted(number: &[u8], length: usize) -> Vec<u8> {
    let taken = number.get(..length).unwrap_or(number);
    let mut fitted = vec![0; length.saturating_sub(taken.len())];
    fitted.extend_from_slice(taken);
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;
    use p384::ecdsa::signature::hazmat::PrehashSigner;
    use p384::elliptic_curve::Generate;
    use rsa::PrivateKey;
    use std::sync::LazyLock;

    static PRIVATE: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::new(&mut SysRng, 1024).unwrap());

    fn public() -> PublicKey {
        let key = PRIVATE.to_public_key();
        PublicKey::Rsa { modulus: key.n_bytes().into_vec(), exponent: key.e_bytes().into_vec() }
    }

    #[test]
    fn rsa_signatures_of_each_scheme() {
        let digest = Hash::Sha256.digest(b"data");
        let private = &*PRIVATE;
        let plain = private.sign(Pkcs1v15Sign::new_unprefixed(), b"bare words").unwrap();
        assert!(public().verify(Scheme::Pkcs1(None), b"bare words", &plain));
        assert!(!public().verify(Scheme::Pkcs1(None), b"other words", &plain));
        assert_eq!(public().recover(&plain).unwrap(), b"bare words");
        let hashed = private.sign(Pkcs1v15Sign::new::<sha2::Sha256>(), &digest).unwrap();
        assert!(public().verify(Scheme::Pkcs1(Some(Hash::Sha256)), &digest, &hashed));
        assert!(!public().verify(Scheme::Pkcs1(Some(Hash::Sha384)), &digest, &hashed));
        let salted = Pss::<sha2::Sha256>::new_with_salt(20);
        let salted = private.sign_with_rng(&mut SysRng, salted, &digest).unwrap();
        assert!(public().verify(Scheme::Pss { hash: Hash::Sha256, salt: 20 }, &digest, &salted));
        assert!(!public().verify(Scheme::Pss { hash: Hash::Sha256, salt: 32 }, &digest, &salted));
        assert!(!public().verify(Scheme::Ecdsa, &digest, &hashed));
    }

    #[test]
    fn what_is_encrypted_can_be_read_by_the_owner_alone() {
        for (padding, room) in [(Padding::Pkcs1, 117), (Padding::Oaep(Hash::Sha1), 86)] {
            assert_eq!(padding.length() + room, 128);
            assert!(public().encrypt(padding, &vec![1; room]).is_some());
            assert!(public().encrypt(padding, &vec![1; room + 1]).is_none());
        }
        let sealed = public().encrypt(Padding::Oaep(Hash::Sha256), b"secret").unwrap();
        assert_eq!(PRIVATE.decrypt(Oaep::<sha2::Sha256>::new(), &sealed).unwrap(), b"secret");
        assert!(public().recover(&[0xFF; 128]).is_none());
    }

    #[test]
    fn ecdsa_takes_digests_of_any_length() {
        let private = p384::ecdsa::SigningKey::generate();
        let point = private.verifying_key().to_sec1_point(false).as_bytes().to_vec();
        assert!(Curve::P384.has_point(&point) && !Curve::P256.has_point(&point));
        let compressed = private.verifying_key().to_sec1_point(true);
        assert!(!Curve::P384.has_point(compressed.as_bytes()));
        let public = PublicKey::Ec { curve: Curve::P384, point };
        for length in [1, 20, 32, 48, 64] {
            let digest = vec![0xA5; length];
            let signature: p384::ecdsa::Signature = private.sign_prehash(&fitted(&digest, 48)).unwrap();
            assert!(public.verify(Scheme::Ecdsa, &digest, &signature.to_bytes()));
            assert!(!public.verify(Scheme::Ecdsa, &[1; 48], &signature.to_bytes()));
        }
    }

    #[test]
    fn numbers_are_fitted() {
        assert_eq!(fitted(&[1, 2], 4), [0, 0, 1, 2]);
        assert_eq!(fitted(&[1, 2, 3, 4], 4), [1, 2, 3, 4]);
        assert_eq!(fitted(&[1, 2, 3, 4, 5], 4), [1, 2, 3, 4]);
        assert_eq!(fitted(&[], 2), [0, 0]);
    }
}
