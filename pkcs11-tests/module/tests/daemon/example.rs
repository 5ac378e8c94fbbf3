//! The example in C, `include/examples/activate.c`: compiled as its head says, and run.

use kit::codes::{NEW1, NEW2, PUK, TRANSPORT};
use kit::{ANY, Module, UnknownCard, Watched, World, bare_activation, lasting, run, scratch, until};
use pcsc::State;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

fn include() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../include")
}

fn flags_of_the_header() -> Vec<String> {
    let flags = run(Command::new("pkg-config").args(["--cflags", "p11-kit-1"]));
    flags.split_whitespace().map(str::to_owned).collect()
}

/// Compiles the example with these options.
fn compile(options: &[&str]) -> PathBuf {
    let program = scratch("example").join("activate");
    let example = include().join("examples/activate.c");
    run(Command::new("cc")
        .args(["-Wall", "-Wextra", "-Werror", "-I"])
        .arg(include())
        .args(flags_of_the_header())
        .args(options)
        .arg("-o")
        .arg(&program)
        .arg(example)
        .arg("-ldl"));
    program
}

fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| compile(&[]))
}

struct Ran {
    success: bool,
    said: String,
}

impl Ran {
    #[track_caller]
    fn says(self, words: &str) -> Self {
        assert!(self.said.contains(words), "{words:?} is not in:\n{}", self.said);
        self
    }

    #[track_caller]
    fn succeeds(self, expected: bool) -> Self {
        assert_eq!(self.success, expected, "{}", self.said);
        self
    }
}

/// Runs the example with these words, and with these lines on its standard input.
fn example(words: &[&str], lines: &[&str]) -> Ran {
    let mut child = Command::new(program())
        .arg(Module::under_test())
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let typed: String = lines.iter().map(|line| format!("{line}\n")).collect();
    // It may have ended before it asked.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    Ran { success: output.status.success(), said }
}

fn set(lines: &[&str]) -> Ran {
    example(&["set"], lines)
}

#[test]
fn the_header_goes_with_c_and_with_cxx() {
    for standard in ["-std=gnu11", "-std=gnu17"] {
        compile(&[standard, "-pedantic"]);
    }
    let both = scratch("cxx").join("both.cc");
    // Before or behind a PKCS#11 header.
    for (first, second) in [("avain.h", "p11-kit/pkcs11.h"), ("p11-kit/pkcs11.h", "avain.h")] {
        let text = format!(
            "#include <{first}>\n#include <{second}>\n\
             static_assert(sizeof(AVAIN_FUNCTION_LIST) == 3 * sizeof(void *), \"\");\n\
             static_assert(sizeof(AVAIN_ACTIVATION) == 10 * sizeof(void *), \"\");\n\
             static_assert(sizeof(CK_RV) == sizeof(unsigned long), \"\");\n"
        );
        std::fs::write(&both, text).unwrap();
        run(Command::new("c++")
            .args(["-std=c++17", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I"])
            .arg(include())
            .args(flags_of_the_header())
            .arg(&both));
    }
}

#[test]
fn a_fresh_card_of_each_scheme() {
    for (state, letter, words) in
        [("fresh-old", PUK, "scheme: activation PIN"), ("fresh-new", TRANSPORT, "scheme: transport code")]
    {
        let description = format!("{ANY},state={state}");
        let (world, card) = World::on_the_daemon_with(&description);
        world.finalize();
        example(&[], &[]).succeeds(true).says("activation: open").says(words).says("next: activate");
        set(&[letter, NEW1, NEW2])
            .succeeds(true)
            .says("PIN1: set, tries of the code 5\n")
            .says("PIN2: set, tries of the code 5\n");
        assert_eq!(lasting(&card.card()), bare_activation(&description, &[simcard::PIN1, simcard::PIN2]));
        example(&[], &[])
            .succeeds(true)
            .says("PIN1: ready, tries 5 of 5")
            .says("PIN2: ready, tries 5 of 5")
            .says("code: tries 5 of 5")
            .says("activation: done")
            .says("next: nothing");
    }
}

#[test]
fn a_wrong_code_and_the_last_try() {
    for (state, letter, wrong, reference) in
        [("fresh-old", PUK, "87654321", simcard::PUK), ("fresh-new", TRANSPORT, "7654321", simcard::PIN1)]
    {
        let (world, card) = World::on_the_daemon_with(&format!("{ANY},state={state}"));
        world.finalize();
        set(&[wrong, NEW1, NEW2]).succeeds(false).says("PIN1: the code is wrong, tries of the code 4");
        card.card().set_tries_left(reference, 1);
        set(&[letter, NEW1, NEW2]).succeeds(false).says("PIN1: one try is left: say last-try to spend it");
        assert_eq!(card.tries(reference), 1);
        example(&["set", "last-try"], &[letter, NEW1, NEW2]).succeeds(true).says("PIN2: set");
    }
}

#[test]
fn half_done_and_blocked() {
    for (state, code, lines, words, done) in [
        ("half-old", PUK, ["", NEW2], "PIN2: never set, tries 0 of 5", "PIN2: set"),
        ("half-new-pin2", TRANSPORT, [NEW1, ""], "PIN1: still the transport code, tries 5 of 5", "PIN1: set"),
        ("blocked-pin2", PUK, ["", NEW2], "next: unblock PIN2", "PIN2: set"),
    ] {
        let (world, _card) = World::on_the_daemon_with(&format!("{ANY},state={state}"));
        world.finalize();
        set(&[code, lines[0], lines[1]]).succeeds(true).says(words).says(done);
        example(&[], &[]).succeeds(true).says("activation: done").says("next: nothing");
    }
    let (world, card) = World::on_the_daemon_with(&format!("{ANY},state=dead-old"));
    world.finalize();
    set(&[PUK, NEW1, NEW2])
        .succeeds(false)
        .says("next: nothing helps")
        .says("PIN1: blocked, tries of the code 0");
    assert_eq!(card.tries(simcard::PUK), 0);
}

#[test]
fn no_card_and_a_card_that_is_not_known() {
    let world = World::on_the_daemon();
    set(&[PUK, NEW1, NEW2]).succeeds(false).says("no card");
    let card = UnknownCard::insert();
    until("pcscd has seen the card", || world.state(0).contains(State::PRESENT));
    set(&[PUK, NEW1, NEW2]).succeeds(false).says("a card that is not known");
    assert!(
        card.commands().iter().all(|command| matches!(command[1], 0xA4 | 0xB0)),
        "{:02X?}",
        card.commands()
    );
}
