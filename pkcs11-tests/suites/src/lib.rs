//! Test suites and programs of other projects, run against the module with simulated cards. Their results are in
//! `docs/conformance.md`.
//!
//! A test here is one program. It runs the program on each [`fixture`] (a card of either kind of key) and reports to
//! [`report`], which holds three things: what fails is what `expected/PROGRAM.toml` says, each with its reason; no
//! PIN try was spent and the card is as it was; and the documents say the same as this run. With
//! `AVAIN_WRITE_TABLES` set it writes them instead.
#![forbid(unsafe_code)]

pub mod expected;
pub mod fixture;
mod pages;
pub mod programs;
pub mod report;

pub use fixture::{Fixture, TOKENS, Token};
pub use report::{Outcome, Report, Verdict};
