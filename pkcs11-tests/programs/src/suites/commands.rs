//! Running programs, and reading what they print.

use std::process::Command;

use serde::Deserialize;

use super::report::{Outcome, Verdict};

/// Runs the command. Returns whether it succeeded, and both streams together.
pub fn output(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// Runs the command, which must succeed and print these texts.
pub fn step(name: impl Into<String>, command: &mut Command, wanted: &[&str]) -> Outcome {
    let (success, words) = output(command);
    let lacking: Vec<_> = wanted.iter().filter(|wanted| !words.contains(*wanted)).collect();
    let right = success && lacking.is_empty();
    Outcome::of(name, if right { Ok(()) } else { Err(format!("not printed: {lacking:?}; printed: {words}")) })
}

/// The upstream version of a package of the distribution.
pub fn package_version(package: &str) -> String {
    let (known, version) =
        output(Command::new("dpkg-query").args(["--show", "--showformat=${Version}", package]));
    assert!(known, "{version}");
    let upstream = version.split_once(':').map_or(version.as_str(), |(_, upstream)| upstream);
    upstream.split(['-', '+', '~']).next().unwrap_or_default().to_owned()
}

/// One line of the scripts in `python`.
#[derive(Deserialize)]
struct Line {
    test: String,
    outcome: String,
    words: String,
}

/// The outcomes that a script of ours printed, a JSON object on each line that begins with `{`.
pub fn outcomes(command: &mut Command) -> Vec<Outcome> {
    let (success, words) = output(command);
    let lines = words.lines().filter(|line| line.starts_with('{'));
    let read = |line: &str| -> Outcome {
        let Line { test, outcome, words } =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let verdict = match outcome.as_str() {
            "passed" => Verdict::Passed,
            "skipped" => Verdict::Skipped,
            _ => Verdict::Failed,
        };
        Outcome { test, verdict, words }
    };
    let outcomes = lines.map(read).collect();
    assert!(success, "{command:?} failed:\n{words}");
    outcomes
}
