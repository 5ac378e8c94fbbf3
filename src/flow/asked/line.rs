//! The line that is read, and the one that is written: once, whatever happens. A process is asked once.

use super::{Answer, Request};
use crate::failure::{Failure, Kind};
use crate::interruption;
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// Longest request.
const LONGEST: u64 = 64 * 1024;

/// How the one question of this process stands.
struct State {
    /// Is somebody waiting for an answer?
    waiting: bool,
    /// Why it failed, should it be given up now.
    failed: Option<Refused>,
}

static STATE: Mutex<State> = Mutex::new(State { waiting: false, failed: None });

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The holder does not want to.
    Cancelled,
    /// There is no card.
    NoCard,
    /// The PIN is locked.
    Locked,
    /// The card cannot do it.
    Unsupported,
    /// Anything else.
    Failed,
}

impl Refused {
    const ALL: [Refused; 5] =
        [Refused::Cancelled, Refused::NoCard, Refused::Locked, Refused::Unsupported, Refused::Failed];

    /// How it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Refused::Cancelled => "cancelled",
            Refused::NoCard => "no-card",
            Refused::Locked => "locked",
            Refused::Unsupported => "unsupported",
            Refused::Failed => "failed",
        }
    }

    /// What this line says.
    pub fn of_line(line: &str) -> Option<Self> {
        let said: Value = serde_json::from_str(line).ok()?;
        let name = super::json::text(&said, "refused")?;
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

impl From<Kind> for Refused {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Cancelled => Refused::Cancelled,
            Kind::NoCard => Refused::NoCard,
            Kind::Locked => Refused::Locked,
            Kind::Unsupported => Refused::Unsupported,
            _ => Refused::Failed,
        }
    }
}

/// Reads the request, and watches from then on whether the other program is still there: the end of the input means that
/// nobody waits any more. Then the process ends, after `restore`.
pub fn read(restore: impl FnOnce() + Send + 'static) -> Option<Request> {
    state().waiting = true;
    let mut input = io::BufReader::new(io::stdin().take(LONGEST));
    let mut line = String::new();
    input.read_line(&mut line).ok()?;
    let request = Request::of(&line)?;
    let rest = thread::Builder::new().name("asked".to_owned()).spawn(move || {
        let _ = io::copy(&mut input, &mut io::sink());
        interruption::request();
        interruption::wait_until_done();
        restore();
        give_up();
        // The other threads go on until the end, so nothing that they may be using is torn down before it: GTK crashed.
        signal_hook::low_level::exit(0);
    });
    rest.is_ok().then_some(request)
}

/// Gives what was asked for.
pub fn answer(answer: &Answer) {
    write(&answer.line());
}

/// Notes why it failed: its holder may try again.
pub fn note(failure: &Failure) {
    state().failed = Some(failure.kind.into());
}

/// Says that nothing is given, and why.
pub fn give_up() {
    let refused = state().failed.take().unwrap_or(Refused::Cancelled);
    write(&json!({ "refused": refused.name() }).to_string());
}

/// Answers, once.
fn write(line: &str) {
    if std::mem::replace(&mut state().waiting, false) {
        // Nobody may be there any more.
        let _ = writeln!(io::stdout().lock(), "{line}");
    }
}
