//! What can be said of keys and certificates in a table: who may use them, and the commands that do it.

use super::profile::{Evidence, File, Role, SelectTarget};
pub use avain_crypto::public::Padding;
pub use avain_crypto::{Curve, Hash};
use std::borrow::Cow;

/// Signature schemes that card commands name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA, answered as r and s of the field's length.
    Ecdsa,
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    Pkcs1,
    /// RSASSA-PSS (RFC 8017 §8.1), MGF1 and salt after the same hash function.
    Pss,
}

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

/// The commands that make a signature (ISO 7816-8 §11).
#[derive(Clone, Debug)]
pub struct Signing {
    /// What is sent after the key was chosen.
    pub way: SigningWay,
    /// How the key is chosen.
    pub template: Template,
    /// What can be signed.
    pub algorithms: Cow<'static, [Algorithm]>,
}

/// What is sent to a key that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningWay {
    /// PSO HASH with the digest, then PSO COMPUTE DIGITAL SIGNATURE without data.
    HashFirst,
    /// PSO COMPUTE DIGITAL SIGNATURE with the digest.
    Inline,
    /// INTERNAL AUTHENTICATE with the digest (ISO 7816-4 §11.5.2), after MSE of the template A4.
    Authenticate,
}

/// How MANAGE SECURITY ENVIRONMENT names algorithm and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// Data objects 80 and 84 (ISO 7816-4 §10.3.3).
    Objects,
    /// The length of the rest, then 80, the algorithm, 84 and the key, without lengths of their own.
    Counted,
    /// Data object 84 alone: the key has one algorithm.
    KeyOnly,
}

/// An algorithm reference of the security environment.
#[derive(Clone, Copy, Debug)]
pub struct Algorithm {
    /// Signature scheme.
    pub scheme: Scheme,
    /// Hash function of the digest that is given to the card.
    pub hash: Hash,
    /// Reference byte (tag 80).
    pub reference: u8,
    /// What the card takes.
    pub input: Input,
    /// How sure it is.
    pub evidence: Evidence,
}

/// In what form a card takes a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The digest alone.
    Digest,
    /// The digest in a DigestInfo (RFC 8017 §9.2).
    DigestInfo,
}

/// How a card deciphers and agrees on secrets.
#[derive(Debug)]
pub struct Deciphering {
    /// Padding indicators before a cryptogram, the likeliest first. The next one is tried when the card does not
    /// take the data.
    pub indicators: &'static [u8],
    /// Padding indicator before the other party's point.
    pub point_indicator: u8,
    /// Algorithm reference for agreeing on a secret, where the card wants one.
    pub agreement: Option<u8>,
    /// Algorithm references for RSA keys.
    pub algorithms: &'static [Decipherment],
    /// How sure the indicators are.
    pub evidence: Evidence,
}

/// An algorithm reference for deciphering.
#[derive(Debug)]
pub struct Decipherment {
    /// Padding that the card takes off.
    pub padding: Padding,
    /// Reference byte (tag 80).
    pub reference: u8,
    /// How sure it is.
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
