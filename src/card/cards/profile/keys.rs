//! Private keys and certificates.

use super::{
    Algorithm, Curve, Deciphering, Evidence, File, Hash, Padding, Role, Scheme, SelectTarget, Signing,
};
use std::borrow::Cow;

/// What a key may be used for, in accordance with the keyUsage of its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUses {
    /// Signing.
    pub sign: bool,
    /// Decryption.
    pub decipher: bool,
    /// Key agreement.
    pub agree: bool,
}

impl KeyUses {
    /// Nothing.
    pub const NONE: KeyUses = KeyUses { sign: false, decipher: false, agree: false };
    /// Signing only.
    pub const SIGN: KeyUses = KeyUses { sign: true, ..KeyUses::NONE };
}

/// The kind of a key, as far as it is known without reading the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// RSA, with a modulus of `min` to `max` bits.
    Rsa {
        /// Shortest modulus, in bits.
        min: u16,
        /// Longest modulus, in bits.
        max: u16,
    },
    /// Elliptic curve.
    Ec(Curve),
}

impl KeyAlgorithm {
    /// RSA with a modulus of this many bits.
    pub const fn rsa(bits: u16) -> Self {
        KeyAlgorithm::Rsa { min: bits, max: bits }
    }
}

/// How often a key needs its PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinUse {
    /// Once, until logout.
    OncePerLogin,
    /// For each signature.
    EachSignature,
}

/// A private key and its certificate.
#[derive(Clone, Debug)]
pub struct KeySpec {
    /// The PIN that protects it.
    pub role: Role,
    /// How often it needs that PIN.
    pub pin_use: PinUse,
    /// CKA_ID of key pair and certificate: 1 to 20 bytes.
    pub id: Cow<'static, [u8]>,
    /// CKA_LABEL of key pair and certificate.
    pub label: Cow<'static, str>,
    /// The application or DF in which it is used.
    pub home: SelectTarget,
    /// Key reference for MANAGE SECURITY ENVIRONMENT.
    pub reference: u8,
    /// Kind of key.
    pub algorithm: KeyAlgorithm,
    /// What it may be used for.
    pub uses: KeyUses,
    /// How it signs.
    pub signing: Signing,
    /// How it decrypts or agrees on secrets, if it does.
    pub deciphering: Option<&'static Deciphering>,
    /// Its certificate.
    pub certificate: File,
    /// How well reference and file are known.
    pub evidence: Evidence,
}

/// A CA certificate on the card.
#[derive(Clone, Debug)]
pub struct AuthoritySpec {
    /// CKA_ID, which others may have too (§4.7).
    pub id: Cow<'static, [u8]>,
    /// CKA_LABEL.
    pub label: Cow<'static, str>,
    /// The certificate.
    pub certificate: File,
    /// How well the file is known.
    pub evidence: Evidence,
}

impl KeySpec {
    /// The algorithm for a scheme and a hash function. For ECDSA that is the hash function with the length of the
    /// field, whatever the signed digest was made with.
    pub fn algorithm(&self, scheme: Scheme, hash: Hash) -> Option<&Algorithm> {
        self.signing.algorithms.iter().find(|a| a.scheme == scheme && a.hash == hash)
    }

    /// Does it sign by this scheme, with any hash function?
    pub fn signs(&self, scheme: Scheme) -> bool {
        self.uses.sign && self.signing.algorithms.iter().any(|a| a.scheme == scheme)
    }

    /// The algorithm reference for decryption with this padding, if the card supports it.
    pub fn decipherment(&self, padding: Padding) -> Option<u8> {
        let known = &self.deciphering.filter(|_| self.uses.decipher)?.algorithms;
        known.iter().find(|a| a.padding == padding).map(|a| a.reference)
    }
}
