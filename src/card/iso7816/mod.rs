//! The card language: ISO 7816-4 commands, status words and data objects, ISO 7816-8 security operations, and
//! the ISO 7816-15 files in which a card tells what is on it.
//!
//! Nothing here knows a country's file, key or PIN reference. Every parser is total: whatever a card answers,
//! it ends, stays inside its bounds and never panics.

pub mod apdu;
pub mod channel;
pub mod cia;
pub mod file;
pub mod instruction;
pub mod pin;
pub mod security;
pub mod status;
pub mod tlv;

pub use apdu::{Command, Credential};
pub use channel::{Channel, Reply};
pub use status::StatusWord;
