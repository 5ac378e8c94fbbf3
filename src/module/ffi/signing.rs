//! Signing functions (§5.13, §5.14).

use super::arguments::{OutBuffer, optional_buffer, read_bytes, read_no_parameter, read_optional_mechanism};
use super::entry;
use crate::p11::operations::Kind;
use cryptoki_sys::*;
use std::ffi::c_void;

entry! {
    /// §5.13.1. Without a mechanism the operation that is under way ends; so in all these functions.
    C_SignInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.by_kind.sign_init(session, &mechanism, key)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_SIGN); Ok(()) }),
    }
}

entry! {
    /// §5.13.2
    C_Sign(
        session: CK_SESSION_HANDLE,
        data: *mut CK_BYTE,
        data_length: CK_ULONG,
        signature: *mut CK_BYTE,
        length: *mut CK_ULONG,
    ) with data = read_bytes(data, data_length), signature = OutBuffer::at(signature, length); |module| {
        let produced = module.operate(session, |session, operations| operations.by_kind.whole(session, Kind::Sign, data, signature.room()))?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.13.3
    C_SignUpdate(session: CK_SESSION_HANDLE, part: *mut CK_BYTE, length: CK_ULONG)
    with part = read_bytes(part, length); |module| module.operate(session, |_, operations| operations.by_kind.update(Kind::Sign, part))
}

entry! {
    /// §5.13.4
    C_SignFinal(session: CK_SESSION_HANDLE, signature: *mut CK_BYTE, length: *mut CK_ULONG)
    with signature = OutBuffer::at(signature, length); |module| {
        let produced = module.operate(session, |session, operations| operations.by_kind.last(session, Kind::Sign, signature.room()))?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.13.5
    C_SignRecoverInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.by_kind.sign_recover_init(session, &mechanism, key)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_SIGN_RECOVER); Ok(()) }),
    }
}

entry! {
    /// §5.13.6
    C_SignRecover(
        session: CK_SESSION_HANDLE,
        data: *mut CK_BYTE,
        data_length: CK_ULONG,
        signature: *mut CK_BYTE,
        length: *mut CK_ULONG,
    ) with data = read_bytes(data, data_length), signature = OutBuffer::at(signature, length); |module| {
        let produced = module.operate(session, |session, operations| operations.by_kind.whole(session, Kind::SignRecover, data, signature.room()))?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.14.1
    C_MessageSignInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = read_optional_mechanism(mechanism); |module| match mechanism {
        Some(mechanism) => module.operate(session, |session, operations| operations.message_signing.init(session, mechanism, key)),
        None => module.operate(session, |_, operations| { operations.cancel(CKF_MESSAGE_SIGN); Ok(()) }),
    }
}

entry! {
    /// §5.14.2. No mechanism here takes a parameter with each message.
    C_SignMessage(
        session: CK_SESSION_HANDLE,
        parameter: *mut c_void,
        parameter_length: CK_ULONG,
        data: *mut CK_BYTE,
        data_length: CK_ULONG,
        signature: *mut CK_BYTE,
        length: *mut CK_ULONG,
    ) with _none = read_no_parameter(parameter, parameter_length), data = read_bytes(data, data_length),
        signature = OutBuffer::at(signature, length); |module| {
        let produced = module.operate(session, |session, operations| operations.message_signing.sign(session, data, signature.room()))?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.14.3
    C_SignMessageBegin(session: CK_SESSION_HANDLE, parameter: *mut c_void, length: CK_ULONG)
    with _none = read_no_parameter(parameter, length); |module| module.operate(session, |session, operations| operations.message_signing.begin(session))
}

entry! {
    /// §5.14.4. Without a place for the signature's length more data are to follow.
    C_SignMessageNext(
        session: CK_SESSION_HANDLE,
        parameter: *mut c_void,
        parameter_length: CK_ULONG,
        data: *mut CK_BYTE,
        data_length: CK_ULONG,
        signature: *mut CK_BYTE,
        length: *mut CK_ULONG,
    ) with _none = read_no_parameter(parameter, parameter_length), data = read_bytes(data, data_length),
        signature = optional_buffer(signature, length); |module| {
        let room = signature.as_ref().map(OutBuffer::room);
        match (module.operate(session, |session, operations| operations.message_signing.next(session, data, room))?, signature) {
            (Some(produced), Some(signature)) => signature.deliver(produced),
            _ => Ok(()),
        }
    }
}

entry! {
    /// §5.14.5
    C_MessageSignFinal(session: CK_SESSION_HANDLE); |module| module.operate(session, |_, operations| operations.message_signing.end())
}
