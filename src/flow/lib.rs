//! Use cases without a face: what a person can do with a card, step by step. A tool or a window asks for what is
//! asked for here, and shows what is said here, in one of four languages. No terminal, no PKCS#11, and no files but those
//! that [`system`] looks at.
//!
//! Everything is typed and checked before the card is touched; nobody is hurried; the last try of a PIN is spent
//! only with the holder's consent.
#![forbid(unsafe_code)]

pub mod certificates;
pub mod cms;
pub mod condition;
pub mod diagnosis;
pub mod failure;
pub mod language;
pub mod personal;
pub mod plan;
pub mod presenting;
pub mod readers;
pub mod redaction;
pub mod report;
pub mod rules;
pub mod system;
pub mod task;
pub mod text;
pub mod verify;
pub mod wording;

pub use avain_card::cards::profile::Secret;
pub use avain_card::cards::{Pin, Role};
pub use avain_card::log;
pub use avain_card::token::{Consent, LastTry};
pub use condition::{InWords, Named};
pub use failure::{Failure, Kind};
pub use language::{Language, Words};
pub use readers::{Card, Place, Readers};
pub use text::Text;
