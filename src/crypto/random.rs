//! Random numbers of the operating system.

use rand_core::{OsRng, RngCore};

/// Fills the room with random bytes. `None` where the system has none to give.
pub fn fill(room: &mut [u8]) -> Option<()> {
    OsRng.try_fill_bytes(room).ok()
}
