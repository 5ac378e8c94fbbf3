//! Another program holds the card for longer than anybody likes to wait. The call that wants the card waits as long as
//! that transaction lasts, because PC/SC has nothing that ends such a wait; nobody else waits, and C_Finalize least of
//! all. When the wait is over, so is what has lost its sense meanwhile: after C_Finalize no PIN goes to the card.

use crate::activation;
use crate::case::name;
use crate::flows::{NEW, PINS, PUK};
use crate::stage;
use cryptoki_sys::*;
use fake_pcsc::Fake;
use kit::{Activation, Module, Session, VendorList, bytes, call};
use spy::standard;
use std::io::Write;
use std::ptr;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// The held card, and its neighbour in the other reader.
const CARDS: [&str; 2] = ["fineid-v4.0", "fineid-v3.1,holder=2"];
/// Who does not wait is back by then.
const AT_ONCE: Duration = Duration::from_millis(500);

/// The state in which a program meets the held card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It has not used the card yet: it waits in SCardConnect.
    New,
    /// It is connected, and waits in SCardBeginTransaction.
    Open,
    LoggedIn,
}

/// A call that wants the card.
struct Wish {
    function: &'static str,
    state: State,
    /// Of PIN1 (0) or of PIN2 (1).
    token: usize,
    act: fn(&Stage, Option<&Session<'_>>, usize) -> Result<(), CK_RV>,
}

const fn wish(
    function: &'static str,
    state: State,
    token: usize,
    act: fn(&Stage, Option<&Session<'_>>, usize) -> Result<(), CK_RV>,
) -> Wish {
    Wish { function, state, token, act }
}

const WISHES: &[Wish] = &[
    wish("C_GetTokenInfo", State::New, 0, |stage, _, token| {
        stage.module.token(stage.slot(0, token)).map(drop)
    }),
    wish("AVN_Activate", State::New, 0, |stage, _, _| stage.activate()),
    wish("C_FindObjectsInit", State::Open, 0, |_, session, _| find(session, CKO_CERTIFICATE).map(drop)),
    wish("C_Login", State::Open, 0, |_, session, token| of(session).login(CKU_USER, PINS[token])),
    wish("C_Login", State::Open, 1, |_, session, token| of(session).login(CKU_USER, PINS[token])),
    wish("C_SetPIN", State::Open, 0, |_, session, token| of(session).set_pin(PINS[token], NEW)),
    wish("C_SetPIN", State::Open, 1, |_, session, token| of(session).set_pin(PINS[token], NEW)),
    wish("AVN_GetCardStatus", State::Open, 0, |stage, _, token| {
        VendorList::of(stage.module).card_status(stage.slot(0, token)).map(drop)
    }),
    wish("AVN_Activate", State::Open, 0, |stage, _, _| stage.activate()),
    wish("C_Sign", State::LoggedIn, 0, |_, session, _| sign(session, CKM_ECDSA)),
    wish("C_Sign", State::LoggedIn, 1, |_, session, _| sign(session, CKM_ECDSA)),
    wish("C_Logout", State::LoggedIn, 0, |_, session, _| of(session).logout()),
];

/// How the wait ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The other program ends its transaction.
    LetGo,
    /// After C_Finalize.
    FinalizedAndLetGo,
    Removed,
    Swapped,
    Restarted,
}

const ENDS: [End; 5] = [End::LetGo, End::FinalizedAndLetGo, End::Removed, End::Swapped, End::Restarted];

fn of<'s, 'm>(session: Option<&'s Session<'m>>) -> &'s Session<'m> {
    session.expect("a session was opened before")
}

fn find(session: Option<&Session<'_>>, class: CK_OBJECT_CLASS) -> Result<Vec<CK_OBJECT_HANDLE>, CK_RV> {
    of(session).find(&[(CKA_CLASS, &bytes(class))])
}

fn sign(session: Option<&Session<'_>>, mechanism: CK_MECHANISM_TYPE) -> Result<(), CK_RV> {
    let keys = find(session, CKO_PRIVATE_KEY)?;
    of(session).sign(mechanism, keys[0], &[0x5A; 48]).map(drop)
}

struct Stage {
    fake: Fake,
    module: &'static Module,
    /// What took longer than it may, in this case.
    slow: Mutex<Vec<String>>,
}

impl Stage {
    /// PIN1's tokens of both readers come first.
    fn slot(&self, reader: usize, token: usize) -> CK_SLOT_ID {
        self.module.slots(true).expect("C_GetSlotList")[2 * token + reader]
    }

    fn activate(&self) -> Result<(), CK_RV> {
        let list = VendorList::of(self.module);
        match list.set(self.slot(0, 0), &Activation::of(PUK, Some(NEW), Some(NEW))).0 {
            CKR_OK => Ok(()),
            code => Err(code),
        }
    }

    fn open(&self, reader: usize, token: usize) -> Session<'static> {
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        self.module.token(self.slot(reader, token)).expect("C_GetTokenInfo");
        self.module.open_with(self.slot(reader, token), flags).expect("C_OpenSession")
    }

    fn logged_in(&self, reader: usize, token: usize) -> Session<'static> {
        let session = self.open(reader, token);
        session.login(CKU_USER, PINS[token]).expect("C_Login");
        find(Some(&session), CKO_PRIVATE_KEY).expect("C_FindObjectsInit");
        session
    }

    /// All that does not want the held card.
    fn neighbours_work(&self, neighbour: &Session<'_>, held: Option<&Session<'_>>) {
        let start = Instant::now();
        sign(Some(neighbour), CKM_SHA256_RSA_PKCS).expect("C_Sign in the other reader");
        neighbour.info().expect("C_GetSessionInfo");
        let slots = self.module.slots(true).expect("C_GetSlotList");
        assert_eq!(slots.len(), 4, "a held card is there all the same");
        for slot in slots {
            let mut info = CK_SLOT_INFO::default();
            call!(self.module, C_GetSlotInfo(slot, &mut info)).expect("C_GetSlotInfo");
        }
        if let Some(held) = held {
            held.info().expect("C_GetSessionInfo of the held card");
            self.module.token(self.slot(0, 0)).expect("C_GetTokenInfo of a card that is known");
        }
        self.must_be_soon("the others waited", start);
    }

    fn finalize_at_once(&self) {
        let start = Instant::now();
        call!(self.module, C_Finalize(ptr::null_mut())).expect("C_Finalize");
        self.must_be_soon("C_Finalize took", start);
    }

    fn slow(&self) -> MutexGuard<'_, Vec<String>> {
        self.slow.lock().expect("no panic")
    }

    fn must_be_soon(&self, what: &str, start: Instant) {
        let took = start.elapsed();
        if took >= AT_ONCE {
            self.slow().push(format!("{what} {took:?}"));
        }
    }

    /// As [`Self::play`], again where it was slow: that may be the machine's doing, but not each time.
    fn play_in_time(&self, wish: &Wish, was_reset: bool, end: End) {
        const TIMES: usize = 5;
        for _ in 0..TIMES {
            self.slow().clear();
            self.play(wish, was_reset, end);
            if self.slow().is_empty() {
                return;
            }
        }
        panic!("{}, {:?}, {end:?}: {:?}", wish.function, wish.state, self.slow());
    }

    /// One wish while the card is held, to its end.
    fn play(&self, wish: &Wish, was_reset: bool, end: End) {
        let told = format!("{} of token {}, {:?}, {end:?}", wish.function, wish.token, wish.state);
        for (reader, card) in CARDS.iter().enumerate() {
            self.fake.tell(&format!("renew {reader} {card}"));
        }
        self.fake.tell("clear");
        let running = self.module.initialize().expect("C_Initialize");
        let neighbour = self.logged_in(1, 0);
        let session = match wish.state {
            State::New => None,
            State::Open => Some(self.open(0, wish.token)),
            State::LoggedIn => Some(self.logged_in(0, wish.token)),
        };
        if was_reset {
            self.fake.tell("happen 0 reset");
        }
        self.fake.tell("hold 0");
        self.fake.tell("clear");
        let outcome = std::thread::scope(|scope| {
            let held = session.as_ref();
            let waiting = scope.spawn(move || (wish.act)(self, held, wish.token));
            while self.fake.tell("waiting") == "0" && !waiting.is_finished() {
                std::thread::sleep(Duration::from_millis(1));
            }
            self.neighbours_work(&neighbour, held);
            assert!(!waiting.is_finished(), "{told}: it was carried out in another program's transaction");
            match end {
                End::LetGo => {}
                End::FinalizedAndLetGo => {
                    self.finalize_at_once();
                    assert!(!waiting.is_finished(), "{told}: only the end of the transaction ends the wait");
                    self.fake.tell("clear");
                }
                End::Removed => drop(self.fake.tell("happen 0 removed")),
                End::Swapped => drop(self.fake.tell("happen 0 swapped")),
                End::Restarted => drop(self.fake.tell("happen 0 restarted")),
            }
            self.fake.tell("release 0");
            let released = Instant::now();
            let outcome = waiting.join().expect("no panic");
            self.must_be_soon("it ended later, by", released);
            outcome
        });
        self.judge(wish, end, outcome, &told);
        std::mem::forget((session, neighbour));
        drop(running);
        self.good_card_works(&told);
    }

    fn judge(&self, wish: &Wish, end: End, outcome: Result<(), CK_RV>, told: &str) {
        let code = outcome.err().unwrap_or(CKR_OK);
        let permitted = activation::permits(wish.function, code).unwrap_or_else(|| {
            standard::function(wish.function).is_some_and(|function| function.permits(code))
        });
        assert!(permitted, "{told}: {}", name(code));
        let spent: u32 = self.fake.pins("").iter().map(|pin| pin.spent).sum();
        assert_eq!(spent, 0, "{told}");
        match end {
            End::LetGo => assert_eq!(outcome, Ok(()), "{told}: {}", name(code)),
            // Who logs out is logged out, whatever becomes of the card.
            _ if wish.function == "C_Logout" => {}
            End::FinalizedAndLetGo => {
                assert_eq!(outcome, Err(CKR_CRYPTOKI_NOT_INITIALIZED), "{told}: {}", name(code));
            }
            End::Removed | End::Swapped | End::Restarted => assert!(outcome.is_err(), "{told}"),
        }
        if end != End::LetGo {
            assert_eq!(self.fake.tell("credentials"), "", "{told}: a PIN went to the card");
        }
    }

    /// Afterwards the holder of the card logs in with whatever PIN it has, and signs.
    fn good_card_works(&self, told: &str) {
        self.fake.tell("restore");
        let _running = self.module.initialize().expect("C_Initialize");
        let session = self.open(0, 0);
        let reference = self.fake.pins("")[0].reference;
        let pin = if self.fake.holds(reference, NEW) { NEW } else { PINS[0] };
        session.login(CKU_USER, pin).unwrap_or_else(|code| panic!("{told}, afterwards: {}", name(code)));
        sign(Some(&session), CKM_ECDSA).unwrap_or_else(|code| panic!("{told}, afterwards: {}", name(code)));
    }
}

/// In the process with the fake library. Gives how many cases there were.
fn play_all() -> usize {
    let module: &'static Module = Box::leak(Box::new(Module::from_file(&Module::under_test())));
    let stage = Stage { fake: Fake::linked(), module, slow: Mutex::default() };
    stage.fake.tell("repeat");
    for (reader, card) in CARDS.iter().enumerate() {
        stage.fake.tell(&format!("insert {reader} {card}"));
    }
    let mut cases = 0;
    for wish in WISHES {
        // After a reset it is in SCardReconnect that a connected program waits.
        let resets = if wish.state == State::New { &[false][..] } else { &[false, true] };
        for was_reset in resets {
            for end in ENDS {
                stage.play_in_time(wish, *was_reset, end);
                cases += 1;
            }
        }
    }
    cases
}

#[test]
fn a_card_that_another_program_holds_delays_only_who_wants_it() {
    const TEST: &str = "held::a_card_that_another_program_holds_delays_only_who_wants_it";
    if stage::part().is_some() {
        return println!("cases {}", play_all());
    }
    let output = stage::play(TEST, 0, 0);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let cases = said.lines().find_map(|line| line.rsplit_once("cases "));
    let (_, cases) = cases.expect("how many there were");
    let _ = writeln!(std::io::stderr(), "  {cases} waits for a card that another program holds ended well");
}
