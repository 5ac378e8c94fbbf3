//! Signing functions (§5.13, §5.14).

use super::arguments::{OutBuffer, no_parameter, optional_buffer, read_bytes, read_optional_mechanism};
use super::boundary::initialized;
use super::operations::{init, last_part, single_part, update};
use crate::p11::operations::Kind;
use cryptoki_sys::*;
use std::ffi::c_void;

/// §5.13.1. A NULL mechanism cancels the active operation, here and in the other functions that begin one.
pub(super) unsafe extern "C" fn C_SignInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    initialized("C_SignInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_SIGN, mechanism, |session, operations, mechanism| {
            operations.by_kind.sign_init(session, &mechanism, key)
        })
    })
}

/// §5.13.2
pub(super) unsafe extern "C" fn C_Sign(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_Sign", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { OutBuffer::at(signature, length) }?;
        single_part(module, session, Kind::Sign, data, signature)
    })
}

/// §5.13.3
pub(super) unsafe extern "C" fn C_SignUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_SignUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let part = unsafe { read_bytes(part, length) }?;
        update(module, session, Kind::Sign, part)
    })
}

/// §5.13.4
pub(super) unsafe extern "C" fn C_SignFinal(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_SignFinal", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { OutBuffer::at(signature, length) }?;
        last_part(module, session, Kind::Sign, signature)
    })
}

/// §5.13.5
pub(super) unsafe extern "C" fn C_SignRecoverInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    initialized("C_SignRecoverInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_SIGN_RECOVER, mechanism, |session, operations, mechanism| {
            operations.by_kind.sign_recover_init(session, &mechanism, key)
        })
    })
}

/// §5.13.6
pub(super) unsafe extern "C" fn C_SignRecover(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_SignRecover", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { OutBuffer::at(signature, length) }?;
        single_part(module, session, Kind::SignRecover, data, signature)
    })
}

/// §5.14.1
pub(super) unsafe extern "C" fn C_MessageSignInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    initialized("C_MessageSignInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_MESSAGE_SIGN, mechanism, |session, operations, mechanism| {
            operations.message_signing.init(session, mechanism, key)
        })
    })
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
    initialized("C_SignMessage", &|module| {
        no_parameter(parameter_length)?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { OutBuffer::at(signature, length) }?;
        let produced = module.operate(session, |session, operations| {
            operations.message_signing.sign(session, data, signature.room())
        })?;
        signature.deliver(produced)
    })
}

/// §5.14.3
pub(super) unsafe extern "C" fn C_SignMessageBegin(
    session: CK_SESSION_HANDLE,
    _parameter: *mut c_void,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_SignMessageBegin", &|module| {
        no_parameter(length)?;
        module.operate(session, |session, operations| operations.message_signing.begin(session))
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
    initialized("C_SignMessageNext", &|module| {
        no_parameter(parameter_length)?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { optional_buffer(signature, length) }?;
        let room = signature.as_ref().map(OutBuffer::room);
        match (
            module.operate(session, |session, operations| {
                operations.message_signing.next(session, data, room)
            })?,
            signature,
        ) {
            (Some(produced), Some(signature)) => signature.deliver(produced),
            _ => Ok(()),
        }
    })
}

/// §5.14.5
pub(super) unsafe extern "C" fn C_MessageSignFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    initialized("C_MessageSignFinal", &|module| {
        module.operate(session, |_, operations| operations.message_signing.end())
    })
}
