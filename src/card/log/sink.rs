//! Where records go.

use crate::sys::ownership::{self, CAREFULLY, OTHERS_MAY_WRITE, Shared};
use crate::sys::privilege;
use parking_lot::Mutex;
use std::fmt::{self, Display, Formatter};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
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
        opened(&path, privilege::user())?;
        Ok(Sink::File(path))
    }

    /// Writes a line in one piece. A line that cannot be written is lost: no call may fail because of the log.
    pub(super) fn put(&self, line: String) {
        let file = match self {
            // A descriptor of its own, because the standard library guards stderr by a lock.
            Sink::Stderr => io::stderr().as_fd().try_clone_to_owned().map(File::from).ok(),
            Sink::File(path) => opened(path, privilege::user()).ok(),
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
fn opened(path: &Path, user: u32) -> Result<File, Refusal> {
    let opened = OpenOptions::new().append(true).custom_flags(CAREFULLY).open(path);
    let file = opened.map_err(Refusal::CannotBeOpened)?;
    let about = file.metadata().map_err(Refusal::CannotBeOpened)?;
    if !about.is_file() {
        return Err(Refusal::NotAFile);
    }
    match ownership::check(&about, OTHERS_MAY_WRITE, user) {
        Ok(()) => Ok(file),
        Err(Shared::NotOurs) => Err(Refusal::NotOurs),
        Err(Shared::OpenToOthers) => Err(Refusal::OthersMayWrite),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A test can only make files of its own user, so another user opens it here. The other rules are tested at the C
    /// boundary.
    #[test]
    fn somebody_elses_file_is_not_written_to() {
        let path = std::env::temp_dir().join(format!("avain-log-{}", std::process::id()));
        File::create(&path).unwrap();
        let user = privilege::user();
        let [own, other] = [user, user + 1].map(|user| opened(&path, user));
        std::fs::remove_file(&path).unwrap();
        assert!(own.is_ok());
        assert!(matches!(other, Err(Refusal::NotOurs)));
    }
}
