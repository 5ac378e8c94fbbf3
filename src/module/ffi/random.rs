//! Random number functions (§5.19).

use super::arguments::{bytes_to_fill, read_bytes};
use super::operations::in_session;
use crate::p11::operations::random;
use cryptoki_sys::*;

/// §5.19.1
pub(super) unsafe extern "C" fn C_SeedRandom(
    session: CK_SESSION_HANDLE,
    seed: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    in_session("C_SeedRandom", session, &|_, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { read_bytes(seed, length) }?;
        random::seed()
    })
}

/// §5.19.2
pub(super) unsafe extern "C" fn C_GenerateRandom(
    session: CK_SESSION_HANDLE,
    random: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    in_session("C_GenerateRandom", session, &|_, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let room = unsafe { bytes_to_fill(random, length) }?;
        random::generate(room)
    })
}
