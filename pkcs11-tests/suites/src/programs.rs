//! How programs are started, and how their words are read.

use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use crate::report::{Outcome, Verdict};

/// Where `set-up.sh` put what the distribution has no package of.
///
/// # Panics
/// Where it was not run.
pub fn installed(name: &str) -> PathBuf {
    let folder = std::env::var_os("AVAIN_SUITES").map(PathBuf::from);
    let file = folder.map(|folder| folder.join(name)).filter(|file| file.exists());
    file.unwrap_or_else(|| panic!("{name} is not in AVAIN_SUITES: run this by `make suites`"))
}

/// The scripts beside this crate.
pub fn script(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "python", name].iter().collect()
}

/// Runs the command and gives both streams together, and whether it succeeded.
pub fn output(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// Runs the command; it is right where it succeeds and says this.
pub fn step(name: impl Into<String>, command: &mut Command, wanted: &[&str]) -> Outcome {
    let (success, words) = output(command);
    let lacking: Vec<_> = wanted.iter().filter(|wanted| !words.contains(*wanted)).collect();
    let right = success && lacking.is_empty();
    Outcome::of(name, if right { Ok(()) } else { Err(format!("not said: {lacking:?}; said: {words}")) })
}

/// The version of a package of the distribution, without what the distribution appended.
pub fn package_version(package: &str) -> String {
    let (known, version) =
        output(Command::new("dpkg-query").args(["--show", "--showformat=${Version}", package]));
    assert!(known, "{version}");
    let upstream = version.split_once(':').map_or(version.as_str(), |(_, upstream)| upstream);
    upstream.split(['-', '+', '~']).next().unwrap_or_default().to_owned()
}

/// The version of a Python package that is installed.
pub fn python_version(package: &str) -> String {
    let code = format!("import importlib.metadata as m; print(m.version('{package}'))");
    let (known, version) = output(Command::new(installed("venv/bin/python")).args(["-c", &code]));
    assert!(known, "{version}");
    version.trim().to_owned()
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
