//! Exchanging bytes with a card, and what can go wrong.
//!
//! [`Transport`] exchanges commands with one card inside a transaction. [`pcsc`] implements it for real readers;
//! tests replace it by simulated cards.

use crate::log::Loggable;
use keypad::{Keypad, PadCommand};

pub mod keypad;
pub mod pcsc;
pub mod watch;

/// Why a command was not answered. Callers react to each variant in a different way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The card was removed.
    Removed,
    /// Another program, or the daemon, reset the card: what was known of its state no longer holds.
    Reset,
    /// Another program has exclusive access to the card.
    Busy,
    /// This user, or this session, may not use the daemon or the card.
    NotAllowed,
    /// The reader was unplugged.
    ReaderGone,
    /// The PC/SC daemon is not running, or has stopped.
    ServiceDown,
    /// The card does not answer to reset or to commands (inserted the wrong way round, dirty contacts).
    Mute,
    /// The secure channel to a card without contacts has ended: a check value is wrong, or the card does not go on with it.
    Insecure,
    /// The exchange failed in the reader or between reader and card.
    Comm,
    /// The answer violates the protocol: it is shorter than a status word, longer than any, or a chain without end.
    Protocol,
}

impl Loggable for TransportError {}

/// The transmission protocol of a connection (ISO 7816-3); it decides the form of case-4 commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Byte-oriented: a command either sends or receives data; the answer to case 4 is fetched by GET RESPONSE.
    T0,
    /// Block-oriented, and what PC/SC reports for contactless cards: case 4 is one command.
    T1,
}

/// Longest short command APDU in bytes: header, Lc, 255 bytes of data, Le (ISO 7816-4).
pub const MAX_COMMAND: usize = 261;
/// Longest short response APDU in bytes: 256 bytes of data and the status word (ISO 7816-4).
pub const MAX_ANSWER: usize = 258;
/// Longest answer of a card behind a secure channel, if it comes in one piece: 256 bytes of data, wrapped.
const MAX_WRAPPED: usize = 293;

/// Most data in one command and in one answer, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of a command.
    pub command: usize,
    /// Of an answer.
    pub answer: usize,
}

/// A password of a channel, and its reference (ICAO 9303-11 table 6).
#[derive(Clone, Copy)]
pub struct Password<'p> {
    /// 2 is the card access number.
    pub reference: u8,
    /// Its characters.
    pub characters: &'p [u8],
}

/// What came of a PIN as the password of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// The channel is open.
    Opened,
    /// The card has judged it, and answered with this status word.
    Judged(u16),
    /// The card has refused to begin with this password, with this status word.
    Unusable(u16),
    /// The card has refused another step, with this status word, which says nothing of the password.
    Refused(u16),
}

/// A card to which commands can be sent.
pub trait Transport {
    /// Sends one command APDU and returns the response APDU, including the status word.
    ///
    /// The command may contain a PIN, and the response decrypted data: implementations neither log nor keep them. The
    /// caller wipes the response.
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError>;

    /// The protocol in use.
    fn protocol(&self) -> Protocol;

    /// The keypad of the reader. There is none where commands are wrapped before they are sent: a keypad cannot do that.
    fn keypad(&self) -> Option<&Keypad> {
        None
    }

    /// Has the keypad ask for what the command lacks, and send it. Returns the card's answer, or the status word by
    /// which the keypad says that nothing was sent. Lasts as long as the holder takes.
    fn enter(&mut self, _: &PadCommand) -> Result<Vec<u8>, TransportError> {
        Err(TransportError::Comm)
    }

    /// Presents a PIN as the password of a channel, in whose place the one that there was does not stay; whatever
    /// happens, once. `resume`: through a channel that the card access number has opened anew.
    fn renew(&mut self, _: Password<'_>, _resume: bool) -> Result<Renewed, TransportError> {
        Err(TransportError::Insecure)
    }

    /// How much fits into one command and one answer.
    fn limits(&self) -> Limits {
        Limits { command: 255, answer: 256 }
    }
}
