//! The program's pointers, checked: not NULL where one is needed, aligned, and of a possible length. What is read
//! becomes a type of [`crate::p11`]; what is written has a type here.
//!
//! Every function that takes a pointer is unsafe and says what the caller owes; what it returns is safe to use during
//! the call.

mod input;
mod mechanism;
mod output;
mod template;
mod vendor;

#[cfg(test)]
mod tests;

pub(super) use input::*;
pub(super) use mechanism::*;
pub(super) use output::*;
pub(super) use template::*;
pub(super) use vendor::*;

use crate::p11::Fault;
use cryptoki_sys::CK_ULONG;

/// A length from C, if an object can be that long. Lengths in the upper half of a CK_ULONG are CK_UNAVAILABLE_INFORMATION, or
/// negative numbers of the program: also where an object could have them, because a CK_ULONG has 32 bits and a pointer 64.
fn length(length: CK_ULONG) -> Result<usize, Fault> {
    const LONGEST: CK_ULONG = CK_ULONG::MAX >> 1;
    if length > LONGEST {
        Err(Fault::ArgumentsBad)
    } else {
        usize::try_from(length).map_err(|_| Fault::ArgumentsBad)
    }
}

fn usable<T>(pointer: *const T) -> Result<(), Fault> {
    if pointer.is_null() || !pointer.is_aligned() { Err(Fault::ArgumentsBad) } else { Ok(()) }
}
