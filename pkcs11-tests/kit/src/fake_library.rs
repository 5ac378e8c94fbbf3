//! The fake PC/SC library for programs that load theirs by its name.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder in which programs find the fake library first, by `LD_LIBRARY_PATH`. Dropping it removes it.
pub struct FakeLibrary(PathBuf);

impl FakeLibrary {
    /// Puts the library, which cargo has built along with this test program, into a folder.
    ///
    /// # Panics
    /// Where it was not built.
    #[expect(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Self {
        let folder = crate::scratch("fake-pcsc");
        let program = std::env::current_exe().expect("this program's path");
        let beside = program.ancestors().skip(1).map(|folder| folder.join("libfake_pcsc.so"));
        let built = beside.into_iter().find(|path| path.exists()).expect("the fake library was built");
        std::os::unix::fs::symlink(built, folder.join("libpcsclite.so.1")).expect("a link");
        Self(folder)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }
}

impl Drop for FakeLibrary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
