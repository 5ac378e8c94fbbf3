//! One reader: the card in it, what is known of that card, and the one way to it.

mod keys;
mod link;
mod pins;

pub use keys::Authority;
pub use pins::Consent;
pub(super) use pins::{check_setting, require_consent};

use super::insertion::{Identity, Insertion};
use super::policy::RefusedPins;
use super::view::{AuthorityView, Complete, View};
use crate::cards::profile::{PersonalField, Secret};
use crate::cards::{CardError, CardProfile, PinState, Role};
use crate::transport::watch::ReaderState;
use link::Link;
use once_cell::sync::OnceCell;
use parking_lot::{Mutex, RwLock};
use std::ffi::{CStr, CString};
use std::sync::Arc;

/// One reader.
///
/// Locks: `present` guards a few words and is never held during card I/O; `link` is held during the card I/O
/// of this reader, and of no other.
pub struct Reader {
    name: CString,
    present: RwLock<Present>,
    link: Mutex<Link>,
    refused: Arc<RefusedPins>,
}

/// What was last heard of the reader.
#[derive(Default)]
struct Present {
    /// Which run of the daemon, and its count of insertions and removals. `None` when nothing is certain.
    count: Option<(u32, u32)>,
    insertion: Option<Arc<Insertion>>,
}

impl Reader {
    /// The reader that the daemon calls `name`.
    pub fn new(name: CString, refused: Arc<RefusedPins>) -> Self {
        Reader { name, present: RwLock::default(), link: Mutex::default(), refused }
    }

    /// The daemon's name of the reader.
    pub fn name(&self) -> &CStr {
        &self.name
    }

    /// The card that is in the reader, as last heard of.
    pub fn insertion(&self) -> Option<Arc<Insertion>> {
        self.present.read().insertion.clone()
    }

    /// Is this still the card in the reader?
    pub fn holds(&self, insertion: &Arc<Insertion>) -> bool {
        self.present.read().insertion.as_ref().is_some_and(|known| Arc::ptr_eq(known, insertion))
    }

    /// Takes note of what the daemon says of the reader; `None` when it is gone. No card I/O. Tells whether a
    /// card came or went, or both.
    pub fn observe(&self, state: Option<&ReaderState>) -> bool {
        let count = state.map(|state| (state.daemon, state.events));
        let mut present = self.present.write();
        let changed = present.count != count;
        if changed {
            let insertion = state.and_then(|s| s.card.as_deref().map(|atr| Insertion::new(atr, s.events)));
            *present = Present { count, insertion };
        }
        drop(present);
        self.release_if_stale();
        changed
    }

    /// Wipes what is kept of PINs and gives the connection up, unless the card is busy; then its present
    /// operation does so at its end. For the end of the module's use: no card I/O, never waits.
    pub fn abandon(&self) {
        *self.present.write() = Present::default();
        self.release_if_stale();
    }

    /// Finds out what the card is; only one whose answer to reset leaves something open is asked, once.
    pub fn recognise(&self, insertion: &Arc<Insertion>) -> Result<(), CardError> {
        if insertion.pending_reading().is_some() {
            self.identity(insertion)?;
        }
        recognised(insertion).map(drop)
    }

    /// Who the card is; asked once.
    pub fn identity<'i>(&self, insertion: &'i Arc<Insertion>) -> Result<&'i Identity, CardError> {
        insertion.identity.get_or_try_init(|| self.with_card(insertion, |card| card.read_identity()))
    }

    /// How a PIN stands, as far as this process knows; the card is asked when that is not known.
    pub fn pin(&self, insertion: &Arc<Insertion>, role: Role) -> Result<Option<PinState>, CardError> {
        self.identity(insertion)?;
        let secret = Secret::Pin(role);
        if !insertion.knows(secret) {
            self.with_card(insertion, |card| {
                card.make_ready()?;
                card.ask_pins()
            })?;
        }
        Ok(insertion.pin(secret))
    }

    /// How the PUK stood when it was last heard of. The card is asked for it only when it matters, not for a
    /// list of tokens.
    pub fn puk(&self, insertion: &Insertion) -> Option<PinState> {
        insertion.pin(Secret::Puk)
    }

    /// The keys of a role and their certificates; read once.
    pub fn view(&self, insertion: &Arc<Insertion>, role: Role) -> Result<Arc<View>, CardError> {
        self.identity(insertion)?;
        let Some(view) = insertion.view(role) else { return Err(CardError::Unsupported) };
        read_once(view, || self.with_card(insertion, |card| card.read_view(role)))
    }

    /// The certificates of authorities that the card carries along; read once.
    pub fn authorities(&self, insertion: &Arc<Insertion>) -> Result<Arc<Vec<AuthorityView>>, CardError> {
        self.identity(insertion)?;
        read_once(&insertion.authorities, || self.with_card(insertion, |card| card.read_authorities()))
    }

    /// What the card tells everybody of its holder.
    pub fn personal_data(
        &self,
        insertion: &Arc<Insertion>,
    ) -> Result<Vec<(PersonalField, String)>, CardError> {
        self.identity(insertion)?;
        self.with_card(insertion, |card| card.personal_data())
    }
}

/// Why something that was read is not kept.
enum NotKept<T> {
    /// A part could not be read; whoever asks next may get all of it.
    Incomplete(Arc<T>),
    Failed(CardError),
}

/// What is read once and kept. What is incomplete is returned all the same.
fn read_once<T>(
    kept: &OnceCell<Arc<T>>,
    read: impl FnOnce() -> Result<(T, Complete), CardError>,
) -> Result<Arc<T>, CardError> {
    let known = kept.get_or_try_init(|| match read() {
        Ok((found, Complete::Yes)) => Ok(Arc::new(found)),
        Ok((found, Complete::No)) => Err(NotKept::Incomplete(Arc::new(found))),
        Err(error) => Err(NotKept::Failed(error)),
    });
    match known {
        Ok(found) => Ok(found.clone()),
        Err(NotKept::Incomplete(found)) => Ok(found),
        Err(NotKept::Failed(error)) => Err(error),
    }
}

fn recognised(insertion: &Insertion) -> Result<&CardProfile, CardError> {
    insertion.profile().ok_or(CardError::Unrecognised)
}
