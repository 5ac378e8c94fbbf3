//! Works any card by its profile: one short function per thing a card can be asked.
//!
//! Every function needs its home to be selected, unless it says otherwise; keeping track of that is the caller's
//! business, because it outlives a single command.

mod files;
mod keys;
mod personal;
mod pins;
mod serial;
mod task;

pub use files::{read_certificate, read_file, select};
pub use personal::personal_data;
pub use pins::{Probe, Unverified, change, pin_state, probe, reset, unblock, unverify, verify};
pub use serial::read_serial;
pub use task::{KeyTask, PreparedTask, SignInput, prepare};
