//! Digest functions (§5.12).

use super::arguments::{OutBuffer, read_bytes, read_optional_mechanism};
use super::boundary::initialized;
use super::operations::{init, last_part, single_part, update};
use crate::p11::operations::Kind;
use cryptoki_sys::*;

/// §5.12.1. A NULL mechanism cancels the active operation.
pub(super) unsafe extern "C" fn C_DigestInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
) -> CK_RV {
    initialized("C_DigestInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_DIGEST, mechanism, |session, operations, mechanism| {
            operations.by_kind.digest_init(session, &mechanism)
        })
    })
}

/// §5.12.2
pub(super) unsafe extern "C" fn C_Digest(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    digest: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_Digest", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let digest = unsafe { OutBuffer::at(digest, length) }?;
        single_part(module, session, Kind::Digest, data, digest)
    })
}

/// §5.12.3
pub(super) unsafe extern "C" fn C_DigestUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_DigestUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let part = unsafe { read_bytes(part, length) }?;
        update(module, session, Kind::Digest, part)
    })
}

/// §5.12.4
pub(super) unsafe extern "C" fn C_DigestKey(session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE) -> CK_RV {
    initialized("C_DigestKey", &|module| {
        module.operate(session, |session, operations| operations.by_kind.digest_key(session, key))
    })
}

/// §5.12.5
pub(super) unsafe extern "C" fn C_DigestFinal(
    session: CK_SESSION_HANDLE,
    digest: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_DigestFinal", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let digest = unsafe { OutBuffer::at(digest, length) }?;
        last_part(module, session, Kind::Digest, digest)
    })
}
