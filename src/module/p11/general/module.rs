//! All state between C_Initialize and C_Finalize.

use super::lifecycle::InitArgs;
use super::wait::Waits;
use crate::p11::Fault;
use crate::p11::operations::Operations;
use crate::p11::session::Session;
use crate::p11::sessions::Sessions;
use crate::p11::slots::registry::Slots;
use avain_card::token::CertificateStore;
use cryptoki_sys::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// All state between C_Initialize and C_Finalize. Calls hold it by `Arc`, so that those still running at C_Finalize can
/// end safely.
pub struct Module {
    /// The slots.
    pub slots: Arc<Slots>,
    /// The sessions.
    pub sessions: Sessions,
    /// The calls that are blocked in C_WaitForSlotEvent.
    pub(super) waits: Waits,
    closed: AtomicBool,
}

impl Module {
    /// A new module with the readers present now. No daemon is no error: readers may appear later.
    pub(super) fn new(args: InitArgs) -> Self {
        let slots = Arc::new(Slots::new(args.are_of_nss(), CertificateStore::of_environment()));
        slots.list_all();
        // Only events after C_Initialize count (§5.5.4).
        slots.forget_events();
        Module {
            sessions: Sessions::new(slots.clone(), Arc::default()),
            slots,
            waits: Waits::default(),
            closed: AtomicBool::new(false),
        }
    }

    /// The session with a handle.
    pub fn session(&self, handle: CK_SESSION_HANDLE) -> Result<Arc<Session>, Fault> {
        self.sessions.get(handle)
    }

    /// Locks the operations of a session and works with them.
    pub fn operate<R>(
        &self,
        handle: CK_SESSION_HANDLE,
        act: impl FnOnce(&Session, &mut Operations) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        self.sessions.operate(handle, act)
    }

    /// C_GetTokenInfo (§5.5.3).
    pub fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO, Fault> {
        let slot = self.slots.get(slot)?;
        let info = slot.token_info(&self.slots)?;
        let (sessions, read_write) = slot.used().map_or((0, 0), |token| token.lock().count_sessions());
        Ok(CK_TOKEN_INFO {
            ulSessionCount: sessions as CK_ULONG,
            ulRwSessionCount: read_write as CK_ULONG,
            ..info
        })
    }

    /// Was C_Finalize called?
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// C_Finalize: wipes PINs and ends the calls that wait for an event.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.slots.abandon();
        self.waits.end();
    }
}
