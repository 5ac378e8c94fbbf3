//! What is asked of the operating system: locked memory, whose rights the process has, and the moment of a fork. The
//! only unsafe code below the C boundary.
#![allow(unsafe_code, reason = "calls of libc, each with its reason")]

pub mod fork;
pub(crate) mod memory;
pub mod parked_threads;
pub(crate) mod pcsc_calls;
mod places;
pub(crate) mod privilege;
