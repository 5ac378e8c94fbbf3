//! A card that no table knows, in the first reader.

use fake_pcsc::Inside;
use simcard::Answer;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::rig::{Backend, Stay};

/// An answer to reset with fifteen historical bytes, of no card that exists.
const ATR: &[u8] = b"\x3B\x6F\x00\x00an unknown card";

/// A card that refuses every command, and notes what it is sent.
pub struct UnknownCard {
    chip: Arc<Chip>,
    _stay: Stay,
}

impl UnknownCard {
    /// Puts one whose answer to reset nobody knows into the first reader.
    ///
    /// # Panics
    /// Where the reader does not take it.
    pub fn insert() -> Self {
        Self::insert_with(ATR)
    }

    /// Puts one that answers so to reset into the first reader.
    ///
    /// # Panics
    /// Where the reader does not take it.
    pub fn insert_with(atr: &'static [u8]) -> Self {
        let chip = Arc::new(Chip { atr, commands: Mutex::default() });
        let stay = Stay::begin(Backend::of_this_program(), 0, Arc::clone(&chip) as Arc<dyn Inside>);
        Self { chip, _stay: stay }
    }

    /// Commands that it was sent.
    pub fn commands(&self) -> Vec<Vec<u8>> {
        self.chip.commands().clone()
    }
}

struct Chip {
    atr: &'static [u8],
    commands: Mutex<Vec<Vec<u8>>>,
}

impl Chip {
    fn commands(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.commands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside for Chip {
    fn atr(&self) -> Vec<u8> {
        self.atr.to_vec()
    }

    fn speaks_t1(&self) -> bool {
        false
    }

    fn reset(&self) {}

    fn power_off(&self) {}

    fn exchange(&self, command: &[u8]) -> (Answer, Duration) {
        self.commands().push(command.to_vec());
        (Answer::Bytes(vec![0x6D, 0x00]), Duration::ZERO)
    }
}
