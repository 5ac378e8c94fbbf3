//! The commands that make a signature.

use super::{Evidence, Hash};
use std::borrow::Cow;

/// Signature schemes of card commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// ECDSA; the signature is r and s, each with the length of the field.
    Ecdsa,
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    Pkcs1,
    /// RSASSA-PSS (RFC 8017 §8.1) with MGF1 and a salt as long as the digest, both with the same hash function.
    Pss,
}

/// The commands that make a signature (ISO 7816-8 §11).
#[derive(Clone, Debug)]
pub struct Signing {
    /// The command that signs.
    pub command: SigningCommand,
    /// How MSE SET names algorithm and key.
    pub template: Template,
    /// What can be signed.
    pub algorithms: Cow<'static, [Algorithm]>,
}

/// The command that signs, after MSE SET has chosen the key.
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
    /// The total length, then 80, the algorithm, 84 and the key, without individual lengths.
    Counted,
    /// Data object 84 only: the key has one algorithm.
    KeyOnly,
}

/// An algorithm reference for MANAGE SECURITY ENVIRONMENT.
#[derive(Clone, Copy, Debug)]
pub struct Algorithm {
    /// Signature scheme.
    pub scheme: Scheme,
    /// Hash function of the digest.
    pub hash: Hash,
    /// Reference byte (tag 80).
    pub reference: u8,
    /// What is passed to the card.
    pub input: Input,
    /// How well it is known.
    pub evidence: Evidence,
}

/// The form in which a digest is passed to the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The digest.
    Digest,
    /// The digest in a DigestInfo (RFC 8017 §9.2).
    DigestInfo,
}
