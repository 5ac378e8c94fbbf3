//! Bad pointers, handles and lengths (§5.1): the code that the standard names, and nothing else happens.

use cryptoki_sys::*;
use kit::{Bench, PIN1, Watched, World, call, mechanism, pss, refused};
use std::ffi::c_void;
use std::ptr;

/// Room with a pointer into it that is aligned for nothing.
struct Crooked([u64; 64]);

impl Crooked {
    fn new() -> Self {
        Self([0; 64])
    }

    fn at<T>(&mut self) -> *mut T {
        // SAFETY: one byte into the room.
        unsafe { self.0.as_mut_ptr().cast::<u8>().add(1) }.cast()
    }
}

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
    // The data, the place for the length, and the data of impossible length.
    macro_rules! bad_transformations {
        ($($function:ident)*) => {$(
            bad! { bench, crooked,
                $function(session, none.cast(), 4, good.cast(), &mut count);
                $function(session, good.cast(), 4, good.cast(), none.cast());
                $function(session, good.cast(), 4, good.cast(), crooked.at());
                $function(session, good.cast(), CK_ULONG::MAX, good.cast(), &mut count);
            }
        )*};
    }
    bad_transformations! {
        C_Digest C_Encrypt C_EncryptUpdate C_Decrypt C_DecryptUpdate C_SignRecover C_VerifyRecover
        C_DigestEncryptUpdate C_DecryptDigestUpdate C_SignEncryptUpdate C_DecryptVerifyUpdate
    }
    bad! { bench, crooked,
        C_DigestUpdate(session, none.cast(), 4);
        C_DigestUpdate(session, good.cast(), CK_ULONG::MAX);
        C_DigestFinal(session, good.cast(), none.cast());
        C_EncryptFinal(session, good.cast(), none.cast());
        C_DecryptFinal(session, good.cast(), none.cast());
        C_Verify(session, none.cast(), 4, good.cast(), 4);
        C_Verify(session, good.cast(), 4, none.cast(), 4);
        C_Verify(session, good.cast(), 4, good.cast(), CK_ULONG::MAX);
        C_VerifyUpdate(session, none.cast(), 4);
        C_VerifyFinal(session, none.cast(), 4);
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

#[test]
fn values_of_a_template_are_checked() {
    let bench = Bench::new();
    let session = bench.session.handle();
    let mut class = CKO_CERTIFICATE;
    for (value, length, code) in [
        (ptr::null_mut(), 8, CKR_ARGUMENTS_BAD),
        // So long is no value: it is not read.
        (ptr::null_mut(), CK_ULONG::MAX, CKR_ATTRIBUTE_VALUE_INVALID),
        ((&raw mut class).cast::<c_void>(), 0xFFFF_FFFF, CKR_ATTRIBUTE_VALUE_INVALID),
        ((&raw mut class).cast::<c_void>(), CK_ULONG::MAX, CKR_ATTRIBUTE_VALUE_INVALID),
    ] {
        let mut template = [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: value, ulValueLen: length }];
        refused(call!(bench.world.module, C_FindObjectsInit(session, template.as_mut_ptr(), 1)), code);
        // Nothing was begun.
        refused(call!(bench.world.module, C_FindObjectsFinal(session)), CKR_OPERATION_NOT_INITIALIZED);
    }
    // A value need not be aligned.
    let mut crooked = Crooked::new();
    // SAFETY: eight bytes of the room.
    unsafe { crooked.at::<CK_ULONG>().write_unaligned(CKO_CERTIFICATE) };
    let mut template = [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: crooked.at(), ulValueLen: 8 }];
    call!(bench.world.module, C_FindObjectsInit(session, template.as_mut_ptr(), 1)).unwrap();
    call!(bench.world.module, C_FindObjectsFinal(session)).unwrap();
}

/// Whoever says that a buffer is larger than memory is not believed; a small amount that is there may be read.
#[test]
fn impossible_lengths_are_refused() {
    let bench = Bench::new();
    let (session, key) = (bench.session.handle(), bench.key);
    let mut room = [b'9'; 4096];
    let start = room.as_mut_ptr();
    let mut template = [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: ptr::null_mut(), ulValueLen: 0 }];
    let before = bench.card.card().log().count();
    for huge in [CK_ULONG::MAX, CK_ULONG::MAX / 2 + 1, CK_ULONG::MAX - 7] {
        let second = bench.world.open(PIN1);
        bench.session.logout().unwrap();
        let login = call!(bench.world.module, C_Login(session, CKU_USER, start, huge));
        let code = login.expect_err("a PIN larger than memory");
        assert!([CKR_ARGUMENTS_BAD, CKR_PIN_INCORRECT].contains(&code), "{}", kit::name(code));
        refused(
            call!(bench.world.module, C_GetAttributeValue(session, key, template.as_mut_ptr(), huge)),
            CKR_ARGUMENTS_BAD,
        );
        refused(
            call!(bench.world.module, C_FindObjectsInit(session, template.as_mut_ptr(), huge)),
            CKR_ARGUMENTS_BAD,
        );
        bench.session.login(CKU_USER, PIN1.1).unwrap();
        let key = bench.session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
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
    assert_eq!(bench.card.tries(simcard::PIN1), 5);
    assert!(bench.card.card().log().count() > before, "the logins that were meant");
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
fn wrong_objects_are_wrong_handles() {
    let bench = Bench::new();
    for object in [0, 1, bench.session.handle(), bench.key + 1000, CK_OBJECT_HANDLE::MAX] {
        refused(bench.session.attribute(object, CKA_CLASS), CKR_OBJECT_HANDLE_INVALID);
        refused(bench.session.sign_init(CKM_ECDSA, object), CKR_KEY_HANDLE_INVALID);
        let mut size = 0;
        refused(
            call!(bench.world.module, C_GetObjectSize(bench.session.handle(), object, &mut size)),
            CKR_OBJECT_HANDLE_INVALID,
        );
    }
}
