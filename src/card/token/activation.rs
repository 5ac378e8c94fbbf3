//! Activation: what is permitted, and what came of each PIN.

use super::code::Purpose;
use super::reader::Consent;
use crate::cards::profile::Secret;
use crate::cards::{CardError, PinError, Role};
use crate::log::Loggable;

/// May the last try be used? If it fails, the PIN is blocked, or the card has become useless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastTry {
    /// No.
    Keep,
    /// Yes: the holder has confirmed it.
    Use,
}

/// What is permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What the code is for.
    pub purpose: Purpose,
    /// May the last try be used?
    pub last_try: LastTry,
    /// Did the holder agree to write to such a card?
    pub consent: Consent,
}

/// Why activation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// There is one try left of this PIN or PUK. Nothing was sent.
    LastTry(Secret),
    /// A step failed.
    Failed(PinError),
}

impl Loggable for Stopped {}

/// An attempt to set one PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The PIN.
    pub role: Role,
    /// Was it set?
    pub outcome: Result<(), Stopped>,
    /// Tries left of the code, if known. A transport code uses up those of the PIN.
    pub left: Option<u8>,
}

impl From<CardError> for Stopped {
    fn from(error: CardError) -> Self {
        Stopped::Failed(error.into())
    }
}

impl From<PinError> for Stopped {
    fn from(error: PinError) -> Self {
        Stopped::Failed(error)
    }
}
