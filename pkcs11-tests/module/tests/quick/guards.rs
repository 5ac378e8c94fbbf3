//! Buffers that end where memory ends, handles of all wrong kinds, and the functions that are not offered.
//!
//! Behind every buffer here stands a page that nobody may touch: one byte written or read too far ends this program.

use cryptoki_sys::*;
use kit::{
    ANY, Bench, Guarded, PIN1, PIN2, Watched, World, call, call_in, functions_3_2, mechanism, name, refused,
};
use std::ffi::c_void;
use std::ptr;

// --- What is written

/// A function that gives a list: the buffer, its length, and how many there are.
fn list_of<T>(guarded: &Guarded, what: &str, ask: impl Fn(*mut T, &mut CK_ULONG) -> Result<(), CK_RV>) {
    let mut all = 0;
    ask(ptr::null_mut(), &mut all).unwrap_or_else(|code| panic!("{what}: {}", name(code)));
    assert!(all > 0, "{what}");
    for room in 1..all {
        let mut count = room;
        refused(ask(guarded.room(room as usize), &mut count), CKR_BUFFER_TOO_SMALL);
        assert_eq!((count, guarded.written()), (all, 0), "{what}, room for {room}");
    }
    let mut count = all;
    ask(guarded.room(all as usize), &mut count).unwrap_or_else(|code| panic!("{what}: {}", name(code)));
    assert_eq!(count, all);
    assert!(guarded.written() <= all as usize * size_of::<T>(), "{what}: written before the buffer");
}

#[test]
fn a_list_is_written_whole_or_not_at_all() {
    let bench = Bench::new();
    let (module, guarded) = (bench.world.module, &Guarded::new());
    let slot = bench.world.slot(PIN1);
    list_of(guarded, "slots", |room, count| call!(module, C_GetSlotList(CK_TRUE, room, count)));
    list_of(guarded, "mechanisms", |room, count| call!(module, C_GetMechanismList(slot, room, count)));
    list_of(guarded, "interfaces", |room: *mut CK_INTERFACE, count| {
        let function = module.v3_2().C_GetInterfaceList.expect("C_GetInterfaceList");
        // SAFETY: the buffer is as long as `count` says.
        let code = unsafe { function(room, count) };
        if code == CKR_OK { Ok(()) } else { Err(code) }
    });
}

#[test]
fn a_signature_is_written_whole_or_not_at_all() {
    let bench = Bench::new();
    let (module, handle, guarded) = (bench.world.module, bench.session.handle(), &Guarded::new());
    let data = [7_u8; 48];
    for parts in [false, true] {
        bench.session.sign_init(CKM_ECDSA, bench.key).expect("C_SignInit");
        if parts {
            call!(module, C_SignUpdate(handle, data.as_ptr().cast_mut(), 48)).expect("C_SignUpdate");
        }
        let give = |room: *mut u8, length: &mut CK_ULONG| match parts {
            false => call!(module, C_Sign(handle, data.as_ptr().cast_mut(), 48, room, length)),
            true => call!(module, C_SignFinal(handle, room, length)),
        };
        let (cost, ()) = bench.card.cost(|| {
            for room in [0, 1, 95] {
                let mut length = room as CK_ULONG;
                refused(give(guarded.room(room), &mut length), CKR_BUFFER_TOO_SMALL);
                assert_eq!((length, guarded.written()), (96, 0));
            }
        });
        assert_eq!(cost, 0, "a signature was made that nobody could be given");
        let mut length = 96;
        give(guarded.room(96), &mut length).expect("the operation is still there");
        assert_eq!((length, guarded.written()), (96, 96));
    }
}

/// Attributes of every kind of object, known and unknown, and one that is nobody's business.
const ATTRIBUTES: [CK_ATTRIBUTE_TYPE; 24] = [
    CKA_CLASS,
    CKA_TOKEN,
    CKA_PRIVATE,
    CKA_LABEL,
    CKA_ID,
    CKA_CERTIFICATE_TYPE,
    CKA_SUBJECT,
    CKA_ISSUER,
    CKA_SERIAL_NUMBER,
    CKA_VALUE,
    CKA_START_DATE,
    CKA_END_DATE,
    CKA_PUBLIC_KEY_INFO,
    CKA_KEY_TYPE,
    CKA_EC_PARAMS,
    CKA_EC_POINT,
    CKA_MODULUS,
    CKA_SIGN,
    CKA_VERIFY,
    CKA_ALWAYS_AUTHENTICATE,
    CKA_ALLOWED_MECHANISMS,
    CKA_KEY_GEN_MECHANISM,
    CKA_PROFILE_ID,
    CKA_VENDOR_DEFINED | 0x4711,
];

#[test]
fn an_attribute_is_written_whole_or_not_at_all() {
    let bench = Bench::new();
    let (module, handle, guarded) = (bench.world.module, bench.session.handle(), &Guarded::new());
    let get = |object, attribute: &mut CK_ATTRIBUTE| {
        call!(module, C_GetAttributeValue(handle, object, attribute, 1))
    };
    let mut values = 0;
    for object in bench.session.find(&[]).expect("all objects") {
        for kind in ATTRIBUTES {
            let mut asked = CK_ATTRIBUTE { type_: kind, pValue: ptr::null_mut(), ulValueLen: 0 };
            if get(object, &mut asked).is_err() {
                assert_eq!(asked.ulValueLen, CK_UNAVAILABLE_INFORMATION);
                continue;
            }
            let length = asked.ulValueLen;
            values += 1;
            for room in [0, 1, length.saturating_sub(1)].into_iter().filter(|room| *room < length) {
                asked.pValue = guarded.room::<u8>(room as usize).cast();
                asked.ulValueLen = room;
                refused(get(object, &mut asked), CKR_BUFFER_TOO_SMALL);
                assert_eq!(asked.ulValueLen, CK_UNAVAILABLE_INFORMATION, "{kind:#x}");
                assert_eq!(guarded.written(), 0, "{kind:#x}");
            }
            asked.pValue = guarded.room::<u8>(length as usize).cast();
            asked.ulValueLen = length;
            get(object, &mut asked).unwrap_or_else(|code| panic!("{kind:#x}: {}", name(code)));
            assert!(guarded.written() <= length as usize, "{kind:#x}: written before the buffer");
        }
    }
    assert!(values > 40, "only {values} values were looked at");
}

#[test]
fn no_more_objects_are_given_than_there_is_room_for() {
    let bench = Bench::new();
    let (module, handle, guarded) = (bench.world.module, bench.session.handle(), &Guarded::new());
    let all = bench.session.find(&[]).expect("all objects").len();
    for room in 1..=all + 1 {
        call!(module, C_FindObjectsInit(handle, ptr::null_mut(), 0)).expect("C_FindObjectsInit");
        let mut count = 0;
        let places = guarded.room::<CK_OBJECT_HANDLE>(room);
        call!(module, C_FindObjects(handle, places, room as CK_ULONG, &mut count)).expect("C_FindObjects");
        assert_eq!(count as usize, room.min(all));
        assert!(guarded.written() <= room * size_of::<CK_OBJECT_HANDLE>());
        call!(module, C_FindObjectsFinal(handle)).expect("C_FindObjectsFinal");
    }
}

#[test]
fn a_structure_is_no_longer_than_it_is() {
    let bench = Bench::new();
    let (module, guarded) = (bench.world.module, &Guarded::new());
    let slot = bench.world.slot(PIN1);
    call!(module, C_GetInfo(guarded.room(1))).expect("C_GetInfo");
    assert!(guarded.written() <= size_of::<CK_INFO>());
    call!(module, C_GetSlotInfo(slot, guarded.room(1))).expect("C_GetSlotInfo");
    assert!(guarded.written() <= size_of::<CK_SLOT_INFO>());
    call!(module, C_GetTokenInfo(slot, guarded.room(1))).expect("C_GetTokenInfo");
    assert!(guarded.written() <= size_of::<CK_TOKEN_INFO>());
    call!(module, C_GetMechanismInfo(slot, CKM_ECDSA, guarded.room(1))).expect("C_GetMechanismInfo");
    assert!(guarded.written() <= size_of::<CK_MECHANISM_INFO>());
    call!(module, C_GetSessionInfo(bench.session.handle(), guarded.room(1))).expect("C_GetSessionInfo");
    assert!(guarded.written() <= size_of::<CK_SESSION_INFO>());
}

/// On a failure the place for the answer stays as it was.
#[test]
fn nothing_is_written_where_nothing_is_answered() {
    let bench = Bench::new();
    let (module, guarded) = (bench.world.module, &Guarded::new());
    let nowhere = CK_SLOT_ID::MAX;
    refused(call!(module, C_GetSlotInfo(nowhere, guarded.room(1))), CKR_SLOT_ID_INVALID);
    assert_eq!(guarded.written(), 0);
    refused(call!(module, C_GetTokenInfo(nowhere, guarded.room(1))), CKR_SLOT_ID_INVALID);
    assert_eq!(guarded.written(), 0);
    let flags = CKF_SERIAL_SESSION;
    let open = call!(module, C_OpenSession(nowhere, flags, ptr::null_mut(), None, guarded.room(1)));
    refused(open, CKR_SLOT_ID_INVALID);
    assert_eq!(guarded.written(), 0);
    let slot = bench.world.slot(PIN1);
    refused(call!(module, C_GetMechanismInfo(slot, CKM_AES_CBC, guarded.room(1))), CKR_MECHANISM_INVALID);
    assert_eq!(guarded.written(), 0);
    refused(
        call!(module, C_WaitForSlotEvent(CKF_DONT_BLOCK, guarded.room(1), ptr::null_mut())),
        CKR_NO_EVENT,
    );
    assert_eq!(guarded.written(), 0);
    let handle = bench.session.handle();
    refused(call!(module, C_GetObjectSize(handle, 0, guarded.room(1))), CKR_OBJECT_HANDLE_INVALID);
    assert_eq!(guarded.written(), 0);
}

// --- What is read

/// Programs hand over PINs, data and names without a zero behind them, at the end of memory if need be.
#[test]
fn nothing_is_read_behind_an_argument() {
    let (world, card) = World::with(ANY);
    let (module, guarded) = (world.module, Guarded::new());
    let session =
        world.module.open_with(world.slot(PIN1), CKF_SERIAL_SESSION | CKF_RW_SESSION).expect("a session");
    let handle = session.handle();
    call!(module, C_Login(handle, CKU_USER, guarded.holding(b"1234"), 4)).expect("C_Login");
    let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the private key");
    // A mechanism, alone at the end.
    let place = guarded.room::<CK_MECHANISM>(1);
    // SAFETY: the place is there and aligned, as a page's end is for all types.
    unsafe { place.write(mechanism(CKM_ECDSA)) };
    call!(module, C_SignInit(handle, place, key)).expect("C_SignInit");
    let (mut signature, mut length) = ([0; 96], 96);
    let data = guarded.holding(&[7; 48]);
    call!(module, C_Sign(handle, data, 48, signature.as_mut_ptr(), &mut length)).expect("C_Sign");
    // A template, with a value that is elsewhere.
    let mut class = CKO_CERTIFICATE;
    let place = guarded.room::<CK_ATTRIBUTE>(1);
    let size = size_of_val(&class) as CK_ULONG;
    let attribute = CK_ATTRIBUTE { type_: CKA_CLASS, pValue: (&raw mut class).cast(), ulValueLen: size };
    // SAFETY: as above.
    unsafe { place.write(attribute) };
    call!(module, C_FindObjectsInit(handle, place, 1)).expect("C_FindObjectsInit");
    call!(module, C_FindObjectsFinal(handle)).expect("C_FindObjectsFinal");
    // A value at the end of memory.
    let value = guarded.holding(&CKO_CERTIFICATE.to_ne_bytes());
    let mut template = [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: value.cast(), ulValueLen: size }];
    call!(module, C_FindObjectsInit(handle, template.as_mut_ptr(), 1)).expect("C_FindObjectsInit");
    call!(module, C_FindObjectsFinal(handle)).expect("C_FindObjectsFinal");
    // A name of an interface, which does end with zero.
    let mut found = ptr::null_mut();
    let function = module.v3_2().C_GetInterface.expect("C_GetInterface");
    let name = guarded.holding(b"PKCS 11\0");
    // SAFETY: the name ends with zero, the other pointers are NULL or good.
    assert_eq!(unsafe { function(name, ptr::null_mut(), &mut found, 0) }, CKR_OK);
    let (old, other) = (guarded.holding(b"1234"), Guarded::new());
    call!(module, C_SetPIN(handle, old, 4, other.holding(b"43210"), 5)).expect("C_SetPIN");
    assert!(card.card().code_is(simcard::PIN1, "43210"));
}

/// A parameter that is shorter than it claims to be for its kind is not read as that kind.
#[test]
fn a_short_parameter_is_not_read_beyond() {
    let (world, _card) = World::with("fineid-v3.0");
    let session = world.logged_in(PIN1);
    let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the private key");
    let guarded = Guarded::new();
    for length in 0..size_of::<CK_RSA_PKCS_PSS_PARAMS>() {
        let parameter = guarded.room::<u8>(length).cast::<c_void>();
        let size = length as CK_ULONG;
        let mut given =
            CK_MECHANISM { mechanism: CKM_RSA_PKCS_PSS, pParameter: parameter, ulParameterLen: size };
        let begun = call!(world.module, C_SignInit(session.handle(), &mut given, key));
        refused(begun, CKR_MECHANISM_PARAM_INVALID);
    }
}

// --- PINs that are no PINs

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
            for bad in [0, 6, CK_ULONG::MAX / 2 + 1, CK_ULONG::MAX] {
                refused(call!(module, C_SetPIN(handle, none, bad, pin, size)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_SetPIN(handle, pin, size, none, bad)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_InitPIN(handle, none, bad)), CKR_ARGUMENTS_BAD);
                refused(call!(module, C_Login(handle, CKU_USER, none, bad)), CKR_ARGUMENTS_BAD);
            }
            for huge in [CK_ULONG::MAX / 2 + 1, CK_ULONG::MAX] {
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

// --- Handles

/// Every function with a session, with arguments that are otherwise good.
fn with_session(
    world: &World,
    session: CK_SESSION_HANDLE,
    key: CK_OBJECT_HANDLE,
) -> Vec<(&'static str, CK_RV)> {
    let mut room = [0_u64; 64];
    let start = room.as_mut_ptr();
    let bytes: *mut u8 = start.cast();
    let (mut count, mut number) = (48, 0);
    let mut chosen = mechanism(CKM_ECDSA);
    let pin = b"1234".as_ptr().cast_mut();
    let module = world.module;
    macro_rules! codes {
        ($($function:ident($($argument:expr),*);)*) => {
            vec![$((
                stringify!($function),
                call!(module, $function(session $(, $argument)*)).err().unwrap_or(CKR_OK),
            )),*]
        };
    }
    let mut codes = codes! {
        C_GetSessionInfo(start.cast());
        C_Login(CKU_USER, pin, 4);
        C_Logout();
        C_InitPIN(pin, 4);
        C_SetPIN(pin, 4, b"4321".as_ptr().cast_mut(), 4);
        C_GetObjectSize(key, &mut number);
        C_GetAttributeValue(key, ptr::null_mut(), 0);
        C_FindObjectsInit(ptr::null_mut(), 0);
        C_FindObjects(start.cast(), 4, &mut number);
        C_FindObjectsFinal();
        C_SignInit(&mut chosen, key);
        C_Sign(bytes, 48, bytes, &mut count);
        C_SignUpdate(bytes, 8);
        C_SignFinal(bytes, &mut count);
        C_CreateObject(ptr::null_mut(), 0, &mut number);
        C_CopyObject(key, ptr::null_mut(), 0, &mut number);
        C_SetAttributeValue(key, ptr::null_mut(), 0);
        C_DestroyObject(key);
        C_DeriveKey(&mut chosen, key, ptr::null_mut(), 0, &mut number);
        C_DigestInit(&mut chosen);
        C_Digest(bytes, 48, bytes, &mut count);
        C_DigestUpdate(bytes, 8);
        C_DigestKey(key);
        C_DigestFinal(bytes, &mut count);
        C_EncryptInit(&mut chosen, key);
        C_Encrypt(bytes, 48, bytes, &mut count);
        C_EncryptUpdate(bytes, 8, bytes, &mut count);
        C_EncryptFinal(bytes, &mut count);
        C_DecryptInit(&mut chosen, key);
        C_Decrypt(bytes, 48, bytes, &mut count);
        C_DecryptUpdate(bytes, 8, bytes, &mut count);
        C_DecryptFinal(bytes, &mut count);
        C_SignRecoverInit(&mut chosen, key);
        C_SignRecover(bytes, 48, bytes, &mut count);
        C_VerifyInit(&mut chosen, key);
        C_Verify(bytes, 48, bytes, 96);
        C_VerifyUpdate(bytes, 8);
        C_VerifyFinal(bytes, 96);
        C_VerifyRecoverInit(&mut chosen, key);
        C_VerifyRecover(bytes, 48, bytes, &mut count);
        C_DigestEncryptUpdate(bytes, 8, bytes, &mut count);
        C_DecryptDigestUpdate(bytes, 8, bytes, &mut count);
        C_SignEncryptUpdate(bytes, 8, bytes, &mut count);
        C_DecryptVerifyUpdate(bytes, 8, bytes, &mut count);
        C_GetOperationState(bytes, &mut count);
        C_SetOperationState(bytes, 8, 0, 0);
        C_CloseSession();
    };
    let none = ptr::null_mut();
    macro_rules! newer_codes {
        ($($function:ident($($argument:expr),*);)*) => {
            codes.extend([$((
                stringify!($function),
                call_in!(module.v3_2(), $function(session $(, $argument)*)).err().unwrap_or(CKR_OK),
            )),*])
        };
    }
    newer_codes! {
        C_LoginUser(CKU_USER, pin, 4, none, 0);
        C_SessionCancel(CKF_SIGN | CKF_FIND_OBJECTS);
        C_MessageSignInit(&mut chosen, key);
        C_SignMessage(none.cast(), 0, bytes, 48, bytes, &mut count);
        C_SignMessageBegin(none.cast(), 0);
        C_SignMessageNext(none.cast(), 0, bytes, 8, bytes, &mut count);
        C_MessageSignFinal();
        C_MessageVerifyInit(&mut chosen, key);
        C_VerifyMessage(none.cast(), 0, bytes, 48, bytes, 96);
        C_VerifyMessageBegin(none.cast(), 0);
        C_VerifyMessageNext(none.cast(), 0, bytes, 8, bytes, 96);
        C_MessageVerifyFinal();
        C_VerifySignatureInit(&mut chosen, key, bytes, 96);
        C_VerifySignature(bytes, 48);
        C_VerifySignatureUpdate(bytes, 8);
        C_VerifySignatureFinal();
        C_GetSessionValidationFlags(CKS_LAST_VALIDATION_OK, &mut number);
    }
    codes
}

#[test]
fn a_session_that_is_none_is_an_invalid_handle_and_harms_no_other() {
    let bench = Bench::new();
    let stale = bench.world.open(PIN1);
    let closed = stale.handle();
    stale.close().expect("C_CloseSession");
    bench.session.sign_init(CKM_ECDSA, bench.key).expect("C_SignInit");
    let (cost, ()) = bench.card.cost(|| {
        for wrong in [0, CK_SESSION_HANDLE::MAX, closed, bench.key, bench.session.handle() + 1000] {
            for (function, code) in with_session(&bench.world, wrong, bench.key) {
                assert_eq!(code, CKR_SESSION_HANDLE_INVALID, "{function} of {wrong:#x}: {}", name(code));
            }
        }
    });
    assert_eq!(cost, 0, "{}", bench.card.story());
    assert_eq!(bench.session.info().expect("the session").state, CKS_RO_USER_FUNCTIONS);
    bench.session.sign_data(&[7; 48]).expect("the operation is still there");
}

#[test]
fn sessions_of_a_card_that_went_are_invalid_handles() {
    let Bench { session, card, world, key } = Bench::new();
    card.remove();
    let _next = world.insert("fineid-v4.0,holder=2");
    for (function, code) in with_session(&world, session.handle(), key) {
        assert_eq!(code, CKR_SESSION_HANDLE_INVALID, "{function}: {}", name(code));
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
