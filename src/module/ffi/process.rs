//! One life cycle per process. After a fork the child starts with a fresh one (§5.4.1) and never touches the locks and
//! connections that it inherited: a thread of the parent that the child does not have may have held them.

use crate::p11::general::lifecycle::Lifecycle;
use avain_card::sys::fork::generation;
use std::sync::atomic::{AtomicPtr, Ordering};

struct Cell {
    process: u64,
    lifecycle: Lifecycle,
}

/// Cells are never freed: a thread may be using one at any time, and there is at most one per fork.
static CELL: AtomicPtr<Cell> = AtomicPtr::new(std::ptr::null_mut());

/// The life cycle of the module in this process.
pub(super) fn lifecycle() -> &'static Lifecycle {
    let process = generation();
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
