//! Handles of all wrong kinds.

use cryptoki_sys::*;
use kit::{Bench, PIN1, Watched, World, call, call_in, mechanism, name, refused};
use std::ptr;

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
    let pin = PIN1.1.as_ptr().cast_mut();
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
        C_Login(CKU_USER, pin, 6);
        C_Logout();
        C_InitPIN(pin, 6);
        C_SetPIN(pin, 6, b"432143".as_ptr().cast_mut(), 6);
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
        C_LoginUser(CKU_USER, pin, 6, none, 0);
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
fn sessions_that_are_none_are_invalid_handles_and_harm_no_other() {
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
