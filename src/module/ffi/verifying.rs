//! Verification functions (§5.15, §5.16).

use super::arguments::{no_parameter, read_bytes, read_optional_bytes};
use super::operations::{begin, in_operation, operating, single_part};
use crate::p11::operations::place::After;
use crate::p11::operations::{Kind, Operations};
use crate::p11::session::Session;
use cryptoki_sys::*;
use std::ffi::c_void;

/// §5.15.1. A NULL mechanism cancels the active operation, here and in the other functions that begin one.
pub(super) unsafe extern "C" fn C_VerifyInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin("C_VerifyInit", session, CKF_VERIFY, mechanism, &|session, operations, mechanism| {
            operations.verify_init(session, &mechanism, key)
        })
    }
}

/// §5.15.2
pub(super) unsafe extern "C" fn C_Verify(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    data_length: CK_ULONG,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    in_operation("C_Verify", session, &|all| &mut all.verification, &|_, verification| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_bytes(signature, length) }?;
        verification.whole(data, signature)?;
        Ok(After::Over)
    })
}

/// §5.15.3
pub(super) unsafe extern "C" fn C_VerifyUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    in_operation("C_VerifyUpdate", session, &|all| &mut all.verification, &|_, verification| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        verification.update(unsafe { read_bytes(part, length) }?)?;
        Ok(After::Active)
    })
}

/// §5.15.4
pub(super) unsafe extern "C" fn C_VerifyFinal(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    in_operation("C_VerifyFinal", session, &|all| &mut all.verification, &|_, verification| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        verification.last_part(&[], unsafe { read_bytes(signature, length) }?)?;
        Ok(After::Over)
    })
}

/// §5.15.5
pub(super) unsafe extern "C" fn C_VerifyRecoverInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    let name = "C_VerifyRecoverInit";
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin(name, session, CKF_VERIFY_RECOVER, mechanism, &|session, operations, mechanism| {
            operations.verify_recover_init(session, &mechanism, key)
        })
    }
}

/// §5.15.6
pub(super) unsafe extern "C" fn C_VerifyRecover(
    session: CK_SESSION_HANDLE,
    signature: *mut CK_BYTE,
    signature_length: CK_ULONG,
    data: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    let (signature, data) = ((signature.cast_const(), signature_length), (data, length));
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { single_part("C_VerifyRecover", session, Kind::VerifyRecover, signature, data) }
}

/// §5.15.7
pub(super) unsafe extern "C" fn C_VerifySignatureInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
    signature: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    let init = |session: &Session, operations: &mut Operations, mechanism| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_bytes(signature, length) }?;
        operations.verify_signature_init(session, &mechanism, key, signature)
    };
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe { begin("C_VerifySignatureInit", session, CKF_VERIFY, mechanism, &init) }
}

/// §5.15.8
pub(super) unsafe extern "C" fn C_VerifySignature(
    session: CK_SESSION_HANDLE,
    data: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    in_operation("C_VerifySignature", session, &|all| &mut all.verification_of, &|_, verification| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        verification.whole(unsafe { read_bytes(data, length) }?)?;
        Ok(After::Over)
    })
}

/// §5.15.9
pub(super) unsafe extern "C" fn C_VerifySignatureUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut CK_BYTE,
    length: CK_ULONG,
) -> CK_RV {
    in_operation("C_VerifySignatureUpdate", session, &|all| &mut all.verification_of, &|_, verification| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        verification.update(unsafe { read_bytes(part, length) }?)?;
        Ok(After::Active)
    })
}

/// §5.15.10
pub(super) unsafe extern "C" fn C_VerifySignatureFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    in_operation("C_VerifySignatureFinal", session, &|all| &mut all.verification_of, &|_, verification| {
        verification.last_part()?;
        Ok(After::Over)
    })
}

/// §5.16.1
pub(super) unsafe extern "C" fn C_MessageVerifyInit(
    session: CK_SESSION_HANDLE,
    mechanism: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    let name = "C_MessageVerifyInit";
    // SAFETY: what every caller owes, see the head of `ffi`.
    unsafe {
        begin(name, session, CKF_MESSAGE_VERIFY, mechanism, &|session, operations, mechanism| {
            operations.message_verify_init(session, mechanism, key)
        })
    }
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
    operating("C_VerifyMessage", session, &|session, operations| {
        let messages = operations.message_verifying.active()?;
        no_parameter(parameter_length)?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let data = unsafe { read_bytes(data, data_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let signature = unsafe { read_bytes(signature, length) }?;
        messages.verify(session, data, signature)
    })
}

/// §5.16.3
pub(super) unsafe extern "C" fn C_VerifyMessageBegin(
    session: CK_SESSION_HANDLE,
    _parameter: *mut c_void,
    length: CK_ULONG,
) -> CK_RV {
    operating("C_VerifyMessageBegin", session, &|session, operations| {
        let messages = operations.message_verifying.active()?;
        no_parameter(length)?;
        messages.begin(session)
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
    operating("C_VerifyMessageNext", session, &|_, operations| {
        operations.message_verifying.active()?.next(|message| {
            no_parameter(parameter_length)?;
            // SAFETY: what every caller owes, see the head of `ffi`.
            let data = unsafe { read_bytes(data, data_length) }?;
            // SAFETY: what every caller owes, see the head of `ffi`.
            match unsafe { read_optional_bytes(signature, length) }? {
                Some(signature) => message.last_part(data, signature).map(|()| After::Over),
                None => message.update(data).map(|()| After::Active),
            }
        })
    })
}

/// §5.16.5
pub(super) unsafe extern "C" fn C_MessageVerifyFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    operating("C_MessageVerifyFinal", session, &|_, operations| operations.message_verifying.end().map(drop))
}
