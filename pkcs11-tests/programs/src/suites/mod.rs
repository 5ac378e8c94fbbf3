//! Test suites and programs of other projects, with simulated cards. `docs/conformance.md` has the results.
//!
//! A test runs one program on each [`Fixture`] (a card with EC keys, one with RSA keys) and makes a [`Report`], which
//! checks that
//! - the tests that fail are those of `expected/PROGRAM.toml`, each with its reason,
//! - the document says the same as this run. With `AVAIN_WRITE_TABLES` set, it is written instead.
//!
//! The fixture checks that no PIN try was spent and that the card is as it was.

pub mod commands;
pub mod expected;
pub mod fixture;
mod pages;
pub mod report;

pub use fixture::{Fixture, TOKENS, Token};
pub use report::{Outcome, Report, Verdict};
