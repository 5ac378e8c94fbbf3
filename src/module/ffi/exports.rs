//! The three exported symbols (§5.4.4 to §5.4.6). Every other function is reached through the function lists.

use super::general;
use cryptoki_sys::*;

/// Returns the list of PKCS #11 2.40 functions. May be called at any time.
///
/// # Safety
/// `list` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    unsafe { general::C_GetFunctionList(list) }
}

/// Returns all interfaces, or their number. May be called at any time.
///
/// # Safety
/// `count` is NULL or valid; `interfaces` is NULL or writable for as many as `*count` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetInterfaceList(interfaces: *mut CK_INTERFACE, count: *mut CK_ULONG) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    unsafe { general::C_GetInterfaceList(interfaces, count) }
}

/// Returns the interface with a name and version, by default the newest. May be called at any time.
///
/// # Safety
/// `name` is NULL or zero-terminated, `version` NULL or readable, `interface` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetInterface(
    name: *mut CK_UTF8CHAR,
    version: *mut CK_VERSION,
    interface: *mut *mut CK_INTERFACE,
    flags: CK_FLAGS,
) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    unsafe { general::C_GetInterface(name, version, interface, flags) }
}
