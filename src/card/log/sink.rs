//! Where records go.

use crate::sys::privilege;
use parking_lot::Mutex;
use std::fmt::{self, Display, Formatter};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// In the mode of a file: others than its owner may write to it.
const OTHERS_MAY_WRITE: u32 = 0o022;

/// Where records go.
pub(super) enum Sink {
    Stderr,
    /// By its absolute path: the program may go to another folder.
    File(PathBuf),
    Memory(Mutex<Vec<String>>),
}

/// Why there is no log.
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

    /// This file, if it can be written to.
    pub(super) fn file(path: &Path) -> Result<Self, Refusal> {
        let path = std::path::absolute(path).map_err(Refusal::CannotBeOpened)?;
        opened(&path, privilege::user())?;
        Ok(Sink::File(path))
    }

    /// Writes a line in one piece. One that cannot be written is lost: nothing may fail for the sake of a log.
    pub(super) fn put(&self, line: String) {
        let file = match self {
            // A descriptor of its own, because the library's own way to stderr is guarded by a lock.
            Sink::Stderr => io::stderr().as_fd().try_clone_to_owned().map(File::from).ok(),
            Sink::File(path) => opened(path, privilege::user()).ok(),
            Sink::Memory(lines) => return lines.lock().push(line),
        };
        let _ = file.map(|mut file| file.write(line.as_bytes()));
    }

    /// What was kept in memory.
    pub(super) fn lines(&self) -> Vec<String> {
        match self {
            Sink::Memory(lines) => lines.lock().clone(),
            Sink::Stderr | Sink::File(_) => Vec::new(),
        }
    }
}

/// Opens this user's file for one more line. He made it beforehand, it is his, and nobody else can have put it there: so
/// nothing is created, no link is followed, no device is touched. Judged after it was opened, when it can no longer
/// become another one.
fn opened(path: &Path, user: u32) -> Result<File, Refusal> {
    let careful = libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;
    let file =
        OpenOptions::new().append(true).custom_flags(careful).open(path).map_err(Refusal::CannotBeOpened)?;
    let about = file.metadata().map_err(Refusal::CannotBeOpened)?;
    if !about.is_file() {
        Err(Refusal::NotAFile)
    } else if about.uid() != user {
        Err(Refusal::NotOurs)
    } else if about.mode() & OTHERS_MAY_WRITE != 0 {
        Err(Refusal::OthersMayWrite)
    } else {
        Ok(file)
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

    /// Whose file a test can make is its own; so somebody else looks at it. The other rules are tested at the C
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
