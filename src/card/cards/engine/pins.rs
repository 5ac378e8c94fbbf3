//! Asking for PINs, presenting, changing and setting them.

use super::files::select;
use crate::cards::error::{CardError, NewPin, PinError, Step};
use crate::cards::profile::{CardProfile, Closing, PinSpec};
use crate::cards::{Pin, PinState};
use crate::iso7816::{Channel, Credential, StatusWord, pin};

/// How a PIN stands, by one command that spends nothing. Tells nothing about whether it was ever changed.
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
    /// The PIN was presented and stands.
    Verified,
    /// It was not; so many tries are left, if the card tells.
    Left(Option<u8>),
    /// The card does not know this PIN now: another application is selected.
    OtherApplication,
}

/// All that the card tells of a PIN (two commands on a T=0 card).
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

/// Presents a PIN or the PUK, once.
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

/// Changes a PIN or the PUK, once. A refusal costs a try of it.
pub fn change(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    reference: u8,
    old: &Pin,
    new: &Pin,
) -> Result<(), PinError> {
    match set(channel, profile, old, new, |old, new| pin::change(reference, old, new))? {
        // Said of a new PIN that equals the old one.
        StatusWord::CONDITIONS => Err(PinError::NewImpossible(NewPin::Unchanged)),
        sw => judged(Step::Change, sw),
    }
}

/// Sets a PIN by the PUK, once, whether it is blocked or not. A refusal costs a try of the PUK.
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

/// Sets a PIN after the PUK was presented, once.
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

/// Sends a command that sets a PIN, once: the code that permits it, and the new PIN.
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

/// What the status word of a PIN command says of the PIN or PUK that was presented.
fn judged(step: Step, sw: StatusWord) -> Result<(), PinError> {
    match sw {
        StatusWord::OK => Ok(()),
        StatusWord::NO_INFORMATION => Err(PinError::Wrong { left: None }),
        StatusWord::BLOCKED | StatusWord::NOT_USABLE => Err(PinError::Blocked),
        sw => Err(match sw.tries_left() {
            Some(left) => PinError::Wrong { left: Some(left) },
            None => CardError::Refused { step, sw }.into(),
        }),
    }
}

/// Takes the verified state of one PIN, or of the PUK, away. A card that cannot do that, or does not say that it did,
/// loses all of them.
pub fn unverify(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    reference: u8,
) -> Result<Unverified, CardError> {
    match profile.closing {
        Closing::Unverify if pin::unverify(channel, reference) == Ok(StatusWord::OK) => {
            return Ok(Unverified::One);
        }
        Closing::Unverify | Closing::Select => select(channel, &profile.application)?,
        Closing::LogOff(command) => Step::LogOff.check(channel.send(&command())?.sw)?,
    }
    Ok(Unverified::All)
}

/// What [`unverify`] took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unverified {
    /// That PIN's state alone.
    One,
    /// The state of every PIN.
    All,
}
