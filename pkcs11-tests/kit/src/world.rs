//! One pcscd for each test program, and one test at a time: the module's state belongs to the process.

use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::{Backend, Gate, Initialized, InsertedCard, Module, Rig, Session, text};
use cryptoki_sys::*;
use pcsc::{Context, ReaderState, Scope, State};
use simcard::{Card, Codes, Snapshot};

use crate::rig::new_card;
use crate::{Count, counts, lasting};

/// A token: label and PIN.
pub type Token = (&'static str, &'static str);

/// The authentication token of every card.
pub const PIN1: Token = ("FINEID (PIN1)", Codes::PIN1);
/// The signature token of every card.
pub const PIN2: Token = ("FINEID (PIN2)", Codes::PIN2);

const BOUND: Duration = Duration::from_secs(10);
/// Longer than it takes to type a PIN.
const TYPING: Duration = Duration::from_secs(3);

static DAEMON_ONLY: AtomicBool = AtomicBool::new(false);
static KEYPADS: AtomicBool = AtomicBool::new(false);

fn backend() -> Backend {
    if DAEMON_ONLY.load(Ordering::Relaxed) { Backend::Daemon } else { Backend::of_environment() }
}

fn rig() -> Rig {
    if KEYPADS.load(Ordering::Relaxed) { Rig::with_keypads(backend(), 2) } else { Rig::on(backend(), 2, &[]) }
}

/// The rig of this program. It is never dropped: its daemon ends with the sandbox.
struct Shared(ManuallyDrop<Rig>);

// SAFETY: only the lock inside the rig is tied to a thread, by its release, and it is never released.
unsafe impl Send for Shared {}

/// The turn of one test: two empty readers, and the module. It is finalised at the end.
pub struct World {
    // Dropped in this order.
    running: Mutex<Option<Initialized<'static>>>,
    shared: MutexGuard<'static, Shared>,
    /// The module under test.
    pub module: &'static Module,
}

impl World {
    /// Waits for the turn. All readers are empty, and the module is not initialised.
    pub fn enter() -> Self {
        let world = Self::turn();
        drop(parked().take());
        world.wait_until_empty();
        world
    }

    /// As [`World::enter`], on the real pcscd whatever the environment says: for programs with several processes.
    pub fn on_the_daemon() -> Self {
        DAEMON_ONLY.store(true, Ordering::Relaxed);
        Self::enter()
    }

    /// As [`World::with`], on the real pcscd whatever the environment says.
    pub fn on_the_daemon_with(description: &str) -> (Self, InReader) {
        DAEMON_ONLY.store(true, Ordering::Relaxed);
        Self::with(description)
    }

    /// As [`World::with`], in a program all of whose readers can have a keypad, as the description of the card says.
    pub fn with_keypad(description: &str) -> (Self, InReader) {
        KEYPADS.store(true, Ordering::Relaxed);
        Self::with(description)
    }

    fn turn() -> Self {
        static SHARED: OnceLock<Mutex<Shared>> = OnceLock::new();
        static MODULE: OnceLock<Module> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Mutex::new(Shared(ManuallyDrop::new(rig()))));
        let shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        forget_numbers();
        Self { running: Mutex::default(), shared, module: MODULE.get_or_init(Module::load) }
    }

    /// A turn with a new card in the first reader and the module initialised.
    ///
    /// # Panics
    /// Where the description is wrong.
    pub fn with(description: &str) -> (Self, InReader) {
        let world = Self::turn();
        let card = match parked().take() {
            Some(card) if world.state(0).contains(State::PRESENT) && renewed(&card, description) => {
                InReader(Some(card))
            }
            other => {
                drop(other);
                world.wait_until_empty();
                world.insert(description)
            }
        };
        world.initialize();
        (world, card)
    }

    /// Initialises the module.
    ///
    /// # Panics
    /// Where it does not let itself be initialised.
    pub fn initialize(&self) {
        let running =
            self.module.initialize().unwrap_or_else(|code| panic!("C_Initialize: {}", crate::name(code)));
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
    }

    /// Finalises the module.
    pub fn finalize(&self) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Somebody is asked for a PIN and types it: time passes for this program and the module, without a wait. The clock
    /// goes wrong by that until the turn ends.
    pub fn somebody_types(&self) {
        somebody_types();
    }

    /// The rig, to stop and to start its daemon.
    pub fn rig(&mut self) -> &mut Rig {
        &mut self.shared.0
    }

    /// pcscd's name of a reader.
    pub fn reader(&self, index: usize) -> String {
        self.shared.0.reader(index)
    }

    /// Puts a card into the first reader.
    pub fn insert(&self, description: &str) -> InReader {
        InReader(Some(self.insert_into(0, description)))
    }

    /// Puts a card into a reader.
    pub fn insert_into(&self, reader: usize, description: &str) -> InsertedCard {
        self.put_into(reader, crate::card(description))
    }

    /// Puts a card into a reader, where it can be made to hang.
    pub fn insert_behind_gate(&self, reader: usize, description: &str) -> (InsertedCard, Arc<Gate>) {
        self.shared.0.insert_behind_gate(reader, crate::card(description))
    }

    /// Puts a card that there is into a reader.
    pub fn put_into(&self, reader: usize, card: Arc<Mutex<Card>>) -> InsertedCard {
        self.shared.0.insert(reader, card)
    }

    /// The reader's state as the daemon has it.
    pub fn state(&self, reader: usize) -> State {
        let context = Context::establish(Scope::User).expect("pcscd answers");
        let name = std::ffi::CString::new(self.reader(reader)).expect("a reader's name");
        let mut states = [ReaderState::new(name, State::UNAWARE)];
        context.get_status_change(Duration::ZERO, &mut states).expect("pcscd knows the reader");
        states[0].event_state()
    }

    /// Waits until pcscd sees no card in any reader.
    pub fn wait_until_empty(&self) {
        for reader in 0..2 {
            until("the reader is empty", || self.state(reader).contains(State::EMPTY));
        }
    }

    /// Waits until pcscd sees no card in the reader: a fault has pulled it out.
    pub fn wait_until_gone(&self, reader: usize) {
        until("pcscd has seen the card go", || self.state(reader).contains(State::EMPTY));
    }

    /// The slot of a token.
    ///
    /// # Panics
    /// Where no token bears the label.
    pub fn slot(&self, token: Token) -> CK_SLOT_ID {
        self.module.slot(token.0).unwrap_or_else(|code| panic!("{}: {}", token.0, crate::name(code)))
    }

    /// A read-only session with a token.
    ///
    /// # Panics
    /// Where the token is not there.
    pub fn open(&self, token: Token) -> Session<'static> {
        let session = self.module.open(self.slot(token));
        session.unwrap_or_else(|code| panic!("{}: {}", token.0, crate::name(code)))
    }

    /// A session with a token in which its PIN can be set.
    ///
    /// # Panics
    /// Where the token is not there.
    pub fn open_to_write(&self, token: Token) -> Session<'static> {
        let session = self.module.open_with(self.slot(token), CKF_SERIAL_SESSION | CKF_RW_SESSION);
        session.unwrap_or_else(|code| panic!("{}: {}", token.0, crate::name(code)))
    }

    /// A session with a token, logged in.
    ///
    /// # Panics
    /// Where the PIN is not taken.
    pub fn logged_in(&self, token: Token) -> Session<'static> {
        let session = self.open(token);
        let outcome = session.login(CKU_USER, token.1);
        outcome.unwrap_or_else(|code| panic!("login to {}: {}", token.0, crate::name(code)));
        session
    }

    /// Flags of the token in a slot.
    ///
    /// # Panics
    /// Where there is none.
    pub fn token_flags(&self, slot: CK_SLOT_ID) -> CK_FLAGS {
        self.module.token(slot).unwrap_or_else(|code| panic!("{}", crate::name(code))).flags
    }

    /// Labels of all tokens, in the order of their slots.
    pub fn labels(&self) -> Vec<String> {
        let slots = self.module.slots(true).expect("a list of slots");
        slots.iter().filter_map(|slot| self.module.token(*slot).ok()).map(|info| text(&info.label)).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        crate::clock::set_back();
    }
}

/// Access numbers that cards of earlier tests have accepted are not known to the next one. Only the private folder of the
/// sandbox is touched.
fn forget_numbers() {
    if let (Some(folder), Some(_)) = (std::env::var_os("XDG_CONFIG_HOME"), std::env::var_os("AVAIN_SANDBOX"))
    {
        let _ = std::fs::remove_dir_all(std::path::Path::new(&folder).join("avain"));
    }
}

/// As [`World::somebody_types`], where there is no such world: the clock stays wrong until [`set_clock_right`].
pub fn somebody_types() {
    crate::clock::move_on(TYPING);
}

/// The clock is right again.
pub fn set_clock_right() {
    crate::clock::set_back();
}

/// Another program with the module: a copy, which shares no state with the one of the turn.
pub fn second_program() -> &'static Module {
    static SECOND: OnceLock<Module> = OnceLock::new();
    SECOND.get_or_init(Module::load_copy)
}

/// Waits for a condition that comes true without our doing.
///
/// # Panics
/// Where it does not within ten seconds.
#[track_caller]
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    crate::wait_within(what, BOUND, Duration::from_millis(5), || condition().then_some(()));
}

/// To put a card into a reader and to take it out takes pcscd up to 0.4 s each. So the card of one test stays for the
/// next, which makes another card of it where the answer to reset is the same.
fn parked() -> MutexGuard<'static, Option<InsertedCard>> {
    static PARKED: Mutex<Option<InsertedCard>> = Mutex::new(None);
    PARKED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a new card of this one, as if it had just been put in. Tells whether that can be done.
fn renewed(card: &InsertedCard, description: &str) -> bool {
    let fresh = new_card(description);
    let mut old = card.card();
    let same = old.atr() == fresh.atr();
    if same {
        *old = fresh;
    }
    same
}

/// A card in the first reader. It is left there for the next test, unless it was removed.
pub struct InReader(Option<InsertedCard>);

impl InReader {
    /// Takes the card out and returns when pcscd has seen it go.
    pub fn remove(mut self) {
        self.0.take().map(InsertedCard::remove);
    }

    /// Takes the card out to put it in again.
    ///
    /// # Panics
    /// Never: the card is there until it is removed.
    pub fn take(mut self) -> Arc<Mutex<Card>> {
        self.0.take().expect("the card is there until it is removed").remove()
    }
}

impl Deref for InReader {
    type Target = InsertedCard;

    fn deref(&self) -> &InsertedCard {
        self.0.as_ref().expect("the card is there until it is removed")
    }
}

impl Drop for InReader {
    fn drop(&mut self) {
        *parked() = self.0.take();
    }
}

/// What tests ask of a card.
pub trait Watched {
    /// Counts the APDUs that the action costs.
    fn cost<R>(&self, action: impl FnOnce() -> R) -> (u64, R);
    /// How often a PIN was sent.
    fn sent(&self, reference: u8) -> u32;
    /// Tries that a PIN has left.
    fn tries(&self, reference: u8) -> u8;
    /// Whether the PIN stands on the card.
    fn open(&self, reference: u8) -> bool;
    /// Whether the PIN or code is this one.
    fn holds(&self, reference: u8, code: &str) -> bool;
    /// The counts of PIN1, PIN2 and PUK.
    fn counts(&self) -> [Count; 3];
    /// See [`lasting`].
    fn lasting(&self) -> Snapshot;
    /// Queues a fault.
    fn fault(&self, fault: simcard::Fault);
    /// The certificate with this name, as it was issued.
    fn certificate(&self, name: &str) -> Vec<u8>;
    /// What went over the line since the last count, for messages.
    fn story(&self) -> String;
}

impl Watched for InsertedCard {
    fn cost<R>(&self, action: impl FnOnce() -> R) -> (u64, R) {
        self.card().log_mut().mark();
        let result = action();
        (self.card().log().since_mark().count, result)
    }

    fn sent(&self, reference: u8) -> u32 {
        self.card().credential_count(reference).commands
    }

    fn tries(&self, reference: u8) -> u8 {
        self.card().tries_left(reference).expect("the card has the PIN")
    }

    fn open(&self, reference: u8) -> bool {
        self.card().is_verified(reference)
    }

    fn holds(&self, reference: u8, code: &str) -> bool {
        self.card().code_is(reference, code)
    }

    fn counts(&self) -> [Count; 3] {
        counts(&self.card())
    }

    fn lasting(&self) -> Snapshot {
        lasting(&self.card())
    }

    fn fault(&self, fault: simcard::Fault) {
        self.card().faults_mut().push(fault);
    }

    fn certificate(&self, name: &str) -> Vec<u8> {
        self.card().certificates().named(name).expect("the card has the certificate").der.clone()
    }

    fn story(&self) -> String {
        let card = self.card();
        lines(&card)
    }
}

fn lines(card: &Card) -> String {
    card.log().exchanges_since_mark().map(|exchange| format!("{exchange}\n")).collect()
}
