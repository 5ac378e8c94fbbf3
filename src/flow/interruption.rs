//! A program that is told to stop, by its user or by the system. Before a PIN or code is sent it may end at once. From
//! then on it may not: it stops before the next one, or when everything was done, and says what is on the card.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What such a program is doing.
#[derive(Default)]
struct State {
    /// A PIN or code was sent, and what it is for is not done yet.
    sending: bool,
    /// It was told to stop.
    requested: bool,
}

static STATE: Mutex<State> = Mutex::new(State { sending: false, requested: false });
static DONE: Condvar = Condvar::new();

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program is told to stop. Returns whether it may end at once; from now on no PIN and no code is sent.
pub fn request() -> bool {
    let mut state = state();
    state.requested = true;
    !state.sending
}

/// Was it told to stop?
pub fn was_requested() -> bool {
    state().requested
}

/// Waits until nothing is being done to a card.
pub fn wait_until_done() {
    let state = state();
    drop(DONE.wait_while(state, |state| state.sending).unwrap_or_else(PoisonError::into_inner));
}

/// Asked before each PIN or code is sent.
pub(super) fn goes_on() -> bool {
    let mut state = state();
    if !state.requested {
        state.sending = true;
    }
    !state.requested
}

/// For as long as something is done to a card by PINs or codes.
pub(super) struct Section;

impl Drop for Section {
    fn drop(&mut self) {
        state().sending = false;
        DONE.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One test, because there is one state for the process.
    #[test]
    fn nothing_is_sent_after_a_request_and_what_was_begun_is_finished() {
        wait_until_done();
        assert!(goes_on());
        let section = Section;
        let waiting = std::thread::spawn(wait_until_done);
        assert!(!request() && was_requested());
        assert!(!goes_on());
        assert!(!waiting.is_finished());
        drop(section);
        waiting.join().unwrap();
        assert!(request() && !goes_on());
        *state() = State::default();
    }
}
