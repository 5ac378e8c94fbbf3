//! The time between a user's login to the computer and the logout, as far as programs see it: a folder in memory.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::program::scratch;

/// Names the folder.
const FOLDER: &str = "XDG_RUNTIME_DIR";
/// Turns off what the module keeps there. The sandbox sets it, so that tests do not disturb each other.
const SWITCH: &str = "AVAIN_CACHE";

/// A login session with nothing in its folder. Until dropped, uses of the module that begin in this program keep
/// certificates there.
pub struct LoginSession(PathBuf);

impl LoginSession {
    /// Begins one.
    ///
    /// # Panics
    /// Where its folder cannot be made.
    #[allow(clippy::new_without_default, reason = "it changes the environment")]
    pub fn new() -> Self {
        let session = Self::beside();
        session.enter();
        session
    }

    /// One for other programs, which are told of it by [`LoginSession::environment`].
    ///
    /// # Panics
    /// As [`LoginSession::new`].
    pub fn beside() -> Self {
        let folder = scratch("login-session");
        std::fs::set_permissions(&folder, Permissions::from_mode(0o700)).expect("a folder of one's own");
        Self(folder)
    }

    /// Uses of the module that begin from now on are in this session.
    fn enter(&self) {
        set(SWITCH, "");
        set(FOLDER, &self.0.to_string_lossy());
    }

    /// As if the environment said something else.
    pub fn with(&self, switch: &str, folder: &Path) {
        set(SWITCH, switch);
        set(FOLDER, &folder.to_string_lossy());
    }

    /// What programs in this session have in their environment.
    pub fn environment(&self) -> [(&'static str, &str); 2] {
        [(SWITCH, ""), (FOLDER, self.0.to_str().unwrap_or_default())]
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The folder where certificates are kept.
    pub fn kept(&self) -> PathBuf {
        self.0.join("avain/certificates")
    }

    /// The files of kept certificates, drafts among them.
    pub fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.kept()).into_iter().flatten();
        let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        files
    }
}

impl Drop for LoginSession {
    fn drop(&mut self) {
        set(SWITCH, "off");
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn set(variable: &str, value: &str) {
    // SAFETY: whoever has such a session has the turn (`World`), and only the module, which the turn belongs to, reads
    // these two; no other thread of a test program changes the environment.
    unsafe { std::env::set_var(variable, value) };
}
