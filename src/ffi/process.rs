//! One life-cycle per process. After fork the child has a fresh one (§5.4.1): it touches neither the locks nor
//! the connections that it inherited, because another thread of the parent may have held them.

use crate::p11::lifecycle::Lifecycle;
use crate::transport::calls;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

struct Cell {
    process: u32,
    lifecycle: Lifecycle,
}

/// Cells are never freed: a thread may be using one at any time, and there is one per fork at most.
static CELL: AtomicPtr<Cell> = AtomicPtr::new(std::ptr::null_mut());

/// The life-cycle of the module in this process.
pub(super) fn lifecycle() -> &'static Lifecycle {
    let process = std::process::id();
    let known = CELL.load(Ordering::Acquire);
    // SAFETY: null, or a cell leaked below, which stays valid and is only shared.
    if let Some(cell) = unsafe { known.as_ref() }
        && cell.process == process
    {
        return &cell.lifecycle;
    }
    let fresh = Box::into_raw(Box::new(Cell { process, lifecycle: Lifecycle::default() }));
    match CELL.compare_exchange(known, fresh, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            // SAFETY: just leaked, and published for ever.
            let cell = unsafe { &*fresh };
            &cell.lifecycle
        }
        Err(winner) => {
            // SAFETY: `fresh` was never shared, so this is its only owner.
            drop(unsafe { Box::from_raw(fresh) });
            // SAFETY: another thread of this process published it by the line above.
            let cell = unsafe { &*winner };
            &cell.lifecycle
        }
    }
}

/// Has calls of the PC/SC library pause for every fork. Done once, at the first C_Initialize. The library stays
/// mapped, so the functions are there as long as the process is.
pub(super) fn watch_forks() {
    static WATCHED: AtomicBool = AtomicBool::new(false);
    extern "C" fn before() {
        calls::pause();
    }
    extern "C" fn in_parent() {
        calls::resume();
    }
    extern "C" fn in_child() {
        calls::forget();
    }
    if !WATCHED.swap(true, Ordering::AcqRel) {
        // SAFETY: functions for ever, which allocate nothing and take no lock. Where they are refused for want of
        // memory, the module works, and a fork is as safe as the PC/SC library makes it.
        let _ = unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_enter_together_share_one_life_cycle() {
        let enter = || std::ptr::from_ref(lifecycle()).addr();
        let seen: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(enter)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(seen, [enter(); 4]);
    }
}
