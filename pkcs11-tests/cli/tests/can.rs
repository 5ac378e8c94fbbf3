//! `avain can`: the card access numbers that are stored.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use cli::{Run, code, run_to_end, tool};

/// A configuration folder of its own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("can-{name}"));
    fs::create_dir(&folder).unwrap();
    folder
}

fn file(folder: &Path) -> PathBuf {
    folder.join("avain/card-access-numbers")
}

fn can(folder: &Path, arguments: &[&str], lines: &[&str]) -> Run {
    let mut command = Command::new(tool());
    command.arg("can").args(arguments).env("XDG_CONFIG_HOME", folder);
    if !lines.is_empty() {
        command.args(["--pin-fd", "0"]);
    }
    run_to_end(command, lines)
}

#[test]
fn numbers_are_added_listed_and_forgotten() {
    let folder = folder("added");
    can(&folder, &["list"], &[]).ends(code::DONE).says("No card access number (CAN) is stored.");
    can(&folder, &["add"], &["123456"]).ends(code::DONE).says("It was not tried");
    can(&folder, &["add"], &["123456"]).ends(code::DONE).says("stored already");
    can(&folder, &["add"], &["654321"]).ends(code::DONE);
    assert_eq!(fs::metadata(file(&folder)).unwrap().permissions().mode() & 0o777, 0o600);
    let listed = can(&folder, &["list"], &[]).ends(code::DONE).out;
    assert_eq!(listed, "1: has not opened a card yet\n2: has not opened a card yet\n");
    can(&folder, &["forget", "3"], &[]).ends(code::UNFIT).says("no entry 3");
    can(&folder, &["forget", "0"], &[]).ends(code::UNFIT);
    can(&folder, &["forget", "1"], &[]).ends(code::DONE).says("Forgotten");
    assert!(fs::read_to_string(file(&folder)).unwrap().contains("654321"));
    can(&folder, &["forget", "all"], &[]).ends(code::DONE);
    assert!(!file(&folder).exists());
}

#[test]
fn what_is_no_number_is_not_stored() {
    let folder = folder("wrong");
    for typed in ["12345", "1234567", "12345a", ""] {
        can(&folder, &["add"], &[typed]).ends(code::UNFIT).says("has 6 digits");
    }
    // The command line is wrong.
    can(&folder, &["forget"], &[]).ends(2);
    can(&folder, &["forget", "some"], &[]).ends(2);
    assert!(!file(&folder).exists());
}

#[test]
fn a_file_that_cannot_be_used_is_told_and_left_alone() {
    let folder = folder("broken");
    can(&folder, &["add"], &["123456"]).ends(code::DONE);
    let path = file(&folder);
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    can(&folder, &["list"], &[]).ends(code::FAILED).says("nobody else may read");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "something else\n").unwrap();
    can(&folder, &["list"], &[]).ends(code::FAILED).says("not as this program writes it");
    can(&folder, &["add"], &["654321"]).ends(code::FAILED).says("avain can forget all");
    assert_eq!(fs::read_to_string(&path).unwrap(), "something else\n");
    can(&folder, &["forget", "all"], &[]).ends(code::DONE);
    can(&folder, &["add"], &["654321"]).ends(code::DONE);
}

/// Without a home there is no place for them, and that is said.
#[test]
fn without_a_home_nothing_is_stored() {
    let mut command = Command::new(tool());
    command.args(["can", "list"]).env_remove("XDG_CONFIG_HOME").env_remove("HOME");
    run_to_end(command, &[]).ends(code::FAILED).says("neither HOME nor XDG_CONFIG_HOME");
}
