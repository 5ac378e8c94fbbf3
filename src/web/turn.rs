//! One question at a time for each user, whatever browser it comes from; and it is known for a while that the holder has
//! refused, so that a page which asks again does not take the keyboard from whoever types elsewhere.

use rustix::fs::{FlockOperation, flock};
use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How long a refusal is known.
const KNOWN: Duration = Duration::from_secs(60);

/// The right to ask. It ends with this, or with the process.
pub(crate) struct Turn(Option<File>);

/// Takes it; `None` if another process has it. Without a folder in memory nothing is known of others.
pub(crate) fn take() -> Option<Turn> {
    let Some(file) =
        place().and_then(|place| File::options().create(true).append(true).mode(0o600).open(place).ok())
    else {
        return Some(Turn(None));
    };
    flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
    Some(Turn(Some(file)))
}

fn place() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("XDG_RUNTIME_DIR")?).join("avain");
    if !folder.is_dir() {
        fs::DirBuilder::new().mode(0o700).create(&folder).ok()?;
    }
    Some(folder.join("asked"))
}

impl Turn {
    /// Has the holder refused a short while ago? An empty file tells of no refusal.
    pub(crate) fn was_just_refused(&self) -> bool {
        let about = self.0.as_ref().and_then(|file| file.metadata().ok()).filter(|about| about.len() > 0);
        let refused = about.and_then(|about| about.modified().ok());
        refused.is_some_and(|at| SystemTime::now().duration_since(at).is_ok_and(|since| since < KNOWN))
    }

    /// Notes whether the holder has refused now.
    pub(crate) fn note(&self, refused: bool) {
        if let Some(file) = &self.0 {
            let word: &[u8] = if refused { b"refused\n" } else { b"" };
            // What cannot be noted is not known.
            let _ = file.set_len(0).and_then(|()| (&mut &*file).write_all(word));
        }
    }
}
