//! How bytes reach a card, and what can go wrong on the way.
//!
//! [`Transport`] is one exchange with one card inside a transaction. [`pcsc`] implements it for real readers;
//! tests put a simulated card in its place.

use crate::log::Loggable;

pub mod pcsc;
pub mod watch;

/// What kept a command from being answered. Each variant asks for another reaction of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The card was taken out.
    Removed,
    /// Another program (or the daemon) reset the card: everything believed about its state is void.
    Reset,
    /// Another program holds the card for itself alone.
    Busy,
    /// The reader was unplugged.
    ReaderGone,
    /// There is no PC/SC daemon, or it went away.
    ServiceDown,
    /// The card does not answer to power or to commands (put in the wrong way round, dirty contacts).
    Mute,
    /// The exchange failed in the reader or on the wire.
    Comm,
    /// The answer breaks ISO 7816-3: shorter than a status word, or a chain that never ends.
    Protocol,
}

impl Loggable for TransportError {}

/// The transmission protocol of ISO 7816-3 that a connection speaks; it decides the form of case-4 commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Byte-oriented: a command either sends or receives; answers to case 4 are fetched by GET RESPONSE.
    T0,
    /// Block-oriented (also what PC/SC shows for contactless cards): case 4 goes in one piece.
    T1,
}

/// Longest short-form command: header, Lc, 255 bytes, Le (ISO 7816-4).
pub const MAX_COMMAND: usize = 261;
/// Longest short-form answer: 256 bytes and the status word (ISO 7816-4).
pub const MAX_ANSWER: usize = 258;

/// A card that can be talked to.
pub trait Transport {
    /// Sends one command and returns the raw answer, status word included.
    ///
    /// The command may hold a PIN, and the answer what was deciphered: an implementation neither logs nor keeps
    /// them. The caller wipes the answer.
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError>;

    /// The protocol in use.
    fn protocol(&self) -> Protocol;
}
