//! Cryptography that needs no card: digests, what public keys can do, and the use of session secrets.
//!
//! The arithmetic is RustCrypto's. No private key of a holder is ever here: those stay on the card.
#![forbid(unsafe_code)]

pub mod hash;
pub mod mac;
pub mod public;
pub mod random;
pub mod wrap;

pub use hash::Hash;
pub use public::{Curve, PublicKey};
