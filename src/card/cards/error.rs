//! What can go wrong with a card, by what happened; what a caller is told is decided elsewhere.

use crate::iso7816::StatusWord;
use crate::iso7816::file::FileError;
use crate::log::Loggable;
use crate::transport::TransportError;

/// The step of a card operation that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Selecting the application.
    SelectApplication,
    /// Reading the card's serial number.
    ReadSerial,
    /// Reading a certificate.
    ReadCertificate,
    /// Reading what there is on the card (ISO 7816-15).
    ReadDirectory,
    /// Reading what the card tells of its holder.
    ReadPersonalData,
    /// Ending all verified states.
    LogOff,
    /// Asking how a PIN stands.
    AskPin,
    /// Presenting a PIN.
    Verify,
    /// Changing a PIN.
    Change,
    /// Unblocking a PIN.
    Unblock,
    /// Choosing key and algorithm.
    SetKey,
    /// Giving the digest.
    GiveDigest,
    /// Computing the signature.
    ComputeSignature,
    /// Giving the first parts of a long cryptogram: the card had nothing to decipher yet.
    GiveCryptogram,
    /// Deciphering: refused also when the padding is wrong.
    Decipher,
    /// Agreeing on a secret: refused also when the other party's point is none of the curve.
    Agree,
}

/// A card operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardError {
    /// The card could not be reached.
    Transport(TransportError),
    /// The card refused.
    Refused {
        /// At which step.
        step: Step,
        /// Its status word.
        sw: StatusWord,
    },
    /// The card's answer makes no sense.
    Malformed {
        /// At which step.
        step: Step,
    },
    /// There is no card, or not the one that was meant.
    Swapped,
    /// A card that no table knows, and that does not say what it is. No PIN was sent to it.
    Unrecognised,
    /// The card cannot do this.
    Unsupported,
}

/// A PIN was not accepted, or not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinError {
    /// The card refused it.
    Wrong {
        /// Tries left, when the card told.
        left: Option<u8>,
    },
    /// The PIN is blocked.
    Blocked,
    /// The card keeps its key back because the PIN is still the one from the issuer's letter.
    NotOwnYet,
    /// The PIN is blocked because its holder has never set it.
    NeverSet,
    /// This card refused this PIN before. It was not sent.
    RefusedBefore,
    /// No PIN of this card looks like this. It was not sent.
    Impossible,
    /// The code is not one that can do this, as this card stands. It was not sent.
    Contradiction,
    /// The new PIN is not one that can be set, or equals the old one. Nothing was sent.
    NewImpossible(NewPin),
    /// The operation needs a PIN that was not given, or that the card does not remember.
    NotGiven,
    /// This kind of card may not be written to, or not without the holder's consent. Nothing was sent.
    WriteProtected,
    /// There was no memory to keep it safe in.
    NoMemory,
    /// The card operation failed.
    Card(CardError),
}

/// What is wrong with a new PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPin {
    /// Too short or too long for the card.
    Length,
    /// Not made of digits.
    NotDigits,
    /// The same as the old one.
    Unchanged,
}

impl Loggable for CardError {}
impl Loggable for PinError {}

impl From<TransportError> for CardError {
    fn from(error: TransportError) -> Self {
        CardError::Transport(error)
    }
}

impl From<TransportError> for PinError {
    fn from(error: TransportError) -> Self {
        PinError::Card(error.into())
    }
}

impl From<CardError> for PinError {
    fn from(error: CardError) -> Self {
        PinError::Card(error)
    }
}

impl Step {
    /// What a failed file operation at this step means.
    pub(super) fn failed(self, error: FileError) -> CardError {
        match error {
            FileError::Transport(error) => CardError::Transport(error),
            FileError::Refused(sw) => CardError::Refused { step: self, sw },
            FileError::Malformed => CardError::Malformed { step: self },
        }
    }

    /// Success, or a refusal at this step.
    pub(super) fn check(self, sw: StatusWord) -> Result<(), CardError> {
        if sw == StatusWord::OK { Ok(()) } else { Err(CardError::Refused { step: self, sw }) }
    }
}
