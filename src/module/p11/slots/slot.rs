//! A slot: a place for the token of one role of the card in one reader.

use super::token::TokenState;
use crate::p11::Fault;
use avain_card::cards::Role;
use avain_card::token::{Insertion, Reader};
use cryptoki_sys::CK_SLOT_ID;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A place for the token of one role of the card in one reader.
pub struct Slot {
    /// Its identifier, the same for as long as the module is in use.
    pub id: CK_SLOT_ID,
    /// Which PIN's token it shows.
    pub role: Role,
    /// The way to the card.
    pub(crate) reader: Arc<Reader>,
    /// Login and handles of the token.
    pub(crate) token: Mutex<TokenState>,
    /// Held while somebody logs in or out, so that two do not present a PIN at once.
    pub(crate) logging_in: Mutex<()>,
    /// Something happened that C_WaitForSlotEvent has not told yet.
    event: AtomicBool,
}

impl Slot {
    pub(super) fn new(id: CK_SLOT_ID, role: Role, reader: Arc<Reader>) -> Self {
        Slot {
            id,
            role,
            reader,
            token: Mutex::default(),
            logging_in: Mutex::default(),
            // The arrival of a reader is an event of its slots.
            event: AtomicBool::new(true),
        }
    }

    /// Something happened to the slot.
    pub(super) fn note_event(&self) {
        self.event.store(true, Ordering::SeqCst);
    }

    /// Did something happen to the slot since this was last asked?
    pub(super) fn take_event(&self) -> bool {
        self.event.swap(false, Ordering::SeqCst)
    }

    /// The card in the slot, whatever it is. A card with one PIN has no token in the other slot of its reader.
    pub(crate) fn card(&self) -> Option<Arc<Insertion>> {
        self.reader.insertion().filter(|insertion| {
            insertion
                .profile()
                .is_none_or(|profile| self.role == Role::Authentication || profile.pin(self.role).is_some())
        })
    }

    /// The card in the slot, if its kind is known. One whose answer to reset leaves that open is asked.
    pub(crate) fn token(&self) -> Result<Arc<Insertion>, Fault> {
        let insertion = self.card().ok_or(Fault::TokenNotPresent)?;
        self.reader.recognise(&insertion).map_err(Fault::of_token)?;
        // What it says may leave this slot without a token.
        self.card().ok_or(Fault::TokenNotPresent)
    }
}
