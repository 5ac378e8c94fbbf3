//! Runs the targets that `make fuzz-targets` built, all processors used, and reads what libFuzzer says of them.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// All targets, those that take longest to get anywhere first.
pub const TARGETS: [&str; 9] =
    ["answers", "calls", "parameters", "certificate", "files", "channel", "tlv", "web", "digest_info"];

/// The longest input.
const LONGEST: &str = "-max_len=4096";
/// An input that takes longer hangs, in seconds.
const HANGS: &str = "-timeout=25";

/// What came of a target.
#[derive(Debug)]
pub struct Figures {
    target: &'static str,
    /// How many inputs were tried.
    pub executions: u64,
    per_second: u64,
    /// Edges of Avain's own code that were reached.
    pub reached: u64,
    /// Those that the target has.
    edges: u64,
    /// Inputs that each reach something else, those of the source tree among them.
    inputs: usize,
}

impl Figures {
    /// Above the lines that figures are shown as.
    pub const HEADING: &'static str = "target        executions  a second  edges reached      of  inputs";
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, executions, per_second, reached, edges, inputs } = self;
        write!(f, "{target:12} {executions:11} {per_second:9} {reached:14} {edges:7} {inputs:7}")
    }
}

/// Where the targets are: the folder that `AVAIN_FUZZ` names, else `fuzz/fuzz` in the one that this program was built in.
fn built() -> PathBuf {
    let named = std::env::var_os("AVAIN_FUZZ").map(PathBuf::from);
    let program = std::env::current_exe().expect("this program's path");
    let beside = || program.ancestors().map(|folder| folder.join("fuzz/fuzz")).find(|path| path.is_dir());
    named
        .or_else(beside)
        .expect("the targets are there: run `make fuzz-targets`, or name their folder in AVAIN_FUZZ")
}

/// The inputs of a target in the source tree.
fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// Runs each target for so many seconds, from the inputs in the source tree on and from those that were found before.
/// What is found is kept in `folder`. Gives the figures, or what went wrong, in the order of [`TARGETS`].
pub fn all(seconds: u32, folder: &Path) -> Vec<Result<Figures, String>> {
    each(|target| run(target, seconds, folder))
}

/// Puts the fewest inputs that reach all that was reached into the source tree.
pub fn merge(folder: &Path) -> Result<(), String> {
    each(|target| {
        let (tree, fresh) = (corpus(target), emptied(&folder.join("merged").join(target)));
        // By edges alone: how often each was passed would keep ten times as many.
        let (merge, by_edges) = (Path::new("-merge=1"), Path::new("-use_counters=0"));
        let arguments = [merge, by_edges, &fresh, &tree, &folder.join(target)];
        started(target, &arguments, &folder.join("found"))?;
        for known in inputs(&tree).iter().filter(|input| is_named_by_hash(input)) {
            std::fs::remove_file(known).map_err(|error| error.to_string())?;
        }
        for input in inputs(&fresh) {
            std::fs::copy(&input, tree.join(input.file_name().expect("a file")))
                .map_err(|e| e.to_string())?;
        }
        Ok(())
    })
    .into_iter()
    .collect()
}

/// Does something with each target, as many at a time as there are processors.
fn each<T: Send>(act: impl Fn(&'static str) -> T + Sync) -> Vec<T> {
    let next = Mutex::new(TARGETS.iter().enumerate());
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some((place, target)) = next.lock().expect("no panic").next() else { break };
                    let outcome = act(target);
                    outcomes.lock().expect("no panic").push((place, outcome));
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().expect("no panic");
    outcomes.sort_by_key(|(place, _)| *place);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn run(target: &'static str, seconds: u32, folder: &Path) -> Result<Figures, String> {
    let (tree, fresh) = (corpus(target), folder.join(target));
    std::fs::create_dir_all(&fresh).map_err(|error| error.to_string())?;
    let time = format!("-max_total_time={seconds}");
    let arguments = [Path::new(&time), Path::new("-print_final_stats=1"), &fresh, &tree];
    let said = started(target, &arguments, &folder.join("found"))?;
    let figure = |before: &str| -> Result<u64, String> {
        let found = said.lines().rev().find_map(|line| line.split_once(before));
        let number =
            found.and_then(|(_, rest)| rest.split_whitespace().next()).and_then(|word| word.parse().ok());
        number.ok_or_else(|| format!("{target} does not tell {before:?}:\n{said}"))
    };
    // The same line has the inputs and their length, with a slash between.
    let inputs =
        said.lines().rev().find_map(|line| line.split_once(" corp: ")?.1.split('/').next()?.parse().ok());
    Ok(Figures {
        target,
        executions: figure("stat::number_of_executed_units:")?,
        per_second: figure("stat::average_exec_per_sec:")?,
        reached: figure(" cov: ")?,
        edges: figure("Loaded 1 modules   (")?,
        inputs: inputs.ok_or_else(|| format!("{target} does not tell its inputs:\n{said}"))?,
    })
}

/// Starts a target. Gives what it said, or how to have it fail again.
fn started(target: &str, arguments: &[&Path], found: &Path) -> Result<String, String> {
    std::fs::create_dir_all(found).map_err(|error| error.to_string())?;
    let program = built().join(target);
    let output = Command::new(&program)
        .arg(format!("-artifact_prefix={}/{target}-", found.display()))
        // Long inputs from the beginning: a short one is one call, or one answer.
        .args([LONGEST, HANGS, "-len_control=0"])
        .args(arguments)
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let told: Vec<_> =
        said.lines().filter(|line| !line.starts_with('#') && !line.contains("NEW_FUNC")).collect();
    let kept = told.iter().find_map(|line| line.split_once("Test unit written to "));
    let again = kept.map(|(_, input)| format!("; again: {} {input}", program.display())).unwrap_or_default();
    Err(format!("{}\n{target} ended by {}{again}", told.join("\n"), output.status))
}

/// As libFuzzer names what it finds; what was given a name by hand stays.
fn is_named_by_hash(input: &Path) -> bool {
    let name = input.file_name().unwrap_or_default().to_string_lossy();
    name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn inputs(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

fn emptied(folder: &Path) -> PathBuf {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("a folder");
    folder.to_owned()
}
