//! The identity of a session (§5.6).

use super::objects::handles::NewHandles;
use super::slots::slot::Slot;
use super::slots::token::Token;
use avain_card::token::Insertion;
use cryptoki_sys::*;
use std::sync::Arc;

/// A program's session with a token.
pub struct Session {
    /// Its handle.
    pub handle: CK_SESSION_HANDLE,
    /// The slot of its token.
    pub slot: Arc<Slot>,
    /// Login and objects, shared with the other sessions.
    pub(crate) token: Arc<Token>,
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

    /// Can its PIN be entered on the keypad of the reader, which then has one?
    pub(crate) fn takes_keypad(&self) -> bool {
        let (reader, insertion) = (&self.slot.reader, &self.insertion);
        reader.ask_for_keypad(insertion).is_ok() && reader.takes_pin(insertion, self.slot.role)
    }

    /// Its state (§3.3, CK_STATE).
    pub(crate) fn state(&self) -> CK_STATE {
        self.token.state(self.read_write)
    }
}
