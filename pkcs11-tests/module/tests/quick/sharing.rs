//! Several programs on one card: a second instance of the module, and programs that use raw PC/SC.

use cryptoki_sys::*;
use kit::{
    ANY, Bench, Module, Other, PIN1, PIN2, Session, Token, Watched, World, name, refused, second_program,
    until,
};

const INPUT: &[u8] = &[1; 48];

fn log_in(module: &'static Module, token: Token) -> Session<'static> {
    let session = module.open(module.slot(token.0).unwrap()).unwrap();
    session.login(CKU_USER, token.1).unwrap();
    session
}

fn key(session: &Session<'_>, id: u8) -> CK_OBJECT_HANDLE {
    session.object(CKO_PRIVATE_KEY, id).unwrap()
}

/// A program that is logged in with PIN1 and has signed once.
fn signed_once() -> Bench {
    let bench = Bench::new();
    sign(&bench).unwrap();
    assert_eq!(bench.card.sent(simcard::PIN1), 1);
    bench
}

fn sign(bench: &Bench) -> Result<Vec<u8>, CK_RV> {
    bench.session.sign(CKM_ECDSA, bench.key, INPUT)
}

fn other(bench: &Bench) -> Other {
    Other::connect(bench.card.reader())
}

fn state(bench: &Bench) -> CK_STATE {
    bench.session.info().unwrap().state
}

#[test]
fn two_programs_use_one_card_at_once() {
    let (world, card) = World::with(ANY);
    let second = second_program();
    let _running = second.initialize().unwrap();
    let (one, other) = (world.logged_in(PIN1), log_in(second, PIN1));
    let (one_key, other_key) = (key(&one, 0x45), key(&other, 0x45));
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
            let key = key(&first, 0x45);
            for _ in 0..10 {
                first.sign(CKM_ECDSA, key, INPUT).unwrap();
            }
        });
        let key = key(&other, 0x46);
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
            sign(&bench).unwrap_or_else(|code| panic!("after somebody {what}: {}", name(code)));
            assert_eq!(bench.card.sent(simcard::PIN1), 1 + round, "after somebody {what}");
            sign(&bench).unwrap();
            assert_eq!(bench.card.sent(simcard::PIN1), 1 + round, "sent though it stands");
        }
        assert_eq!((bench.card.tries(simcard::PIN1), state(&bench)), (5, CKS_RO_USER_FUNCTIONS));
        other.leave();
    }
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
            refused(sign(&bench), CKR_USER_NOT_LOGGED_IN);
            assert_eq!(bench.card.sent(simcard::PIN1), 1, "sent with {left} tries left");
            assert_eq!(bench.card.tries(simcard::PIN1), left);
            assert_eq!(state(&bench), CKS_RO_PUBLIC_SESSION);
            // The holder may.
            bench.session.login(CKU_USER, PIN1.1).unwrap();
            bench.session.sign(CKM_ECDSA, key(&bench.session, 0x45), INPUT).unwrap();
            other.leave();
        }
    }
}

/// A card that refuses for another reason is not a card that has lost the PIN.
#[test]
fn a_pin_that_stands_is_not_sent_again() {
    for command in [&[0x22][..], &[0x2A, 0x90], &[0x2A, 0x9E]] {
        for status in [0x6F00, 0x6985, 0x6A80, 0x6700, 0x6982] {
            let bench = signed_once();
            bench.card.fault(simcard::Fault::on(command, simcard::Action::Status(status)));
            let code = sign(&bench).err().unwrap_or(CKR_OK);
            assert!([CKR_OK, CKR_DEVICE_ERROR].contains(&code), "{status:04X}: {}", name(code));
            assert_eq!(bench.card.sent(simcard::PIN1), 1, "{status:04X}");
            assert_eq!(state(&bench), CKS_RO_USER_FUNCTIONS);
            sign(&bench).unwrap();
        }
    }
}

#[test]
fn nothing_is_restored_after_the_logout() {
    let bench = signed_once();
    let other = other(&bench);
    bench.session.logout().unwrap();
    other.select();
    refused(sign(&bench), CKR_KEY_HANDLE_INVALID);
    assert_eq!(bench.card.sent(simcard::PIN1), 1);
    other.leave();
}

#[test]
fn a_logout_is_felt_by_programs_that_have_not_logged_in_themselves_only() {
    let bench = signed_once();
    let second = second_program();
    let _running = second.initialize().unwrap();
    let session = log_in(second, PIN1);
    session.logout().unwrap();
    // The card has one state for all, so the first program restores its own.
    sign(&bench).unwrap();
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

#[test]
fn disturbed_between_login_and_signature_pin2_still_signs_or_asks_again() {
    type Disturbs = fn(&mut Other);
    let disturbances: [Disturbs; 3] =
        [|other| other.select(), |other| other.reset(), |other| other.take_back(simcard::PIN2)];
    for disturb in disturbances {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN2);
        let key = key(&session, 0x46);
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

#[test]
fn a_card_that_somebody_keeps_to_himself_is_a_device_error_and_works_again() {
    let (world, card) = World::with(ANY);
    world.finalize();
    // Whoever used the card before is gone now.
    let mut alone = None;
    until("the other program has the card to itself", || {
        alone = Other::alone(card.reader()).ok();
        alone.is_some()
    });
    world.initialize();
    let slots = world.module.slots(true).unwrap();
    assert_eq!(slots.len(), 2, "a busy card is there all the same");
    refused(world.module.token(slots[0]), CKR_DEVICE_ERROR);
    refused(world.module.token(slots[1]), CKR_DEVICE_ERROR);
    assert_eq!(card.sent(simcard::PIN1), 0);
    alone.unwrap().leave();
    assert_eq!(world.labels(), [PIN1.0, PIN2.0]);
    let session = world.logged_in(PIN1);
    session.sign(CKM_ECDSA, key(&session, 0x45), INPUT).unwrap();
}
