//! Use cases without a user interface: what a person can do with a card, step by step. A command or a window asks for
//! the entries that a use case wants, and shows its messages, in one of four languages. No terminal, no PKCS #11, and
//! no files except those that [`system`] reads, [`registration`] changes and [`place`] signs, the settings of [`config`],
//! and the store of [`cans`].
//!
//! All entries are made and checked before anything is written to the card, and there is no time limit for them. The
//! last try of a PIN is used only with the consent of the holder.
#![forbid(unsafe_code)]

pub mod asked;
pub mod cans;
pub mod certificates;
pub mod clean;
pub mod cms;
pub mod condition;
pub mod config;
pub mod contactless;
pub mod desktop;
pub mod diagnosis;
pub mod failure;
pub mod interruption;
pub mod language;
mod permission;
pub mod personal;
pub mod place;
pub mod plan;
pub mod presence;
pub mod presenting;
pub mod readers;
pub mod redaction;
pub mod registration;
pub mod report;
pub mod rules;
mod selector;
pub mod standing;
pub mod system;
pub mod task;
pub mod text;
pub mod verify;
pub mod waiting;
pub mod wording;

pub use avain_card::cards::profile::Secret;
pub use avain_card::cards::{Pin, Role, Typing};
pub use avain_card::log;
pub use avain_card::sys::descriptors::inherited;
pub use avain_card::sys::library::load_module;
pub use avain_card::token::{Consent, LastTry};
pub use condition::{InWords, Named};
pub use failure::{Failure, Kind};
pub use language::{Face, Language, Words};
pub use readers::{Card, Memory, Place, Readers};
pub use text::Text;
