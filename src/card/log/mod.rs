//! A log for support: off unless the environment variable `AVAIN_LOG`, or a setting, turns it on.
//!
//! A [`Record`] is made of names and numbers of this software's own. There is no way to log text or bytes from
//! outside, so neither a PIN nor personal data from a card can get into a log by mistake.
//!
//! `docs/logging.md` is the page for users.
//!
//! No lock is kept, which a fork could leave locked in the child, and no file descriptor, which a program that closes
//! all of them would reuse for something else. While the log is off, it costs one atomic load.

mod record;
mod sink;

pub use record::{Event, Loggable, Record};

use crate::settings::Settings;
use crate::sys::privilege;
use sink::{Refusal, Sink};
use std::cell::Cell;
use std::ffi::OsString;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

/// The variable that names the level.
const LEVEL: &str = "AVAIN_LOG";
/// The variable that names the file; without it the log goes to stderr.
const FILE: &str = "AVAIN_LOG_FILE";

/// How much is logged. Each level includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Calls and their results.
    Info,
    /// Also each command to the card, without its data.
    Debug,
}

impl Level {
    fn named(name: &str) -> Option<Self> {
        match name {
            "info" => Some(Level::Info),
            "debug" => Some(Level::Debug),
            _ => None,
        }
    }
}

/// A log that is turned on.
struct Log {
    level: Level,
    sink: Sink,
    start: Instant,
}

/// Set up once in a process. A fork never falls into that moment, because it waits for running calls.
static LOG: OnceLock<Option<Log>> = OnceLock::new();

/// Turns the log on if the environment says so. Programs with more privileges than their user ignore the environment.
pub fn start() {
    if LOG.get().is_none() && LOG.get_or_init(of_environment).is_some() {
        info(Record::begins);
        if Settings::of_process().ignored > 0 {
            info(|| Record::Remark("a file of settings is ignored: avain config says why"));
        }
    }
}

/// Keeps the records of this process in memory, whatever the environment says. To be called before [`start`]. For the
/// tool; not for programs that fork.
pub fn collect(level: Level) {
    LOG.get_or_init(|| Some(Log::new(level, Sink::memory())));
}

/// The collected records, one line each.
pub fn collected() -> Vec<String> {
    match LOG.get() {
        Some(Some(log)) => log.sink.lines(),
        _ => Vec::new(),
    }
}

/// Logs at level [`Level::Info`]. The record is made only if it is wanted.
pub fn info<'r>(record: impl FnOnce() -> Record<'r>) {
    note(Level::Info, record);
}

/// Logs at level [`Level::Debug`].
pub fn debug<'r>(record: impl FnOnce() -> Record<'r>) {
    note(Level::Debug, record);
}

fn note<'r>(level: Level, record: impl FnOnce() -> Record<'r>) {
    if let Some(Some(log)) = LOG.get()
        && level <= log.level
    {
        log.write(&record());
    }
}

fn of_environment() -> Option<Log> {
    if privilege::is_elevated() {
        return None;
    }
    let settings = Settings::of_process();
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let level = set(LEVEL).or_else(|| settings.log().map(OsString::from));
    Log::wanted(level, set(FILE).or_else(|| settings.log_file().map(OsString::from))).unwrap_or_else(
        |refusal| {
            Sink::Stderr.put(format!("avain: nothing is logged: {refusal}\n"));
            None
        },
    )
}

impl Log {
    fn new(level: Level, sink: Sink) -> Self {
        Log { level, sink, start: Instant::now() }
    }

    /// The log that these values of the variables ask for, if any.
    fn wanted(level: Option<OsString>, file: Option<OsString>) -> Result<Option<Self>, Refusal> {
        let Some(level) = level else { return Ok(None) };
        let level = level.to_str().and_then(Level::named).ok_or(Refusal::UnknownLevel)?;
        let sink = file.map_or(Ok(Sink::Stderr), |path| Sink::file(path.as_ref()))?;
        Ok(Some(Log::new(level, sink)))
    }

    /// Writes one line: seconds since the start, process ID, thread number, and the record.
    fn write(&self, record: &Record<'_>) {
        let (time, process, thread) = (self.start.elapsed(), std::process::id(), thread());
        let (seconds, micros) = (time.as_secs(), time.subsec_micros());
        self.sink.put(format!("avain {seconds}.{micros:06} {process}.{thread} {record}\n"));
    }
}

/// The number of this thread, in the order in which threads first logged something.
fn thread() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    thread_local! {
        static NUMBER: Cell<u32> = const { Cell::new(0) };
    }
    NUMBER.with(|number| {
        if number.get() == 0 {
            number.set(LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1));
        }
        number.get()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(level: &str) -> Result<Option<Level>, String> {
        let log = Log::wanted(Some(level.into()), None);
        log.map(|log| log.map(|log| log.level)).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn it_is_off_unless_a_level_is_named() {
        assert!(Log::wanted(None, None).unwrap().is_none());
        assert!(Log::wanted(None, Some("/nowhere".into())).unwrap().is_none());
        assert_eq!(wanted("info"), Ok(Some(Level::Info)));
        assert_eq!(wanted("debug"), Ok(Some(Level::Debug)));
        for unknown in ["INFO", "1", "trace", "info,debug"] {
            assert_eq!(wanted(unknown), Err("AVAIN_LOG is neither info nor debug".to_owned()));
        }
    }

    #[test]
    fn a_record_is_one_line_with_time_process_and_thread() {
        let log = Log::new(Level::Info, Sink::memory());
        log.write(&Record::Returned { function: "C_Login", result: "CKR_OK" });
        std::thread::scope(|scope| {
            scope.spawn(|| log.write(&Record::Remark("second"))).join().unwrap();
        });
        let lines = log.sink.lines();
        let [first, second] = &lines[..] else { panic!("{lines:?}") };
        let parts: Vec<_> = first.split(' ').collect();
        let [name, time, who, "C_Login:", "CKR_OK\n"] = parts[..] else { panic!("{first}") };
        assert_eq!((name, time.split('.').nth(1).map(str::len)), ("avain", Some(6)));
        assert_eq!(who, format!("{}.{}", std::process::id(), thread()));
        assert!(second.ends_with(" second\n") && !second.contains(who), "{second}");
    }
}
