//! The way to the card in one reader: one lock, one connection, one transaction per operation.

use super::insertion::{Identity, Insertion};
use super::policy::{IDLE_CONNECTION, OncePin, RefusedPins};
use super::transaction::{CardState, SessionPin, Transaction, check_new};
use super::view::{AuthorityView, Complete, KeyView, View};
use crate::cards::engine::{KeyTask, Probe, SignInput};
use crate::cards::profile::{Delivery, Padding, PinSpec, Secret, Statement, Writing};
use crate::cards::{CardError, CardProfile, NewPin, Pin, PinError, PinState, Role};
use crate::iso7816::{Channel, StatusWord};
use crate::log::{self, Record, Word};
use crate::transport::pcsc::{Connection, PcscTransaction, WasReset};
use crate::transport::watch::ReaderState;
use crate::transport::{Protocol, Transport, TransportError};
use once_cell::sync::OnceCell;
use parking_lot::{Mutex, RwLock};
use std::ffi::{CStr, CString};
use std::sync::Arc;
use std::time::Instant;
use zeroize::Zeroizing;

/// What permits the use of a key.
pub enum Authority {
    /// The role's PIN was given and stands.
    SessionPin,
    /// The role's PIN was given for this one use.
    Once(OncePin),
}

/// One reader.
///
/// Locks: `present` guards a few words and is never held during card I/O; `link` is held during the card I/O
/// of this reader, and of no other.
pub struct Reader {
    reader: CString,
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

/// The connection, to which insertion it belongs, and what goes with it.
#[derive(Default)]
struct Link {
    insertion: Option<Arc<Insertion>>,
    connection: Option<Connection>,
    card_state: CardState,
    standing: SessionPin,
    used: Option<Instant>,
}

impl Reader {
    /// The reader of the reader that the daemon calls `reader`.
    pub fn new(reader: CString, refused: Arc<RefusedPins>) -> Self {
        Reader { reader, present: RwLock::default(), link: Mutex::default(), refused }
    }

    /// The daemon's name of the reader.
    pub fn reader(&self) -> &CStr {
        &self.reader
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
        self.let_go();
        changed
    }

    /// Gives the connection up when its card is gone, or when it has been idle and no PIN stands. Never waits.
    fn let_go(&self) {
        let Some(mut link) = self.link.try_lock() else { return };
        let current = link.insertion.as_ref().is_some_and(|insertion| self.holds(insertion));
        let idle = link.used.is_none_or(|used| used.elapsed() >= IDLE_CONNECTION);
        if !current || (idle && link.standing.0.is_none()) {
            *link = Link::default();
        }
    }

    /// Wipes what is kept of PINs and gives the connection up, unless the card is busy; then its present
    /// operation does so at its end. For the end of the module's use: no card I/O, never waits.
    pub fn abandon(&self) {
        *self.present.write() = Present::default();
        self.let_go();
    }

    /// Gives the connection up while nothing is done with the card: a person may take all the time to type, and
    /// other programs want it meanwhile. Never waits.
    pub fn rest(&self) {
        if let Some(mut link) = self.link.try_lock()
            && link.standing.0.is_none()
        {
            *link = Link::default();
        }
    }

    /// Finds out what the card is; only one whose answer to reset leaves something open is asked, once.
    pub fn recognise(&self, insertion: &Arc<Insertion>) -> Result<(), CardError> {
        if insertion.reading().is_some() {
            self.identity(insertion)?;
        }
        recognised(insertion).map(drop)
    }

    /// Who the card is; asked once.
    pub fn identity<'i>(&self, insertion: &'i Arc<Insertion>) -> Result<&'i Identity, CardError> {
        insertion.identity.get_or_try_init(|| self.with_card(insertion, |card| card.introduce()))
    }

    /// How a PIN stands, as far as this process knows; the card is asked when that is not known.
    pub fn pin(&self, insertion: &Arc<Insertion>, role: Role) -> Result<Option<PinState>, CardError> {
        self.identity(insertion)?;
        let secret = Secret::Pin(role);
        if !insertion.knows(secret) {
            self.with_card(insertion, |card| {
                card.ready()?;
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
        kept(view, || self.with_card(insertion, |card| card.read_view(role)))
    }

    /// The certificates of authorities that the card carries along; read once.
    pub fn authorities(&self, insertion: &Arc<Insertion>) -> Result<Arc<Vec<AuthorityView>>, CardError> {
        self.identity(insertion)?;
        kept(&insertion.authorities, || self.with_card(insertion, |card| card.read_authorities()))
    }

    /// What the card tells everybody of its holder.
    pub fn personal_data(&self, insertion: &Arc<Insertion>) -> Result<Vec<(Statement, String)>, CardError> {
        self.identity(insertion)?;
        self.with_card(insertion, |card| card.personal_data())
    }

    /// Presents the PIN of a role whose PIN stands until logout. Keys that want it anew each time accept it once.
    pub fn log_in(&self, insertion: &Arc<Insertion>, role: Role, pin: Pin) -> Result<OncePin, PinError> {
        let changed = insertion.pin(Secret::Pin(role)).and_then(|state| state.changed);
        self.presenting(insertion, role, pin, |card, spec, pin| {
            // With other cards, a PIN that is still the one from the letter is presented like any other.
            let matters = card.profile.codes.delivery == Delivery::FirstChange;
            unless_own(changed.filter(|_| matters), card.verify(spec, &pin))?;
            card.standing.0 = Some(pin);
            Ok(OncePin::standing(insertion.settings(Secret::Pin(role))))
        })
    }

    /// Finds out whether the PIN of a role is right, for one signature to follow.
    pub fn log_in_once(&self, insertion: &Arc<Insertion>, role: Role, pin: Pin) -> Result<OncePin, PinError> {
        self.presenting(insertion, role, pin, |card, spec, pin| card.try_once(spec, pin))
    }

    /// The rules before any PIN is sent: it must be possible, and not known to be refused.
    fn presenting<R>(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        pin: Pin,
        act: impl FnOnce(&mut Transaction<'_>, &PinSpec, Pin) -> Result<R, PinError>,
    ) -> Result<R, PinError> {
        self.recognise(insertion)?;
        let spec = pin_spec(insertion, role)?;
        if !pin.is_possible(spec) {
            let refusal = Some(&PinError::Impossible as &dyn Word);
            log::info(|| Record::Judged { secret: Secret::Pin(role).name(), refusal });
            return Err(PinError::Impossible);
        }
        self.identity(insertion)?;
        self.with_card(insertion, |card| {
            card.not_refused_before(spec, &pin)?;
            act(card, spec, pin)
        })
    }

    /// Changes the PIN of a role. Everything that can be checked is checked before the card is touched.
    pub fn change_pin(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        old: Pin,
        new: Pin,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        let spec = pin_spec(insertion, role)?;
        check_new(spec.min..=spec.max, &new)?;
        may_write(insertion, consent)?;
        if old.is_same(&new) {
            return Err(PinError::NewImpossible(NewPin::Unchanged));
        }
        self.presenting(insertion, role, old, |card, spec, old| {
            card.change(spec, &old, &new)?;
            // Who was logged in stays so, under the new PIN.
            if card.profile.stands(spec.role) && card.standing.0.is_some() {
                card.standing.0 = Some(new);
            }
            Ok(())
        })
    }

    /// Sets the PIN of a role by the code from the issuer's letter or the PUK: activates, unblocks or replaces it.
    pub fn set_pin(
        &self,
        insertion: &Arc<Insertion>,
        role: Role,
        code: &Pin,
        new: &Pin,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        may_write(insertion, consent)?;
        let spec = may_set(insertion, role, code, new)?;
        self.identity(insertion)?;
        self.with_card(insertion, |card| card.set_by_code(spec, code, new))
    }

    /// Changes the PUK, on cards whose holder may. Everything that can be checked is checked before the card is touched.
    pub fn change_puk(
        &self,
        insertion: &Arc<Insertion>,
        old: &Pin,
        new: &Pin,
        consent: Consent,
    ) -> Result<(), PinError> {
        self.recognise(insertion)?;
        let codes = &recognised(insertion)?.codes;
        let puk = codes.puk.as_ref().filter(|puk| puk.changeable).ok_or(CardError::Unsupported)?;
        check_new(puk.min..=puk.max, new)?;
        if old.is_same(new) {
            return Err(PinError::NewImpossible(NewPin::Unchanged));
        }
        if codes.kind_of(old).is_none() {
            return Err(PinError::Impossible);
        }
        may_write(insertion, consent)?;
        self.identity(insertion)?;
        self.with_card(insertion, |card| card.change_puk(old, new))
    }

    /// Forgets the standing PIN and closes the card again, if it was opened through us. Errors do not matter:
    /// a card that cannot be reached has forgotten by itself or will at its removal.
    pub fn log_out(&self, insertion: &Arc<Insertion>, role: Role) {
        let Ok(spec) = pin_spec(insertion, role) else { return };
        let mut link = self.link.lock();
        let stands = insertion.profile().is_some_and(|profile| profile.stands(role));
        let stood = stands && link.standing.0.take().is_some();
        let open = link.card_state.verified.get(role.index()) == Some(&true);
        drop(link);
        if open || stood {
            let _ = self.with_card(insertion, |card| {
                // The connection over which it was presented may have been lost since.
                if !open && card.profile.asking.empty_verify && card.probe(spec)? == Probe::Verified {
                    card.set_verified(role, true);
                }
                card.take_back(spec)
            });
        }
    }

    /// Signs.
    pub fn sign(
        &self,
        insertion: &Arc<Insertion>,
        key: &KeyView,
        input: &SignInput,
        authority: Authority,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        self.work(insertion, key, KeyTask::Sign(input), authority)
    }

    /// Deciphers what was enciphered with the public key.
    pub fn decipher(
        &self,
        insertion: &Arc<Insertion>,
        key: &KeyView,
        cryptogram: &[u8],
        padding: Padding,
        authority: Authority,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        self.work(insertion, key, KeyTask::Decipher { padding, cryptogram }, authority)
    }

    /// Agrees on a secret with the holder of the public key `point` (04, x, y): the x coordinate of the shared point.
    pub fn agree(
        &self,
        insertion: &Arc<Insertion>,
        key: &KeyView,
        point: &[u8],
        authority: Authority,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        self.work(insertion, key, KeyTask::Agree { point }, authority)
    }

    fn work(
        &self,
        insertion: &Arc<Insertion>,
        key: &KeyView,
        task: KeyTask<'_>,
        authority: Authority,
    ) -> Result<Zeroizing<Vec<u8>>, PinError> {
        let changed = insertion.pin(Secret::Pin(key.spec.role)).and_then(|state| state.changed);
        let answer = self.with_card(insertion, |card| match authority {
            Authority::SessionPin => card.work_standing(&key.spec, &key.public, task),
            Authority::Once(pin) => card.work_once(&key.spec, &key.public, task, pin),
        });
        unless_own(changed, answer)
    }

    /// Does something with the card, in one transaction. The only way to a card.
    pub(super) fn with_card<R, E: From<CardError> + Word>(
        &self,
        insertion: &Arc<Insertion>,
        act: impl FnOnce(&mut Transaction<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let profile = insertion.likely().ok_or(CardError::Unrecognised)?;
        let mut link = self.link.lock();
        if !self.holds(insertion) {
            return Err(CardError::Swapped.into());
        }
        if !link.insertion.as_ref().is_some_and(|of| Arc::ptr_eq(of, insertion)) {
            *link = Link { insertion: Some(insertion.clone()), ..Link::default() };
        }
        let Link { connection, card_state, standing, used, .. } = &mut *link;
        let outcome = self.transact(insertion, connection, card_state, |transport, card_state| {
            act(&mut Transaction {
                channel: Channel::new(transport),
                insertion,
                profile,
                card_state,
                standing,
                refused: &self.refused,
            })
        });
        *used = Some(Instant::now());
        let (outcome, broken) = match outcome {
            Ok((outcome, broken)) => (outcome, broken),
            Err(error) => (Err(CardError::Transport(error).into()), Some(error)),
        };
        if broken.is_some() {
            link.connection = None;
        }
        if let Err(error) = &outcome {
            log::info(|| Record::Because(error));
            // Whatever the card meant, it is asked before it is believed again.
            link.card_state.selected = None;
            link.card_state.identified = false;
        }
        if link.card_state.stranger || broken.is_some_and(is_departure) {
            self.lost(insertion);
        }
        // The card went, or the module was finalized, while we worked: nothing may stay behind.
        if !self.holds(insertion) {
            *link = Link::default();
        }
        outcome
    }

    /// Connects if needed and begins a transaction. Tells what broke the connection meanwhile, if anything.
    fn transact<R>(
        &self,
        insertion: &Arc<Insertion>,
        connection: &mut Option<Connection>,
        card_state: &mut CardState,
        act: impl FnOnce(&mut dyn Transport, &mut CardState) -> R,
    ) -> Result<(R, Option<TransportError>), TransportError> {
        let connection = match connection {
            Some(connection) => connection,
            None => {
                let (opened, state) = Connection::open(&self.reader)?;
                if state.events != insertion.events {
                    return Err(TransportError::Removed);
                }
                *card_state = CardState { shared: state.in_use, ..CardState::default() };
                if state.in_use {
                    log::info(|| Record::Remark("another program uses the card too"));
                }
                connection.insert(opened)
            }
        };
        let (transaction, was_reset) = connection.begin()?;
        // Another program may have held the card for long. Since then the card went, or the module was finalized:
        // nothing goes to the card any more.
        if !self.holds(insertion) {
            return Err(TransportError::Removed);
        }
        if was_reset == WasReset::Yes {
            log::info(|| Record::Remark("another program has reset the card"));
            *card_state = CardState { shared: true, ..CardState::default() };
            insertion.forget_pins();
        }
        let mut noted = Noted { transaction, broken: None };
        let outcome = act(&mut noted, card_state);
        let Noted { transaction, mut broken } = noted;
        if card_state.to_be_reset {
            *card_state = CardState::default();
            broken = broken.or(transaction.end_by_reset().err()).or(Some(TransportError::Reset));
        }
        Ok((outcome, broken))
    }

    /// A card that was found gone is no longer in the reader, whatever the daemon was last heard to say.
    fn lost(&self, insertion: &Arc<Insertion>) {
        let mut present = self.present.write();
        if present.insertion.as_ref().is_some_and(|known| Arc::ptr_eq(known, insertion)) {
            *present = Present::default();
        }
    }
}

/// What is read once, and kept if it is complete.
fn kept<T>(
    known: &OnceCell<Arc<T>>,
    read: impl FnOnce() -> Result<(T, Complete), CardError>,
) -> Result<Arc<T>, CardError> {
    let found = known.get_or_try_init(|| match read() {
        Ok((found, Complete::Yes)) => Ok(Arc::new(found)),
        // Shown, and not kept: who asks next may find all.
        Ok((found, Complete::No)) => Err(Ok(Arc::new(found))),
        Err(error) => Err(Err(error)),
    });
    match found {
        Ok(found) => Ok(found.clone()),
        Err(unfinished) => unfinished,
    }
}

/// A card may keep its keys, or a PIN, back until the holder has set a PIN of his own; what it says of the data is no
/// sign of that.
fn unless_own<T>(changed: Option<bool>, outcome: Result<T, PinError>) -> Result<T, PinError> {
    match outcome {
        Err(PinError::Card(CardError::Refused { sw, .. }))
            if changed == Some(false) && sw != StatusWord::WRONG_DATA =>
        {
            Err(PinError::NotOwnYet)
        }
        outcome => outcome,
    }
}

fn is_departure(error: TransportError) -> bool {
    matches!(error, TransportError::Removed | TransportError::ReaderGone | TransportError::ServiceDown)
}

/// A transaction that remembers what broke it.
struct Noted<'c> {
    transaction: PcscTransaction<'c>,
    broken: Option<TransportError>,
}

impl Transport for Noted<'_> {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.transaction.exchange(command).inspect_err(|error| self.broken = Some(*error))
    }

    fn protocol(&self) -> Protocol {
        self.transaction.protocol()
    }
}

fn pin_spec(insertion: &Insertion, role: Role) -> Result<&PinSpec, CardError> {
    recognised(insertion)?.pin(role).ok_or(CardError::Unsupported)
}

/// Was the holder told that nobody has tried to write to such a card, and does he want it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Nobody asked him.
    NotAsked,
    /// Yes.
    Given,
}

/// The rule before anything is written.
pub(super) fn may_write(insertion: &Insertion, consent: Consent) -> Result<(), PinError> {
    match (recognised(insertion)?.writing, consent) {
        (Writing::Free, _) | (Writing::WithConsent, Consent::Given) => Ok(()),
        (Writing::WithConsent, Consent::NotAsked) | (Writing::Never, _) => Err(PinError::WriteProtected),
    }
}

/// The rules before a code is sent: code and new PIN must be possible.
pub(super) fn may_set<'i>(
    insertion: &'i Insertion,
    role: Role,
    code: &Pin,
    new: &Pin,
) -> Result<&'i PinSpec, PinError> {
    let spec = pin_spec(insertion, role)?;
    check_new(spec.min..=spec.max, new)?;
    if recognised(insertion)?.codes.kind_of(code).is_none() {
        return Err(PinError::Impossible);
    }
    if code.is_same(new) {
        return Err(PinError::NewImpossible(NewPin::Unchanged));
    }
    Ok(spec)
}

fn recognised(insertion: &Insertion) -> Result<&CardProfile, CardError> {
    insertion.profile().ok_or(CardError::Unrecognised)
}
