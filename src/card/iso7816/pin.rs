//! PIN commands (ISO 7816-4 §11.6): VERIFY in its three uses, CHANGE REFERENCE DATA, RESET RETRY COUNTER.

use super::apdu::{Command, Header};
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

/// VERIFY; its data are the PIN.
pub const fn verify(reference: u8) -> Header {
    Header::new(VERIFY, 0, reference)
}

/// CHANGE REFERENCE DATA; its data are the old and the new PIN.
pub const fn change(reference: u8) -> Header {
    Header::new(CHANGE, 0, reference)
}

/// CHANGE REFERENCE DATA with P1 = 01; its data are the new PIN alone, after the old one was presented.
pub const fn replace(reference: u8) -> Header {
    Header::new(CHANGE, 1, reference)
}

/// RESET RETRY COUNTER with P1 = 03: the PIN has its tries again, after the PUK was presented. Without data.
pub fn refill(channel: &mut Channel<'_>, reference: u8) -> Result<StatusWord, TransportError> {
    Ok(channel.send(&Command::bare(Header::new(RESET, 3, reference)))?.sw)
}

/// RESET RETRY COUNTER; its data are the PUK and the new PIN. It unblocks the PIN and sets it.
pub const fn unblock(reference: u8) -> Header {
    Header::new(RESET, 0, reference)
}

/// RESET RETRY COUNTER with P1 = 02; its data are the new PIN alone, after the PUK was verified.
pub const fn reset(reference: u8) -> Header {
    Header::new(RESET, 2, reference)
}
