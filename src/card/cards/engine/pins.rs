//! Asking for the state of PINs, verifying, changing and setting them.

use super::files::select;
use crate::cards::error::{CardError, NewPin, PinError, Step};
use crate::cards::profile::{CardProfile, Closing, PinSpec, Secret};
use crate::cards::{Pin, PinState};
use crate::iso7816::{Channel, Credential, StatusWord, pin};

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

/// Verifies a PIN or the PUK. A wrong one uses up a try.
pub fn verify(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    reference: u8,
    typed: &Pin,
) -> Result<(), PinError> {
    let block = typed.block(profile.pin_block).ok_or(PinError::Impossible)?;
    let command = pin::verify(reference, &block).ok_or(PinError::Impossible)?;
    judged(Step::Verify, channel.send_credential(command)?)
}

/// Changes a PIN or the PUK. A wrong old one uses up a try.
pub fn change(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    reference: u8,
    old: &Pin,
    new: &Pin,
) -> Result<(), PinError> {
    let sw = set(channel, profile, old, new, |old, new| pin::change(reference, old, new))?;
    judged(Step::Change, sw)
}

/// Sets a PIN by the PUK, whether it is blocked or not. A wrong PUK uses up one of its tries.
pub fn unblock(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    spec: &PinSpec,
    puk: &Pin,
    new: &Pin,
) -> Result<(), PinError> {
    let sw = set(channel, profile, puk, new, |puk, new| pin::unblock(spec.reference, puk, new))?;
    judged(Step::Unblock, sw)
}

/// Sets a PIN after the PUK was verified.
pub fn reset(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    spec: &PinSpec,
    new: &Pin,
) -> Result<(), CardError> {
    let step = Step::Unblock;
    let block = new.block(profile.pin_block).ok_or(CardError::Unsupported)?;
    let command = pin::reset(spec.reference, &block).ok_or(CardError::Unsupported)?;
    step.check(channel.send_credential(command)?)
}

/// Sends a command that sets a PIN, with the code that permits it and the new PIN.
fn set(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    code: &Pin,
    new: &Pin,
    command: impl FnOnce(&[u8], &[u8]) -> Option<Credential>,
) -> Result<StatusWord, PinError> {
    let code = code.block(profile.pin_block).ok_or(PinError::Impossible)?;
    let new = new.block(profile.pin_block).ok_or(PinError::NewImpossible(NewPin::Length))?;
    Ok(channel.send_credential(command(&code, &new).ok_or(PinError::Impossible)?)?)
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
