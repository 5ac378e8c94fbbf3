//! Calls that programs make to the module, which pause while the process forks. This is needed because of
//! `parking_lot`.
//!
//! `parking_lot` has one table for the whole process of the threads that wait for its locks, and each bucket of the
//! table has a lock. If a thread held one of these at the time of the fork, it would stay locked in the child for
//! ever. Threads hold them only for an instant, when they begin to wait or wake another thread. A thread that is inside
//! a long call of PC/SC or waits for a [`LongLock`](crate::sys::long_lock::LongLock) holds none; one that has run for longer
//! than `SETTLED` otherwise is taken to be waiting already.
//!
//! It also keeps forks away from the moment in which the log is set up. With locks that need no such table, and a log
//! that is set up otherwise, this file would not be needed.

use super::places::{LOOK, Place, Places, is_forking};
use std::cell::Cell;

/// The calls that are running. When all places are taken, further calls go unnoticed.
pub(super) static RUNNING: Places<256> = Places::new();

thread_local! {
    /// The place of this thread's call.
    static OWN: Cell<Option<&'static Place>> = const { Cell::new(None) };
}

/// Runs a call that the program made to the module. It must not unwind.
pub fn of_program<R>(call: impl FnOnce() -> R) -> R {
    let own = RUNNING.take_paused();
    let outer = OWN.replace(own);
    run_on();
    let result = call();
    if let Some(own) = own {
        own.leave();
    }
    OWN.set(outer);
    result
}

/// Runs something that waits for long and uses no lock of `parking_lot`: no fork waits for it.
pub(in crate::sys) fn waiting<R>(wait: impl FnOnce() -> R) -> R {
    if let Some(own) = OWN.get() {
        own.pauses();
    }
    let result = wait();
    run_on();
    result
}

/// This thread runs on; while a thread forks, it pauses first.
pub(super) fn run_on() {
    let Some(own) = OWN.get() else { return };
    loop {
        own.runs();
        if !is_forking() {
            return;
        }
        own.pauses();
        std::thread::sleep(LOOK);
    }
}
