//! Random numbers (§5.19): those of the operating system. No command of the cards here gives any.

use super::{Fault, Module};
use avain_crypto::random;
use cryptoki_sys::CK_SESSION_HANDLE;

impl Module {
    /// C_GenerateRandom (§5.19.2): fills the buffer.
    pub fn generate_random(&self, handle: CK_SESSION_HANDLE, room: &mut [u8]) -> Result<(), Fault> {
        self.session(handle)?;
        random::fill(room).ok_or(Fault::FunctionFailed)
    }

    /// C_SeedRandom (§5.19.1): the operating system needs no help.
    pub fn seed_random(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        self.session(handle)?;
        Err(Fault::RandomSeedNotSupported)
    }
}
