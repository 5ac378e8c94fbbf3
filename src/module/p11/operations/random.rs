//! Random numbers (§5.19), from the operating system: none of the cards has a command for them.

use crate::p11::Fault;
use avain_crypto::random;

/// C_GenerateRandom (§5.19.2): fills the buffer.
pub fn generate(room: &mut [u8]) -> Result<(), Fault> {
    random::fill(room).ok_or(Fault::FunctionFailed)
}

/// C_SeedRandom (§5.19.1): the generator of the operating system takes no seed from here.
pub fn seed() -> Result<(), Fault> {
    Err(Fault::RandomSeedNotSupported)
}
