//! Encryption and decryption functions (§5.8, §5.10), and dual-function cryptographic functions (§5.17).
//!
//! The mechanisms here are single-part only, so the functions for parts fail, with the code that the session's state
//! calls for, and look at no output buffer.

use super::operations::{begin, last_part, operating, single_part, update};
use crate::p11::operations::Kind;
use cryptoki_sys::*;

/// §5.8.1. A NULL mechanism cancels the active operation.
pub(super) unsafe extern "C" fn C_EncryptInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin("C_EncryptInit", session, CKF_ENCRYPT, mechanism, &|session, operations, mechanism| {
            operations.encrypt_init(session, &mechanism, key)
        })
    }
}

/// §5.10.1. A NULL mechanism cancels the active operation.
pub(super) unsafe extern "C" fn C_DecryptInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin("C_DecryptInit", session, CKF_DECRYPT, mechanism, &|session, operations, mechanism| {
            operations.decrypt_init(session, &mechanism, key)
        })
    }
}

/// §5.8.2
pub(super) unsafe extern "C" fn C_Encrypt(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { single_part("C_Encrypt", session, Kind::Encrypt, (data, data_length), (result, length)) }
}

/// §5.8.3
pub(super) unsafe extern "C" fn C_EncryptUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
    _result: *mut CK_BYTE,
    _length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { update("C_EncryptUpdate", session, Kind::Encrypt, (part, part_length)) }
}

/// §5.8.4
pub(super) unsafe extern "C" fn C_EncryptFinal(
    session: CK_SESSION_HANDLE,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { last_part("C_EncryptFinal", session, Kind::Encrypt, (result, length)) }
}

/// §5.10.2
pub(super) unsafe extern "C" fn C_Decrypt(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { single_part("C_Decrypt", session, Kind::Decrypt, (data, data_length), (result, length)) }
}

/// §5.10.3
pub(super) unsafe extern "C" fn C_DecryptUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
    _result: *mut CK_BYTE,
    _length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { update("C_DecryptUpdate", session, Kind::Decrypt, (part, part_length)) }
}

/// §5.10.4
pub(super) unsafe extern "C" fn C_DecryptFinal(
    session: CK_SESSION_HANDLE,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { last_part("C_DecryptFinal", session, Kind::Decrypt, (result, length)) }
}

/// §5.17.1
pub(super) unsafe extern "C" fn C_DigestEncryptUpdate(
    session: CK_SESSION_HANDLE,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
) -> CK_RV {
    combined("C_DigestEncryptUpdate", session, CKF_DIGEST | CKF_ENCRYPT)
}

/// §5.17.2
pub(super) unsafe extern "C" fn C_DecryptDigestUpdate(
    session: CK_SESSION_HANDLE,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
) -> CK_RV {
    combined("C_DecryptDigestUpdate", session, CKF_DECRYPT | CKF_DIGEST)
}

/// §5.17.3
pub(super) unsafe extern "C" fn C_SignEncryptUpdate(
    session: CK_SESSION_HANDLE,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
) -> CK_RV {
    combined("C_SignEncryptUpdate", session, CKF_SIGN | CKF_ENCRYPT)
}

/// §5.17.4
pub(super) unsafe extern "C" fn C_DecryptVerifyUpdate(
    session: CK_SESSION_HANDLE,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
) -> CK_RV {
    combined("C_DecryptVerifyUpdate", session, CKF_DECRYPT | CKF_VERIFY)
}

fn combined(name: &'static str, session: CK_SESSION_HANDLE, both: CK_FLAGS) -> CK_RV {
    operating(name, session, &|_, operations| operations.combined(both))
}
