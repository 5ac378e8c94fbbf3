//! Slot and token management functions (§5.5).

use super::arguments::{Out, OutBuffer, read_optional_pin};
use super::boundary::{harmless, initialized};
use super::operations::in_session;
use crate::p11::Fault;
use cryptoki_sys::*;
use std::ffi::c_void;

/// §5.5.1. New readers are added when the program asks for the length, as the standard requires.
pub(super) unsafe extern "C" fn C_GetSlotList(
    present: CK_BBOOL,
    slots: *mut CK_SLOT_ID,
    count: *mut CK_ULONG,
) -> CK_RV {
    harmless("C_GetSlotList", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let list = unsafe { OutBuffer::at(slots, count) }?;
        let found = module.slots.list(present != CK_FALSE, list.room());
        list.give(&found)
    })
}

/// §5.5.2
pub(super) unsafe extern "C" fn C_GetSlotInfo(slot: CK_SLOT_ID, info: *mut CK_SLOT_INFO) -> CK_RV {
    harmless("C_GetSlotInfo", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let info = unsafe { Out::at(info) }?;
        info.put(module.slots.get(slot)?.info())
    })
}

/// §5.5.3
pub(super) unsafe extern "C" fn C_GetTokenInfo(slot: CK_SLOT_ID, info: *mut CK_TOKEN_INFO) -> CK_RV {
    initialized("C_GetTokenInfo", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let info = unsafe { Out::at(info) }?;
        info.put(module.token_info(slot)?)
    })
}

/// §5.5.4. The third argument is reserved and must be NULL.
pub(super) unsafe extern "C" fn C_WaitForSlotEvent(
    flags: CK_FLAGS,
    slot: *mut CK_SLOT_ID,
    reserved: *mut c_void,
) -> CK_RV {
    harmless("C_WaitForSlotEvent", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let slot = unsafe { Out::at(slot) }?;
        if !reserved.is_null() {
            return Err(Fault::ArgumentsBad);
        }
        slot.put(module.wait_for_event(flags & CKF_DONT_BLOCK == 0)?)
    })
}

/// §5.5.5
pub(super) unsafe extern "C" fn C_GetMechanismList(
    slot: CK_SLOT_ID,
    mechanisms: *mut CK_MECHANISM_TYPE,
    count: *mut CK_ULONG,
) -> CK_RV {
    initialized("C_GetMechanismList", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let list = unsafe { OutBuffer::at(mechanisms, count) }?;
        list.give(&module.slots.get(slot)?.mechanism_list()?)
    })
}

/// §5.5.6
pub(super) unsafe extern "C" fn C_GetMechanismInfo(
    slot: CK_SLOT_ID,
    kind: CK_MECHANISM_TYPE,
    info: *mut CK_MECHANISM_INFO,
) -> CK_RV {
    initialized("C_GetMechanismInfo", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let info = unsafe { Out::at(info) }?;
        info.put(module.slots.get(slot)?.mechanism_info(kind)?)
    })
}

/// §5.5.8
pub(super) unsafe extern "C" fn C_InitPIN(
    session: CK_SESSION_HANDLE,
    pin: *mut CK_UTF8CHAR,
    length: CK_ULONG,
) -> CK_RV {
    in_session("C_InitPIN", session, &|module, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let pin = unsafe { read_optional_pin(pin, length) }?;
        module.sessions.init_pin(session, pin)
    })
}

/// §5.5.9
pub(super) unsafe extern "C" fn C_SetPIN(
    session: CK_SESSION_HANDLE,
    old: *mut CK_UTF8CHAR,
    old_length: CK_ULONG,
    new: *mut CK_UTF8CHAR,
    new_length: CK_ULONG,
) -> CK_RV {
    in_session("C_SetPIN", session, &|module, _| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let old = unsafe { read_optional_pin(old, old_length) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let new = unsafe { read_optional_pin(new, new_length) }?;
        module.sessions.set_pin(session, old, new)
    })
}
