//! Cards that are put into readers and taken out, told when it happens. Nothing is asked while nothing happens.

use super::super::readers::{self, Card, Content, Memory, Place};
use super::service::Service;
use avain_card::transport::TransportError;
use avain_card::transport::watch::{ReaderState, Waiter};
use std::path::Path;
use std::time::Duration;

/// The first wait after a change is short, because a reader may have been plugged in just before it began.
const FIRST: Duration = Duration::from_secs(1);
/// The others last as long as the daemon's client library permits.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What has happened in a reader.
#[derive(Debug)]
pub enum Change {
    /// A card was put in; or one is there after the daemon was started anew, which may be the same as before.
    Inserted(Inserted),
    /// The card was taken out of the reader of this name, or the reader was unplugged.
    Removed(String),
}

/// A card that was put in.
#[derive(Debug)]
pub struct Inserted(ReaderState);

impl Inserted {
    /// The name of the reader.
    pub fn reader(&self) -> String {
        readers::name(&self.0)
    }

    /// The card, if it is of a known kind. May have to wait until another program releases it.
    pub fn card(&self) -> Option<Card> {
        let Place { content, .. } = readers::place(&self.0, &Memory::default());
        match content {
            Content::Card(card) => Some(card),
            Content::Empty | Content::Mute | Content::Busy | Content::Contactless | Content::Foreign => None,
        }
    }
}

/// Tells of the cards in all readers.
pub struct Insertions {
    service: Service,
    waiter: Option<Waiter>,
    /// Which run of the daemon it is: its counters start anew with each.
    run: u32,
    /// What was told of last.
    told: Vec<ReaderState>,
}

impl Insertions {
    /// Of all readers at the daemon that listens on this socket. The cards that are there already are told of first.
    pub fn new(socket: &Path) -> Self {
        Insertions { service: Service::new(socket), waiter: None, run: 0, told: Vec::new() }
    }

    /// Waits until cards are put in or taken out.
    pub fn wait(&mut self) -> Vec<Change> {
        let mut limit = FIRST;
        loop {
            if let Some(now) = self.look() {
                let changes = changes(&self.told, &now);
                if now != self.told {
                    limit = FIRST;
                }
                self.told = now;
                if !changes.is_empty() {
                    return changes;
                }
            }
            self.sleep(limit);
            limit = LONGEST;
        }
    }

    /// What there is now, if the daemon says so. One that has ended says nothing: whether its cards are still there shows
    /// when it is back.
    fn look(&mut self) -> Option<Vec<ReaderState>> {
        if self.waiter.is_none() {
            self.waiter = Some(Waiter::new().ok()?);
            self.run = self.run.wrapping_add(1);
        }
        match self.waiter.as_ref()?.states() {
            Ok(mut states) => {
                states.iter_mut().for_each(|state| state.daemon = self.run);
                Some(states)
            }
            Err(TransportError::ReaderGone) => None,
            Err(_) => {
                self.waiter = None;
                None
            }
        }
    }

    fn sleep(&mut self, limit: Duration) {
        let waited = self.waiter.as_mut().map(|waiter| waiter.wait(&self.told, limit));
        if !matches!(waited, Some(Ok(()))) {
            self.waiter = None;
            self.service.wait();
        }
    }
}

/// Is there a card that has answered to reset?
fn has_card(state: &ReaderState) -> bool {
    state.card.as_ref().is_some_and(|atr| !atr.is_empty())
}

/// Are two states of a reader of the same insertion?
fn is_same(one: &ReaderState, other: &ReaderState) -> bool {
    one.daemon == other.daemon && one.events == other.events && has_card(one) == has_card(other)
}

/// What has happened between two looks.
fn changes(before: &[ReaderState], now: &[ReaderState]) -> Vec<Change> {
    let in_reader = |states: &[ReaderState], reader: &ReaderState| {
        states.iter().find(|state| state.name == reader.name && has_card(state)).cloned()
    };
    let mut changes = Vec::new();
    for old in before.iter().filter(|old| has_card(old)) {
        match in_reader(now, old) {
            // After a new start the daemon cannot tell whether it is the same card.
            Some(new) if is_same(old, &new) || old.daemon != new.daemon => {}
            _ => changes.push(Change::Removed(readers::name(old))),
        }
    }
    for new in now.iter().filter(|new| has_card(new)) {
        if !in_reader(before, new).is_some_and(|old| is_same(&old, new)) {
            changes.push(Change::Inserted(Inserted(new.clone())));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;

    fn state(name: &str, card: Option<&[u8]>, events: u32, daemon: u32) -> ReaderState {
        let name = CString::new(name).unwrap();
        ReaderState { name, card: card.map(<[u8]>::to_vec), events, daemon, in_use: false, exclusive: false }
    }

    fn told(before: &[ReaderState], now: &[ReaderState]) -> Vec<String> {
        let word = |change: &Change| match change {
            Change::Inserted(inserted) => format!("+{}", inserted.reader()),
            Change::Removed(reader) => format!("-{reader}"),
        };
        changes(before, now).iter().map(word).collect()
    }

    #[test]
    fn what_has_happened_between_two_looks() {
        const CARD: Option<&[u8]> = Some(b"\x3B\x00");
        const MUTE: Option<&[u8]> = Some(b"");
        let one = |card, events, daemon| vec![state("A", card, events, daemon)];
        for (before, now, expected) in [
            (vec![], one(CARD, 1, 1), &["+A"][..]),
            (one(None, 0, 1), one(CARD, 1, 1), &["+A"]),
            (one(CARD, 1, 1), one(CARD, 1, 1), &[]),
            (one(CARD, 1, 1), one(None, 2, 1), &["-A"]),
            (one(CARD, 1, 1), vec![], &["-A"]),
            // Taken out and put in again between two looks.
            (one(CARD, 1, 1), one(CARD, 3, 1), &["-A", "+A"]),
            // The wrong way round, then right.
            (one(None, 0, 1), one(MUTE, 1, 1), &[]),
            (one(MUTE, 1, 1), one(CARD, 1, 1), &["+A"]),
            (one(CARD, 1, 1), one(MUTE, 3, 1), &["-A"]),
            // Another run of the daemon.
            (one(CARD, 1, 1), one(CARD, 1, 2), &["+A"]),
            (one(CARD, 1, 1), one(None, 0, 2), &["-A"]),
            (
                vec![state("A", CARD, 1, 1), state("B", None, 0, 1)],
                vec![state("B", CARD, 1, 1)],
                &["-A", "+B"],
            ),
        ] {
            assert_eq!(told(&before, &now), expected, "{before:?} {now:?}");
        }
    }
}
