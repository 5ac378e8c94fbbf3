//! When readers and cards come and go, for programs that stay.

use super::readers::name;
use avain_card::transport::watch::{ReaderState, Waiter, Watch};
use std::thread;
use std::time::Duration;

/// A reader as it was seen, without asking its card anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its name.
    pub reader: String,
    /// Is there a card?
    pub card: bool,
    /// Another number for each card that is put in, until the daemon is started anew; that is the first number.
    pub insertion: (u32, u32),
}

/// How long a wait is at most, should the daemon end without a word.
const LIMIT: Duration = Duration::from_secs(60);
/// How long it is waited for a daemon.
const NO_DAEMON: Duration = Duration::from_secs(2);

/// Waits for readers and cards.
#[derive(Default)]
pub struct Presence {
    watch: Watch,
    waiter: Option<Waiter>,
    states: Vec<ReaderState>,
}

impl Presence {
    /// All readers as they are now. Without a daemon there are none.
    pub fn now(&mut self) -> Vec<Seen> {
        // A question that fails tells nothing new.
        if let Ok(states) = self.watch.snapshot() {
            self.states = states;
        }
        self.states.iter().map(seen).collect()
    }

    /// Waits until a reader or a card has come or gone since the last look; or for a while.
    pub fn wait(&mut self) {
        if self.waiter.is_none() {
            self.waiter = Waiter::new().ok();
        }
        let waited = self.waiter.as_mut().map(|waiter| waiter.wait(&self.states, LIMIT));
        if !matches!(waited, Some(Ok(()))) {
            self.waiter = None;
            thread::sleep(NO_DAEMON);
        }
    }
}

fn seen(state: &ReaderState) -> Seen {
    Seen { reader: name(state), card: state.card.is_some(), insertion: (state.daemon, state.events) }
}
