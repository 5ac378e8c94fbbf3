//! The function lists and interfaces, made from one table of names in the order of the standard's structures.

use super::{
    digesting, encrypting, general, objects, random, sessions, signing, slots, unsupported, vendor, verifying,
};
#[cfg(test)]
use crate::p11::functions::Since;
use cryptoki_sys::*;
use std::ffi::CStr;

/// Makes the three function lists. Each begins with the whole of the previous version's list. For tests it also lists
/// the names, with version and file.
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
        #[cfg(test)]
        const NAMES: &[(Since, &str, &str)] = &[
            $($((Since::V2_40, stringify!($m2), stringify!($f2)),)+)+
            $($((Since::V3_0, stringify!($m3), stringify!($f3)),)+)+
            $($((Since::V3_2, stringify!($m4), stringify!($f4)),)+)+
        ];
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
        encrypting:
            C_EncryptInit, C_Encrypt, C_EncryptUpdate, C_EncryptFinal, C_DecryptInit, C_Decrypt,
            C_DecryptUpdate, C_DecryptFinal;
        digesting:
            C_DigestInit, C_Digest, C_DigestUpdate, C_DigestKey, C_DigestFinal;
        signing:
            C_SignInit, C_Sign, C_SignUpdate, C_SignFinal, C_SignRecoverInit, C_SignRecover;
        verifying:
            C_VerifyInit, C_Verify, C_VerifyUpdate, C_VerifyFinal, C_VerifyRecoverInit, C_VerifyRecover;
        encrypting:
            C_DigestEncryptUpdate, C_DecryptDigestUpdate, C_SignEncryptUpdate, C_DecryptVerifyUpdate;
        unsupported:
            C_GenerateKey, C_GenerateKeyPair, C_WrapKey, C_UnwrapKey;
        objects:
            C_DeriveKey;
        random:
            C_SeedRandom, C_GenerateRandom;
        unsupported:
            C_GetFunctionStatus, C_CancelFunction;
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

/// The interfaces (§3.1, CK_INTERFACE): the default first, the standard's before the vendor's.
struct Interfaces([CK_INTERFACE; 4]);

// SAFETY: the pointers lead to statics that never change.
unsafe impl Sync for Interfaces {}

const STANDARD: &CStr = c"PKCS 11";

/// Sessions do not survive a fork, so no interface has CKF_INTERFACE_FORK_SAFE.
static INTERFACES: Interfaces = Interfaces([
    interface_of(STANDARD, &V3_2),
    interface_of(STANDARD, &V3_0),
    interface_of(STANDARD, &V2_40),
    interface_of(vendor::NAME, &vendor::V1_0),
]);

const fn interface_of<T>(name: &'static CStr, list: &'static T) -> CK_INTERFACE {
    CK_INTERFACE {
        pInterfaceName: name.as_ptr().cast_mut().cast(),
        pFunctionList: std::ptr::from_ref(list).cast_mut().cast(),
        flags: 0,
    }
}

/// All interfaces.
pub(super) fn interfaces() -> &'static [CK_INTERFACE] {
    &INTERFACES.0
}

/// The first interface with this name (by default the standard's), this version (by default any) and all of these
/// flags.
pub(super) fn interface(
    name: Option<&[u8]>,
    version: Option<CK_VERSION>,
    flags: CK_FLAGS,
) -> Option<&'static CK_INTERFACE> {
    let wanted = name.unwrap_or(STANDARD.to_bytes());
    let known = [
        (STANDARD, V3_2.version),
        (STANDARD, V3_0.version),
        (STANDARD, V2_40.version),
        (vendor::NAME, vendor::V1_0.version),
    ];
    interfaces()
        .iter()
        .zip(known)
        .find(|(interface, (name, known))| {
            let fits = version.is_none_or(|v| (v.major, v.minor) == (known.major, known.minor));
            name.to_bytes() == wanted && fits && interface.flags & flags == flags
        })
        .map(|(interface, _)| interface)
}

/// Is this function supported?
#[cfg(test)]
pub(crate) fn offered(name: &str) -> bool {
    NAMES.iter().any(|(_, file, listed)| *listed == name && *file != "unsupported")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::p11::functions::functions;
    use std::collections::BTreeSet;

    #[test]
    fn the_lists_have_the_functions_of_the_standard() {
        let mut listed: Vec<_> = NAMES.iter().map(|(since, _, name)| (*name, *since as u8)).collect();
        let mut known: Vec<_> = functions().map(|function| (function.name, function.since as u8)).collect();
        listed.sort_unstable();
        known.sort_unstable();
        assert_eq!(listed, known);
        assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), 104);
    }
}
