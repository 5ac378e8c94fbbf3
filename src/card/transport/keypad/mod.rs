//! Readers with a keypad (PC/SC part 10, "IFDs with Secure PIN Entry Capabilities"): what they can do, and what they
//! are told. What is entered goes from the keypad to the card, and never through this computer.

mod language;
mod properties;
mod structures;

pub use language::Language;
pub use properties::Keypad;

/// A command in which a keypad puts what the holder enters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PadCommand {
    /// The command as it is sent, with padding in the places of the digits.
    pub command: Vec<u8>,
    /// What the holder is asked for.
    pub asks: Asks,
    /// How digits are put into the command.
    pub form: Form,
    /// Fewest digits of an entry.
    pub min: usize,
    /// Most digits of an entry.
    pub max: usize,
}

/// What a keypad asks its holder for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A PIN or code, at the beginning of the data.
    Present,
    /// A new PIN twice, at the beginning of the data.
    New,
    /// A PIN or code, at the beginning of the data, and a new PIN twice.
    PresentAndNew {
        /// Where the new one goes: so many bytes after the beginning of the data.
        offset: u8,
    },
}

/// How digits are put into a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// ASCII, from the left. Where the command has no data yet, they are all of it.
    Characters,
    /// A byte with their number in its low half, then two digits a byte (ISO 9564-1 format 2).
    HalfBytes,
}
