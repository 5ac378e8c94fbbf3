//! What every call passes through. A panic becomes CKR_GENERAL_ERROR instead of ending the program; in debug builds a
//! return value that the standard does not permit is a panic.

use super::process::lifecycle;
use crate::p11::general::Module;
use crate::p11::{Fault, functions};
use avain_card::log::{self, Record};
use avain_card::sys::leftovers;
use avain_card::sys::parked_threads::of_program;
use cryptoki_sys::{CK_RV, CKR_OK};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs a call of the function with this name, which may be called at any time. Neither a key nor a PIN passes through it.
pub(super) fn always(name: &'static str, call: &dyn Fn() -> Result<(), Fault>) -> CK_RV {
    silence_panics();
    log::debug(|| Record::Called { function: name });
    // Nothing half-done stays behind: a panic does not poison the locks, and an operation is taken out of its session
    // before it is carried out.
    let outcome = of_program(|| catch_unwind(AssertUnwindSafe(call))).unwrap_or(Err(Fault::GeneralError));
    let (code, result) = outcome.map_or_else(|fault| (fault.rv(), fault.name()), |()| (CKR_OK, "CKR_OK"));
    debug_assert!(permitted(name, code), "{name} must not return {result}");
    log::info(|| Record::Returned { function: name, result });
    code
}

/// The standard does not speak about vendor functions.
fn permitted(name: &str, code: CK_RV) -> bool {
    functions::function(name).is_none_or(|function| function.permits(code))
}

/// Runs a call that needs C_Initialize, and overwrites what it has left on the stack: keys and PINs pass through there. If it
/// fails and C_Finalize was called meanwhile, it returns
/// CKR_CRYPTOKI_NOT_INITIALIZED.
pub(super) fn initialized(name: &'static str, call: &dyn Fn(&Module) -> Result<(), Fault>) -> CK_RV {
    leftovers::cleaned(|| harmless(name, call))
}

/// The same for a call through which neither a key nor a PIN passes: it does not use the card, nor keys of the program.
/// Programs make these by the thousand, and to overwrite the stack takes longer than most of them.
pub(super) fn harmless(name: &'static str, call: &dyn Fn(&Module) -> Result<(), Fault>) -> CK_RV {
    always(name, &|| {
        let module = lifecycle().module()?;
        call(&module).map_err(|fault| if module.is_closed() { Fault::CryptokiNotInitialized } else { fault })
    })
}

/// Sends panic messages to the log instead of the program's terminal. The hook belongs to this library's copy of the
/// Rust runtime, not to the program's. In debug builds, where tests link both, it stays as it is.
fn silence_panics() {
    // Not a `Once`: a child forked while another thread is inside would wait for it for ever.
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
