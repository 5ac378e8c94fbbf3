//! Sessions (§5.6): which there are, and in which of the five states they stand.

use super::card_key::CardKey;
use super::mechanisms::{self, Mechanism};
use super::objects::Find;
use super::operation::{Kind, Operations};
use super::sign::MessageSigning;
use super::slots::Slot;
use super::verify::Judges;
use super::{Fault, Module};
use avain_card::log::{self, Record};
use avain_card::token::Insertion;
use cryptoki_sys::*;
use parking_lot::{Mutex, RwLock};
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
    pub(super) operations: Operations,
    /// Messages that are signed one after the other.
    pub(super) signing: Option<MessageSigning>,
    pub(super) judges: Judges,
}

impl Work {
    /// The operations that are under way, as CKF_ bits.
    pub(super) fn under_way(&self) -> CK_FLAGS {
        let find = if self.find.is_some() { CKF_FIND_OBJECTS } else { 0 };
        let signing = if self.signing.is_some() { CKF_MESSAGE_SIGN } else { 0 };
        find | signing | self.operations.under_way() | self.judges.under_way()
    }

    /// The key that waits for a login of its own.
    pub(super) fn waiting(&mut self) -> Option<&mut CardKey> {
        let Work { operations, signing, .. } = self;
        operations.waiting().or_else(|| signing.as_mut().and_then(MessageSigning::waiting))
    }

    /// Ends the operations named (§5.6.5); those that are not under way do not matter.
    pub(super) fn cancel(&mut self, flags: CK_FLAGS) {
        if flags & CKF_FIND_OBJECTS != 0 {
            self.find = None;
        }
        for (kind, flag) in Kind::ALL {
            if flags & flag != 0 {
                *self.operations.place(kind) = None;
            }
        }
        if flags & CKF_MESSAGE_SIGN != 0 {
            self.signing = None;
        }
        self.judges.cancel(flags);
    }
}

impl Session {
    /// Is the card still the one that the session was opened with?
    fn is_alive(&self) -> bool {
        self.slot.reader.holds(&self.insertion)
    }

    /// The mechanism with a number, if the token has it for this function (CKF_).
    pub(super) fn mechanism(
        &self,
        kind: CK_MECHANISM_TYPE,
        function: CK_FLAGS,
    ) -> Result<&'static Mechanism, Fault> {
        let profile = self.insertion.profile().ok_or(Fault::SessionHandleInvalid)?;
        let serves = mechanisms::of_token(profile, self.slot.role, kind)
            .filter(|mechanism| mechanisms::functions(profile, self.slot.role, mechanism) & function != 0);
        serves.ok_or(Fault::MechanismInvalid)
    }

    /// What it made goes with it.
    fn forget_objects(&self) {
        self.slot.token.lock().of(&self.insertion).handles.forget_made_by(self.handle);
    }

    /// Ends the operations with keys that wait for their data. One that is carried out right now ends by itself.
    pub(super) fn end_operations(&self) {
        if let Some(mut work) = self.work.try_lock() {
            work.cancel(!(CKF_FIND_OBJECTS | CKF_DIGEST));
        }
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
            return Err(Fault::SessionAsyncNotSupported);
        }
        let slot = self.slot(slot)?;
        let insertion = slot.token()?;
        let read_write = flags & CKF_RW_SESSION != 0;
        if !read_write && slot.is_security_officer(&insertion) {
            return Err(Fault::SessionReadWriteSoExists);
        }
        let handle = self.new_handle() as CK_SESSION_HANDLE;
        let session = Session { handle, slot, insertion, read_write, work: Mutex::default() };
        self.sessions.open.write().insert(handle, Arc::new(session));
        Ok(handle)
    }

    /// The session with a handle. One whose card is gone is closed by that.
    pub fn session(&self, handle: CK_SESSION_HANDLE) -> Result<Arc<Session>, Fault> {
        log::debug(|| Record::With { what: "session", number: handle });
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
        session.forget_objects();
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
            session.forget_objects();
        }
        if let Some(session) = sessions.first() {
            slot.end_login(&session.insertion);
        }
        Ok(())
    }

    /// C_GetSessionInfo (§5.6.4). Asks the daemon, not the card, whether the card is still there.
    pub fn session_info(&self, handle: CK_SESSION_HANDLE) -> Result<CK_SESSION_INFO, Fault> {
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
        session.work.lock().cancel(flags);
        Ok(())
    }

    /// The slot with an identifier, after asking the daemon for cards that came or went.
    pub(crate) fn slot(&self, id: CK_SLOT_ID) -> Result<Arc<Slot>, Fault> {
        self.slots.refresh_known();
        self.slots.get(id)
    }
}
