//! Exit codes. Scripts rely on them, so their meaning never changes. The manual page lists them.

use avain_flow::Kind;
use std::process::ExitCode;

/// The command line is wrong.
pub(crate) const MISUNDERSTOOD: u8 = 2;

/// The exit code of a kind of failure. 2 is an invalid command line.
pub(crate) fn code(kind: Kind) -> ExitCode {
    ExitCode::from(number(kind))
}

/// The same as a number.
pub(crate) fn number(kind: Kind) -> u8 {
    match kind {
        Kind::Failed => 1,
        Kind::NoCard => 3,
        Kind::Refused => 4,
        Kind::Locked => 5,
        Kind::Partly => 6,
        Kind::LastTry => 7,
        Kind::Unfit => 8,
        Kind::Unsupported => 9,
        Kind::Cancelled => 10,
    }
}
