//! Rules that protect the tries of PINs: what is never sent, and how long a PIN is kept.

use super::given::{Entry, GivenPins};
use crate::cards::profile::Secret;
use crate::cards::{Entered, Pin};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::hash::RandomState;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// How long a signature PIN that was verified ahead of its signature is kept.
pub(super) const ONCE_LIFE: Duration = Duration::from_secs(60);

/// How long an idle connection is kept while no session PIN is. Then programs that want exclusive access can have it.
pub(super) const IDLE_CONNECTION: Duration = Duration::from_secs(3);

/// A card has refused a PIN, or may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It has, with so many tries left, if it reported them.
    Certain(Option<u8>),
    /// Its answer was lost. If it has, no more tries than these are left.
    Possible(u8),
}

/// The PINs that were given, and those that cards refused, for as long as this process uses the module: not the PINs
/// themselves, but fingerprints under a key of this process.
#[derive(Default)]
pub struct PinHistory {
    key: RandomState,
    refused: Mutex<HashMap<Entry, Refusal>>,
    given: Mutex<GivenPins>,
    each_is_asked_for: bool,
}

impl PinHistory {
    /// For a program that asks for every PIN by its name: what is typed for one is never handed to another.
    pub fn where_each_is_asked_for() -> Self {
        PinHistory { each_is_asked_for: true, ..PinHistory::default() }
    }

    /// Were these digits just given for another PIN?
    pub(super) fn are_meant_elsewhere(&self, entry: &Entry, inserted: Instant) -> bool {
        !self.each_is_asked_for && self.given.lock().are_meant_elsewhere(entry, inserted, Instant::now())
    }

    /// Digits were given; the card accepted them or not.
    pub(super) fn note_given(&self, entry: Entry, accepted: bool) {
        self.given.lock().note(entry, accepted, Instant::now());
    }

    /// Digits were given to a token that is logged in.
    pub(super) fn note_unused(&self, entry: Entry) {
        self.given.lock().note_unused(entry, Instant::now());
    }

    /// A card is about to be used.
    pub(super) fn resume(&self) {
        self.given.lock().resume(Instant::now());
    }

    /// A card has answered.
    pub(super) fn note_use(&self) {
        self.given.lock().note_use(Instant::now());
    }

    /// If this card has or may have refused this PIN. A counter that has risen since shows that the PIN was changed or
    /// unblocked meanwhile.
    pub(super) fn refusal(&self, serial: &[u8], secret: Secret, pin: &Pin) -> Option<Refusal> {
        self.refused.lock().get(&self.entry(serial, secret, pin)).copied()
    }

    /// Remembers a refusal.
    pub(super) fn remember(&self, serial: &[u8], secret: Secret, pin: &Pin, refusal: Refusal) {
        self.refused.lock().insert(self.entry(serial, secret, pin), refusal);
    }

    /// Forgets the refusals of a PIN, because it was accepted, changed or unblocked.
    pub(super) fn forget(&self, serial: &[u8], secret: Secret) {
        self.refused.lock().retain(|(card, of, _), _| card != serial || *of != secret);
    }

    /// What is kept of a PIN, to compare it with others.
    pub(super) fn fingerprint(&self, pin: &Pin) -> u64 {
        pin.fingerprint(&self.key)
    }

    /// The same with whose PIN it is.
    pub(super) fn entry(&self, serial: &[u8], secret: Secret, pin: &Pin) -> Entry {
        (serial.to_vec(), secret, self.fingerprint(pin))
    }
}

/// A PIN that the card has accepted, or leave to ask for it on the keypad, valid for one signature within 60 seconds.
/// Nothing is left in it after that, or when the card is gone.
pub struct OncePin(Arc<Mutex<Option<Accepted>>>);

struct Accepted {
    /// `None` stands for the session PIN.
    pin: Option<Entered>,
    at: Instant,
    /// How often the PIN had been set by then.
    times_set: u32,
}

impl Accepted {
    fn has_expired(&self) -> bool {
        self.at.elapsed() > ONCE_LIFE
    }
}

impl OncePin {
    pub(super) fn new(pin: Entered, times_set: u32) -> Self {
        Self::of(Some(pin), times_set)
    }

    /// The session PIN, which was just verified.
    pub(super) fn of_session(times_set: u32) -> Self {
        Self::of(None, times_set)
    }

    fn of(pin: Option<Entered>, times_set: u32) -> Self {
        OncePin(Arc::new(Mutex::new(Some(Accepted { pin, at: Instant::now(), times_set }))))
    }

    /// The PIN, or `Some(None)` for the session PIN. `None` if it has expired or was set again since.
    pub(super) fn take(self, times_set: u32) -> Option<Option<Entered>> {
        let accepted = self.0.lock().take()?;
        (!accepted.has_expired() && accepted.times_set == times_set).then_some(accepted.pin)
    }
}

/// All such PINs of the card in a reader, wherever their sessions keep them.
#[derive(Default)]
pub(super) struct OncePins(Mutex<Vec<Weak<Mutex<Option<Accepted>>>>>);

impl OncePins {
    /// Includes one.
    pub(super) fn include(&self, once: &OncePin) {
        self.0.lock().push(Arc::downgrade(&once.0));
    }

    /// Wipes those that have expired.
    pub(super) fn wipe_expired(&self) {
        self.wipe(Accepted::has_expired);
    }

    /// Wipes all, because the card is gone.
    pub(super) fn wipe_all(&self) {
        self.wipe(|_| true);
    }

    fn wipe(&self, is_due: fn(&Accepted) -> bool) {
        self.0.lock().retain(|pin| {
            let Some(pin) = pin.upgrade() else { return false };
            let mut pin = pin.lock();
            *pin = pin.take().filter(|accepted| !is_due(accepted));
            pin.is_some()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIN1: Secret = Secret::Pin(crate::cards::Role::Authentication);

    #[test]
    fn refusals_are_per_card_secret_and_pin() {
        let refused = PinHistory::default();
        let pin = |digits: &[u8]| Pin::new(digits).unwrap();
        let refusal = Refusal::Certain(Some(4));
        refused.remember(b"card", PIN1, &pin(b"1111"), refusal);
        let ask = |card: &[u8], secret, digits: &[u8]| refused.refusal(card, secret, &pin(digits));
        assert_eq!(ask(b"card", PIN1, b"1111"), Some(refusal));
        assert_eq!(ask(b"card", PIN1, b"11111"), None);
        assert_eq!(ask(b"card", Secret::Puk, b"1111"), None);
        assert_eq!(ask(b"other", PIN1, b"1111"), None);
        refused.forget(b"card", PIN1);
        assert_eq!(ask(b"card", PIN1, b"1111"), None);
    }

    #[test]
    fn an_accepted_pin_does_not_wait_for_ever() {
        let fresh = || OncePin::new(Entered::Typed(Pin::new(b"123456").unwrap()), 3);
        assert!(fresh().take(3).is_some());
        assert!(fresh().take(4).is_none());
        let Some(long_ago) = Instant::now().checked_sub(ONCE_LIFE + Duration::from_secs(1)) else { return };
        let old = || {
            let old = fresh();
            old.0.lock().as_mut().unwrap().at = long_ago;
            old
        };
        assert!(old().take(3).is_none());
        let (pins, old, new) = (OncePins::default(), old(), fresh());
        pins.include(&old);
        pins.include(&new);
        pins.wipe_expired();
        assert!(old.0.lock().is_none(), "it is wiped, not only refused");
        assert!(new.0.lock().is_some());
        pins.wipe_all();
        assert!(new.0.lock().is_none());
    }
}
