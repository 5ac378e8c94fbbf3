//! Bad pointers and lengths (§5.1): the code that the standard names, and nothing else happens. Functions that are not
//! offered keep away from them all.

use super::{Crooked, IMPOSSIBLE};
use cryptoki_sys::*;
use kit::{ANY, Bench, PIN1, PIN2, Watched, World, call, functions_3_2, mechanism, name, pss, refused};
use std::ffi::c_void;
use std::ptr;

/// Each place in turn NULL and misaligned must be a bad argument.
macro_rules! bad {
    ($bench:expr, $crooked:expr, $($function:ident($($argument:expr),* $(,)?);)*) => {
        $(
            let outcome = call!($bench.world.module, $function($($argument),*));
            let code = outcome.err().unwrap_or(CKR_OK);
            assert!(
                code == CKR_ARGUMENTS_BAD,
                "{}: {}", stringify!($function($($argument),*)), kit::name(code)
            );
        )*
    };
}

#[test]
fn null_and_misaligned_pointers_are_bad_arguments() {
    let bench = Bench::new();
    let (session, key) = (bench.session.handle(), bench.key);
    let slot = bench.world.slot(PIN1);
    let mut crooked = Crooked::new();
    let mut room = [0_u64; 16];
    let good: *mut c_void = room.as_mut_ptr().cast();
    let mut count: CK_ULONG = 4;
    let pin = PIN1.1.as_ptr().cast_mut();
    let none = ptr::null_mut::<c_void>();
    let objects_there = bench.session.find(&[]).unwrap().len();
    let before = bench.card.card().log().count();
    bad! { bench, crooked,
        C_GetInfo(none.cast());
        C_GetInfo(crooked.at());
        C_GetFunctionList(none.cast());
        C_GetFunctionList(crooked.at());
        C_GetSlotList(CK_TRUE, good.cast(), none.cast());
        C_GetSlotList(CK_TRUE, none.cast(), none.cast());
        C_GetSlotList(CK_TRUE, good.cast(), crooked.at());
        C_GetSlotList(CK_TRUE, crooked.at(), &mut count);
        C_GetSlotInfo(slot, none.cast());
        C_GetSlotInfo(slot, crooked.at());
        C_GetTokenInfo(slot, none.cast());
        C_GetTokenInfo(slot, crooked.at());
        C_GetMechanismList(slot, good.cast(), none.cast());
        C_GetMechanismList(slot, none.cast(), crooked.at());
        C_GetMechanismList(slot, crooked.at(), &mut count);
        C_GetMechanismInfo(slot, CKM_ECDSA, none.cast());
        C_GetMechanismInfo(slot, CKM_ECDSA, crooked.at());
        C_OpenSession(slot, CKF_SERIAL_SESSION, none, None, none.cast());
        C_OpenSession(slot, CKF_SERIAL_SESSION, none, None, crooked.at());
        C_GetSessionInfo(session, none.cast());
        C_GetSessionInfo(session, crooked.at());
        C_Login(session, CKU_USER, none.cast(), 4);
        C_GetObjectSize(session, key, none.cast());
        C_GetObjectSize(session, key, crooked.at());
        C_GetAttributeValue(session, key, none.cast(), 1);
        C_GetAttributeValue(session, key, crooked.at(), 1);
        C_GetAttributeValue(session, key, none.cast(), CK_ULONG::MAX);
        C_FindObjectsInit(session, none.cast(), 1);
        C_FindObjectsInit(session, crooked.at(), 1);
        C_WaitForSlotEvent(CKF_DONT_BLOCK, none.cast(), none);
        C_WaitForSlotEvent(CKF_DONT_BLOCK, crooked.at(), none);
    }
    // With a search under way, and a signature: for the search nothing changes.
    call!(bench.world.module, C_FindObjectsInit(session, ptr::null_mut(), 0)).unwrap();
    bad! { bench, crooked,
        C_FindObjects(session, none.cast(), 4, &mut count);
        C_FindObjects(session, crooked.at(), 4, &mut count);
        C_FindObjects(session, good.cast(), 4, none.cast());
        C_FindObjects(session, good.cast(), 4, crooked.at());
    }
    let mut objects = [0; 20];
    call!(bench.world.module, C_FindObjects(session, objects.as_mut_ptr(), 20, &mut count)).unwrap();
    assert_eq!(count as usize, objects_there, "a failed call took objects out of the search");
    let begin = || {
        call!(bench.world.module, C_SignInit(session, ptr::null_mut(), 0)).unwrap();
        call!(bench.world.module, C_SignInit(session, &mut mechanism(CKM_ECDSA_SHA256), key)).unwrap();
    };
    count = 16 * 8;
    begin();
    bad! { bench, crooked, C_Sign(session, none.cast(), 4, good.cast(), &mut count); }
    begin();
    bad! { bench, crooked, C_Sign(session, pin.cast(), 4, good.cast(), none.cast()); }
    begin();
    bad! { bench, crooked, C_Sign(session, pin.cast(), 4, good.cast(), crooked.at()); }
    begin();
    bad! { bench, crooked, C_SignUpdate(session, none.cast(), 4); }
    begin();
    bad! { bench, crooked, C_SignFinal(session, good.cast(), none.cast()); }
    begin();
    bad! { bench, crooked, C_SignFinal(session, good.cast(), crooked.at()); }
    call!(bench.world.module, C_SignInit(session, ptr::null_mut(), 0)).unwrap();
    bad! { bench, crooked, C_SignInit(session, crooked.at(), key); }
    let mut chosen = mechanism(CKM_SHA256);
    let chosen = &raw mut chosen;
    bad! { bench, crooked,
        C_CreateObject(session, none.cast(), 1, &mut count);
        C_CreateObject(session, crooked.at(), 1, &mut count);
        C_CreateObject(session, none.cast(), 0, none.cast());
        C_CreateObject(session, none.cast(), 0, crooked.at());
        C_CopyObject(session, key, none.cast(), 1, &mut count);
        C_CopyObject(session, key, none.cast(), 0, none.cast());
        C_SetAttributeValue(session, key, none.cast(), 1);
        C_SetAttributeValue(session, key, crooked.at(), 1);
        C_DeriveKey(session, chosen, key, none.cast(), 1, &mut count);
        C_DeriveKey(session, chosen, key, none.cast(), 0, none.cast());
        C_DeriveKey(session, none.cast(), key, none.cast(), 0, &mut count);
        C_DeriveKey(session, crooked.at(), key, none.cast(), 0, &mut count);
        C_DigestInit(session, crooked.at());
        C_EncryptInit(session, crooked.at(), key);
        C_DecryptInit(session, crooked.at(), key);
        C_VerifyInit(session, crooked.at(), key);
        C_SignRecoverInit(session, crooked.at(), key);
        C_VerifyRecoverInit(session, crooked.at(), key);
        C_GetOperationState(session, good.cast(), none.cast());
    }
    assert_eq!(bench.card.card().log().count(), before, "the card was asked for nothing");
    assert_eq!((bench.card.sent(simcard::PIN1), bench.card.tries(simcard::PIN1)), (1, 5));
    assert_eq!(bench.session.info().unwrap().state, CKS_RO_USER_FUNCTIONS);
    assert_eq!(bench.world.module.token(slot).unwrap().ulSessionCount, 1, "a session was opened");
    bench.session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
}

#[test]
fn misaligned_arguments_of_initialisation_are_bad() {
    let world = World::enter();
    let mut crooked = Crooked::new();
    refused(call!(world.module, C_Initialize(crooked.at())), CKR_ARGUMENTS_BAD);
    refused(world.module.slots(false), CKR_CRYPTOKI_NOT_INITIALIZED);
}

#[test]
fn pointers_of_the_newer_functions_are_checked_too() {
    let bench = Bench::new();
    let (list, mut crooked) = (bench.world.module.v3_2(), Crooked::new());
    let session = bench.session.handle();
    let (interfaces, interface, login) =
        (list.C_GetInterfaceList.unwrap(), list.C_GetInterface.unwrap(), list.C_LoginUser.unwrap());
    let none = ptr::null_mut::<c_void>();
    let mut count: CK_ULONG = 3;
    let mut room = [CK_INTERFACE::default(); 3];
    let pin = PIN1.1.as_ptr().cast_mut();
    // SAFETY: bad pointers are what is tested; the good ones are good.
    let codes = unsafe {
        [
            interfaces(none.cast(), none.cast()),
            interfaces(room.as_mut_ptr(), crooked.at()),
            interfaces(crooked.at(), &mut count),
            interface(none.cast(), none.cast(), none.cast(), 0),
            interface(none.cast(), none.cast(), crooked.at(), 0),
            login(session, CKU_USER, none.cast(), 4, none.cast(), 0),
            login(session, CKU_USER, pin, 4, none.cast(), 4),
        ]
    };
    for (place, code) in codes.into_iter().enumerate() {
        assert_eq!(code, CKR_ARGUMENTS_BAD, "call {place}: {}", kit::name(code));
    }
    assert_eq!(bench.card.sent(simcard::PIN1), 1);
}

/// Whoever says that a buffer is larger than memory is not believed.
#[test]
fn impossible_lengths_are_refused() {
    let bench = Bench::new();
    let (session, key) = (bench.session.handle(), bench.key);
    let mut room = [b'9'; 4096];
    let start = room.as_mut_ptr();
    let mut template = [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: ptr::null_mut(), ulValueLen: 0 }];
    let second = bench.world.open(PIN1);
    let before = bench.card.card().log().count();
    for huge in IMPOSSIBLE {
        refused(
            call!(bench.world.module, C_GetAttributeValue(session, key, template.as_mut_ptr(), huge)),
            CKR_ARGUMENTS_BAD,
        );
        refused(
            call!(bench.world.module, C_FindObjectsInit(session, template.as_mut_ptr(), huge)),
            CKR_ARGUMENTS_BAD,
        );
        second.sign_init(CKM_ECDSA_SHA256, key).unwrap();
        let mut length = 96;
        refused(
            call!(bench.world.module, C_Sign(second.handle(), start, huge, start, &mut length)),
            CKR_ARGUMENTS_BAD,
        );
        call!(bench.world.module, C_SignInit(second.handle(), ptr::null_mut(), 0)).unwrap();
        second.sign_init(CKM_ECDSA_SHA256, key).unwrap();
        refused(call!(bench.world.module, C_SignUpdate(second.handle(), start, huge)), CKR_ARGUMENTS_BAD);
        let mut parameter =
            CK_MECHANISM { mechanism: CKM_ECDSA, pParameter: start.cast(), ulParameterLen: huge };
        call!(bench.world.module, C_SignInit(second.handle(), ptr::null_mut(), 0)).unwrap();
        refused(
            call!(bench.world.module, C_SignInit(second.handle(), &mut parameter, key)),
            CKR_MECHANISM_PARAM_INVALID,
        );
    }
    assert_eq!(bench.card.card().log().count(), before, "the card was asked for nothing");
}

/// A length that is larger than needed is no fault, however large.
#[test]
fn more_room_than_needed_is_welcome() {
    let bench = Bench::new();
    let (module, session) = (bench.world.module, bench.session.handle());
    let mut slots = [0; 8];
    let mut count = CK_ULONG::MAX;
    call!(module, C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count)).unwrap();
    assert_eq!(count, 2);
    let mut mechanisms = [0; 64];
    count = CK_ULONG::MAX;
    call!(module, C_GetMechanismList(slots[0], mechanisms.as_mut_ptr(), &mut count)).unwrap();
    assert!(count > 0 && count < 64);
    bench.session.sign_init(CKM_ECDSA, bench.key).unwrap();
    let (mut signature, mut length, data) = ([0; 96], CK_ULONG::MAX, [1; 48]);
    call!(module, C_Sign(session, data.as_ptr().cast_mut(), 48, signature.as_mut_ptr(), &mut length))
        .unwrap();
    assert_eq!(length, 96);
}

#[test]
fn a_parameter_need_not_be_aligned() {
    let (world, _card) = World::with("fineid-v3.0");
    let session = world.logged_in(PIN1);
    let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    let mut crooked = Crooked::new();
    let size = size_of::<CK_RSA_PKCS_PSS_PARAMS>() as CK_ULONG;
    // SAFETY: the room is larger.
    unsafe { crooked.at::<CK_RSA_PKCS_PSS_PARAMS>().write_unaligned(pss(CKM_SHA256, CKG_MGF1_SHA256, 32)) };
    let mut mechanism =
        CK_MECHANISM { mechanism: CKM_SHA256_RSA_PKCS_PSS, pParameter: crooked.at(), ulParameterLen: size };
    call!(world.module, C_SignInit(session.handle(), &mut mechanism, key)).unwrap();
    session.sign_data(b"anything").unwrap();
}

#[test]
fn a_pin_that_is_nowhere_is_a_bad_argument_and_costs_nothing() {
    for token in [PIN1, PIN2] {
        let (world, card) = World::with(ANY);
        let module = world.module;
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        let session = module.open_with(world.slot(token), flags).expect("a session");
        let (handle, pin) = (session.handle(), token.1.as_ptr().cast_mut());
        let size = token.1.len() as CK_ULONG;
        let none = ptr::null_mut();
        let (cost, ()) = card.cost(|| {
            for bad in [0, 6].into_iter().chain(IMPOSSIBLE) {
                refused(call!(module, C_SetPIN(handle, none, bad, pin, size)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_SetPIN(handle, pin, size, none, bad)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_InitPIN(handle, none, bad)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_Login(handle, CKU_USER, none, bad)), CKR_ARGUMENTS_BAD);
            }
            for huge in IMPOSSIBLE {
                refused(call!(module, C_SetPIN(handle, pin, huge, pin, size)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_SetPIN(handle, pin, size, pin, huge)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_InitPIN(handle, pin, huge)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_Login(handle, CKU_USER, pin, huge)), CKR_ARGUMENTS_BAD);
            }
        });
        assert_eq!(cost, 0, "{}", card.story());
        assert_eq!(session.info().expect("C_GetSessionInfo").state, CKS_RW_PUBLIC_SESSION);
        session.login(CKU_USER, token.1).expect("the PIN is what it was");
    }
}

// --- What is not offered

/// As many arguments as any function takes. One that takes fewer does not see the others, as the caller owns them all.
type Any = unsafe extern "C" fn(
    CK_ULONG,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
    usize,
) -> CK_RV;

/// Calls a function of the list by its position, with nonsense behind the first argument.
fn with_nonsense(world: &World, position: usize, first: CK_ULONG, nonsense: usize) -> CK_RV {
    let function = functions_3_2(world.module)[position].expect("no list has a gap");
    let n = nonsense;
    // SAFETY: every argument of every function is a number or a pointer.
    let function: Any = unsafe { std::mem::transmute(function) };
    // SAFETY: what is not offered has no use for its pointers; that it keeps away from them is what is tested.
    unsafe { function(first, n, n, n, n, n, n, n, n, n, n, n) }
}

/// Positions in the list of version 3.2, in the order of the standard's structure.
fn not_offered() -> impl Iterator<Item = usize> {
    // C_GenerateKey, C_GenerateKeyPair, C_WrapKey, C_UnwrapKey
    const KEYS: std::ops::RangeInclusive<usize> = 58..=61;
    // C_GetFunctionStatus, C_CancelFunction
    const PARALLEL: std::ops::RangeInclusive<usize> = 65..=66;
    const MESSAGES_ENCRYPTED: std::ops::RangeInclusive<usize> = 72..=81;
    // C_EncapsulateKey, C_DecapsulateKey
    const ENCAPSULATION: std::ops::RangeInclusive<usize> = 92..=93;
    // C_AsyncComplete to C_UnwrapKeyAuthenticated
    const NEWEST: std::ops::RangeInclusive<usize> = 99..=103;
    KEYS.chain(PARALLEL).chain(MESSAGES_ENCRYPTED).chain(ENCAPSULATION).chain(NEWEST)
}

/// What a function that is not offered says in a session.
fn expected(position: usize) -> CK_RV {
    match position {
        // C_GetFunctionStatus, C_CancelFunction
        65 | 66 => CKR_FUNCTION_NOT_PARALLEL,
        _ => CKR_FUNCTION_NOT_SUPPORTED,
    }
}

#[test]
fn what_is_not_offered_says_so_in_a_session_and_keeps_away_from_its_arguments() {
    let bench = Bench::new();
    let stale = bench.world.open(PIN1);
    let closed = stale.handle();
    stale.close().expect("C_CloseSession");
    assert_eq!(not_offered().count(), 23);
    bench.session.sign_init(CKM_ECDSA, bench.key).expect("C_SignInit");
    let (cost, ()) = bench.card.cost(|| {
        for position in not_offered() {
            for nonsense in [0, 1, usize::MAX] {
                let code = with_nonsense(&bench.world, position, bench.session.handle(), nonsense);
                assert_eq!(code, expected(position), "function {position}: {}", name(code));
                for wrong in [0, CK_SESSION_HANDLE::MAX, closed, bench.key] {
                    let code = with_nonsense(&bench.world, position, wrong, nonsense);
                    assert_eq!(code, CKR_SESSION_HANDLE_INVALID, "function {position}: {}", name(code));
                }
            }
        }
    });
    assert_eq!(cost, 0, "{}", bench.card.story());
    assert_eq!(bench.session.info().expect("the session").state, CKS_RO_USER_FUNCTIONS);
    bench.session.sign_data(&[7; 48]).expect("the operation is still there");
}

/// §5.1.7: an invalid session is told before anything that may be wrong with the other arguments, which are not looked
/// at.
#[test]
fn a_bad_session_comes_before_bad_pointers() {
    // Those before C_InitPIN but for it; C_OpenSession, C_CloseAllSessions, C_WaitForSlotEvent, C_GetInterfaceList,
    // C_GetInterface.
    let without_session = |position: usize| position < 10 || [12, 14, 67, 68, 69].contains(&position);
    let bench = Bench::new();
    let all = functions_3_2(bench.world.module).len();
    let (cost, ()) = bench.card.cost(|| {
        for position in (0..all).filter(|position| !without_session(*position)) {
            for nonsense in [0, 1, usize::MAX] {
                let code = with_nonsense(&bench.world, position, CK_SESSION_HANDLE::MAX, nonsense);
                assert_eq!(code, CKR_SESSION_HANDLE_INVALID, "function {position}: {}", name(code));
            }
        }
    });
    assert_eq!(cost, 0, "{}", bench.card.story());
}

/// It speaks of a slot, not of a session.
#[test]
fn no_token_can_be_initialised() {
    const INIT_TOKEN: usize = 9;
    let (world, card) = World::with(ANY);
    let (cost, ()) = card.cost(|| {
        let code = with_nonsense(&world, INIT_TOKEN, world.module.slots(true).expect("slots")[0], 1);
        assert_eq!(code, CKR_FUNCTION_NOT_SUPPORTED, "{}", name(code));
        let code = with_nonsense(&world, INIT_TOKEN, CK_SLOT_ID::MAX, 1);
        assert_eq!(code, CKR_SLOT_ID_INVALID, "{}", name(code));
    });
    assert_eq!(cost, 0, "{}", card.story());
}

#[test]
fn what_is_not_offered_is_not_initialised_before() {
    let world = World::enter();
    for position in not_offered() {
        for nonsense in [0, 1, usize::MAX] {
            let code = with_nonsense(&world, position, 1, nonsense);
            assert_eq!(code, CKR_CRYPTOKI_NOT_INITIALIZED, "function {position}: {}", name(code));
        }
    }
}
