//! Waiting for what happens without our doing.

use std::time::{Duration, Instant};

/// Longer than anything takes on a slow machine.
const BOUND: Duration = Duration::from_secs(90);

/// Waits until there is something, and gives it.
///
/// # Panics
/// Where there is nothing for a long time.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + BOUND;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "in vain waited for {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
