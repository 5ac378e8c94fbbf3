//! Digest functions (§5.12).

use super::operations::{begin, in_operation, last_part, single_part, update};
use crate::p11::operations::Kind;
use crate::p11::operations::place::After;
use cryptoki_sys::*;

/// §5.12.1. A NULL mechanism cancels the active operation.
pub(super) unsafe extern "C" fn C_DigestInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin("C_DigestInit", session, CKF_DIGEST, mechanism, &|session, operations, mechanism| {
            operations.digest_init(session, &mechanism)
        })
    }
}

/// §5.12.2
pub(super) unsafe extern "C" fn C_Digest(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    digest: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { single_part("C_Digest", session, Kind::Digest, (data, data_length), (digest, length)) }
}

/// §5.12.3
pub(super) unsafe extern "C" fn C_DigestUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { update("C_DigestUpdate", session, Kind::Digest, (part, length)) }
}

/// §5.12.4
pub(super) unsafe extern "C" fn C_DigestKey(session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE) -> CK_RV {
    in_operation("C_DigestKey", session, &|all| all.place(Kind::Digest), &|session, digest| {
        digest.digest_key(session, key)?;
        Ok(After::Active)
    })
}

/// §5.12.5
pub(super) unsafe extern "C" fn C_DigestFinal(
    session: CK_SESSION_HANDLE,
    digest: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { last_part("C_DigestFinal", session, Kind::Digest, (digest, length)) }
}
