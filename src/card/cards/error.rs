//! Errors of card operations, by what happened. What callers report is decided elsewhere.

use super::aftermath::Aftermath;
use super::can::CanError;
use crate::iso7816::StatusWord;
use crate::iso7816::file::FileError;
use crate::log::Loggable;
use crate::transport::TransportError;

/// The step of a card operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Opening the channel to a card without contacts, before the card has judged the number.
    OpenChannel,
    /// Having the card judge its access number.
    PresentNumber,
    /// Selecting the application.
    SelectApplication,
    /// Reading the card's serial number.
    ReadSerial,
    /// Reading a certificate.
    ReadCertificate,
    /// Reading the directory of objects (ISO 7816-15).
    ReadDirectory,
    /// Reading personal data.
    ReadPersonalData,
    /// Resetting all verified states.
    LogOff,
    /// Asking for the state of a PIN.
    AskPin,
    /// Presenting a PIN.
    Verify,
    /// Changing a PIN.
    Change,
    /// Unblocking a PIN.
    Unblock,
    /// Choosing key and algorithm.
    SetKey,
    /// Passing the digest.
    GiveDigest,
    /// Computing the signature.
    ComputeSignature,
    /// Passing the first parts of a long cryptogram, before the card decrypts.
    GiveCryptogram,
    /// Decrypting; also refused if the padding is wrong.
    Decipher,
    /// Key agreement; also refused if the other party's point is not on the curve.
    Agree,
}

/// A card operation failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardError {
    /// The exchange with the card failed.
    Transport(TransportError),
    /// The card refused a command.
    Refused {
        /// At which step.
        step: Step,
        /// Its status word.
        sw: StatusWord,
    },
    /// The card returned something malformed.
    Malformed {
        /// At which step.
        step: Step,
    },
    /// There is no card, or not the one that was meant.
    Swapped,
    /// A card that no table knows, and that does not say what it is. No PIN was sent to it.
    Unrecognised,
    /// A card without contacts was not opened.
    Can(CanError),
    /// The card cannot do this.
    Unsupported,
}

/// A PIN was not accepted, or not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinError {
    /// The card refused it.
    Wrong {
        /// Tries left, if the card said so.
        left: Option<u8>,
    },
    /// The PIN is blocked.
    Blocked,
    /// The card does not let the code be used any more, although it has tries left.
    UsedUp,
    /// The card refuses to use its key as long as the PIN is the one from the issuer's letter.
    NotOwnYet,
    /// The PIN is blocked because it was never set.
    NeverSet,
    /// This card has already refused this PIN. It was not sent.
    RefusedBefore,
    /// These digits were just given for another PIN, faster than anybody types. They were not sent.
    GivenElsewhere,
    /// Not a possible PIN of this card. It was not sent.
    Impossible,
    /// The code cannot do this in the present state of the card. It was not sent.
    Contradiction,
    /// The new PIN cannot be set, or is the old one. Nothing was sent.
    NewImpossible(NewPin),
    /// The operation needs a PIN that was not given, or is no longer verified.
    NotGiven,
    /// This kind of card must not be written to, or not without the holder's consent. Nothing was sent.
    WriteProtected,
    /// The issuer wants the card in a reader with contacts for this. Nothing was sent.
    NeedsContacts,
    /// There was no locked memory for it.
    NoMemory,
    /// The program was told to stop before it was sent.
    Interrupted,
    /// Nothing was entered on the reader's keypad that could be sent, and the card counted no try.
    NotEntered(NotEntered),
    /// It was sent, and the answer does not tell what came of it.
    Unclear {
        /// The answer.
        cause: CardError,
        /// What the card said when it was asked.
        after: Aftermath,
    },
    /// The card operation failed, and no PIN was sent; or, while a key was used, none whose fate is unclear.
    Card(CardError),
}

/// Why nothing was entered on the reader's keypad (PC/SC part 10 §2.5.2 and §2.5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEntered {
    /// The holder took too long.
    TooLate,
    /// The holder pressed the key that cancels.
    Cancelled,
    /// The new PIN was entered in two different ways.
    Differs,
    /// It was too short or too long, or the keypad did not take it for another reason.
    NotTaken,
}

impl NotEntered {
    /// What a status word means that a keypad returns in place of the card's. The card may return the same ones; so
    /// they are believed only while no try is missing.
    pub const fn of(sw: StatusWord) -> Option<Self> {
        match sw.0 {
            0x6400 => Some(NotEntered::TooLate),
            0x6401 => Some(NotEntered::Cancelled),
            0x6402 => Some(NotEntered::Differs),
            // 6404 is what some drivers return besides.
            0x6403 | 0x6404 => Some(NotEntered::NotTaken),
            _ => None,
        }
    }
}

/// What is wrong with a new PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPin {
    /// Too short or too long for the card.
    Length,
    /// Not only digits.
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
    /// The card error for a failed file operation at this step.
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
