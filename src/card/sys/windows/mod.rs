//! Windows. No process is forked there, and no folder is in memory for the time of a login session.

mod access;
pub mod descriptors;
pub(super) mod files;
pub(crate) mod folders;
pub mod fork;
pub mod library;
pub mod names;
pub(super) mod pages;
pub mod parked_threads;
pub(crate) mod pcsc_calls;
pub(crate) mod private_folder;
pub(crate) mod privilege;
