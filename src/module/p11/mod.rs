//! PKCS #11 in safe Rust, without pointers: a folder for each chapter of the standard. Each uses only those listed
//! before it.
//!
//! Section numbers are those of the OASIS PKCS #11 Specification 3.2.

pub mod fault;
mod fields;
pub mod functions;
pub mod mechanisms;
pub mod output;

pub mod objects;

pub mod slots;

pub mod session;

pub mod operations;

pub mod sessions;

pub mod general;

pub mod vendor;

pub use fault::Fault;
