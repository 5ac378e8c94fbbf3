//! What the targets of the fuzzer share; see README.md here.
//!
//! A target is a program of libFuzzer in `fuzz_targets/`. Those that speak to a card are the whole module, with
//! `fake-pcsc` in the place of the PC/SC library and simulated cards behind it, in one process.

pub mod corruption;
pub mod input;
pub mod linked;
pub mod objects;
pub mod run;

pub use input::Input;
pub use linked::Linked;

use avain_card::cards::{CardProfile, PROFILES, pkcs15};

/// All kinds of cards, and the one that no table knows.
pub fn kinds() -> Vec<&'static CardProfile> {
    PROFILES.iter().copied().chain([&pkcs15::CARD]).collect()
}
