//! The log: off unless it is asked for, what it tells, and where it may go.

use kit::{ANY, Module, PIN1, PIN2, Puppet, World, elevated, run, scratch};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_puppet");

/// A login and a signature with PIN1, a wrong PIN2, and the end.
fn use_a_card(puppet: &mut Puppet) {
    puppet.does(&["initialize"]);
    puppet.does(&["open", PIN1.0]);
    puppet.does(&["login", "0", "1", PIN1.1]);
    puppet.does(&["begin", "0", "69"]);
    puppet.does(&["sign", "0"]);
    puppet.does(&["open", PIN2.0]);
    assert_eq!(puppet.told(&["login", "1", "1", "998877"]), "CKR_PIN_INCORRECT");
    puppet.does(&["finalize"]);
}

/// What is said on stderr with these variables.
fn said(environment: &[(&str, &str)]) -> String {
    let world = World::on_the_daemon();
    let _card = world.insert(ANY);
    let mut puppet = Puppet::with_module(PROGRAM, environment);
    use_a_card(&mut puppet);
    puppet.stderr()
}

/// What the records say, without time, process and thread.
fn records(log: &str) -> Vec<&str> {
    log.lines()
        .map(|line| {
            let mut parts = line.splitn(4, ' ');
            let [name, time, who] = [(); 3].map(|()| parts.next().unwrap_or_default());
            assert_eq!(name, "avain", "{line}");
            assert!(time.parse::<f64>().is_ok_and(|time| (0.0..600.0).contains(&time)), "{line}");
            let numbers = who.split_once('.').map(|(process, thread)| [process, thread]);
            assert!(numbers.is_some_and(|both| both.iter().all(|n| n.parse::<u32>().is_ok())), "{line}");
            parts.next().unwrap_or_default()
        })
        .collect()
}

/// Each of these comes, in this order, whatever is in between.
#[track_caller]
fn tells(records: &[&str], expected: &[&str]) {
    let mut rest = records.iter();
    for wanted in expected {
        assert!(rest.any(|record| record == wanted), "{wanted:?} is not there, or too early: {records:#?}");
    }
}

#[test]
fn nothing_is_logged_unless_it_is_asked_for() {
    for environment in [&[][..], &[("AVAIN_LOG", "")], &[("AVAIN_LOG_FILE", "/nowhere")]] {
        assert_eq!(said(environment), "", "{environment:?}");
    }
}

/// The settings of the user: the log, and the tokens that a program of this name sees.
#[test]
fn settings_count_where_the_environment_is_silent() {
    let world = World::on_the_daemon();
    let _card = world.insert(ANY);
    let settings = scratch("settings");
    fs::create_dir(settings.join("avain")).unwrap();
    let write = |text: &str| fs::write(settings.join("avain/avain.toml"), text).unwrap();
    let folder = ("XDG_CONFIG_HOME", settings.to_str().unwrap());
    write("log = \"info\"\n[tokens]\npuppet = [\"PIN1\"]\nother = []\n");
    let mut puppet = Puppet::with_module(PROGRAM, &[folder]);
    puppet.does(&["initialize"]);
    puppet.does(&["open", PIN1.0]);
    puppet.does(&["login", "0", "1", PIN1.1]);
    let log = puppet.stderr();
    assert!(records(&log).contains(&"PIN1: accepted"), "{log}");
    assert_eq!(puppet.told(&["tokens"]), "1");
    // A file with anything wrong in it is ignored, and the log says so.
    write("[tokens]\npuppet = [\"PIN1\"]\nlog = 7\n");
    let mut puppet = Puppet::with_module(PROGRAM, &[folder, ("AVAIN_LOG", "info")]);
    puppet.does(&["initialize"]);
    assert_eq!(puppet.told(&["tokens"]), "2");
    let log = puppet.stderr();
    assert!(records(&log).contains(&"a file of settings is ignored: avain config says why"), "{log}");
}

#[test]
fn info_shows_calls_and_what_came_of_them() {
    let said = said(&[("AVAIN_LOG", "info")]);
    let records = records(&said);
    let expected = [
        "the PC/SC daemon answers",
        "reader of slot 0: found",
        "reader of slot 0: holds a card",
        "C_Initialize: CKR_OK",
        "PIN1: accepted",
        "C_Login: CKR_OK",
        "C_SignInit: CKR_OK",
        "C_Sign: CKR_OK",
        "PIN2: not accepted: Wrong { left: Some(4) }",
        "C_Login: CKR_PIN_INCORRECT",
        "C_Finalize: CKR_OK",
    ];
    assert_eq!(records[0], format!("version {}", env!("CARGO_PKG_VERSION")));
    tells(&records, &expected);
    assert!(records.iter().all(|record| !record.starts_with("VERIFY")), "{records:#?}");
}

#[test]
fn debug_shows_the_commands_too() {
    let said = said(&[("AVAIN_LOG", "debug")]);
    let expected = [
        "C_Login",
        "session 1",
        "VERIFY 00 11: 9000, 0 bytes",
        "PIN1: accepted",
        "C_Login: CKR_OK",
        "C_Sign",
        "MANAGE SECURITY ENVIRONMENT 41 B6: 9000, 0 bytes",
        "PSO HASH 90 A0: 9000, 0 bytes",
        "PSO COMPUTE DIGITAL SIGNATURE 9E 9A: 9000, 96 bytes",
        "C_Sign: CKR_OK",
        "VERIFY 00 82: 63C4, 0 bytes",
        "C_Login: CKR_PIN_INCORRECT",
    ];
    tells(&records(&said), &expected);
}

#[test]
fn an_unknown_level_is_refused_in_one_line() {
    for level in ["yes", "INFO", "3"] {
        let refusal = "avain: nothing is logged: AVAIN_LOG is neither info nor debug\n";
        assert_eq!(said(&[("AVAIN_LOG", level)]), refusal);
    }
}

/// What comes of a log to this file: what is said on stderr.
fn logged_to(file: &Path) -> String {
    said(&[("AVAIN_LOG", "info"), ("AVAIN_LOG_FILE", file.to_str().unwrap())])
}

#[test]
fn a_file_of_ones_own_is_appended_to() {
    let file = scratch("log").join("log");
    fs::write(&file, "what was there\n").unwrap();
    for mode in [0o600, 0o644] {
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        assert_eq!(logged_to(&file), "");
    }
    let log = fs::read_to_string(&file).unwrap();
    let (first, rest) = log.split_once('\n').unwrap();
    assert_eq!(first, "what was there");
    let records = records(rest);
    tells(&records, &["C_Login: CKR_OK", "C_Finalize: CKR_OK", "C_Login: CKR_OK", "C_Finalize: CKR_OK"]);
}

/// Of each file that another user may have a hand in, nothing is made or written, and one line says why.
#[test]
fn no_other_file_is_written_to() {
    let folder = scratch("log");
    let file = |name: &str, mode| {
        let path = folder.join(name);
        File::create(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        path
    };
    let good = file("good", 0o600);
    let (link, fifo, missing) = (folder.join("link"), folder.join("fifo"), folder.join("missing"));
    symlink(&good, &link).unwrap();
    run(Command::new("mkfifo").arg(&fifo));
    let cases = [
        (missing.clone(), "AVAIN_LOG_FILE cannot be opened: No such file or directory (os error 2)"),
        (link, "AVAIN_LOG_FILE cannot be opened: Too many levels of symbolic links (os error 40)"),
        (folder.clone(), "AVAIN_LOG_FILE cannot be opened: Is a directory (os error 21)"),
        // Nobody reads it, so opening it fails instead of waiting.
        (fifo, "AVAIN_LOG_FILE cannot be opened: No such device or address (os error 6)"),
        ("/dev/null".into(), "AVAIN_LOG_FILE is no regular file"),
        (file("group", 0o620), "others may write to AVAIN_LOG_FILE"),
        (file("world", 0o602), "others may write to AVAIN_LOG_FILE"),
    ];
    for (path, why) in &cases {
        assert_eq!(logged_to(path), format!("avain: nothing is logged: {why}\n"), "{}", path.display());
    }
    assert!(!missing.exists());
    let written = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap());
    assert!(written.filter(fs::Metadata::is_file).all(|file| file.len() == 0));
}

#[test]
fn the_child_of_a_fork_logs_as_itself() {
    let world = World::on_the_daemon();
    let _card = world.insert(ANY);
    for variables in [&[("AVAIN_LOG", "info")][..], &[("AVAIN_LOG", "info"), ("AVAIN_LOG_FILE", "log")]] {
        let file = scratch("log").join("log");
        File::create(&file).unwrap();
        let names = variables.iter().map(|(name, value)| match *name {
            "AVAIN_LOG_FILE" => (*name, file.to_str().unwrap()),
            _ => (*name, *value),
        });
        let mut puppet = Puppet::with_module(PROGRAM, &names.collect::<Vec<_>>());
        puppet.does(&["initialize"]);
        let child = puppet.told(&["use in a child"]);
        puppet.does(&["open", PIN1.0]);
        let log = puppet.stderr() + &fs::read_to_string(&file).unwrap();
        records(&log);
        let of = |process: &str| -> Vec<&str> {
            let who = format!(" {process}.");
            log.lines().filter(|line| line.contains(&who)).collect()
        };
        let (parents, childs) = (of(&puppet.id().to_string()), of(&child));
        assert!(childs.iter().any(|line| line.ends_with("C_Initialize: CKR_OK")), "{log}");
        assert!(childs.iter().any(|line| line.ends_with("C_Finalize: CKR_OK")), "{log}");
        assert!(parents.iter().any(|line| line.ends_with("C_OpenSession: CKR_OK")), "{log}");
        assert_eq!(parents.len() + childs.len(), log.lines().count());
    }
}

#[test]
fn a_program_with_more_rights_than_its_user_does_not_log() {
    let _world = World::on_the_daemon();
    let program = scratch("elevated").join("puppet");
    fs::copy(PROGRAM, &program).unwrap();
    let as_user = elevated(&program);
    for (level, file) in [("info", ""), ("debug", ""), ("nonsense", ""), ("info", "/nowhere")] {
        let variables = [("AVAIN_LOG", level), ("AVAIN_LOG_FILE", file)];
        let mut puppet = Puppet::start(&as_user, &Module::for_programs(), &variables);
        puppet.does(&["initialize"]);
        assert_eq!(puppet.stderr(), "", "{level} {file}");
    }
    // The same program, without the capability, does.
    fs::copy(PROGRAM, program.with_extension("plain")).unwrap();
    let plain = program.with_extension("plain");
    let as_user: Vec<_> = as_user
        .iter()
        .map(|word| if *word == program.to_str().unwrap() { plain.to_str().unwrap() } else { word })
        .collect();
    let mut puppet = Puppet::start(&as_user, &Module::for_programs(), &[("AVAIN_LOG", "info")]);
    puppet.does(&["initialize"]);
    assert!(puppet.stderr().ends_with("C_Initialize: CKR_OK\n"), "{}", puppet.stderr());
}
