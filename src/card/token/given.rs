//! Which digits were given for which PIN. Many programs ask for one PIN and hand it to every token (ssh-add, p11tool,
//! NSS, poppler, pkcs11-provider): each token but one would lose a try by it.

use crate::cards::profile::Secret;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// So long at least a program leaves the cards alone while somebody reads what it asks, and types six digits. A program
/// that hands a PIN on is back within milliseconds, however long the cards take.
const TYPING: Duration = Duration::from_millis(1500);

/// So long at most a program is on its way through all tokens. It matters only where other threads use the cards
/// without a pause.
const ROUND: Duration = Duration::from_secs(60);

/// Serial number of a card, one of its secrets, and the fingerprint of digits.
pub(super) type Entry = (Vec<u8>, Secret, u64);

/// The digits that were given, by their fingerprints.
#[derive(Default)]
pub(super) struct GivenPins {
    given: HashMap<Entry, Given>,
    /// When a card last answered.
    used: Option<Instant>,
    /// When cards were used again after a pause in which somebody could have typed a PIN.
    resumed: Option<Instant>,
}

struct Given {
    at: Instant,
    accepted: bool,
}

impl GivenPins {
    /// A card is about to be used.
    pub(super) fn resume(&mut self, now: Instant) {
        let paused = |used: Instant| now.saturating_duration_since(used) >= TYPING;
        if self.used.is_none_or(paused) {
            self.resumed = Some(now);
            // Those that a card has accepted may be given again where they are not presented: to a token that is
            // logged in.
            self.given.retain(|_, given| given.accepted);
        }
    }

    /// A card has answered.
    pub(super) fn note_use(&mut self, now: Instant) {
        self.used = Some(now);
    }

    /// Were these digits just given for another PIN of this card, or accepted by another card? Whoever has put this card
    /// in since has also had the time to type.
    pub(super) fn are_meant_elsewhere(&self, entry: &Entry, inserted: Instant, now: Instant) -> bool {
        let (card, secret, digits) = entry;
        self.given.iter().any(|((other_card, other, same), given)| {
            let of_other_card = || given.accepted && given.at >= inserted;
            let elsewhere = if other_card == card { other != secret } else { of_other_card() };
            same == digits && elsewhere && self.is_recent(given, now)
        })
    }

    fn is_recent(&self, given: &Given, now: Instant) -> bool {
        self.resumed.is_none_or(|resumed| given.at >= resumed)
            && now.saturating_duration_since(given.at) < ROUND
    }

    /// Digits were given; the card accepted them or not.
    pub(super) fn note(&mut self, entry: Entry, accepted: bool, now: Instant) {
        self.given.insert(entry, Given { at: now, accepted });
    }

    /// Digits were given, but not presented, because the token is logged in.
    pub(super) fn note_unused(&mut self, entry: Entry, now: Instant) {
        self.resume(now);
        self.used = Some(now);
        self.given
            .entry(entry)
            .and_modify(|given| given.at = now)
            .or_insert(Given { at: now, accepted: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::Role;

    const PIN1: Secret = Secret::Pin(Role::Authentication);
    const PIN2: Secret = Secret::Pin(Role::Signature);
    const DIGITS: u64 = 1;

    fn entry(card: &[u8], secret: Secret) -> Entry {
        (card.to_vec(), secret, DIGITS)
    }

    /// PIN1 of a card was given: what is known a moment later, and the time.
    fn given(accepted: bool) -> (GivenPins, Instant) {
        let (mut pins, now) = (GivenPins::default(), Instant::now());
        pins.resume(now);
        pins.note(entry(b"A", PIN1), accepted, now);
        pins.note_use(now);
        (pins, now)
    }

    #[test]
    fn the_same_digits_are_not_for_another_pin_nor_for_another_card_once_accepted() {
        for accepted in [true, false] {
            let (pins, now) = given(accepted);
            let elsewhere = |card: &[u8], secret| pins.are_meant_elsewhere(&entry(card, secret), now, now);
            assert!(!elsewhere(b"A", PIN1), "the same PIN again");
            assert!(elsewhere(b"A", PIN2) && elsewhere(b"A", Secret::Puk));
            assert_eq!((elsewhere(b"B", PIN1), elsewhere(b"B", PIN2)), (accepted, accepted));
            assert!(!pins.are_meant_elsewhere(&(b"A".to_vec(), PIN2, 2), now, now), "other digits");
            let later = now + Duration::from_millis(1);
            let next = |card: &[u8]| pins.are_meant_elsewhere(&entry(card, PIN2), later, later);
            assert_eq!((next(b"A"), next(b"B")), (true, false), "a card that was put in since");
        }
    }

    #[test]
    fn after_a_pause_they_are_typed_anew() {
        for (pause, elsewhere) in [(TYPING / 2, true), (TYPING, false)] {
            let (mut pins, now) = given(true);
            pins.resume(now + pause);
            let asked = pins.are_meant_elsewhere(&entry(b"A", PIN2), now, now + pause);
            assert_eq!(asked, elsewhere, "{pause:?}");
        }
    }

    /// However slow the cards are: what counts is the time in which none is used.
    #[test]
    fn slow_cards_are_no_pause() {
        let (mut pins, start) = given(true);
        let mut now = start;
        for _ in 0..10 {
            pins.resume(now);
            now += TYPING * 2;
            pins.note_use(now);
        }
        pins.resume(now);
        assert!(pins.are_meant_elsewhere(&entry(b"A", PIN2), start, now));
        now += ROUND;
        assert!(!pins.are_meant_elsewhere(&entry(b"A", PIN2), start, now));
    }

    /// Somebody types PIN1 for a token that is logged in, and the program hands it on.
    #[test]
    fn what_a_logged_in_token_was_given_counts_too() {
        let (mut pins, now) = given(true);
        let later = now + TYPING * 10;
        pins.note_unused(entry(b"A", PIN1), later);
        pins.resume(later);
        for other in [entry(b"A", PIN2), entry(b"B", PIN1)] {
            assert!(pins.are_meant_elsewhere(&other, now, later));
        }
    }
}
