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

/// VERIFY without data: asks how a PIN stands and spends no try.
///
/// 9000 verified, 63CX tries left, 6983 blocked (ISO 7816-4 §11.5.6).
pub fn probe(channel: &mut Channel<'_>, reference: u8) -> Result<StatusWord, TransportError> {
    Ok(channel.send(&Command::bare(Header::new(VERIFY, 0, reference)))?.sw)
}

/// VERIFY with P1=FF: takes the verified state away (ISO 7816-4:2013 §11.5.6). Spends no try.
pub fn unverify(channel: &mut Channel<'_>, reference: u8) -> Result<StatusWord, TransportError> {
    Ok(channel.send(&Command::bare(Header::new(VERIFY, 0xFF, reference)))?.sw)
}

/// The VERIFY command for an already padded PIN block.
pub fn verify(reference: u8, block: &[u8]) -> Option<Credential> {
    Credential::new(Header::new(VERIFY, 0, reference), &[block])
}

/// CHANGE REFERENCE DATA: the old PIN and the new one, both as padded blocks.
pub fn change(reference: u8, old: &[u8], new: &[u8]) -> Option<Credential> {
    Credential::new(Header::new(CHANGE, 0, reference), &[old, new])
}

/// RESET RETRY COUNTER: the PUK and the new PIN, both as padded blocks. It unblocks the PIN and sets it.
pub fn unblock(reference: u8, puk: &[u8], new: &[u8]) -> Option<Credential> {
    Credential::new(Header::new(RESET, 0, reference), &[puk, new])
}

/// RESET RETRY COUNTER with P1 = 02: the new PIN alone, the PUK having been presented.
pub fn reset(reference: u8, new: &[u8]) -> Option<Credential> {
    Credential::new(Header::new(RESET, 2, reference), &[new])
}
