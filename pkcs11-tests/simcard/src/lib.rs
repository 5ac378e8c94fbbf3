//! Simulated national identity cards, for tests of programs that use such cards: Finnish citizen cards (FINEID) and
//! those of other countries ([`CardModel::EVERY`]).
//!
//! Written from what is publicly known about the cards (the FINEID S1 and S4-1 specifications as cited by open
//! implementations, the recorded sessions of the unit tests of libelectronic-id and of the eID libraries for phones,
//! ISO/IEC 7816-3/-4/-8/-15) and not from the code under test: the crate depends on none of it. Where the public facts
//! are silent the behaviour is a [`Switches`] field, so that a test can show that the host survives either answer.
//!
//! Three ways to use it:
//! * in process: [`Card::new`], [`Card::transmit`];
//! * behind a real PC/SC daemon with the virtual reader driver vpcd: [`Inserted::connect`];
//! * as a program: `simcard --reader 35963=fineid-v4.0,state=fresh-new --control /tmp/simcard.sock`.
//!
//! How it is laid out, each folder on those before it:
//! * `wire`: commands and status words, DER, the files of PKCS#15;
//! * `facts`: what is known of a card, as data, and what is not known, as switches;
//! * `pki`: keys, certificates and who issues them;
//! * `chip`: what every chip has: PINs, files, commands;
//! * `families`: each kind of chip with its cards, by country or specification;
//! * `keypad`: the keypad of a reader, and its user;
//! * `card`: the list of cards ([`CardModel`]), and a card in the hand: line, faults, log, time;
//! * `reader`: cards in the readers of a PC/SC daemon, and their remote control.

mod card;
mod chip;
mod facts;
mod families;
pub mod keypad;
mod pki;
mod reader;
pub mod recordings;
mod wire;

pub use card::faults::{Action, Fault, FaultQueue};
pub use card::log::{Exchange, Log, Mark};
pub use card::lookalike::LOOKALIKE;
pub use card::model::CardModel;
pub use card::options::CardOptions;
pub use card::options::Interface;
pub use card::snapshot::{PinSnapshot, Snapshot};
pub use card::time_model::TimeModel;
pub use card::{Answer, Card, options};
pub use chip::CredentialCount;
pub use facts::codes::Codes;
pub use facts::date::Date;
pub use facts::description::{CardDescription, References};
pub use facts::holder::{Country, Holder};
pub use facts::holder::{HOSTILE, LONG_NAMED};
pub use facts::state::DeliveryState;
pub use facts::switches::{self, Switches};
pub use pki::issued::{Certificates, HolderCertificate};
pub use pki::keys::repeat_signatures;
pub use reader::control;
pub use reader::vpcd::Inserted;
pub use wire::apdu;

/// The cards and what they are made of.
pub mod cards {
    pub use crate::card::model::CardModel;
    pub use crate::facts::description::*;
    pub use crate::facts::holder::Country;
}

/// Reference of PIN1, the authentication PIN, on a FINEID card (global; recorded test cards).
pub const PIN1: u8 = 0x11;
/// Reference of PIN2, the signature PIN, on a FINEID card (local, yet resolved from the MF; recorded test cards).
pub const PIN2: u8 = 0x82;
/// Reference of the PUK of a FINEID card, in the old scheme also the activation code (OpenSC, FINEID S4-1 §4.1).
pub const PUK: u8 = 0x83;
