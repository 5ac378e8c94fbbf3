//! What a PKCS#11 token is: slots, sessions, login, objects, operations. Safe Rust, no pointers.
//!
//! Section numbers are those of the OASIS PKCS #11 Specification 3.2.

pub mod attributes;
mod card_key;
mod derive;
mod digest;
mod encipher;
pub mod fault;
pub mod functions;
pub mod info;
pub mod lifecycle;
pub mod login;
pub mod mechanisms;
pub mod module;
pub mod objects;
pub mod operation;
pub mod pins;
pub mod prepare;
mod random;
pub mod session;
pub mod sign;
pub mod slots;
pub mod templates;
pub mod vendor;
mod verify;
pub mod wait;

pub use fault::Fault;
pub use module::Module;
