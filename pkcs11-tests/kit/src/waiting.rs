//! Waiting for what others do.

use std::time::{Duration, Instant};

/// Looks again after each pause until there is something, and gives it.
///
/// # Panics
/// Where there is nothing by then.
#[track_caller]
pub fn wait_within<T>(
    what: &str,
    bound: Duration,
    pause: Duration,
    mut look: impl FnMut() -> Option<T>,
) -> T {
    let deadline = Instant::now() + bound;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "in vain waited {bound:?} for {what}");
        std::thread::sleep(pause);
    }
}
