//! Children of this process, as other processes with the module.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// A forked child. It has the module as its parent has it: loaded, and not in use.
pub struct Child(libc::pid_t);

impl Child {
    /// Forks. The child does its work and ends by `_exit` with what it gives, 101 where it panics: nothing of
    /// its parent's is cleaned up. A signal ends it where it takes longer than `patience`.
    ///
    /// # Panics
    /// Where there can be no child.
    pub fn fork(patience: Duration, work: impl FnOnce() -> libc::c_int) -> Self {
        let patience = libc::c_uint::try_from(patience.as_secs()).unwrap_or(libc::c_uint::MAX);
        // SAFETY: the child has this one thread, and what it calls is the module and the allocator, which
        // glibc keeps usable.
        match unsafe { libc::fork() } {
            0 => {
                // SAFETY: a system call without pointers.
                unsafe { libc::alarm(patience) };
                // What the parent's tests print is kept for later, and the child has no later.
                std::panic::set_hook(Box::new(|panic| {
                    let _ = writeln!(std::io::stderr(), "in a child: {panic}");
                }));
                let status = catch_unwind(AssertUnwindSafe(work)).unwrap_or(101);
                // SAFETY: as above.
                unsafe { libc::_exit(status) }
            }
            -1 => panic!("fork: {}", std::io::Error::last_os_error()),
            id => Self(id),
        }
    }

    /// Its process.
    pub fn id(&self) -> libc::pid_t {
        self.0
    }

    /// Ends it, and tells how it ended: by this, SIGKILL.
    pub fn kill(self) -> libc::c_int {
        // SAFETY: the child is our own and not yet waited for, so the number is still its own.
        unsafe { libc::kill(self.0, libc::SIGKILL) };
        self.wait()
    }

    /// How the child ended, when it has: 0 is well.
    ///
    /// # Panics
    /// Where it is no child.
    pub fn wait(self) -> libc::c_int {
        let mut status = 0;
        // SAFETY: the child is our own and not yet waited for.
        assert_eq!(unsafe { libc::waitpid(self.0, &mut status, 0) }, self.0);
        status
    }
}
