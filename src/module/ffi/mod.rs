//! The C boundary: all that is unsafe, and nothing else.
//!
//! Towards the program: one `entry!` per function of the standard, in files named after its chapters. Each entry
//! catches panics, checks that the module is initialized, turns pointers into checked types of [`arguments`], and calls
//! the safe code of [`crate::p11`].
#![allow(unsafe_code, reason = "the only module that may")]
#![allow(non_snake_case, reason = "functions are called what the standard calls them")]

mod arguments;
mod boundary;
mod digesting;
mod enciphering;
pub mod exports;
mod general;
mod objects;
mod process;
mod random;
mod sessions;
mod signing;
mod slots;
pub(crate) mod tables;
mod unsupported;
mod vendor;
mod verifying;

/// Declares one function of the standard as a private `extern "C" fn`. Private, so that a program which exports
/// a function of the same name cannot take its place.
///
/// * `with NAME = TYPE::at(POINTERS)` turns pointers into a checked type before anything else happens;
/// * `; |module| BODY` runs while the module is initialized; `; || BODY` always.
macro_rules! entry {
    ($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),* $(,)?)
     $(with $($bound:ident = $maker:expr),+)?; |$module:ident| $body:expr) => {
        $(#[$doc])*
        pub(super) unsafe extern "C" fn $name($($arg: $type),*) -> cryptoki_sys::CK_RV {
            crate::ffi::boundary::initialized(stringify!($name), |$module| {
                $($(
                    // SAFETY: the caller owes pointers that are NULL or valid for the length that goes with
                    // them, until the call returns (PKCS #11 §5.1, §5.2).
                    let $bound = unsafe { $maker }?;
                )+)?
                $body
            })
        }
    };
    ($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),* $(,)?)
     $(with $($bound:ident = $maker:expr),+)?; || $body:expr) => {
        $(#[$doc])*
        pub(super) unsafe extern "C" fn $name($($arg: $type),*) -> cryptoki_sys::CK_RV {
            crate::ffi::boundary::always(stringify!($name), || {
                $($(
                    // SAFETY: the caller owes pointers that are NULL or valid for the length that goes with
                    // them, until the call returns (PKCS #11 §5.1, §5.2).
                    let $bound = unsafe { $maker }?;
                )+)?
                $body
            })
        }
    };
}
use entry;
