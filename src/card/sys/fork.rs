//! The moment of a fork.

use super::calls;
use std::sync::atomic::{AtomicBool, Ordering};

/// Has calls of the PC/SC library pause for every fork. Done once, at the first C_Initialize. The library stays
/// mapped, so the functions are there as long as the process is.
pub fn watch() {
    static WATCHED: AtomicBool = AtomicBool::new(false);
    extern "C" fn before() {
        calls::pause();
    }
    extern "C" fn in_parent() {
        calls::resume();
    }
    extern "C" fn in_child() {
        calls::forget();
    }
    if !WATCHED.swap(true, Ordering::AcqRel) {
        // SAFETY: functions for ever, which allocate nothing and take no lock. Where they are refused for want of
        // memory, the module works, and a fork is as safe as the PC/SC library makes it.
        let _ = unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
    }
}
