//! What went over the line, one entry per TPDU: a GET RESPONSE is an exchange of its own.

use serde::Serialize;
use std::collections::VecDeque;
use std::fmt;

/// Entries kept; older ones are forgotten (the counters are not), so that a soak test does not eat the memory.
const KEPT: usize = 100_000;

/// One command and its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exchange {
    /// Counts from 1 since the card was made.
    pub number: u64,
    /// The command; in credential commands every byte behind the five-byte header is `*` (2A).
    pub command: Vec<u8>,
    /// Whether bytes of the command were masked.
    pub masked: bool,
    /// Answer data and status as sent, faults included.
    pub answer: Vec<u8>,
    /// Modelled time in milliseconds.
    pub milliseconds: f64,
    /// The fault that was played, if any.
    pub fault: Option<String>,
}

impl Exchange {
    /// Status bytes of the answer, if it has two bytes at least.
    pub fn status(&self) -> Option<u16> {
        let [.., high, low] = self.answer.as_slice() else { return None };
        Some(u16::from_be_bytes([*high, *low]))
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ", self.number)?;
        for (position, byte) in self.command.iter().enumerate() {
            if self.masked && position >= 5 { write!(out, "**")? } else { write!(out, "{byte:02X}")? }
        }
        write!(out, " > ")?;
        for byte in &self.answer {
            write!(out, "{byte:02X}")?;
        }
        write!(out, " ({:.1} ms)", self.milliseconds)?;
        match &self.fault {
            Some(fault) => write!(out, " fault {fault}"),
            None => Ok(()),
        }
    }
}

/// A point in the log, to count from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Mark {
    /// Exchanges before it.
    pub count: u64,
    /// Milliseconds before it.
    pub milliseconds: f64,
    /// Resets before it.
    pub resets: u64,
    /// Private-key operations before it.
    pub operations: u64,
}

/// The log of a card.
#[derive(Clone, Debug, Default)]
pub struct Log {
    exchanges: VecDeque<Exchange>,
    now: Mark,
    mark: Mark,
}

impl Log {
    /// Exchanges since the card was made.
    pub fn count(&self) -> u64 {
        self.now.count
    }

    /// Modelled milliseconds since the card was made.
    pub fn total_ms(&self) -> f64 {
        self.now.milliseconds
    }

    /// Power-ups, power-downs and warm resets since the card was made.
    pub fn resets(&self) -> u64 {
        self.now.resets
    }

    /// Private-key operations since the card was made.
    pub fn operations(&self) -> u64 {
        self.now.operations
    }

    /// Sets the mark here and returns it.
    pub fn mark(&mut self) -> Mark {
        self.mark = self.now;
        self.mark
    }

    /// What happened since the last [`Log::mark`].
    pub fn since_mark(&self) -> Mark {
        Mark {
            count: self.now.count - self.mark.count,
            milliseconds: self.now.milliseconds - self.mark.milliseconds,
            resets: self.now.resets - self.mark.resets,
            operations: self.now.operations - self.mark.operations,
        }
    }

    /// Exchanges since the last [`Log::mark`] that are still kept.
    pub fn exchanges_since_mark(&self) -> impl Iterator<Item = &Exchange> {
        let after = self.mark.count;
        self.exchanges.iter().filter(move |exchange| exchange.number > after)
    }

    /// The exchanges kept, oldest first.
    pub fn exchanges(&self) -> impl DoubleEndedIterator<Item = &Exchange> {
        self.exchanges.iter()
    }

    /// Takes the exchanges out; the counters stay.
    pub fn take(&mut self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges).into()
    }

    pub(crate) fn add(&mut self, mut exchange: Exchange, operations: u64) {
        self.now.count += 1;
        self.now.milliseconds += exchange.milliseconds;
        self.now.operations += operations;
        exchange.number = self.now.count;
        if self.exchanges.len() == KEPT {
            self.exchanges.pop_front();
        }
        self.exchanges.push_back(exchange);
    }

    pub(crate) fn add_reset(&mut self, milliseconds: f64) {
        self.now.resets += 1;
        self.now.milliseconds += milliseconds;
    }
}

/// The command as it may be logged: credential bytes hidden whatever the class byte or the lengths say.
pub(crate) fn masked(command: &[u8]) -> (Vec<u8>, bool) {
    let mut shown = command.to_vec();
    let credential = matches!(command.get(1), Some(0x20 | 0x21 | 0x24 | 0x2C));
    let hide = credential && command.len() > 5;
    if hide {
        shown.iter_mut().skip(5).for_each(|byte| *byte = b'*');
    }
    (shown, hide)
}
