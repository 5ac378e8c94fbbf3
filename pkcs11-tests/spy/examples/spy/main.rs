//! The spy: a PKCS#11 module that a program loads instead of the one under test. It passes every call on and notes
//! it: function, slot or session, user type, return value; never a PIN and never data. What the
//! notes say is told by the crate `spy`.
//!
//! | variable | meaning |
//! |---|---|
//! | `AVAIN_MODULE` | the module to pass calls on to; a file beside the spy, named like it and `.module`, goes first |
//! | `AVAIN_SPY_NOTES` | the file for the notes, written at its end, a line per call; no notes where it is not set |
//!
//! It keeps nothing between two calls but the address of the module: there is no lock that a forked child could find
//! held, and no open file that a program could close or take for its own.

#![allow(non_snake_case, reason = "functions are called what the standard calls them")]
#![allow(clippy::macro_metavars_in_unsafe, reason = "passing a call on is what the macro is for")]

mod forward;
mod interfaces;
mod note;
mod real;

pub use interfaces::{C_GetFunctionList, C_GetInterface, C_GetInterfaceList};
