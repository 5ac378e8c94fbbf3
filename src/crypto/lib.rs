//! Cryptography without the card: digests, operations with public keys, and with session secrets.
//!
//! The algorithms are those of RustCrypto. The private keys of cards are never here; they stay on the card.
#![forbid(unsafe_code)]

pub mod hash;
pub mod mac;
pub mod messaging;
pub mod pace;
pub mod public;
pub mod random;
pub mod wrap;

pub use hash::Hash;
pub use public::{Curve, PublicKey};
