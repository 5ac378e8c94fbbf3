//! How a program gets at the functions: the three exports, which give out the spy's lists in place of the module's.

use crate::forward::{V2_40, V3_0, V3_2};
use crate::note::Note;
use crate::real::{real, version};
use cryptoki_sys::*;
use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::OnceLock;

/// The module's interfaces with the spy's lists, in the module's order.
struct Interfaces(Vec<CK_INTERFACE>);

// SAFETY: the pointers lead to statics that never change.
unsafe impl Send for Interfaces {}
// SAFETY: as above.
unsafe impl Sync for Interfaces {}

fn interfaces() -> &'static [CK_INTERFACE] {
    static OURS: OnceLock<Interfaces> = OnceLock::new();
    &OURS.get_or_init(|| Interfaces(real().interfaces.iter().copied().map(ours).collect())).0
}

/// The standard's own interfaces have this name; a maker's own go by unnoticed.
const STANDARD: &CStr = c"PKCS 11";

fn ours(theirs: CK_INTERFACE) -> CK_INTERFACE {
    // SAFETY: names are zero-terminated and never change.
    if unsafe { CStr::from_ptr(theirs.pInterfaceName.cast()) } != STANDARD {
        return theirs;
    }
    let list: *const c_void = match version(&theirs) {
        (2, 40) => (&raw const V2_40).cast(),
        (3, 0) => (&raw const V3_0).cast(),
        (3, 2) => (&raw const V3_2).cast(),
        // Calls of a version that the spy does not know would pass it by.
        other => panic!("the module has an interface of version {other:?}"),
    };
    CK_INTERFACE { pFunctionList: list.cast_mut(), ..theirs }
}

/// The module's answer, with the list of the spy.
///
/// # Safety
/// `list` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    let code = unsafe { real().list.C_GetFunctionList.expect("in every list")(list) };
    if code == CKR_OK {
        // SAFETY: the module has just written there.
        unsafe { *list = (&raw const V2_40).cast_mut() };
    }
    Note::of("C_GetFunctionList", code).write();
    code
}

/// The module's answer, with the lists of the spy.
///
/// # Safety
/// `count` is NULL or valid; `list` is NULL or writable for as many as `*count` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetInterfaceList(list: *mut CK_INTERFACE, count: *mut CK_ULONG) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    let code = unsafe { real().list.C_GetInterfaceList.expect("in every list")(list, count) };
    if code == CKR_OK && !list.is_null() {
        for (place, interface) in interfaces().iter().enumerate() {
            // SAFETY: the module has just written as many.
            unsafe { *list.add(place) = *interface };
        }
    }
    Note::of("C_GetInterfaceList", code).write();
    code
}

/// The module's answer, with the list of the spy.
///
/// # Safety
/// `name` is NULL or zero-terminated, `wanted` NULL or readable, `found` NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetInterface(
    name: *mut CK_UTF8CHAR,
    wanted: *mut CK_VERSION,
    found: *mut *mut CK_INTERFACE,
    flags: CK_FLAGS,
) -> CK_RV {
    // SAFETY: the caller's promise is passed on.
    let code = unsafe { real().list.C_GetInterface.expect("in every list")(name, wanted, found, flags) };
    if code == CKR_OK {
        // SAFETY: the module has just written there a pointer to an interface of its own.
        let theirs = unsafe { **found };
        let place = real().interfaces.iter().position(|known| known.pFunctionList == theirs.pFunctionList);
        let ours = &interfaces()[place.expect("one of those in the list")];
        // SAFETY: as above.
        unsafe { *found = ptr::from_ref(ours).cast_mut() };
    }
    Note::of("C_GetInterface", code).write();
    code
}
