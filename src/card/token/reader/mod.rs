//! A reader, the card in it, and what is read from that card once.

mod activation;
mod channel;
mod keys;
mod link;
mod pins;

#[cfg(test)]
pub(in crate::token) use channel::Door;
pub use keys::Authority;
pub use pins::Consent;

use super::can::{CanState, CanStore, NoStore};
use super::insertion::{Identity, Insertion};
use super::kept::CertificateStore;
use super::policy::{OncePins, PinHistory};
use super::view::{AuthorityView, Complete, KeyView, Origin, View};
use crate::cards::certificate::common_name;
use crate::cards::profile::{PersonalField, Secret};
use crate::cards::{Can, CardError, CardProfile, PinState, Role};
use crate::sys::long_lock::LongLock;
use crate::transport::keypad::Language;
use crate::transport::watch::ReaderState;
use link::Link;
use once_cell::sync::OnceCell;
use parking_lot::RwLock;
use std::ffi::{CStr, CString};
use std::sync::Arc;

/// A reader.
///
/// Locks: `present` is never held during card I/O; `link` is held during the card I/O of this reader only.
pub struct Reader {
    name: CString,
    present: RwLock<Present>,
    link: LongLock<Link>,
    history: Arc<PinHistory>,
    /// Where certificates are kept for other programs, and taken from.
    store: Arc<CertificateStore>,
    /// Asked before a PIN or code is sent: whether the program goes on.
    goes_on: fn() -> bool,
    /// What the display of its keypad speaks.
    language: Language,
    /// Keeps the numbers that open cards without contacts.
    cans: Arc<dyn CanStore>,
    /// PINs that were accepted for one use each.
    once: OncePins,
}

/// The last known content of the reader.
#[derive(Default)]
struct Present {
    /// Which run of the daemon, and its count of insertions and removals; `None` if unknown.
    count: Option<(u32, u32)>,
    insertion: Option<Arc<Insertion>>,
}

impl Reader {
    /// The reader that the daemon calls `name`.
    pub fn new(name: CString, history: Arc<PinHistory>) -> Self {
        let (present, link, store, language, once) = Default::default();
        let cans = Arc::new(NoStore);
        Reader { name, present, link, history, store, goes_on: || true, language, cans, once }
    }

    /// The same with certificates that are kept for the time of a login session.
    pub fn keeping(self, store: Arc<CertificateStore>) -> Self {
        Reader { store, ..self }
    }

    /// The same for a program that can be interrupted: `goes_on` is asked before each PIN or code is sent.
    pub fn interruptible(self, goes_on: fn() -> bool) -> Self {
        Reader { goes_on, ..self }
    }

    /// The same for a holder who speaks this language.
    pub fn speaking(self, language: Language) -> Self {
        Reader { language, ..self }
    }

    /// The same with a store of the numbers that open cards without contacts.
    pub fn with_cans(self, cans: Arc<dyn CanStore>) -> Self {
        Reader { cans, ..self }
    }

    /// Notes the number that the holder has typed. It is tried when something is next done with the card. No card I/O.
    pub fn give_can(&self, insertion: &Insertion, can: Can) -> Result<(), CardError> {
        if !insertion.wants_channel() {
            return Err(CardError::Unsupported);
        }
        insertion.cans.give(can).map_err(CardError::Can)
    }

    /// What is known of the number that opens the card, once the store was asked. No card I/O.
    pub fn can_state(&self, insertion: &Insertion) -> CanState {
        if let Some(profile) = insertion.assumed_profile().filter(|_| insertion.wants_channel()) {
            insertion.cans.ask(self.cans.as_ref(), profile);
        }
        insertion.can_state()
    }

    /// The card was lifted off the reader and laid back: what opened it is to be tried again. No card I/O.
    pub fn take_over(&self, from: &Insertion, to: &Insertion) {
        to.cans.take_over(&from.cans);
    }

    /// The daemon's name of the reader.
    pub fn name(&self) -> &CStr {
        &self.name
    }

    /// The card in the reader, as last reported by the daemon.
    pub fn insertion(&self) -> Option<Arc<Insertion>> {
        self.present.read().insertion.clone()
    }

    /// Is this still the card in the reader?
    pub fn holds(&self, insertion: &Arc<Insertion>) -> bool {
        self.present.read().insertion.as_ref().is_some_and(|known| Arc::ptr_eq(known, insertion))
    }

    /// Notes the state that the daemon reports; `None` if the reader is gone. Wipes what belonged to a card that is gone,
    /// and PINs whose time is over. No card I/O. Returns whether a card was inserted or removed, or both.
    pub fn observe(&self, state: Option<&ReaderState>) -> bool {
        let count = state.map(|state| (state.daemon, state.events));
        let mut present = self.present.write();
        let changed = present.count != count;
        // While a program resets the card, the daemon may report the card without its answer to reset, and later with it.
        let answers = present.insertion.as_ref().is_some_and(|insertion| insertion.is_mute())
            && state.is_some_and(|state| state.card.as_ref().is_some_and(|atr| !atr.is_empty()));
        if changed || answers {
            let insertion = state.and_then(|s| s.card.as_deref().map(|atr| Insertion::new(atr, s.events)));
            *present = Present { count, insertion };
            self.once.wipe_all();
        }
        drop(present);
        self.once.wipe_expired();
        self.release_if_stale();
        changed
    }

    /// Wipes all PINs and closes the connection; if the card is busy, the running operation does so when it
    /// ends. For C_Finalize: no card I/O, never waits.
    pub fn abandon(&self) {
        *self.present.write() = Present::default();
        self.once.wipe_all();
        self.release_if_stale();
    }

    /// Finds out what kind of card it is. Its files are read only if the answer to reset does not say enough, and
    /// only once.
    pub fn recognise(&self, insertion: &Arc<Insertion>) -> Result<(), CardError> {
        if insertion.pending_reading().is_some() {
            self.identity(insertion)?;
        }
        recognised(insertion).map(drop)
    }

    /// The identity of the card; read once.
    pub fn identity<'i>(&self, insertion: &'i Arc<Insertion>) -> Result<&'i Identity, CardError> {
        let identity =
            insertion.identity.get_or_try_init(|| self.with_card(insertion, |card| card.read_identity()))?;
        if let Some(profile) = insertion.profile() {
            insertion.cans.tell_accepted(self.cans.as_ref(), profile, identity);
        }
        Ok(identity)
    }

    /// The state of a PIN. The card is asked only if it is not known.
    pub fn pin(&self, insertion: &Arc<Insertion>, role: Role) -> Result<Option<PinState>, CardError> {
        self.identity(insertion)?;
        let secret = Secret::Pin(role);
        if !insertion.knows(secret) {
            self.with_card(insertion, |card| {
                card.make_certain()?;
                card.ask_pins()
            })?;
        }
        Ok(insertion.pin(secret))
    }

    /// The last known state of the PUK. The card is asked for it only when it matters, but not for a list of tokens.
    pub fn puk(&self, insertion: &Insertion) -> Option<PinState> {
        insertion.pin(Secret::Puk)
    }

    /// The keys of a role with their certificates; read once.
    pub fn view(&self, insertion: &Arc<Insertion>, role: Role) -> Result<Arc<View>, CardError> {
        self.identity(insertion)?;
        let Some(view) = insertion.view(role) else { return Err(CardError::Unsupported) };
        read_once(view, || {
            let (view, complete) = self.with_card(insertion, |card| card.read_view(role))?;
            self.tell_holder(insertion, &view);
            Ok((view, complete))
        })
    }

    /// Tells the store whose card its number has opened.
    fn tell_holder(&self, insertion: &Insertion, view: &View) {
        if !insertion.wants_channel() {
            return;
        }
        let of_card = view.first().filter(|key| key.origin == Origin::Card);
        let holder = of_card.and_then(|key| common_name(&key.certificate.subject));
        if let (Some(profile), Some(card), Some(holder)) =
            (insertion.profile(), insertion.identity.get(), holder)
        {
            self.cans.belongs_to(profile, card, &holder);
        }
    }

    /// The CA certificates on the card; read once.
    pub fn authorities(&self, insertion: &Arc<Insertion>) -> Result<Arc<Vec<AuthorityView>>, CardError> {
        self.identity(insertion)?;
        read_once(&insertion.authorities, || self.with_card(insertion, |card| card.read_authorities()))
    }

    /// Makes certain that a public key is that of the card, before anything is judged by it or encrypted with it. If its
    /// certificate was kept, it is compared whole, once. If it is another one, the card counts as another one, too.
    pub fn prove(&self, insertion: &Arc<Insertion>, key: &KeyView) -> Result<(), CardError> {
        let file = &key.spec.certificate;
        if key.origin == Origin::Kept && !insertion.was_compared(file) {
            self.with_card(insertion, |card| card.prove(key))?;
            insertion.note_compared(file);
        }
        Ok(())
    }

    /// Personal data that can be read without a PIN.
    pub fn personal_data(
        &self,
        insertion: &Arc<Insertion>,
    ) -> Result<Vec<(PersonalField, String)>, CardError> {
        self.identity(insertion)?;
        self.with_card(insertion, |card| card.personal_data())
    }
}

/// Why the result of a reading is not kept.
enum NotKept<T> {
    /// A part could not be read; the next attempt may succeed.
    Incomplete(Arc<T>),
    Failed(CardError),
}

/// Reads something once and keeps it. An incomplete result is returned, but not kept.
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
