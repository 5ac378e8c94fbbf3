//! Everything that can be logged.

use std::ffi::c_ulong;
use std::fmt::{self, Debug, Display, Formatter};
use std::panic::Location;

/// A value that may be logged in its `Debug` form: an enumeration of this software's own, perhaps with numbers in it.
/// Text, bytes and lengths of secrets are not loggable.
pub trait Loggable: Debug {}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Record<'r> {
    /// The log begins.
    Begins {
        /// The version of this software.
        version: &'static str,
    },
    /// A program called a function.
    Called {
        /// Its name.
        function: &'static str,
    },
    /// The slot number, or the handle of a session or an object, that it was called with.
    With {
        /// Slot, session or object.
        what: &'static str,
        /// The number.
        number: c_ulong,
    },
    /// The function returned.
    Returned {
        /// Its name.
        function: &'static str,
        /// The name of its return value.
        result: &'static str,
    },
    /// Why the call fails.
    Because(&'r dyn Loggable),
    /// A fixed sentence.
    Remark(&'static str),
    /// A panic, which is a bug.
    Panicked(&'r Location<'r>),
    /// Something happened to a reader.
    Reader {
        /// The slot of its PIN1.
        slot: c_ulong,
        /// What happened.
        event: Event,
    },
    /// The kind of a card was found out.
    Card {
        /// Its kind: the model of its tokens.
        kind: &'static str,
    },
    /// A PIN or PUK was accepted, refused, or not even sent.
    Judged {
        /// Which PIN or PUK.
        secret: &'static str,
        /// Why it was not accepted.
        refusal: Option<&'r dyn Loggable>,
    },
    /// A command was sent to the card.
    Command {
        /// Its name in ISO 7816.
        name: &'static str,
        /// P1 and P2.
        parameters: [u8; 2],
        /// The status word, or why there is none.
        answer: &'r dyn Loggable,
        /// Length of the answer in bytes, unless that is secret.
        length: Option<usize>,
    },
    /// A call to the PC/SC library failed.
    Pcsc {
        /// The error code.
        code: u32,
        /// What it is taken for.
        meaning: &'r dyn Loggable,
    },
}

/// What can happen to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A new reader was found.
    Found,
    /// A card was inserted, or was there from the start.
    Card,
    /// The card was removed, or there was none from the start.
    Empty,
    /// The reader or its daemon went away.
    Gone,
}

impl Record<'_> {
    pub(super) fn begins() -> Self {
        Record::Begins { version: env!("CARGO_PKG_VERSION") }
    }
}

impl Display for Record<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Record::Begins { version } => write!(f, "version {version}"),
            Record::Called { function } => f.write_str(function),
            Record::With { what, number } => write!(f, "{what} {number}"),
            Record::Returned { function, result } => write!(f, "{function}: {result}"),
            Record::Because(why) => write!(f, "because: {why:?}"),
            Record::Remark(remark) => f.write_str(remark),
            Record::Panicked(place) => write!(f, "panic at {place}"),
            Record::Reader { slot, event } => write!(f, "reader of slot {slot}: {event}"),
            Record::Card { kind } => write!(f, "card: {kind}"),
            Record::Judged { secret, refusal: None } => write!(f, "{secret}: accepted"),
            Record::Judged { secret, refusal: Some(why) } => write!(f, "{secret}: not accepted: {why:?}"),
            Record::Command { name, parameters: [p1, p2], answer, length } => {
                write!(f, "{name} {p1:02X} {p2:02X}: {answer:?}")?;
                length.map_or(Ok(()), |length| write!(f, ", {length} bytes"))
            }
            Record::Pcsc { code, meaning } => write!(f, "PC/SC {code:08X}: {meaning:?}"),
        }
    }
}

impl Display for Event {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Event::Found => "found",
            Event::Card => "holds a card",
            Event::Empty => "is empty",
            Event::Gone => "is gone",
        })
    }
}
