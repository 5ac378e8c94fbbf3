//! What is known of a card, as data, and what is not known, as switches.

pub(crate) mod air;
pub(crate) mod codes;
pub(crate) mod date;
pub(crate) mod description;
pub(crate) mod holder;
pub(crate) mod state;
pub mod switches;
