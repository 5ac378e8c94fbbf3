//! What programs before have left behind for this user: card access numbers and certificates.

use kit::LoginSession;
use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The folders of this process, and the files that are there when a case begins.
pub(crate) struct Home {
    numbers: PathBuf,
    /// If certificates are kept.
    session: Option<LoginSession>,
    left: Vec<(PathBuf, Vec<u8>)>,
}

impl Home {
    /// With the numbers that are stored by now.
    pub(crate) fn new(keeps: bool) -> Self {
        let folder = std::env::var_os("XDG_CONFIG_HOME").expect("the sandbox sets it");
        let numbers = PathBuf::from(folder).join("avain");
        Self { left: files(&numbers), numbers, session: keeps.then(LoginSession::new) }
    }

    /// What this program leaves behind is there, too, when cases begin.
    pub(crate) fn left_by(&mut self, program: impl FnOnce()) {
        self.restore();
        program();
        self.left = self.folders().iter().flat_map(|folder| files(folder)).collect();
    }

    pub(crate) fn restore(&self) {
        for folder in self.folders() {
            let _ = fs::remove_dir_all(folder);
        }
        for (path, content) in &self.left {
            let folder = path.parent().expect("a folder");
            DirBuilder::new().recursive(true).mode(0o700).create(folder).expect("the folder");
            fs::write(path, content).expect("the file");
            fs::set_permissions(path, Permissions::from_mode(0o600)).expect("for its user alone");
        }
    }

    fn folders(&self) -> Vec<PathBuf> {
        let kept = self.session.as_ref().map(LoginSession::kept);
        [self.numbers.clone()].into_iter().chain(kept).collect()
    }
}

/// The files in a folder, if it is there.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
    paths.map(|path| (path.clone(), fs::read(&path).expect("the file"))).collect()
}
