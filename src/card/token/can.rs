//! Which card access number is tried with a card.
//!
//! It is no secret of the holder's as a PIN is, and no card blocks it; but each wrong one makes the next answers of a
//! card slower. So none is sent again to a card that has refused it, and only one is tried by itself.

use crate::cards::{Can, CanError, CardProfile};
use crate::token::insertion::Identity;
use parking_lot::Mutex;

/// Where numbers are kept from one use of a card to the next. It may read and write files: no lock is held.
pub trait CanStore: Send + Sync {
    /// The number to try by itself with a card that was just laid on the reader, of which nothing is known but its
    /// kind: the only one that is kept, or the one that was accepted last. Asked once per insertion.
    fn to_try(&self, profile: &CardProfile) -> Option<Can>;

    /// A card has accepted a number, and this is the card. Told once per insertion.
    fn accepted(&self, can: &Can, profile: &CardProfile, card: &Identity);

    /// A card has refused a number. It may be the number of another card.
    fn refused(&self, can: &Can);

    /// The name of the holder, as the certificate of a card without contacts has it.
    fn belongs_to(&self, profile: &CardProfile, card: &Identity, holder: &str);
}

/// Keeps no numbers.
pub struct NoStore;

impl CanStore for NoStore {
    fn to_try(&self, _: &CardProfile) -> Option<Can> {
        None
    }

    fn accepted(&self, _: &Can, _: &CardProfile, _: &Identity) {}

    fn refused(&self, _: &Can) {}

    fn belongs_to(&self, _: &CardProfile, _: &Identity, _: &str) {}
}

/// What is known of the number of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanState {
    /// It needs none: it is used by its contacts.
    NotNeeded,
    /// One is known and not tried yet, or the store was not asked yet.
    Untried,
    /// None is known: the holder has to be asked.
    Missing,
    /// The card has accepted it.
    Accepted,
}

/// The numbers of one card, from its insertion to its removal.
#[derive(Default)]
pub(super) struct Cans(Mutex<Known>);

#[derive(Default)]
struct Known {
    accepted: Option<Can>,
    /// The store knows that it was accepted.
    told: bool,
    /// To be tried next.
    given: Option<Can>,
    store_asked: bool,
    /// The card was sent the one to be tried, and has not said whether it is right.
    unclear: bool,
    refused: Vec<Can>,
    /// How many of them the store knows.
    refusals_told: usize,
}

impl std::fmt::Debug for Cans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cans")
    }
}

impl Known {
    fn was_refused(&self, can: &Can) -> bool {
        self.refused.iter().any(|refused| refused.is_same(can))
    }
}

impl Cans {
    /// The holder has typed a number. It is not needed if one was accepted.
    pub(super) fn give(&self, can: Can) -> Result<(), CanError> {
        let mut known = self.0.lock();
        if known.accepted.is_some() {
            return Ok(());
        }
        if known.was_refused(&can) {
            return Err(CanError::RefusedBefore);
        }
        known.unclear &= known.given.as_ref().is_some_and(|before| before.is_same(&can));
        known.given = Some(can);
        Ok(())
    }

    /// The number that was accepted, or is to be tried now.
    pub(super) fn known(&self) -> Result<Can, CanError> {
        let known = self.0.lock();
        known.accepted.as_ref().or(known.given.as_ref()).ok_or(CanError::Missing)?.again()
    }

    /// Asks the store, if no number is known and it was not asked yet.
    pub(super) fn ask(&self, store: &dyn CanStore, profile: &CardProfile) {
        let mut known = self.0.lock();
        if known.accepted.is_some()
            || known.given.is_some()
            || std::mem::replace(&mut known.store_asked, true)
        {
            return;
        }
        drop(known);
        let stored = store.to_try(profile);
        let mut known = self.0.lock();
        known.given = stored.filter(|can| !known.was_refused(can));
    }

    /// The card has accepted a number: it is kept, to open the card again after a reset.
    pub(super) fn note_accepted(&self, can: Can) {
        let mut known = self.0.lock();
        (known.accepted, known.given) = (Some(can), None);
        known.unclear = false;
    }

    /// The card has refused a number, which is never sent to it again.
    pub(super) fn note_refused(&self, can: Can) {
        let mut known = self.0.lock();
        (known.accepted, known.given) = (None, None);
        known.unclear = false;
        known.refused.push(can);
    }

    /// The card has not said whether a number is right. One that it has never accepted is sent once more with the next
    /// use of the card, and then counts as refused.
    pub(super) fn note_unclear(&self, can: Can) {
        let mut known = self.0.lock();
        let is_second = std::mem::replace(&mut known.unclear, true);
        if is_second && known.accepted.is_none() {
            drop(known);
            self.note_refused(can);
        }
    }

    /// The number that was typed for a card, or opened it, is to be tried with this one: it was lifted and laid back.
    pub(super) fn take_over(&self, from: &Cans) {
        let before = from.0.lock();
        let can = before.accepted.as_ref().or(before.given.as_ref()).map(Can::again);
        drop(before);
        if let Some(Ok(can)) = can {
            // One that it refused stays refused.
            let _ = self.give(can);
        }
    }

    /// Tells the store, once each, which numbers the card has refused.
    pub(super) fn tell_refused(&self, store: &dyn CanStore) {
        let mut known = self.0.lock();
        let count = known.refused.len();
        let told = std::mem::replace(&mut known.refusals_told, count);
        let untold: Vec<_> = known.refused.iter().skip(told).filter_map(|can| can.again().ok()).collect();
        drop(known);
        untold.iter().for_each(|can| store.refused(can));
    }

    /// Tells the store, once, which card has accepted its number.
    pub(super) fn tell_accepted(&self, store: &dyn CanStore, profile: &CardProfile, card: &Identity) {
        let mut known = self.0.lock();
        let is_accepted = known.accepted.is_some();
        if std::mem::replace(&mut known.told, is_accepted) {
            return;
        }
        let accepted = known.accepted.as_ref().map(Can::again);
        drop(known);
        if let Some(Ok(can)) = accepted {
            store.accepted(&can, profile, card);
        }
    }

    /// What is known.
    pub(super) fn state(&self) -> CanState {
        let known = self.0.lock();
        match (&known.accepted, &known.given) {
            (Some(_), _) => CanState::Accepted,
            (None, Some(_)) => CanState::Untried,
            (None, None) if known.store_asked => CanState::Missing,
            (None, None) => CanState::Untried,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn can(digits: &[u8]) -> Can {
        Can::new(digits).unwrap()
    }

    /// Always has the same number, and counts how often it was asked and what it was told.
    #[derive(Default)]
    struct One {
        asked: Mutex<Vec<()>>,
        accepted: Mutex<Vec<Vec<u8>>>,
        refused: Mutex<Vec<Vec<u8>>>,
    }

    impl CanStore for One {
        fn to_try(&self, _: &CardProfile) -> Option<Can> {
            self.asked.lock().push(());
            Some(can(b"123456"))
        }

        fn accepted(&self, can: &Can, _: &CardProfile, _: &Identity) {
            self.accepted.lock().push(can.digits().to_vec());
        }

        fn refused(&self, can: &Can) {
            self.refused.lock().push(can.digits().to_vec());
        }

        fn belongs_to(&self, _: &CardProfile, _: &Identity, _: &str) {}
    }

    #[test]
    fn the_stored_number_is_tried_once_and_a_refused_one_never_again() {
        let (cans, store) = (Cans::default(), One::default());
        let next = || {
            cans.ask(&store, &crate::cards::fineid::V4_1);
            cans.known().map(|can| can.digits().to_vec())
        };
        assert_eq!(cans.state(), CanState::Untried);
        // What was not answered by the card may be tried again.
        assert_eq!((next(), next()), (Ok(b"123456".to_vec()), Ok(b"123456".to_vec())));
        cans.note_refused(can(b"123456"));
        assert_eq!((next(), cans.state()), (Err(CanError::Missing), CanState::Missing));
        assert_eq!(store.asked.lock().len(), 1);
        assert_eq!(cans.give(can(b"123456")), Err(CanError::RefusedBefore));
        assert_eq!(cans.give(can(b"654321")), Ok(()));
        assert_eq!(next(), Ok(b"654321".to_vec()));
        cans.tell_refused(&store);
        cans.tell_refused(&store);
        assert_eq!(*store.refused.lock(), [b"123456".to_vec()]);
    }

    #[test]
    fn a_number_of_which_the_card_says_nothing_is_sent_twice_unless_it_was_accepted() {
        let cans = Cans::default();
        cans.give(can(b"123456")).unwrap();
        cans.note_unclear(can(b"123456"));
        assert_eq!(cans.known().map(|can| can.digits().to_vec()), Ok(b"123456".to_vec()));
        cans.note_unclear(can(b"123456"));
        assert_eq!(cans.known().err(), Some(CanError::Missing));
        assert_eq!(cans.give(can(b"123456")), Err(CanError::RefusedBefore));
        // Another one has two of its own.
        cans.give(can(b"654321")).unwrap();
        cans.note_unclear(can(b"654321"));
        assert!(cans.known().is_ok());
        cans.note_accepted(can(b"654321"));
        cans.note_unclear(can(b"654321"));
        cans.note_unclear(can(b"654321"));
        assert_eq!(cans.state(), CanState::Accepted);
    }

    #[test]
    fn an_accepted_number_is_kept_and_told_of_once() {
        let (cans, store) = (Cans::default(), One::default());
        let card = Identity::new(b"A1".to_vec(), crate::cards::profile::SerialFormat::Characters);
        let tell = || cans.tell_accepted(&store, &crate::cards::fineid::V4_1, &card);
        tell();
        cans.note_accepted(can(b"654321"));
        tell();
        tell();
        assert_eq!(*store.accepted.lock(), [b"654321".to_vec()]);
        assert_eq!(cans.give(can(b"111111")), Ok(()));
        cans.ask(&store, &crate::cards::fineid::V4_1);
        assert_eq!(cans.known().map(|can| can.digits().to_vec()), Ok(b"654321".to_vec()));
        assert_eq!((cans.state(), store.asked.lock().len()), (CanState::Accepted, 0));
    }
}
