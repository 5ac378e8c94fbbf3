//! The commands that make a signature.

use super::{Evidence, Hash};
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

/// The commands that make a signature (ISO 7816-8 §11).
#[derive(Clone, Debug)]
pub struct Signing {
    /// What is sent after the key was chosen.
    pub command: SigningCommand,
    /// How the key is chosen.
    pub template: Template,
    /// What can be signed.
    pub algorithms: Cow<'static, [Algorithm]>,
}

/// What is sent to a key that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningCommand {
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
