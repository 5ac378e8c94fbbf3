//! Sessions (§5.6): which there are, and in which of the five states they stand.

use super::objects::Find;
use super::sign::SignOperation;
use super::slots::Slot;
use super::{Fault, Module};
use crate::lock::{Mutex, RwLock};
use crate::token::Insertion;
use cryptoki_sys::*;
use std::collections::HashMap;
use std::sync::Arc;

/// A program's session with a token.
pub struct Session {
    /// Its handle.
    pub handle: CK_SESSION_HANDLE,
    /// Its token's slot.
    pub slot: Arc<Slot>,
    /// The card that it was opened with. Another card in the same slot is another token.
    pub(super) insertion: Arc<Insertion>,
    /// CKF_RW_SESSION.
    pub read_write: bool,
    /// What the program is doing with it. Held during card I/O of this session.
    pub(super) work: Mutex<Work>,
}

/// The operations that can be under way in one session.
#[derive(Default)]
pub(super) struct Work {
    pub(super) find: Option<Find>,
    pub(super) sign: Option<SignOperation>,
}

impl Session {
    /// Is the card still the one that the session was opened with?
    fn is_alive(&self) -> bool {
        self.slot.gate.holds(&self.insertion)
    }
}

/// All sessions.
#[derive(Default)]
pub struct Sessions {
    open: RwLock<HashMap<CK_SESSION_HANDLE, Arc<Session>>>,
}

impl Sessions {
    pub(super) fn clear(&self) {
        self.open.write().clear();
    }

    /// Those of one slot that are alive.
    pub(super) fn of_slot(&self, slot: CK_SLOT_ID) -> Vec<Arc<Session>> {
        self.open.read().values().filter(|s| s.slot.id == slot && s.is_alive()).cloned().collect()
    }

    fn remove(&self, handle: CK_SESSION_HANDLE) -> Option<Arc<Session>> {
        self.open.write().remove(&handle)
    }
}

impl Module {
    /// C_OpenSession (§5.6.1).
    pub fn open_session(&self, slot: CK_SLOT_ID, flags: CK_FLAGS) -> Result<CK_SESSION_HANDLE, Fault> {
        if flags & CKF_SERIAL_SESSION == 0 {
            return Err(Fault::SessionParallelNotSupported);
        }
        if flags & CKF_ASYNC_SESSION != 0 {
            return Err(Fault::AsyncNotSupported);
        }
        let slot = self.slot(slot)?;
        let (insertion, _) = slot.token()?;
        let read_write = flags & CKF_RW_SESSION != 0;
        if !read_write && slot.is_security_officer(&insertion) {
            return Err(Fault::ReadWriteSoExists);
        }
        let handle = self.new_handle() as CK_SESSION_HANDLE;
        let session = Session { handle, slot, insertion, read_write, work: Mutex::default() };
        self.sessions.open.write().insert(handle, Arc::new(session));
        Ok(handle)
    }

    /// The session with a handle. One whose card is gone is closed by that.
    pub fn session(&self, handle: CK_SESSION_HANDLE) -> Result<Arc<Session>, Fault> {
        self.slots.glance();
        let session = self.sessions.open.read().get(&handle).cloned().ok_or(Fault::SessionHandleInvalid)?;
        if session.is_alive() {
            Ok(session)
        } else {
            self.sessions.remove(handle);
            Err(Fault::SessionHandleInvalid)
        }
    }

    /// C_CloseSession (§5.6.2). The last one closed logs out.
    pub fn close_session(&self, handle: CK_SESSION_HANDLE) -> Result<(), Fault> {
        let session = self.session(handle)?;
        self.sessions.remove(handle);
        if self.sessions.of_slot(session.slot.id).is_empty() {
            session.slot.end_login(&session.insertion);
        }
        Ok(())
    }

    /// C_CloseAllSessions (§5.6.3).
    pub fn close_all_sessions(&self, slot: CK_SLOT_ID) -> Result<(), Fault> {
        let slot = self.slot(slot)?;
        let sessions = self.sessions.of_slot(slot.id);
        for session in &sessions {
            self.sessions.remove(session.handle);
        }
        if let Some(session) = sessions.first() {
            slot.end_login(&session.insertion);
        }
        Ok(())
    }

    /// C_GetSessionInfo (§5.6.4). Asks the daemon, not the card, whether the card is still there.
    pub fn session_info(&self, handle: CK_SESSION_HANDLE) -> Result<CK_SESSION_INFO, Fault> {
        self.session(handle)?;
        self.slots.refresh_known();
        let session = self.session(handle)?;
        let read_write = if session.read_write { CKF_RW_SESSION } else { 0 };
        Ok(CK_SESSION_INFO {
            slotID: session.slot.id,
            state: session.slot.state(&session),
            flags: CKF_SERIAL_SESSION | read_write,
            ulDeviceError: 0,
        })
    }

    /// C_SessionCancel (§5.6.5): ends the operations named; those that are not under way do not matter.
    pub fn cancel(&self, handle: CK_SESSION_HANDLE, flags: CK_FLAGS) -> Result<(), Fault> {
        let session = self.session(handle)?;
        let mut work = session.work.lock();
        if flags & CKF_FIND_OBJECTS != 0 {
            work.find = None;
        }
        if flags & CKF_SIGN != 0 {
            work.sign = None;
        }
        Ok(())
    }

    /// The slot with an identifier, after asking the daemon for cards that came or went.
    pub(crate) fn slot(&self, id: CK_SLOT_ID) -> Result<Arc<Slot>, Fault> {
        self.slots.refresh_known();
        self.slots.get(id)
    }
}
