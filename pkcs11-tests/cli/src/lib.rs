//! What the tests of the tool share: a card in a reader that can be made anew, the tool as a script runs it, and the
//! tool as a person runs it.
#![forbid(unsafe_code)]

mod bench;
mod script;
mod terminal;
mod transcript;

pub use bench::Bench;
pub use kit::{bare_activation, codes, until};
pub use script::{Run, avain, run_to_end, tool};
pub use terminal::{Ended, Terminal};
pub use transcript::Transcript;

/// The tool's exit codes, as its manual page promises them.
pub mod code {
    /// Done.
    pub const DONE: i32 = 0;
    /// It did not work.
    pub const FAILED: i32 = 1;
    /// No reader, no card, or not clear which.
    pub const NO_CARD: i32 = 3;
    /// Wrong PIN or code.
    pub const REFUSED: i32 = 4;
    /// PIN or code locked.
    pub const LOCKED: i32 = 5;
    /// One of two steps done.
    pub const PARTLY: i32 = 6;
    /// The last try was kept.
    pub const LAST_TRY: i32 = 7;
    /// Nothing was sent.
    pub const UNFIT: i32 = 8;
    /// Not for this card.
    pub const UNSUPPORTED: i32 = 9;
    /// Stopped by the user.
    pub const CANCELLED: i32 = 10;
}
