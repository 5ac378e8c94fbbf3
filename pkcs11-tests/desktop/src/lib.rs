//! What the tests of the desktop's programs share: a session with a screen, a window manager, a session bus and the
//! interface of screen readers, in the sandbox of the test.
//!
//! ```no_run
//! let rig = kit::Rig::start(1);
//! let session = desktop::Session::start();
//! let _window = session.start_program("avain-window", &[]);
//! let window = session.accessible("avain-window");
//! window.named("password text", "PIN1").types("270519");
//! session.keyboard().key("Return");
//! ```
//!
//! The programs under test are those that `make install` has put into the folder that `AVAIN_DESKTOP` names.
#![forbid(unsafe_code)]

mod accessible;
mod bus;
mod events;
mod installed;
mod lock;
mod mock;
mod notifications;
mod other;
mod process;
mod screen;
mod session;
mod window;

pub use accessible::{Accessible, Place, Relation, State};
pub use bus::Bus;
pub use events::{Event, Events};
pub use installed::{folder, program};
pub use lock::Lock;
pub use notifications::{Notification, Notifications};
pub use other::Other;
pub use process::Process;
pub use screen::{Keyboard, Screen};
pub use session::{Manager, Session, Setting};
pub use window::{Call, Window};

use std::time::Duration;

/// Everything on a desktop that is going to happen has happened by then, also where two tests share a processor.
const BOUND: Duration = Duration::from_secs(20);

/// Waits until there is something, and gives it.
///
/// # Panics
/// Where it does not come.
#[track_caller]
pub fn wait_for<T>(what: &str, found: impl FnMut() -> Option<T>) -> T {
    kit::wait_within(what, BOUND, Duration::from_millis(10), found)
}

/// Waits until so many things have happened, and gives the last.
///
/// # Panics
/// Where they have not, or more.
#[track_caller]
fn last_of<T: std::fmt::Debug>(what: &str, number: usize, all: impl Fn() -> Vec<T>) -> T {
    let all =
        wait_for(&format!("{what} {number}"), || Some(all()).filter(|all: &Vec<T>| all.len() >= number));
    assert_eq!(all.len(), number, "{all:?}");
    all.into_iter().next_back().expect("at least one")
}
