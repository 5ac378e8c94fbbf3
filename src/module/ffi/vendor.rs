//! The vendor interface, as `include/avain.h` declares it.

use super::arguments::{Activation, ActivationRequest, optional_sized_out, sized_out};
use super::entry;
use crate::p11::vendor::{ActivationResult, CardStatus};
use cryptoki_sys::*;
use std::ffi::CStr;

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

entry! {
    /// How the card stands, asked of it anew.
    AVN_GetCardStatus(slot: CK_SLOT_ID, status: *mut CardStatus)
    with status = sized_out(status); |module| status.put(module.card_status(slot)?)
}

entry! {
    /// Sets one PIN or both. What was done is told also where something failed.
    AVN_Activate(slot: CK_SLOT_ID, activation: *const Activation, result: *mut ActivationResult)
    with request = ActivationRequest::at(activation), place = optional_sized_out(result); |module| {
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
