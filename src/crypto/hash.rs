//! Hash functions, and a key derivation function based on them.

use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use sha3::{Sha3_224, Sha3_256, Sha3_384, Sha3_512};
use zeroize::Zeroizing;

/// Hash functions (FIPS 180-4, FIPS 202).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named as in its standard")]
pub enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
}

/// Runs code that is generic over the hash function's type.
macro_rules! with_digest {
    ($hash:expr, $digest:ident => $body:expr) => {
        $crate::hash::with_digest!(
            $hash, $digest => $body;
            Sha1 = sha1::Sha1, Sha224 = sha2::Sha224, Sha256 = sha2::Sha256, Sha384 = sha2::Sha384,
            Sha512 = sha2::Sha512, Sha3_224 = sha3::Sha3_224, Sha3_256 = sha3::Sha3_256,
            Sha3_384 = sha3::Sha3_384, Sha3_512 = sha3::Sha3_512;
        )
    };
    ($hash:expr, $digest:ident => $body:expr; $($name:ident = $type:ty),*; $($other:pat => $else:expr)?) => {
        match $hash {
            $($crate::Hash::$name => {
                type $digest = $type;
                $body
            })*
            $($other => $else,)?
        }
    };
}
pub(crate) use with_digest;

/// The same for the hash functions of RSA keys (RFC 8017 appendix B.1): SHA-1 and SHA-2. `$none` for all others.
macro_rules! with_rsa_digest {
    ($hash:expr, $digest:ident => $body:expr, else $none:expr) => {
        $crate::hash::with_digest!(
            $hash, $digest => $body;
            Sha1 = sha1::Sha1, Sha224 = sha2::Sha224, Sha256 = sha2::Sha256, Sha384 = sha2::Sha384,
            Sha512 = sha2::Sha512;
            _ => $none
        )
    };
}
pub(crate) use with_rsa_digest;

/// A running digest. What it was given may be a secret: its state is wiped at its end.
pub struct Hasher(Box<dyn DynDigest + Send>);

impl Hasher {
    /// Takes more data.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// Length of the digest in bytes.
    pub fn output_size(&self) -> usize {
        self.0.output_size()
    }

    /// The digest of what it was given so far.
    pub fn so_far(&self) -> Box<[u8]> {
        self.0.box_clone().finalize_reset()
    }

    /// The digest.
    pub fn finalize(mut self) -> Box<[u8]> {
        self.finalize_reset()
    }

    /// The digest; a new one begins. In its place: moved out of the box, it would leave a copy of the last data there.
    pub fn finalize_reset(&mut self) -> Box<[u8]> {
        self.0.finalize_reset()
    }
}

impl Drop for Hasher {
    fn drop(&mut self) {
        self.0.reset();
    }
}

impl Hash {
    /// Length of the digest in bytes.
    pub const fn length(self) -> usize {
        match self {
            Hash::Sha1 => 20,
            Hash::Sha224 | Hash::Sha3_224 => 28,
            Hash::Sha256 | Hash::Sha3_256 => 32,
            Hash::Sha384 | Hash::Sha3_384 => 48,
            Hash::Sha512 | Hash::Sha3_512 => 64,
        }
    }

    /// The DER encoding before the digest in a DigestInfo (RFC 8017 §9.2), for SHA-1 and SHA-2.
    pub const fn digest_info_prefix(self) -> Option<&'static [u8]> {
        Some(match self {
            Hash::Sha1 => b"\x30\x21\x30\x09\x06\x05\x2B\x0E\x03\x02\x1A\x05\x00\x04\x14",
            Hash::Sha224 => b"\x30\x2D\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00\x04\x1C",
            Hash::Sha256 => b"\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20",
            Hash::Sha384 => b"\x30\x41\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30",
            Hash::Sha512 => b"\x30\x51\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40",
            Hash::Sha3_224 | Hash::Sha3_256 | Hash::Sha3_384 | Hash::Sha3_512 => return None,
        })
    }

    /// Begins a digest.
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            Hash::Sha1 => Box::new(Sha1::default()),
            Hash::Sha224 => Box::new(Sha224::default()),
            Hash::Sha256 => Box::new(Sha256::default()),
            Hash::Sha384 => Box::new(Sha384::default()),
            Hash::Sha512 => Box::new(Sha512::default()),
            Hash::Sha3_224 => Box::new(Sha3_224::default()),
            Hash::Sha3_256 => Box::new(Sha3_256::default()),
            Hash::Sha3_384 => Box::new(Sha3_384::default()),
            Hash::Sha3_512 => Box::new(Sha3_512::default()),
        })
    }

    /// The digest of some bytes.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        let mut hasher = self.hasher();
        hasher.update(data);
        hasher.finalize().into_vec()
    }

    /// The key derivation function of ANSI X9.63 (SEC 1 §3.6.1): `length` bytes from a shared secret.
    pub fn x963(self, secret: &[u8], shared: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(Vec::with_capacity(length.saturating_add(self.length())));
        for counter in 1..=u32::MAX {
            if key.len() >= length {
                break;
            }
            let mut hasher = self.hasher();
            hasher.update(secret);
            hasher.update(&counter.to_be_bytes());
            hasher.update(shared);
            key.extend_from_slice(&Zeroizing::new(hasher.finalize().into_vec()));
        }
        key.truncate(length);
        key
    }
}

#[cfg(test)]
mod tests {
    use super::Hash;

    const ALL: [Hash; 9] = [
        Hash::Sha1,
        Hash::Sha224,
        Hash::Sha256,
        Hash::Sha384,
        Hash::Sha512,
        Hash::Sha3_224,
        Hash::Sha3_256,
        Hash::Sha3_384,
        Hash::Sha3_512,
    ];

    #[test]
    fn a_digest_has_its_length() {
        for hash in ALL {
            assert_eq!(hash.digest(b"abc").len(), hash.length());
        }
        // FIPS 180-4 and FIPS 202, examples for "abc".
        assert_eq!(Hash::Sha256.digest(b"abc")[..4], [0xBA, 0x78, 0x16, 0xBF]);
        assert_eq!(Hash::Sha3_256.digest(b"abc")[..4], [0x3A, 0x98, 0x5D, 0xA7]);
    }

    /// NIST CAVS 12.0, ANSI X9.63-2001 with SHA-256, first example.
    #[test]
    fn x963_gives_the_published_key() {
        let secret =
            b"\x96\xc0\x56\x19\xd5\x6c\x32\x8a\xb9\x5f\xe8\x4b\x18\x26\x4b\x08\x72\x5b\x85\xe3\x3f\xd3\x4f\x08";
        let key = Hash::Sha256.x963(secret, b"", 16);
        assert_eq!(*key, b"\x44\x30\x24\xc3\xda\xe6\x6b\x95\xe6\xf5\x67\x06\x01\x55\x8f\x71");
        assert_eq!(Hash::Sha256.x963(secret, b"", 70).len(), 70);
    }
}
