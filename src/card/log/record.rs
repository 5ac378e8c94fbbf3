//! What can be logged: every line that there can be.

use std::fmt::{self, Debug, Display, Formatter};
use std::panic::Location;

/// A value that may stand in a record, because it is one of a few that this software knows, with numbers in it at
/// most. No text, no bytes, and no length of a secret is one.
pub trait Loggable: Debug {}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Record<'r> {
    /// The log begins.
    Begins {
        /// Which software this is.
        version: &'static str,
    },
    /// A program calls a function.
    Called {
        /// Its name.
        function: &'static str,
    },
    /// It does so with the number of a slot, or the handle of a session or an object.
    With {
        /// Of what.
        what: &'static str,
        /// The number.
        number: u64,
    },
    /// The function returns.
    Returned {
        /// Its name.
        function: &'static str,
        /// The name of its return value.
        result: &'static str,
    },
    /// Why what is under way fails.
    Because(&'r dyn Loggable),
    /// What only the module knows, in a fixed sentence.
    Remark(&'static str),
    /// A panic, which is a mistake of ours.
    Panicked(&'r Location<'r>),
    /// Something happened to a reader.
    Reader {
        /// The slot of its PIN1.
        slot: u64,
        /// What.
        event: Event,
    },
    /// What a card is taken for.
    Card {
        /// Its kind, by the name that tokens have for it.
        kind: &'static str,
    },
    /// A PIN or PUK was accepted by the card, or not, or not even sent.
    Judged {
        /// Which.
        secret: &'static str,
        /// Why it was not accepted.
        refusal: Option<&'r dyn Loggable>,
    },
    /// A command to the card.
    Command {
        /// Its name in ISO 7816.
        name: &'static str,
        /// P1 and P2.
        parameters: [u8; 2],
        /// The status word, or what kept the card from answering.
        answer: &'r dyn Loggable,
        /// How many bytes were answered, unless they are secret.
        length: Option<usize>,
    },
    /// A call of the PC/SC library failed.
    Pcsc {
        /// Its code.
        code: u32,
        /// What that means for us.
        meaning: &'r dyn Loggable,
    },
}

/// What happens to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A reader that was not known.
    Found,
    /// A card was put in, or is in it from the start.
    Card,
    /// The card was taken out, or there is none from the start.
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
