//! The open sessions (§5.6), with the operations that are active in each.

pub(crate) mod login;
mod pins;

use super::Fault;
use super::objects::handles::NewHandles;
use super::operations::Operations;
use super::session::Session;
use super::slots::registry::Slots;
use super::slots::slot::Slot;
use super::slots::token::{Login, Opened};
use avain_card::log::{self, Record};
use avain_card::sys::long_lock::LongLock;
use cryptoki_sys::*;
use std::any::Any;
use std::sync::Arc;

/// An open session.
pub(crate) struct OpenSession {
    pub(crate) session: Arc<Session>,
    /// The active operations; locked during card I/O of this session.
    operations: LongLock<Operations>,
}

impl Opened for OpenSession {
    fn is_read_write(&self) -> bool {
        self.session.read_write
    }

    fn end_operations(&self) {
        if let Some(mut operations) = self.operations.try_lock() {
            operations.cancel(!(CKF_FIND_OBJECTS | CKF_DIGEST));
        }
    }
}

/// All sessions. They belong to their tokens, and end with them.
pub struct Sessions {
    slots: Arc<Slots>,
    new_handles: Arc<NewHandles>,
}

impl Sessions {
    pub(crate) fn new(slots: Arc<Slots>, new_handles: Arc<NewHandles>) -> Self {
        Sessions { slots, new_handles }
    }

    /// The session with a handle, unless its card is gone.
    fn open_session(&self, handle: CK_SESSION_HANDLE) -> Result<Arc<OpenSession>, Fault> {
        log::debug(|| Record::With { what: "session", number: handle });
        self.slots.refresh_if_stale();
        let open: Option<Arc<dyn Any + Send + Sync>> = self.slots.session(handle).map(|open| open as _);
        let open = open.and_then(|open| open.downcast::<OpenSession>().ok());
        let open = open.ok_or(Fault::SessionHandleInvalid)?;
        if open.session.is_alive() {
            Ok(open)
        } else {
            open.session.slot.end_with_card();
            Err(Fault::SessionHandleInvalid)
        }
    }

    /// The session with a handle.
    pub fn get(&self, handle: CK_SESSION_HANDLE) -> Result<Arc<Session>, Fault> {
        self.open_session(handle).map(|open| open.session.clone())
    }

    /// Locks the operations of a session and works with them: calls on one session wait for each other.
    pub fn operate<R>(
        &self,
        handle: CK_SESSION_HANDLE,
        act: impl FnOnce(&Session, &mut Operations) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let open = self.open_session(handle)?;
        let mut operations = open.operations.lock();
        act(&open.session, &mut operations)
    }

    /// C_OpenSession (§5.6.1).
    pub fn open(&self, slot: CK_SLOT_ID, flags: CK_FLAGS) -> Result<CK_SESSION_HANDLE, Fault> {
        if flags & CKF_SERIAL_SESSION == 0 {
            return Err(Fault::SessionParallelNotSupported);
        }
        if flags & CKF_ASYNC_SESSION != 0 {
            return Err(Fault::SessionAsyncNotSupported);
        }
        let slot = self.slots.get(slot)?;
        let insertion = slot.token()?;
        let token = slot.to_use(&insertion).ok_or(Fault::TokenNotPresent)?;
        let handle = self.new_handles.next() as CK_SESSION_HANDLE;
        let new_handles = self.new_handles.clone();
        let read_write = flags & CKF_RW_SESSION != 0;
        let session =
            Arc::new(Session { handle, slot, token: token.clone(), insertion, read_write, new_handles });
        let open = OpenSession { session, operations: LongLock::default() };
        token.lock().open(handle, Arc::new(open))?;
        Ok(handle)
    }

    /// C_CloseSession (§5.6.2). Closing the last session logs out.
    pub fn close(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.get(handle)?;
        let Session { slot, token, .. } = &*session;
        let mut state = token.lock();
        if state.has_sessions(2) {
            let closed = state.close(handle)?;
            drop(state);
            drop(closed);
            return Ok(());
        }
        // Another session may be opened meanwhile, and log in: whether this one is the last is seen when nobody does.
        drop(state);
        let _one_at_a_time = slot.logging_in.lock();
        let mut state = token.lock();
        let closed = state.close(handle)?;
        let ended = if state.has_sessions(1) { Login::Public } else { state.log_out() };
        drop(state);
        drop(closed);
        slot.end_on_card(token, &ended);
        self.let_card_go(slot);
        Ok(())
    }

    /// Releases the card when the last session of its reader was closed: the program may never call again.
    fn let_card_go(&self, slot: &Slot) {
        let unused = |slot: &Arc<Slot>| slot.used().is_none_or(|token| !token.lock().has_sessions(1));
        if self.slots.pair_of(slot).is_ok_and(|both| both.iter().all(unused)) {
            slot.reader.release();
        }
    }

    /// C_CloseAllSessions (§5.6.3).
    pub fn close_all(&self, slot: CK_SLOT_ID) -> Result<(), Fault> {
        let slot = self.slots.get(slot)?;
        let Some(token) = slot.used().filter(|token| token.lock().has_sessions(1)) else { return Ok(()) };
        let _one_at_a_time = slot.logging_in.lock();
        let mut state = token.lock();
        let (closed, ended) = (state.close_all(), state.log_out());
        drop(state);
        drop(closed);
        slot.end_on_card(&token, &ended);
        self.let_card_go(&slot);
        Ok(())
    }

    /// C_GetSessionInfo (§5.6.4). Asks the daemon whether the card is still there, not the card.
    pub fn info(&self, handle: CK_SESSION_HANDLE) -> Result<CK_SESSION_INFO, Fault> {
        self.slots.refresh();
        let session = self.get(handle)?;
        let read_write = if session.read_write { CKF_RW_SESSION } else { 0 };
        Ok(CK_SESSION_INFO {
            slotID: session.slot.id,
            state: session.state(),
            flags: CKF_SERIAL_SESSION | read_write,
            ulDeviceError: 0,
        })
    }
}
