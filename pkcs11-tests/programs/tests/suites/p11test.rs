//! OpenSC's p11test, a suite for smart cards, which tries everything that the token lists.

use programs::installed::for_suites;
use programs::suites::commands::{output, package_version};
use programs::suites::fixture::CARDS;
use programs::suites::{Fixture, Outcome, Report, TOKENS, Verdict};

/// The beginnings of its lines.
const MARKS: [(&str, Verdict); 4] = [
    ("[       OK ] ", Verdict::Passed),
    ("[  SKIPPED ] ", Verdict::Skipped),
    ("[  FAILED  ] ", Verdict::Failed),
    ("[  ERROR   ] ", Verdict::Failed),
];

/// The results of the tests. Lines before a test is named belong to it.
fn read(words: &str) -> Vec<Outcome> {
    let (tests, _) = words.split_once(" test(s) run.").unwrap_or_else(|| panic!("it did not end:\n{words}"));
    let mut outcomes = Vec::new();
    let mut said = Vec::new();
    for line in tests.lines() {
        let marked = MARKS.iter().find_map(|(mark, verdict)| Some((line.split_once(mark)?.1, *verdict)));
        match marked {
            Some((message, _)) if message.starts_with("--- ") => said.push(message),
            Some((test, verdict)) => {
                outcomes.push(Outcome { test: test.to_owned(), verdict, words: said.join("; ") });
                said.clear();
            }
            None if line.starts_with("[ RUN ") => said.clear(),
            None => said.push(line),
        }
    }
    outcomes
}

#[test]
fn p11test() {
    let mut report = Report::new("p11test", package_version("opensc"));
    for model in CARDS {
        let fixture = Fixture::new(model);
        for token in &TOKENS {
            let slot = fixture.slot(token);
            let mut program = fixture.program(for_suites("p11test").to_str().expect("a path"));
            program.args(["-m", &fixture.module(), "-s", &slot, "-p", token.pin]);
            let (_, words) = output(&mut program);
            report.add(format!("{} {}", fixture.card(), token.name), read(&words));
        }
        fixture.assert_unharmed();
    }
    report.check();
}
