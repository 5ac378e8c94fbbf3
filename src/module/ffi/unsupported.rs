//! Functions that these tokens do not offer. Each still checks what the standard wants checked first: that the
//! module is initialized, and that the session or slot exists.

use super::boundary::initialized;
use crate::p11::Fault;
use cryptoki_sys::*;
use std::ffi::c_void;

macro_rules! unsupported {
    ($fault:ident: $($name:ident($handle:ty $(, $type:ty)*);)*) => {
        $(
            pub(super) unsafe extern "C" fn $name(session: $handle $(, _: $type)*) -> CK_RV {
                initialized(stringify!($name), |module| {
                    module.session(session)?;
                    Err(Fault::$fault)
                })
            }
        )*
    };
}

/// §5.5.7. A card is personalised by its issuer.
pub(super) unsafe extern "C" fn C_InitToken(
    slot: CK_SLOT_ID,
    _: *mut CK_UTF8CHAR,
    _: CK_ULONG,
    _: *mut CK_UTF8CHAR,
) -> CK_RV {
    initialized("C_InitToken", |module| {
        module.slots.get(slot)?;
        Err(Fault::FunctionNotSupported)
    })
}

// Encryption (§5.8, §5.9)
unsupported! {
    FunctionNotSupported:
    C_MessageEncryptInit(CK_SESSION_HANDLE, *mut CK_MECHANISM, CK_OBJECT_HANDLE);
    C_EncryptMessage(
        CK_SESSION_HANDLE,
        *mut c_void,
        CK_ULONG,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_BYTE,
        *mut CK_ULONG
    );
    C_EncryptMessageBegin(CK_SESSION_HANDLE, *mut c_void, CK_ULONG, *mut CK_BYTE, CK_ULONG);
    C_EncryptMessageNext(
        CK_SESSION_HANDLE,
        *mut c_void,
        CK_ULONG,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_BYTE,
        *mut CK_ULONG,
        CK_FLAGS
    );
    C_MessageEncryptFinal(CK_SESSION_HANDLE);
}

// Decryption (§5.10, §5.11)
unsupported! {
    FunctionNotSupported:
    C_MessageDecryptInit(CK_SESSION_HANDLE, *mut CK_MECHANISM, CK_OBJECT_HANDLE);
    C_DecryptMessage(
        CK_SESSION_HANDLE,
        *mut c_void,
        CK_ULONG,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_BYTE,
        *mut CK_ULONG
    );
    C_DecryptMessageBegin(CK_SESSION_HANDLE, *mut c_void, CK_ULONG, *mut CK_BYTE, CK_ULONG);
    C_DecryptMessageNext(
        CK_SESSION_HANDLE,
        *mut c_void,
        CK_ULONG,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_BYTE,
        *mut CK_ULONG,
        CK_FLAGS
    );
    C_MessageDecryptFinal(CK_SESSION_HANDLE);
}

// Keys (§5.18)
unsupported! {
    FunctionNotSupported:
    C_GenerateKey(CK_SESSION_HANDLE, *mut CK_MECHANISM, *mut CK_ATTRIBUTE, CK_ULONG, *mut CK_OBJECT_HANDLE);
    C_GenerateKeyPair(
        CK_SESSION_HANDLE,
        *mut CK_MECHANISM,
        *mut CK_ATTRIBUTE,
        CK_ULONG,
        *mut CK_ATTRIBUTE,
        CK_ULONG,
        *mut CK_OBJECT_HANDLE,
        *mut CK_OBJECT_HANDLE
    );
    C_WrapKey(
        CK_SESSION_HANDLE,
        *mut CK_MECHANISM,
        CK_OBJECT_HANDLE,
        CK_OBJECT_HANDLE,
        *mut CK_BYTE,
        *mut CK_ULONG
    );
    C_UnwrapKey(
        CK_SESSION_HANDLE,
        *mut CK_MECHANISM,
        CK_OBJECT_HANDLE,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_ATTRIBUTE,
        CK_ULONG,
        *mut CK_OBJECT_HANDLE
    );
    C_EncapsulateKey(
        CK_SESSION_HANDLE,
        *mut CK_MECHANISM,
        CK_OBJECT_HANDLE,
        *mut CK_ATTRIBUTE,
        CK_ULONG,
        *mut CK_BYTE,
        *mut CK_ULONG,
        *mut CK_OBJECT_HANDLE
    );
    C_DecapsulateKey(
        CK_SESSION_HANDLE,
        *mut CK_MECHANISM,
        CK_OBJECT_HANDLE,
        *mut CK_ATTRIBUTE,
        CK_ULONG,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_OBJECT_HANDLE
    );
    C_WrapKeyAuthenticated(
        CK_SESSION_HANDLE,
        *mut CK_MECHANISM,
        CK_OBJECT_HANDLE,
        CK_OBJECT_HANDLE,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_BYTE,
        *mut CK_ULONG
    );
    C_UnwrapKeyAuthenticated(
        CK_SESSION_HANDLE,
        *mut CK_MECHANISM,
        CK_OBJECT_HANDLE,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_ATTRIBUTE,
        CK_ULONG,
        *mut CK_BYTE,
        CK_ULONG,
        *mut CK_OBJECT_HANDLE
    );
}

// Parallel functions (§5.20), kept for old programs
unsupported! {
    FunctionNotParallel:
    C_GetFunctionStatus(CK_SESSION_HANDLE);
    C_CancelFunction(CK_SESSION_HANDLE);
}

// Asynchronous functions and validation (§5.21, §5.22)
unsupported! {
    FunctionNotSupported:
    C_AsyncComplete(CK_SESSION_HANDLE, *mut CK_UTF8CHAR, *mut CK_ASYNC_DATA);
    C_AsyncGetID(CK_SESSION_HANDLE, *mut CK_UTF8CHAR, *mut CK_ULONG);
    C_AsyncJoin(CK_SESSION_HANDLE, *mut CK_UTF8CHAR, CK_ULONG, *mut CK_BYTE, CK_ULONG);
}
