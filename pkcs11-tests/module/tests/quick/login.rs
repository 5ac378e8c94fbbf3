//! Login (§5.6.8 to §5.6.10): what is answered, and what it costs the holder. A card counts.

use cryptoki_sys::*;
use kit::{ANY, InReader, Other, PIN1, PIN2, Session, Token, Watched, World, call, call_in, refused};
use std::ptr;

const TOKENS: [(Token, u8); 2] = [(PIN1, simcard::PIN1), (PIN2, simcard::PIN2)];

const RW: CK_FLAGS = CKF_SERIAL_SESSION | CKF_RW_SESSION;

/// Logs in with bytes that need not be text.
fn login_bytes(world: &World, session: &Session<'_>, user: CK_USER_TYPE, pin: &[u8]) -> Result<(), CK_RV> {
    let size = pin.len() as CK_ULONG;
    call!(world.module, C_Login(session.handle(), user, pin.as_ptr().cast_mut(), size))
}

/// What was sent to the card in credential commands: PIN1, PIN2, PUK.
fn sent(card: &InReader) -> [u32; 3] {
    [simcard::PIN1, simcard::PIN2, simcard::PUK].map(|reference| card.sent(reference))
}

#[test]
fn a_right_pin_logs_in_and_costs_no_try() {
    for (token, reference) in TOKENS {
        let (world, card) = World::with(ANY);
        let session = world.open(token);
        assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
        session.login(CKU_USER, token.1).unwrap();
        assert_eq!(session.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
        assert_eq!((card.sent(reference), card.tries(reference)), (1, 5));
        refused(session.login(CKU_USER, token.1), CKR_USER_ALREADY_LOGGED_IN);
        assert_eq!(card.sent(reference), 1, "a PIN was sent though the holder is logged in");
        session.logout().unwrap();
        assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
        refused(session.logout(), CKR_USER_NOT_LOGGED_IN);
    }
}

#[test]
fn a_wrong_pin_costs_one_try_and_logs_nobody_in() {
    for (token, reference) in TOKENS {
        let (world, card) = World::with(ANY);
        let session = world.open(token);
        refused(session.login(CKU_USER, "998877"), CKR_PIN_INCORRECT);
        assert_eq!((card.sent(reference), card.tries(reference)), (1, 4));
        assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
        session.login(CKU_USER, token.1).unwrap();
        assert_eq!(card.tries(reference), 5);
    }
}

/// Programs ask again on CKR_PIN_INCORRECT alone, so that is the answer to whatever can be typed anew.
#[test]
fn an_impossible_pin_is_incorrect_and_not_sent() {
    for (token, _) in TOKENS {
        let (world, card) = World::with(ANY);
        let session = world.open(token);
        let long = [b'1'; 5000];
        let impossible: [&[u8]; 11] = [
            b"",
            b"1",
            b"123",
            b"1234567890123",
            &long,
            b"12a4",
            b"abcdef",
            b"1234\0",
            "12\u{e4}456".as_bytes(),
            b" 123456",
            b"12345\xFF",
        ];
        for pin in impossible {
            refused(login_bytes(&world, &session, CKU_USER, pin), CKR_PIN_INCORRECT);
        }
        if token == PIN2 {
            refused(session.login(CKU_USER, "12345"), CKR_PIN_INCORRECT);
        }
        assert_eq!(sent(&card), [0; 3], "{}", token.0);
        assert_eq!(world.token_flags(world.slot(token)) & CKF_USER_PIN_COUNT_LOW, 0);
        session.login(CKU_USER, token.1).unwrap();
    }
}

#[test]
fn an_impossible_pin_for_an_operation_is_not_sent_either() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN2);
    let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    session.sign_init(CKM_ECDSA, key).unwrap();
    let before = sent(&card);
    for pin in ["12345", "1234567890123", "12345x"] {
        refused(session.login(CKU_CONTEXT_SPECIFIC, pin), CKR_PIN_INCORRECT);
    }
    assert_eq!(sent(&card), before);
}

/// LibreOffice answers NSS's question so; NSS asks again for as long as it is told that the PIN is wrong, and signs
/// when it is told anything else. The PIN of C_Login does for the first signature; after that a login is wanted anew.
#[test]
fn an_empty_pin_for_an_operation_is_no_wrong_pin() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN2);
    let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    session.sign_init(CKM_ECDSA, key).unwrap();
    refused(session.login(CKU_CONTEXT_SPECIFIC, ""), CKR_ARGUMENTS_BAD);
    session.sign_data(&[1; 48]).unwrap();
    session.sign_init(CKM_ECDSA, key).unwrap();
    let before = sent(&card);
    refused(session.login(CKU_CONTEXT_SPECIFIC, ""), CKR_ARGUMENTS_BAD);
    refused(session.sign_data(&[1; 48]), CKR_USER_NOT_LOGGED_IN);
    assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
    assert_eq!(sent(&card), before);
    session.login(CKU_USER, PIN2.1).unwrap();
}

/// A session that has used up the PIN of its login, and its key.
fn used_up(world: &World) -> (Session<'static>, CK_OBJECT_HANDLE) {
    let session = world.logged_in(PIN2);
    let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
    (session, key)
}

#[test]
fn an_empty_pin_may_be_followed_by_the_right_one() {
    let (world, card) = World::with(ANY);
    let (session, key) = used_up(&world);
    session.sign_init(CKM_ECDSA, key).unwrap();
    let before = card.sent(simcard::PIN2);
    for _ in 0..2 {
        refused(session.login(CKU_CONTEXT_SPECIFIC, ""), CKR_ARGUMENTS_BAD);
    }
    session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    session.sign_data(&[1; 48]).unwrap();
    assert_eq!(session.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    // The card has just accepted it, so it is presented for the signature alone.
    assert_eq!((card.sent(simcard::PIN2) - before, card.tries(simcard::PIN2)), (1, 5));
}

/// Of several operations in a session, the PIN is for the one that has none.
#[test]
fn a_pin_goes_to_the_operation_that_waits_for_it() {
    let (world, _card) = World::with(ANY);
    let session = world.logged_in(PIN2);
    let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    let list = world.module.v3_0();
    let mechanism = kit::Mechanism::plain(CKM_ECDSA);
    let data = [1_u8; 48];
    let message = || {
        kit::asked(|buffer| {
            let function = list.C_SignMessage.unwrap();
            let (start, none) = (data.as_ptr().cast_mut(), ptr::null_mut());
            // SAFETY: data and buffer are as long as is said.
            kit::told(buffer, |place, length| unsafe {
                function(session.handle(), none, 0, start, 48, place, length)
            })
        })
    };
    let begin_messages =
        || call_in!(list, C_MessageSignInit(session.handle(), mechanism.pointer(), key)).unwrap();
    // The PIN of the login went to the first, so this one is for the second.
    session.sign_init(CKM_ECDSA, key).unwrap();
    begin_messages();
    session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    message().unwrap();
    session.sign_data(&data).unwrap();
    // Neither has one: the one that was begun last gets it, and then the other.
    session.sign_init(CKM_ECDSA, key).unwrap();
    call_in!(list, C_MessageSignFinal(session.handle())).unwrap();
    begin_messages();
    session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    message().unwrap();
    call_in!(list, C_MessageSignFinal(session.handle())).unwrap();
    session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    session.sign_data(&data).unwrap();
    begin_messages();
    session.sign_init(CKM_ECDSA, key).unwrap();
    session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    session.sign_data(&data).unwrap();
    refused(message(), CKR_USER_NOT_LOGGED_IN);
}

/// A PIN is good for one signature, and still is where none was made.
#[test]
fn an_operation_that_comes_to_nothing_leaves_its_pin() {
    let (world, card) = World::with(ANY);
    let list = world.module.v3_0();
    let (session, _) = used_up(&world);
    let handle = session.handle();
    let (none, nowhere) = (ptr::null_mut(), ptr::null_mut());
    type End<'s> = Box<dyn Fn() -> Result<(), CK_RV> + 's>;
    let ends: [(CK_RV, End<'_>); 5] = [
        (CKR_OK, Box::new(|| session.cancel(kit::Making::Sign))),
        (CKR_OK, Box::new(|| call_in!(list, C_SessionCancel(handle, CKF_SIGN)))),
        (CKR_ARGUMENTS_BAD, Box::new(|| call_in!(list, C_Sign(handle, none, 4, none, nowhere)))),
        (CKR_DATA_LEN_RANGE, Box::new(|| session.sign_data(&[]).map(drop))),
        (CKR_OPERATION_ACTIVE, {
            Box::new(|| {
                session.feed(kit::Making::Sign, &[1; 48]).unwrap();
                session.sign_data(&[1; 48]).map(drop)
            })
        }),
    ];
    for (login, token_login) in [(CKU_CONTEXT_SPECIFIC, false), (CKU_USER, true)] {
        for (expected, end) in &ends {
            if token_login {
                session.logout().unwrap();
                session.login(login, PIN2.1).unwrap();
            }
            let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
            session.sign_init(CKM_ECDSA, key).unwrap();
            if !token_login {
                session.login(login, PIN2.1).unwrap();
            }
            assert_eq!(end().err().unwrap_or(CKR_OK), *expected);
            session.sign_init(CKM_ECDSA, key).unwrap();
            let outcome = session.sign_data(&[1; 48]);
            assert!(outcome.is_ok(), "after {}: {}", kit::name(*expected), kit::name(outcome.unwrap_err()));
            // It was for one signature.
            refused(session.sign(CKM_ECDSA, key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
        }
    }
    assert_eq!(card.tries(simcard::PIN2), 5);
}

#[test]
fn a_pin_that_was_left_goes_with_the_login() {
    let (world, card) = World::with(ANY);
    let (session, key) = used_up(&world);
    session.sign_init(CKM_ECDSA, key).unwrap();
    session.login(CKU_CONTEXT_SPECIFIC, PIN2.1).unwrap();
    session.cancel(kit::Making::Sign).unwrap();
    session.logout().unwrap();
    session.login(CKU_USER, PIN2.1).unwrap();
    let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
    let before = card.sent(simcard::PIN2);
    refused(session.sign(CKM_ECDSA, key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
    assert_eq!(card.sent(simcard::PIN2), before);
}

#[test]
fn no_pin_at_all_is_a_bad_argument() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    for user in [CKU_USER, CKU_SO, CKU_CONTEXT_SPECIFIC] {
        for length in [0, 4, CK_ULONG::MAX] {
            let outcome = call!(world.module, C_Login(session.handle(), user, ptr::null_mut(), length));
            refused(outcome, CKR_ARGUMENTS_BAD);
        }
    }
    assert_eq!(sent(&card), [0; 3]);
}

#[test]
fn a_refused_pin_is_not_sent_again() {
    for (token, reference) in TOKENS {
        let (world, card) = World::with(ANY);
        let session = world.open(token);
        for _ in 0..4 {
            refused(session.login(CKU_USER, "998877"), CKR_PIN_INCORRECT);
        }
        assert_eq!((card.sent(reference), card.tries(reference)), (1, 4), "{}", token.0);
        // Another wrong one is another matter.
        refused(session.login(CKU_USER, "887766"), CKR_PIN_INCORRECT);
        assert_eq!((card.sent(reference), card.tries(reference)), (2, 3));
        // Remembered over sessions.
        drop(session);
        let session = world.open(token);
        refused(session.login(CKU_USER, "887766"), CKR_PIN_INCORRECT);
        assert_eq!(card.sent(reference), 2);
        session.login(CKU_USER, token.1).unwrap();
    }
}

#[test]
fn a_pin_that_has_become_right_is_sent_again() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    refused(session.login(CKU_USER, "998877"), CKR_PIN_INCORRECT);
    let other = Other::connect(card.reader());
    other.change(simcard::PIN1, PIN1.1, "998877");
    other.leave();
    session.login(CKU_USER, "998877").unwrap();
}

#[test]
fn a_refused_pin_of_one_card_is_sent_to_another() {
    let (world, card) = World::with(ANY);
    refused(world.open(PIN1).login(CKU_USER, "998877"), CKR_PIN_INCORRECT);
    card.remove();
    let _card = world.insert("fineid-v4.0,holder=2,pin1=998877");
    world.open(PIN1).login(CKU_USER, "998877").unwrap();
}

#[test]
fn the_last_wrong_pin_locks() {
    for last_try in ["63c0", "6983"] {
        for (token, reference) in TOKENS {
            let (world, card) = World::with(&format!("{ANY},last_try={last_try}"));
            card.card().set_tries_left(reference, 1);
            let session = world.open(token);
            refused(session.login(CKU_USER, "998877"), CKR_PIN_LOCKED);
            assert_eq!(card.tries(reference), 0);
            let flags = world.token_flags(world.slot(token));
            assert_ne!(flags & CKF_USER_PIN_LOCKED, 0);
            // The right one does not help any more.
            refused(session.login(CKU_USER, token.1), CKR_PIN_LOCKED);
            assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
        }
    }
}

/// CKR_PIN_LOCKED: the PIN "cannot be used", whichever is typed; a program must not be told to ask once more.
#[test]
fn a_locked_pin_is_locked_also_for_the_one_that_locked_it() {
    for (token, reference) in TOKENS {
        let (world, card) = World::with(ANY);
        card.card().set_tries_left(reference, 1);
        let session = world.open(token);
        refused(session.login(CKU_USER, "998877"), CKR_PIN_LOCKED);
        refused(session.login(CKU_USER, "998877"), CKR_PIN_LOCKED);
    }
}

#[test]
fn a_blocked_pin_is_locked_from_the_start() {
    for (token, reference, state) in
        [(PIN1, simcard::PIN1, "blocked-pin1"), (PIN2, simcard::PIN2, "blocked-pin2")]
    {
        let (world, card) = World::with(&format!("{ANY},state={state}"));
        let flags = world.token_flags(world.slot(token));
        assert_eq!(flags & CKF_USER_PIN_LOCKED, CKF_USER_PIN_LOCKED);
        assert_ne!(flags & CKF_USER_PIN_INITIALIZED, 0);
        refused(world.open(token).login(CKU_USER, token.1), CKR_PIN_LOCKED);
        assert_eq!(card.tries(reference), 0);
        // The other PIN of the card is healthy.
        let healthy = if token == PIN1 { PIN2 } else { PIN1 };
        assert_eq!(world.token_flags(world.slot(healthy)) & CKF_USER_PIN_LOCKED, 0);
        world.logged_in(healthy);
    }
}

#[test]
fn the_flags_of_the_token_follow_the_tries() {
    const COUNTS: CK_FLAGS = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
    for (token, reference) in TOKENS {
        let (world, card) = World::with(ANY);
        let (slot, session) = (world.slot(token), world.open(token));
        let flags = || world.token_flags(slot) & COUNTS;
        assert_eq!(flags(), 0);
        for (wrong, expected) in [
            ("990001", CKF_USER_PIN_COUNT_LOW),
            ("990002", CKF_USER_PIN_COUNT_LOW),
            ("990003", CKF_USER_PIN_COUNT_LOW),
            ("990004", CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY),
        ] {
            refused(session.login(CKU_USER, wrong), CKR_PIN_INCORRECT);
            assert_eq!(flags(), expected, "{}: {} tries", token.0, card.tries(reference));
        }
        session.login(CKU_USER, token.1).unwrap();
        assert_eq!(flags(), 0);
        session.logout().unwrap();
        card.card().set_tries_left(reference, 1);
        refused(session.login(CKU_USER, "990005"), CKR_PIN_LOCKED);
        assert_eq!(flags() & CKF_USER_PIN_LOCKED, CKF_USER_PIN_LOCKED);
        assert_eq!(flags() & CKF_USER_PIN_FINAL_TRY, 0);
    }
}

#[test]
fn a_transport_pin_is_to_be_changed() {
    for (state, pin1, pin2) in
        [("activated", false, false), ("fresh-new", true, true), ("half-new", false, true)]
    {
        let (world, _card) = World::with(&format!("{ANY},state={state}"));
        for (token, fresh) in [(PIN1, pin1), (PIN2, pin2)] {
            let flags = world.token_flags(world.slot(token));
            assert_eq!(flags & CKF_USER_PIN_TO_BE_CHANGED != 0, fresh, "{state}, {}", token.0);
            assert_ne!(flags & CKF_USER_PIN_INITIALIZED, 0, "{state}, {}", token.0);
            assert_eq!(flags & CKF_USER_PIN_LOCKED, 0, "{state}, {}", token.0);
        }
    }
}

/// Every program activates PIN1 first, but the holder may have used one that does not. The first list of tokens
/// infers PIN1 from PIN2, to spare commands; once the token's objects were read, nothing is inferred any more.
#[test]
fn a_transport_pin1_is_to_be_changed_also_where_pin2_was() {
    let (world, _card) = World::with(&format!("{ANY},state=half-new-pin2"));
    world.open(PIN1).find(&[]).unwrap();
    let fresh = |token| world.token_flags(world.slot(token)) & CKF_USER_PIN_TO_BE_CHANGED != 0;
    assert_eq!([PIN1, PIN2].map(fresh), [true, false]);
}

/// CKR_USER_PIN_NOT_INITIALIZED (§5.1.6): "the normal user's PIN has not yet been initialized with C_InitPIN".
#[test]
fn a_pin_that_was_never_set_is_not_initialised() {
    for state in ["fresh-old", "half-old", "half-old-pin2"] {
        let (world, card) = World::with(&format!("{ANY},state={state}"));
        for (token, reference) in TOKENS {
            let set = card.tries(reference) > 0;
            let flags = world.token_flags(world.slot(token));
            assert_eq!(flags & CKF_USER_PIN_INITIALIZED != 0, set, "{state}, {}", token.0);
            let session = world.open(token);
            if set {
                session.login(CKU_USER, token.1).unwrap();
            } else {
                refused(session.login(CKU_USER, token.1), CKR_USER_PIN_NOT_INITIALIZED);
            }
        }
    }
}

#[test]
fn the_security_officer_is_kept_and_nothing_is_sent() {
    for (token, _) in TOKENS {
        let (world, card) = World::with(ANY);
        let slot = world.slot(token);
        let session = world.module.open_with(slot, RW).unwrap();
        let (cost, outcome) = card.cost(|| session.login(CKU_SO, "12345678"));
        outcome.unwrap();
        assert_eq!((cost, sent(&card)), (0, [0; 3]));
        assert_eq!(session.info().unwrap().state, CKS_RW_SO_FUNCTIONS);
        refused(session.login(CKU_SO, "12345678"), CKR_USER_ALREADY_LOGGED_IN);
        refused(session.login(CKU_USER, token.1), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
        assert_eq!(sent(&card), [0; 3]);
        // Private objects are the holder's.
        assert!(session.find(&[(CKA_PRIVATE, &[CK_TRUE])]).unwrap().is_empty());
        session.logout().unwrap();
        assert_eq!(session.info().unwrap().state, CKS_RW_PUBLIC_SESSION);
        assert_eq!(sent(&card), [0; 3]);
    }
}

#[test]
fn the_security_officer_and_read_only_sessions_exclude_each_other() {
    let (world, _card) = World::with(ANY);
    let slot = world.slot(PIN1);
    let (read_only, read_write) = (world.open(PIN1), world.module.open_with(slot, RW).unwrap());
    refused(read_only.login(CKU_SO, "12345678"), CKR_SESSION_READ_ONLY_EXISTS);
    refused(read_write.login(CKU_SO, "12345678"), CKR_SESSION_READ_ONLY_EXISTS);
    drop(read_only);
    read_write.login(CKU_SO, "12345678").unwrap();
    refused(world.module.open(slot), CKR_SESSION_READ_WRITE_SO_EXISTS);
    world.module.open_with(slot, RW).unwrap();
    // The other token does not mind.
    world.open(PIN2);
    read_write.logout().unwrap();
    world.open(PIN1);
}

#[test]
fn the_holder_excludes_the_security_officer() {
    let (world, card) = World::with(ANY);
    let session = world.module.open_with(world.slot(PIN1), RW).unwrap();
    session.login(CKU_USER, PIN1.1).unwrap();
    let before = sent(&card);
    refused(session.login(CKU_SO, "12345678"), CKR_USER_ANOTHER_ALREADY_LOGGED_IN);
    assert_eq!(sent(&card), before);
    assert_eq!(session.info().unwrap().state, CKS_RW_USER_FUNCTIONS);
}

#[test]
fn a_login_for_an_operation_needs_one() {
    for (token, _) in TOKENS {
        let (world, card) = World::with(ANY);
        let session = world.open(token);
        refused(session.login(CKU_CONTEXT_SPECIFIC, token.1), CKR_OPERATION_NOT_INITIALIZED);
        assert_eq!(sent(&card), [0; 3]);
        session.login(CKU_USER, token.1).unwrap();
        let before = sent(&card);
        refused(session.login(CKU_CONTEXT_SPECIFIC, token.1), CKR_OPERATION_NOT_INITIALIZED);
        // A search is no operation with a key.
        call!(world.module, C_FindObjectsInit(session.handle(), ptr::null_mut(), 0)).unwrap();
        refused(session.login(CKU_CONTEXT_SPECIFIC, token.1), CKR_OPERATION_NOT_INITIALIZED);
        assert_eq!(sent(&card), before);
    }
    // A key that does not ask for it.
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    session.sign_init(CKM_ECDSA, session.object(CKO_PRIVATE_KEY, 0x45).unwrap()).unwrap();
    refused(session.login(CKU_CONTEXT_SPECIFIC, PIN1.1), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(card.sent(simcard::PIN1), 1);
}

#[test]
fn unknown_users_are_refused() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    for user in [3, 4, CK_USER_TYPE::MAX] {
        refused(session.login(user, PIN1.1), CKR_USER_TYPE_INVALID);
    }
    assert_eq!(sent(&card), [0; 3]);
}

#[test]
fn a_login_without_a_session_is_refused() {
    let (world, card) = World::with(ANY);
    world.open(PIN1);
    for handle in [0, 1, 12345, CK_SESSION_HANDLE::MAX] {
        let outcome = call!(world.module, C_Login(handle, CKU_USER, PIN1.1.as_ptr().cast_mut(), 4));
        refused(outcome, CKR_SESSION_HANDLE_INVALID);
        refused(call!(world.module, C_Logout(handle)), CKR_SESSION_HANDLE_INVALID);
    }
    assert_eq!(sent(&card), [0; 3]);
}

#[test]
fn user_names_are_not_known_to_the_card() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    let login = world.module.v3_0().C_LoginUser.unwrap();
    let login = |name: &str| {
        let (pin, name_start, size) =
            (PIN1.1.as_ptr().cast_mut(), name.as_ptr().cast_mut(), name.len() as CK_ULONG);
        // SAFETY: both texts live through the call.
        match unsafe { login(session.handle(), CKU_USER, pin, 6, name_start, size) } {
            CKR_OK => Ok(()),
            code => Err(code),
        }
    };
    refused(login("somebody"), CKR_FUNCTION_NOT_SUPPORTED);
    assert_eq!(sent(&card), [0; 3]);
    login("").unwrap();
    assert_eq!(session.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
}

#[test]
fn tokens_are_logged_in_apart() {
    let (world, card) = World::with(ANY);
    let (first, second) = (world.logged_in(PIN1), world.open(PIN2));
    assert_eq!(second.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
    second.login(CKU_USER, PIN2.1).unwrap();
    first.logout().unwrap();
    assert_eq!(second.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    // Neither PIN was sent to the other's reference.
    assert_eq!((card.tries(simcard::PIN1), card.tries(simcard::PIN2)), (5, 5));
}

#[test]
fn logging_out_closes_the_card() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    assert!(card.open(simcard::PIN1));
    session.logout().unwrap();
    assert!(!card.open(simcard::PIN1));
}
