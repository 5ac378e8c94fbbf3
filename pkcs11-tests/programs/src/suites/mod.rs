//! Test suites and programs of other projects, with simulated cards. `docs/conformance.md` has the results.
//!
//! A test runs one program on each [`Fixture`] (a card with EC keys, one with RSA keys) and makes a [`Report`], which
//! checks that
//! the tests that fail are those of `expected/PROGRAM.toml`, each with its reason. The fixture checks that no PIN try was
//! spent and that the card is as it was. Then the program `tables` compares all reports with the document.

pub mod commands;
pub mod expected;
pub mod fixture;
pub mod pages;
pub mod report;

pub use fixture::{Fixture, TOKENS, Token};
pub use report::{Outcome, Report, Verdict};
