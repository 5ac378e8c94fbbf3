//! What one program may notice of another on the same card, by what is sent: nothing that is not needed, no PIN to a
//! stranger's card, and no waiting for what is none of its business.

use cryptoki_sys::*;
use kit::{
    ANY, InReader, Other, PIN1, PIN2, Session, Token, Watched, World, name, refused, second_program, until,
};
use simcard::Exchange;
use simcard::options::CardOptions;
use std::time::{Duration, Instant};

const INPUT: &[u8] = &[1; 48];

fn key(session: &Session<'_>, token: Token) -> CK_OBJECT_HANDLE {
    let id = if token == PIN1 { 0x45 } else { 0x46 };
    session.object(CKO_PRIVATE_KEY, id).expect("the private key")
}

fn sign(session: &Session<'_>, token: Token) -> Result<Vec<u8>, CK_RV> {
    session.sign(CKM_ECDSA, key(session, token), INPUT)
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

// --- What is sent

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

// --- When a lost PIN is presented again, and when not

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

/// Tries for as long to get the card for itself alone, while the module's program looks after its slots.
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
    let (alone, after) = alone_within(&world, &card, &session, Duration::from_secs(6)).expect("let go");
    assert!((Duration::from_secs(2)..Duration::from_millis(4500)).contains(&after), "let go after {after:?}");
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

/// Alone with the card, another program holds it in the middle of a login that stands.
#[test]
fn an_operation_that_finds_the_card_taken_says_so_and_works_again() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    session.logout().expect("C_Logout");
    let mut alone = None;
    until("the other program has the card to itself", || {
        session.info().expect("C_GetSessionInfo");
        alone = Other::alone(card.reader()).ok();
        alone.is_some()
    });
    for _ in 0..3 {
        refused(session.login(CKU_USER, PIN1.1), CKR_DEVICE_ERROR);
        refused(session.login(CKU_USER, "9876"), CKR_DEVICE_ERROR);
    }
    assert_eq!((card.sent(simcard::PIN1), card.tries(simcard::PIN1)), (1, 5));
    alone.expect("just seen").leave();
    session.login(CKU_USER, PIN1.1).expect("PIN1 is right");
    sign(&session, PIN1).expect("a signature");
}

// --- The daemon

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
