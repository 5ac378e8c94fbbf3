//! Signing functions (§5.13, §5.14).

use super::arguments::{OutBuffer, no_parameter, optional_buffer, read_bytes};
use super::operations::{begin, last_part, operating, single_part, update};
use crate::p11::operations::Kind;
use crate::p11::operations::place::After;
use cryptoki_sys::*;
use std::ffi::c_void;

/// §5.13.1. A NULL mechanism cancels the active operation, here and in the other functions that begin one.
pub(super) unsafe extern "C" fn C_SignInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin("C_SignInit", session, CKF_SIGN, mechanism, &|session, operations, mechanism| {
            operations.sign_init(session, &mechanism, key)
        })
    }
}

/// §5.13.2
pub(super) unsafe extern "C" fn C_Sign(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { single_part("C_Sign", session, Kind::Sign, (data, data_length), (signature, length)) }
}

/// §5.13.3
pub(super) unsafe extern "C" fn C_SignUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { update("C_SignUpdate", session, Kind::Sign, (part, length)) }
}

/// §5.13.4
pub(super) unsafe extern "C" fn C_SignFinal(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { last_part("C_SignFinal", session, Kind::Sign, (signature, length)) }
}

/// §5.13.5
pub(super) unsafe extern "C" fn C_SignRecoverInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin("C_SignRecoverInit", session, CKF_SIGN_RECOVER, mechanism, &|session, operations, mechanism| {
            operations.sign_recover_init(session, &mechanism, key)
        })
    }
}

/// §5.13.6
pub(super) unsafe extern "C" fn C_SignRecover(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    let (data, signature) = ((data.cast_const(), data_length), (signature, length));
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { single_part("C_SignRecover", session, Kind::SignRecover, data, signature) }
}

/// §5.14.1
pub(super) unsafe extern "C" fn C_MessageSignInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin("C_MessageSignInit", session, CKF_MESSAGE_SIGN, mechanism, &|session, operations, mechanism| {
            operations.message_sign_init(session, mechanism, key)
        })
    }
}

/// §5.14.2. No mechanism here takes a per-message parameter.
pub(super) unsafe extern "C" fn C_SignMessage(
    session: CK_SESSION_HANDLE,
    _parameter: *mut c_void,
    parameter_length: CK_ULONG,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    operating("C_SignMessage", session, &|session, operations| {
        operations.message_signing.active()?.sign(session, |message| {
            no_parameter(parameter_length)?;
            // SAFETY: what every caller owes, see the head of `ffi`.
            let data = unsafe { read_bytes(data, data_length) }?;
            // SAFETY: what every caller owes, see the head of `ffi`.
            let signature = unsafe { OutBuffer::at(signature, length) }?;
            signature.deliver(message.whole(session, data, signature.room())?)
        })
    })
}

/// §5.14.3
pub(super) unsafe extern "C" fn C_SignMessageBegin(
    session: CK_SESSION_HANDLE,
    _parameter: *mut c_void,
    length: CK_ULONG,
) -> CK_RV {
    operating("C_SignMessageBegin", session, &|session, operations| {
        let messages = operations.message_signing.active()?;
        no_parameter(length)?;
        messages.begin(session)
    })
}

/// §5.14.4. A NULL pointer for the signature's length means that more data follow.
pub(super) unsafe extern "C" fn C_SignMessageNext(
    session: CK_SESSION_HANDLE,
    _parameter: *mut c_void,
    parameter_length: CK_ULONG,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    operating("C_SignMessageNext", session, &|session, operations| {
        operations.message_signing.active()?.next(|message| {
            no_parameter(parameter_length)?;
            // SAFETY: what every caller owes, see the head of `ffi`.
            let data = unsafe { read_bytes(data, data_length) }?;
            // SAFETY: what every caller owes, see the head of `ffi`.
            match unsafe { optional_buffer(signature, length) }? {
                Some(signature) => signature.deliver(message.last_part(session, data, signature.room())?),
                None => message.update(data).map(|()| After::Active),
            }
        })
    })
}

/// §5.14.5
pub(super) unsafe extern "C" fn C_MessageSignFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    operating("C_MessageSignFinal", session, &|_, operations| operations.message_signing.end().map(drop))
}
