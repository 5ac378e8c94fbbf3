//! pkcs11-check, the broadest suite that a registry carries: all of it, on both tokens of each card; and the tests
//! that it calls destructive, on cards of their own.

use std::collections::BTreeMap;
use std::fs;

use programs::installed::{for_suites, python_version};
use programs::suites::commands::output;
use programs::suites::fixture::{CARDS, PUK};
use programs::suites::{Fixture, Outcome, Report, TOKENS, Token, Verdict};
use serde::Deserialize;

/// Its word for a test that did not find what it wants, where the fault need not be the module's. If it says one
/// of these, what it looked for is not there.
const ABSENT: [&str; 6] = [
    "CKR_FUNCTION_NOT_SUPPORTED",
    "0x00000054",
    "CK_RV 0x54",
    "create_absent",
    // The suite asks the machine for more memory than it has.
    "honeypot allocation failed",
    // The suite's own session of the same process is logged in already.
    "token login state prevents testing",
];

/// A line of pytest's report.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "$report_type")]
    kind: String,
    #[serde(default)]
    nodeid: String,
    #[serde(default)]
    when: String,
    #[serde(default)]
    outcome: String,
    wasxfail: Option<String>,
    longrepr: Option<serde_json::Value>,
}

impl Line {
    /// `security/test_x.py::TestY::test_z[parameter]`.
    fn test(&self) -> String {
        let name = self.nodeid.split_once("testcases/").map_or(self.nodeid.as_str(), |(_, name)| name);
        name.to_owned()
    }

    /// The last words of what it says.
    fn words(&self) -> String {
        let said = match &self.longrepr {
            Some(serde_json::Value::Array(parts)) => parts.last().and_then(|last| last.as_str()),
            Some(serde_json::Value::Object(fields)) => fields["reprcrash"]["message"].as_str(),
            Some(serde_json::Value::String(text)) => text.trim().lines().last(),
            _ => None,
        };
        let words = self.wasxfail.as_deref().or(said).unwrap_or_default();
        words.lines().next().unwrap_or_default().trim_start_matches("Skipped: ").to_owned()
    }

    /// Nothing where this is but the good beginning or end of a test.
    fn verdict(&self) -> Option<Verdict> {
        let words = self.words();
        match (self.outcome.as_str(), &self.wasxfail) {
            ("passed", _) => (self.when == "call").then_some(Verdict::Passed),
            ("skipped", Some(_)) if !ABSENT.iter().any(|absent| words.contains(absent)) => {
                Some(Verdict::Failed)
            }
            ("skipped", _) => Some(Verdict::Skipped),
            _ => Some(Verdict::Failed),
        }
    }
}

/// Runs it on one token.
fn run(fixture: &Fixture, token: &Token, more: &[&str]) -> Vec<Outcome> {
    let report = fixture.folder().join(format!("{}.jsonl", token.name));
    let suite = output(
        fixture
            .program(for_suites("venv/bin/python").to_str().expect("a path"))
            .args(["-c", "import pkcs11_check.testcases as suite; print(suite.__path__[0])"]),
    );
    let mut program = fixture.program(for_suites("venv/bin/python").to_str().expect("a path"));
    // Not by its own command: that starts a process for each of its 300 files, which takes thrice the time, so that a
    // crash does not end the run. Here a crash may: it fails the test.
    program.args([
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--timeout",
        "180",
        "--hypothesis-seed",
        "0",
    ]);
    program.args([
        "--p11-module",
        &fixture.module(),
        "--p11-slot",
        &token.index.to_string(),
        "--p11-pin",
        token.pin,
    ]);
    program.arg("--report-log").arg(&report).args(more).arg(suite.1.trim());
    let (_, words) = output(&mut program);
    let text = fs::read_to_string(&report).unwrap_or_else(|error| panic!("{error}: {words}"));
    let lines: Vec<Line> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(lines.iter().any(|line| line.kind == "SessionFinish"), "it did not end: {words}");
    let mut outcomes = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kind == "TestReport" || line.kind == "CollectReport") {
        let failed_to_load = line.kind == "CollectReport" && line.outcome == "failed";
        let Some(verdict) = line.verdict().filter(|_| line.kind == "TestReport" || failed_to_load) else {
            continue;
        };
        let outcome = Outcome { test: line.test(), verdict, words: line.words() };
        let worst = outcomes.entry(outcome.test.clone()).or_insert_with(|| outcome.clone());
        if verdict > worst.verdict {
            *worst = outcome;
        }
    }
    outcomes.into_values().collect()
}

/// All but the destructive tests.
fn all(model: &'static str, token: &Token) {
    let mut report =
        Report::new("pkcs11-check", python_version(&for_suites("venv/bin/python"), "pkcs11-check"));
    let fixture = fixture(model, token);
    // What it calls slow digests and signs gigabytes, which no card sees: once is enough.
    let once = model == CARDS[0] && token.index == 0;
    let more = if once { &[][..] } else { &["-m", "not slow"] };
    report.add(format!("{} {}", fixture.card(), token.name), run(&fixture, token, more));
    fixture.assert_unharmed();
    report.check();
}

/// They present wrong PINs and initialize tokens. They may spend tries, but must not block a PIN or lose the holder's.
fn destructive(model: &'static str, token: &Token) {
    let python = for_suites("venv/bin/python");
    let mut report = Report::new("pkcs11-check --destructive", python_version(&python, "pkcs11-check"));
    let fixture = fixture(model, token);
    let more = ["-m", "destructive", "--p11-destructive", "--p11-so-pin", PUK];
    report.add(format!("{} {}", fixture.card(), token.name), run(&fixture, token, &more));
    fixture.assert_usable();
    report.check();
}

/// Some of its tests use the first token whichever is given, with the PIN of the second.
fn fixture(model: &'static str, token: &Token) -> Fixture {
    if token.index == 0 { Fixture::new(model) } else { Fixture::with_one_pin(model) }
}

/// They take minutes, so there is a test for each token of each card.
macro_rules! on_each_token {
    ($($run:ident),+) => {
        $(mod $run {
            use super::{CARDS, TOKENS};

            #[test]
            fn v4_0_pin1() {
                super::$run(CARDS[0], &TOKENS[0]);
            }

            #[test]
            fn v4_0_pin2() {
                super::$run(CARDS[0], &TOKENS[1]);
            }

            #[test]
            fn v3_1_pin1() {
                super::$run(CARDS[1], &TOKENS[0]);
            }

            #[test]
            fn v3_1_pin2() {
                super::$run(CARDS[1], &TOKENS[1]);
            }
        })+
    };
}

on_each_token!(all, destructive);
