//! Sessions (§5.6.1 to §5.6.5) and their states.

use cryptoki_sys::*;
use kit::{ANY, InReader, PIN1, PIN2, Session, Watched, World, call, refused, until};
use std::collections::HashSet;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const RW: CK_FLAGS = CKF_SERIAL_SESSION | CKF_RW_SESSION;

fn close_all(world: &World, slot: CK_SLOT_ID) {
    call!(world.module, C_CloseAllSessions(slot)).unwrap();
}

/// Functions of a session that need no valid arguments to find out that there is no session.
fn in_session(
    world: &World,
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
) -> Vec<(&'static str, CK_RV)> {
    let mut info = CK_SESSION_INFO::default();
    let (mut handle, mut count) = (0, 0);
    let mut label = [0_u8; 64];
    let mut attribute = CK_ATTRIBUTE { type_: CKA_LABEL, pValue: label.as_mut_ptr().cast(), ulValueLen: 64 };
    let mut mechanism = kit::mechanism(CKM_ECDSA);
    let pin = PIN1.1.as_ptr().cast_mut();
    let code = |outcome: Result<(), CK_RV>| outcome.err().unwrap_or(CKR_OK);
    vec![
        ("C_FindObjectsInit", code(call!(world.module, C_FindObjectsInit(session, ptr::null_mut(), 0)))),
        ("C_FindObjects", code(call!(world.module, C_FindObjects(session, &mut handle, 1, &mut count)))),
        ("C_FindObjectsFinal", code(call!(world.module, C_FindObjectsFinal(session)))),
        (
            "C_GetAttributeValue",
            code(call!(world.module, C_GetAttributeValue(session, object, &mut attribute, 1))),
        ),
        ("C_SignInit", code(call!(world.module, C_SignInit(session, &mut mechanism, object)))),
        ("C_Sign", code(call!(world.module, C_Sign(session, pin, 4, ptr::null_mut(), &mut count)))),
        ("C_Login", code(call!(world.module, C_Login(session, CKU_USER, pin, 6)))),
        ("C_Logout", code(call!(world.module, C_Logout(session)))),
        ("C_GetSessionInfo", code(call!(world.module, C_GetSessionInfo(session, &mut info)))),
        ("C_CloseSession", code(call!(world.module, C_CloseSession(session)))),
    ]
}

#[test]
fn the_states_of_sessions_are_those_of_the_table() {
    let (world, _card) = World::with(ANY);
    for token in [PIN1, PIN2] {
        let slot = world.slot(token);
        let read_only = world.module.open(slot).unwrap();
        let read_write = world.module.open_with(slot, RW).unwrap();
        let states = || [read_only.info().unwrap().state, read_write.info().unwrap().state];
        let public = [CKS_RO_PUBLIC_SESSION, CKS_RW_PUBLIC_SESSION];
        let user = [CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS];
        assert_eq!(states(), public);
        read_only.login(CKU_USER, token.1).unwrap();
        assert_eq!(states(), user);
        // A session that is opened later is logged in as well.
        assert_eq!(world.module.open(slot).unwrap().info().unwrap().state, CKS_RO_USER_FUNCTIONS);
        read_write.logout().unwrap();
        assert_eq!(states(), public);
        drop(read_only);
        read_write.login(CKU_SO, "12345678").unwrap();
        assert_eq!(read_write.info().unwrap().state, CKS_RW_SO_FUNCTIONS);
        let second = world.module.open_with(slot, RW).unwrap();
        assert_eq!(second.info().unwrap().state, CKS_RW_SO_FUNCTIONS);
        read_write.logout().unwrap();
        assert_eq!(second.info().unwrap().state, CKS_RW_PUBLIC_SESSION);
    }
}

#[test]
fn a_session_tells_its_slot_and_flags() {
    let (world, _card) = World::with(ANY);
    for token in [PIN1, PIN2] {
        let slot = world.slot(token);
        for flags in [CKF_SERIAL_SESSION, RW] {
            let info = world.module.open_with(slot, flags).unwrap().info().unwrap();
            assert_eq!((info.slotID, info.flags, info.ulDeviceError), (slot, flags, 0));
        }
    }
}

#[test]
fn wrong_flags_open_no_session() {
    let (world, _card) = World::with(ANY);
    let slot = world.slot(PIN1);
    for flags in [0, CKF_RW_SESSION] {
        refused(world.module.open_with(slot, flags), CKR_SESSION_PARALLEL_NOT_SUPPORTED);
    }
    refused(
        world.module.open_with(slot, CKF_SERIAL_SESSION | CKF_ASYNC_SESSION),
        CKR_SESSION_ASYNC_NOT_SUPPORTED,
    );
    assert_eq!(world.module.token(slot).unwrap().ulSessionCount, 0);
}

#[test]
fn handles_are_never_used_again_and_never_zero() {
    let (world, _card) = World::with(ANY);
    let slot = world.slot(PIN1);
    let mut seen = HashSet::new();
    for _ in 0..200 {
        let session = world.module.open(slot).unwrap();
        assert_ne!(session.handle(), CK_INVALID_HANDLE);
        assert!(seen.insert(session.handle()));
    }
    for handle in seen {
        refused(call!(world.module, C_CloseSession(handle)), CKR_SESSION_HANDLE_INVALID);
    }
}

#[test]
fn no_session_is_no_session_in_every_function() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    let closed = session.handle();
    session.close().unwrap();
    let (cost, ()) = card.cost(|| {
        for handle in [0, closed, 4711, CK_SESSION_HANDLE::MAX] {
            for (function, code) in in_session(&world, handle, 1) {
                assert_eq!(code, CKR_SESSION_HANDLE_INVALID, "{function}: {}", kit::name(code));
            }
        }
    });
    assert_eq!(cost, 0);
}

#[test]
fn the_last_session_closed_logs_out() {
    let (world, card) = World::with(ANY);
    let (one, two) = (world.logged_in(PIN1), world.open(PIN1));
    one.close().unwrap();
    assert_eq!(two.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    assert!(card.open(simcard::PIN1));
    two.close().unwrap();
    assert!(!card.open(simcard::PIN1), "PIN1 stands on the card though nobody is logged in");
    assert_eq!(world.open(PIN1).info().unwrap().state, CKS_RO_PUBLIC_SESSION);
}

#[test]
fn closing_all_sessions_logs_out_of_that_token_alone() {
    let (world, card) = World::with(ANY);
    let (first, second, other) = (world.logged_in(PIN1), world.open(PIN1), world.logged_in(PIN2));
    close_all(&world, world.slot(PIN1));
    refused(first.info(), CKR_SESSION_HANDLE_INVALID);
    refused(second.info(), CKR_SESSION_HANDLE_INVALID);
    assert_eq!(other.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    assert!(!card.open(simcard::PIN1));
    assert_eq!(world.open(PIN1).info().unwrap().state, CKS_RO_PUBLIC_SESSION);
    // Without any it is no error.
    close_all(&world, world.slot(PIN1));
    close_all(&world, world.slot(PIN1));
}

#[test]
fn operations_go_with_their_session() {
    let (world, _card) = World::with(ANY);
    let (one, two) = (world.logged_in(PIN1), world.open(PIN1));
    let key = one.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    one.sign_init(CKM_ECDSA, key).unwrap();
    one.close().unwrap();
    refused(two.sign_data(&[1; 48]), CKR_OPERATION_NOT_INITIALIZED);
    two.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
}

/// A session, logged in, and a handle of its token's certificate.
fn with_certificate(world: &World) -> (Session<'static>, CK_OBJECT_HANDLE) {
    let session = world.logged_in(PIN1);
    let certificate = session.object(CKO_CERTIFICATE, 0x45).unwrap();
    (session, certificate)
}

fn swap(world: &World, card: InReader) -> InReader {
    card.remove();
    world.insert("fineid-v4.0,holder=2")
}

/// §5.1.6: removing a token closes all sessions with it, before any function is called. Each function by itself.
#[test]
fn a_session_is_gone_with_its_card_for_every_function() {
    type Acts = fn(&World, &Session<'_>, CK_OBJECT_HANDLE) -> Result<(), CK_RV>;
    let functions: [(&str, Acts); 6] = [
        ("C_GetSessionInfo", |_, session, _| session.info().map(drop)),
        ("C_FindObjectsInit", |world, session, _| {
            call!(world.module, C_FindObjectsInit(session.handle(), ptr::null_mut(), 0))
        }),
        ("C_GetAttributeValue", |_, session, key| session.attribute(key, CKA_LABEL).map(drop)),
        ("C_GetObjectSize", |world, session, key| {
            call!(world.module, C_GetObjectSize(session.handle(), key, &mut 0))
        }),
        ("C_SignInit", |_, session, key| session.sign_init(CKM_ECDSA, key)),
        ("C_Login", |_, session, _| session.login(CKU_USER, PIN1.1)),
    ];
    let mut deaf = Vec::new();
    for (function, act) in functions {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        card.remove();
        let code = act(&world, &session, key).err().unwrap_or(CKR_OK);
        if ![CKR_SESSION_HANDLE_INVALID, CKR_DEVICE_REMOVED].contains(&code) {
            deaf.push(format!("{function}: {}", kit::name(code)));
        }
    }
    assert!(deaf.is_empty(), "after the removal of the card: {deaf:#?}");
}

#[test]
fn a_swapped_card_is_another_token() {
    let (world, card) = World::with(ANY);
    let (session, certificate) = with_certificate(&world);
    let card = swap(&world, card);
    refused(session.info(), CKR_SESSION_HANDLE_INVALID);
    for (function, code) in in_session(&world, session.handle(), certificate) {
        assert_eq!(code, CKR_SESSION_HANDLE_INVALID, "{function}: {}", kit::name(code));
    }
    assert_eq!(card.sent(simcard::PIN1), 0, "the PIN of one card was sent to another");
    let fresh = world.open(PIN1);
    assert_eq!(fresh.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
    let mut label = [0_u8; 64];
    let mut attribute = CK_ATTRIBUTE { type_: CKA_LABEL, pValue: label.as_mut_ptr().cast(), ulValueLen: 64 };
    let outcome = call!(world.module, C_GetAttributeValue(fresh.handle(), certificate, &mut attribute, 1));
    refused(outcome, CKR_OBJECT_HANDLE_INVALID);
    assert_eq!(
        kit::text(&world.module.token(world.slot(PIN1)).unwrap().serialNumber),
        card.card().printed_serial()
    );
}

/// The module is not asked anything between the two cards.
#[test]
fn a_pin_never_reaches_a_card_that_was_swapped_unseen() {
    type Acts = fn(&Session<'_>, CK_OBJECT_HANDLE) -> Result<(), CK_RV>;
    let acts: [(&str, bool, Acts); 3] = [
        ("C_Login", false, |session, _| session.login(CKU_USER, PIN1.1)),
        ("C_Sign", true, |session, key| session.sign(CKM_ECDSA, key, &[1; 48]).map(drop)),
        ("C_Logout", true, |session, _| session.logout()),
    ];
    for (function, login, act) in acts {
        let (world, card) = World::with(ANY);
        let session = world.open(PIN1);
        let mut key = 0;
        if login {
            session.login(CKU_USER, PIN1.1).unwrap();
            key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        }
        let card = swap(&world, card);
        let code = act(&session, key).err().unwrap_or(CKR_OK);
        // Nobody is logged in any more, so a logout may say that it has come to pass.
        let right = [CKR_SESSION_HANDLE_INVALID, CKR_DEVICE_REMOVED].contains(&code)
            || (function == "C_Logout" && code == CKR_OK);
        assert!(right, "{function}: {}", kit::name(code));
        refused(session.info(), CKR_SESSION_HANDLE_INVALID);
        let counts = [simcard::PIN1, simcard::PIN2].map(|pin| (card.sent(pin), card.tries(pin)));
        assert_eq!(counts, [(0, 5); 2], "{function}");
        // And the new card works.
        world.logged_in(PIN1);
    }
}

#[test]
fn the_same_card_put_in_again_has_to_be_logged_in_again() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    card.remove();
    let card = world.insert(ANY);
    refused(session.info(), CKR_SESSION_HANDLE_INVALID);
    assert_eq!(world.open(PIN1).info().unwrap().state, CKS_RO_PUBLIC_SESSION);
    assert_eq!(card.sent(simcard::PIN1), 0);
}

#[test]
fn many_sessions_cost_nothing() {
    let (world, card) = World::with(ANY);
    let slot = world.slot(PIN1);
    let (cost, sessions) =
        card.cost(|| (0..500).map(|_| world.module.open(slot).unwrap()).collect::<Vec<_>>());
    assert_eq!(cost, 0);
    assert_eq!(world.module.token(slot).unwrap().ulSessionCount, 500);
    drop(sessions);
    assert_eq!(world.module.token(slot).unwrap().ulSessionCount, 0);
}

/// A session that is closed while it logs in, and meanwhile another one is opened: it was not the last, so the login
/// stands.
#[test]
fn closing_a_session_beside_another_ones_login_does_not_end_it() {
    let world = World::enter();
    let (card, gate) = world.insert_behind_gate(0, ANY);
    world.initialize();
    let module = world.module;
    let closed = world.open(PIN1);
    let handle = closed.handle();
    let other = std::thread::scope(|scope| {
        let hang = gate.hang_at(&[0x20, 0x00]);
        let login = scope.spawn(|| closed.login(CKU_USER, PIN1.1));
        until("the login is under way", || hang.hangs());
        let closing = scope.spawn(move || call!(module, C_CloseSession(handle)));
        // It may take the session away at once, or wait for the login.
        for _ in 0..20 {
            std::thread::sleep(Duration::from_millis(5));
            if closed.info().err() == Some(CKR_SESSION_HANDLE_INVALID) {
                break;
            }
        }
        let other = module.open(world.slot(PIN1)).unwrap();
        drop(hang);
        login.join().unwrap().unwrap();
        closing.join().unwrap().unwrap();
        other
    });
    assert_eq!(other.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    assert!(card.card().is_verified(simcard::PIN1), "PIN1 was closed on the card");
    other.close().unwrap();
    assert!(!card.card().is_verified(simcard::PIN1), "the last session left PIN1 open");
    card.remove();
}

/// §5.6.8: the security officer and a read-only session exclude each other, also when both come at once.
#[test]
fn the_security_officer_never_meets_a_read_only_session() {
    const ROUNDS: usize = 2_000;
    let (world, _card) = World::with(ANY);
    let slot = world.slot(PIN1);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let beside = [0; 3].map(|_| {
            scope.spawn(|| {
                let mut states = HashSet::new();
                while !done.load(Ordering::SeqCst) {
                    let session = world.module.open(slot);
                    states.insert(session.map(|session| session.info().map(|info| info.state)));
                }
                states
            })
        });
        let mut wrong = HashSet::new();
        for _ in 0..ROUNDS {
            let session = world.module.open_with(slot, RW);
            let outcome =
                session.and_then(|session| session.login(CKU_SO, "12345678").and_then(|()| session.logout()));
            wrong.extend(outcome.err());
        }
        done.store(true, Ordering::SeqCst);
        wrong.remove(&CKR_SESSION_READ_ONLY_EXISTS);
        assert!(wrong.is_empty(), "{wrong:?}");
        for state in beside.into_iter().flat_map(|thread| thread.join().unwrap()) {
            let right = [Ok(Ok(CKS_RO_PUBLIC_SESSION)), Err(CKR_SESSION_READ_WRITE_SO_EXISTS)];
            assert!(right.contains(&state), "{state:?}");
        }
    });
}

/// Sessions that were never closed go with their cards, also where no program touches their handles again.
#[test]
fn what_belonged_to_a_removed_card_takes_no_room() {
    const SESSIONS: usize = 2_000;
    const INSERTIONS: usize = 8;
    let resident = || {
        let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
        pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
    };
    let (world, mut card) = World::with(ANY);
    let use_it = || {
        let slot = world.slot(PIN1);
        (0..SESSIONS).for_each(|_| std::mem::forget(world.module.open(slot).unwrap()));
    };
    use_it();
    let before = resident();
    for _ in 0..INSERTIONS {
        card.remove();
        card = world.insert(ANY);
        use_it();
    }
    let growth = resident().saturating_sub(before);
    assert!(growth < 4 << 20, "{growth} bytes more after {INSERTIONS} insertions");
}
