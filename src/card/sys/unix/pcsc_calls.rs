//! Calls to the PC/SC library, which pause while the process forks.
//!
//! The pcsc-lite library has locks for the whole process. If a thread held one at the time of the fork, the child
//! could never use the library. Short calls may hold one until they return, so a fork waits for them. Long calls,
//! which may wait for a card or an event, hold one at their beginning only. Calls that the program itself makes to
//! that library are beyond our reach.

use super::parked_threads::{run_on, waiting};
use super::places::{LOOK, Place, Places, is_forking};

/// Whether a wait that does not know that a card is in use ends at once: not in pcsc-lite.
pub(crate) const WAITS_FOR_USE: bool = false;

/// The calls that are running. When all places are taken, further calls wait for one.
pub(super) static UNDER_WAY: Places<128> = Places::new();

/// A running call.
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
            // The place is given up before waiting, because the fork waits for it.
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
    run_on();
    result
}

/// A call that may wait for a card, for another program, or for an event.
pub(crate) fn long<R>(call: impl FnOnce() -> R) -> R {
    begun(Place::runs, call)
}

/// A long call that holds a lock no longer once it reads the daemon's answer: one about a card that is connected.
pub(crate) fn of_card<R>(call: impl FnOnce() -> R) -> R {
    begun(Place::runs_until_it_reads, call)
}

fn begun<R>(state: fn(&Place), call: impl FnOnce() -> R) -> R {
    waiting(|| {
        let under_way = Call::begin();
        state(under_way.0);
        call()
    })
}
