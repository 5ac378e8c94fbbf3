//! What others do to the card: a second program with the module, and programs that use raw PC/SC. Nothing is sent that is
//! not needed, no PIN goes to a stranger's card, and a login that was lost comes back where that costs no try. Who waits
//! for whom is told in `waiting.rs`.

use cryptoki_sys::*;
use kit::{
    ANY, Bench, InReader, Module, Other, PIN1, PIN2, Session, Token, Watched, World, name, permitted,
    refused, second_program, until,
};
use simcard::options::CardOptions;
use simcard::{Action, Exchange, Fault};
use std::ptr;
use std::time::{Duration, Instant};

const INPUT: &[u8] = &[1; 48];

fn key(session: &Session<'_>, token: Token) -> CK_OBJECT_HANDLE {
    let id = if token == PIN1 { 0x45 } else { 0x46 };
    session.object(CKO_PRIVATE_KEY, id).expect("the private key")
}

fn sign(session: &Session<'_>, token: Token) -> Result<Vec<u8>, CK_RV> {
    session.sign(CKM_ECDSA, key(session, token), INPUT)
}

fn log_in(module: &'static Module, token: Token) -> Session<'static> {
    let session = module.open(module.slot(token.0).expect("the token")).expect("a session");
    session.login(CKU_USER, token.1).expect("the PIN is right");
    session
}

/// A program that is logged in with PIN1 and has signed once.
fn signed_once() -> Bench {
    let bench = Bench::new();
    sign_with(&bench).expect("a signature");
    assert_eq!(bench.card.sent(simcard::PIN1), 1);
    bench
}

fn sign_with(bench: &Bench) -> Result<Vec<u8>, CK_RV> {
    bench.session.sign(CKM_ECDSA, bench.key, INPUT)
}

fn other(bench: &Bench) -> Other {
    Other::connect(bench.card.reader())
}

fn state(bench: &Bench) -> CK_STATE {
    bench.session.info().expect("C_GetSessionInfo").state
}

/// SELECT by the identifier of an application: it takes every program's PINs away.
fn selects_an_application(exchange: &Exchange) -> bool {
    exchange.command.starts_with(&[0x00, 0xA4, 0x04])
}

/// VERIFY with a PIN, or P1=FF, which takes the state away.
fn touches_a_pin(exchange: &Exchange) -> bool {
    exchange.masked || exchange.command.starts_with(&[0x00, 0x20, 0xFF])
}

/// What went over the line while something was done.
fn line<R>(card: &InReader, act: impl FnOnce() -> R) -> (Vec<Exchange>, R) {
    card.card().log_mut().mark();
    let result = act();
    (card.card().log().exchanges_since_mark().cloned().collect(), result)
}

// --- Two programs with the module

#[test]
fn two_programs_use_one_card_at_once() {
    let (world, card) = World::with(ANY);
    let second = second_program();
    let _running = second.initialize().unwrap();
    let (one, other) = (world.logged_in(PIN1), log_in(second, PIN1));
    let (one_key, other_key) = (key(&one, PIN1), key(&other, PIN1));
    for _ in 0..5 {
        one.sign(CKM_ECDSA, one_key, INPUT).unwrap();
        other.sign(CKM_ECDSA, other_key, INPUT).unwrap();
    }
    assert_eq!(card.tries(simcard::PIN1), 5);
    assert_eq!(card.sent(simcard::PIN1), 2, "each program's holder typed it once:\n{}", card.story());
}

#[test]
fn two_programs_sign_with_both_pins_at_the_same_time() {
    let (world, card) = World::with(ANY);
    let second = second_program();
    let _running = second.initialize().unwrap();
    let (first, other) = (world.logged_in(PIN1), log_in(second, PIN2));
    std::thread::scope(|scope| {
        let signing = scope.spawn(|| {
            let key = key(&first, PIN1);
            for _ in 0..10 {
                first.sign(CKM_ECDSA, key, INPUT).unwrap();
            }
        });
        let key = key(&other, PIN2);
        for _ in 0..5 {
            other.sign_init(CKM_ECDSA, key).unwrap();
            other.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
            other.sign_data(INPUT).unwrap();
        }
        signing.join().unwrap();
    });
    assert_eq!([simcard::PIN1, simcard::PIN2].map(|pin| card.tries(pin)), [5, 5]);
    assert!(!card.open(simcard::PIN2));
}

#[test]
fn a_second_program_neither_selects_nor_touches_a_pin_to_look_at_a_card() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    sign(&session, PIN1).expect("a signature");
    let second = second_program();
    let _running = second.initialize().expect("C_Initialize");
    let (exchanges, ()) = line(&card, || {
        for token in [PIN1, PIN2] {
            let slot = second.slot(token.0).expect("the token");
            let other = second.open(slot).expect("a session");
            assert!(!other.find(&[]).expect("objects").is_empty());
        }
    });
    assert!(!exchanges.is_empty(), "the second program asked for nothing");
    assert!(!exchanges.iter().any(selects_an_application), "{}", card.story());
    assert!(!exchanges.iter().any(touches_a_pin), "{}", card.story());
    let (exchanges, outcome) = line(&card, || sign(&session, PIN1));
    outcome.expect("a signature");
    assert!(!exchanges.iter().any(touches_a_pin), "{}", card.story());
}

#[test]
fn a_program_that_comes_and_goes_leaves_no_trace() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let second = second_program();
    for _ in 0..3 {
        let running = second.initialize().expect("C_Initialize");
        second.slot(PIN2.0).expect("the token");
        drop(running);
        assert!(card.open(simcard::PIN1), "{}", card.story());
    }
    let (exchanges, outcome) = line(&card, || sign(&session, PIN1));
    outcome.expect("a signature");
    assert!(!exchanges.iter().any(touches_a_pin), "{}", card.story());
}

/// The two PINs are tokens of their own, in one program and in two.
#[test]
fn logging_out_of_one_token_does_not_log_out_of_the_other() {
    let (world, card) = World::with(ANY);
    let second = second_program();
    let _running = second.initialize().expect("C_Initialize");
    let one = world.logged_in(PIN1);
    sign(&one, PIN1).expect("a signature");
    for module in [world.module, second] {
        let two = module.open(module.slot(PIN2.0).expect("the token")).expect("a session");
        two.login(CKU_USER, PIN2.1).expect("PIN2 is right");
        two.logout().expect("C_Logout");
        assert_eq!(one.info().expect("C_GetSessionInfo").state, CKS_RO_USER_FUNCTIONS);
        let (exchanges, outcome) = line(&card, || sign(&one, PIN1));
        outcome.expect("a signature");
        assert!(!exchanges.iter().any(touches_a_pin), "{}", card.story());
    }
    // And the other way round: PIN2 was given before PIN1 is taken back.
    let two = world.logged_in(PIN2);
    one.logout().expect("C_Logout");
    assert!(!card.open(simcard::PIN1), "C_Logout left PIN1 open");
    assert_eq!(two.info().expect("C_GetSessionInfo").state, CKS_RO_USER_FUNCTIONS);
    sign(&two, PIN2).expect("a signature");
}

#[test]
fn a_logout_is_felt_by_programs_that_have_not_logged_in_themselves_only() {
    let bench = signed_once();
    let second = second_program();
    let _running = second.initialize().unwrap();
    let session = log_in(second, PIN1);
    session.logout().unwrap();
    // The card has one state for all, so the first program restores its own.
    sign_with(&bench).unwrap();
    assert_eq!(state(&bench), CKS_RO_USER_FUNCTIONS);
    assert_eq!(bench.card.tries(simcard::PIN1), 5);
    // The second program is out, though the card is open again.
    assert!(bench.card.open(simcard::PIN1));
    refused(session.object(CKO_PRIVATE_KEY, 0x45), CKR_OBJECT_HANDLE_INVALID);
}

/// What the card believes because of another program is no login here.
#[test]
fn another_programs_pin_is_no_login() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN2);
    session.find(&[]).unwrap();
    let other = Other::connect(card.reader());
    assert_eq!(other.verify(simcard::PIN1, PIN1.1), 0x9000);
    assert_eq!(other.verify(simcard::PIN2, PIN2.1), 0x9000);
    let session = world.open(PIN1);
    assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
    refused(session.object(CKO_PRIVATE_KEY, 0x45), CKR_OBJECT_HANDLE_INVALID);
    // And a wrong PIN is wrong, though the card is open.
    refused(session.login(CKU_USER, "9876"), CKR_PIN_INCORRECT);
    other.leave();
}

// --- When a lost PIN is presented again, and when not

#[test]
fn a_login_that_others_took_away_is_restored_once() {
    type Disturbs = fn(&mut Other);
    let disturbances: [(&str, Disturbs); 4] = [
        ("selected the application", |other| other.select()),
        ("took the PIN back", |other| other.take_back(simcard::PIN1)),
        ("reset the card", |other| other.reset()),
        ("selected the passport", |other| {
            other.send(b"\x00\xA4\x04\x0C\x07\xA0\x00\x00\x02\x47\x10\x01");
        }),
    ];
    for (what, disturb) in disturbances {
        let bench = signed_once();
        let mut other = other(&bench);
        for round in 1..=2 {
            disturb(&mut other);
            sign_with(&bench).unwrap_or_else(|code| panic!("after somebody {what}: {}", name(code)));
            assert_eq!(bench.card.sent(simcard::PIN1), 1 + round, "after somebody {what}");
            sign_with(&bench).unwrap();
            assert_eq!(bench.card.sent(simcard::PIN1), 1 + round, "sent though it stands");
        }
        assert_eq!((bench.card.tries(simcard::PIN1), state(&bench)), (5, CKS_RO_USER_FUNCTIONS));
        other.leave();
    }
}

#[test]
fn a_pin_is_presented_again_only_after_the_card_was_asked_who_it_is() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let mut other = Other::connect(card.reader());
    other.reset();
    let (exchanges, outcome) = line(&card, || sign(&session, PIN1));
    outcome.expect("a signature");
    let presented = exchanges.iter().position(|exchange| exchange.masked).expect("PIN1 was lost");
    let asked = exchanges
        .iter()
        .position(|exchange| exchange.command.starts_with(&[0x00, 0xB0]))
        .expect("EF.CIAInfo");
    assert!(asked < presented, "presented before the serial number was read:\n{}", card.story());
    assert_eq!(exchanges.iter().filter(|exchange| exchange.masked).count(), 1, "{}", card.story());
    other.leave();
}

/// An automatic act must never be the wrong try that blocks the card.
#[test]
fn a_lost_login_is_not_restored_when_a_try_is_spent() {
    type Disturbs = fn(&mut Other);
    let disturbances: [Disturbs; 2] = [|other| other.select(), |other| other.reset()];
    for disturb in disturbances {
        for left in 1..=4 {
            let bench = signed_once();
            let mut other = other(&bench);
            disturb(&mut other);
            bench.card.card().set_tries_left(simcard::PIN1, left);
            refused(sign_with(&bench), CKR_USER_NOT_LOGGED_IN);
            assert_eq!(bench.card.sent(simcard::PIN1), 1, "sent with {left} tries left");
            assert_eq!(bench.card.tries(simcard::PIN1), left);
            assert_eq!(state(&bench), CKS_RO_PUBLIC_SESSION);
            // The holder may.
            bench.session.login(CKU_USER, PIN1.1).unwrap();
            bench.session.sign(CKM_ECDSA, key(&bench.session, PIN1), INPUT).unwrap();
            other.leave();
        }
    }
}

/// The counter that a card tells may be wrong: what it tells is not a reason to send more.
#[test]
fn a_lost_login_is_not_restored_on_the_word_of_a_strange_card() {
    for status in [0x63C0, 0x63C1, 0x63C4, 0x6300, 0x6983, 0x6984, 0x6F00, 0x6982] {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        card.card().reset();
        card.card().set_tries_left(simcard::PIN1, 3);
        for _ in 0..8 {
            card.fault(Fault::on(&[0x20, 0x00, simcard::PIN1, 0x00], Action::Status(status)));
        }
        session.sign(CKM_ECDSA, key, INPUT).expect_err("signed without the PIN");
        assert_eq!((card.sent(simcard::PIN1), card.tries(simcard::PIN1)), (1, 3), "{status:04X}");
    }
}

/// A card that refuses for another reason is not a card that has lost the PIN.
#[test]
fn a_pin_that_stands_is_not_sent_again() {
    for command in [&[0x22][..], &[0x2A, 0x90], &[0x2A, 0x9E]] {
        for status in [0x6F00, 0x6985, 0x6A80, 0x6700, 0x6982] {
            let bench = signed_once();
            bench.card.fault(simcard::Fault::on(command, simcard::Action::Status(status)));
            let code = sign_with(&bench).err().unwrap_or(CKR_OK);
            assert!([CKR_OK, CKR_DEVICE_ERROR].contains(&code), "{status:04X}: {}", name(code));
            assert_eq!(bench.card.sent(simcard::PIN1), 1, "{status:04X}");
            assert_eq!(state(&bench), CKS_RO_USER_FUNCTIONS);
            sign_with(&bench).unwrap();
        }
    }
}

/// Somebody else's wrong try leaves our login alone as long as it stands.
#[test]
fn a_spent_try_does_not_matter_while_nothing_is_lost() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    card.card().set_tries_left(simcard::PIN1, 3);
    let (exchanges, outcome) = line(&card, || sign(&session, PIN1));
    outcome.expect("a signature");
    assert!(!exchanges.iter().any(touches_a_pin), "{}", card.story());
}

#[test]
fn a_pin_that_was_changed_elsewhere_is_remembered_as_refused() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let key = key(&session, PIN1);
    let other = Other::connect(card.reader());
    other.change(simcard::PIN1, PIN1.1, "432143");
    other.select();
    refused(session.sign(CKM_ECDSA, key, INPUT), CKR_USER_NOT_LOGGED_IN);
    assert_eq!(card.tries(simcard::PIN1), 4);
    assert_eq!(session.info().expect("C_GetSessionInfo").state, CKS_RO_PUBLIC_SESSION);
    let (exchanges, outcome) = line(&card, || {
        for _ in 0..3 {
            let code = session.sign(CKM_ECDSA, key, INPUT).expect_err("signed without a login");
            assert!([CKR_USER_NOT_LOGGED_IN, CKR_KEY_HANDLE_INVALID].contains(&code), "{}", name(code));
        }
        session.login(CKU_USER, PIN1.1)
    });
    refused(outcome, CKR_PIN_INCORRECT);
    assert!(!exchanges.iter().any(touches_a_pin), "sent though the card has refused it:\n{}", card.story());
    session.login(CKU_USER, "432143").expect("the new PIN is right");
    sign(&session, PIN1).expect("a signature");
    assert_eq!(card.tries(simcard::PIN1), 5);
    other.leave();
}

#[test]
fn nothing_is_restored_after_the_logout() {
    let bench = signed_once();
    let other = other(&bench);
    bench.session.logout().unwrap();
    other.select();
    refused(sign_with(&bench), CKR_KEY_HANDLE_INVALID);
    assert_eq!(bench.card.sent(simcard::PIN1), 1);
    other.leave();
}

/// A reader that swaps cards behind pcscd's back, as a switch for several cards does.
#[test]
fn another_persons_card_in_the_same_reader_is_not_given_the_pin() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let key = key(&session, PIN1);
    let mut other = Other::connect(card.reader());
    other.reset();
    let mut options = CardOptions::default();
    options.apply("fineid-v4.0,holder=2").expect("a description");
    *card.card() = simcard::Card::new(options);
    let code = session.sign(CKM_ECDSA, key, INPUT).expect_err("signed with another person's card");
    assert_eq!(card.sent(simcard::PIN1), 0, "{}: the PIN was sent\n{}", name(code), card.story());
    refused(session.info(), CKR_SESSION_HANDLE_INVALID);
    other.leave();
}

#[test]
fn disturbed_between_login_and_signature_pin2_still_signs_or_asks_again() {
    type Disturbs = fn(&mut Other);
    let disturbances: [Disturbs; 3] =
        [|other| other.select(), |other| other.reset(), |other| other.take_back(simcard::PIN2)];
    for disturb in disturbances {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN2);
        let key = key(&session, PIN2);
        let mut other = Other::connect(card.reader());
        disturb(&mut other);
        session.sign(CKM_ECDSA, key, INPUT).unwrap();
        session.sign_init(CKM_ECDSA, key).unwrap();
        session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
        disturb(&mut other);
        session.sign_data(INPUT).unwrap();
        assert_eq!(card.tries(simcard::PIN2), 5);
        assert!(!card.open(simcard::PIN2));
        other.leave();
    }
}

// --- The card for oneself alone

/// Tries to get the card for itself alone, while the module's program looks after its slots; so long at most.
fn alone_within(
    world: &World,
    card: &InReader,
    session: &Session<'_>,
    limit: Duration,
) -> Option<(Other, Duration)> {
    let start = Instant::now();
    while start.elapsed() < limit {
        session.info().expect("C_GetSessionInfo");
        world.module.slots(true).expect("slots");
        if let Ok(alone) = Other::alone(card.reader()) {
            return Some((alone, start.elapsed()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    None
}

#[test]
fn the_card_is_let_go_after_three_idle_seconds_but_not_while_a_login_stands() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    session.find(&[]).expect("objects");
    let (alone, after) = alone_within(&world, &card, &session, Duration::from_secs(60)).expect("let go");
    assert!(after >= Duration::from_secs(2), "let go after {after:?}");
    // Whoever has the card to himself is in the way, and no more than that.
    refused(session.login(CKU_USER, PIN1.1), CKR_DEVICE_ERROR);
    assert_eq!(card.sent(simcard::PIN1), 0);
    assert_eq!(world.module.slots(true).expect("slots").len(), 2);
    session.info().expect("the session lives on");
    alone.leave();
    session.login(CKU_USER, PIN1.1).expect("PIN1 is right");
    sign(&session, PIN1).expect("a signature");
    let taken = alone_within(&world, &card, &session, Duration::from_millis(4500));
    assert!(taken.is_none(), "let go though PIN1 stands");
    let (exchanges, outcome) = line(&card, || sign(&session, PIN1));
    outcome.expect("a signature");
    assert!(!exchanges.iter().any(touches_a_pin), "{}", card.story());
}

/// Whoever has the card to himself is in the way of who wants it, and no more than that.
#[test]
fn a_card_that_somebody_keeps_to_himself_is_a_device_error_and_works_again() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    session.logout().expect("C_Logout");
    let keep = || {
        let mut alone = None;
        until("the other program has the card to itself", || {
            // Of a program that uses the module nothing is to be seen where it is not in use.
            let _ = session.info();
            alone = Other::alone(card.reader()).ok();
            alone.is_some()
        });
        alone.expect("just seen")
    };
    let alone = keep();
    for _ in 0..3 {
        refused(session.login(CKU_USER, PIN1.1), CKR_DEVICE_ERROR);
        refused(session.login(CKU_USER, "987698"), CKR_DEVICE_ERROR);
    }
    assert_eq!((card.sent(simcard::PIN1), card.tries(simcard::PIN1)), (1, 5));
    alone.leave();
    session.login(CKU_USER, PIN1.1).expect("PIN1 is right");
    sign(&session, PIN1).expect("a signature");
    // The same for a program that has never seen the card.
    world.finalize();
    let alone = keep();
    world.initialize();
    let slots = world.module.slots(true).expect("slots");
    assert_eq!(slots.len(), 2, "a busy card is there all the same");
    for slot in slots {
        refused(world.module.token(slot), CKR_DEVICE_ERROR);
    }
    assert_eq!(card.sent(simcard::PIN1), 2);
    alone.leave();
    assert_eq!(world.labels(), [PIN1.0, PIN2.0]);
    sign(&world.logged_in(PIN1), PIN1).expect("a signature");
}

// --- The daemon, and the card in the other reader

/// The PIN is not carried over to the card that is there after a restart, though it is the same.
#[test]
fn a_restart_of_the_daemon_ends_the_login() {
    let mut world = World::enter();
    let card = world.insert(ANY);
    world.initialize();
    let session = world.logged_in(PIN1);
    let key = key(&session, PIN1);
    world.rig().stop();
    let code = session.sign(CKM_ECDSA, key, INPUT).expect_err("signed without a daemon");
    assert!([CKR_DEVICE_REMOVED, CKR_SESSION_HANDLE_INVALID].contains(&code), "{}", name(code));
    assert!(world.module.slots(true).expect("slots").is_empty());
    drop(card);
    world.rig().restart();
    let card = world.insert(ANY);
    refused(session.info(), CKR_SESSION_HANDLE_INVALID);
    refused(session.sign(CKM_ECDSA, key, INPUT), CKR_SESSION_HANDLE_INVALID);
    assert_eq!(card.sent(simcard::PIN1), 0);
    let session = world.logged_in(PIN1);
    sign(&session, PIN1).expect("a signature");
    assert_eq!(card.sent(simcard::PIN1), 1);
}

/// A broken card in one reader is nothing to a good one in the other.
#[test]
fn a_broken_card_does_not_harm_its_neighbour() {
    let world = World::enter();
    let broken = world.insert_into(0, ANY);
    let _good = world.insert_into(1, "fineid-v4.1,holder=2");
    for _ in 0..200 {
        broken.card().faults_mut().push(Fault::next(Action::Garbage(vec![0xFF; 3])));
    }
    world.initialize();
    let slots = world.module.slots(true).unwrap();
    assert_eq!(slots.len(), 4);
    let code = world.module.token(slots[0]).expect_err("garbage was taken for a token");
    assert!(permitted("C_GetTokenInfo", code), "{}", name(code));
    let session = world.module.open(slots[1]).unwrap();
    session.login(CKU_USER, PIN1.1).unwrap();
    session.sign(CKM_ECDSA, session.object(CKO_PRIVATE_KEY, 0x45).unwrap(), INPUT).unwrap();
    let mut slot = 0;
    refused(
        kit::call!(world.module, C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, ptr::null_mut())),
        CKR_NO_EVENT,
    );
}

/// In the middle of a call, before the card has acted and after: also pcscd tells that it is gone, and the next one works.
#[test]
fn a_card_that_is_pulled_out_in_the_middle_of_a_call_is_gone_and_the_next_one_works() {
    type Act = fn(&Session<'_>) -> Result<(), CK_RV>;
    const NEXT_PIN2: &str = "975310";
    let acts: [(&[u8], Act); 3] = [
        (&[0x20, 0x00], |session| session.login(CKU_USER, PIN2.1)),
        (&[0x2A, 0x9E], |session| {
            session.login(CKU_USER, PIN2.1).expect("PIN2 is right");
            sign(session, PIN2).map(drop)
        }),
        (&[0x24, 0x00], |session| session.set_pin(PIN2.1, "778899")),
    ];
    for (command, act) in acts {
        for action in [Action::PullOutBefore, Action::PullOutAfter] {
            let told = format!("{action:?} at {command:02X?}");
            let (world, card) = World::with(ANY);
            let session = world.open_to_write(PIN2);
            card.fault(Fault::on(command, action));
            let code = act(&session).expect_err("done without a card");
            let gone = [CKR_DEVICE_REMOVED, CKR_SESSION_HANDLE_INVALID];
            assert!(gone.contains(&code), "{told}: {}", name(code));
            world.wait_until_gone(0);
            card.remove();
            let next = world.insert(&format!("fineid-v4.0,holder=2,pin2={NEXT_PIN2}"));
            sign(&world.logged_in((PIN2.0, NEXT_PIN2)), PIN2)
                .unwrap_or_else(|code| panic!("{told}, then {}", name(code)));
            assert_eq!((next.sent(simcard::PIN1), next.tries(simcard::PIN2)), (0, 5), "{told}");
        }
    }
}
