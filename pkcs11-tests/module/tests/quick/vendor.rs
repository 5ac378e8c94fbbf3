//! The vendor interface: how a card stands, and both PINs set in one call.

use cryptoki_sys::*;
use kit::codes::{NEW1, NEW2, PUK, TRANSPORT};
use kit::{
    ANY, Activation, CardStatus, InReader, PIN1, PIN2, PinStatus, Step, UNKNOWN, UnknownCard, VendorList,
    Watched, World, bare_activation, lasting, refused, until,
};
use pcsc::State;
use simcard::{Action, Fault};
use std::ffi::c_void;
use std::ptr;

const RW: CK_FLAGS = CKF_SERIAL_SESSION | CKF_RW_SESSION;
const USE_LAST_TRY: CK_FLAGS = 1;

const SECRETS: [u8; 3] = [simcard::PIN1, simcard::PIN2, simcard::PUK];

/// How many commands with a PIN or code the card was sent.
fn sent(card: &InReader) -> u32 {
    SECRETS.map(|reference| card.sent(reference)).iter().sum()
}

fn tries(card: &InReader) -> [u8; 3] {
    SECRETS.map(|reference| card.tries(reference))
}

fn list(world: &World) -> &'static VendorList {
    VendorList::of(world.module)
}

fn both(code: &str) -> Activation {
    Activation::of(code, Some(NEW1), Some(NEW2))
}

fn step(pin: CK_ULONG, rv: CK_RV, left: CK_ULONG) -> Step {
    Step { pin, rv, left }
}

const fn not_begun(pin: CK_ULONG) -> Step {
    Step { pin, rv: UNKNOWN, left: UNKNOWN }
}

#[test]
fn the_status_says_how_the_card_stands() {
    // The numbers are those of the header.
    let (ready, fresh, unset, locked) = (1, 3, 4, 6);
    let pin = |stage| PinStatus {
        left: if stage == unset || stage == locked { 0 } else { 5 },
        most: 5,
        changed: CK_ULONG::from(stage == ready || stage == locked),
        stage,
    };
    let (open, partly, done) = (1, 2, 3);
    let (long, short) = (1, 2);
    let (nothing, activate, unblock1, unblock2, lost) = (1, 2, 3, 4, 5);
    for (state, pin1, pin2, code_left, activation, scheme, next) in [
        ("activated", ready, ready, 5, done, UNKNOWN, nothing),
        ("fresh-old", unset, unset, 5, open, long, activate),
        ("fresh-new", fresh, fresh, 5, open, short, activate),
        ("half-old", ready, unset, 5, partly, long, activate),
        ("half-old-pin2", unset, ready, 5, partly, long, activate),
        ("half-new", ready, fresh, 5, partly, short, activate),
        ("half-new-pin2", fresh, ready, 5, partly, short, activate),
        ("blocked-pin1", locked, ready, 5, done, UNKNOWN, unblock1),
        ("blocked-pin2", ready, locked, 5, done, UNKNOWN, unblock2),
        ("blocked-puk", ready, ready, 0, done, UNKNOWN, nothing),
        ("dead", locked, locked, 0, done, UNKNOWN, lost),
        ("dead-old", unset, unset, 0, open, long, lost),
        ("blocked-new", unset, unset, 5, open, long, activate),
    ] {
        let (world, card) = World::with(&format!("{ANY},state={state}"));
        let expected = CardStatus {
            size: size_of::<CardStatus>() as CK_ULONG,
            pin1: pin(pin1),
            pin2: pin(pin2),
            code_left,
            code_most: 5,
            activation,
            scheme,
            next,
        };
        let before = tries(&card);
        for token in [PIN1, PIN2] {
            assert_eq!(list(&world).card_status(world.slot(token)), Ok(expected), "{state}, {}", token.0);
        }
        assert_eq!((sent(&card), tries(&card)), (0, before));
    }
}

/// Tries are those of this moment, whoever spent them; what the card does not tell is not known.
#[test]
fn the_status_is_asked_of_the_card_each_time() {
    let (world, card) = World::with(&format!("{ANY},df2f_present=false"));
    let slot = world.slot(PIN1);
    for left in [4, 1, 0] {
        card.card().set_tries_left(simcard::PIN1, left);
        card.card().set_tries_left(simcard::PUK, left + 1);
        let status = list(&world).card_status(slot).unwrap();
        let left = CK_ULONG::from(left);
        let (usable, unset_or_locked) = (2, 5);
        let stage = if left == 0 { unset_or_locked } else { usable };
        assert_eq!(status.pin1, PinStatus { left, most: 5, changed: UNKNOWN, stage });
        assert_eq!((status.code_left, status.scheme), (left + 1, UNKNOWN));
    }
}

#[test]
fn both_pins_are_set_in_one_call_and_nothing_else_stays_behind() {
    for generation in kit::GENERATIONS {
        for (state, code) in [("fresh-old", PUK), ("fresh-new", TRANSPORT)] {
            // No card of v3 came with a transport code.
            if code == TRANSPORT && !generation.starts_with("fineid-v4") {
                continue;
            }
            let description = format!("{generation},state={state}");
            let (world, card) = World::with(&description);
            // The slot of either PIN is the card's.
            let slot = world.slot(if state == "fresh-old" { PIN1 } else { PIN2 });
            let (rv, outcome) = list(&world).set(slot, &both(code));
            assert_eq!(rv, CKR_OK, "{description}: {}", card.story());
            assert_eq!((outcome.pin1, outcome.pin2), (step(1, CKR_OK, 5), step(2, CKR_OK, 5)));
            assert_eq!(list(&world).card_status(slot).unwrap().activation, 3);
            assert_eq!(world.token_flags(slot) & CKF_USER_PIN_TO_BE_CHANGED, 0);
            assert_eq!(
                lasting(&card.card()),
                bare_activation(&description, &[simcard::PIN1, simcard::PIN2]),
                "{description}"
            );
            world.open(PIN1).login(CKU_USER, NEW1).unwrap();
            world.open(PIN2).login(CKU_USER, NEW2).unwrap();
        }
    }
}

#[test]
fn a_half_done_activation_is_finished() {
    for (state, code, pins, reference) in [
        ("half-old", PUK, [None, Some(NEW2)], simcard::PIN2),
        ("half-old-pin2", PUK, [Some(NEW1), None], simcard::PIN1),
        ("half-new", TRANSPORT, [None, Some(NEW2)], simcard::PIN2),
        ("half-new-pin2", TRANSPORT, [Some(NEW1), None], simcard::PIN1),
    ] {
        let description = format!("{ANY},state={state}");
        let (world, card) = World::with(&description);
        let (rv, outcome) = list(&world).set(world.slot(PIN1), &Activation::of(code, pins[0], pins[1]));
        assert_eq!(rv, CKR_OK, "{state}");
        let expected = [(1, pins[0]), (2, pins[1])]
            .map(|(pin, asked)| if asked.is_some() { step(pin, CKR_OK, 5) } else { not_begun(pin) });
        assert_eq!([outcome.pin1, outcome.pin2], expected);
        assert_eq!(lasting(&card.card()), bare_activation(&description, &[reference]));
    }
}

#[test]
fn a_wrong_code_costs_one_try_and_ends_it() {
    for (state, wrong, after) in [("fresh-old", "87654321", [0, 0, 4]), ("fresh-new", "7654321", [4, 5, 5])] {
        let (world, card) = World::with(&format!("{ANY},state={state}"));
        let slot = world.slot(PIN1);
        let (rv, outcome) = list(&world).set(slot, &both(wrong));
        assert_eq!(rv, CKR_PIN_INCORRECT);
        assert_eq!((outcome.pin1, outcome.pin2), (step(1, CKR_PIN_INCORRECT, 4), not_begun(2)));
        assert_eq!((sent(&card), tries(&card)), (1, after));
        // Once refused, it is not sent again.
        let (rv, outcome) = list(&world).set(slot, &both(wrong));
        assert_eq!((rv, outcome.pin1), (CKR_PIN_INCORRECT, step(1, CKR_PIN_INCORRECT, 4)));
        assert_eq!((sent(&card), tries(&card)), (1, after));
    }
}

#[test]
fn a_code_that_contradicts_the_card_is_not_sent() {
    for (card, state, code, rv) in [
        (ANY, "fresh-old", TRANSPORT, CKR_PIN_LOCKED),
        (ANY, "blocked-new", TRANSPORT, CKR_PIN_LOCKED),
        (ANY, "activated", TRANSPORT, CKR_PIN_INCORRECT),
        // The letter of a card of the old scheme.
        (ANY, "fresh-new", PUK, CKR_PIN_INCORRECT),
        ("fineid-v3.1", "activated", TRANSPORT, CKR_PIN_INCORRECT),
        ("fineid-v4.0,df2f_present=no", "activated", TRANSPORT, CKR_PIN_INCORRECT),
        ("fineid-v4.0,df2f_present=no", "fresh-new", TRANSPORT, CKR_PIN_INCORRECT),
    ] {
        let (world, card) = World::with(&format!("{card},state={state}"));
        let (got, outcome) = list(&world).set(world.slot(PIN1), &both(code));
        assert_eq!((got, outcome.pin1.rv), (rv, rv), "{state}");
        assert_eq!(sent(&card), 0, "{state}");
    }
}

/// One failure of the question whether the code is still the letter's does not make it an older card.
#[test]
fn a_state_that_could_not_be_told_once_is_asked_for_again() {
    for failure in [0x6F00, 0x6400, 0x6581] {
        for skip in 0..5 {
            let (world, card) = World::with(&format!("{ANY},state=fresh-new"));
            card.fault(Fault { skip, ..Fault::on(&[0xCB], Action::Status(failure)) });
            let (rv, _) = list(&world).set(world.slot(PIN1), &both(TRANSPORT));
            assert_eq!(rv, CKR_OK, "{failure:04X} to question {skip}: {}", card.story());
        }
    }
}

#[test]
fn the_last_try_is_kept_unless_it_may_be_used() {
    for (state, code, wrong, reference) in
        [("fresh-old", PUK, "87654321", simcard::PUK), ("fresh-new", TRANSPORT, "7654321", simcard::PIN1)]
    {
        let (world, card) = World::with(&format!("{ANY},state={state}"));
        let slot = world.slot(PIN1);
        card.card().set_tries_left(reference, 1);
        let (rv, outcome) = list(&world).set(slot, &both(code));
        assert_eq!(rv, CKR_FUNCTION_REJECTED);
        assert_eq!((outcome.pin1, outcome.pin2), (step(1, CKR_FUNCTION_REJECTED, 1), not_begun(2)));
        assert_eq!(sent(&card), 0);
        let (rv, outcome) = list(&world).set(slot, &Activation { flags: USE_LAST_TRY, ..both(wrong) });
        assert_eq!((rv, outcome.pin1), (CKR_PIN_LOCKED, step(1, CKR_PIN_LOCKED, 0)));
        card.card().set_tries_left(reference, 1);
        let (rv, _) = list(&world).set(slot, &Activation { flags: USE_LAST_TRY, ..both(code) });
        assert_eq!(rv, CKR_OK);
    }
}

#[test]
fn what_cannot_be_is_refused_before_the_card() {
    for (state, code) in [("fresh-old", PUK), ("fresh-new", TRANSPORT)] {
        let (world, card) = World::with(&format!("{ANY},state={state}"));
        let slot = world.slot(PIN1);
        for (wish, rv, steps) in [
            (
                Activation::of("123456", Some(NEW1), Some(NEW2)),
                CKR_PIN_INCORRECT,
                [CKR_PIN_INCORRECT, UNKNOWN],
            ),
            (Activation::of("", Some(NEW1), None), CKR_PIN_INCORRECT, [CKR_PIN_INCORRECT, UNKNOWN]),
            (Activation::of("1234567a", Some(NEW1), None), CKR_PIN_INCORRECT, [CKR_PIN_INCORRECT, UNKNOWN]),
            (Activation::of(code, Some("258"), Some(NEW2)), CKR_PIN_LEN_RANGE, [CKR_PIN_LEN_RANGE, UNKNOWN]),
            (Activation::of(code, Some(""), Some(NEW2)), CKR_PIN_LEN_RANGE, [CKR_PIN_LEN_RANGE, UNKNOWN]),
            (Activation::of(code, Some("25x0"), Some(NEW2)), CKR_PIN_INVALID, [CKR_PIN_INVALID, UNKNOWN]),
            (Activation::of(code, Some(code), Some(NEW2)), CKR_PIN_INVALID, [CKR_PIN_INVALID, UNKNOWN]),
            (
                Activation::of(code, Some(NEW1), Some("25803")),
                CKR_PIN_LEN_RANGE,
                [UNKNOWN, CKR_PIN_LEN_RANGE],
            ),
        ] {
            let (cost, (got, outcome)) = card.cost(|| list(&world).set(slot, &wish));
            assert_eq!((got, [outcome.pin1.rv, outcome.pin2.rv]), (rv, steps));
            assert_eq!(cost, 0, "{}", card.story());
        }
    }
}

/// A card that is pulled out at the second step, before it or after it.
#[test]
fn what_was_done_is_told_also_where_something_failed() {
    for (state, code, head) in [
        ("fresh-old", PUK, [0x2C, 0x00, simcard::PIN2]),
        ("fresh-new", TRANSPORT, [0x24, 0x00, simcard::PIN2]),
    ] {
        for (action, done) in [(Action::PullOutBefore, false), (Action::PullOutAfter, true)] {
            let (world, card) = World::with(&format!("{ANY},state={state}"));
            let slot = world.slot(PIN1);
            card.fault(Fault::on(&head, action));
            let (rv, outcome) = list(&world).set(slot, &both(code));
            assert!([CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR].contains(&rv), "{}", kit::name(rv));
            assert_eq!((outcome.pin1, outcome.pin2.rv), (step(1, CKR_OK, 5), rv));
            assert!(card.card().code_is(simcard::PIN1, NEW1));
            assert_eq!(card.card().code_is(simcard::PIN2, NEW2), done);
            world.wait_until_gone(0);
            refused(list(&world).card_status(slot), CKR_TOKEN_NOT_PRESENT);
            assert_eq!(list(&world).set(slot, &both(code)).0, CKR_TOKEN_NOT_PRESENT);
            card.remove();
        }
    }
}

unsafe extern "C" fn note(step: *const Step, context: *mut c_void) {
    // SAFETY: the module gives a step, and the context that this test has given it.
    let (steps, step) = unsafe { (&mut *context.cast::<Vec<Step>>(), *step) };
    steps.push(step);
}

#[test]
fn the_program_is_told_of_each_step() {
    let (world, card) = World::with(&format!("{ANY},state=fresh-new"));
    let slot = world.slot(PIN1);
    card.card().set_tries_left(simcard::PIN2, 1);
    let mut steps: Vec<Step> = Vec::new();
    let wish = Activation { progress: Some(note), context: (&raw mut steps).cast(), ..both(TRANSPORT) };
    let (rv, outcome) = list(&world).set(slot, &wish);
    assert_eq!(rv, CKR_FUNCTION_REJECTED);
    assert_eq!(steps, [step(1, CKR_OK, 5), step(2, CKR_FUNCTION_REJECTED, 1)]);
    assert_eq!([outcome.pin1, outcome.pin2], steps[..]);
}

/// A login with a PIN that was set is over, and what was prepared under it does not present the old PIN.
#[test]
fn a_login_with_a_pin_that_was_set_is_over() {
    for (token, id, pins) in [(PIN1, 0x45, [Some(NEW1), None]), (PIN2, 0x46, [None, Some(NEW2)])] {
        for prepared in [false, true] {
            let (world, card) = World::with(ANY);
            let session = world.logged_in(token);
            let other = world.logged_in(if token == PIN1 { PIN2 } else { PIN1 });
            let key = session.object(CKO_PRIVATE_KEY, id).unwrap();
            if prepared {
                session.sign_init(CKM_ECDSA, key).unwrap();
            }
            let before = sent(&card);
            let (rv, _) = list(&world).set(world.slot(PIN1), &Activation::of(PUK, pins[0], pins[1]));
            assert_eq!(rv, CKR_OK);
            assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
            assert_eq!(other.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
            if prepared {
                refused(session.sign_data(&[1; 48]), CKR_OPERATION_NOT_INITIALIZED);
            }
            assert_eq!(sent(&card), before + 1);
            assert_eq!(tries(&card), [5; 3]);
            let new = pins.into_iter().flatten().next().unwrap();
            session.login(CKU_USER, new).unwrap();
            let key = session.object(CKO_PRIVATE_KEY, id).unwrap();
            session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
        }
    }
}

/// Setting PIN2 leaves a login with PIN1 as it is, on the card as well.
#[test]
fn the_other_login_goes_on() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    assert_eq!(list(&world).set(world.slot(PIN1), &Activation::of(PUK, None, Some(NEW2))).0, CKR_OK);
    session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
    assert_eq!(card.sent(simcard::PIN1), 1);
    assert!(!card.open(simcard::PIN2));
}

#[test]
fn the_security_officer_stays_and_is_not_asked() {
    let (world, card) = World::with(&format!("{ANY},state=fresh-old"));
    let session = world.module.open_with(world.slot(PIN1), RW).unwrap();
    session.login(CKU_SO, "87654321").unwrap();
    assert_eq!(list(&world).set(world.slot(PIN1), &both(PUK)).0, CKR_OK);
    assert_eq!(session.info().unwrap().state, CKS_RW_SO_FUNCTIONS);
    assert_eq!(tries(&card), [5; 3]);
}

// --- Arguments

#[test]
fn bad_arguments_are_refused_and_nothing_is_touched() {
    let (world, card) = World::with(&format!("{ANY},state=fresh-new"));
    let (list, slot) = (list(&world), world.slot(PIN1));
    let mut room = [0_u64; 64];
    // SAFETY: one byte into the room.
    let crooked = unsafe { room.as_mut_ptr().cast::<u8>().add(1) };
    let good = both(TRANSPORT);
    let size = good.size;
    let mut status = CardStatus { size: size_of::<CardStatus>() as CK_ULONG, ..CardStatus::default() };
    let mut short = CardStatus { size: status.size - 1, ..status };
    let mut outcome = kit::Outcome { size: 8, ..kit::Outcome::default() };
    let before = card.card().log().count();
    // SAFETY: bad pointers are what is tested; the good ones are good.
    let codes = unsafe {
        [
            (list.status)(slot, ptr::null_mut()),
            (list.status)(slot, crooked.cast()),
            (list.status)(slot, &mut short),
            (list.status)(slot, &mut CardStatus { size: CK_ULONG::MAX, ..status }),
            (list.activate)(slot, ptr::null(), ptr::null_mut()),
            (list.activate)(slot, crooked.cast(), ptr::null_mut()),
            (list.activate)(slot, &good, crooked.cast()),
            (list.activate)(slot, &good, &mut outcome),
        ]
    };
    assert_eq!(codes, [CKR_ARGUMENTS_BAD; 8]);
    let nowhere = ptr::null();
    for bad in [
        Activation { size: 0, ..good },
        Activation { size: size - 1, ..good },
        Activation { size: CK_ULONG::MAX, ..good },
        Activation { flags: 2, ..good },
        Activation { flags: CK_FLAGS::MAX, ..good },
        Activation { code: nowhere, ..good },
        Activation { code: nowhere, code_length: 0, ..good },
        Activation { code_length: CK_ULONG::MAX, ..good },
        Activation { pin1: nowhere, ..good },
        Activation { pin2: nowhere, pin2_length: CK_ULONG::MAX, ..good },
        Activation::of(TRANSPORT, None, None),
    ] {
        let mut kept =
            kit::Outcome { size: size_of::<kit::Outcome>() as CK_ULONG, ..kit::Outcome::default() };
        kept.pin1 = kit::Step { pin: 1, rv: 7, left: 3 };
        let before = kept;
        // SAFETY: the pointers to structures are good; what they say is bad and is tested.
        assert_eq!(unsafe { (list.activate)(slot, &bad, &mut kept) }, CKR_ARGUMENTS_BAD);
        assert_eq!(kept, before, "a report of nothing hides the last one");
    }
    for nobody in [99, CK_SLOT_ID::MAX] {
        assert_eq!(list.set(nobody, &good).0, CKR_SLOT_ID_INVALID);
        refused(list.card_status(nobody), CKR_SLOT_ID_INVALID);
    }
    assert_eq!(card.card().log().count(), before, "{}", card.story());
    // The result may be left out.
    // SAFETY: NULL is permitted there.
    assert_eq!(unsafe { (list.activate)(slot, &good, ptr::null_mut()) }, CKR_OK);
    world.finalize();
    // SAFETY: the structures are good.
    let codes = unsafe { [(list.status)(slot, &mut status), (list.activate)(slot, &good, ptr::null_mut())] };
    assert_eq!(codes, [CKR_CRYPTOKI_NOT_INITIALIZED; 2]);
}

/// A program of a later version has larger structures: as much is filled in as this version knows.
#[test]
fn structures_may_be_larger() {
    #[repr(C)]
    struct Later<T> {
        known: T,
        more: [CK_ULONG; 4],
    }
    let (world, _card) = World::with(&format!("{ANY},state=fresh-new"));
    let (list, slot) = (list(&world), world.slot(PIN1));
    let size = size_of::<Later<CardStatus>>() as CK_ULONG;
    let mut status = Later { known: CardStatus { size, ..CardStatus::default() }, more: [7; 4] };
    // SAFETY: larger than it needs to be.
    assert_eq!(unsafe { (list.status)(slot, &mut status.known) }, CKR_OK);
    assert_eq!((status.known.size, status.more), (size_of::<CardStatus>() as CK_ULONG, [7; 4]));
    let size = size_of::<Later<Activation>>() as CK_ULONG;
    let wish = Later { known: Activation { size, ..both(TRANSPORT) }, more: [7; 4] };
    assert_eq!(list.set(slot, &wish.known).0, CKR_OK);
}

#[test]
fn a_card_that_is_not_known_is_only_asked_what_it_is() {
    let world = World::enter();
    let card = UnknownCard::insert();
    until("pcscd has seen the card", || world.state(0).contains(State::PRESENT));
    world.initialize();
    assert_eq!(world.module.slots(true).unwrap().len(), 2);
    for slot in world.module.slots(true).unwrap() {
        refused(list(&world).card_status(slot), CKR_TOKEN_NOT_RECOGNIZED);
        assert_eq!(list(&world).set(slot, &both(TRANSPORT)).0, CKR_TOKEN_NOT_RECOGNIZED);
    }
    assert!(
        card.commands().iter().all(|command| matches!(command[1], 0xA4 | 0xB0)),
        "{:02X?}",
        card.commands()
    );
}

#[test]
fn a_card_with_one_pin_has_no_second_one_to_set() {
    let (world, card) = World::with("belgium-1.8");
    let slot = world.module.slots(true).unwrap()[0];
    let (rv, outcome) = list(&world).set(slot, &Activation::of("12345678", None, Some("654321")));
    assert_eq!(rv, CKR_FUNCTION_FAILED, "{}", kit::name(rv));
    assert_eq!((outcome.pin1, outcome.pin2), (not_begun(1), step(2, CKR_FUNCTION_FAILED, UNKNOWN)));
    assert_eq!(card.sent(0x01), 0);
}
