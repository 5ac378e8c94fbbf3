//! The list of slots (§5.5.1): two for each reader. A slot is never removed.

use super::labels::Shown;
use super::slot::Slot;
use super::token::Opened;
use crate::p11::Fault;
use crate::p11::output::Room;
use avain_card::cards::Role;
use avain_card::cards::profile::{CardProfile, Secret};
use avain_card::log::{self, Event, Record};
use avain_card::settings::{self, Settings};
use avain_card::store::StoredCans;
use avain_card::sys::long_lock::LongLock;
use avain_card::token::{CertificateStore, Identity, Insertion, PinHistory, Reader};
use avain_card::transport::keypad::Language;
use avain_card::transport::watch::{ReaderState, Watch};
use cryptoki_sys::{CK_SESSION_HANDLE, CK_SLOT_ID};
use parking_lot::RwLock;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// What the daemon is asked through, and what it last answered.
#[derive(Default)]
struct Looking {
    watch: Watch,
    last: Vec<ReaderState>,
    /// When that was.
    at: Option<Instant>,
}

/// All slots.
#[derive(Default)]
pub struct Slots {
    /// Held from the question until all that the answer changes is changed: answers count in their order.
    looking: LongLock<Looking>,
    /// The two slots of each reader, in the order in which the readers were first seen.
    readers: RwLock<Vec<[Arc<Slot>; 2]>>,
    /// How many of them the program knows of.
    listed: AtomicUsize,
    history: Arc<PinHistory>,
    cans: Arc<StoredCans>,
    store: Arc<CertificateStore>,
    /// What the displays of keypads speak.
    language: Language,
    shown: Shown,
    /// The program goes through the list from its end.
    backwards: bool,
    /// Which tokens the program does not see: the user has set so.
    hidden: [bool; 2],
}

impl Slots {
    /// The slots for a program that goes through their list from its end, or from its beginning; and where the
    /// certificates of their cards are kept.
    pub(crate) fn new(backwards: bool, store: CertificateStore) -> Self {
        let (settings, program) = (Settings::of_process(), settings::program());
        let hidden = Role::ALL.map(|role| !settings.shows(&program, Secret::Pin(role).name()));
        let (cans, store) = (Arc::new(StoredCans::of_user()), Arc::new(store));
        let language = Language::of_environment();
        Slots { backwards, hidden, cans, store, language, ..Slots::default() }
    }

    /// C_GetSlotList: identifiers of all slots, or of those with a card; those of PIN1 where the program begins, so that
    /// a PIN that it hands to every token comes to PIN1 first. Asks the daemon, never a card. New readers are added only when the program asks for the length, so that the list fits the buffer that it
    /// then provides.
    pub fn list(&self, with_card: bool, room: Room) -> Vec<CK_SLOT_ID> {
        match room {
            Room::LengthOnly => self.list_all(),
            Room::Buffer(_) => self.refresh(),
        }
        let mut ids: Vec<_> = self
            .listed()
            .iter()
            .filter(|slot| !with_card || slot.card().is_some())
            .map(|slot| slot.id)
            .collect();
        ids.sort_unstable();
        if self.backwards {
            ids.reverse();
        }
        ids
    }

    /// The slot with an identifier, after asking the daemon whether cards were inserted or removed.
    pub fn get(&self, id: CK_SLOT_ID) -> Result<Arc<Slot>, Fault> {
        self.refresh();
        log::debug(|| Record::With { what: "slot", number: id });
        self.listed().into_iter().find(|slot| slot.id == id).ok_or(Fault::SlotIdInvalid)
    }

    /// Both slots of the reader that this one belongs to: PIN1's, then PIN2's.
    pub(crate) fn pair_of(&self, slot: &Slot) -> Result<[Arc<Slot>; 2], Fault> {
        let readers = self.readers.read();
        let both = readers.iter().find(|both| both.iter().any(|one| one.id == slot.id));
        both.cloned().ok_or(Fault::SlotIdInvalid)
    }

    /// The label of a card's token. It ends with the card's number while a card with the same labels is present whose
    /// tokens were shown before.
    pub(super) fn label(
        &self,
        card: &Arc<Insertion>,
        profile: &CardProfile,
        role: Role,
        identity: &Identity,
    ) -> String {
        let readers = self.readers.read();
        let present: Vec<_> = readers.iter().filter_map(|[first, _]| first.reader.insertion()).collect();
        let label = profile.token_label(role);
        if self.shown.is_second(card, &present) { format!("{label} {}", identity.printed()) } else { label }
    }

    /// The open session with a handle.
    pub(crate) fn session(&self, handle: CK_SESSION_HANDLE) -> Option<Arc<dyn Opened>> {
        let readers = self.readers.read();
        readers.iter().flatten().find_map(|slot| slot.used()?.lock().session(handle))
    }

    /// Tells the program of all readers from now on.
    pub(crate) fn list_all(&self) {
        self.refresh();
        self.listed.store(self.readers.read().len(), Ordering::SeqCst);
    }

    /// As [`Slots::refresh`], unless that was done a moment ago: for calls that programs make by the hundred.
    pub(crate) fn refresh_if_stale(&self) {
        let fresh = self.looking.lock().at.is_some_and(|at| at.elapsed() < FRESH_FOR);
        if !fresh {
            self.refresh();
        }
    }

    /// Asks the daemon which readers there are, and whether cards were inserted or removed. No card I/O.
    pub(crate) fn refresh(&self) {
        self.look();
    }

    /// The same; what the daemon last answered. A question that fails changes nothing.
    pub(crate) fn look(&self) -> Vec<ReaderState> {
        let mut looking = self.looking.lock();
        if let Ok(states) = looking.watch.snapshot() {
            looking.last = states;
            looking.at = Some(Instant::now());
            self.add_new(&looking.last);
            self.observe(&looking.last);
        }
        looking.last.clone()
    }

    /// New readers get slots.
    fn add_new(&self, states: &[ReaderState]) {
        for state in states {
            let mut readers = self.readers.write();
            if !readers.iter().flatten().any(|slot| slot.reader.name() == state.name.as_c_str()) {
                let number = readers.len() as CK_SLOT_ID;
                log::info(|| Record::Reader { slot: number, event: Event::Found });
                readers.push(self.new_slots(number, state));
            }
        }
    }

    fn new_slots(&self, number: CK_SLOT_ID, state: &ReaderState) -> [Arc<Slot>; 2] {
        let reader = Reader::new(state.name.clone(), self.history.clone()).with_cans(self.cans.clone());
        let reader = Arc::new(reader.keeping(self.store.clone()).speaking(self.language));
        Role::ALL.map(|role| {
            let id = (role.index() as CK_SLOT_ID).saturating_mul(ROLE_STEP).saturating_add(number);
            Arc::new(Slot::new(id, role, reader.clone(), self.backwards))
        })
    }

    fn observe(&self, states: &[ReaderState]) {
        for slots in self.readers.read().iter() {
            let [first, _] = slots;
            let state = states.iter().find(|state| state.name.as_c_str() == first.reader.name());
            let changed = first.reader.observe(state);
            if changed {
                log::info(|| Record::Reader { slot: first.id, event: event(state) });
            }
            for slot in slots {
                slot.end_with_card();
                if changed {
                    slot.note_event();
                }
            }
        }
    }

    /// Takes an event; the slot that it happened to. That of a new reader is told before it is listed.
    pub(crate) fn take_event(&self) -> Option<CK_SLOT_ID> {
        let readers = self.readers.read();
        readers
            .iter()
            .flatten()
            .filter(|slot| self.is_seen(slot))
            .find(|slot| slot.take_event())
            .map(|slot| slot.id)
    }

    pub(crate) fn forget_events(&self) {
        while self.take_event().is_some() {}
    }

    /// Wipes every PIN, closes every session and releases every card.
    pub(crate) fn abandon(&self) {
        for slot in self.readers.read().iter().flatten() {
            slot.reader.abandon();
            slot.end_with_card();
        }
    }

    fn is_seen(&self, slot: &Slot) -> bool {
        !self.hidden.get(slot.role.index()).is_some_and(|hidden| *hidden)
    }

    /// The slots that the program knows of. It learns of new ones when it asks for the length of the list.
    fn listed(&self) -> Vec<Arc<Slot>> {
        let listed = self.listed.load(Ordering::SeqCst);
        self.readers.read().iter().take(listed).flatten().filter(|slot| self.is_seen(slot)).cloned().collect()
    }
}
