//! Processes of this test, each with the fake library in the place of the real one.

use crate::loading;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

/// Which part of the work a process of this test does.
const PART: &str = "FAKE_PCSC_PART";

/// The part that this process is to do, if it is one of ours.
pub(crate) fn part() -> Option<usize> {
    std::env::var(PART).ok().map(|part| part.parse().expect("a number"))
}

/// A folder in which programs find the fake library first.
pub(crate) struct Libraries(PathBuf);

impl Libraries {
    pub(crate) fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("fake-pcsc-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::os::unix::fs::symlink(loading::file(), folder.join("libpcsclite.so.1")).expect("a link");
        Self(folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// Does a part of a test in a process of its own.
    pub(crate) fn play(&self, test: &str, part: usize) -> Output {
        Command::new(std::env::current_exe().expect("this program's path"))
            .args([test, "--exact", "--nocapture"])
            .env(PART, part.to_string())
            .env("LD_LIBRARY_PATH", &self.0)
            .stdin(Stdio::null())
            .output()
            .expect("this program again")
    }
}

impl Drop for Libraries {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Does parts of the work, as many at a time as there are processors. Gives what came of them.
pub(crate) fn side_by_side<R: Send>(parts: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let (next, outcomes) = (Mutex::new(0..parts), Mutex::new(Vec::new()));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..processors {
            scope.spawn(|| {
                loop {
                    let part = next.lock().expect("no panic").next();
                    let Some(part) = part else { break };
                    let outcome = work(part);
                    outcomes.lock().expect("no panic").push(outcome);
                }
            });
        }
    });
    outcomes.into_inner().expect("no panic")
}
