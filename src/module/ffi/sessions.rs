//! Session management functions (§5.6).

use super::arguments::{Out, OutBuffer, read_bytes, read_optional_pin};
use super::boundary::initialized;
use super::operations::{harmless_in_session, in_session, operating};
use crate::p11::Fault;
use cryptoki_sys::*;
use std::ffi::c_void;

/// §5.6.1. This module makes no callbacks, so application and callback are ignored.
pub(super) unsafe extern "C" fn C_OpenSession(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    _application: *mut c_void,
    _notify: CK_NOTIFY,
    session: *mut CK_SESSION_HANDLE,
) -> CK_RV {
    initialized("C_OpenSession", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let session = unsafe { Out::at(session) }?;
        session.put(module.sessions.open(slot, flags)?)
    })
}

/// §5.6.2
pub(super) unsafe extern "C" fn C_CloseSession(session: CK_SESSION_HANDLE) -> CK_RV {
    initialized("C_CloseSession", &|module| module.sessions.close(session))
}

/// §5.6.3
pub(super) unsafe extern "C" fn C_CloseAllSessions(slot: CK_SLOT_ID) -> CK_RV {
    initialized("C_CloseAllSessions", &|module| module.sessions.close_all(slot))
}

/// §5.6.4
pub(super) unsafe extern "C" fn C_GetSessionInfo(
    session: CK_SESSION_HANDLE,
    info: *mut CK_SESSION_INFO,
) -> CK_RV {
    harmless_in_session("C_GetSessionInfo", session, &|module, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let info = unsafe { Out::at(info) }?;
        info.put(module.sessions.info(session)?)
    })
}

/// §5.6.5
pub(super) unsafe extern "C" fn C_SessionCancel(session: CK_SESSION_HANDLE, flags: CK_FLAGS) -> CK_RV {
    operating("C_SessionCancel", session, &|_, operations| {
        operations.cancel(flags);
        Ok(())
    })
}

/// §5.6.6. No operation can be saved.
pub(super) unsafe extern "C" fn C_GetOperationState(
    session: CK_SESSION_HANDLE,
    state: *mut CK_BYTE,
    length: *mut CK_ULONG,
) -> CK_RV {
    operating("C_GetOperationState", session, &|_, operations| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { OutBuffer::at(state, length) }?;
        operations.state()
    })
}

/// §5.6.7. No operation can be saved, so no saved state is valid.
pub(super) unsafe extern "C" fn C_SetOperationState(
    session: CK_SESSION_HANDLE,
    state: *mut CK_BYTE,
    length: CK_ULONG,
    _encryption: CK_OBJECT_HANDLE,
    _authentication: CK_OBJECT_HANDLE,
) -> CK_RV {
    in_session("C_SetOperationState", session, &|_, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        unsafe { read_bytes(state, length) }?;
        Err(Fault::SavedStateInvalid)
    })
}

/// §5.6.11. The token validates no operation.
pub(super) unsafe extern "C" fn C_GetSessionValidationFlags(
    session: CK_SESSION_HANDLE,
    kind: CK_SESSION_VALIDATION_FLAGS_TYPE,
    flags: *mut CK_FLAGS,
) -> CK_RV {
    in_session("C_GetSessionValidationFlags", session, &|_, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let flags = unsafe { Out::at(flags) }?;
        if kind == CKS_LAST_VALIDATION_OK { flags.put(0) } else { Err(Fault::ArgumentsBad) }
    })
}

/// §5.6.8
pub(super) unsafe extern "C" fn C_Login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut CK_UTF8CHAR,
    length: CK_ULONG,
) -> CK_RV {
    in_session("C_Login", session, &|module, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let pin = unsafe { read_optional_pin(pin, length) }?;
        module.sessions.login(session, user, pin)
    })
}

/// §5.6.9. These cards have no user names.
pub(super) unsafe extern "C" fn C_LoginUser(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut CK_UTF8CHAR,
    pin_length: CK_ULONG,
    name: *mut CK_UTF8CHAR,
    name_length: CK_ULONG,
) -> CK_RV {
    in_session("C_LoginUser", session, &|module, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let pin = unsafe { read_optional_pin(pin, pin_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let name = unsafe { read_bytes(name, name_length) }?;
        if name.is_empty() {
            module.sessions.login(session, user, pin)
        } else {
            Err(Fault::FunctionNotSupported)
        }
    })
}

/// §5.6.10
pub(super) unsafe extern "C" fn C_Logout(session: CK_SESSION_HANDLE) -> CK_RV {
    initialized("C_Logout", &|module| module.sessions.logout(session))
}
