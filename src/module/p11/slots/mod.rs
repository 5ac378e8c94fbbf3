//! Slots and tokens (§5.5): which there are, what they say of themselves, and who is logged in.

pub(crate) mod entry;
pub mod info;
mod labels;
mod login;
pub mod registry;
pub mod slot;
pub mod token;
