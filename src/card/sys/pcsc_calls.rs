//! Calls of the PC/SC library, which stand still while the process forks.
//!
//! pcsc-lite's library has one lock for the whole process; a child of a process that holds it at the moment of the
//! fork could never use the library. Short calls may hold it to their end, so a fork waits for them. Long calls, which
//! may wait for a card or an event, hold it at their beginning only. A program's own calls of that library are beyond
//! the module's reach.

use super::parked_threads;
use super::places::{LOOK, Place, Places, is_forking};

/// Calls under way. More at a time than there are places wait for one another.
pub(super) static UNDER_WAY: Places<128> = Places::new();

/// A call under way.
struct Call(&'static Place);

impl Call {
    /// Waits while somebody forks.
    fn begin() -> Self {
        loop {
            let call = UNDER_WAY.take_waited_for().map(Call);
            if let Some(call) = call
                && !is_forking()
            {
                return call;
            }
            // Given back before waiting, as whoever forks waits for it.
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// A call that the daemon answers at once.
pub(crate) fn short<R>(call: impl FnOnce() -> R) -> R {
    let under_way = Call::begin();
    let result = call();
    drop(under_way);
    parked_threads::run_on();
    result
}

/// A call that may wait for a card, for another program, or for an event.
pub(crate) fn long<R>(call: impl FnOnce() -> R) -> R {
    let under_way = Call::begin();
    under_way.0.runs_from_now();
    let result = call();
    drop(under_way);
    parked_threads::run_on();
    result
}
