//! Calls of the program, which stand still while the process forks. That is for the sake of `parking_lot`.
//!
//! It keeps all threads that wait for one of its locks in one table for the whole process, and each part of the table has
//! a lock of its own. A child of a process in which a thread held one of those at the moment of the fork would wait for
//! it for ever. A thread holds one only for an instant, when it begins to wait or wakes another; one that has run for
//! longer than a moment without a PC/SC call is taken to be waiting, and no longer touches the table.
//!
//! Besides, nobody is in the middle of turning the log on then. Locks that need no such table would make this file
//! unnecessary.

use super::places::{LOOK, Place, Places, is_forking};
use std::cell::Cell;

/// Calls under way, and since when each is known to run. More than there are places go unnoticed.
pub(super) static RUNNING: Places<256> = Places::new();

thread_local! {
    /// The place of this thread's call.
    static OWN: Cell<Option<&'static Place>> = const { Cell::new(None) };
}

/// A call of the program. It must not unwind.
pub fn of_program<R>(call: impl FnOnce() -> R) -> R {
    let own = RUNNING.take_standing_still();
    let outer = OWN.replace(own);
    run_on();
    let result = call();
    if let Some(own) = own {
        own.leave();
    }
    OWN.set(outer);
    result
}

/// From here on this thread runs; while somebody forks it stands still.
pub(super) fn run_on() {
    let Some(own) = OWN.get() else { return };
    loop {
        own.runs_from_now();
        if !is_forking() {
            return;
        }
        own.stands_still();
        std::thread::sleep(LOOK);
    }
}
