//! What the programs of the desktop have in common: the window, and the agent that opens it.

mod names;

pub use names::{AGENT, Action, WINDOW, object_path};
