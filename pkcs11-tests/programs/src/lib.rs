//! What the tests with other people's software share. `tests/clients` does with each program what its user does;
//! `tests/suites` runs the test suites of other projects. Both use the release module, simulated cards and the real
//! pcscd.
//!
//! `packaging/dependencies.sh --clients` and `--suites` install what the distribution has, `set-up.sh` the rest. A program
//! that is not there fails its test.
#![forbid(unsafe_code)]

pub mod clients;
pub mod installed;
pub mod suites;
