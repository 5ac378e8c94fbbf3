//! Verification functions (§5.15, §5.16).

use super::arguments::{OutBuffer, no_parameter, read_bytes, read_optional_bytes, read_optional_mechanism};
use super::boundary::initialized;
use super::operations::{init, single_part};
use crate::p11::operations::Kind;
use cryptoki_sys::*;
use std::ffi::c_void;

/// §5.15.1. A NULL mechanism cancels the active operation, here and in the other functions that begin one.
pub(super) unsafe extern "C" fn C_VerifyInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    initialized("C_VerifyInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_VERIFY, mechanism, |session, operations, mechanism| {
            operations.verifications.verify_init(session, &mechanism, key)
        })
    })
}

/// §5.15.2
pub(super) unsafe extern "C" fn C_Verify(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_Verify", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_bytes(signature, length) }?;
        module.operate(session, |_, operations| operations.verifications.verify(data, signature))
    })
}

/// §5.15.3
pub(super) unsafe extern "C" fn C_VerifyUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_VerifyUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let part = unsafe { read_bytes(part, length) }?;
        module.operate(session, |_, operations| operations.verifications.verify_update(part))
    })
}

/// §5.15.4
pub(super) unsafe extern "C" fn C_VerifyFinal(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_VerifyFinal", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_bytes(signature, length) }?;
        module.operate(session, |_, operations| operations.verifications.verify_final(signature))
    })
}

/// §5.15.5
pub(super) unsafe extern "C" fn C_VerifyRecoverInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    initialized("C_VerifyRecoverInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_VERIFY_RECOVER, mechanism, |session, operations, mechanism| {
            operations.by_kind.verify_recover_init(session, &mechanism, key)
        })
    })
}

/// §5.15.6
pub(super) unsafe extern "C" fn C_VerifyRecover(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    signature_length: CK_ULONG,
    data: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_VerifyRecover", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_bytes(signature, signature_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { OutBuffer::at(data, length) }?;
        single_part(module, session, Kind::VerifyRecover, signature, data)
    })
}

/// §5.15.7
pub(super) unsafe extern "C" fn C_VerifySignatureInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_VerifySignatureInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_bytes(signature, length) }?;
        init(module, session, CKF_VERIFY, mechanism, |session, operations, mechanism| {
            operations.verifications.verify_signature_init(session, &mechanism, key, signature)
        })
    })
}

/// §5.15.8
pub(super) unsafe extern "C" fn C_VerifySignature(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_VerifySignature", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, length) }?;
        module.operate(session, |_, operations| operations.verifications.verify_signature(data))
    })
}

/// §5.15.9
pub(super) unsafe extern "C" fn C_VerifySignatureUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_VerifySignatureUpdate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let part = unsafe { read_bytes(part, length) }?;
        module.operate(session, |_, operations| operations.verifications.verify_signature_update(part))
    })
}

/// §5.15.10
pub(super) unsafe extern "C" fn C_VerifySignatureFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    initialized("C_VerifySignatureFinal", &|module| {
        module.operate(session, |_, operations| operations.verifications.verify_signature_final())
    })
}

/// §5.16.1
pub(super) unsafe extern "C" fn C_MessageVerifyInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    initialized("C_MessageVerifyInit", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let mechanism = unsafe { read_optional_mechanism(mechanism) }?;
        init(module, session, CKF_MESSAGE_VERIFY, mechanism, |session, operations, mechanism| {
            operations.message_verifying.init(session, mechanism, key)
        })
    })
}

/// §5.16.2. No mechanism here takes a per-message parameter.
pub(super) unsafe extern "C" fn C_VerifyMessage(
    session: CK_SESSION_HANDLE,
    _parameter: *mut c_void,
    parameter_length: CK_ULONG,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_VerifyMessage", &|module| {
        no_parameter(parameter_length)?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_bytes(signature, length) }?;
        module.operate(session, |session, operations| {
            operations.message_verifying.verify(session, data, signature)
        })
    })
}

/// §5.16.3
pub(super) unsafe extern "C" fn C_VerifyMessageBegin(
    session: CK_SESSION_HANDLE,
    _parameter: *mut c_void,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_VerifyMessageBegin", &|module| {
        no_parameter(length)?;
        module.operate(session, |session, operations| operations.message_verifying.begin(session))
    })
}

/// §5.16.4. A NULL signature means that more data follow.
pub(super) unsafe extern "C" fn C_VerifyMessageNext(
    session: CK_SESSION_HANDLE,
    _parameter: *mut c_void,
    parameter_length: CK_ULONG,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    initialized("C_VerifyMessageNext", &|module| {
        no_parameter(parameter_length)?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_optional_bytes(signature, length) }?;
        module.operate(session, |_, operations| operations.message_verifying.next(data, signature))
    })
}

/// §5.16.5
pub(super) unsafe extern "C" fn C_MessageVerifyFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    initialized("C_MessageVerifyFinal", &|module| {
        module.operate(session, |_, operations| operations.message_verifying.end())
    })
}
