//! Calls to the operating system: locked memory, descriptors, private folders, the privileges of the process, and fork
//! handlers; and what calls leave behind. The only unsafe code below the C boundary.
#![allow(unsafe_code, reason = "calls of libc and instructions, each with its reason")]

pub mod descriptors;
pub mod fork;
pub mod leftovers;
pub mod library;
pub mod long_lock;
pub(crate) mod memory;
pub(crate) mod ownership;
pub mod parked_threads;
pub(crate) mod pcsc_calls;
mod places;
pub mod private_files;
pub(crate) mod private_folder;
pub(crate) mod privilege;
mod threads;
