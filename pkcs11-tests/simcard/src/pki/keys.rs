//! Private keys and what is done with them.
//!
//! All of them are public test keys. RSA keys are files in `keys/` because making one takes seconds; EC keys are
//! derived from a label, so that every holder has keys of their own.

use getrandom::SysRng;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Oaep, Pkcs1v15Sign, Pss};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::wire::der;
use p384::ecdsa::signature::hazmat::{PrehashSigner, RandomizedPrehashSigner};

/// Hash algorithm, by the high nibble of the FINEID algorithm byte (FINEID S1 §3.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(crate) fn from_nibble(nibble: u8) -> Option<Self> {
        Some(match nibble {
            1 => Self::Sha1,
            3 => Self::Sha224,
            4 => Self::Sha256,
            5 => Self::Sha384,
            6 => Self::Sha512,
            _ => return None,
        })
    }

    pub(crate) fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// RSA padding of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaScheme {
    Pkcs1,
    /// Salt as long as the hash (measured for SHA-256 on the recorded v3 signature).
    Pss,
}

/// A private-key operation, by what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Ec,
    Rsa { bits: usize },
}

#[derive(Clone)]
pub(crate) enum PrivateKey {
    Rsa(Arc<rsa::PrivateKey>),
    P256(p256::SecretKey),
    P384(p384::SecretKey),
    /// Of authorities only.
    P521(p521::SecretKey),
}

macro_rules! rsa_files {
    ($($bits:literal { $($file:literal),+ })+) => {
        fn rsa_file(bits: usize, index: usize) -> Arc<rsa::PrivateKey> {
            match bits {
                $( $bits => {
                    const FILES: &[&str] = &[$(include_str!(concat!("../../keys/", $file))),+];
                    static KEYS: OnceLock<Vec<OnceLock<Arc<rsa::PrivateKey>>>> = OnceLock::new();
                    let keys = KEYS.get_or_init(|| FILES.iter().map(|_| OnceLock::new()).collect());
                    let index = index % FILES.len();
                    Arc::clone(keys[index].get_or_init(|| {
                        Arc::new(rsa::PrivateKey::from_pkcs1_pem(FILES[index]).expect("committed test key"))
                    }))
                } )+
                _ => panic!("no test keys of {bits} bits are committed"),
            }
        }
    };
}

rsa_files! {
    2048 { "test-rsa-2048-1.pem", "test-rsa-2048-2.pem", "test-rsa-2048-3.pem", "test-rsa-2048-4.pem" }
    3072 { "test-rsa-3072-1.pem", "test-rsa-3072-2.pem", "test-rsa-3072-3.pem", "test-rsa-3072-4.pem" }
    4096 { "test-ca-rsa-4096-root.pem", "test-ca-rsa-4096-issuing.pem" }
}

/// The n-th candidate for a secret scalar from a label.
fn scalar_bytes(label: &str, attempt: u32) -> [u8; 64] {
    Sha512::digest(format!("simcard test key, not a secret/{label}/{attempt}")).into()
}

/// Signatures that were made, by key and data, once they are to be repeated.
static MADE: OnceLock<Mutex<HashMap<Vec<u8>, Vec<u8>>>> = OnceLock::new();

/// From now on the cards of this process sign the same data with the same key once, and give the same signature again.
/// For tests that make thousands of them, where the arithmetic would take nearly all the time.
pub fn repeat_signatures() {
    MADE.get_or_init(Mutex::default);
}

/// A signature that is made, or was made before and is to be repeated.
fn repeated(of: &[&[u8]], make: impl FnOnce() -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let Some(made) = MADE.get() else { return make() };
    // Not held while one is made: a certificate's signature is made of another.
    let made = || made.lock().unwrap_or_else(PoisonError::into_inner);
    let of = of.concat();
    let before = made().get(&of).cloned();
    before.or_else(|| {
        let signature = make()?;
        made().insert(of, signature.clone());
        Some(signature)
    })
}

impl PrivateKey {
    /// A committed RSA test key; the index counts round those of its size.
    pub(crate) fn rsa(bits: usize, index: usize) -> Self {
        Self::Rsa(rsa_file(bits, index))
    }

    pub(crate) fn p256(label: &str) -> Self {
        let key = (0..).find_map(|n| p256::SecretKey::from_slice(&scalar_bytes(label, n)[..32]).ok());
        Self::P256(key.expect("one of the candidates is below the group order"))
    }

    pub(crate) fn p384(label: &str) -> Self {
        let key = (0..).find_map(|n| p384::SecretKey::from_slice(&scalar_bytes(label, n)[..48]).ok());
        Self::P384(key.expect("one of the candidates is below the group order"))
    }

    pub(crate) fn p521(label: &str) -> Self {
        // 66 bytes, of which the first holds one bit; a clear bit makes every candidate a good one.
        let mut bytes = [0; 66];
        bytes[2..].copy_from_slice(&scalar_bytes(label, 0));
        Self::P521(p521::SecretKey::from_slice(&bytes).expect("below the group order"))
    }

    /// Bytes of a signature: the modulus, or r and s.
    pub(crate) fn signature_length(&self) -> usize {
        match self {
            Self::Rsa(key) => key.size(),
            Self::P256(_) => 64,
            Self::P384(_) => 96,
            Self::P521(_) => 132,
        }
    }

    /// Bytes of a coordinate, for EC keys.
    pub(crate) fn field_length(&self) -> Option<usize> {
        match self {
            Self::Rsa(_) => None,
            Self::P256(_) => Some(32),
            Self::P384(_) => Some(48),
            Self::P521(_) => Some(66),
        }
    }

    pub(crate) fn operation(&self) -> Operation {
        match self {
            Self::Rsa(key) => Operation::Rsa { bits: key.size() * 8 },
            Self::P256(_) | Self::P384(_) | Self::P521(_) => Operation::Ec,
        }
    }

    /// Content of the subjectPublicKey BIT STRING.
    pub(crate) fn public_key_bits(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => {
                der::sequence(&[&der::unsigned(&key.n_bytes()), &der::unsigned(&key.e_bytes())])
            }
            Self::P256(key) => key.public_key().to_sec1_bytes().into(),
            Self::P384(key) => key.public_key().to_sec1_bytes().into(),
            Self::P521(key) => key.public_key().to_sec1_bytes().into(),
        }
    }

    /// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    pub(crate) fn public_key_info(&self) -> Vec<u8> {
        self.info_of(&self.public_key_bits())
    }

    /// The same with other bits.
    pub(crate) fn info_of(&self, bits: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(_) => {
                let algorithm = der::sequence(&[&der::oid(&[1, 2, 840, 113_549, 1, 1, 1]), &der::null()]);
                der::sequence(&[&algorithm, &der::bits(0, bits)])
            }
            Self::P256(_) => Self::point_info(&[1, 2, 840, 10045, 3, 1, 7], bits),
            Self::P384(_) => Self::point_info(&[1, 3, 132, 0, 34], bits),
            Self::P521(_) => Self::point_info(&[1, 3, 132, 0, 35], bits),
        }
    }

    /// SubjectPublicKeyInfo of a point on a curve.
    pub(crate) fn point_info(curve: &[u32], point: &[u8]) -> Vec<u8> {
        let algorithm = der::sequence(&[&der::oid(&[1, 2, 840, 10045, 2, 1]), &der::oid(curve)]);
        der::sequence(&[&algorithm, &der::bits(0, point)])
    }

    /// An RSA signature over a digest; None if this is no RSA key or the digest has the wrong length.
    pub(crate) fn sign_rsa(&self, scheme: RsaScheme, hash: Hash, digest: &[u8]) -> Option<Vec<u8>> {
        let Self::Rsa(key) = self else { return None };
        macro_rules! sign {
            ($digest:ty) => {
                match scheme {
                    RsaScheme::Pkcs1 => key.sign(Pkcs1v15Sign::new::<$digest>(), digest),
                    RsaScheme::Pss => key.sign_with_rng(&mut SysRng, Pss::<$digest>::new(), digest),
                }
            };
        }
        repeated(&[&key.n_bytes(), format!("{scheme:?} {hash:?}").as_bytes(), digest], || {
            match hash {
                Hash::Sha1 => sign!(Sha1),
                Hash::Sha224 => sign!(Sha224),
                Hash::Sha256 => sign!(Sha256),
                Hash::Sha384 => sign!(Sha384),
                Hash::Sha512 => sign!(Sha512),
            }
            .ok()
        })
    }

    /// An RSA signature with PKCS#1 v1.5 padding around whatever was sent, as some cards make it.
    pub(crate) fn sign_unprefixed(&self, data: &[u8]) -> Option<Vec<u8>> {
        let Self::Rsa(key) = self else { return None };
        key.sign(Pkcs1v15Sign::new_unprefixed(), data).ok()
    }

    /// An ECDSA signature, r and s of field length each. A digest shorter than the field counts as a number, that
    /// is, as if it had zeros before it.
    pub(crate) fn sign_ecdsa(&self, digest: &[u8]) -> Option<Vec<u8>> {
        let field = self.field_length()?;
        let mut number = vec![0; field.checked_sub(digest.len())?];
        number.extend_from_slice(digest);
        // Randomised like a card's, so that no test can lean on equal signatures of equal digests.
        match self {
            Self::Rsa(_) | Self::P521(_) => None,
            Self::P256(key) => repeated(&[&key.to_bytes(), &number], || {
                let signature: p256::ecdsa::Signature =
                    p256::ecdsa::SigningKey::from(key).sign_prehash_with_rng(&mut SysRng, &number).ok()?;
                Some(signature.to_bytes().to_vec())
            }),
            Self::P384(key) => repeated(&[&key.to_bytes(), &number], || {
                let signature: p384::ecdsa::Signature =
                    p384::ecdsa::SigningKey::from(key).sign_prehash_with_rng(&mut SysRng, &number).ok()?;
                Some(signature.to_bytes().to_vec())
            }),
        }
    }

    /// The signature of a certificate, always the same: with RSA over SHA-256, or ECDSA as DER.
    pub(crate) fn sign_certificate(&self, tbs: &[u8], hash: Hash) -> Vec<u8> {
        // What is signed names the key.
        let made = repeated(&[b"certificate", tbs], || Some(self.sign_certificate_anew(tbs, hash)));
        made.unwrap_or_default()
    }

    fn sign_certificate_anew(&self, tbs: &[u8], hash: Hash) -> Vec<u8> {
        let digest: Vec<u8> = match hash {
            Hash::Sha512 => Sha512::digest(tbs).to_vec(),
            Hash::Sha256 => Sha256::digest(tbs).to_vec(),
            _ => Sha384::digest(tbs).to_vec(),
        };
        match self {
            Self::Rsa(_) => self.sign_rsa(RsaScheme::Pkcs1, Hash::Sha256, &digest).unwrap_or_default(),
            Self::P384(key) => {
                let signature: Result<p384::ecdsa::Signature, _> =
                    p384::ecdsa::SigningKey::from(key).sign_prehash(&digest);
                signature.map(|signature| signature.to_der().as_bytes().to_vec()).unwrap_or_default()
            }
            Self::P521(key) => {
                let signature: Result<p521::ecdsa::Signature, _> =
                    p521::ecdsa::SigningKey::from(key).sign_prehash(&digest);
                signature.map(|signature| signature.to_der().as_bytes().to_vec()).unwrap_or_default()
            }
            Self::P256(_) => Vec::new(), // no authority has such a key
        }
    }

    /// RSA decryption with PKCS#1 v1.5 padding, or OAEP (label empty, the same hash in the mask function).
    pub(crate) fn decrypt(&self, oaep: Option<Hash>, cryptogram: &[u8]) -> Option<Vec<u8>> {
        let Self::Rsa(key) = self else { return None };
        match oaep {
            None => return without_pkcs1_padding(key, cryptogram),
            Some(Hash::Sha1) => key.decrypt(Oaep::<Sha1>::new(), cryptogram),
            Some(Hash::Sha224) => key.decrypt(Oaep::<Sha224>::new(), cryptogram),
            Some(Hash::Sha256) => key.decrypt(Oaep::<Sha256>::new(), cryptogram),
            Some(Hash::Sha384) => key.decrypt(Oaep::<Sha384>::new(), cryptogram),
            Some(Hash::Sha512) => key.decrypt(Oaep::<Sha512>::new(), cryptogram),
        }
        .ok()
    }

    /// ECDH: the x coordinate of the shared point.
    pub(crate) fn agree(&self, point: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(_) | Self::P521(_) => None,
            Self::P256(key) => {
                let peer = p256::PublicKey::from_sec1_bytes(point).ok()?;
                let shared = p256::ecdh::diffie_hellman(key.to_nonzero_scalar(), peer.as_affine());
                Some(shared.raw_secret_bytes().to_vec())
            }
            Self::P384(key) => {
                let peer = p384::PublicKey::from_sec1_bytes(point).ok()?;
                let shared = p384::ecdh::diffie_hellman(key.to_nonzero_scalar(), peer.as_affine());
                Some(shared.raw_secret_bytes().to_vec())
            }
        }
    }
}

/// RSA decryption, and PKCS#1 v1.5 padding taken off (RFC 8017 §7.2.2). A card refuses what has no such padding, where the
/// library gives made-up bytes.
fn without_pkcs1_padding(key: &rsa::PrivateKey, cryptogram: &[u8]) -> Option<Vec<u8>> {
    let number = BoxedUint::from_be_slice(cryptogram, key.n().bits_precision()).ok()?;
    let block = rsa::hazmat::rsa_decrypt(Some(&mut SysRng), key, &number).ok()?.to_be_bytes();
    let [0x00, 0x02, padded @ ..] = &block[..] else { return None };
    let length = padded.iter().position(|byte| *byte == 0)?;
    (length >= 8).then(|| padded[length + 1..].to_vec())
}
