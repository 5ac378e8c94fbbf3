//! What every call passes through: a panic of ours becomes CKR_GENERAL_ERROR instead of the program's end, and in
//! debug builds a return value that the standard does not permit ends the program.

use super::process::lifecycle;
use crate::p11::general::Module;
use crate::p11::{Fault, functions};
use avain_card::log::{self, Record};
use avain_card::sys::parked_threads::of_program;
use cryptoki_sys::{CK_RV, CKR_OK};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs a call of the function with this name, which is allowed at any time.
pub(super) fn always(name: &'static str, call: &dyn Fn() -> Result<(), Fault>) -> CK_RV {
    silence_panics();
    log::debug(|| Record::Called { function: name });
    // The locks are not poisoned by a panic, and every operation that was under way has been taken out of its
    // session before it is carried out: nothing half-done stays behind.
    let outcome = of_program(|| catch_unwind(AssertUnwindSafe(call))).unwrap_or(Err(Fault::GeneralError));
    let (code, result) = outcome.map_or_else(|fault| (fault.rv(), fault.name()), |()| (CKR_OK, "CKR_OK"));
    debug_assert!(permitted(name, code), "{name} must not return {result}");
    log::info(|| Record::Returned { function: name, result });
    code
}

/// The standard says nothing of functions that are not its own.
fn permitted(name: &str, code: CK_RV) -> bool {
    functions::function(name).is_none_or(|function| function.permits(code))
}

/// Runs a call that is allowed between C_Initialize and C_Finalize. One that C_Finalize overtakes, and that fails
/// because of it, says so.
pub(super) fn initialized(name: &'static str, call: &dyn Fn(&Module) -> Result<(), Fault>) -> CK_RV {
    always(name, &|| {
        let module = lifecycle().module()?;
        call(&module).map_err(|fault| if module.is_closed() { Fault::CryptokiNotInitialized } else { fault })
    })
}

/// A message on somebody else's terminal helps nobody; in a log it does. The hook is that of this library's own runtime;
/// the program's is another. In debug builds it is ours.
fn silence_panics() {
    // Not a `Once`: a child of a program that was just here would wait for it for ever.
    static SILENT: AtomicBool = AtomicBool::new(false);
    if !cfg!(debug_assertions) && !SILENT.swap(true, Ordering::AcqRel) {
        std::panic::set_hook(Box::new(|panic| {
            if let Some(place) = panic.location() {
                log::info(|| Record::Panicked(place));
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_general_error() {
        assert_eq!(always("C_GetInfo", &|| panic!("on purpose")), cryptoki_sys::CKR_GENERAL_ERROR);
        assert_eq!(always("C_GetInfo", &|| Ok(())), CKR_OK);
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "C_GetInfo must not return CKR_PIN_INCORRECT")]
    fn what_the_standard_does_not_permit_is_never_returned() {
        always("C_GetInfo", &|| Err(Fault::PinIncorrect));
    }
}
