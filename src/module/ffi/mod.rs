//! The C boundary: all unsafe code of this crate, and nothing else.
//!
//! There is one function here for each function of the standard, in files named after its chapters. Each catches panics
//! and checks that the module is initialized (`boundary`), turns its pointers into checked types (`arguments`), and
//! calls the safe code of [`crate::p11`]. All but three (`exports`) are private, so that a program that exports a
//! function of the same name cannot replace them.
//!
//! What every caller owes, and each `SAFETY` comment here relies on: pointers are NULL, or valid for the length that is
//! passed with them until the call returns (§5.1, §5.2).
#![allow(unsafe_code, reason = "the only module that may")]
#![allow(non_snake_case, reason = "functions are called what the standard calls them")]

mod arguments;
mod boundary;
mod digesting;
mod encrypting;
pub mod exports;
mod general;
mod objects;
mod operations;
mod process;
mod random;
mod sessions;
mod signing;
mod slots;
pub(crate) mod tables;
mod unsupported;
mod vendor;
mod verifying;
