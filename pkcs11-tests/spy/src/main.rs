//! `spy-report FILE`: how many calls the notes tell of, and those whose return value the standard does not permit.
//! Fails where there is one, or no call at all.

use spy::Notes;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(file) = std::env::args_os().nth(1) else {
        eprintln!("usage: spy-report FILE");
        return ExitCode::from(2);
    };
    let notes = Notes::read(Path::new(&file));
    let wrong = notes.not_permitted();
    let mut kinds = BTreeMap::<String, usize>::new();
    wrong.iter().for_each(|call| *kinds.entry(call.to_string()).or_default() += 1);
    for (kind, times) in kinds {
        println!("not permitted: {kind}, {times} times");
    }
    let (calls, functions) = (notes.calls.len(), notes.counts().len());
    println!("{calls} calls of {functions} functions, {} not permitted", wrong.len());
    if calls > 0 && wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
