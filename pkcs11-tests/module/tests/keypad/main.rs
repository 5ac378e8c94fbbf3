//! Readers with a keypad: what a program sees, what the keypad is asked for, and what the card is sent.
//!
//! `AVAIN_WORLD=linked` (the default) runs these tests on the PC/SC library that is linked into this program,
//! `AVAIN_WORLD=daemon` on the real pcscd with a driver of our own.

mod cards;
mod login;
mod pins;
mod results;
mod waiting;

use kit::{InReader, Token, Watched, World};

/// A FINEID card in a reader with this keypad.
fn with(keypad: &str) -> (World, InReader) {
    World::with_keypad(&format!("{},keypad={keypad}", kit::ANY))
}

/// How often its user was asked.
fn asked(card: &InReader) -> usize {
    card.card().keypad().asked().len()
}

/// How often a token's PIN came to the card.
fn sent(card: &InReader, token: Token) -> u32 {
    card.sent(kit::reference(token))
}

/// What a key signs.
const DIGEST: &[u8] = &[0x5A; 48];
