//! Labels of tokens. Cards of one country have the same ones, and many programs know a token by nothing else. While
//! several such cards are present, the one that was shown first keeps its label; the others' end with their numbers.

use avain_card::token::Insertion;
use parking_lot::Mutex;
use std::sync::{Arc, Weak};

/// The cards whose tokens were shown, in that order.
#[derive(Default)]
pub(super) struct Shown(Mutex<Vec<Weak<Insertion>>>);

impl Shown {
    /// Notes that a card is shown; was another one of its name shown before it that is still `present`?
    pub(super) fn is_second(&self, card: &Arc<Insertion>, present: &[Arc<Insertion>]) -> bool {
        let mut shown = self.0.lock();
        shown.retain(|one| present.iter().any(|there| is(one, there)));
        if !shown.iter().any(|one| is(one, card)) {
            shown.push(Arc::downgrade(card));
        }
        let earlier = shown.iter().take_while(|one| !is(one, card));
        earlier.filter_map(Weak::upgrade).any(|one| name(&one) == name(card))
    }
}

fn is(one: &Weak<Insertion>, other: &Arc<Insertion>) -> bool {
    one.as_ptr() == Arc::as_ptr(other)
}

fn name(card: &Insertion) -> Option<&str> {
    card.profile().map(|profile| profile.label)
}
