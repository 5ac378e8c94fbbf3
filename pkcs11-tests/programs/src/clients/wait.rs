//! Waiting for what other programs do.

use std::time::Duration;

/// Longer than anything takes on a slow machine.
const TIMEOUT: Duration = Duration::from_secs(90);
/// Between two looks.
const INTERVAL: Duration = Duration::from_millis(50);

/// Waits until there is something, and returns it.
///
/// # Panics
/// If there is nothing for a long time.
#[track_caller]
pub fn wait_for<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    kit::wait_within(what, TIMEOUT, INTERVAL, look)
}

/// Waits until a condition holds.
///
/// # Panics
/// If it does not for a long time.
#[track_caller]
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    wait_for(what, || condition().then_some(()));
}
