//! Commands, status words and data objects of ISO 7816-4, security operations of ISO 7816-8, and the files of ISO
//! 7816-15 in which a card describes its own content.
//!
//! No file, key or PIN reference of a particular card is known here. Every parser is total: whatever a card answers,
//! it terminates, stays within its bounds and never panics.

pub mod apdu;
pub mod channel;
pub mod cia;
pub mod file;
pub mod instruction;
pub mod pin;
pub mod secure;
pub mod security;
pub mod status;
pub mod tlv;

pub use apdu::{Command, Credential, Unfilled};
pub use channel::{Channel, Reply};
pub use status::StatusWord;
