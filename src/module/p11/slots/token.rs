//! A card in a slot, from its insertion to its removal: the sessions with it, who is logged in, the handles of its
//! objects. All of it is behind one lock, and ends at once with the card.

use crate::p11::Fault;
use crate::p11::objects::handles::Handles;
use avain_card::cards::Entered;
use avain_card::token::{Insertion, OncePin};
use cryptoki_sys::*;
use parking_lot::{Mutex, MutexGuard};
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who is logged in.
#[derive(Default)]
pub(crate) enum Login {
    /// Nobody.
    #[default]
    Public,
    /// The user. If the key needs its PIN each time, the PIN given at login is good for the first signature.
    User(Option<OncePin>),
    /// The security officer, with the activation PIN or PUK. No command tests it without risking a try, so it is kept
    /// and checked when it is used.
    SecurityOfficer(Arc<Entered>),
}

/// An open session, as far as its token has to know it.
pub(crate) trait Opened: Any + Send + Sync {
    /// Was it opened with CKF_RW_SESSION?
    fn is_read_write(&self) -> bool;
    /// Ends the operations with keys that still wait for data. One that is being carried out ends by itself.
    fn end_operations(&self);
}

/// A card in a slot.
pub(crate) struct Token {
    pub(crate) insertion: Arc<Insertion>,
    state: Mutex<TokenState>,
}

/// What changes while the card is in the slot.
#[derive(Default)]
pub(crate) struct TokenState {
    /// The card was removed, or the module finalized: nothing more is kept.
    ended: bool,
    pub(crate) login: Login,
    pub(crate) handles: Handles,
    sessions: BTreeMap<CK_SESSION_HANDLE, Arc<dyn Opened>>,
}

impl Token {
    pub(super) fn new(insertion: Arc<Insertion>) -> Arc<Self> {
        Arc::new(Token { insertion, state: Mutex::default() })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, TokenState> {
        self.state.lock()
    }

    /// The open sessions.
    pub(crate) fn sessions(&self) -> Vec<Arc<dyn Opened>> {
        self.lock().sessions.values().cloned().collect()
    }

    /// Drops sessions, login and handles. Whoever still works with one of them finds it empty.
    pub(super) fn end(&self) {
        // Dropped after the lock was released: a session may be the last to know its token.
        let _dropped =
            std::mem::replace(&mut *self.lock(), TokenState { ended: true, ..TokenState::default() });
    }
}

impl TokenState {
    pub(crate) fn is_user(&self) -> bool {
        matches!(self.login, Login::User(_))
    }

    /// Adds a session. Read-only ones exclude the security officer, and the other way round.
    pub(crate) fn open(&mut self, handle: CK_SESSION_HANDLE, session: Arc<dyn Opened>) -> Result<(), Fault> {
        if self.ended {
            return Err(Fault::TokenNotPresent);
        }
        if !session.is_read_write() && matches!(self.login, Login::SecurityOfficer(_)) {
            return Err(Fault::SessionReadWriteSoExists);
        }
        self.sessions.insert(handle, session);
        Ok(())
    }

    /// The open session with a handle.
    pub(super) fn session(&self, handle: CK_SESSION_HANDLE) -> Option<Arc<dyn Opened>> {
        self.sessions.get(&handle).cloned()
    }

    /// Are there so many sessions open, or more?
    pub(crate) fn has_sessions(&self, least: usize) -> bool {
        self.sessions.len() >= least
    }

    /// How many sessions are open, and how many of them are read-write.
    pub(crate) fn count_sessions(&self) -> (usize, usize) {
        let read_write = self.sessions.values().filter(|session| session.is_read_write()).count();
        (self.sessions.len(), read_write)
    }

    /// Closes a session and destroys its objects.
    pub(crate) fn close(&mut self, handle: CK_SESSION_HANDLE) -> Result<Arc<dyn Opened>, Fault> {
        let closed = self.sessions.remove(&handle).ok_or(Fault::SessionHandleInvalid)?;
        self.handles.forget_objects_of(handle);
        Ok(closed)
    }

    /// Closes all sessions.
    pub(crate) fn close_all(&mut self) -> Vec<Arc<dyn Opened>> {
        self.handles.forget_objects();
        std::mem::take(&mut self.sessions).into_values().collect()
    }

    /// May this kind of user log in (§5.6.8)?
    pub(crate) fn may_log_in(&self, user: CK_USER_TYPE) -> Result<(), Fault> {
        match (&self.login, user) {
            (Login::Public, CKU_SO) if self.sessions.values().any(|session| !session.is_read_write()) => {
                Err(Fault::SessionReadOnlyExists)
            }
            (Login::Public, _) => Ok(()),
            (Login::User(_), CKU_USER) | (Login::SecurityOfficer(_), CKU_SO) => {
                Err(Fault::UserAlreadyLoggedIn)
            }
            _ => Err(Fault::UserAnotherAlreadyLoggedIn),
        }
    }

    /// The user has logged in, and may use a key once that needs its PIN each time.
    pub(crate) fn log_in(&mut self, once: OncePin) -> Result<(), Fault> {
        if self.ended {
            return Err(Fault::DeviceRemoved);
        }
        self.login = Login::User(Some(once));
        Ok(())
    }

    /// Ends the login; handles of private objects become invalid for good. Returns what it was.
    pub(crate) fn log_out(&mut self) -> Login {
        self.handles.forget_private();
        std::mem::take(&mut self.login)
    }
}
