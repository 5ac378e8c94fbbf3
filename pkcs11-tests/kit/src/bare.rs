//! The bare commands of the card's specification, and a card that is handled by nothing else.

use simcard::options::CardOptions;
use simcard::{Card, PIN1, Snapshot};

use crate::pins::codes;

/// SELECT of the card's application, as any program sends it.
pub(crate) const SELECT: &[u8] = b"\x00\xA4\x04\x0C\x0C\xA0\x00\x00\x00\x63PKCS-15";
/// Digits, then zero bytes.
const BLOCK: usize = 12;

/// A command that carries PINs or codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// VERIFY: the PIN.
    Verify,
    /// CHANGE REFERENCE DATA: the old PIN and the new one. Activates in the new scheme.
    Change,
    /// RESET RETRY COUNTER: the PUK and the new PIN. Activates in the old scheme.
    Unblock,
}

impl Bare {
    /// The command for the PIN with this reference.
    pub fn bytes(self, reference: u8, codes: &[&str]) -> Vec<u8> {
        let instruction = match self {
            Self::Verify => 0x20,
            Self::Change => 0x24,
            Self::Unblock => 0x2C,
        };
        let mut command = vec![0x00, instruction, 0x00, reference, (codes.len() * BLOCK) as u8];
        for code in codes {
            let mut block = code.as_bytes().to_vec();
            block.resize(BLOCK, 0);
            command.extend(block);
        }
        command
    }
}

/// A card in nobody's reader that is handled by the bare commands: what any card has to be like afterwards.
pub struct Twin(Card);

impl Twin {
    /// A new card with its application selected.
    ///
    /// # Panics
    /// Where the description is wrong.
    pub fn new(description: &str) -> Self {
        let mut options = CardOptions::default();
        options.apply(description).unwrap_or_else(|error| panic!("{description}: {error}"));
        let mut card = Card::new(options);
        assert_eq!(card.transmit(SELECT), [0x90, 0x00]);
        Self(card)
    }

    /// The card, to change what no command changes.
    pub fn card(&mut self) -> &mut Card {
        &mut self.0
    }

    /// Sends a command, closes what it may have opened, and gives its status.
    ///
    /// # Panics
    /// Where the card does not answer.
    pub fn send(&mut self, command: Bare, reference: u8, codes: &[&str]) -> u16 {
        let answer = self.0.transmit(&command.bytes(reference, codes));
        self.0.transmit(&[0x00, 0x20, 0xFF, reference]);
        u16::from_be_bytes(answer.try_into().expect("nothing but a status"))
    }

    /// See [`lasting`].
    pub fn lasting(&self) -> Snapshot {
        lasting(&self.0)
    }
}

/// All that stays in a card: its state without the counts of harmless commands and of time.
pub fn lasting(card: &Card) -> Snapshot {
    let mut snapshot = card.snapshot();
    snapshot.total = Default::default();
    snapshot.since_mark = Default::default();
    for pin in &mut snapshot.pins {
        pin.count.probes = 0;
    }
    snapshot
}

/// What stays in a card of this description that was activated by nothing but the commands of the specification:
/// RESET RETRY COUNTER in the old scheme, CHANGE REFERENCE DATA in the new one.
///
/// # Panics
/// Where the card does not do as the specification says.
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
