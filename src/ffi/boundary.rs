//! What every call passes through: a panic of ours becomes CKR_GENERAL_ERROR instead of the program's end.

use super::process::lifecycle;
use crate::p11::{Fault, Module};
use cryptoki_sys::{CK_RV, CKR_OK};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs a call that is allowed at any time.
pub(super) fn always(call: impl FnOnce() -> Result<(), Fault>) -> CK_RV {
    silence_panics();
    // The locks are not poisoned by a panic, and every operation that was under way has been taken out of its
    // session before it is carried out: nothing half-done stays behind.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(())) => CKR_OK,
        Ok(Err(fault)) => fault.rv(),
        Err(_) => Fault::General.rv(),
    }
}

/// Runs a call that is allowed between C_Initialize and C_Finalize.
pub(super) fn initialized(call: impl FnOnce(&Module) -> Result<(), Fault>) -> CK_RV {
    always(|| call(lifecycle().module()?.as_ref()))
}

/// A message on somebody else's terminal helps nobody. The hook is that of this library's own runtime; the
/// program's is another.
fn silence_panics() {
    // Not a `Once`: a child of a program that was just here would wait for it for ever.
    static SILENT: AtomicBool = AtomicBool::new(false);
    if !cfg!(test) && !SILENT.swap(true, Ordering::AcqRel) {
        std::panic::set_hook(Box::new(|_| {}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_general_error() {
        assert_eq!(always(|| panic!("on purpose")), cryptoki_sys::CKR_GENERAL_ERROR);
        assert_eq!(always(|| Ok(())), CKR_OK);
    }
}
