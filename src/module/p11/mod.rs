//! PKCS #11 in safe Rust, without pointers: a folder for each chapter of the standard. Each uses only those listed
//! before it.
//!
//! Section numbers are those of the OASIS PKCS #11 Specification 3.2.

// Tables, and what everything below has in common.
pub mod fault;
mod fields;
pub mod functions;
pub mod mechanisms;
pub mod output;

// §4
pub mod objects;

// §5.5
pub mod slots;

// §5.6: what a session is
pub mod session;

// §5.7 to §5.19
pub mod operations;

// §5.6: which sessions there are, login
pub mod sessions;

// §5.4
pub mod general;

// Not of the standard.
pub mod vendor;

pub use fault::Fault;
