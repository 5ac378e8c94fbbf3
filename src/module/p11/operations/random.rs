//! Random numbers (§5.19): those of the operating system. No command of the cards here gives any.

use crate::p11::Fault;
use avain_crypto::random;

/// C_GenerateRandom (§5.19.2): fills the buffer.
pub fn generate(room: &mut [u8]) -> Result<(), Fault> {
    random::fill(room).ok_or(Fault::FunctionFailed)
}

/// C_SeedRandom (§5.19.1): the operating system needs no help.
pub fn seed() -> Result<(), Fault> {
    Err(Fault::RandomSeedNotSupported)
}
