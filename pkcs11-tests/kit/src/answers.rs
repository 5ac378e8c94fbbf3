//! Return values: their names, and which function may give which.

use cryptoki_sys::*;
use spy::standard;

/// The standard's name of a return value.
pub fn name(code: CK_RV) -> String {
    standard::name(code).map_or_else(|| format!("{code:#x}"), str::to_owned)
}

/// The call must have been refused with this code.
///
/// # Panics
/// Where it was not.
#[track_caller]
pub fn refused<T>(outcome: Result<T, CK_RV>, code: CK_RV) {
    let got = outcome.err().unwrap_or(CKR_OK);
    assert!(got == code, "{} instead of {}", name(got), name(code));
}

/// What the functions of the vendor interface may give: what any function on a slot may, and what `avain.h` names.
const OF_THE_VENDOR: &[CK_RV] = &[
    CKR_OK,
    CKR_CRYPTOKI_NOT_INITIALIZED,
    CKR_DEVICE_ERROR,
    CKR_DEVICE_REMOVED,
    CKR_FUNCTION_REJECTED,
    CKR_PIN_INCORRECT,
    CKR_PIN_INVALID,
    CKR_PIN_LEN_RANGE,
    CKR_PIN_LOCKED,
    CKR_SLOT_ID_INVALID,
    CKR_TOKEN_NOT_PRESENT,
    CKR_TOKEN_NOT_RECOGNIZED,
    CKR_TOKEN_WRITE_PROTECTED,
];

/// Whether the standard permits this function to give this code; of the vendor interface, whether its header does.
///
/// # Panics
/// Where there is no such function.
pub fn permitted(function: &str, code: CK_RV) -> bool {
    if function.starts_with("AVN_") {
        return OF_THE_VENDOR.contains(&code);
    }
    let known = standard::function(function);
    known.unwrap_or_else(|| panic!("{function} is no function of the standard")).permits(code)
}
