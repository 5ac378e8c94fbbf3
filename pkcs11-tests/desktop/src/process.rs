//! A program that runs beside the test.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// A program that runs beside the test. It is killed when this is dropped.
pub struct Process {
    child: Child,
    log: std::path::PathBuf,
}

impl Process {
    /// Starts it. What it says goes to a file of this name.
    ///
    /// # Panics
    /// Where it does not start.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Self {
        let file = fs::File::create(log).expect("a file for what it says");
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("the same file"))
            .stderr(file)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        Self { child, log: log.to_owned() }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said until now.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// How it has ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("ask for its end")
    }

    /// Waits until it has ended.
    ///
    /// # Panics
    /// Where it does not.
    pub fn ends(&mut self) -> ExitStatus {
        crate::wait_for("the end of a program", || self.ended())
    }

    /// How often its threads have run until now.
    ///
    /// # Panics
    /// Where it has ended.
    pub fn switches(&self) -> u64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.id())).expect("its threads");
        let statuses =
            threads.map(|thread| fs::read_to_string(thread.expect("a thread").path().join("status")));
        // A thread may end meanwhile.
        statuses.map(|status| status.map_or(0, |status| sum(&status, "ctxt_switches:"))).sum()
    }

    /// Waits until its threads have stopped running: none has for two seconds.
    pub fn settles(&self) {
        self.rests_for(Duration::from_secs(2));
    }

    /// Waits until none of its threads has run for so long. Something may still have to be done once; what wakes it again
    /// and again never lets it rest.
    ///
    /// # Panics
    /// Where it does not rest.
    pub fn rests_for(&self, time: Duration) {
        let mut seen = self.switches();
        kit::wait_within("rest", time * 3 + crate::BOUND, Duration::ZERO, || {
            std::thread::sleep(time);
            let before = std::mem::replace(&mut seen, self.switches());
            (before == seen).then_some(())
        });
    }

    /// Its memory that it shares with no other program (the lines Private_Clean and Private_Dirty of smaps_rollup), in
    /// bytes.
    ///
    /// # Panics
    /// Where it has ended.
    pub fn own_memory(&self) -> u64 {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.id())).expect("its memory");
        (sum(&rollup, "Private_Clean:") + sum(&rollup, "Private_Dirty:")) * 1024
    }

    /// Its memory that it got for itself, and not from files (RssAnon), in bytes.
    ///
    /// # Panics
    /// Where it has ended.
    pub fn status(&self, line: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).expect("its status");
        sum(&status, line)
    }
}

/// The sum of the numbers in lines whose first word ends so.
fn sum(text: &str, ending: &str) -> u64 {
    let numbers = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        words.next().filter(|name| name.ends_with(ending))?;
        words.next()?.parse::<u64>().ok()
    });
    numbers.sum()
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
