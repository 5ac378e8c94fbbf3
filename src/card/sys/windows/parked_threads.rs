//! Calls of the program, which no fork waits for.

/// Runs a call that the program made to the module.
pub fn of_program<R>(call: impl FnOnce() -> R) -> R {
    call()
}

/// Runs something that waits for long.
pub(in crate::sys) fn waiting<R>(wait: impl FnOnce() -> R) -> R {
    wait()
}
