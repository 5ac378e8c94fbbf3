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

/// Whether the standard permits this function to give this code.
///
/// # Panics
/// Where there is no such function.
pub fn permitted(function: &str, code: CK_RV) -> bool {
    let known = standard::function(function);
    known.unwrap_or_else(|| panic!("{function} is no function of the standard")).permits(code)
}
