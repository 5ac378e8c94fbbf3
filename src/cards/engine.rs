//! Works any card by its profile: one short function per thing a card can be asked.
//!
//! Every function needs the card's application to be selected, unless it says otherwise; keeping track of that
//! is the caller's business, because it outlives a single command.

use super::certificate::{Certificate, PublicKey};
use super::error::{CardError, NewPin, PinError, Step};
use super::pin::{Pin, PinState};
use super::profile::{CardProfile, Curve, Hash, KeySpec, PinSpec, Scheme};
use crate::crypto::public::fitted;
use crate::iso7816::{Channel, StatusWord, file, pin, security, tlv};

/// Enough of EF.CIAInfo to hold version and serial number, and never more than the file has.
const CARD_INFO_START: usize = 32;

/// What is to be signed, as a card takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInput {
    /// ECDSA over a number of any length; it is fitted to the curve.
    Ecdsa(Vec<u8>),
    /// A digest for one of the RSA schemes.
    Rsa {
        /// Which scheme.
        scheme: Scheme,
        /// What made the digest.
        hash: Hash,
        /// The digest.
        digest: Vec<u8>,
    },
}

/// SELECT of the application. It takes the verified state of all PINs away, from every program.
pub fn select(channel: &mut Channel<'_>, profile: &CardProfile) -> Result<(), CardError> {
    file::select_application(channel, profile.application).map_err(|e| Step::SelectApplication.failed(e))
}

/// The card's serial number as EF.CIAInfo has it (ISO 7816-15 §8.10).
pub fn read_serial(channel: &mut Channel<'_>, profile: &CardProfile) -> Result<Vec<u8>, CardError> {
    let step = Step::ReadSerial;
    file::select_path(channel, profile.card_info).map_err(|e| step.failed(e))?;
    let start = file::read_start(channel, CARD_INFO_START).map_err(|e| step.failed(e))?;
    let info = tlv::contents(&start, 0x30).ok_or(CardError::Malformed { step })?;
    let serial = tlv::find(info, 0x04).filter(|serial| !serial.is_empty());
    serial.map(<[u8]>::to_vec).ok_or(CardError::Malformed { step })
}

/// Reads the certificate of a key. `None` when the card has no such file.
pub fn read_certificate(channel: &mut Channel<'_>, key: &KeySpec) -> Result<Option<Certificate>, CardError> {
    let step = Step::ReadCertificate;
    let read = file::select_path(channel, key.certificate).and_then(|()| file::read_object(channel));
    match read {
        Ok(der) => Certificate::parse(&der).map(Some).ok_or(CardError::Malformed { step }),
        Err(file::FileError::Refused(StatusWord::NOT_FOUND)) => Ok(None),
        Err(error) => Err(step.failed(error)),
    }
}

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
    let command = (profile.pin_object.ask)(reference).map_err(|_| CardError::Malformed { step })?;
    let reply = channel.send(&command)?;
    step.check(reply.sw)?;
    (profile.pin_object.read)(&reply.data).ok_or(CardError::Malformed { step })
}

/// Presents a PIN, once.
pub fn verify(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    spec: &PinSpec,
    typed: &Pin,
) -> Result<(), PinError> {
    let block = typed.block(profile.pin_block).ok_or(PinError::Impossible)?;
    let command = pin::verify(spec.reference, &block).ok_or(PinError::Impossible)?;
    judged(Step::Verify, channel.send_credential(command)?)
}

/// Changes a PIN, once. A refusal costs a try of the PIN.
pub fn change(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    spec: &PinSpec,
    old: &Pin,
    new: &Pin,
) -> Result<(), PinError> {
    let old = old.block(profile.pin_block).ok_or(PinError::Impossible)?;
    let new = new.block(profile.pin_block).ok_or(PinError::NewImpossible(NewPin::Length))?;
    let command = pin::change(spec.reference, &old, &new).ok_or(PinError::Impossible)?;
    match channel.send_credential(command)? {
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
    let puk = puk.block(profile.pin_block).ok_or(PinError::Impossible)?;
    let new = new.block(profile.pin_block).ok_or(PinError::NewImpossible(NewPin::Length))?;
    let command = pin::unblock(spec.reference, &puk, &new).ok_or(PinError::Impossible)?;
    judged(Step::Unblock, channel.send_credential(command)?)
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

/// Takes the verified state of one PIN away. A card that cannot do that is selected anew, which takes all away.
pub fn unverify(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    spec: &PinSpec,
) -> Result<Unverified, CardError> {
    match pin::unverify(channel, spec.reference)? {
        StatusWord::OK => Ok(Unverified::One),
        _ => select(channel, profile).map(|()| Unverified::All),
    }
}

/// What [`unverify`] took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unverified {
    /// That PIN's state alone.
    One,
    /// The state of every PIN.
    All,
}

/// Signs: three commands, the key's PIN must stand.
pub fn sign(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    key: &KeySpec,
    public: &PublicKey,
    input: &SignInput,
) -> Result<Vec<u8>, CardError> {
    let (algorithm, digest) = card_input(profile, public, input).ok_or(CardError::Unsupported)?;
    Step::SetKey.check(security::set_signature_key(channel, algorithm, key.reference)?)?;
    Step::GiveDigest.check(security::give_digest(channel, &digest)?)?;
    let length = public.signature_length();
    let reply = security::compute_signature(channel, length)?;
    Step::ComputeSignature.check(reply.sw)?;
    if reply.data.len() == length {
        Ok(reply.data)
    } else {
        Err(CardError::Malformed { step: Step::ComputeSignature })
    }
}

/// Algorithm reference and digest in the length that it demands.
fn card_input(profile: &CardProfile, public: &PublicKey, input: &SignInput) -> Option<(u8, Vec<u8>)> {
    match (public, input) {
        (PublicKey::Ec { curve, .. }, SignInput::Ecdsa(number)) => {
            let hash = match curve {
                Curve::P256 => Hash::Sha256,
                Curve::P384 => Hash::Sha384,
            };
            Some((profile.algorithm(Scheme::Ecdsa, hash)?, fitted(number, curve.field_bytes())))
        }
        (PublicKey::Rsa { .. }, SignInput::Rsa { scheme, hash, digest }) if digest.len() == hash.length() => {
            Some((profile.algorithm(*scheme, *hash)?, digest.clone()))
        }
        _ => None,
    }
}
