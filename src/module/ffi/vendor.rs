//! The vendor interface, as `include/avain.h` declares it.

use super::arguments::{Activation, ActivationCall, optional_sized_out, sized_out};
use super::boundary::initialized;
use crate::p11::Fault;
use crate::p11::vendor::{ActivationResult, CardStatus};
use cryptoki_sys::*;
use std::ffi::CStr;

/// The interface's name (§5.4.6: "Vendor " and the vendor's name).
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

/// The state of the card, asked of it anew.
pub(super) unsafe extern "C" fn AVN_GetCardStatus(slot: CK_SLOT_ID, status: *mut CardStatus) -> CK_RV {
    initialized("AVN_GetCardStatus", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let status = unsafe { sized_out(status) }?;
        status.put(module.card_status(slot)?)
    })
}

/// Sets one PIN or both. The result tells what was done even where something failed, but not of bad arguments.
pub(super) unsafe extern "C" fn AVN_Activate(
    slot: CK_SLOT_ID,
    activation: *const Activation,
    result: *mut ActivationResult,
) -> CK_RV {
    initialized("AVN_Activate", &|module| {
        // SAFETY: what every caller owes, see the head of `ffi`.
        let call = unsafe { ActivationCall::at(activation) }?;
        // SAFETY: what every caller owes, see the head of `ffi`.
        let place = unsafe { optional_sized_out(result) }?;
        let mut result = ActivationResult::nothing();
        let outcome = module.activate(slot, &call.request, &mut |step| {
            result.note(step);
            call.tell(&step);
        });
        if let Some(place) = place.filter(|_| outcome != Err(Fault::ArgumentsBad)) {
            place.put(result)?;
        }
        outcome
    })
}
