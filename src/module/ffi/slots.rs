//! Slot and token management functions (§5.5).

use super::arguments::{Out, OutBuffer, read_pin};
use super::entry;
use crate::p11::Fault;
use cryptoki_sys::*;
use std::ffi::c_void;

entry! {
    /// §5.5.1. New readers get slots when the length is asked for, as the standard wants.
    C_GetSlotList(present: CK_BBOOL, slots: *mut CK_SLOT_ID, count: *mut CK_ULONG)
    with list = OutBuffer::at(slots, count); |module| {
        let found = module.slots.list(present != CK_FALSE, list.room());
        list.give(&found)
    }
}

entry! {
    /// §5.5.2
    C_GetSlotInfo(slot: CK_SLOT_ID, info: *mut CK_SLOT_INFO)
    with info = Out::at(info); |module| info.put(module.slots.get(slot)?.info())
}

entry! {
    /// §5.5.3
    C_GetTokenInfo(slot: CK_SLOT_ID, info: *mut CK_TOKEN_INFO)
    with info = Out::at(info); |module| info.put(module.token_info(slot)?)
}

entry! {
    /// §5.5.4. The third argument is reserved and must be NULL.
    C_WaitForSlotEvent(flags: CK_FLAGS, slot: *mut CK_SLOT_ID, reserved: *mut c_void)
    with slot = Out::at(slot); |module| {
        if !reserved.is_null() {
            return Err(Fault::ArgumentsBad);
        }
        slot.put(module.wait_for_event(flags & CKF_DONT_BLOCK == 0)?)
    }
}

entry! {
    /// §5.5.5
    C_GetMechanismList(slot: CK_SLOT_ID, mechanisms: *mut CK_MECHANISM_TYPE, count: *mut CK_ULONG)
    with list = OutBuffer::at(mechanisms, count); |module| list.give(&module.slots.get(slot)?.mechanism_list()?)
}

entry! {
    /// §5.5.6
    C_GetMechanismInfo(slot: CK_SLOT_ID, kind: CK_MECHANISM_TYPE, info: *mut CK_MECHANISM_INFO)
    with info = Out::at(info); |module| info.put(module.slots.get(slot)?.mechanism_info(kind)?)
}

entry! {
    /// §5.5.8
    C_InitPIN(session: CK_SESSION_HANDLE, pin: *mut CK_UTF8CHAR, length: CK_ULONG)
    with pin = read_pin(pin, length); |module| module.sessions.init_pin(session, pin)
}

entry! {
    /// §5.5.9
    C_SetPIN(
        session: CK_SESSION_HANDLE,
        old: *mut CK_UTF8CHAR,
        old_length: CK_ULONG,
        new: *mut CK_UTF8CHAR,
        new_length: CK_ULONG,
    ) with old = read_pin(old, old_length), new = read_pin(new, new_length); |module| {
        module.sessions.set_pin(session, old, new)
    }
}
