//! What the notes of the spy say ([`Notes`]), held against what the standard permits ([`standard`]).
//!
//! The spy itself is `examples/spy`: it exports functions of PKCS#11, and a program may have but one such module linked.

mod notes;
pub mod standard;

pub use notes::{Call, Notes};
