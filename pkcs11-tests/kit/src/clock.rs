//! The clock of this process. Tests move it on instead of waiting: the function of the C library is replaced for this
//! program and for the modules that it loads.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use libc::{CLOCK_MONOTONIC, SYS_clock_gettime, c_int, clockid_t, timespec};

/// Seconds.
static AHEAD: AtomicI64 = AtomicI64::new(0);
static STOPPED: AtomicBool = AtomicBool::new(false);

/// So many whole seconds pass. What waits with a limit meanwhile waits longer by as much, until [`set_back`].
pub(crate) fn move_on(by: Duration) {
    AHEAD.fetch_add(by.as_secs() as i64, Ordering::SeqCst);
}

/// No time passes any more: what depends on it is the same on every machine.
pub fn stop_clock() {
    STOPPED.store(true, Ordering::SeqCst);
}

/// The clock is right again.
pub(crate) fn set_back() {
    AHEAD.store(0, Ordering::SeqCst);
}

/// # Safety
/// As that of the C library.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    // SAFETY: the caller's arguments are passed on.
    let outcome = unsafe { libc::syscall(SYS_clock_gettime, clock, time) };
    if outcome == 0 && clock == CLOCK_MONOTONIC {
        // SAFETY: the kernel has just written there.
        let time = unsafe { &mut *time };
        time.tv_sec += AHEAD.load(Ordering::SeqCst);
        if STOPPED.load(Ordering::SeqCst) {
            (time.tv_sec, time.tv_nsec) = (1, 0);
        }
    }
    outcome as c_int
}
