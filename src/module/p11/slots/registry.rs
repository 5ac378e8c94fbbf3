//! The list of slots (§5.5.1): two for each reader. A slot is never removed.

use super::slot::Slot;
use super::token::TokenState;
use crate::p11::Fault;
use crate::p11::output::Room;
use avain_card::cards::Role;
use avain_card::log::{self, Event, Record};
use avain_card::token::{Reader, RefusedPins};
use avain_card::transport::watch::{ReaderState, Watch};
use cryptoki_sys::CK_SLOT_ID;
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Distance between the identifiers of a reader's two slots, so that all PIN1 slots come before all PIN2 slots.
const ROLE_STEP: CK_SLOT_ID = 0x1000;

/// How long an answer of the daemon is good for calls within a session. Nobody can swap a card faster.
const FRESH_FOR: Duration = Duration::from_millis(50);

/// The event that led to this state of a reader.
fn event(state: Option<&ReaderState>) -> Event {
    match state.map(|state| &state.card) {
        Some(Some(_)) => Event::Card,
        Some(None) => Event::Empty,
        None => Event::Gone,
    }
}

/// All slots.
#[derive(Default)]
pub struct Slots {
    watch: Mutex<Watch>,
    /// When the daemon was last asked.
    asked: Mutex<Option<Instant>>,
    /// The two slots of each reader, in the order in which the readers were first seen.
    readers: RwLock<Vec<[Arc<Slot>; 2]>>,
    refused: Arc<RefusedPins>,
}

impl Slots {
    /// C_GetSlotList: identifiers of all slots, or of those with a card; PIN1 slots first. Asks the daemon, never a
    /// card. New readers are added only when the program asks for the length, so that the list fits the buffer that it
    /// then provides.
    pub fn list(&self, with_card: bool, room: Room) -> Vec<CK_SLOT_ID> {
        match room {
            Room::LengthOnly => drop(self.refresh_all()),
            Room::Buffer(_) => self.refresh_known(),
        }
        let mut ids: Vec<_> = self
            .all()
            .iter()
            .filter(|slot| !with_card || slot.card().is_some())
            .map(|slot| slot.id)
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The slot with an identifier, after asking the daemon whether cards were inserted or removed.
    pub fn get(&self, id: CK_SLOT_ID) -> Result<Arc<Slot>, Fault> {
        self.refresh_known();
        log::debug(|| Record::With { what: "slot", number: id });
        self.all().into_iter().find(|slot| slot.id == id).ok_or(Fault::SlotIdInvalid)
    }

    /// Both slots of the reader that this one belongs to: PIN1's, then PIN2's.
    pub(crate) fn pair_of(&self, slot: &Slot) -> Result<[Arc<Slot>; 2], Fault> {
        let readers = self.readers.read();
        let both = readers.iter().find(|both| both.iter().any(|one| one.id == slot.id));
        both.cloned().ok_or(Fault::SlotIdInvalid)
    }

    /// Asks the daemon for readers and cards; new readers get slots. No card I/O.
    pub(crate) fn refresh_all(&self) -> Vec<ReaderState> {
        let states = self.snapshot();
        let mut readers = self.readers.write();
        for state in &states {
            if !readers.iter().flatten().any(|slot| slot.reader.name() == state.name.as_c_str()) {
                let number = readers.len() as CK_SLOT_ID;
                log::info(|| Record::Reader { slot: number, event: Event::Found });
                readers.push(self.new_slots(number, state));
            }
        }
        drop(readers);
        self.observe(&states);
        states
    }

    /// As [`Slots::refresh_known`], unless that was done a moment ago: for calls that programs make by the hundred.
    pub(crate) fn refresh_if_stale(&self) {
        let fresh = self.asked.lock().is_some_and(|asked| asked.elapsed() < FRESH_FOR);
        if !fresh {
            self.refresh_known();
        }
    }

    /// Asks the daemon whether cards were inserted or removed in the known readers. No card I/O.
    pub(crate) fn refresh_known(&self) {
        let states = self.snapshot();
        self.observe(&states);
    }

    /// If the daemon does not answer, there are no readers.
    fn snapshot(&self) -> Vec<ReaderState> {
        let states = self.watch.lock().snapshot().unwrap_or_default();
        *self.asked.lock() = Some(Instant::now());
        states
    }

    fn new_slots(&self, number: CK_SLOT_ID, state: &ReaderState) -> [Arc<Slot>; 2] {
        let reader = Arc::new(Reader::new(state.name.clone(), self.refused.clone()));
        Role::ALL.map(|role| {
            let id = (role.index() as CK_SLOT_ID).saturating_mul(ROLE_STEP).saturating_add(number);
            Arc::new(Slot::new(id, role, reader.clone()))
        })
    }

    fn observe(&self, states: &[ReaderState]) {
        for slots in self.readers.read().iter() {
            let [first, _] = slots;
            let state = states.iter().find(|state| state.name.as_c_str() == first.reader.name());
            if first.reader.observe(state) {
                log::info(|| Record::Reader { slot: first.id, event: event(state) });
                for slot in slots {
                    // The state of a removed card is wiped.
                    *slot.token.lock() = TokenState::default();
                    slot.note_event();
                }
            }
        }
    }

    /// Takes an event; the slot that it happened to.
    pub(crate) fn take_event(&self) -> Option<CK_SLOT_ID> {
        self.all().iter().find(|slot| slot.take_event()).map(|slot| slot.id)
    }

    pub(crate) fn forget_events(&self) {
        while self.take_event().is_some() {}
    }

    /// Wipes every PIN and releases every card.
    pub(crate) fn abandon(&self) {
        for slot in self.all() {
            *slot.token.lock() = TokenState::default();
            slot.reader.abandon();
        }
    }

    fn all(&self) -> Vec<Arc<Slot>> {
        self.readers.read().iter().flatten().cloned().collect()
    }
}
