//! A card that hangs: it answers a command when it is told to, not before.

use fake_pcsc::Inside;
use simcard::{Answer, Card};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So long a card hangs at most: what waits for it in vain is to fail, not to wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Default, PartialEq)]
enum State {
    #[default]
    Open,
    /// It will hang at the next command that begins so, behind its class.
    Closed(Vec<u8>),
    Hangs,
    GaveUp,
}

/// What stands between a card and its reader.
pub struct Gate {
    card: Arc<Mutex<Card>>,
    state: Mutex<State>,
    changed: Condvar,
}

impl Gate {
    pub(crate) fn new(card: Arc<Mutex<Card>>) -> Self {
        Self { card, state: Mutex::default(), changed: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the card hang at the next command that begins so behind its class, until the result is dropped.
    pub fn hang_at(&self, instruction: &[u8]) -> Hang<'_> {
        *self.state() = State::Closed(instruction.to_vec());
        Hang(self)
    }
}

impl Inside for Gate {
    fn atr(&self) -> Vec<u8> {
        self.card.atr()
    }

    fn speaks_t1(&self) -> bool {
        self.card.speaks_t1()
    }

    fn reset(&self) {
        self.card.reset();
    }

    fn power_off(&self) {
        self.card.power_off();
    }

    fn exchange(&self, command: &[u8]) -> (Answer, Duration) {
        let mut state = self.state();
        let is_meant = match &*state {
            State::Closed(instruction) => {
                command.get(1..).is_some_and(|command| command.starts_with(instruction))
            }
            _ => false,
        };
        if is_meant {
            *state = State::Hangs;
            let hangs = |state: &mut State| *state == State::Hangs;
            let waited = self.changed.wait_timeout_while(state, PATIENCE, hangs);
            let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            if timeout.timed_out() {
                *state = State::GaveUp;
            }
        } else {
            drop(state);
        }
        self.card.exchange(command)
    }
}

/// The card hangs, or is about to; until this is dropped.
pub struct Hang<'g>(&'g Gate);

impl Hang<'_> {
    /// Whether it hangs now.
    pub fn hangs(&self) -> bool {
        *self.0.state() == State::Hangs
    }
}

impl Drop for Hang<'_> {
    fn drop(&mut self) {
        *self.0.state() = State::Open;
        self.0.changed.notify_all();
    }
}
