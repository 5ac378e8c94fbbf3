//! Random number functions (§5.19).

use super::arguments::{bytes_to_fill, read_bytes};
use super::entry;
use crate::p11::operations::random;
use cryptoki_sys::*;

entry! {
    /// §5.19.1
    C_SeedRandom(session: CK_SESSION_HANDLE, seed: *mut CK_BYTE, length: CK_ULONG)
    with _seed = read_bytes(seed, length); |module| { module.session(session)?; random::seed() }
}

entry! {
    /// §5.19.2
    C_GenerateRandom(session: CK_SESSION_HANDLE, random: *mut CK_BYTE, length: CK_ULONG)
    with room = bytes_to_fill(random, length); |module| { module.session(session)?; random::generate(room) }
}
