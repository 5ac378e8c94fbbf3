//! C_WaitForSlotEvent (§5.5.4), and its end by C_Finalize.

use super::module::Module;
use crate::p11::Fault;
use avain_card::transport::watch::{ReaderState, Waiter, Waker};
use cryptoki_sys::CK_SLOT_ID;
use parking_lot::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// The first wait after a change is short, because a reader may have been plugged in just before it began.
const FIRST: Duration = Duration::from_secs(1);
/// The others last as long as the daemon's client library permits: it takes "infinite" for a minute, and counts
/// milliseconds in a C int.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// First pause between attempts while there is no daemon to wait on; each is twice as long as the one before.
const NO_DAEMON: Duration = Duration::from_millis(250);
/// The longest such pause.
const LONG_WITHOUT: Duration = Duration::from_secs(4);
/// After this time a wait that has not ended is woken again: it had not reached the daemon.
const AGAIN: Duration = Duration::from_millis(20);
/// C_Finalize waits no longer than this, not even for a daemon that does not answer.
const PATIENCE: Duration = Duration::from_secs(1);

impl Module {
    /// Returns the slot of the next event: a card or reader was added or removed. Without `block` only past events
    /// count.
    ///
    /// A blocked wait ends with [`Fault::CryptokiNotInitialized`] when the module is finalized, also if it is
    /// initialized again at once: it belongs to the use that it was begun in.
    pub fn wait_for_event(&self, block: bool) -> Result<CK_SLOT_ID, Fault> {
        let mut wait = Wait::default();
        loop {
            let seen = self.slots.look();
            let event = self.slots.take_event();
            // Checked last: C_Finalize causes changes that look like events.
            if self.is_closed() {
                return Err(Fault::CryptokiNotInitialized);
            }
            if let Some(slot) = event {
                return Ok(slot);
            }
            if !block {
                return Err(Fault::NoEvent);
            }
            wait.go_on(&self.waits, seen);
        }
    }
}

/// One call that waits.
#[derive(Default)]
struct Wait {
    waiter: Option<Waiter>,
    /// What was seen before the last wait.
    last: Vec<ReaderState>,
    /// The next pause while there is no daemon.
    pause: Option<Duration>,
}

impl Wait {
    /// Waits for a change of what was seen.
    fn go_on(&mut self, waits: &Waits, seen: Vec<ReaderState>) {
        let Some(waiter) = &mut self.waiter else {
            self.waiter = Waiter::new().ok();
            if self.waiter.is_none() {
                self.pause(waits);
            }
            // Connecting has taken a while: what is waited for is compared with what is there now.
            return;
        };
        let limit = if seen == self.last { LONGEST } else { FIRST };
        let waited = waits.during(waiter.waker(), || waiter.wait(&seen, limit));
        self.last = seen;
        match waited {
            Some(Err(_)) => {
                self.waiter = None;
                self.pause(waits);
            }
            _ => self.pause = None,
        }
    }

    fn pause(&mut self, waits: &Waits) {
        let time = self.pause.unwrap_or(NO_DAEMON);
        self.pause = Some(time.saturating_mul(2).min(LONG_WITHOUT));
        waits.pause(time);
    }
}

/// The waits in progress, which C_Finalize ends.
#[derive(Default)]
pub(super) struct Waits {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// No wait begins any more.
    over: bool,
    /// What wakes each of them, with a number.
    running: Vec<(u64, Waker)>,
    last_number: u64,
}

impl Waits {
    /// Waits, unless all waits are over.
    fn during<R>(&self, waker: Waker, wait: impl FnOnce() -> R) -> Option<R> {
        let mut state = self.state.lock();
        if state.over {
            return None;
        }
        let number = state.last_number.wrapping_add(1);
        state.last_number = number;
        state.running.push((number, waker));
        drop(state);
        let result = wait();
        self.state.lock().running.retain(|(running, _)| *running != number);
        self.changed.notify_all();
        Some(result)
    }

    /// Lets this time pass, or less when all waits are over.
    fn pause(&self, time: Duration) {
        let mut state = self.state.lock();
        self.changed.wait_while_for(&mut state, |state| !state.over, time);
    }

    /// Ends all waits, and returns when they have ended.
    pub(super) fn end(&self) {
        let start = Instant::now();
        let mut state = self.state.lock();
        state.over = true;
        self.changed.notify_all();
        while !state.running.is_empty() && start.elapsed() < PATIENCE {
            let wakers: Vec<_> = state.running.iter().map(|(_, waker)| waker.clone()).collect();
            MutexGuard::unlocked(&mut state, || wakers.iter().for_each(Waker::wake));
            self.changed.wait_while_for(&mut state, |state| !state.running.is_empty(), AGAIN);
        }
    }
}
