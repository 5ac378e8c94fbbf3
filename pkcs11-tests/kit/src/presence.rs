//! What pcscd itself says of its readers, asked as any program asks it.

use std::ffi::CString;
use std::time::{Duration, Instant};

use pcsc::{Context, ReaderState, Scope, State};

/// pcscd looks for cards every 0.4 s.
const BOUND: Duration = Duration::from_secs(10);

/// Does pcscd answer, and have at least so many readers?
pub(crate) fn serves(readers: usize) -> bool {
    let names = Context::establish(Scope::User).and_then(|context| context.list_readers_owned());
    names.is_ok_and(|names| names.len() >= readers)
}

/// Waits until pcscd reports a card in the reader (or none), and says whether that came to pass.
pub(crate) fn wait(reader: &str, present: bool) -> Result<(), pcsc::Error> {
    let name = CString::new(reader).expect("reader names have no NUL");
    let context = Context::establish(Scope::User)?;
    let mut states = [ReaderState::new(name, State::UNAWARE)];
    let deadline = Instant::now() + BOUND;
    loop {
        context.get_status_change(deadline.saturating_duration_since(Instant::now()), &mut states)?;
        let state = &mut states[0];
        let settled = match present {
            // The answer to reset comes last; before it no program can connect.
            true => state.event_state().contains(State::PRESENT) && !state.atr().is_empty(),
            false => state.event_state().contains(State::EMPTY),
        };
        if settled {
            return Ok(());
        }
        state.sync_current_state();
    }
}
