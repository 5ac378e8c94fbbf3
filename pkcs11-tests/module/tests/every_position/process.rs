//! Processes of this test, each with a world of its own.

use std::process::{Command, Output, Stdio};

/// Which part of the work a process of this test does.
const PART: &str = "AVAIN_TEST_PART";

/// The part that this process is to do, if it is one of ours.
pub(crate) fn part() -> Option<usize> {
    std::env::var(PART).ok().map(|part| part.parse().expect("a number"))
}

/// Does a part of a test in a process of its own.
pub(crate) fn play(test: &str, part: usize, seed: u64) -> Output {
    Command::new(std::env::current_exe().expect("this program's path"))
        .args([test, "--exact", "--nocapture"])
        .env(PART, part.to_string())
        .env("AVAIN_SEED", seed.to_string())
        // The numbers that are stored there are its own.
        .env("XDG_CONFIG_HOME", std::env::temp_dir().join(format!("config-of-part-{part}")))
        .stdin(Stdio::null())
        .output()
        .expect("this program again")
}
