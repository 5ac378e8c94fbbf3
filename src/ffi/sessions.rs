//! Session management functions (§5.6).

use super::entry;
use super::ptr::{Bytes, Out, PinBytes};
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
    ) with session = Out::at(session); |module| session.put(module.open_session(slot, flags)?)
}

entry! {
    /// §5.6.2
    C_CloseSession(session: CK_SESSION_HANDLE); |module| module.close_session(session)
}

entry! {
    /// §5.6.3
    C_CloseAllSessions(slot: CK_SLOT_ID); |module| module.close_all_sessions(slot)
}

entry! {
    /// §5.6.4
    C_GetSessionInfo(session: CK_SESSION_HANDLE, info: *mut CK_SESSION_INFO)
    with info = Out::at(info); |module| info.put(module.session_info(session)?)
}

entry! {
    /// §5.6.5
    C_SessionCancel(session: CK_SESSION_HANDLE, flags: CK_FLAGS); |module| module.cancel(session, flags)
}

entry! {
    /// §5.6.8
    C_Login(session: CK_SESSION_HANDLE, user: CK_USER_TYPE, pin: *mut CK_UTF8CHAR, length: CK_ULONG)
    with pin = PinBytes::at(pin, length); |module| module.login(session, user, pin)
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
    ) with pin = PinBytes::at(pin, pin_length), name = Bytes::at(name, name_length); |module| {
        if name.is_empty() {
            module.login(session, user, pin)
        } else {
            module.session(session)?;
            Err(Fault::FunctionNotSupported)
        }
    }
}

entry! {
    /// §5.6.10
    C_Logout(session: CK_SESSION_HANDLE); |module| module.logout(session)
}
