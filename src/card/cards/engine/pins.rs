//! Asking for the state of PINs, verifying, changing and setting them.

use super::files::select;
use crate::cards::error::{CardError, NewPin, PinError, Step};
use crate::cards::profile::{CardProfile, Closing, PinSpec, PukSpec, Secret};
use crate::cards::{Entries, Pin, PinState};
use crate::iso7816::apdu::Header;
use crate::iso7816::{Channel, Credential, StatusWord, Unfilled, pin};
use crate::transport::keypad::Asks;
use crate::transport::{Password, Renewed};
use std::ops::RangeInclusive;

/// The state of a PIN by VERIFY without data, which uses up no try. It does not include whether the PIN was ever
/// changed.
pub fn probe(channel: &mut Channel<'_>, spec: &PinSpec) -> Result<Probe, CardError> {
    Ok(match pin::probe(channel, spec.reference)? {
        StatusWord::OK => Probe::Verified,
        StatusWord::BLOCKED | StatusWord::NOT_USABLE => Probe::Left(Some(0)),
        StatusWord::NO_INFORMATION => Probe::Left(None),
        sw => match sw.tries_left() {
            Some(left) => Probe::Left(Some(left)),
            None => Probe::OtherApplication,
        },
    })
}

/// The answer to [`probe`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// The PIN is verified.
    Verified,
    /// It is not; the tries left, if the card reports them.
    Left(Option<u8>),
    /// The card does not know the PIN at present: another application is selected.
    OtherApplication,
}

/// The state of a PIN by its data object (two commands with T=0).
pub fn pin_state(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    reference: u8,
) -> Result<PinState, CardError> {
    let step = Step::AskPin;
    let object = profile.asking.object.ok_or(CardError::Unsupported)?;
    let command = (object.ask)(reference).map_err(|_| CardError::Malformed { step })?;
    let reply = channel.send(&command)?;
    step.check(reply.sw)?;
    (object.read)(&reply.data).ok_or(CardError::Malformed { step })
}

/// The PIN or PUK that is presented, or that a command is about.
pub struct Subject {
    reference: u8,
    digits: RangeInclusive<usize>,
}

impl From<&PinSpec> for Subject {
    fn from(spec: &PinSpec) -> Self {
        Subject { reference: spec.reference, digits: spec.min..=spec.max }
    }
}

impl From<&PukSpec> for Subject {
    fn from(puk: &PukSpec) -> Self {
        Subject { reference: puk.reference, digits: puk.min..=puk.max }
    }
}

/// Verifies a PIN or the PUK; `None`: one that is entered on the reader's keypad. A wrong one uses up a try.
pub fn verify(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    subject: Subject,
    typed: Option<&Pin>,
) -> Result<(), PinError> {
    let header = pin::verify(subject.reference);
    let sw = match typed {
        Some(typed) => {
            let block = typed.block(profile.pin_block).ok_or(PinError::Impossible)?;
            channel.send_credential(Credential::new(header, &[&block]).ok_or(PinError::Impossible)?)?
        }
        None => enter(channel, profile, header, Asks::Present, subject.digits)?,
    };
    judged(Step::Verify, sw)
}

/// Presents a PIN or the PUK as the password of a channel. A wrong one uses up a try. A PIN with its last try is
/// suspended (BSI TR-03110-2 §3.3.2): it is presented through a channel that the card access number has opened.
pub fn present_as_password(
    channel: &mut Channel<'_>,
    reference: u8,
    typed: &Pin,
    suspended: bool,
) -> Result<(), PinError> {
    match channel.renew(Password { reference, characters: typed.digits() }, suspended)? {
        Renewed::Opened => Ok(()),
        Renewed::Judged(sw) => judged(Step::Verify, StatusWord(sw)),
        Renewed::Unusable(sw) => match StatusWord(sw) {
            StatusWord::BLOCKED => Err(PinError::Blocked),
            sw if sw.tries_left() == Some(0) => Err(PinError::Blocked),
            sw => Err(CardError::Refused { step: Step::Verify, sw }.into()),
        },
        Renewed::Refused(sw) => {
            Err(CardError::Refused { step: Step::OpenChannel, sw: StatusWord(sw) }.into())
        }
    }
}

/// Changes a PIN or the PUK. A wrong old one uses up a try.
pub fn change(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    subject: Subject,
    entries: Entries<'_>,
) -> Result<(), PinError> {
    let sw = set(channel, profile, pin::change(subject.reference), subject.digits, entries)?;
    judged(Step::Change, sw)
}

/// Sets a PIN by the PUK, whether it is blocked or not. A wrong PUK uses up one of its tries.
pub fn unblock(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    spec: &PinSpec,
    puk: &PukSpec,
    entries: Entries<'_>,
) -> Result<(), PinError> {
    let digits = spec.min.min(puk.min)..=spec.max.max(puk.max);
    let sw = set(channel, profile, pin::unblock(spec.reference), digits, entries)?;
    judged(Step::Unblock, sw)
}

/// Sets a PIN after the PUK was verified.
pub fn reset(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    spec: &PinSpec,
    entries: Entries<'_>,
) -> Result<(), CardError> {
    let header = pin::reset(spec.reference);
    let sw = match entries {
        Entries::Typed { new, .. } => send_new(channel, profile, header, new)?,
        Entries::Pad => enter(channel, profile, header, Asks::New, spec.min..=spec.max)?,
    };
    Step::Unblock.check(sw)
}

/// Changes a PIN after the old one was presented.
pub fn replace(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    spec: &PinSpec,
    new: &Pin,
) -> Result<(), CardError> {
    Step::Change.check(send_new(channel, profile, pin::replace(spec.reference), new)?)
}

/// Gives a PIN its tries again, after the PUK was presented.
pub fn refill(channel: &mut Channel<'_>, spec: &PinSpec) -> Result<(), CardError> {
    Step::Unblock.check(pin::refill(channel, spec.reference)?)
}

/// Sends a new PIN alone.
fn send_new(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    header: Header,
    new: &Pin,
) -> Result<StatusWord, CardError> {
    let block = new.block(profile.pin_block).ok_or(CardError::Unsupported)?;
    Ok(channel.send_credential(Credential::new(header, &[&block]).ok_or(CardError::Unsupported)?)?)
}

/// Sends a command that sets a PIN, with what permits it and the new PIN.
fn set(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    header: Header,
    digits: RangeInclusive<usize>,
    entries: Entries<'_>,
) -> Result<StatusWord, PinError> {
    match entries {
        Entries::Typed { permit, new } => {
            let new = new.block(profile.pin_block).ok_or(PinError::NewImpossible(NewPin::Length))?;
            let permit = permit.block(profile.pin_block).ok_or(PinError::Impossible)?;
            let command = Credential::new(header, &[&permit, &new]).ok_or(PinError::Impossible)?;
            Ok(channel.send_credential(command)?)
        }
        Entries::Pad => {
            let offset = profile.pin_block.length().ok_or(CardError::Unsupported)?;
            Ok(enter(channel, profile, header, Asks::PresentAndNew { offset }, digits)?)
        }
    }
}

/// Sends a command with PINs that are entered on the reader's keypad.
fn enter(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    header: Header,
    asks: Asks,
    digits: RangeInclusive<usize>,
) -> Result<StatusWord, CardError> {
    if !channel.keypad().is_some_and(|keypad| profile.takes_from(keypad, asks, &digits)) {
        return Err(CardError::Unsupported);
    }
    let (padding, form) = profile.pin_block.unfilled();
    let padding = match asks {
        Asks::PresentAndNew { .. } => padding.repeat(2),
        Asks::Present | Asks::New => padding,
    };
    let unfilled = Unfilled::new(header, &padding, asks, form, digits).ok_or(CardError::Unsupported)?;
    Ok(channel.enter_credential(&unfilled)?)
}

/// What the status word of a PIN command means for the PIN or PUK in it.
fn judged(step: Step, sw: StatusWord) -> Result<(), PinError> {
    match sw {
        StatusWord::OK => Ok(()),
        StatusWord::NO_INFORMATION => Err(PinError::Wrong { left: None }),
        StatusWord::BLOCKED => Err(PinError::Blocked),
        sw => Err(match sw.tries_left() {
            Some(left) => PinError::Wrong { left: Some(left) },
            None => CardError::Refused { step, sw }.into(),
        }),
    }
}

/// Closes a PIN or the PUK. An error means that it may still be open.
pub fn close(channel: &mut Channel<'_>, profile: &CardProfile, secret: Secret) -> Result<Closed, CardError> {
    let reference = profile.reference(secret).ok_or(CardError::Unsupported)?;
    match profile.closing {
        Closing::UnverifyOrSelect | Closing::Unverify
            if pin::unverify(channel, reference) == Ok(StatusWord::OK) =>
        {
            Ok(Closed::One)
        }
        Closing::UnverifyOrSelect | Closing::Select if profile.select_closes(secret) => {
            select(channel, profile, &profile.application).map(|()| Closed::BySelect)
        }
        Closing::LogOff(command) => {
            Step::LogOff.check(channel.send(&command())?.sw).map(|()| Closed::ByLogOff)
        }
        _ => Err(CardError::Unsupported),
    }
}

/// What [`close`] has closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// That PIN alone.
    One,
    /// That PIN and all others that SELECT of the application closes.
    BySelect,
    /// All.
    ByLogOff,
}
