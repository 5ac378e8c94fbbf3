//! A program that runs while others use it, such as a server.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use kit::scratch;

use super::wait::wait_until;

/// A running program; stopped when dropped.
pub struct Background {
    process: Child,
    output: PathBuf,
}

impl Background {
    /// Starts the program and waits until it says this.
    ///
    /// # Panics
    /// If it does not start, or does not say it for a long time.
    #[track_caller]
    pub fn start(command: &mut Command, ready: &str) -> Self {
        Self::start_until(command, ready, |program| program.output().contains(ready))
    }

    /// Starts the program and waits until this is so.
    ///
    /// # Panics
    /// If it does not start, or it is not so for a long time.
    #[track_caller]
    pub fn start_until(command: &mut Command, what: &str, is_ready: impl Fn(&Self) -> bool) -> Self {
        let output = scratch("background").join("output");
        let file = File::create(&output).expect("the output");
        let errors = file.try_clone().expect("share the output");
        let process = command.stdin(Stdio::null()).stdout(file).stderr(errors).spawn();
        let program = Self { process: process.expect("start the program"), output };
        wait_until(what, || is_ready(&program));
        program
    }

    /// What it has said so far.
    ///
    /// # Panics
    /// If its output cannot be read.
    pub fn output(&self) -> String {
        let output = fs::read(&self.output).expect("the output");
        String::from_utf8_lossy(&output).into_owned()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // `timeout` hands the signal on.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}
