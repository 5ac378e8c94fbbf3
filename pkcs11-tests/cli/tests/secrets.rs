//! The tool has PINs in locked pages alone, and nowhere when it ends; it neither shows nor logs one.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use cli::{Bench, Terminal, avain, code, tool};
use kit::leaks::{Search, locked_alone, nothing, rare_pin};
use kit::scratch;

/// How much the tool tells, and whether the PC/SC library does so too.
const WAYS: [&[(&str, &str)]; 3] =
    [&[], &[("AVAIN_LOG", "info")], &[("AVAIN_LOG", "debug"), ("PCSCLITE_DEBUG", "0")]];

/// What is typed, and what the tool is asked to do with it.
struct Task {
    card: String,
    arguments: &'static [&'static str],
    /// Question, and the name of the PIN that answers it.
    answers: &'static [(&'static str, &'static str)],
}

struct Pins([(&'static str, String); 4]);

impl Pins {
    fn new() -> Self {
        Self(["old PIN1", "code", "new PIN1", "new PIN2"].map(|name| (name, rare_pin())))
    }

    fn of(&self, name: &str) -> &str {
        &self.0.iter().find(|(known, _)| *known == name).expect("a PIN").1
    }

    fn search(&self) -> Search {
        Search::of(&self.0.each_ref().map(|(name, pin)| (*name, pin.as_str())))
    }

    fn tasks(&self) -> [Task; 2] {
        [
            Task {
                card: format!("fineid-v4.0,pin1={}", self.of("old PIN1")),
                arguments: &["change-pin", "1", "--long-pin"],
                answers: &[("Present PIN1", "old PIN1"), ("New basic PIN", "new PIN1"), AGAIN1],
            },
            Task {
                card: format!("fineid-v4.0,state=fresh-old,puk={}", self.of("code")),
                arguments: &["activate", "--long-pin"],
                answers: &[
                    ("Activation code", "code"),
                    ("New basic PIN", "new PIN1"),
                    AGAIN1,
                    ("New signature PIN", "new PIN2"),
                    ("The same again", "new PIN2"),
                ],
            },
        ]
    }
}

const AGAIN1: (&str, &str) = ("The same again", "new PIN1");

/// At each question, what was typed before is in locked pages or gone. The terminal shows none of it, nor does the log,
/// which goes there too.
#[test]
fn between_questions_pins_are_in_locked_pages_alone() {
    let pins = Pins::new();
    let search = pins.search();
    for variables in WAYS {
        for task in pins.tasks() {
            let _bench = Bench::with(&task.card);
            let arguments = [&["--lang", "en"], task.arguments].concat();
            let mut terminal = Terminal::with_environment(&arguments, variables);
            let mut typed = Vec::new();
            for (question, name) in task.answers {
                terminal.expect(question);
                locked_alone(&search.in_memory(terminal.id()), &typed, question);
                terminal.enter(pins.of(name));
                typed.push(*name);
                typed.dedup();
            }
            terminal.expect("Write this to the card now?");
            locked_alone(&search.in_memory(terminal.id()), &typed, "the last question");
            terminal.enter("y");
            let ended = terminal.end();
            assert_eq!(ended.code, code::DONE, "{}", ended.shown);
            nothing(&search.in_text(&ended.shown), "the screen");
            let records = ["PIN1: accepted", "PUK: accepted", "CHANGE REFERENCE DATA", "RESET RETRY COUNTER"];
            let told = records.map(|record| usize::from(ended.shown.contains(record))).iter().sum::<usize>();
            assert_eq!(told, variables.len(), "{}", ended.shown);
        }
    }
    let (images, bytes) = search.looked_at();
    let mib = bytes >> 20;
    // Not by println, which is not seen where a test succeeds.
    let _ =
        writeln!(std::io::stderr(), "  {images} memories and screens of the tool ({mib} MiB): no PIN found");
}

/// Has the tool do something. What was said, and the file with all of its memory, its locked pages too, at the last call
/// that it makes: gdb writes it down.
fn at_the_end(arguments: &[&str], entries: &[&str], variables: &[(&str, &str)]) -> (String, PathBuf) {
    let folder = scratch("end");
    let [file, image] = ["entries", "image"].map(|name| folder.join(name));
    fs::write(&file, entries.join("\n")).unwrap();
    let write = format!("generate-core-file {}", image.display());
    let commands = [
        "set use-coredump-filter off",
        "set dump-excluded-mappings on",
        "catch syscall exit_group",
        "run",
        &write,
        "kill",
    ];
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch"]).args(commands.iter().flat_map(|command| ["-ex", command]));
    gdb.arg("--args").arg(tool()).args(arguments).arg("--pin-file").arg(&file);
    (kit::run(gdb.envs(variables.iter().copied())), image)
}

#[test]
fn at_its_end_the_tool_has_no_pin() {
    let pins = Pins::new();
    // In its environment, so that a search which finds nothing has looked at the right memory.
    let control = rare_pin();
    let there = Search::of(&[("control", &control)]);
    for variables in WAYS {
        for task in pins.tasks() {
            let bench = Bench::with(&task.card);
            let mut lines: Vec<_> = task.answers.iter().map(|(_, name)| pins.of(name)).collect();
            lines.dedup();
            let (said, image) =
                at_the_end(task.arguments, &lines, &[&[("CONTROL", &*control)], variables].concat());
            let done = pins.of("new PIN1");
            assert!(bench.card().code_is(simcard::PIN1, done), "{said}");
            nothing(&pins.search().in_text(&said), "what was said");
            nothing(&pins.search().in_file(&image), "the end");
            assert_eq!(there.in_file(&image).len(), 1, "{said}");
        }
    }
}

/// The keys of the channel to a card without contacts are not found either.
#[test]
fn at_its_end_the_tool_has_no_key_of_a_channel() {
    let pins = Pins::new();
    let old = pins.of("old PIN1");
    let bench = Bench::with(&format!("estonia-idemia,interface=contactless,can=480215,pin1={old}"));
    avain(&["can", "add"], &["480215"]).ends(code::DONE);
    let control = rare_pin();
    let lines = [old, pins.of("new PIN1")];
    let (said, image) = at_the_end(&["change-pin", "1", "--long-pin"], &lines, &[("CONTROL", &control)]);
    assert!(said.contains("PIN1 was changed."), "{said}");
    let keys = bench.card().channel_keys().expect("a channel");
    nothing(&Search::of_keys(&[("the channel's keys", &keys)]).in_file(&image), "the end");
    nothing(&pins.search().in_file(&image), "the end");
    assert_eq!(Search::of(&[("control", &control)]).in_file(&image).len(), 1, "{said}");
}
