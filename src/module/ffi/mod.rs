//! The C boundary: all that is unsafe, and nothing else.
//!
//! A function for each of the standard, in files named after its chapters. Each catches panics and checks that the module
//! is initialized ([`boundary`]), turns pointers into checked types ([`arguments`]), and calls the safe code of
//! [`crate::p11`]. All but three ([`exports`]) are private: a program that exports a function of the same name cannot take
//! its place.
//!
//! What every caller owes: pointers that are NULL or valid for the length that goes with them, until the call returns
//! (§5.1, §5.2).
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
