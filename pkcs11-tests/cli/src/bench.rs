//! A reader with a card that can be made anew.

use std::sync::{Arc, Mutex, MutexGuard};

use kit::{Backend, InsertedCard, Rig};
use simcard::options::CardOptions;
use simcard::{Card, PIN1, PIN2, PUK, Snapshot};

/// One reader with a card in it.
pub struct Bench {
    inserted: InsertedCard,
    rig: Rig,
}

impl Bench {
    /// A reader with this card in it.
    pub fn with(description: &str) -> Self {
        Self::on(Rig::start(1), description)
    }

    /// The same in a reader that can have a keypad, as the description says.
    pub fn with_keypad(description: &str) -> Self {
        Self::on(Rig::with_keypads(Backend::Daemon, 1), description)
    }

    fn on(rig: Rig, description: &str) -> Self {
        Self { inserted: rig.insert(0, kit::card(description)), rig }
    }

    /// The card, to look into it or to change it.
    pub fn card(&self) -> MutexGuard<'_, Card> {
        self.inserted.card()
    }

    /// Puts another card of the same generation in the place of this one, without the reader noticing. That takes
    /// a thousandth of the time of taking one out.
    pub fn renew(&self, description: &str) {
        let mut options = CardOptions::default();
        options.apply(description).unwrap_or_else(|error| panic!("{description}: {error}"));
        let card = Card::new(options);
        assert_eq!(card.atr(), self.card().atr(), "{description}: another generation");
        *self.card() = card;
    }

    /// Tries left of PIN1, PIN2 and PUK.
    pub fn tries(&self) -> [u8; 3] {
        [PIN1, PIN2, PUK].map(|reference| self.card().tries_left(reference).expect("the card has it"))
    }

    /// Tries that PIN1, PIN2 and PUK have lost since the card was made.
    pub fn spent(&self) -> [u32; 3] {
        [PIN1, PIN2, PUK].map(|reference| self.card().credential_count(reference).tries_spent)
    }

    /// Commands with a PIN or code that were sent since the card was made.
    pub fn presented(&self) -> u32 {
        [PIN1, PIN2, PUK].iter().map(|reference| self.card().credential_count(*reference).commands).sum()
    }

    /// Whether these are the PINs.
    pub fn holds(&self, pin1: &str, pin2: &str) -> bool {
        self.card().code_is(PIN1, pin1) && self.card().code_is(PIN2, pin2)
    }

    /// All that stays in the card: its state without the counts of harmless commands and of time.
    pub fn lasting(&self) -> Snapshot {
        kit::lasting(&self.card())
    }

    /// pcscd's name of the reader.
    pub fn reader(&self) -> &str {
        self.inserted.reader()
    }

    /// Takes the card out, if a fault has not done so already.
    pub fn remove(self) -> (Rig, Arc<Mutex<Card>>) {
        (self.rig, self.inserted.remove())
    }
}
