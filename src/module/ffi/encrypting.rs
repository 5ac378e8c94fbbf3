//! Encryption and decryption functions (§5.8, §5.10), and dual-function cryptographic functions (§5.17).
//!
//! The mechanisms here are single-part only, so the functions for parts check their arguments and fail, with the code
//! that the session's state calls for.

use super::arguments::{OutBuffer, read_bytes, read_optional_mechanism};
use super::boundary::initialized;
use super::operations::{init, last_part, single_part, update};
use crate::p11::operations::Kind;
use cryptoki_sys::*;

/// §5.8.1. A NULL mechanism cancels the active operation.
pub(super) unsafe extern "C" fn C_EncryptInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    initialized("C_EncryptInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_ENCRYPT, mechanism, |session, operations, mechanism| {
            operations.by_kind.encrypt_init(session, &mechanism, key)
        })
    })
}

/// §5.10.1. A NULL mechanism cancels the active operation.
pub(super) unsafe extern "C" fn C_DecryptInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    initialized("C_DecryptInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_DECRYPT, mechanism, |session, operations, mechanism| {
            operations.by_kind.decrypt_init(session, &mechanism, key)
        })
    })
}

/// §5.8.2
pub(super) unsafe extern "C" fn C_Encrypt(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_Encrypt", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let result = unsafe { OutBuffer::at(result, length) }?;
        single_part(module, session, Kind::Encrypt, data, result)
    })
}

/// §5.8.3
pub(super) unsafe extern "C" fn C_EncryptUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_EncryptUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let part = unsafe { read_bytes(part, part_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { OutBuffer::at(result, length) }?;
        update(module, session, Kind::Encrypt, part)
    })
}

/// §5.8.4
pub(super) unsafe extern "C" fn C_EncryptFinal(
    session: CK_SESSION_HANDLE,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_EncryptFinal", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let result = unsafe { OutBuffer::at(result, length) }?;
        last_part(module, session, Kind::Encrypt, result)
    })
}

/// §5.10.2
pub(super) unsafe extern "C" fn C_Decrypt(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_Decrypt", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let result = unsafe { OutBuffer::at(result, length) }?;
        single_part(module, session, Kind::Decrypt, data, result)
    })
}

/// §5.10.3
pub(super) unsafe extern "C" fn C_DecryptUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_DecryptUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let part = unsafe { read_bytes(part, part_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { OutBuffer::at(result, length) }?;
        update(module, session, Kind::Decrypt, part)
    })
}

/// §5.10.4
pub(super) unsafe extern "C" fn C_DecryptFinal(
    session: CK_SESSION_HANDLE,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_DecryptFinal", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let result = unsafe { OutBuffer::at(result, length) }?;
        last_part(module, session, Kind::Decrypt, result)
    })
}

/// §5.17.1
pub(super) unsafe extern "C" fn C_DigestEncryptUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_DigestEncryptUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { read_bytes(part, part_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { OutBuffer::at(result, length) }?;
        module.operate(session, |_, operations| operations.combined(CKF_DIGEST | CKF_ENCRYPT))
    })
}

/// §5.17.2
pub(super) unsafe extern "C" fn C_DecryptDigestUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_DecryptDigestUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { read_bytes(part, part_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { OutBuffer::at(result, length) }?;
        module.operate(session, |_, operations| operations.combined(CKF_DECRYPT | CKF_DIGEST))
    })
}

/// §5.17.3
pub(super) unsafe extern "C" fn C_SignEncryptUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_SignEncryptUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { read_bytes(part, part_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { OutBuffer::at(result, length) }?;
        module.operate(session, |_, operations| operations.combined(CKF_SIGN | CKF_ENCRYPT))
    })
}

/// §5.17.4
pub(super) unsafe extern "C" fn C_DecryptVerifyUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    part_length: CK_ULONG,
    result: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_DecryptVerifyUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { read_bytes(part, part_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { OutBuffer::at(result, length) }?;
        module.operate(session, |_, operations| operations.combined(CKF_DECRYPT | CKF_VERIFY))
    })
}
