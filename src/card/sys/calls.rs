//! What is under way in this process, and a pause in it for every fork.
//!
//! Two things would be left locked for ever in a child, if one of its parent's threads held them at the moment of the
//! fork: the one lock that the library of pcsc-lite has for the whole process, and a part of the table in which
//! waiting threads stand (`parking_lot` has one for the process). So for the moment of a fork the module stands still.
//! No call begins. Short calls of the PC/SC library, which may hold its lock to their end, are waited for; calls that
//! may wait long for a card or an event hold it at their beginning only, and stand still at their end. A thread that
//! has run for longer than a moment without such a call waits for a lock, and no longer touches the table.
//!
//! There is no lock here for a child to inherit. A program's own calls of that library are beyond the module's reach.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// After this time a long call is surely past its beginning.
const SETTLED: Duration = Duration::from_millis(50);
/// No fork waits longer, not even for a daemon that does not answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a waiting thread looks again.
const LOOK: Duration = Duration::from_micros(100);

thread_local! {
    /// This thread's place among the calls of the program.
    static OWN: Cell<Option<&'static AtomicU64>> = const { Cell::new(None) };
}

/// No call is under way here.
const FREE: u64 = 0;
/// A short call is under way here. Any other number: a long one, begun at that time.
const SHORT: u64 = u64::MAX;
/// A time long before any fork.
const LONG_AGO: u64 = 1;

/// Calls of the PC/SC library under way. More at a time than there are places wait for one another.
static UNDER_WAY: [AtomicU64; 128] = [const { AtomicU64::new(FREE) }; 128];
/// Calls of the program under way, and when each was last seen to run. More than there are places go unnoticed.
static RUNNING: [AtomicU64; 256] = [const { AtomicU64::new(FREE) }; 256];
/// How many threads are forking.
static FORKING: AtomicU32 = AtomicU32::new(0);

/// Microseconds since the first question, and never one of the special numbers.
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_micros()).unwrap_or(SHORT).clamp(1, SHORT - 1)
}

/// A call under way.
struct Call(&'static AtomicU64);

impl Call {
    /// Waits while somebody forks.
    fn begin() -> Self {
        loop {
            let call = Self::place();
            if let Some(call) = call
                && FORKING.load(Ordering::SeqCst) == 0
            {
                return call;
            }
            // Given back before waiting, as whoever forks waits for it.
            std::thread::sleep(LOOK);
        }
    }

    fn place() -> Option<Self> {
        let taken = |place: &&AtomicU64| {
            place.compare_exchange(FREE, SHORT, Ordering::SeqCst, Ordering::SeqCst).is_ok()
        };
        UNDER_WAY.iter().find(taken).map(Call)
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.0.store(FREE, Ordering::SeqCst);
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
    let under_way = Call::begin();
    under_way.0.store(now(), Ordering::SeqCst);
    let result = call();
    drop(under_way);
    run_on();
    result
}

/// A call of the program. It must not unwind.
pub fn of_program<R>(call: impl FnOnce() -> R) -> R {
    let free = |place: &&AtomicU64| {
        place.compare_exchange(FREE, LONG_AGO, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    };
    let own = RUNNING.iter().find(free);
    let outer = OWN.replace(own);
    run_on();
    let result = call();
    if let Some(own) = own {
        own.store(FREE, Ordering::SeqCst);
    }
    OWN.set(outer);
    result
}

/// From here on this thread runs; while somebody forks it stands still.
fn run_on() {
    let Some(own) = OWN.get() else { return };
    loop {
        own.store(now(), Ordering::SeqCst);
        if FORKING.load(Ordering::SeqCst) == 0 {
            return;
        }
        own.store(LONG_AGO, Ordering::SeqCst);
        std::thread::sleep(LOOK);
    }
}

/// Before a fork: from now on no call begins, and those under way stand still or wait.
pub fn pause() {
    FORKING.fetch_add(1, Ordering::SeqCst);
    let start = Instant::now();
    let settled = u64::try_from(SETTLED.as_micros()).unwrap_or(SHORT);
    let in_the_way = || {
        UNDER_WAY.iter().chain(&RUNNING).any(|place| match place.load(Ordering::SeqCst) {
            FREE => false,
            SHORT => true,
            begun => now().saturating_sub(begun) < settled,
        })
    };
    while in_the_way() && start.elapsed() < PATIENCE {
        std::thread::sleep(LOOK);
    }
}

/// After a fork, in the parent.
pub fn resume() {
    FORKING.fetch_sub(1, Ordering::SeqCst);
}

/// After a fork, in the child: it has none of the threads whose calls were under way.
pub fn forget() {
    UNDER_WAY.iter().chain(&RUNNING).for_each(|place| place.store(FREE, Ordering::SeqCst));
    FORKING.store(0, Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;

    /// One test, because there is one set of places for the process.
    #[test]
    fn a_pause_waits_for_short_calls_and_holds_new_ones_back() {
        let (inside, leave) = (AtomicBool::new(false), AtomicBool::new(false));
        let until = |flag: &AtomicBool| {
            while !flag.load(Ordering::SeqCst) {
                std::thread::sleep(LOOK);
            }
        };
        let begin = |kind: fn(&dyn Fn())| {
            kind(&|| {
                inside.store(true, Ordering::SeqCst);
                until(&leave);
            });
        };
        std::thread::scope(|scope| {
            // A call that takes long does not hold the fork up.
            let waiting = scope.spawn(|| begin(|call| long(call)));
            until(&inside);
            let start = Instant::now();
            pause();
            assert!(start.elapsed() < PATIENCE);
            // Nothing begins now.
            let held = scope.spawn(|| short(Instant::now));
            std::thread::sleep(SETTLED);
            let resumed = Instant::now();
            resume();
            assert!(held.join().unwrap() >= resumed);
            leave.store(true, Ordering::SeqCst);
            waiting.join().unwrap();
            // A short one is waited for.
            inside.store(false, Ordering::SeqCst);
            leave.store(false, Ordering::SeqCst);
            let ending = scope.spawn(|| begin(|call| short(call)));
            until(&inside);
            let pausing = scope.spawn(pause);
            std::thread::sleep(SETTLED);
            assert!(!pausing.is_finished());
            leave.store(true, Ordering::SeqCst);
            pausing.join().unwrap();
            resume();
            ending.join().unwrap();
        });
        // The child has none of it.
        pause();
        forget();
        assert_eq!(short(|| 1), 1);
    }
}
