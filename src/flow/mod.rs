//! Use cases without a face: what a person can do with a card, step by step. A tool or a window asks for what is
//! asked for here, and shows what is said here, in one of four languages. No terminal, no PKCS#11, and no files but those
//! that [`system`] looks at.
//!
//! Everything is typed and checked before the card is touched; nobody is hurried; the last try of a PIN is spent
//! only with the holder's consent.

pub mod certificates;
pub mod cms;
pub mod condition;
pub mod desk;
pub mod diagnosis;
pub mod failure;
pub mod language;
pub mod manner;
pub mod personal;
pub mod plan;
pub mod presenting;
pub mod redaction;
pub mod report;
pub mod rules;
pub mod system;
pub mod task;
pub mod text;
pub mod verify;

pub use crate::cards::profile::Secret;
pub use crate::cards::{Pin, Role};
pub use crate::log;
pub use crate::token::{Consent, LastTry};
pub use desk::{Card, Desk, Place};
pub use failure::{Failure, Kind};
pub use language::{Language, Words};
pub use text::Text;
