//! Functions that these tokens do not support. Each still makes the checks that come first: that the module is
//! initialized, and that the session or slot exists.

use super::boundary::initialized;
use crate::p11::Fault;
use cryptoki_sys::*;
use std::ffi::c_void;

fn refuse(name: &'static str, session: CK_SESSION_HANDLE, fault: Fault) -> CK_RV {
    initialized(name, &|module| {
        module.session(session)?;
        Err(fault)
    })
}

/// §5.5.7. Cards are personalised by their issuer.
pub(super) unsafe extern "C" fn C_InitToken(
    slot: CK_SLOT_ID,
    _: *mut CK_UTF8CHAR,
    _: CK_ULONG,
    _: *mut CK_UTF8CHAR,
) -> CK_RV {
    initialized("C_InitToken", &|module| {
        module.slots.get(slot)?;
        Err(Fault::FunctionNotSupported)
    })
}

/// §5.9.1
pub(super) unsafe extern "C" fn C_MessageEncryptInit(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: CK_OBJECT_HANDLE,
) -> CK_RV {
    refuse("C_MessageEncryptInit", session, Fault::FunctionNotSupported)
}

/// §5.9.2
pub(super) unsafe extern "C" fn C_EncryptMessage(
    session: CK_SESSION_HANDLE,
    _: *mut c_void,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
) -> CK_RV {
    refuse("C_EncryptMessage", session, Fault::FunctionNotSupported)
}

/// §5.9.3
pub(super) unsafe extern "C" fn C_EncryptMessageBegin(
    session: CK_SESSION_HANDLE,
    _: *mut c_void,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
) -> CK_RV {
    refuse("C_EncryptMessageBegin", session, Fault::FunctionNotSupported)
}

/// §5.9.4
pub(super) unsafe extern "C" fn C_EncryptMessageNext(
    session: CK_SESSION_HANDLE,
    _: *mut c_void,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
    _: CK_FLAGS,
) -> CK_RV {
    refuse("C_EncryptMessageNext", session, Fault::FunctionNotSupported)
}

/// §5.9.5
pub(super) unsafe extern "C" fn C_MessageEncryptFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    refuse("C_MessageEncryptFinal", session, Fault::FunctionNotSupported)
}

/// §5.11.1
pub(super) unsafe extern "C" fn C_MessageDecryptInit(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: CK_OBJECT_HANDLE,
) -> CK_RV {
    refuse("C_MessageDecryptInit", session, Fault::FunctionNotSupported)
}

/// §5.11.2
pub(super) unsafe extern "C" fn C_DecryptMessage(
    session: CK_SESSION_HANDLE,
    _: *mut c_void,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
) -> CK_RV {
    refuse("C_DecryptMessage", session, Fault::FunctionNotSupported)
}

/// §5.11.3
pub(super) unsafe extern "C" fn C_DecryptMessageBegin(
    session: CK_SESSION_HANDLE,
    _: *mut c_void,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
) -> CK_RV {
    refuse("C_DecryptMessageBegin", session, Fault::FunctionNotSupported)
}

/// §5.11.4
pub(super) unsafe extern "C" fn C_DecryptMessageNext(
    session: CK_SESSION_HANDLE,
    _: *mut c_void,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
    _: CK_FLAGS,
) -> CK_RV {
    refuse("C_DecryptMessageNext", session, Fault::FunctionNotSupported)
}

/// §5.11.5
pub(super) unsafe extern "C" fn C_MessageDecryptFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    refuse("C_MessageDecryptFinal", session, Fault::FunctionNotSupported)
}

/// §5.18.1
pub(super) unsafe extern "C" fn C_GenerateKey(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: *mut CK_ATTRIBUTE,
    _: CK_ULONG,
    _: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    refuse("C_GenerateKey", session, Fault::FunctionNotSupported)
}

/// §5.18.2
pub(super) unsafe extern "C" fn C_GenerateKeyPair(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: *mut CK_ATTRIBUTE,
    _: CK_ULONG,
    _: *mut CK_ATTRIBUTE,
    _: CK_ULONG,
    _: *mut CK_OBJECT_HANDLE,
    _: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    refuse("C_GenerateKeyPair", session, Fault::FunctionNotSupported)
}

/// §5.18.3
pub(super) unsafe extern "C" fn C_WrapKey(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: CK_OBJECT_HANDLE,
    _: CK_OBJECT_HANDLE,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
) -> CK_RV {
    refuse("C_WrapKey", session, Fault::FunctionNotSupported)
}

/// §5.18.4
pub(super) unsafe extern "C" fn C_UnwrapKey(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: CK_OBJECT_HANDLE,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_ATTRIBUTE,
    _: CK_ULONG,
    _: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    refuse("C_UnwrapKey", session, Fault::FunctionNotSupported)
}

/// §5.18.8
pub(super) unsafe extern "C" fn C_EncapsulateKey(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: CK_OBJECT_HANDLE,
    _: *mut CK_ATTRIBUTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
    _: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    refuse("C_EncapsulateKey", session, Fault::FunctionNotSupported)
}

/// §5.18.9
pub(super) unsafe extern "C" fn C_DecapsulateKey(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: CK_OBJECT_HANDLE,
    _: *mut CK_ATTRIBUTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    refuse("C_DecapsulateKey", session, Fault::FunctionNotSupported)
}

/// §5.18.6
pub(super) unsafe extern "C" fn C_WrapKeyAuthenticated(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: CK_OBJECT_HANDLE,
    _: CK_OBJECT_HANDLE,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: *mut CK_ULONG,
) -> CK_RV {
    refuse("C_WrapKeyAuthenticated", session, Fault::FunctionNotSupported)
}

/// §5.18.7
pub(super) unsafe extern "C" fn C_UnwrapKeyAuthenticated(
    session: CK_SESSION_HANDLE,
    _: *mut CK_MECHANISM,
    _: CK_OBJECT_HANDLE,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_ATTRIBUTE,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
    _: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    refuse("C_UnwrapKeyAuthenticated", session, Fault::FunctionNotSupported)
}

/// §5.20.1. A legacy function.
pub(super) unsafe extern "C" fn C_GetFunctionStatus(session: CK_SESSION_HANDLE) -> CK_RV {
    refuse("C_GetFunctionStatus", session, Fault::FunctionNotParallel)
}

/// §5.20.2. A legacy function.
pub(super) unsafe extern "C" fn C_CancelFunction(session: CK_SESSION_HANDLE) -> CK_RV {
    refuse("C_CancelFunction", session, Fault::FunctionNotParallel)
}

/// §5.21.1
pub(super) unsafe extern "C" fn C_AsyncComplete(
    session: CK_SESSION_HANDLE,
    _: *mut CK_UTF8CHAR,
    _: *mut CK_ASYNC_DATA,
) -> CK_RV {
    refuse("C_AsyncComplete", session, Fault::FunctionNotSupported)
}

/// §5.21.2
pub(super) unsafe extern "C" fn C_AsyncGetID(
    session: CK_SESSION_HANDLE,
    _: *mut CK_UTF8CHAR,
    _: *mut CK_ULONG,
) -> CK_RV {
    refuse("C_AsyncGetID", session, Fault::FunctionNotSupported)
}

/// §5.21.3
pub(super) unsafe extern "C" fn C_AsyncJoin(
    session: CK_SESSION_HANDLE,
    _: *mut CK_UTF8CHAR,
    _: CK_ULONG,
    _: *mut CK_BYTE,
    _: CK_ULONG,
) -> CK_RV {
    refuse("C_AsyncJoin", session, Fault::FunctionNotSupported)
}
