//! Secure messaging, the card's side (ICAO 9303-11 §9.8).

use super::cipher::{self, Bytes, padded};
use super::pace::{derived, objects};
use crate::wire::apdu::{Command, Reply};
use crate::wire::der::tlv;

/// The keys of a channel.
#[derive(Clone)]
pub(super) struct Keys {
    pub(super) enciphering: [u8; 32],
    pub(super) checking: [u8; 32],
}

impl Keys {
    /// From the shared secret.
    pub(super) fn new(secret: &[u8]) -> Self {
        Self { enciphering: derived(secret, 1), checking: derived(secret, 2) }
    }
}

/// An open channel.
#[derive(Clone)]
pub(super) struct Channel {
    keys: Keys,
    counter: u128,
}

/// A command as it was before it was wrapped.
pub(super) struct Plain {
    pub(super) data: Vec<u8>,
    pub(super) le: Option<usize>,
}

impl Channel {
    pub(super) fn new(keys: Keys) -> Self {
        Self { keys, counter: 0 }
    }

    /// Both keys, one after the other.
    pub(super) fn keys(&self) -> [u8; 64] {
        let [enciphering, checking] = [self.keys.enciphering, self.keys.checking];
        std::array::from_fn(|at| if at < 32 { enciphering[at] } else { checking[at - 32] })
    }

    fn start(&self) -> Bytes {
        cipher::block(&self.keys.enciphering, self.counter.to_be_bytes())
    }

    fn mac(&self, parts: &[&[u8]]) -> [u8; 8] {
        cipher::mac(&self.keys.checking, &[&self.counter.to_be_bytes(), &parts.concat()[..]].concat())
    }

    /// Unwraps a command; None if it is not what the standard says, or its check value is wrong.
    pub(super) fn unwrap(&mut self, command: &Command<'_>) -> Option<Plain> {
        self.counter += 1;
        let (told, check) = command.data.split_at_checked(command.data.len().checked_sub(10)?)?;
        let [0x8E, 8, check @ ..] = check else { return None };
        let header = padded(&[command.cla, command.ins, command.p1, command.p2]);
        let body = if told.is_empty() { Vec::new() } else { padded(told) };
        if self.mac(&[&header, &body]) != *check {
            return None;
        }
        let mut plain = Plain { data: Vec::new(), le: None };
        for (tag, value) in objects(told)? {
            match (tag, value) {
                (0x87, [0x01, sealed @ ..]) if command.ins.is_multiple_of(2) => {
                    plain.data = self.opened(sealed)?
                }
                (0x85, sealed) if !command.ins.is_multiple_of(2) => plain.data = self.opened(sealed)?,
                (0x97, [0]) => plain.le = Some(256),
                (0x97, [le]) => plain.le = Some(usize::from(*le)),
                _ => return None,
            }
        }
        Some(plain)
    }

    fn opened(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let mut text = cipher::decipher(&self.keys.enciphering, self.start(), sealed)?;
        let end = text.iter().rposition(|byte| *byte == 0x80)?;
        let is_padding = text[end + 1..].iter().all(|byte| *byte == 0) && text.len() - end <= 16;
        text.truncate(end);
        is_padding.then_some(text)
    }

    /// Wraps an answer to a command with this INS.
    pub(super) fn wrap(&mut self, reply: &Reply, ins: u8) -> Vec<u8> {
        self.counter += 1;
        let status = tlv(0x99, &reply.status.to_be_bytes());
        let data = if reply.data.is_empty() {
            Vec::new()
        } else {
            let sealed = cipher::encipher(&self.keys.enciphering, self.start(), &padded(&reply.data));
            if ins.is_multiple_of(2) {
                tlv(0x87, &[&[0x01], &sealed[..]].concat())
            } else {
                tlv(0x85, &sealed)
            }
        };
        let told = [data, status].concat();
        let check = self.mac(&[&padded(&told)]);
        [told, tlv(0x8E, &check)].concat()
    }
}
