//! Cards in the readers of a PC/SC daemon.

pub mod control;
pub(crate) mod vpcd;
