//! Private keys and certificates.

use super::{
    Algorithm, Curve, Deciphering, Evidence, File, Hash, Padding, Role, Scheme, SelectTarget, Signing,
};
use std::borrow::Cow;

/// What a key may be used for. It agrees with the keyUsage of its certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUses {
    /// Signing.
    pub sign: bool,
    /// Deciphering what was enciphered with the public key.
    pub decipher: bool,
    /// Agreeing on a secret with the holder of another key.
    pub agree: bool,
}

impl KeyUses {
    /// Nothing.
    pub const NONE: KeyUses = KeyUses { sign: false, decipher: false, agree: false };
    /// Signing alone.
    pub const SIGN: KeyUses = KeyUses { sign: true, ..KeyUses::NONE };
}

/// What kind of key a reference points to, as far as it is known without reading the certificate.
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
    /// RSA with a modulus of exactly so many bits.
    pub const fn rsa(bits: u16) -> Self {
        KeyAlgorithm::Rsa { min: bits, max: bits }
    }
}

/// How often the PIN of a key has to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinUse {
    /// Once given, it stands until logout.
    OncePerLogin,
    /// For each signature anew.
    EachSignature,
}

/// A private key, its certificate and how they are shown.
#[derive(Clone, Debug)]
pub struct KeySpec {
    /// The PIN that guards it.
    pub role: Role,
    /// How often that has to be given.
    pub pin_use: PinUse,
    /// CKA_ID of the key pair and its certificate: 1 to 20 bytes.
    pub id: Cow<'static, [u8]>,
    /// CKA_LABEL of all three.
    pub label: Cow<'static, str>,
    /// Where it is used.
    pub home: SelectTarget,
    /// Key reference in the security environment.
    pub reference: u8,
    /// Kind of key.
    pub algorithm: KeyAlgorithm,
    /// What it may be used for.
    pub uses: KeyUses,
    /// How it signs.
    pub signing: Signing,
    /// How it deciphers and agrees on secrets, if it does.
    pub deciphering: Option<&'static Deciphering>,
    /// Its certificate.
    pub certificate: File,
    /// How sure reference and file are.
    pub evidence: Evidence,
}

/// The certificate of an authority that the card carries along.
#[derive(Clone, Debug)]
pub struct AuthoritySpec {
    /// CKA_ID: not one of a key's.
    pub id: Cow<'static, [u8]>,
    /// CKA_LABEL.
    pub label: Cow<'static, str>,
    /// The certificate.
    pub certificate: File,
    /// How sure the file is.
    pub evidence: Evidence,
}

impl KeySpec {
    /// The algorithm for a scheme and the hash function of an RSA digest. For ECDSA the hash function is the one as
    /// long as the field, whatever made the number that is signed.
    pub fn algorithm(&self, scheme: Scheme, hash: Hash) -> Option<&Algorithm> {
        self.signing.algorithms.iter().find(|a| a.scheme == scheme && a.hash == hash)
    }

    /// Does it sign by a scheme, with any hash function?
    pub fn signs(&self, scheme: Scheme) -> bool {
        self.uses.sign && self.signing.algorithms.iter().any(|a| a.scheme == scheme)
    }

    /// The reference byte for deciphering with a padding, if the card does it.
    pub fn decipherment(&self, padding: Padding) -> Option<u8> {
        let known = &self.deciphering.filter(|_| self.uses.decipher)?.algorithms;
        known.iter().find(|a| a.padding == padding).map(|a| a.reference)
    }
}
