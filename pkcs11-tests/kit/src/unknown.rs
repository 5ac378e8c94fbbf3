//! A card that no table knows, in the first reader.

use fake_pcsc::Inside;
use simcard::Answer;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::rig::{Backend, Rig, Stay};

/// A card that refuses every command, and notes what it is sent.
pub struct UnknownCard {
    chip: Arc<Chip>,
    _stay: Stay,
}

impl UnknownCard {
    /// An answer to reset with fifteen historical bytes, of no card that exists.
    pub const ATR: &[u8] = b"\x3B\x6F\x00\x00an unknown card";
    /// That of a card that does not answer. Only a reader that can have a keypad sees it; vpcd takes it for none.
    pub const MUTE: &[u8] = &[];

    /// Puts one whose answer to reset nobody knows into the first reader.
    ///
    /// # Panics
    /// Where the reader does not take it.
    pub fn insert() -> Self {
        Self::insert_with(Self::ATR)
    }

    /// Puts one that answers so to reset into the first reader.
    ///
    /// # Panics
    /// Where the reader does not take it.
    pub fn insert_with(atr: &'static [u8]) -> Self {
        Self::stay(atr, |inside| Stay::begin(Backend::of_this_program(), 0, inside))
    }

    /// Puts one that answers so to reset into the first reader of this rig.
    ///
    /// # Panics
    /// Where the reader does not take it.
    pub fn insert_into(rig: &Rig, atr: &'static [u8]) -> Self {
        Self::stay(atr, |inside| rig.begin_stay(0, inside))
    }

    fn stay(atr: &'static [u8], begin: impl FnOnce(Arc<dyn Inside>) -> Stay) -> Self {
        let chip = Arc::new(Chip { atr, commands: Mutex::default() });
        let stay = begin(Arc::clone(&chip) as Arc<dyn Inside>);
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
