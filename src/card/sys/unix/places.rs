//! Where calls register while they run, so that a fork can wait for them.
//!
//! A fixed number of atomic places, taken and left without a lock: a forked child could inherit a lock in its locked
//! state.

use super::threads;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often a waiting thread looks again.
pub(super) const LOOK: Duration = Duration::from_micros(100);
/// A call that has run for this long is waiting for something, and holds no lock that a child would need.
pub(super) const SETTLED: Duration = Duration::from_millis(50);

/// No call has this place.
const FREE: u64 = 0;
/// A fork waits for the call that has this place.
const WAITED_FOR: u64 = u64::MAX;
/// A time long before any fork.
const LONG_AGO: u64 = 1;

/// How many threads are forking.
static FORKING: AtomicU32 = AtomicU32::new(0);

/// Is a thread about to fork?
pub(super) fn is_forking() -> bool {
    FORKING.load(Ordering::SeqCst) != 0
}

/// One more thread is about to fork.
pub(super) fn fork_begins() {
    FORKING.fetch_add(1, Ordering::SeqCst);
}

/// It has forked.
pub(super) fn fork_ends() {
    FORKING.fetch_sub(1, Ordering::SeqCst);
}

/// In the child: none of its threads is forking.
pub(super) fn nobody_forks() {
    FORKING.store(0, Ordering::SeqCst);
}

/// Microseconds since this was first called, and never one of the special values.
fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let micros = START.get_or_init(Instant::now).elapsed().as_micros();
    u64::try_from(micros).unwrap_or(WAITED_FOR).clamp(1, WAITED_FOR - 1)
}

/// A place for one call.
pub(super) struct Place {
    /// Free, waited for, or the time ([`now`]) since which the call has been running.
    state: AtomicU64,
    /// The thread whose call is out of the way as soon as it waits for bytes; 0 for none.
    reader: AtomicI32,
}

impl Place {
    const fn new() -> Self {
        Place { state: AtomicU64::new(FREE), reader: AtomicI32::new(0) }
    }

    fn take(&self, state: u64) -> bool {
        self.state.compare_exchange(FREE, state, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    fn set(&self, state: u64) {
        self.state.store(state, Ordering::SeqCst);
    }

    /// The call runs from now on. A fork waits for it for the time [`SETTLED`].
    pub(super) fn runs(&self) {
        self.set(now());
    }

    /// The call of this thread runs from now on. A fork waits for it as well, but not once it waits for bytes.
    pub(super) fn runs_until_it_reads(&self) {
        self.reader.store(threads::own(), Ordering::SeqCst);
        self.runs();
    }

    /// The call is paused: no fork waits for it.
    pub(super) fn pauses(&self) {
        self.set(LONG_AGO);
    }

    /// The call is over.
    pub(super) fn leave(&self) {
        self.reader.store(0, Ordering::SeqCst);
        self.set(FREE);
    }

    fn holds_up_a_fork(&self) -> bool {
        match self.state.load(Ordering::SeqCst) {
            FREE => false,
            WAITED_FOR => true,
            since => u128::from(now().saturating_sub(since)) < SETTLED.as_micros() && !self.reads(),
        }
    }

    fn reads(&self) -> bool {
        let reader = self.reader.load(Ordering::SeqCst);
        reader != 0 && threads::waits_for_bytes(reader)
    }
}

/// Places for up to `N` calls at a time.
pub(super) struct Places<const N: usize>([Place; N]);

impl<const N: usize> Places<N> {
    pub(super) const fn new() -> Self {
        Places([const { Place::new() }; N])
    }

    /// A free place for a call that a fork waits for, if there is one.
    pub(super) fn take_waited_for(&self) -> Option<&Place> {
        self.0.iter().find(|place| place.take(WAITED_FOR))
    }

    /// A free place for a call that is paused, if there is one.
    pub(super) fn take_paused(&self) -> Option<&Place> {
        self.0.iter().find(|place| place.take(LONG_AGO))
    }

    /// Is any call here in the way of a fork?
    pub(super) fn hold_up_a_fork(&self) -> bool {
        self.0.iter().any(Place::holds_up_a_fork)
    }

    /// In the child: the threads whose calls were running do not exist there.
    pub(super) fn clear(&self) {
        self.0.iter().for_each(Place::leave);
    }
}
