//! How the PINs stand in a card, asked of the card itself, and what a token has to say of it.

use cryptoki_sys::*;
use simcard::{Card, PinSnapshot};

use crate::{PIN1, PIN2, Token};

/// PIN1, PIN2, PUK.
pub const REFERENCES: [u8; 3] = [simcard::PIN1, simcard::PIN2, simcard::PUK];
/// The tokens of a card with the references of their PINs.
pub const TOKENS: [(Token, u8); 2] = [(PIN1, simcard::PIN1), (PIN2, simcard::PIN2)];
/// Tries of each PIN and of the PUK.
const TRIES: u8 = 5;

/// The codes that cards are made with here, others, and PINs that their holders choose.
pub mod codes {
    /// The activation code of the new scheme.
    pub const TRANSPORT: &str = "1234567";
    /// The activation code of the old scheme, and PUK.
    pub const PUK: &str = "12345678";
    /// A wrong activation code of the new scheme.
    pub const WRONG_TRANSPORT: &str = "7654321";
    /// A wrong activation code of the old scheme, or PUK.
    pub const WRONG_PUK: &str = "87654321";
    /// A PIN that no card is made with.
    pub const WRONG: &str = "998877";
    /// What the holder chooses for PIN1.
    pub const NEW1: &str = "2580";
    /// What the holder chooses for PIN2.
    pub const NEW2: &str = "258036";
    /// What the holder chooses, for either PIN.
    pub const NEW: &str = "258036";
    /// What the holder chooses next.
    pub const NEWER: &str = "369258";
}

/// The reference of a token's PIN.
pub fn reference(token: Token) -> u8 {
    if token == PIN1 { simcard::PIN1 } else { simcard::PIN2 }
}

/// What a card has counted of a PIN or the PUK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Tries left.
    pub tries: u8,
    /// Commands that carried a code and named it.
    pub commands: u32,
    /// Tries that it has lost.
    pub spent: u32,
}

/// The counts of PIN1, PIN2 and PUK.
///
/// # Panics
/// Where the card has not got them.
pub fn counts(card: &Card) -> [Count; 3] {
    REFERENCES.map(|reference| {
        let count = card.credential_count(reference);
        Count {
            tries: card.tries_left(reference).expect("the card has it"),
            commands: count.commands,
            spent: count.tries_spent,
        }
    })
}

/// The flags of a token (§3.2) whose PIN and PUK stand so. A PIN that nobody has chosen is to be changed; without
/// tries it cannot be told from one that was never set.
pub fn pin_flags(pin: &PinSnapshot, puk: &PinSnapshot) -> CK_FLAGS {
    let fresh = pin.origin != "chosen";
    [
        (!(fresh && pin.tries == 0), CKF_USER_PIN_INITIALIZED),
        (fresh, CKF_USER_PIN_TO_BE_CHANGED),
        (pin.tries < TRIES, CKF_USER_PIN_COUNT_LOW),
        (pin.tries == 1, CKF_USER_PIN_FINAL_TRY),
        (pin.tries == 0, CKF_USER_PIN_LOCKED),
        (puk.tries < TRIES, CKF_SO_PIN_COUNT_LOW),
        (puk.tries == 1, CKF_SO_PIN_FINAL_TRY),
        (puk.tries == 0, CKF_SO_PIN_LOCKED),
    ]
    .iter()
    .filter(|(holds, _)| *holds)
    .fold(0, |flags, (_, flag)| flags | flag)
}

/// The flags of [`pin_flags`], without those that say something else.
pub const PIN_FLAGS: CK_FLAGS = CKF_USER_PIN_INITIALIZED
    | CKF_USER_PIN_TO_BE_CHANGED
    | CKF_USER_PIN_COUNT_LOW
    | CKF_USER_PIN_FINAL_TRY
    | CKF_USER_PIN_LOCKED
    | CKF_SO_PIN_TO_BE_CHANGED
    | CKF_SO_PIN_COUNT_LOW
    | CKF_SO_PIN_FINAL_TRY
    | CKF_SO_PIN_LOCKED;
