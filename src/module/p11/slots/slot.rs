//! A slot: a reader has one for each role of its card.

use super::token::Token;
use crate::p11::Fault;
use avain_card::cards::{CardError, Role};
use avain_card::sys::long_lock::LongLock;
use avain_card::token::{CanState, Insertion, Reader};
use cryptoki_sys::CK_SLOT_ID;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A slot: a reader has one for each role (PIN1, PIN2) of its card.
pub struct Slot {
    /// Its identifier, which stays the same until C_Finalize.
    pub id: CK_SLOT_ID,
    /// The role of its token.
    pub role: Role,
    /// The way to the card.
    pub(crate) reader: Arc<Reader>,
    /// Its token is shown once the card is open: see [`Slot::card`].
    when_open: bool,
    /// The card that sessions were opened with.
    used: Mutex<Option<Arc<Token>>>,
    /// Held during login and logout, so that two threads do not present a PIN at once.
    pub(crate) logging_in: LongLock<()>,
    /// An event that C_WaitForSlotEvent has not reported yet.
    event: AtomicBool,
}

impl Slot {
    pub(super) fn new(id: CK_SLOT_ID, role: Role, reader: Arc<Reader>, when_open: bool) -> Self {
        Slot {
            id,
            role,
            reader,
            when_open,
            used: Mutex::default(),
            logging_in: LongLock::default(),
            // The arrival of a reader is an event of its slots.
            event: AtomicBool::new(true),
        }
    }

    /// Records an event.
    pub(super) fn note_event(&self) {
        self.event.store(true, Ordering::SeqCst);
    }

    /// Was there an event since this was last called?
    pub(super) fn take_event(&self) -> bool {
        self.event.swap(false, Ordering::SeqCst)
    }

    /// The card in the slot, of whatever kind. A card with one PIN has no token in its reader's second slot; nor has one
    /// whose number is missing, for a program that would ask for the number there: with it, people type PIN1.
    pub(crate) fn card(&self) -> Option<Arc<Insertion>> {
        self.reader.insertion().filter(|insertion| {
            self.role == Role::Authentication
                || (insertion.profile().is_none_or(|profile| profile.pin(self.role).is_some())
                    && !(self.when_open && self.reader.can_state(insertion) == CanState::Missing))
        })
    }

    /// The card in the slot, if its kind is known. If its answer to reset does not tell the kind, the card is asked.
    pub(crate) fn token(&self) -> Result<Arc<Insertion>, Fault> {
        let insertion = self.card().ok_or(Fault::TokenNotPresent)?;
        match self.reader.recognise(&insertion) {
            // Without contacts: the holder is asked for its number together with the PIN.
            Err(CardError::Can(_)) if insertion.profile().is_some() => {}
            known => known.map_err(Fault::of_token)?,
        }
        // A card that describes itself may turn out to have one PIN only.
        self.card().ok_or(Fault::TokenNotPresent)
    }

    /// The card that sessions were opened with, if there were any since its insertion.
    pub(crate) fn used(&self) -> Option<Arc<Token>> {
        self.used.lock().clone()
    }

    /// The place of the sessions with this card, unless it is gone.
    pub(crate) fn to_use(&self, insertion: &Arc<Insertion>) -> Option<Arc<Token>> {
        self.end_with_card();
        let mut used = self.used.lock();
        // Asked under this lock, under which everything of a removed card is dropped.
        if !self.reader.holds(insertion) {
            return None;
        }
        Some(used.get_or_insert_with(|| Token::new(insertion.clone())).clone())
    }

    /// Drops everything that belongs to a card which is no longer in the reader.
    pub(crate) fn end_with_card(&self) {
        let gone = self.used.lock().take_if(|token| !self.reader.holds(&token.insertion));
        if let Some(token) = gone {
            token.end();
        }
    }
}
