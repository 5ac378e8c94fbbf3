//! Functions as the lists have them, and mechanisms.

use crate::Module;
use cryptoki_sys::*;

// Number of functions in the list of version 2.40.
const COUNT_2_40: usize = 68;
// Number of functions in the list of version 3.0.
const COUNT_3_0: usize = 92;
// Number of functions in the list of version 3.2.
const COUNT_3_2: usize = 104;

/// Every function pointer of a list, by position: all lists are a version and then pointers.
///
/// # Safety
/// `list` points to a function list with `count` functions.
unsafe fn functions<T>(list: &T, count: usize) -> Vec<Option<unsafe extern "C" fn() -> CK_RV>> {
    let start = std::ptr::from_ref(list).cast::<u8>();
    let first = size_of::<T>() - count * size_of::<usize>();
    // SAFETY: the pointers begin where the version and its padding end, and there are so many.
    unsafe { std::slice::from_raw_parts(start.add(first).cast(), count) }.to_vec()
}

/// The functions of the list of version 2.40.
pub fn functions_2_40(module: &Module) -> Vec<Option<unsafe extern "C" fn() -> CK_RV>> {
    // SAFETY: the standard's number of functions.
    unsafe { functions(module.v2_40(), COUNT_2_40) }
}

/// The functions of the list of version 3.0.
pub fn functions_3_0(module: &Module) -> Vec<Option<unsafe extern "C" fn() -> CK_RV>> {
    // SAFETY: the standard's number of functions.
    unsafe { functions(module.v3_0(), COUNT_3_0) }
}

/// The functions of the list of version 3.2.
pub fn functions_3_2(module: &Module) -> Vec<Option<unsafe extern "C" fn() -> CK_RV>> {
    // SAFETY: the standard's number of functions.
    unsafe { functions(module.v3_2(), COUNT_3_2) }
}

/// Calls a function of a list, of which all arguments are numbers or pointers, at most five. The pointers must be good
/// for what the function does.
///
/// # Panics
/// Where the list has no such function.
pub fn called(function: Option<unsafe extern "C" fn() -> CK_RV>, arguments: &[usize]) -> CK_RV {
    type Five = unsafe extern "C" fn(usize, usize, usize, usize, usize) -> CK_RV;
    let mut five = [0; 5];
    five[..arguments.len()].copy_from_slice(arguments);
    let [a, b, c, d, e] = five;
    let function = function.expect("no list has a gap");
    // SAFETY: a function that takes fewer arguments does not see the others, as the caller owns them all.
    let function: Five = unsafe { std::mem::transmute(function) };
    // SAFETY: the pointers among them are good, as the caller promises.
    unsafe { function(a, b, c, d, e) }
}

/// A mechanism without a parameter.
pub fn mechanism(kind: CK_MECHANISM_TYPE) -> CK_MECHANISM {
    CK_MECHANISM { mechanism: kind, pParameter: std::ptr::null_mut(), ulParameterLen: 0 }
}

/// The mechanism that cancels an operation.
pub fn no_mechanism() -> *mut CK_MECHANISM {
    std::ptr::null_mut()
}
