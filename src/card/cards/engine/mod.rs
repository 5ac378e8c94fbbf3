//! Operates any card according to its profile: a short function for each thing that a card can be asked to do.
//!
//! Unless a function says otherwise, the right application or DF has to be selected. Callers keep track of that,
//! because it outlives a single command.

mod files;
mod keys;
mod opening;
mod personal;
mod pins;
mod serial;
mod task;

pub use files::{
    current_file_is, file_begins_with, read_any, read_certificate, read_file, select, start_of,
    twice_if_refused,
};
pub use opening::{open, open_by};
pub use personal::personal_data;
pub use pins::{
    Closed, Probe, Subject, change, close, pin_state, present_as_password, probe, refill, replace, reset,
    unblock, verify,
};
pub use serial::{Serial, read_serial};
pub use task::{KeyTask, PreparedTask, SignInput, prepare};
