//! Signing functions (§5.13, §5.14).

use super::entry;
use super::ptr::{Bytes, List, Mechanism, NoParameter, PartOut};
use crate::p11::operation::Kind;
use cryptoki_sys::*;
use std::ffi::c_void;

entry! {
    /// §5.13.1. Without a mechanism the operation that is under way ends; so in all these functions.
    C_SignInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = Mechanism::at(mechanism); |module| match mechanism {
        Some(mechanism) => module.sign_init(session, &mechanism, key),
        None => module.cancel(session, CKF_SIGN),
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
    ) with data = Bytes::at(data, data_length), signature = List::at(signature, length); |module| {
        let produced = module.whole(session, Kind::Sign, data, signature.room())?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.13.3
    C_SignUpdate(session: CK_SESSION_HANDLE, part: *mut CK_BYTE, length: CK_ULONG)
    with part = Bytes::at(part, length); |module| module.update(session, Kind::Sign, part)
}

entry! {
    /// §5.13.4
    C_SignFinal(session: CK_SESSION_HANDLE, signature: *mut CK_BYTE, length: *mut CK_ULONG)
    with signature = List::at(signature, length); |module| {
        let produced = module.last(session, Kind::Sign, signature.room())?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.13.5
    C_SignRecoverInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = Mechanism::at(mechanism); |module| match mechanism {
        Some(mechanism) => module.sign_recover_init(session, &mechanism, key),
        None => module.cancel(session, CKF_SIGN_RECOVER),
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
    ) with data = Bytes::at(data, data_length), signature = List::at(signature, length); |module| {
        let produced = module.whole(session, Kind::SignRecover, data, signature.room())?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.14.1
    C_MessageSignInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = Mechanism::at(mechanism); |module| match mechanism {
        Some(mechanism) => module.message_sign_init(session, &mechanism, key),
        None => module.cancel(session, CKF_MESSAGE_SIGN),
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
    ) with _none = NoParameter::at(parameter, parameter_length), data = Bytes::at(data, data_length),
        signature = List::at(signature, length); |module| {
        let produced = module.sign_message(session, data, signature.room())?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.14.3
    C_SignMessageBegin(session: CK_SESSION_HANDLE, parameter: *mut c_void, length: CK_ULONG)
    with _none = NoParameter::at(parameter, length); |module| module.sign_message_begin(session)
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
    ) with _none = NoParameter::at(parameter, parameter_length), data = Bytes::at(data, data_length),
        signature = PartOut::at(signature, length); |module| {
        let room = signature.as_ref().map(List::room);
        match (module.sign_message_next(session, data, room)?, signature) {
            (Some(produced), Some(signature)) => signature.deliver(produced),
            _ => Ok(()),
        }
    }
}

entry! {
    /// §5.14.5
    C_MessageSignFinal(session: CK_SESSION_HANDLE); |module| module.message_sign_final(session)
}
