//! The tool, which is a process for each case: faults at every command of what sets PINs. Then the tool once more with the
//! card as it was left, which has to finish what is open, and that alone.

use cli::codes::{NEW1, NEW2, PUK, TRANSPORT};
use cli::{Run, code, run_to_end, tool};
use kit::{FakeLibrary, scratch, side_by_side};
use simcard::Codes;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// What the tool is asked to do with a card, with what is typed.
struct Task {
    arguments: &'static [&'static str],
    card: &'static str,
    lines: &'static [&'static str],
    /// The new PINs are those of PIN1 and PIN2 that come after these lines.
    sets: [bool; 2],
    faults: &'static [&'static str],
}

const TASKS: &[Task] = &[
    Task {
        arguments: &["activate"],
        card: "fineid-v4.0,state=fresh-new",
        lines: &[TRANSPORT, NEW1, NEW2],
        sets: [true, true],
        faults: THOROUGHLY,
    },
    Task {
        arguments: &["activate"],
        card: "fineid-v4.0,state=fresh-old",
        lines: &[PUK, NEW1, NEW2],
        sets: [true, true],
        faults: THOROUGHLY,
    },
    Task {
        arguments: &["change-pin", "1"],
        card: "fineid-v4.0",
        lines: &[Codes::PIN1, NEW1],
        sets: [true, false],
        faults: BRIEFLY,
    },
    Task {
        arguments: &["change-pin", "2"],
        card: "fineid-v4.0",
        lines: &[Codes::PIN2, NEW2],
        sets: [false, true],
        faults: BRIEFLY,
    },
    Task {
        arguments: &["unblock", "1"],
        card: "fineid-v4.0,state=blocked-pins",
        lines: &[PUK, NEW1],
        sets: [true, false],
        faults: BRIEFLY,
    },
    Task {
        arguments: &["unblock", "2"],
        card: "fineid-v4.0,state=blocked-pins",
        lines: &[PUK, NEW2],
        sets: [false, true],
        faults: BRIEFLY,
    },
];

const THOROUGHLY: &[&str] =
    &["reset-before", "removed-before", "removed-after", "swapped-before", "comm-before", "comm-after"];
const BRIEFLY: &[&str] = &["reset-before", "removed-after", "comm-after"];

/// How a run went, and what the card says of it.
struct Seen {
    run: Run,
    calls: String,
    /// Commands that set a PIN.
    setting: Vec<String>,
    tries_spent: u32,
    to_strangers: u32,
    /// Which of PIN1 and PIN2 are the new ones.
    set: [bool; 2],
}

/// The tool with the fake library, and a place for reports.
struct Desk<'l> {
    libraries: &'l FakeLibrary,
    report: PathBuf,
}

impl Desk<'_> {
    fn run(&self, task: &Task, card: &str, lines: &[&str], fault: &str) -> Seen {
        let questions = format!("calls;credentials;pins 0;pins 0 other;code 0 11 {NEW1};code 0 82 {NEW2}");
        let folder = self.libraries.folder().to_str().expect("a name");
        let report = self.report.to_str().expect("a name");
        let mut command = Command::new(tool());
        command.args(task.arguments).args(["--pin-fd", "0"]).envs([
            ("LD_LIBRARY_PATH", folder),
            ("FAKE_PCSC_CARDS", card),
            ("FAKE_PCSC_FAULTS", fault),
            ("FAKE_PCSC_HURRY", "yes"),
            ("FAKE_PCSC_REPORT", report),
            ("FAKE_PCSC_QUESTIONS", &questions),
        ]);
        let run = run_to_end(command, lines);
        let report = fs::read_to_string(&self.report).expect("a report");
        let answers: Vec<&str> = report.lines().collect();
        let [calls, credentials, pins, others, pin1, pin2] = answers[..] else {
            panic!("{report:?}: so many questions were not asked");
        };
        let count = |pins: &str, place: usize| -> u32 {
            let one = |pin: &str| pin.split(':').nth(place).and_then(|n| n.parse::<u32>().ok());
            pins.split_whitespace().filter_map(one).sum()
        };
        let sets = |head: &&str| head.starts_with("0024") || head.starts_with("002C");
        Seen {
            run,
            calls: calls.to_owned(),
            setting: credentials.split_whitespace().filter(sets).map(str::to_owned).collect(),
            tries_spent: count(pins, 5),
            to_strangers: count(others, 3),
            set: [pin1 == "yes", pin2 == "yes"],
        }
    }
}

impl Task {
    /// The card as it was left: what is set is set, what is not is as it was.
    fn left(&self, set: [bool; 2]) -> String {
        let (model, state) = self.card.split_once(",state=").unwrap_or((self.card, "activated"));
        let state = match (state, set) {
            ("fresh-new", [true, false]) => "half-new",
            ("fresh-new", [false, true]) => "half-new-pin2",
            ("fresh-old", [true, false]) => "half-old",
            ("fresh-old", [false, true]) => "half-old-pin2",
            ("blocked-pins", [true, false]) => "blocked-pin2",
            ("blocked-pins", [false, true]) => "blocked-pin1",
            (_, [true, true]) => "activated",
            (state, _) => state,
        };
        let pin = |set: bool, option: &str| if set { format!(",{option}") } else { String::new() };
        let (pin1, pin2) = (pin(set[0], &format!("pin1={NEW1}")), pin(set[1], &format!("pin2={NEW2}")));
        format!("{model},state={state}{pin1}{pin2}")
    }

    /// What is typed where these are set: the code, and the PINs that are open.
    fn open_lines(&self, set: [bool; 2]) -> Vec<&'static str> {
        let new = [NEW1, NEW2].into_iter().zip(self.sets.iter().zip(set));
        let open = new.filter(|(_, (wanted, set))| **wanted && !*set).map(|(pin, _)| pin);
        [self.lines[0]].into_iter().chain(open).collect()
    }

    /// What a disturbed run may not be.
    fn judge(&self, seen: &Seen) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(what.to_owned());
            }
        };
        let done = self.sets == seen.set;
        let partly = seen.set != [false; 2] && !done;
        let says = |words: &str| seen.run.err.contains(words);
        // The card could not be asked what came of it, or does not tell.
        let unsure = says("It is not certain whether");
        let is_unset = seen.set == [false; 2];
        check(is_unset || !says("Nothing was changed"), "what was set was told not to be");
        check(seen.tries_spent == 0, "a try was spent");
        check(seen.to_strangers == 0, "a PIN or code went to another person's card");
        let mut heads = seen.setting.clone();
        heads.sort();
        heads.dedup();
        check(heads.len() == seen.setting.len(), "a PIN was set twice");
        match seen.run.code {
            code::DONE => check(done, "what was told to be done was not"),
            code::PARTLY => check(partly || unsure, "not a part was done"),
            code::FAILED | code::NO_CARD => {
                check(is_unset || unsure, "something was done, and was told to have failed");
            }
            _ => check(false, "the holder was blamed"),
        }
        wrong
    }
}

/// All cases of one task. Gives how many there were, and what is wrong.
fn disturb(desk: &Desk<'_>, task: &Task) -> (usize, Vec<String>) {
    let usual = desk.run(task, task.card, task.lines, "");
    assert_eq!(
        (usual.run.code, usual.set),
        (code::DONE, task.sets),
        "{:?}: {:#?}",
        task.arguments,
        usual.run
    );
    let commands = usual.calls.split_whitespace().find_map(|call| call.strip_prefix("Transmit="));
    let commands: u32 = commands.and_then(|count| count.parse().ok()).expect("it speaks to the card");
    let (mut cases, mut complaints) = (0, Vec::new());
    for position in 1..=commands {
        for fault in task.faults {
            let fault = format!("Transmit {position} {fault}");
            let seen = desk.run(task, task.card, task.lines, &fault);
            let mut wrong = task.judge(&seen);
            if seen.set != task.sets {
                let again = desk.run(task, &task.left(seen.set), &task.open_lines(seen.set), "");
                let open = (0..2).filter(|pin| task.sets[*pin] && !seen.set[*pin]).count();
                if again.run.code != code::DONE || again.setting.len() != open {
                    wrong.push(format!("then {:?}, {:?}", again.run, again.setting));
                }
            }
            cases += 1;
            if !wrong.is_empty() {
                let Run { code, err, .. } = &seen.run;
                let told = format!("{:?} {}", task.arguments, task.card);
                complaints.push(format!("{told}, {fault}: {} ({code}: {err})", wrong.join("; ")));
            }
        }
    }
    (cases, complaints)
}

/// What PC/SC answers, and what the holder is told of it. A question that changes nothing is asked twice.
#[test]
fn the_words_for_what_the_daemon_answers() {
    let libraries = FakeLibrary::new();
    let refused = "may not use the smart card reader in this session";
    let disturbed = "The connection to the card was disturbed";
    for (faults, ends, words) in [
        ("EstablishContext 1 violation", code::FAILED, refused),
        ("EstablishContext 1 no-access", code::FAILED, refused),
        ("Connect 1 violation", code::FAILED, refused),
        ("Connect 1 no-access", code::FAILED, refused),
        ("Connect 1 mute", code::NO_CARD, "Turn it over"),
        ("Connect 1 unpowered", code::DONE, "ready for use"),
        ("Connect 1 mismatch", code::DONE, "ready for use"),
        ("Transmit 2 comm", code::DONE, "ready for use"),
        ("Connect 1 unpowered;Connect 2 unpowered", code::FAILED, disturbed),
        ("Connect 1 mismatch;Connect 2 mismatch", code::FAILED, disturbed),
    ] {
        let mut command = Command::new(tool());
        command.args(["--lang", "en", "status"]).envs([
            ("LD_LIBRARY_PATH", libraries.folder().to_str().expect("a name")),
            ("FAKE_PCSC_CARDS", "fineid-v4.0"),
            ("FAKE_PCSC_FAULTS", faults),
        ]);
        let run = run_to_end(command, &[]);
        assert_eq!(run.code, ends, "{faults}: {run:#?}");
        run.says(words);
    }
    // A card that is the wrong way round: the doctor finds it, too.
    let mut command = Command::new(tool());
    command.args(["--lang", "en", "doctor"]).env("HOME", scratch("home")).envs([
        ("LD_LIBRARY_PATH", libraries.folder().to_str().expect("a name")),
        ("FAKE_PCSC_CARDS", "fineid-v4.0"),
        ("FAKE_PCSC_FAULTS", "Connect 1 mute"),
    ]);
    run_to_end(command, &[]).ends(code::FAILED).says("Turn it over");
}

#[test]
fn the_tool_survives_faults_at_every_command_and_finishes_what_is_open() {
    let libraries = FakeLibrary::new();
    let outcomes = side_by_side(TASKS.len(), |number| {
        let desk =
            Desk { libraries: &libraries, report: libraries.folder().join(format!("report-{number}")) };
        disturb(&desk, &TASKS[number])
    });
    let cases: usize = outcomes.iter().map(|(cases, _)| cases).sum();
    let complaints: Vec<_> = outcomes.into_iter().flat_map(|(_, complaints)| complaints).collect();
    assert!(complaints.is_empty(), "{} of {cases} went wrong:\n{}", complaints.len(), complaints.join("\n"));
    let _ = writeln!(std::io::stderr(), "  {cases} faults while the tool sets PINs survived");
}
