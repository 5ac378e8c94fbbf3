//! The open sessions (§5.6), with the operations that are active in each.

pub(crate) mod login;
mod pins;

use super::Fault;
use super::objects::handles::NewHandles;
use super::operations::Operations;
use super::session::Session;
use super::slots::registry::Slots;
use avain_card::log::{self, Record};
use cryptoki_sys::*;
use parking_lot::{Mutex, RwLock};
use std::collections::HashMap;
use std::sync::Arc;

/// An open session.
pub(crate) struct OpenSession {
    pub(crate) session: Arc<Session>,
    /// The active operations; locked during card I/O of this session.
    operations: Mutex<Operations>,
}

impl OpenSession {
    /// Ends the operations with keys that still wait for data. One that is being carried out ends by itself.
    pub(crate) fn end_operations(&self) {
        if let Some(mut operations) = self.operations.try_lock() {
            operations.cancel(!(CKF_FIND_OBJECTS | CKF_DIGEST));
        }
    }
}

/// All sessions.
pub struct Sessions {
    slots: Arc<Slots>,
    new_handles: Arc<NewHandles>,
    open: RwLock<HashMap<CK_SESSION_HANDLE, Arc<OpenSession>>>,
}

impl Sessions {
    pub(crate) fn new(slots: Arc<Slots>, new_handles: Arc<NewHandles>) -> Self {
        Sessions { slots, new_handles, open: RwLock::default() }
    }

    pub(crate) fn clear(&self) {
        self.open.write().clear();
    }

    /// The sessions of one slot whose card is still there.
    pub(crate) fn of_slot(&self, slot: CK_SLOT_ID) -> Vec<Arc<OpenSession>> {
        let open = self.open.read();
        open.values()
            .filter(|open| open.session.slot.id == slot && open.session.is_alive())
            .cloned()
            .collect()
    }

    fn remove(&self, handle: CK_SESSION_HANDLE) -> Option<Arc<OpenSession>> {
        self.open.write().remove(&handle)
    }

    /// The session with a handle. If its card is gone, it is closed.
    fn open_session(&self, handle: CK_SESSION_HANDLE) -> Result<Arc<OpenSession>, Fault> {
        log::debug(|| Record::With { what: "session", number: handle });
        self.slots.refresh_if_stale();
        let open = self.open.read().get(&handle).cloned().ok_or(Fault::SessionHandleInvalid)?;
        if open.session.is_alive() {
            Ok(open)
        } else {
            self.remove(handle);
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
        let read_write = flags & CKF_RW_SESSION != 0;
        if !read_write && slot.is_security_officer(&insertion) {
            return Err(Fault::SessionReadWriteSoExists);
        }
        let handle = self.new_handles.next() as CK_SESSION_HANDLE;
        let new_handles = self.new_handles.clone();
        let session = Arc::new(Session { handle, slot, insertion, read_write, new_handles });
        self.open.write().insert(handle, Arc::new(OpenSession { session, operations: Mutex::default() }));
        Ok(handle)
    }

    /// C_CloseSession (§5.6.2). Closing the last session logs out.
    pub fn close(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.get(handle)?;
        self.remove(handle);
        session.forget_objects();
        if self.of_slot(session.slot.id).is_empty() {
            session.slot.end_login(&session.insertion);
        }
        Ok(())
    }

    /// C_CloseAllSessions (§5.6.3).
    pub fn close_all(&self, slot: CK_SLOT_ID) -> Result<(), Fault> {
        let slot = self.slots.get(slot)?;
        let sessions = self.of_slot(slot.id);
        for OpenSession { session, .. } in sessions.iter().map(|open| &**open) {
            self.remove(session.handle);
            session.forget_objects();
        }
        if let Some(open) = sessions.first() {
            slot.end_login(&open.session.insertion);
        }
        Ok(())
    }

    /// C_GetSessionInfo (§5.6.4). Asks the daemon whether the card is still there, not the card.
    pub fn info(&self, handle: CK_SESSION_HANDLE) -> Result<CK_SESSION_INFO, Fault> {
        self.slots.refresh_known();
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
