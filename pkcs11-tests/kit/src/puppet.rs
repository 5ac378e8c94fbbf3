//! A program with the module, beside the test: it does what it is told and can be looked into.

use crate::{Module, run, scratch};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The program `puppet` while it runs. What it says on stderr goes to a file.
pub struct Puppet {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// A folder of its own, where it also runs.
    pub folder: PathBuf,
}

impl Puppet {
    /// Starts the program, which `env!("CARGO_BIN_EXE_puppet")` names, on this module. Before it may stand a program that
    /// starts it.
    ///
    /// # Panics
    /// Where that fails; so all methods here.
    pub fn start(program: &[&str], module: &Path, environment: &[(&str, &str)]) -> Self {
        let folder = scratch("puppet");
        let mut child = Command::new(program[0])
            .args(&program[1..])
            .arg(module)
            .current_dir(&folder)
            .env_remove("AVAIN_LOG")
            .env_remove("AVAIN_LOG_FILE")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.join("stderr")).expect("a file for stderr"))
            .spawn()
            .expect("start the puppet");
        let (orders, answers) = (child.stdin.take().expect("stdin"), child.stdout.take().expect("stdout"));
        let mut puppet = Self { child, orders, answers: BufReader::new(answers), folder };
        assert_eq!(puppet.answer(), "ready", "{}", puppet.stderr());
        puppet
    }

    /// The same on the module that programs load.
    pub fn with_module(program: &str, environment: &[(&str, &str)]) -> Self {
        Self::start(&[program], &Module::for_programs(), environment)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Has it do something, and gives its answer.
    pub fn told(&mut self, words: &[&str]) -> String {
        let answer = self.asked(words);
        assert!(!answer.is_empty(), "the puppet ended: {}", self.stderr());
        answer
    }

    /// The same where it may be the last thing that it does.
    pub fn asked(&mut self, words: &[&str]) -> String {
        writeln!(self.orders, "{}", words.join("\t")).expect("order");
        self.answer()
    }

    fn answer(&mut self) -> String {
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("its answer");
        answer.trim_end().to_owned()
    }

    /// Has it do something that succeeds.
    #[track_caller]
    pub fn does(&mut self, words: &[&str]) {
        let answer = self.told(words);
        assert_eq!(answer, "CKR_OK", "{}: {}", words[0], self.stderr());
    }

    /// What it has said on stderr until now.
    pub fn stderr(&self) -> String {
        fs::read_to_string(self.folder.join("stderr")).expect("its stderr")
    }
}

impl Drop for Puppet {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A program to which its file gives a capability that its user has not. Only somebody who is not root gains anything
/// by that: root becomes such a user in a world of users of its own.
///
/// # Panics
/// Where that cannot be given.
pub fn elevated(program: &Path) -> Vec<&str> {
    let program = program.to_str().unwrap();
    let is_root = run(Command::new("id").arg("-u")).trim() == "0";
    let (before, runner): (&[&str], &[&str]) =
        if is_root { (&[], &["unshare", "--user", "--map-user=1000"]) } else { (&["sudo"], &[]) };
    let setcap = [before, &["setcap", "cap_net_raw+ep", program]].concat();
    run(Command::new(setcap[0]).args(&setcap[1..]));
    [runner, &[program]].concat()
}
