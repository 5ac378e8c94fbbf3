//! The tool as a script runs it.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a run of the tool came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Exit code.
    pub code: i32,
    /// Results.
    pub out: String,
    /// Everything else that was said.
    pub err: String,
}

/// Where the tool under test is.
pub fn tool() -> PathBuf {
    if let Some(path) = std::env::var_os("AVAIN_TOOL") {
        return path.into();
    }
    let program = std::env::current_exe().expect("this program's path");
    let beside = program.ancestors().map(|folder| folder.join("release/avain"));
    beside
        .into_iter()
        .find(|path| path.is_file())
        .expect("no release/avain here: run `make build`, or name the tool in AVAIN_TOOL")
}

/// Runs the tool; it reads these lines where it wants PINs.
pub fn avain(arguments: &[&str], lines: &[&str]) -> Run {
    let mut command = Command::new(tool());
    command.args(arguments);
    if !lines.is_empty() {
        command.args(["--pin-fd", "0"]);
    }
    run_to_end(command, lines)
}

/// Runs a command that is the tool, or ends as the tool, to its end.
pub fn run_to_end(mut command: Command, lines: &[&str]) -> Run {
    command.env("LC_ALL", "C.UTF-8");
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("start the tool");
    let mut input = child.stdin.take().expect("its input");
    for line in lines {
        // It may have stopped before it wanted them all.
        let _ = writeln!(input, "{line}");
    }
    drop(input);
    let output = child.wait_with_output().expect("wait for the tool");
    let text = |bytes| String::from_utf8(bytes).expect("what the tool says is text");
    Run {
        code: output.status.code().expect("the tool ends by itself"),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

impl Run {
    /// The run, if it ended with this code.
    ///
    /// # Panics
    /// With all that was said, where it did not.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// The run, if this was said.
    ///
    /// # Panics
    /// With all that was said, where it was not.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words) || self.err.contains(words), "{words:?} is not in {self:#?}");
        self
    }
}
