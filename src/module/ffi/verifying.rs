//! Verification functions (§5.15, §5.16).

use super::arguments::{
    OutBuffer, read_bytes, read_no_parameter, read_optional_bytes, read_optional_mechanism,
};
use super::entry;
use crate::p11::operations::Kind;
use cryptoki_sys::*;
use std::ffi::c_void;

entry! {
    /// §5.15.1. Without a mechanism the operation that is under way ends; so in all these functions.
    C_VerifyInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.judges.verify_init(session, &mechanism, key)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_VERIFY); Ok(()) }),
    }
}

entry! {
    /// §5.15.2
    C_Verify(
        session: CK_SESSION_HANDLE,
        data: *mut CK_BYTE,
        data_length: CK_ULONG,
        signature: *mut CK_BYTE,
        length: CK_ULONG,
    ) with data = read_bytes(data, data_length), signature = read_bytes(signature, length); |module| {
        module.operate(session, |_, operations| operations.judges.verify(data, signature))
    }
}

entry! {
    /// §5.15.3
    C_VerifyUpdate(session: CK_SESSION_HANDLE, part: *mut CK_BYTE, length: CK_ULONG)
    with part = read_bytes(part, length); |module| module.operate(session, |_, operations| operations.judges.verify_update(part))
}

entry! {
    /// §5.15.4
    C_VerifyFinal(session: CK_SESSION_HANDLE, signature: *mut CK_BYTE, length: CK_ULONG)
    with signature = read_bytes(signature, length); |module| module.operate(session, |_, operations| operations.judges.verify_final(signature))
}

entry! {
    /// §5.15.5
    C_VerifyRecoverInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.by_kind.verify_recover_init(session, &mechanism, key)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_VERIFY_RECOVER); Ok(()) }),
    }
}

entry! {
    /// §5.15.6
    C_VerifyRecover(
        session: CK_SESSION_HANDLE,
        signature: *mut CK_BYTE,
        signature_length: CK_ULONG,
        data: *mut CK_BYTE,
        length: *mut CK_ULONG,
    ) with signature = read_bytes(signature, signature_length), data = OutBuffer::at(data, length); |module| {
        let produced = module.operate(session, |session, operations| operations.by_kind.whole(session, Kind::VerifyRecover, signature, data.room()))?;
        data.deliver(produced)
    }
}

entry! {
    /// §5.15.7
    C_VerifySignatureInit(
        session: CK_SESSION_HANDLE,
        mechanism: *mut CK_MECHANISM,
        key: CK_OBJECT_HANDLE,
        signature: *mut CK_BYTE,
        length: CK_ULONG,
    ) with mechanism = read_optional_mechanism(mechanism), signature = read_bytes(signature, length); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.judges.verify_signature_init(session, &mechanism, key, signature)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_VERIFY); Ok(()) }),
    }
}

entry! {
    /// §5.15.8
    C_VerifySignature(session: CK_SESSION_HANDLE, data: *mut CK_BYTE, length: CK_ULONG)
    with data = read_bytes(data, length); |module| module.operate(session, |_, operations| operations.judges.verify_signature(data))
}

entry! {
    /// §5.15.9
    C_VerifySignatureUpdate(session: CK_SESSION_HANDLE, part: *mut CK_BYTE, length: CK_ULONG)
    with part = read_bytes(part, length); |module| module.operate(session, |_, operations| operations.judges.verify_signature_update(part))
}

entry! {
    /// §5.15.10
    C_VerifySignatureFinal(session: CK_SESSION_HANDLE); |module| module.operate(session, |_, operations| operations.judges.verify_signature_final())
}

entry! {
    /// §5.16.1
    C_MessageVerifyInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.judges.message_verify_init(session, mechanism, key)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_MESSAGE_VERIFY); Ok(()) }),
    }
}

entry! {
    /// §5.16.2. No mechanism here takes a parameter with each message.
    C_VerifyMessage(
        session: CK_SESSION_HANDLE,
        parameter: *mut c_void,
        parameter_length: CK_ULONG,
        data: *mut CK_BYTE,
        data_length: CK_ULONG,
        signature: *mut CK_BYTE,
        length: CK_ULONG,
    ) with _none = read_no_parameter(parameter, parameter_length), data = read_bytes(data, data_length),
        signature = read_bytes(signature, length); |module| module.operate(session, |session, operations| operations.judges.verify_message(session, data, signature))
}

entry! {
    /// §5.16.3
    C_VerifyMessageBegin(session: CK_SESSION_HANDLE, parameter: *mut c_void, length: CK_ULONG)
    with _none = read_no_parameter(parameter, length); |module| module.operate(session, |session, operations| operations.judges.verify_message_begin(session))
}

entry! {
    /// §5.16.4. Without a signature more data are to follow.
    C_VerifyMessageNext(
        session: CK_SESSION_HANDLE,
        parameter: *mut c_void,
        parameter_length: CK_ULONG,
        data: *mut CK_BYTE,
        data_length: CK_ULONG,
        signature: *mut CK_BYTE,
        length: CK_ULONG,
    ) with _none = read_no_parameter(parameter, parameter_length), data = read_bytes(data, data_length),
        signature = read_optional_bytes(signature, length); |module| module.operate(session, |_, operations| operations.judges.verify_message_next(data, signature))
}

entry! {
    /// §5.16.5
    C_MessageVerifyFinal(session: CK_SESSION_HANDLE); |module| module.operate(session, |_, operations| operations.judges.message_verify_final())
}
