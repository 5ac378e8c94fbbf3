//! Programs that ask for a PIN, and the answers.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::user::User;

/// What happened in a terminal.
pub struct Dialogue {
    /// Everything that was on the screen.
    pub shown: String,
    /// How often a question was answered.
    pub answers: usize,
    /// Whether the program ended with status 0.
    pub success: bool,
}

impl Dialogue {
    /// The dialogue, if the program succeeded.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert!(self.success, "the program failed:\n{}", self.shown);
        self
    }
}

/// Runs the program in a terminal. Wherever it shows one of the questions, the answer is typed.
///
/// # Panics
/// If it does not start.
pub fn run_in_terminal(command: &mut Command, answers: &[(&str, &str)]) -> Dialogue {
    let size = PtySize { rows: 50, cols: 200, ..PtySize::default() };
    let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
    let mut child = pair.slave.spawn_command(in_terminal(command)).expect("start the program");
    drop(pair.slave);
    let mut screen = pair.master.try_clone_reader().expect("the screen");
    let mut keyboard = pair.master.take_writer().expect("the keyboard");
    let mut dialogue = Dialogue { shown: String::new(), answers: 0, success: false };
    let (mut buffer, mut unread) = ([0; 4096], String::new());
    // An error is the end: the last program has left the terminal.
    while let Ok(length @ 1..) = screen.read(&mut buffer) {
        let more = String::from_utf8_lossy(&buffer[..length]);
        dialogue.shown.push_str(&more);
        unread.push_str(&more);
        while let Some((end, answer)) = asked(&unread, answers) {
            unread.drain(..end);
            dialogue.answers += 1;
            wait_for_silence(&*pair.master);
            keyboard.write_all(format!("{answer}\r").as_bytes()).expect("type");
        }
    }
    dialogue.success = child.wait().expect("wait for the program").success();
    dialogue.shown = dialogue.shown.replace('\r', "");
    dialogue
}

/// Most programs ask, then have the terminal show nothing, which throws away what was typed before. So who types waits for
/// that; not for long, because some show what is typed.
fn wait_for_silence(terminal: &dyn MasterPty) {
    // Of the flags only the debug form can be had without another library.
    let flags = || terminal.get_termios().map(|settings| format!("{:?}", settings.local_flags));
    let shows = |flags: String| flags.split(|c: char| !c.is_ascii_alphanumeric()).any(|flag| flag == "ECHO");
    for _ in 0..100 {
        if !flags().is_some_and(shows) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Where the first question ends, and its answer.
fn asked<'a>(text: &str, answers: &[(&str, &'a str)]) -> Option<(usize, &'a str)> {
    let place =
        |(question, answer): &(&str, &'a str)| text.find(question).map(|at| (at + question.len(), *answer));
    answers.iter().filter_map(place).min()
}

fn in_terminal(command: &Command) -> CommandBuilder {
    let mut builder = CommandBuilder::new(command.get_program());
    builder.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => builder.env(name, value),
            None => builder.env_remove(name),
        }
    }
    builder.cwd(command.get_current_dir().unwrap_or(Path::new("/")));
    builder
}

/// A program that other programs start to ask for a PIN (`SSH_ASKPASS`); it answers and counts.
pub struct Askpass {
    program: PathBuf,
    questions: PathBuf,
}

impl Askpass {
    /// Answers every question with this PIN.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn with(user: &User, pin: &str) -> Self {
        let questions = user.write("askpass.log", "");
        let script = format!("#!/bin/sh\necho \"$1\" >>'{}'\necho {pin}\n", questions.display());
        let program = user.write("askpass", script);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("make it a program");
        Self { program, questions }
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// What was asked so far.
    pub fn questions(&self) -> Vec<String> {
        let log = fs::read_to_string(&self.questions).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}
