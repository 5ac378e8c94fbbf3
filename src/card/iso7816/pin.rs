//! PIN commands (ISO 7816-4 §11.6): VERIFY in its three uses, CHANGE REFERENCE DATA, RESET RETRY COUNTER.

use super::apdu::{Command, Credential, Header};
use super::channel::Channel;
use super::status::StatusWord;
use crate::transport::TransportError;

/// VERIFY.
const VERIFY: u8 = 0x20;
/// CHANGE REFERENCE DATA.
const CHANGE: u8 = 0x24;
/// RESET RETRY COUNTER.
const RESET: u8 = 0x2C;

/// VERIFY without data: asks for the state of a PIN without using up a try.
///
/// The answer is 9000 if it is verified, else 63CX with the tries left, or 6983 if it is blocked (ISO 7816-4
/// §11.5.6).
pub fn probe(channel: &mut Channel<'_>, reference: u8) -> Result<StatusWord, TransportError> {
    Ok(channel.send(&Command::bare(Header::new(VERIFY, 0, reference)))?.sw)
}

/// VERIFY with P1 = FF: resets the verified state (ISO 7816-4:2013 §11.5.6). Uses up no try.
pub fn unverify(channel: &mut Channel<'_>, reference: u8) -> Result<StatusWord, TransportError> {
    Ok(channel.send(&Command::bare(Header::new(VERIFY, 0xFF, reference)))?.sw)
}

/// VERIFY with a padded PIN.
pub fn verify(reference: u8, block: &[u8]) -> Option<Credential> {
    Credential::new(Header::new(VERIFY, 0, reference), &[block])
}

/// CHANGE REFERENCE DATA with the old and the new PIN, both padded.
pub fn change(reference: u8, old: &[u8], new: &[u8]) -> Option<Credential> {
    Credential::new(Header::new(CHANGE, 0, reference), &[old, new])
}

/// RESET RETRY COUNTER with the PUK and the new PIN, both padded. It unblocks the PIN and sets it.
pub fn unblock(reference: u8, puk: &[u8], new: &[u8]) -> Option<Credential> {
    Credential::new(Header::new(RESET, 0, reference), &[puk, new])
}

/// RESET RETRY COUNTER with P1 = 02: the new PIN alone, after the PUK was verified.
pub fn reset(reference: u8, new: &[u8]) -> Option<Credential> {
    Credential::new(Header::new(RESET, 2, reference), &[new])
}
