//! What can be in a reader.

use simcard::cards::Protocol;
use simcard::keypad::Controlled;
use simcard::{Answer, Card};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What is in a reader: a card, or whatever answers like one.
pub trait Inside: Send + Sync {
    /// Its answer to reset, 33 bytes at most.
    fn atr(&self) -> Vec<u8>;
    /// Whether it speaks T=1.
    fn speaks_t1(&self) -> bool;
    /// A warm reset.
    fn reset(&self);
    /// Power is gone.
    fn power_off(&self);
    /// Answers a command, after this time; or is pulled out.
    fn exchange(&self, command: &[u8]) -> (Answer, Duration);
    /// What a control code for the reader does; it may be busy with the card meanwhile.
    fn control(&self, _code: u32, _data: &[u8]) -> Controlled {
        Controlled::Unknown
    }
    /// Whether the keypad still waits for a user who does not come.
    fn hangs(&self) -> bool {
        false
    }
}

/// A test that panicked with the card in its hands has not harmed the card.
pub(crate) fn lock(card: &Mutex<Card>) -> MutexGuard<'_, Card> {
    card.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inside for Mutex<Card> {
    fn atr(&self) -> Vec<u8> {
        lock(self).atr().to_vec()
    }

    fn speaks_t1(&self) -> bool {
        lock(self).protocol() == Protocol::T1
    }

    fn reset(&self) {
        lock(self).reset();
    }

    fn power_off(&self) {
        lock(self).power_off();
    }

    fn exchange(&self, command: &[u8]) -> (Answer, Duration) {
        lock(self).exchange_and_delay(command)
    }

    fn control(&self, code: u32, data: &[u8]) -> Controlled {
        lock(self).control(code, data)
    }

    fn hangs(&self) -> bool {
        lock(self).keypad_hangs()
    }
}
