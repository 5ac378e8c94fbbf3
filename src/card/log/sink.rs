//! Where records go.

use crate::sys::descriptors;
use crate::sys::private_files::{self, Unusable};
use parking_lot::Mutex;
use std::fmt::{self, Display, Formatter};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where records go.
pub(super) enum Sink {
    Stderr,
    /// By its absolute path, because the program may change its working directory.
    File(PathBuf),
    Memory(Mutex<Vec<String>>),
}

/// Why nothing is logged.
#[derive(Debug)]
pub(super) enum Refusal {
    UnknownLevel,
    CannotBeOpened(io::Error),
    NotAFile,
    NotOurs,
    OthersMayWrite,
}

impl Sink {
    pub(super) fn memory() -> Self {
        Sink::Memory(Mutex::default())
    }

    /// This file, if it may be written to.
    pub(super) fn file(path: &Path) -> Result<Self, Refusal> {
        let path = std::path::absolute(path).map_err(Refusal::CannotBeOpened)?;
        opened(&path)?;
        Ok(Sink::File(path))
    }

    /// Writes a line in one piece. A line that cannot be written is lost: no call may fail because of the log.
    pub(super) fn put(&self, line: String) {
        let file = match self {
            // A descriptor of its own, because the standard library guards stderr by a lock.
            Sink::Stderr => descriptors::stderr().ok(),
            Sink::File(path) => opened(path).ok(),
            Sink::Memory(lines) => return lines.lock().push(line),
        };
        let _ = file.map(|mut file| file.write(line.as_bytes()));
    }

    /// The lines that were kept in memory.
    pub(super) fn lines(&self) -> Vec<String> {
        match self {
            Sink::Memory(lines) => lines.lock().clone(),
            Sink::Stderr | Sink::File(_) => Vec::new(),
        }
    }
}

/// Opens the user's file for one more line. It has to exist already and belong to the user, and nobody else may be
/// able to write to it; nothing is created, no link is followed, no device is opened. It is checked after it was
/// opened, when it can no longer be replaced.
fn opened(path: &Path) -> Result<File, Refusal> {
    private_files::append(path).map_err(|why| match why {
        Unusable::System(error) => Refusal::CannotBeOpened(error),
        Unusable::NotOurs => Refusal::NotOurs,
        Unusable::OpenToOthers => Refusal::OthersMayWrite,
        Unusable::NotAFile | Unusable::TooLong | Unusable::Busy => Refusal::NotAFile,
    })
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::UnknownLevel => f.write_str("AVAIN_LOG is neither info nor debug"),
            Refusal::CannotBeOpened(error) => write!(f, "AVAIN_LOG_FILE cannot be opened: {error}"),
            Refusal::NotAFile => f.write_str("AVAIN_LOG_FILE is no regular file"),
            Refusal::NotOurs => f.write_str("AVAIN_LOG_FILE belongs to somebody else"),
            Refusal::OthersMayWrite => f.write_str("others may write to AVAIN_LOG_FILE"),
        }
    }
}
