//! Who waits for whom. Another program holds the card, or the card hangs: the call that wants the card waits as long as
//! that lasts, because PC/SC has nothing that ends such a wait; nobody else waits, and C_Finalize least of all. When the
//! wait is over, so is what has lost its sense meanwhile: who waited for a transaction sends no PIN after C_Finalize.
//!
//! Who does not wait is seen by this: it is done while the other one, which ends only afterwards, still lasts. How long it
//! takes is not looked at: the machine may be busy.

use cryptoki_sys::*;
use kit::judge::holds;
use kit::{
    ANY, Activation, Backend, Gate, Hang, InsertedCard, Module, Other, PIN1, PIN2, Session, VendorList, World,
};
use kit::{Watched, bytes, call, codes, exhaustive, name, permitted, refused, until};
use std::cell::RefCell;
use std::io::Write;
use std::ptr;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The card in question, its neighbour in the other reader, and the card of another person.
const CARDS: [&str; 2] = [ANY, "fineid-v4.0,holder=2,pin1=864213"];
/// PIN1 of the neighbour.
const NEIGHBOUR: &str = "864213";
const NEXT: &str = "fineid-v4.0,holder=3";
const PINS: [&str; 2] = [PIN1.1, PIN2.1];
const DATA: &[u8] = &[0x5A; 48];

/// So long the other one goes on at most: who waits for it against the rules is to fail, not to wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);
/// Whether a call waits already cannot be seen behind pcscd: it is given this time to get there. One that does not will
/// wait a little later, which is right as well.
const TO_GET_THERE: Duration = Duration::from_millis(100);

// --- The table

/// What the other one does with the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// Another program has a transaction.
    Holds,
    /// It has reset the card before: a connected program waits in SCardReconnect.
    ResetAndHolds,
    /// A command of another program gets no answer.
    HangsForAnother,
    /// The next command of ours that begins so gets no answer.
    Hangs(&'static [u8]),
}

/// How the wait ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The other program ends its transaction, the card answers.
    LetGo,
    /// After C_Finalize, and after the module was initialised anew.
    FinalizedAndLetGo,
    Removed,
    Swapped,
    Restarted,
}

/// The state in which a program meets the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It has not used the card yet: it waits in SCardConnect.
    New,
    /// It is connected, and waits in SCardBeginTransaction.
    Open,
    LoggedIn,
}

const SIGNATURE: Doing = Doing::Hangs(&[0x2A, 0x9E]);
const LIVING: &[End] = &[End::LetGo, End::FinalizedAndLetGo];
/// These are played on the linked library alone.
const LOST: &[End] = &[End::Removed, End::Swapped, End::Restarted];

/// What the other one does, how it ends, and which calls of ours wait for it.
type Row = (Doing, &'static [End], fn(&Wish) -> bool);

const ROWS: &[Row] = &[
    (Doing::Holds, LIVING, |_| true),
    (Doing::Holds, LOST, |_| true),
    (Doing::ResetAndHolds, LIVING, |wish| wish.state != State::New),
    (Doing::ResetAndHolds, LOST, |wish| wish.state != State::New),
    (Doing::HangsForAnother, LIVING, |_| true),
    (Doing::Hangs(&[]), LIVING, |_| true),
    (SIGNATURE, LIVING, |wish| wish.function == "C_Sign"),
];

/// A call that wants the card.
struct Wish {
    function: &'static str,
    state: State,
    /// Of PIN1 (0) or of PIN2 (1).
    token: usize,
    act: Act,
}

type Act = fn(&Program, Option<&Session<'_>>, usize) -> Result<(), CK_RV>;

const fn wish(function: &'static str, state: State, token: usize, act: Act) -> Wish {
    Wish { function, state, token, act }
}

const WISHES: &[Wish] = &[
    wish("C_GetTokenInfo", State::New, 0, |program, _, token| program.token(token)),
    wish("C_GetTokenInfo", State::New, 1, |program, _, token| program.token(token)),
    wish("AVN_Activate", State::New, 0, |program, _, _| program.activate()),
    wish("C_FindObjectsInit", State::Open, 0, |_, session, _| find(session, CKO_CERTIFICATE).map(drop)),
    wish("C_Login", State::Open, 0, |_, session, token| of(session).login(CKU_USER, PINS[token])),
    wish("C_Login", State::Open, 1, |_, session, token| of(session).login(CKU_USER, PINS[token])),
    wish("C_SetPIN", State::Open, 0, |_, session, token| of(session).set_pin(PINS[token], codes::NEW)),
    wish("C_SetPIN", State::Open, 1, |_, session, token| of(session).set_pin(PINS[token], codes::NEW)),
    wish("AVN_GetCardStatus", State::Open, 0, |program, _, token| {
        VendorList::of(program.module).card_status(program.slots[token]).map(drop)
    }),
    wish("AVN_Activate", State::Open, 0, |program, _, _| program.activate()),
    wish("C_Sign", State::LoggedIn, 0, |program, session, token| program.sign(session, token)),
    wish("C_Sign", State::LoggedIn, 1, |program, session, token| program.sign(session, token)),
    wish("C_Logout", State::LoggedIn, 0, |_, session, _| of(session).logout()),
];

/// What the calls need to know of the card.
struct Program {
    module: &'static Module,
    /// Of PIN1 and PIN2; as their certificates.
    slots: [CK_SLOT_ID; 2],
    certificates: [Vec<u8>; 2],
}

impl Program {
    fn token(&self, token: usize) -> Result<(), CK_RV> {
        self.module.token(self.slots[token]).map(drop)
    }

    fn activate(&self) -> Result<(), CK_RV> {
        let activation = Activation::of(codes::PUK, Some(codes::NEW), Some(codes::NEW));
        match VendorList::of(self.module).set(self.slots[0], &activation).0 {
            CKR_OK => Ok(()),
            code => Err(code),
        }
    }

    /// Signs, and rightly.
    fn sign(&self, session: Option<&Session<'_>>, token: usize) -> Result<(), CK_RV> {
        let keys = find(session, CKO_PRIVATE_KEY)?;
        let signature = of(session).sign(CKM_ECDSA, keys[0], DATA)?;
        assert!(holds(&self.certificates[token], DATA, &signature));
        Ok(())
    }
}

fn of<'s, 'm>(session: Option<&'s Session<'m>>) -> &'s Session<'m> {
    session.expect("a session was opened before")
}

fn find(session: Option<&Session<'_>>, class: CK_OBJECT_CLASS) -> Result<Vec<CK_OBJECT_HANDLE>, CK_RV> {
    of(session).find(&[(CKA_CLASS, &bytes(class))])
}

fn certificates(card: &InsertedCard) -> [Vec<u8>; 2] {
    ["auth", "sign"].map(|name| card.certificate(name))
}

// --- The other one

/// What the other one does, until this is dropped.
enum Busy<'g> {
    Holds { end: Option<mpsc::Sender<()>>, thread: Option<JoinHandle<()>> },
    Hangs(Hang<'g>),
}

impl<'g> Busy<'g> {
    fn hold(reader: &str) -> Self {
        let (reader, (begins, has_begun), (end, ends)) =
            (reader.to_owned(), mpsc::channel(), mpsc::channel::<()>());
        let thread = std::thread::spawn(move || {
            let mut other = Other::connect(&reader);
            let transaction = other.hold();
            begins.send(()).expect("the test waits for it");
            let _ = ends.recv_timeout(PATIENCE);
            drop(transaction);
            other.go();
        });
        has_begun.recv().expect("another program's transaction");
        Self::Holds { end: Some(end), thread: Some(thread) }
    }

    /// The first command of another program hangs.
    fn hang(gate: &'g Gate, reader: &str) -> Self {
        let hang = gate.hang_at(&[0xB0]);
        let other = Other::connect(reader);
        std::thread::spawn(move || {
            other.answer(&[0x00, 0xB0, 0x00, 0x00, 0x00]);
            other.go();
        });
        until("the card hangs", || hang.hangs());
        Self::Hangs(hang)
    }

    /// Whether it still lasts.
    fn lasts(&self) -> bool {
        match self {
            Self::Holds { thread, .. } => thread.as_ref().is_some_and(|thread| !thread.is_finished()),
            Self::Hangs(hang) => hang.hangs(),
        }
    }

    /// Returns when our call waits, or is done.
    fn await_call<T>(&self, call: &std::thread::ScopedJoinHandle<'_, T>) {
        match self {
            Self::Hangs(hang) if !hang.hangs() => {
                until("the card hangs", || hang.hangs() || call.is_finished());
            }
            _ if Backend::of_environment() == Backend::Linked => {
                let wants_the_card = || {
                    let calls = fake_pcsc::Fake::linked().tell("calls");
                    ["Connect=", "BeginTransaction=", "Transmit="].iter().any(|call| calls.contains(call))
                };
                until("the call waits", || wants_the_card() || call.is_finished());
            }
            _ => std::thread::sleep(TO_GET_THERE),
        }
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        if let Self::Holds { end, thread } = self {
            drop(end.take());
            thread.take().map(JoinHandle::join);
        }
    }
}

// --- The readers

/// A card in a reader, where it can be made to hang.
struct Held {
    card: InsertedCard,
    gate: Arc<Gate>,
}

/// Two readers with cards; the first is the one in question.
struct Readers {
    held: RefCell<Option<Held>>,
    free: RefCell<Option<InsertedCard>>,
    world: RefCell<World>,
    module: &'static Module,
}

impl Readers {
    fn new(description: &str) -> Self {
        let world = World::enter();
        let (card, gate) = world.insert_behind_gate(0, description);
        let free = world.insert_into(1, CARDS[1]);
        let module = world.module;
        Self {
            held: RefCell::new(Some(Held { card, gate })),
            free: RefCell::new(Some(free)),
            world: RefCell::new(world),
            module,
        }
    }

    fn gate(&self) -> Arc<Gate> {
        Arc::clone(&self.held.borrow().as_ref().expect("the card").gate)
    }

    fn with_card<R>(&self, act: impl FnOnce(&InsertedCard) -> R) -> R {
        act(&self.held.borrow().as_ref().expect("the card").card)
    }

    fn reader(&self) -> String {
        self.world.borrow().reader(0)
    }

    /// PIN1's tokens of both readers come first.
    fn slots(&self) -> [CK_SLOT_ID; 2] {
        let slots = self.module.slots(true).expect("C_GetSlotList");
        [slots[0], slots[2]]
    }

    fn open(&self, token: usize) -> Session<'static> {
        let slot = self.slots()[token];
        self.module.token(slot).expect("C_GetTokenInfo");
        self.module.open_with(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION).expect("C_OpenSession")
    }

    /// All that does not want the card in question; also with its slot where there is a session already (the last one
    /// to be closed logs out), and of the card what is known.
    fn everything_else(&self, own: Option<&Session<'_>>, is_known: bool) {
        let module = self.module;
        let slots = module.slots(true).expect("C_GetSlotList");
        assert_eq!(slots.len(), 4, "both cards are there");
        for slot in &slots {
            let mut info = CK_SLOT_INFO::default();
            call!(module, C_GetSlotInfo(*slot, &mut info)).expect("C_GetSlotInfo");
        }
        if let Some(own) = own {
            own.info().expect("C_GetSessionInfo");
        }
        if is_known {
            module.token(slots[0]).expect("C_GetTokenInfo of a known card");
        }
        for slot in own.map(|_| slots[0]).into_iter().chain([slots[1], slots[3]]) {
            let opened = module.open(slot).expect("C_OpenSession");
            opened.close().expect("C_CloseSession");
        }
        for slot in [slots[1], slots[3]] {
            module.token(slot).expect("C_GetTokenInfo");
        }
        let mut slot = 0;
        let event = call!(module, C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, ptr::null_mut()));
        refused(event, CKR_NO_EVENT);
        let session = module.open(slots[1]).expect("C_OpenSession");
        session.login(CKU_USER, NEIGHBOUR).expect("PIN1 is right");
        let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the key");
        let signature = session.sign(CKM_ECDSA, key, DATA).expect("C_Sign");
        let [certificate, _] = certificates(self.free.borrow().as_ref().expect("a card"));
        assert!(holds(&certificate, DATA, &signature));
        session.logout().expect("C_Logout");
    }

    fn finalize(&self) {
        self.world.borrow().finalize();
    }

    fn initialize(&self) {
        self.world.borrow().initialize();
    }

    /// One wish while the other one is busy, to the end of both.
    fn play(&self, wish: &Wish, doing: Doing, end: End) {
        let told = format!("{} of token {}, {:?}, {doing:?}, {end:?}", wish.function, wish.token, wish.state);
        self.with_card(|held| *held.card() = issued(CARDS[0]));
        self.initialize();
        let (slots, certificates) = (self.slots(), self.with_card(certificates));
        let program = Program { module: self.module, slots, certificates };
        let is_known = wish.state != State::New;
        let own = self.module.open(slots[0]).expect("C_OpenSession");
        let session = is_known.then(|| self.open(wish.token));
        if wish.state == State::LoggedIn {
            of(session.as_ref()).login(CKU_USER, PINS[wish.token]).expect("C_Login");
            find(session.as_ref(), CKO_PRIVATE_KEY).expect("C_FindObjectsInit");
        }
        let (reader, gate) = (self.reader(), self.gate());
        if doing == Doing::ResetAndHolds {
            let mut other = Other::connect(&reader);
            other.reset();
            other.go();
        }
        let (mut before, outcome) = std::thread::scope(|scope| {
            let busy = match doing {
                Doing::Holds | Doing::ResetAndHolds => Busy::hold(&reader),
                Doing::HangsForAnother => Busy::hang(&gate, &reader),
                Doing::Hangs(instruction) => Busy::Hangs(gate.hang_at(instruction)),
            };
            self.with_card(|held| held.card().log_mut().mark());
            if Backend::of_environment() == Backend::Linked {
                fake_pcsc::Fake::linked().tell("clear");
            }
            let (program, held) = (&program, session.as_ref());
            let waiting = scope.spawn(move || (wish.act)(program, held, wish.token));
            busy.await_call(&waiting);
            // Half a minute in a signature, where there is time for that.
            let start = Instant::now();
            let lasting = Duration::from_secs(if exhaustive() && doing == SIGNATURE { 30 } else { 0 });
            loop {
                self.everything_else(Some(&own), is_known);
                if start.elapsed() >= lasting {
                    break;
                }
            }
            if end == End::FinalizedAndLetGo {
                self.finalize();
                refused(self.module.slots(true), CKR_CRYPTOKI_NOT_INITIALIZED);
                self.with_card(|held| held.card().log_mut().mark());
                self.initialize();
                let new = self.module.open(slots[0]).expect("C_OpenSession");
                self.everything_else(Some(&new), false);
                std::mem::forget(new);
            }
            assert!(busy.lasts(), "{told}: somebody waited");
            if waiting.is_finished() {
                panic!("{told}: it has ended meanwhile: {:?}", waiting.join().map(|it| it.map_err(name)));
            }
            let before = self.come_to(end);
            drop(busy);
            (before, waiting.join().expect("no panic"))
        });
        self.judge(wish, doing, end, outcome, before.as_ref(), &told);
        drop((session, own));
        self.world.borrow().finalize();
        if let Some(before) = before.take() {
            self.put_back(before);
        }
        self.card_works(&told);
    }

    /// Ends it otherwise than by letting the card go. Gives the card that was taken out.
    fn come_to(&self, end: End) -> Option<Arc<Mutex<simcard::Card>>> {
        match end {
            End::LetGo | End::FinalizedAndLetGo => return None,
            End::Removed | End::Swapped => {}
            End::Restarted => {
                self.world.borrow_mut().rig().restart();
                let free = self.free.take().expect("a card").remove();
                *self.free.borrow_mut() = Some(self.world.borrow().put_into(1, free));
            }
        }
        let card = self.held.take().expect("the card").card.remove();
        if end == End::Swapped {
            let (card, gate) = self.world.borrow().insert_behind_gate(0, NEXT);
            *self.held.borrow_mut() = Some(Held { card, gate });
        }
        Some(card)
    }

    fn put_back(&self, before: Arc<Mutex<simcard::Card>>) {
        if let Some(next) = self.held.take() {
            next.card.remove();
        }
        let (card, gate) = self.world.borrow().insert_behind_gate(0, CARDS[0]);
        *card.card() = before.lock().expect("no panic").clone();
        card.card().power_off();
        *self.held.borrow_mut() = Some(Held { card, gate });
    }

    fn judge(
        &self,
        wish: &Wish,
        doing: Doing,
        end: End,
        outcome: Result<(), CK_RV>,
        before: Option<&Arc<Mutex<simcard::Card>>>,
        told: &str,
    ) {
        let code = outcome.err().unwrap_or(CKR_OK);
        assert!(permitted(wish.function, code), "{told}: {}", name(code));
        let hung = matches!(doing, Doing::Hangs(_) | Doing::HangsForAnother);
        let check = |card: &simcard::Card| {
            let spent: u32 = kit::counts(card).iter().map(|count| count.spent).sum();
            assert_eq!(spent, 0, "{told}");
            let presented = card.log().exchanges_since_mark().filter(|exchange| exchange.masked).count();
            // A command that was under way when the module was finalized comes to its end; it may be one with a PIN only
            // where that is the first one of the call.
            let most = match end {
                End::LetGo => usize::MAX,
                _ if hung && matches!(wish.function, "C_Login" | "C_Sign") => 1,
                _ => 0,
            };
            assert!(presented <= most, "{told}: {presented} PINs went to the card");
        };
        if let Some(before) = before {
            check(&before.lock().expect("no panic"));
        }
        if self.held.borrow().is_some() {
            self.with_card(|held| check(&held.card()));
        }
        match end {
            End::LetGo => assert_eq!(outcome, Ok(()), "{told}: {}", name(code)),
            // Who logs out is logged out, whatever becomes of the card.
            _ if wish.function == "C_Logout" => {}
            // With the answer that it waited for it may be done.
            End::FinalizedAndLetGo if hung && outcome.is_ok() => {}
            End::FinalizedAndLetGo => {
                assert_eq!(outcome, Err(CKR_CRYPTOKI_NOT_INITIALIZED), "{told}: {}", name(code));
            }
            End::Removed | End::Swapped | End::Restarted => assert!(outcome.is_err(), "{told}"),
        }
    }

    /// Afterwards the holder of the card logs in with whatever PIN it has, and signs.
    fn card_works(&self, told: &str) {
        self.initialize();
        let (slots, certificates) = (self.slots(), self.with_card(certificates));
        let program = Program { module: self.module, slots, certificates };
        let session = self.open(0);
        let is_new = self.with_card(|held| held.holds(simcard::PIN1, codes::NEW));
        let pin = if is_new { codes::NEW } else { PINS[0] };
        session
            .login(CKU_USER, pin)
            .and_then(|()| program.sign(Some(&session), 0))
            .unwrap_or_else(|code| panic!("{told}, afterwards: {}", name(code)));
        drop(session);
        self.world.borrow().finalize();
    }
}

/// A card like this, as it is when it has just been put in.
fn issued(description: &str) -> simcard::Card {
    kit::card(description).lock().expect("no panic").clone()
}

#[test]
fn a_card_that_another_one_keeps_busy_delays_only_who_wants_it() {
    let readers = Readers::new(CARDS[0]);
    let mut cases = 0;
    for (doing, ends, concerns) in ROWS {
        // A case takes pcscd seconds: there, those that tell the most.
        let is_quick = Backend::of_environment() == Backend::Linked;
        let is_chosen = |wish: &Wish| matches!(wish.function, "C_GetTokenInfo" | "C_Sign");
        if !is_quick && (*ends == LOST || ![Doing::Holds, SIGNATURE].contains(doing)) {
            continue;
        }
        for wish in WISHES.iter().filter(|wish| concerns(wish) && (is_quick || is_chosen(wish))) {
            for end in *ends {
                readers.play(wish, *doing, *end);
                cases += 1;
            }
        }
    }
    let _ = writeln!(std::io::stderr(), "  {cases} waits for a card that another one kept busy ended well");
}

/// Nothing is known of the cards yet, and of the one that hangs its answer to reset tells nothing.
#[test]
fn a_program_that_starts_while_another_ones_card_hangs_waits_for_nothing_else() {
    for card in [ANY, "fineid-org"] {
        let readers = Readers::new(card);
        let gate = readers.gate();
        let busy = Busy::hang(&gate, &readers.reader());
        readers.initialize();
        readers.everything_else(None, false);
        readers.finalize();
        assert!(busy.lasts(), "{card}: somebody waited");
    }
}

/// The module holds an idle connection to the card, which it gives up while another program's command hangs.
#[test]
fn an_idle_connection_is_given_up_without_waiting_for_the_card() {
    /// It is given up after three seconds.
    const IDLE: Duration = Duration::from_millis(3500);
    let readers = Readers::new(ANY);
    readers.initialize();
    let session = readers.open(0);
    find(Some(&session), CKO_CERTIFICATE).expect("objects");
    let gate = readers.gate();
    let busy = Busy::hang(&gate, &readers.reader());
    let start = Instant::now();
    while start.elapsed() < IDLE {
        readers.everything_else(Some(&session), true);
        std::thread::sleep(Duration::from_millis(20));
    }
    readers.finalize();
    assert!(busy.lasts(), "somebody waited");
}
