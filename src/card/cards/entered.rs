//! What the holder enters, and where.

use super::Pin;
use super::error::PinError;

/// A PIN or code that the holder enters.
pub enum Entered {
    /// It was typed into the program.
    Typed(Pin),
    /// It is entered on the reader's keypad each time when it is presented. This computer never sees it.
    Pad,
}

impl Entered {
    /// The digits, if they were typed.
    pub fn typed(&self) -> Option<&Pin> {
        match self {
            Entered::Typed(pin) => Some(pin),
            Entered::Pad => None,
        }
    }
}

impl From<Pin> for Entered {
    fn from(pin: Pin) -> Self {
        Entered::Typed(pin)
    }
}

/// Both entries for a new PIN or PUK: what permits it, and the new one.
#[derive(Clone, Copy)]
pub enum Entries<'p> {
    /// They were typed.
    Typed {
        /// The old PIN or PUK, or the code that sets the PIN.
        permit: &'p Pin,
        /// The new one.
        new: &'p Pin,
    },
    /// Both are entered on the reader's keypad, the new one twice.
    Pad,
}

impl<'p> Entries<'p> {
    /// What permits it, if that was typed.
    pub fn permit(self) -> Option<&'p Pin> {
        match self {
            Entries::Typed { permit, .. } => Some(permit),
            Entries::Pad => None,
        }
    }

    /// The new PIN, in locked memory of its own, if it was typed.
    pub(crate) fn new_again(self) -> Result<Option<Entered>, PinError> {
        match self {
            Entries::Typed { new, .. } => new.again().map(|new| Some(Entered::Typed(new))),
            Entries::Pad => Ok(None),
        }
    }
}
