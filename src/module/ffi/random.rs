//! Random number functions (§5.19).

use super::arguments::{bytes_to_fill, read_bytes};
use super::boundary::initialized;
use crate::p11::operations::random;
use cryptoki_sys::*;

/// §5.19.1
pub(super) unsafe extern "C" fn C_SeedRandom(
    session: CK_SESSION_HANDLE,
    seed: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_SeedRandom", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { read_bytes(seed, length) }?;
        module.session(session)?;
        random::seed()
    })
}

/// §5.19.2
pub(super) unsafe extern "C" fn C_GenerateRandom(
    session: CK_SESSION_HANDLE,
    random: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_GenerateRandom", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let room = unsafe { bytes_to_fill(random, length) }?;
        module.session(session)?;
        random::generate(room)
    })
}
