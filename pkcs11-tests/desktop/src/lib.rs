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

pub use accessible::{Accessible, Relation, State};
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

use std::time::{Duration, Instant};

/// Everything on a desktop that is going to happen has happened by then, also where two tests share a processor.
const BOUND: Duration = Duration::from_secs(20);

/// Waits until there is something, and gives it.
///
/// # Panics
/// Where it does not come.
#[track_caller]
pub fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + BOUND;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < deadline, "in vain waited for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
