//! `avain config`: what it shows and writes, and that the tool goes by it. What the module makes of the same files is in
//! `module/tests/logging.rs`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use cli::{Bench, Run, code, run_to_end, tool};
use kit::scratch;

/// A user with a folder of settings.
struct User(PathBuf);

impl User {
    fn new() -> Self {
        Self(scratch("settings"))
    }

    fn file(&self) -> PathBuf {
        self.0.join("avain/avain.toml")
    }

    fn write(&self, text: &str) {
        fs::create_dir_all(self.file().parent().unwrap()).unwrap();
        fs::write(self.file(), text).unwrap();
    }

    fn avain(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(tool());
        command.args(arguments).env("XDG_CONFIG_HOME", &self.0);
        run_to_end(command, &[])
    }
}

#[test]
fn settings_are_written_shown_and_taken_out() {
    let user = User::new();
    user.avain(&["config"]).ends(code::DONE).says("keypad = – (not set)");
    for words in [
        &["config", "keypad", "false"][..],
        &["config", "ignore-readers", "Virtual \"x\"", "Windows Hello"],
        &["config", "tokens.firefox", "PIN1"],
    ] {
        user.avain(words).ends(code::DONE).says("Written: ");
    }
    let text = fs::read_to_string(user.file()).unwrap();
    assert_eq!(
        text,
        "keypad = false\nignore-readers = [\"Virtual \\\"x\\\"\", \"Windows Hello\"]\n[tokens]\nfirefox = [\"PIN1\"]\n"
    );
    assert_eq!(fs::metadata(user.file()).unwrap().permissions().mode() & 0o777, 0o600);
    let run = user.avain(&["config"]).ends(code::DONE).says("keypad = false (yours)");
    run.says("tokens.firefox = [\"PIN1\"] (yours)");
    user.avain(&["config", "keypad", "--unset"]).ends(code::DONE);
    assert!(!fs::read_to_string(user.file()).unwrap().contains("keypad"));
    for (words, told) in [
        (&["config", "colour", "red"][..], "There is no setting colour"),
        (&["config", "keypad", "perhaps"], "keypad takes true or false"),
        (&["config", "tokens.firefox", "PIN3"], "takes PIN1, PIN2, both, or none"),
        (&["config", "can-file", "here"], "takes an absolute path"),
        (&["config", "log", "loud"], "log takes one of info, debug"),
    ] {
        user.avain(words).ends(code::UNFIT).says(told);
    }
}

#[test]
fn a_broken_file_is_told_by_its_line_and_ignored() {
    let bench = Bench::with("fineid-v4.0");
    let user = User::new();
    for (text, told) in [
        ("ignore-readers = [\"\", \"Virtual\"]\nlog = info\n", "line 2 is not understood"),
        ("\n\ncolour = \"red\"\n", "line 3: there is no setting colour"),
        ("keypad = \"no\"\n", "line 1: keypad cannot have this value"),
    ] {
        user.write(text);
        user.avain(&["config"]).ends(code::FAILED).says(told);
        user.avain(&["config", "cache", "false"]).ends(code::FAILED).says(told);
        assert_eq!(fs::read_to_string(user.file()).unwrap(), text);
        // It is as if it was not there.
        user.avain(&["status"]).ends(code::DONE).says(bench.reader());
    }
    user.write("keypad = false\n");
    fs::set_permissions(user.file(), fs::Permissions::from_mode(0o666)).unwrap();
    user.avain(&["config"]).ends(code::FAILED).says("others may write to it");
}

#[test]
fn a_reader_that_is_to_be_ignored_is_not_there() {
    let bench = Bench::with("fineid-v4.0");
    let user = User::new();
    user.avain(&["status"]).ends(code::DONE).says(bench.reader());
    user.avain(&["config", "ignore-readers", &bench.reader()[..6]]).ends(code::DONE);
    user.avain(&["status"]).ends(code::NO_CARD).says("reader");
    user.avain(&["config", "log", "debug"]).ends(code::DONE);
    assert!(user.avain(&["certs"]).err.contains(" version "));
    // The environment counts more.
    let mut command = Command::new(tool());
    command.arg("certs").env("XDG_CONFIG_HOME", &user.0).env("AVAIN_LOG", "loud");
    assert!(run_to_end(command, &[]).err.contains("neither info nor debug"));
}
