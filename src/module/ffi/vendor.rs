//! The vendor interface, as `include/avain.h` declares it.

use super::entry;
use super::ptr::{Request, SizedOut};
use crate::p11::vendor::{ActivationResult, CardStatus};
use cryptoki_sys::*;
use std::ffi::{CStr, c_void};

/// The interface's name (§5.4.6: "Vendor " and who it is).
pub(super) const NAME: &CStr = c"Vendor avain";

/// AVAIN_FUNCTION_LIST.
#[repr(C)]
pub(super) struct FunctionList {
    pub(super) version: CK_VERSION,
    get_card_status: unsafe extern "C" fn(CK_SLOT_ID, *mut CardStatus) -> CK_RV,
    activate: unsafe extern "C" fn(CK_SLOT_ID, *const Activation, *mut ActivationResult) -> CK_RV,
}

pub(super) static V1_0: FunctionList = FunctionList {
    version: CK_VERSION { major: 1, minor: 0 },
    get_card_status: AVN_GetCardStatus,
    activate: AVN_Activate,
};

/// AVAIN_ACTIVATION.
#[repr(C)]
#[derive(Clone, Copy)]
pub(super) struct Activation {
    pub(super) size: CK_ULONG,
    pub(super) flags: CK_FLAGS,
    pub(super) code: *const CK_UTF8CHAR,
    pub(super) code_length: CK_ULONG,
    pub(super) pin1: *const CK_UTF8CHAR,
    pub(super) pin1_length: CK_ULONG,
    pub(super) pin2: *const CK_UTF8CHAR,
    pub(super) pin2_length: CK_ULONG,
    pub(super) progress: Option<Progress>,
    pub(super) context: *mut c_void,
}

/// AVAIN_PROGRESS.
pub(super) type Progress = unsafe extern "C" fn(*const crate::p11::vendor::Step, *mut c_void);

entry! {
    /// How the card stands, asked of it anew.
    AVN_GetCardStatus(slot: CK_SLOT_ID, status: *mut CardStatus)
    with status = SizedOut::at(status); |module| status.put(module.card_status(slot)?)
}

entry! {
    /// Sets one PIN or both. What was done is told also where something failed.
    AVN_Activate(slot: CK_SLOT_ID, activation: *const Activation, result: *mut ActivationResult)
    with request = Request::at(activation), place = SizedOut::unless_null(result); |module| {
        let mut result = ActivationResult::nothing();
        let outcome = module.activate(slot, &request.wish, &mut |step| {
            result.note(step);
            request.tell(&step);
        });
        if let Some(place) = place {
            place.put(result)?;
        }
        outcome
    }
}
