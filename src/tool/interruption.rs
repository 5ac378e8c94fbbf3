//! Signals, while PINs are typed and used. Before anything was sent to the card, whoever stops the tool stops it at once;
//! from then on the step that was begun is finished, and the tool says how far it came. The terminal is left as it was.

use crate::console::Console;
use crate::{exit, terminal};
use avain_flow::{Kind, Language, interruption, text};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Takes care of signals from now on.
pub(crate) fn watch(language: Language) -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().spawn(move || {
        let console = Console::new(language, false);
        for signal in signals.forever() {
            match signal {
                SIGTSTP => pause(),
                SIGCONT => terminal::silence_again(),
                _ => stop(&console),
            }
        }
    })?;
    Ok(())
}

/// A file that is not to be there if the tool is stopped.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// While this lives, the file is removed if the tool is stopped.
pub(crate) struct Unfinished;

impl Unfinished {
    /// The file of this name.
    pub(crate) fn at(path: &Path) -> Self {
        Self::is(Some(path));
        Unfinished
    }

    fn is(path: Option<&Path>) {
        *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = path.map(Path::to_owned);
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        Self::is(None);
    }
}

/// Ends the tool. If it waits for an answer, or has begun to use the card by a PIN, it ends by itself: at once, or after
/// the step. If it waits for a card, nothing would wake it.
fn stop(console: &Console) {
    if !interruption::request() {
        console.say(&text::finishing());
    } else if !terminal::is_asking() {
        terminal::restore();
        if let Some(path) = &*UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = fs::remove_file(path);
        }
        console.say(&text::cancelled());
        low_level::exit(exit::number(Kind::Cancelled).into());
    }
}

/// Stops until the shell lets the tool go on; never while something is done to the card.
fn pause() {
    interruption::wait_until_done();
    terminal::restore();
    let _ = low_level::emulate_default_handler(SIGTSTP);
}
