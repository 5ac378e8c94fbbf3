//! All that was ever found is tried again, and each target looks for more for a short time.

use fuzz::run::{self, Figures, TARGETS};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

/// For each target; two run at a time on two processors.
const SECONDS: u32 = 10;

#[test]
fn a_short_run_of_every_target_finds_nothing() {
    let folder = std::env::temp_dir().join(format!("fuzz-{}", std::process::id()));
    let outcomes = run::all(SECONDS, &folder);
    let failures: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).cloned().collect();
    // What was found stays, to be tried again.
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let _ = std::fs::remove_dir_all(&folder);
    // Not by println, which is not seen where a test succeeds.
    let mut shown = std::io::stderr();
    let _ = writeln!(shown, "  {}", Figures::HEADING);
    for figures in outcomes.iter().flatten() {
        assert!(figures.executions > 0 && figures.reached > 0, "nothing was tried: {figures}");
        let _ = writeln!(shown, "  {figures}");
    }
}

#[test]
fn every_target_is_run_and_has_inputs() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(here.join(folder)).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").path());
        names.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect()
    };
    let run: BTreeSet<_> = TARGETS.iter().map(|target| (*target).to_owned()).collect();
    assert_eq!(named("fuzz_targets"), run);
    assert_eq!(named("corpus"), run);
    for target in TARGETS {
        assert!(!named(&format!("corpus/{target}")).is_empty(), "{target} has no inputs");
    }
}
