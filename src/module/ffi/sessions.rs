//! Session management functions (§5.6).

use super::arguments::{Out, OutBuffer, read_bytes, read_pin};
use super::entry;
use crate::p11::Fault;
use cryptoki_sys::*;
use std::ffi::c_void;

entry! {
    /// §5.6.1. Programs are not notified of anything, so application and callback are not kept.
    C_OpenSession(
        slot: CK_SLOT_ID,
        flags: CK_FLAGS,
        _application: *mut c_void,
        _notify: CK_NOTIFY,
        session: *mut CK_SESSION_HANDLE,
    ) with session = Out::at(session); |module| session.put(module.sessions.open(slot, flags)?)
}

entry! {
    /// §5.6.2
    C_CloseSession(session: CK_SESSION_HANDLE); |module| module.sessions.close(session)
}

entry! {
    /// §5.6.3
    C_CloseAllSessions(slot: CK_SLOT_ID); |module| module.sessions.close_all(slot)
}

entry! {
    /// §5.6.4
    C_GetSessionInfo(session: CK_SESSION_HANDLE, info: *mut CK_SESSION_INFO)
    with info = Out::at(info); |module| info.put(module.sessions.info(session)?)
}

entry! {
    /// §5.6.5
    C_SessionCancel(session: CK_SESSION_HANDLE, flags: CK_FLAGS); |module| module.operate(session, |_, operations| { operations.cancel(flags); Ok(()) })
}

entry! {
    /// §5.6.6. What is under way stays in the process that began it.
    C_GetOperationState(session: CK_SESSION_HANDLE, state: *mut CK_BYTE, length: *mut CK_ULONG)
    with _state = OutBuffer::at(state, length); |module| module.operate(session, |_, operations| operations.state())
}

entry! {
    /// §5.6.7. No state was ever saved, so none is valid.
    C_SetOperationState(
        session: CK_SESSION_HANDLE,
        state: *mut CK_BYTE,
        length: CK_ULONG,
        _encryption: CK_OBJECT_HANDLE,
        _authentication: CK_OBJECT_HANDLE,
    ) with _state = read_bytes(state, length); |module| {
        module.session(session)?;
        Err(Fault::SavedStateInvalid)
    }
}

entry! {
    /// §5.6.11. No operation here is validated by anybody.
    C_GetSessionValidationFlags(
        session: CK_SESSION_HANDLE,
        kind: CK_SESSION_VALIDATION_FLAGS_TYPE,
        flags: *mut CK_FLAGS,
    ) with flags = Out::at(flags); |module| {
        module.session(session)?;
        if kind == CKS_LAST_VALIDATION_OK { flags.put(0) } else { Err(Fault::ArgumentsBad) }
    }
}

entry! {
    /// §5.6.8
    C_Login(session: CK_SESSION_HANDLE, user: CK_USER_TYPE, pin: *mut CK_UTF8CHAR, length: CK_ULONG)
    with pin = read_pin(pin, length); |module| module.sessions.login(session, user, pin)
}

entry! {
    /// §5.6.9. These cards know no user names.
    C_LoginUser(
        session: CK_SESSION_HANDLE,
        user: CK_USER_TYPE,
        pin: *mut CK_UTF8CHAR,
        pin_length: CK_ULONG,
        name: *mut CK_UTF8CHAR,
        name_length: CK_ULONG,
    ) with pin = read_pin(pin, pin_length), name = read_bytes(name, name_length); |module| {
        if name.is_empty() {
            module.sessions.login(session, user, pin)
        } else {
            module.session(session)?;
            Err(Fault::FunctionNotSupported)
        }
    }
}

entry! {
    /// §5.6.10
    C_Logout(session: CK_SESSION_HANDLE); |module| module.sessions.logout(session)
}
