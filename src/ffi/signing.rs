//! Signing functions (§5.13).

use super::entry;
use super::ptr::{Bytes, List, Mechanism};
use cryptoki_sys::*;

entry! {
    /// §5.13.1. Without a mechanism the operation that is under way ends.
    C_SignInit(session: CK_SESSION_HANDLE, mechanism: *mut CK_MECHANISM, key: CK_OBJECT_HANDLE)
    with mechanism = Mechanism::at(mechanism); |module| match mechanism {
        Some(mechanism) => module.sign_init(session, mechanism.kind, mechanism.parameter, key),
        None => module.sign_cancel(session),
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
        let produced = module.sign(session, data, signature.room())?;
        signature.deliver(produced)
    }
}

entry! {
    /// §5.13.3
    C_SignUpdate(session: CK_SESSION_HANDLE, part: *mut CK_BYTE, length: CK_ULONG)
    with part = Bytes::at(part, length); |module| module.sign_update(session, part)
}

entry! {
    /// §5.13.4
    C_SignFinal(session: CK_SESSION_HANDLE, signature: *mut CK_BYTE, length: *mut CK_ULONG)
    with signature = List::at(signature, length); |module| {
        let produced = module.sign_final(session, signature.room())?;
        signature.deliver(produced)
    }
}
