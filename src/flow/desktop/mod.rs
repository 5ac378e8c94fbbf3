//! What the programs of the desktop have in common: the window, and the agent that opens it.

mod declined;
mod insertions;
mod language;
mod names;
mod preference;
mod service;

pub use declined::Declined;
pub use insertions::{Change, Inserted, Insertions};
pub use language::{chosen_language, keep_language, language};
pub use names::{AGENT, Action, WINDOW, object_path};
pub use preference::Preference;

use super::condition::Next;
use super::failure::Failure;
use super::readers::Card;

/// The number of the card, if it is one that its holder has yet to activate.
pub fn to_be_activated(card: &Card) -> Result<Option<String>, Failure> {
    match card.condition()?.next() {
        Next::Activate(_) => card.number().map(Some),
        Next::Nothing | Next::Unblock(_) | Next::Lost => Ok(None),
    }
}
