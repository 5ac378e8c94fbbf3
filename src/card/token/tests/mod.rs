//! A card in use, tested against simulated cards, cards that answer anything, and recordings of real cards.
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]

mod bench;
mod countries;
mod hostile;
mod keys;
mod presence;
#[allow(clippy::print_stdout, reason = "a test that could not compare says so")]
mod recordings;
