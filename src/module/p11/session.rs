//! The identity of a session (§5.6).

use super::objects::handles::NewHandles;
use super::slots::slot::Slot;
use avain_card::token::Insertion;
use cryptoki_sys::*;
use std::sync::Arc;

/// A program's session with a token.
pub struct Session {
    /// Its handle.
    pub handle: CK_SESSION_HANDLE,
    /// The slot of its token.
    pub slot: Arc<Slot>,
    /// The card that it was opened with; another card in the same slot is another token.
    pub(crate) insertion: Arc<Insertion>,
    /// CKF_RW_SESSION.
    pub read_write: bool,
    /// Numbers the objects that it finds or creates.
    pub(crate) new_handles: Arc<NewHandles>,
}

impl Session {
    /// Is the card still the one that the session was opened with?
    pub(crate) fn is_alive(&self) -> bool {
        self.slot.reader.holds(&self.insertion)
    }

    /// Its state (§3.3, CK_STATE).
    pub(crate) fn state(&self) -> CK_STATE {
        self.slot.state(&self.insertion, self.read_write)
    }

    /// Destroys its session objects.
    pub(crate) fn forget_objects(&self) {
        self.slot.token.lock().for_card(&self.insertion).handles.forget_objects_of(self.handle);
    }
}
