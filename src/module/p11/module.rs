//! The module in use: what lives from C_Initialize to C_Finalize.

use super::session::Sessions;
use super::slots::Slots;
use avain_card::transport::watch::Waker;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// All state of one use of the module. Calls hold it by `Arc`, so that one which is still busy at C_Finalize
/// ends in peace.
pub struct Module {
    pub(super) slots: Slots,
    pub(super) sessions: Sessions,
    /// Who is blocked in C_WaitForSlotEvent, by number.
    pub(super) waiters: Mutex<Vec<(u64, Waker)>>,
    closed: AtomicBool,
    handles: AtomicU64,
}

impl Module {
    /// A fresh module that knows the readers of this moment. No daemon is no error: readers may come later.
    pub(super) fn new() -> Self {
        let module = Module {
            slots: Slots::default(),
            sessions: Sessions::default(),
            waiters: Mutex::default(),
            closed: AtomicBool::new(false),
            handles: AtomicU64::new(1),
        };
        module.slots.refresh_all();
        // Events are those since C_Initialize (§5.5, C_WaitForSlotEvent).
        module.slots.forget_events();
        module
    }

    /// A handle for a session or an object. Handles are never used again, so an old one can not come to mean
    /// another person's key.
    pub(super) fn new_handle(&self) -> u64 {
        self.handles.fetch_add(1, Ordering::Relaxed)
    }

    /// Was the use of the module ended by C_Finalize?
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// The end: PINs are wiped, waiters woken.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        for (_, waker) in self.waiters.lock().iter() {
            waker.wake();
        }
        self.slots.abandon();
        self.sessions.clear();
    }
}
