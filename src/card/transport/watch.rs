//! Which readers exist and which of them hold a card, without connecting to a card.
//!
//! `SCardGetStatusChange` reports presence, ATR and an event counter. It neither powers a card up nor waits for a
//! program that holds a transaction.

use super::TransportError;
use super::pcsc::{Daemon, fault};
use crate::log::{self, Record};
use crate::settings::Settings;
use crate::sys::names::readable;
use crate::sys::pcsc_calls::{WAITS_FOR_USE, long, short};
use pcsc::{Context, PNP_NOTIFICATION, State};
use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::time::Duration;

/// The state of one reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderState {
    /// The daemon's name of the reader.
    pub name: CString,
    /// The ATR of the card in it (ISO 7816-3 §8.2, 2 to 33 bytes); empty when the card does not answer.
    pub card: Option<Vec<u8>>,
    /// Counts insertions and removals: while it does not change, it is the same card and was never removed.
    pub events: u32,
    /// Which run of the daemon this is: its counters start anew when it is restarted.
    pub daemon: u32,
    /// A program is connected to the card.
    pub in_use: bool,
    /// That program has exclusive access.
    pub exclusive: bool,
}

impl ReaderState {
    fn new(state: &pcsc::ReaderState) -> Self {
        let flags = state.event_state();
        ReaderState {
            name: state.name().to_owned(),
            card: flags.contains(State::PRESENT).then(|| state.atr().to_vec()),
            events: state.event_count(),
            daemon: 0,
            in_use: flags.intersects(State::INUSE | State::EXCLUSIVE),
            exclusive: flags.contains(State::EXCLUSIVE),
        }
    }

    /// What a wait is told of it.
    fn known(&self) -> pcsc::ReaderState {
        let mut state = if self.card.is_some() { State::PRESENT } else { State::EMPTY };
        if WAITS_FOR_USE {
            state.set(State::INUSE, self.in_use);
            state.set(State::EXCLUSIVE, self.exclusive);
        }
        pcsc::ReaderState::new(self.name.clone(), counted(state, self.events))
    }
}

/// Asks the daemon for the state of all readers. Connects when it is first asked, and again after the daemon has ended.
#[derive(Default)]
pub struct Watch {
    daemon: Option<Daemon>,
    /// How many runs of the daemon there were.
    run: u32,
}

impl Watch {
    /// The current state of all readers. No card I/O; two short messages to the daemon.
    ///
    /// Only a daemon that has ended takes everything with it. An error means that nothing is known that was not known
    /// before.
    pub fn snapshot(&mut self) -> Result<Vec<ReaderState>, TransportError> {
        if let Some(daemon) = &self.daemon {
            match all_states(daemon.context()?) {
                Ok(states) => return Ok(self.stamped(states)),
                Err(error) if !is_lost(error) => return Err(error),
                Err(_) => self.daemon = None,
            }
        }
        // What an earlier run has told is over, whether there is another one or not.
        let Ok((daemon, states)) = connect() else { return Ok(Vec::new()) };
        log::info(|| Record::Remark("the PC/SC daemon answers"));
        self.run = self.run.wrapping_add(1);
        self.daemon = Some(daemon);
        Ok(self.stamped(states))
    }

    fn stamped(&self, mut states: Vec<ReaderState>) -> Vec<ReaderState> {
        for state in &mut states {
            state.daemon = self.run;
        }
        states
    }
}

fn connect() -> Result<(Daemon, Vec<ReaderState>), TransportError> {
    let daemon = Daemon::connect()?;
    let states = all_states(daemon.context()?)?;
    Ok((daemon, states))
}

/// The readers as they are now, for whoever does not watch them. Unlike [`Watch::snapshot`] it fails without a daemon.
pub fn now() -> Result<Vec<ReaderState>, TransportError> {
    connect().map(|(_, states)| states)
}

/// How often a question is asked that fails. Readers and programs come and go between two messages.
const ATTEMPTS: u32 = 4;

/// Lists the readers and asks for their states.
fn all_states(context: &Context) -> Result<Vec<ReaderState>, TransportError> {
    let ask = || {
        let mut readers = all_readers(context)?;
        readers.retain(|name| !is_ignored(name));
        let mut states = unaware(readers);
        poll(context, &mut states, Duration::ZERO)?;
        Ok(states.iter().map(ReaderState::new).collect())
    };
    let mut answer = ask();
    for _ in 1..ATTEMPTS {
        if answer.is_ok() {
            break;
        }
        answer = ask();
    }
    answer
}

/// Does the user want to see nothing of this reader?
fn is_ignored(name: &CStr) -> bool {
    Settings::of_process().ignores_reader(&readable(name))
}

/// Is the connection lost, if a question failed so each time? A daemon that speaks of its readers is there.
fn is_lost(error: TransportError) -> bool {
    error != TransportError::ReaderGone
}

/// Waits until a reader or a card appears or disappears. Each waiting thread has its own.
pub struct Waiter {
    daemon: Arc<Daemon>,
    known: Vec<pcsc::ReaderState>,
}

/// Wakes its [`Waiter`], from any thread.
#[derive(Clone)]
pub struct Waker(Arc<Daemon>);

impl Waker {
    /// Ends the current wait. One that has not yet reached the daemon is not ended: repeat it until the wait is over.
    pub fn wake(&self) {
        // Should it fail, it is repeated.
        let _ = self.0.context().map(|context| short(|| context.cancel()));
    }
}

impl Waiter {
    /// Connects to the daemon.
    pub fn new() -> Result<Self, TransportError> {
        Ok(Waiter { daemon: Arc::new(Daemon::connect()?), known: Vec::new() })
    }

    /// The current state of all readers.
    pub fn states(&self) -> Result<Vec<ReaderState>, TransportError> {
        all_states(self.daemon.context()?)
    }

    /// Wakes this waiter from another thread.
    pub fn waker(&self) -> Waker {
        Waker(self.daemon.clone())
    }

    /// Returns when something differs from `seen`, when woken, or after `limit`. `seen` are all readers. One that was plugged
    /// in since is noticed; but pcsc-lite compares their number with that at the beginning of the wait.
    pub fn wait(&mut self, seen: &[ReaderState], limit: Duration) -> Result<(), TransportError> {
        let there = all_readers(self.daemon.context()?)?;
        let is_new = |name: &&CString| !is_ignored(name) && seen.iter().all(|state| state.name != **name);
        if there.iter().any(|name| is_new(&name)) {
            return Ok(());
        }
        self.wait_with(seen, Some(arrivals(there.len())), limit)
    }

    fn wait_with(
        &mut self,
        seen: &[ReaderState],
        arrivals: Option<pcsc::ReaderState>,
        limit: Duration,
    ) -> Result<(), TransportError> {
        self.known = seen.iter().map(ReaderState::known).chain(arrivals).collect();
        poll(self.daemon.context()?, &mut self.known, limit)
    }
}

/// What stands for the coming and going of readers. Windows returns at once where their number is another than this one,
/// in the place of a reader's counter; pcsc-lite knows it by itself.
fn arrivals(readers: usize) -> pcsc::ReaderState {
    let number = u32::try_from(readers).unwrap_or(0);
    pcsc::ReaderState::new(PNP_NOTIFICATION(), counted(State::UNAWARE, number))
}

/// A state with a counter in its upper half.
fn counted(state: State, counter: u32) -> State {
    state | State::from_bits_retain(counter.wrapping_shl(16).into())
}

/// The current state of one reader.
pub(super) fn state_of(context: &Context, reader: &CStr) -> Result<ReaderState, TransportError> {
    let mut states = unaware(vec![reader.to_owned()]);
    poll(context, &mut states, Duration::ZERO)?;
    states.first().map(ReaderState::new).ok_or(TransportError::ReaderGone)
}

/// Within this time pcscd sees that a card was pulled out: it looks every 0.4 s.
const SEEN_TO_GO: Duration = Duration::from_millis(500);

/// Has the card left that came with this event? Waits until the daemon has seen it go, where it may be about to.
pub(crate) fn has_left(reader: &CStr, events: u32) -> bool {
    let asked = || {
        let mut waiter = Waiter::new()?;
        let is_there = |state: &ReaderState| state.card.is_some() && state.events == events;
        let state = state_of(waiter.daemon.context()?, reader)?;
        if is_there(&state) {
            waiter.wait_with(&[state], None, SEEN_TO_GO)?;
        }
        state_of(waiter.daemon.context()?, reader).map(|state| !is_there(&state))
    };
    match asked() {
        Ok(left) => left,
        Err(error) => error == TransportError::ReaderGone,
    }
}

fn all_readers(context: &Context) -> Result<Vec<CString>, TransportError> {
    match short(|| context.list_readers_owned()) {
        Err(pcsc::Error::NoReadersAvailable) => Ok(Vec::new()),
        other => other.map_err(fault),
    }
}

fn unaware(names: Vec<CString>) -> Vec<pcsc::ReaderState> {
    names.into_iter().map(|name| pcsc::ReaderState::new(name, State::UNAWARE)).collect()
}

/// One status call. Neither a timeout nor a cancellation is an error.
fn poll(context: &Context, states: &mut [pcsc::ReaderState], limit: Duration) -> Result<(), TransportError> {
    if states.is_empty() {
        return Ok(());
    }
    let ask = || context.get_status_change(limit, states);
    match if limit.is_zero() { short(ask) } else { long(ask) } {
        Ok(()) | Err(pcsc::Error::Timeout | pcsc::Error::Cancelled) => Ok(()),
        Err(error) => Err(fault(error)),
    }
}
