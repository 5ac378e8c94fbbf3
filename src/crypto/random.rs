//! Random numbers of the operating system.

use getrandom::SysRng;
use getrandom::rand_core::TryRng;

/// Fills the room with random bytes. `None` where the system has none to give.
pub fn fill(room: &mut [u8]) -> Option<()> {
    SysRng.try_fill_bytes(room).ok()
}
