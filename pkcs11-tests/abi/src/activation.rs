//! Codes that cards are made with, and what an activation leaves behind in a card.

use simcard::{Card, PIN1, Snapshot};

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
    let card = rig::card(description);
    let mut card = card.lock().expect("nobody else has the card");
    let new_scheme = description.contains("-new");
    assert_eq!(card.transmit(b"\x00\xA4\x04\x0C\x0C\xA0\x00\x00\x00\x63PKCS-15"), [0x90, 0x00]);
    for reference in references {
        let (instruction, code) = if new_scheme { (0x24, codes::TRANSPORT) } else { (0x2C, codes::PUK) };
        let new = if *reference == PIN1 { codes::NEW1 } else { codes::NEW2 };
        let mut command = vec![0x00, instruction, 0x00, *reference, 24];
        for digits in [code, new] {
            let mut block = digits.as_bytes().to_vec();
            block.resize(12, 0);
            command.extend(block);
        }
        assert_eq!(card.transmit(&command), [0x90, 0x00], "{description}");
    }
    lasting(&card)
}
