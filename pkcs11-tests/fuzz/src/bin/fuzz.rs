//! `fuzz SECONDS FOLDER [merge]`: runs each target for so many seconds and shows the figures; new inputs are kept in
//! FOLDER. With `merge` those that reach something new go into the source tree.

use fuzz::run::{self, Figures};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [seconds, folder, merge @ ..] = arguments.as_slice() else { return usage() };
    let Ok(seconds) = seconds.parse() else { return usage() };
    let folder = PathBuf::from(folder);
    let outcomes = run::all(seconds, &folder);
    println!("{}", Figures::HEADING);
    for figures in outcomes.iter().flatten() {
        println!("{figures}");
    }
    let merged = if merge.is_empty() { Ok(()) } else { run::merge(&folder) };
    let failures = outcomes.into_iter().filter_map(Result::err).chain(merged.err());
    let failures: Vec<_> = failures.collect();
    failures.iter().for_each(|failure| eprintln!("{failure}"));
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn usage() -> ExitCode {
    eprintln!("usage: fuzz SECONDS FOLDER [merge]");
    ExitCode::from(2)
}
