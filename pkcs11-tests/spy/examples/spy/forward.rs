//! All functions of the standard, each passed on to the module, and the lists of them.

use crate::interfaces::{C_GetFunctionList, C_GetInterface, C_GetInterfaceList};
use crate::note::Note;
use crate::real::real;
use cryptoki_sys::*;
use std::ffi::c_void;

/// The module's function with this name.
macro_rules! real {
    ($name:ident) => {
        real().list.$name.expect("no list has gaps")
    };
}

/// Makes the three lists, and functions that note their first argument: as the slot, as the session, or not at all.
/// Those that are noted with more (`own`) stand elsewhere.
macro_rules! functions {
    (since 2.40 { $($two:tt)* } since 3.0 { $($three:tt)* } since 3.2 { $($four:tt)* }) => {
        functions! { @each $($two)* }
        functions! { @each $($three)* }
        functions! { @each $($four)* }
        functions! { @list V2_40: CK_FUNCTION_LIST = (2, 40); $($two)* }
        functions! { @list V3_0: CK_FUNCTION_LIST_3_0 = (3, 0); $($two)* $($three)* }
        functions! { @list V3_2: CK_FUNCTION_LIST_3_2 = (3, 2); $($two)* $($three)* $($four)* }
    };
    (@each own { $($own:ident),* } $($note:ident { $($name:ident($first:ident: $type:ty $(, $arg:ident: $t:ty)*);)* })*) => {
        $($(
            unsafe extern "C" fn $name($first: $type $(, $arg: $t)*) -> CK_RV {
                // SAFETY: the caller's promise is passed on.
                let code = unsafe { real!($name)($first $(, $arg)*) };
                Note::of(stringify!($name), code).$note($first).write();
                code
            }
        )*)*
    };
    (@list $list:ident: $type:ident = ($major:literal, $minor:literal);
     $($note:ident { $($name:ident $(($($arguments:tt)*))? $(,)? $(;)?)* })*) => {
        pub(crate) static $list: $type = $type {
            version: CK_VERSION { major: $major, minor: $minor },
            $($($name: Some($name),)*)*
        };
    };
}

functions! {
    since 2.40 {
        own { C_GetFunctionList, C_GetTokenInfo, C_OpenSession, C_Login }
        nothing {
            C_Initialize(a: *mut c_void);
            C_Finalize(a: *mut c_void);
            C_GetInfo(a: *mut CK_INFO);
            C_GetSlotList(a: CK_BBOOL, b: *mut CK_SLOT_ID, c: *mut CK_ULONG);
            C_WaitForSlotEvent(a: CK_FLAGS, b: *mut CK_SLOT_ID, c: *mut c_void);
        }
        slot {
            C_GetSlotInfo(a: CK_SLOT_ID, b: *mut CK_SLOT_INFO);
            C_GetMechanismList(a: CK_SLOT_ID, b: *mut CK_MECHANISM_TYPE, c: *mut CK_ULONG);
            C_GetMechanismInfo(a: CK_SLOT_ID, b: CK_MECHANISM_TYPE, c: *mut CK_MECHANISM_INFO);
            C_InitToken(a: CK_SLOT_ID, b: *mut CK_UTF8CHAR, c: CK_ULONG, d: *mut CK_UTF8CHAR);
            C_CloseAllSessions(a: CK_SLOT_ID);
        }
        session {
            C_InitPIN(a: CK_SESSION_HANDLE, b: *mut CK_UTF8CHAR, c: CK_ULONG);
            C_SetPIN(a: CK_SESSION_HANDLE, b: *mut CK_UTF8CHAR, c: CK_ULONG, d: *mut CK_UTF8CHAR,
                e: CK_ULONG);
            C_CloseSession(a: CK_SESSION_HANDLE);
            C_GetSessionInfo(a: CK_SESSION_HANDLE, b: *mut CK_SESSION_INFO);
            C_GetOperationState(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: *mut CK_ULONG);
            C_SetOperationState(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: CK_OBJECT_HANDLE,
                e: CK_OBJECT_HANDLE);
            C_Logout(a: CK_SESSION_HANDLE);
            C_CreateObject(a: CK_SESSION_HANDLE, b: *mut CK_ATTRIBUTE, c: CK_ULONG, d: *mut CK_OBJECT_HANDLE);
            C_CopyObject(a: CK_SESSION_HANDLE, b: CK_OBJECT_HANDLE, c: *mut CK_ATTRIBUTE, d: CK_ULONG,
                e: *mut CK_OBJECT_HANDLE);
            C_DestroyObject(a: CK_SESSION_HANDLE, b: CK_OBJECT_HANDLE);
            C_GetObjectSize(a: CK_SESSION_HANDLE, b: CK_OBJECT_HANDLE, c: *mut CK_ULONG);
            C_GetAttributeValue(a: CK_SESSION_HANDLE, b: CK_OBJECT_HANDLE, c: *mut CK_ATTRIBUTE, d: CK_ULONG);
            C_SetAttributeValue(a: CK_SESSION_HANDLE, b: CK_OBJECT_HANDLE, c: *mut CK_ATTRIBUTE, d: CK_ULONG);
            C_FindObjectsInit(a: CK_SESSION_HANDLE, b: *mut CK_ATTRIBUTE, c: CK_ULONG);
            C_FindObjects(a: CK_SESSION_HANDLE, b: *mut CK_OBJECT_HANDLE, c: CK_ULONG, d: *mut CK_ULONG);
            C_FindObjectsFinal(a: CK_SESSION_HANDLE);
            C_EncryptInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_Encrypt(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE, e: *mut CK_ULONG);
            C_EncryptUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE,
                e: *mut CK_ULONG);
            C_EncryptFinal(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: *mut CK_ULONG);
            C_DecryptInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_Decrypt(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE, e: *mut CK_ULONG);
            C_DecryptUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE,
                e: *mut CK_ULONG);
            C_DecryptFinal(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: *mut CK_ULONG);
            C_DigestInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM);
            C_Digest(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE, e: *mut CK_ULONG);
            C_DigestUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG);
            C_DigestKey(a: CK_SESSION_HANDLE, b: CK_OBJECT_HANDLE);
            C_DigestFinal(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: *mut CK_ULONG);
            C_SignInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_Sign(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE, e: *mut CK_ULONG);
            C_SignUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG);
            C_SignFinal(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: *mut CK_ULONG);
            C_SignRecoverInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_SignRecover(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE,
                e: *mut CK_ULONG);
            C_VerifyInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_Verify(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE, e: CK_ULONG);
            C_VerifyUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG);
            C_VerifyFinal(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG);
            C_VerifyRecoverInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_VerifyRecover(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE,
                e: *mut CK_ULONG);
            C_DigestEncryptUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE,
                e: *mut CK_ULONG);
            C_DecryptDigestUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE,
                e: *mut CK_ULONG);
            C_SignEncryptUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE,
                e: *mut CK_ULONG);
            C_DecryptVerifyUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG, d: *mut CK_BYTE,
                e: *mut CK_ULONG);
            C_GenerateKey(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: *mut CK_ATTRIBUTE, d: CK_ULONG,
                e: *mut CK_OBJECT_HANDLE);
            C_GenerateKeyPair(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: *mut CK_ATTRIBUTE, d: CK_ULONG,
                e: *mut CK_ATTRIBUTE, f: CK_ULONG, g: *mut CK_OBJECT_HANDLE, h: *mut CK_OBJECT_HANDLE);
            C_WrapKey(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE, d: CK_OBJECT_HANDLE,
                e: *mut CK_BYTE, f: *mut CK_ULONG);
            C_UnwrapKey(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE, d: *mut CK_BYTE,
                e: CK_ULONG, f: *mut CK_ATTRIBUTE, g: CK_ULONG, h: *mut CK_OBJECT_HANDLE);
            C_DeriveKey(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE, d: *mut CK_ATTRIBUTE,
                e: CK_ULONG, f: *mut CK_OBJECT_HANDLE);
            C_SeedRandom(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG);
            C_GenerateRandom(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG);
            C_GetFunctionStatus(a: CK_SESSION_HANDLE);
            C_CancelFunction(a: CK_SESSION_HANDLE);
        }
    }
    since 3.0 {
        own { C_GetInterfaceList, C_GetInterface, C_LoginUser }
        session {
            C_SessionCancel(a: CK_SESSION_HANDLE, b: CK_FLAGS);
            C_MessageEncryptInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_EncryptMessage(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE, e: CK_ULONG,
                f: *mut CK_BYTE, g: CK_ULONG, h: *mut CK_BYTE, i: *mut CK_ULONG);
            C_EncryptMessageBegin(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE,
                e: CK_ULONG);
            C_EncryptMessageNext(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE,
                e: CK_ULONG, f: *mut CK_BYTE, g: *mut CK_ULONG, h: CK_FLAGS);
            C_MessageEncryptFinal(a: CK_SESSION_HANDLE);
            C_MessageDecryptInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_DecryptMessage(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE, e: CK_ULONG,
                f: *mut CK_BYTE, g: CK_ULONG, h: *mut CK_BYTE, i: *mut CK_ULONG);
            C_DecryptMessageBegin(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE,
                e: CK_ULONG);
            C_DecryptMessageNext(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE,
                e: CK_ULONG, f: *mut CK_BYTE, g: *mut CK_ULONG, h: CK_FLAGS);
            C_MessageDecryptFinal(a: CK_SESSION_HANDLE);
            C_MessageSignInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_SignMessage(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE, e: CK_ULONG,
                f: *mut CK_BYTE, g: *mut CK_ULONG);
            C_SignMessageBegin(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG);
            C_SignMessageNext(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE, e: CK_ULONG,
                f: *mut CK_BYTE, g: *mut CK_ULONG);
            C_MessageSignFinal(a: CK_SESSION_HANDLE);
            C_MessageVerifyInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE);
            C_VerifyMessage(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE, e: CK_ULONG,
                f: *mut CK_BYTE, g: CK_ULONG);
            C_VerifyMessageBegin(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG);
            C_VerifyMessageNext(a: CK_SESSION_HANDLE, b: *mut c_void, c: CK_ULONG, d: *mut CK_BYTE,
                e: CK_ULONG, f: *mut CK_BYTE, g: CK_ULONG);
            C_MessageVerifyFinal(a: CK_SESSION_HANDLE);
        }
    }
    since 3.2 {
        own {}
        session {
            C_EncapsulateKey(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE,
                d: *mut CK_ATTRIBUTE, e: CK_ULONG, f: *mut CK_BYTE, g: *mut CK_ULONG,
                h: *mut CK_OBJECT_HANDLE);
            C_DecapsulateKey(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE,
                d: *mut CK_ATTRIBUTE, e: CK_ULONG, f: *mut CK_BYTE, g: CK_ULONG, h: *mut CK_OBJECT_HANDLE);
            C_VerifySignatureInit(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE,
                d: *mut CK_BYTE, e: CK_ULONG);
            C_VerifySignature(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG);
            C_VerifySignatureUpdate(a: CK_SESSION_HANDLE, b: *mut CK_BYTE, c: CK_ULONG);
            C_VerifySignatureFinal(a: CK_SESSION_HANDLE);
            C_GetSessionValidationFlags(a: CK_SESSION_HANDLE, b: CK_SESSION_VALIDATION_FLAGS_TYPE,
                c: *mut CK_FLAGS);
            C_AsyncComplete(a: CK_SESSION_HANDLE, b: *mut CK_UTF8CHAR, c: *mut CK_ASYNC_DATA);
            C_AsyncGetID(a: CK_SESSION_HANDLE, b: *mut CK_UTF8CHAR, c: *mut CK_ULONG);
            C_AsyncJoin(a: CK_SESSION_HANDLE, b: *mut CK_UTF8CHAR, c: CK_ULONG, d: *mut CK_BYTE, e: CK_ULONG);
            C_WrapKeyAuthenticated(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE,
                d: CK_OBJECT_HANDLE, e: *mut CK_BYTE, f: CK_ULONG, g: *mut CK_BYTE, h: *mut CK_ULONG);
            C_UnwrapKeyAuthenticated(a: CK_SESSION_HANDLE, b: *mut CK_MECHANISM, c: CK_OBJECT_HANDLE,
                d: *mut CK_BYTE, e: CK_ULONG, f: *mut CK_ATTRIBUTE, g: CK_ULONG, h: *mut CK_BYTE, i: CK_ULONG,
                j: *mut CK_OBJECT_HANDLE);
        }
    }
}

unsafe extern "C" fn C_GetTokenInfo(slot: CK_SLOT_ID, info: *mut CK_TOKEN_INFO) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    let code = unsafe { real!(C_GetTokenInfo)(slot, info) };
    let note = Note::of("C_GetTokenInfo", code).slot(slot);
    // SAFETY: on success the module has just written it.
    let label = (code == CKR_OK).then(|| unsafe { (*info).label });
    label.iter().fold(note, |note, label| note.label(label)).write();
    code
}

unsafe extern "C" fn C_OpenSession(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    application: *mut c_void,
    notify: CK_NOTIFY,
    session: *mut CK_SESSION_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    let code = unsafe { real!(C_OpenSession)(slot, flags, application, notify, session) };
    let note = Note::of("C_OpenSession", code).slot(slot);
    // SAFETY: on success the module has just written it.
    let opened = (code == CKR_OK).then(|| unsafe { *session });
    opened.into_iter().fold(note, Note::session).write();
    code
}

unsafe extern "C" fn C_Login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut CK_UTF8CHAR,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    let code = unsafe { real!(C_Login)(session, user, pin, length) };
    Note::of("C_Login", code).session(session).user(user).write();
    code
}

unsafe extern "C" fn C_LoginUser(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut CK_UTF8CHAR,
    length: CK_ULONG,
    name: *mut CK_UTF8CHAR,
    name_length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    let code = unsafe { real!(C_LoginUser)(session, user, pin, length, name, name_length) };
    Note::of("C_LoginUser", code).session(session).user(user).write();
    code
}
