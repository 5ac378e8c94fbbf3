//! PACE with generic mapping: host and card prove to each other that they know the same password, and agree on keys
//! (ICAO 9303-11 §4.4.3).

use super::{Session, Suite};
use crate::iso7816::apdu::{Command, Header};
use crate::iso7816::file::FileError;
use crate::iso7816::{Channel, Reply, StatusWord, tlv};
use crate::sys::leftovers;
use crate::transport::{Password, TransportError};
use avain_crypto::messaging::{self, BLOCK, CHECK, Purpose};
use avain_crypto::pace::Curve;
use zeroize::Zeroizing;

/// The reference of the card access number.
pub const CAN: u8 = 2;

/// Why no channel was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaceError {
    /// The exchange failed.
    Transport(TransportError),
    /// The card has refused a step.
    Refused {
        /// Which one.
        step: PaceStep,
        /// Its status word.
        sw: StatusWord,
    },
    /// The card does not know the password, although it accepts ours.
    Impostor,
    /// The card has answered with something that nobody can agree on a key with.
    Malformed,
    /// This computer has no random numbers, or no memory.
    NoMeans,
}

/// The steps of PACE, by what a refusal can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaceStep {
    /// EF.CardAccess is read.
    Begin,
    /// The password is named, and the card gives the nonce that it enciphers: it may say that the password is blocked.
    Name,
    /// Public keys are exchanged.
    Exchange,
    /// Both sides show that they know the password: the card may say that ours is wrong, and counts that.
    Prove,
}

impl From<FileError> for PaceError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Transport(error) => PaceError::Transport(error),
            FileError::Refused(sw) => PaceError::Refused { step: PaceStep::Begin, sw },
            FileError::Malformed => PaceError::Malformed,
        }
    }
}

impl From<TransportError> for PaceError {
    fn from(error: TransportError) -> Self {
        PaceError::Transport(error)
    }
}

/// Draws a private key for a curve.
pub type Draw<'d> = dyn FnMut(Curve) -> Option<Zeroizing<Vec<u8>>> + 'd;

/// MSE SET of the template for mutual authentication (ISO 7816-4 §11.5.11).
const SET_AT: Header = Header::new(0x22, 0xC1, 0xA4);
/// GENERAL AUTHENTICATE (§11.5.5): all but the last are parts of a chain.
const AUTHENTICATE: Header = Header { cla: 0x10, ..LAST };
const LAST: Header = Header::new(0x86, 0, 0);
/// The template of its data.
const DYNAMIC: u8 = 0x7C;

/// Opens a channel. The card counts a wrong password only in the last step. Keys pass through the stack.
pub fn open(
    channel: &mut Channel<'_>,
    suite: &Suite,
    password: Password<'_>,
    draw: &mut Draw<'_>,
) -> Result<Session, PaceError> {
    leftovers::cleaned(|| agreed(channel, suite, password, draw))
}

fn agreed(
    channel: &mut Channel<'_>,
    suite: &Suite,
    password: Password<'_>,
    draw: &mut Draw<'_>,
) -> Result<Session, PaceError> {
    begin(channel, suite, password.reference)?;
    let nonce = nonce(channel, suite, password.characters)?;
    let base = map(channel, suite, &nonce, draw)?;
    let keys = agree(channel, suite, &base, draw)?;
    authenticate(channel, suite, &keys)?;
    Session::new(&keys.enciphering, &keys.checking).map_err(|_| PaceError::NoMeans)
}

/// Names protocol, password and, where the card wants it, the curve.
fn begin(channel: &mut Channel<'_>, suite: &Suite, reference: u8) -> Result<(), PaceError> {
    let protocol = [&[0x80, 10][..], &suite.protocol()].concat();
    let curve = suite.number.map_or(vec![], |number| vec![0x84, 1, number]);
    let named = [protocol.as_slice(), &[0x83, 1, reference], &curve].concat();
    let reply = send(channel, SET_AT, &named)?;
    // A card may tell how many tries of a PIN are left, and goes on (BSI TR-03110-3 §B.11.1).
    let goes_on = reply.sw.tries_left().is_some_and(|left| left > 0);
    if goes_on && reference != CAN { Ok(()) } else { accepted(reply, PaceStep::Name).map(drop) }
}

/// What the card has drawn, deciphered by the password.
fn nonce(channel: &mut Channel<'_>, suite: &Suite, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, PaceError> {
    let reply = accepted(send(channel, AUTHENTICATE, &[DYNAMIC, 0])?, PaceStep::Name)?;
    let mut nonce = Zeroizing::new(value(&reply, 0x80)?.to_vec());
    let key = messaging::derive(password, Purpose::Password, suite.length);
    let is_whole = !nonce.is_empty() && messaging::decipher(&key, [0; BLOCK], &mut nonce).is_some();
    if is_whole { Ok(nonce) } else { Err(PaceError::Malformed) }
}

/// Both sides map the nonce to a base point.
fn map(
    channel: &mut Channel<'_>,
    suite: &Suite,
    nonce: &[u8],
    draw: &mut Draw<'_>,
) -> Result<Zeroizing<Vec<u8>>, PaceError> {
    let private = draw(suite.curve).ok_or(PaceError::NoMeans)?;
    let public = suite.curve.public_key(&private, None).ok_or(PaceError::NoMeans)?;
    let card = exchanged(channel, 0x81, &public)?;
    suite.curve.map(nonce, &private, &card).ok_or(PaceError::Malformed)
}

/// Keys, and the public keys by which both sides have agreed on them.
struct Agreed {
    host: Vec<u8>,
    card: Vec<u8>,
    enciphering: Zeroizing<Vec<u8>>,
    checking: Zeroizing<Vec<u8>>,
}

/// Both sides agree on a secret, on that base point.
fn agree(
    channel: &mut Channel<'_>,
    suite: &Suite,
    base: &[u8],
    draw: &mut Draw<'_>,
) -> Result<Agreed, PaceError> {
    let private = draw(suite.curve).ok_or(PaceError::NoMeans)?;
    let host = suite.curve.public_key(&private, Some(base)).ok_or(PaceError::NoMeans)?;
    let card = exchanged(channel, 0x83, &host)?;
    let secret = suite.curve.agree(&private, &card).ok_or(PaceError::Malformed)?;
    let key = |purpose| messaging::derive(&secret, purpose, suite.length);
    Ok(Agreed { host, card, enciphering: key(Purpose::Enciphering), checking: key(Purpose::Checking) })
}

/// Sends a public key, and returns that of the card, which answers with the next tag. A card that sends ours back knows
/// none.
fn exchanged(channel: &mut Channel<'_>, tag: u8, public: &[u8]) -> Result<Vec<u8>, PaceError> {
    let reply = accepted(send(channel, AUTHENTICATE, &dynamic(tag, public)?)?, PaceStep::Exchange)?;
    let card = value(&reply, tag.saturating_add(1))?;
    if card == public { Err(PaceError::Malformed) } else { Ok(card.to_vec()) }
}

/// Each side shows that it has the keys.
fn authenticate(channel: &mut Channel<'_>, suite: &Suite, keys: &Agreed) -> Result<(), PaceError> {
    let token = |point: &[u8]| token(suite, &keys.checking, point).ok_or(PaceError::Malformed);
    let reply = accepted(send(channel, LAST, &dynamic(0x85, &token(&keys.card)?)?)?, PaceStep::Prove)?;
    let expected = token(&keys.host)?;
    match value(&reply, 0x86) {
        Ok(given) if given == expected => Ok(()),
        _ => Err(PaceError::Impostor),
    }
}

/// The check value of a public key (ICAO 9303-11 §4.4.3.4).
fn token(suite: &Suite, checking: &[u8], point: &[u8]) -> Option<[u8; CHECK]> {
    let protocol = [&[0x06, 10][..], &suite.protocol()].concat();
    let content = [protocol.as_slice(), &[0x86, u8::try_from(point.len()).ok()?], point].concat();
    messaging::check_value(checking, &[&[0x7F, 0x49, u8::try_from(content.len()).ok()?], &content])
}

/// One data object in the template.
fn dynamic(tag: u8, value: &[u8]) -> Result<Vec<u8>, PaceError> {
    let length = u8::try_from(value.len()).map_err(|_| PaceError::Malformed)?;
    Ok([&[DYNAMIC, length.saturating_add(2), tag, length][..], value].concat())
}

fn send(channel: &mut Channel<'_>, header: Header, data: &[u8]) -> Result<Reply, PaceError> {
    let command = Command::exchange(header, data).map_err(|_| PaceError::Malformed)?;
    Ok(channel.send(&command)?)
}

fn accepted(reply: Reply, step: PaceStep) -> Result<Reply, PaceError> {
    if reply.sw == StatusWord::OK { Ok(reply) } else { Err(PaceError::Refused { step, sw: reply.sw }) }
}

/// The data object with this tag in the template.
fn value(reply: &Reply, tag: u8) -> Result<&[u8], PaceError> {
    tlv::find(&reply.data, u32::from(DYNAMIC))
        .and_then(|template| tlv::find(template, u32::from(tag)))
        .ok_or(PaceError::Malformed)
}

#[cfg(test)]
mod tests;
