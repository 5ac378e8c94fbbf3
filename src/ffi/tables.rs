//! The function lists and interfaces: one table of names, in the order of the standard's structures.

use super::{digesting, enciphering, general, objects, sessions, signing, slots, unsupported, verifying};
use cryptoki_sys::*;

/// Makes the three function lists. Each version's list begins with all of the one before.
macro_rules! lists {
    (
        since 2.40 { $($m2:ident: $($f2:ident),+;)+ }
        since 3.0 { $($m3:ident: $($f3:ident),+;)+ }
        since 3.2 { $($m4:ident: $($f4:ident),+;)+ }
    ) => {
        pub(super) static V2_40: CK_FUNCTION_LIST = CK_FUNCTION_LIST {
            version: CK_VERSION { major: 2, minor: 40 },
            $($($f2: Some($m2::$f2),)+)+
        };
        static V3_0: CK_FUNCTION_LIST_3_0 = CK_FUNCTION_LIST_3_0 {
            version: CK_VERSION { major: 3, minor: 0 },
            $($($f2: Some($m2::$f2),)+)+
            $($($f3: Some($m3::$f3),)+)+
        };
        static V3_2: CK_FUNCTION_LIST_3_2 = CK_FUNCTION_LIST_3_2 {
            version: CK_VERSION { major: 3, minor: 2 },
            $($($f2: Some($m2::$f2),)+)+
            $($($f3: Some($m3::$f3),)+)+
            $($($f4: Some($m4::$f4),)+)+
        };
    };
}

lists! {
    since 2.40 {
        general:
            C_Initialize, C_Finalize, C_GetInfo, C_GetFunctionList;
        slots:
            C_GetSlotList, C_GetSlotInfo, C_GetTokenInfo, C_GetMechanismList, C_GetMechanismInfo;
        unsupported:
            C_InitToken;
        slots:
            C_InitPIN, C_SetPIN;
        sessions:
            C_OpenSession, C_CloseSession, C_CloseAllSessions, C_GetSessionInfo, C_GetOperationState,
            C_SetOperationState, C_Login, C_Logout;
        objects:
            C_CreateObject, C_CopyObject, C_DestroyObject, C_GetObjectSize, C_GetAttributeValue,
            C_SetAttributeValue, C_FindObjectsInit, C_FindObjects, C_FindObjectsFinal;
        enciphering:
            C_EncryptInit, C_Encrypt, C_EncryptUpdate, C_EncryptFinal, C_DecryptInit, C_Decrypt,
            C_DecryptUpdate, C_DecryptFinal;
        digesting:
            C_DigestInit, C_Digest, C_DigestUpdate, C_DigestKey, C_DigestFinal;
        signing:
            C_SignInit, C_Sign, C_SignUpdate, C_SignFinal, C_SignRecoverInit, C_SignRecover;
        verifying:
            C_VerifyInit, C_Verify, C_VerifyUpdate, C_VerifyFinal, C_VerifyRecoverInit, C_VerifyRecover;
        enciphering:
            C_DigestEncryptUpdate, C_DecryptDigestUpdate, C_SignEncryptUpdate, C_DecryptVerifyUpdate;
        unsupported:
            C_GenerateKey, C_GenerateKeyPair, C_WrapKey, C_UnwrapKey;
        objects:
            C_DeriveKey;
        unsupported:
            C_SeedRandom, C_GenerateRandom, C_GetFunctionStatus, C_CancelFunction;
        slots:
            C_WaitForSlotEvent;
    }
    since 3.0 {
        general:
            C_GetInterfaceList, C_GetInterface;
        sessions:
            C_LoginUser, C_SessionCancel;
        unsupported:
            C_MessageEncryptInit, C_EncryptMessage, C_EncryptMessageBegin, C_EncryptMessageNext,
            C_MessageEncryptFinal, C_MessageDecryptInit, C_DecryptMessage, C_DecryptMessageBegin,
            C_DecryptMessageNext, C_MessageDecryptFinal;
        signing:
            C_MessageSignInit, C_SignMessage, C_SignMessageBegin, C_SignMessageNext, C_MessageSignFinal;
        verifying:
            C_MessageVerifyInit, C_VerifyMessage, C_VerifyMessageBegin, C_VerifyMessageNext,
            C_MessageVerifyFinal;
    }
    since 3.2 {
        unsupported:
            C_EncapsulateKey, C_DecapsulateKey;
        verifying:
            C_VerifySignatureInit, C_VerifySignature, C_VerifySignatureUpdate, C_VerifySignatureFinal;
        sessions:
            C_GetSessionValidationFlags;
        unsupported:
            C_AsyncComplete, C_AsyncGetID, C_AsyncJoin, C_WrapKeyAuthenticated, C_UnwrapKeyAuthenticated;
    }
}

/// The interfaces (§3.1, CK_INTERFACE), the default one first.
struct Interfaces([CK_INTERFACE; 3]);

// SAFETY: the pointers lead to statics that never change.
unsafe impl Sync for Interfaces {}

const NAME: &[u8] = b"PKCS 11\0";

/// No interface keeps sessions over a fork, so none has CKF_INTERFACE_FORK_SAFE.
static INTERFACES: Interfaces = Interfaces([interface_of(&V3_2), interface_of(&V3_0), interface_of(&V2_40)]);

const fn interface_of<T>(list: &'static T) -> CK_INTERFACE {
    CK_INTERFACE {
        pInterfaceName: NAME.as_ptr().cast_mut(),
        pFunctionList: std::ptr::from_ref(list).cast_mut().cast(),
        flags: 0,
    }
}

/// All interfaces.
pub(super) fn interfaces() -> &'static [CK_INTERFACE] {
    &INTERFACES.0
}

/// The first interface with this name and version, where they are given, and with all of these flags.
pub(super) fn interface(
    name: Option<&[u8]>,
    version: Option<CK_VERSION>,
    flags: CK_FLAGS,
) -> Option<&'static CK_INTERFACE> {
    let versions = [V3_2.version, V3_0.version, V2_40.version];
    let named = name.is_none_or(|name| NAME.strip_suffix(b"\0") == Some(name));
    interfaces()
        .iter()
        .zip(versions)
        .find(|(interface, known)| {
            let fits = version.is_none_or(|v| (v.major, v.minor) == (known.major, known.minor));
            named && fits && interface.flags & flags == flags
        })
        .map(|(interface, _)| interface)
}
