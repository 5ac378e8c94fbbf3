//! Linux and other systems of its kind. While a process forks, the module stands still: `fork` and what it uses.

pub mod descriptors;
pub(super) mod files;
pub(crate) mod folders;
pub mod fork;
pub mod library;
pub mod names;
mod ownership;
pub(super) mod pages;
pub mod parked_threads;
pub(crate) mod pcsc_calls;
mod places;
pub(crate) mod private_folder;
pub(crate) mod privilege;
mod threads;
