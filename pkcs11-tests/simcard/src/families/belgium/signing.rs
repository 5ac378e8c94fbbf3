//! What the card does with the data of PSO: COMPUTE DIGITAL SIGNATURE.

use crate::pki::keys::{Hash, PrivateKey, RsaScheme};

/// How the data becomes a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// ECDSA over a hash of one of these lengths.
    Ecdsa(&'static [usize]),
    /// PKCS#1 v1.5 over whatever was sent.
    Free,
    /// PKCS#1 v1.5 with the DigestInfo of this hash; None for MD5.
    Pkcs1(Option<Hash>),
    Pss(Hash),
}

/// DigestInfo of an MD5 digest up to the digest (RFC 8017 §9.2 note 1).
const MD5_INFO: &[u8] = &[
    0x30, 0x20, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02, 0x05, 0x05, 0x00, 0x04,
    0x10,
];

impl Method {
    pub(super) fn sign(self, key: &PrivateKey, data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Ecdsa(lengths) if lengths.contains(&data.len()) => {
                // A hash longer than the field counts with its leftmost bits (FIPS 186-5 §6.4.1).
                let field = key.field_length()?;
                key.sign_ecdsa(data.get(..field).unwrap_or(data))
            }
            Self::Ecdsa(_) => None,
            Self::Free => key.sign_unprefixed(data),
            Self::Pkcs1(Some(hash)) => key.sign_rsa(RsaScheme::Pkcs1, hash, data),
            Self::Pkcs1(None) if data.len() == 16 => key.sign_unprefixed(&[MD5_INFO, data].concat()),
            Self::Pkcs1(None) => None,
            Self::Pss(hash) => key.sign_rsa(RsaScheme::Pss, hash, data),
        }
    }
}
