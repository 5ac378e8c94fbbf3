//! A reader with a card that can be made anew.

use std::sync::{Arc, Mutex, MutexGuard};

use abi::{Bare, Twin, lasting};
use rig::{InsertedCard, Rig};
use simcard::options::CardOptions;
use simcard::{Card, PIN1, PIN2, PUK, Snapshot};

/// The codes that cards are made with here, and the PINs that their holders choose.
pub mod codes {
    /// The activation code of the new scheme.
    pub const TRANSPORT: &str = "1234567";
    /// The activation code of the old scheme, and PUK.
    pub const PUK: &str = "12345678";
    /// What the holder chooses.
    pub const NEW1: &str = "2580";
    /// What the holder chooses.
    pub const NEW2: &str = "258036";
}

/// One reader with a card in it.
pub struct Bench {
    inserted: InsertedCard,
    rig: Rig,
}

impl Bench {
    /// A reader with this card in it.
    pub fn with(description: &str) -> Self {
        let rig = Rig::start(1);
        Self { inserted: rig.insert(0, rig::card(description)), rig }
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
        lasting(&self.card())
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

/// What stays in a card of this description that was activated by nothing but the commands of the specification:
/// RESET RETRY COUNTER in the old scheme, CHANGE REFERENCE DATA in the new one.
pub fn bare_activation(description: &str, references: &[u8]) -> Snapshot {
    let new_scheme = description.contains("-new");
    let (command, code) =
        if new_scheme { (Bare::Change, codes::TRANSPORT) } else { (Bare::Unblock, codes::PUK) };
    let mut card = Twin::new(description);
    for reference in references {
        let new = if *reference == PIN1 { codes::NEW1 } else { codes::NEW2 };
        assert_eq!(card.send(command, *reference, &[code, new]), 0x9000, "{description}");
    }
    card.lasting()
}
