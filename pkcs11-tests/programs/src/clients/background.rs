//! A program that runs while others use it, such as a server.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::user::User;
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
    pub fn start(user: &User, command: &mut Command, ready: &str) -> Self {
        let name =
            command.get_args().next().unwrap_or(command.get_program()).to_string_lossy().replace('/', "-");
        let output = user.write(&format!("output-of{name}"), "");
        let file = File::create(&output).expect("the output");
        let errors = file.try_clone().expect("share the output");
        let process = command.stdin(Stdio::null()).stdout(file).stderr(errors).spawn();
        let program = Self { process: process.expect("start the program"), output };
        wait_until(ready, || program.output().contains(ready));
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
