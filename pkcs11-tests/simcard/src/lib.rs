//! Simulated national identity cards, for tests of programs that use such cards: Finnish citizen cards (FINEID) and
//! those of other countries ([`CardModel::EVERY`]).
//!
//! Written from what is publicly known about the cards (the FINEID S1 and S4-1 specifications as cited by open
//! implementations, the recorded sessions of the unit tests of libelectronic-id and of the eID libraries for phones,
//! ISO/IEC 7816-3/-4/-8/-15) and not
//! from the code under test: the crate depends on none of it. Where the public facts are silent the behaviour is
//! a [`Switches`] field, so that a test can show that the host survives either answer.
//!
//! Three ways to use it:
//! * in process: [`Card::new`], [`Card::transmit`];
//! * behind a real PC/SC daemon with the virtual reader driver vpcd: [`Inserted::connect`];
//! * as a program: `simcard --reader 35963=fineid-v4.0,state=fresh-new --control /tmp/simcard.sock`.

pub mod apdu;
mod authority;
mod baltic;
mod belgium;
pub mod card;
pub mod cards;
mod certificate;
mod chip;
mod codes;
pub mod control;
mod der;
mod directory_files;
pub mod faults;
mod file_tree;
mod fineid;
pub mod holder;
mod idemia;
mod inline_card;
pub mod issued;
mod issuer;
mod keys;
pub mod log;
pub mod options;
mod secret;
pub mod snapshot;
pub mod state;
mod strangers;
pub mod switch_values;
pub mod switches;
mod thales;
pub mod time_model;
mod tree;
pub mod vpcd;

pub use card::{Answer, Card};
pub use cards::{CardDescription, CardModel};
pub use chip::{CredentialCount, References};
pub use faults::{Action, Fault, FaultQueue};
pub use holder::{Date, Holder};
pub use issued::{Certificates, HolderCertificate};
pub use log::{Exchange, Log, Mark};
pub use options::CardOptions;
pub use snapshot::{PinSnapshot, Snapshot};
pub use state::{Codes, DeliveryState};
pub use switches::Switches;
pub use time_model::TimeModel;
pub use vpcd::Inserted;

/// Reference of PIN1, the authentication PIN, on a FINEID card (global; recorded test cards).
pub const PIN1: u8 = 0x11;
/// Reference of PIN2, the signature PIN, on a FINEID card (local, yet resolved from the MF; recorded test cards).
pub const PIN2: u8 = 0x82;
/// Reference of the PUK of a FINEID card, in the old scheme also the activation code (OpenSC, FINEID S4-1 §4.1).
pub const PUK: u8 = 0x83;
