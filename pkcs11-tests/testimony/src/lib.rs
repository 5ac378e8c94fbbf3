//! What the witness's notes say ([`Testimony`]), held against what the standard permits ([`functions`]).
//!
//! Not a part of the witness, because that one exports functions of PKCS#11, and a program may have but one such module
//! linked.

// The table itself, not the library that has it: that one exports a C_GetFunctionList of its own.
#[path = "../../../src/module/p11/functions.rs"]
pub mod functions;
mod notes;

pub use notes::{Call, Testimony};
