//! Random numbers from the operating system.

use getrandom::SysRng;
use getrandom::rand_core::TryRng;

/// Fills a buffer with random bytes. `None` if the operating system has none.
pub fn fill(room: &mut [u8]) -> Option<()> {
    SysRng.try_fill_bytes(room).ok()
}
