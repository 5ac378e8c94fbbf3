//! Calls to the operating system: locked memory, descriptors, private files and folders, the privileges of the process,
//! and fork handlers; and what calls leave behind. The only unsafe code below the C boundary, and the only code that
//! knows which system it runs on: `unix` and `windows` have the same functions.
#![allow(unsafe_code, reason = "calls of the system and instructions, each with its reason")]

pub mod leftovers;
pub mod long_lock;
pub(crate) mod memory;
pub mod private_files;

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

pub use system::{descriptors, fork, library, names, parked_threads};
pub(crate) use system::{folders, pcsc_calls, private_folder, privilege};
