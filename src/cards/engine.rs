//! Works any card by its profile: one short function per thing a card can be asked.
//!
//! Every function needs the card's application to be selected, unless it says otherwise; keeping track of that
//! is the caller's business, because it outlives a single command.

use super::certificate::{Certificate, PublicKey};
use super::error::{CardError, NewPin, PinError, Step};
use super::pin::{Pin, PinState};
use super::profile::{CardProfile, Curve, Hash, KeySpec, Padding, PinSpec, Scheme};
use crate::crypto::public::fitted;
use crate::iso7816::{Channel, Credential, Reply, StatusWord, file, pin, security, tlv};
use zeroize::Zeroizing;

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

/// What a key is to do.
#[derive(Clone, Copy, Debug)]
pub enum KeyTask<'t> {
    /// Sign this.
    Sign(&'t SignInput),
    /// Decipher an RSA cryptogram and take its padding off.
    Decipher {
        /// How it is padded.
        padding: Padding,
        /// As long as the modulus.
        cryptogram: &'t [u8],
    },
    /// Agree on a secret with the holder of another key on the same curve.
    Agree {
        /// The other public key: 04, x, y.
        point: &'t [u8],
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

/// Reads the certificate at a path. `None` when the card has no such file.
pub fn read_certificate(channel: &mut Channel<'_>, path: &[u8]) -> Result<Option<Certificate>, CardError> {
    let step = Step::ReadCertificate;
    let read = file::select_path(channel, path).and_then(|()| file::read_object(channel));
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
    match set(channel, profile, old, new, |old, new| pin::change(spec.reference, old, new))? {
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

/// Works with a key, whose PIN must stand. The answer is wiped, because some answers are secret.
pub fn work(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    key: &KeySpec,
    public: &PublicKey,
    task: KeyTask<'_>,
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    match (task, public) {
        (KeyTask::Sign(input), _) if key.uses.sign => sign(channel, profile, key, public, input),
        (KeyTask::Decipher { padding, cryptogram }, PublicKey::Rsa { modulus, .. })
            if key.uses.decipher && cryptogram.len() == modulus.len() =>
        {
            decipher(channel, profile, key, padding, cryptogram)
        }
        (KeyTask::Agree { point }, PublicKey::Ec { curve, point: own })
            if key.uses.agree && point.len() == own.len() && point.first() == own.first() =>
        {
            agree(channel, profile, key, *curve, point)
        }
        _ => Err(CardError::Unsupported),
    }
}

/// Signs: three commands.
fn sign(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    key: &KeySpec,
    public: &PublicKey,
    input: &SignInput,
) -> Result<Zeroizing<Vec<u8>>, CardError> {
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

/// Deciphers: MSE, and as many commands as the cryptogram is long. A card that does not take the data may want the
/// other padding indicator before it; a wrong padding looks the same, so then the card judges it twice.
fn decipher(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    key: &KeySpec,
    padding: Padding,
    cryptogram: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let algorithm = profile.decipherment(padding).ok_or(CardError::Unsupported)?;
    let longest = cryptogram.len().checked_sub(padding.length()).ok_or(CardError::Unsupported)?;
    let mut outcome = Err(CardError::Unsupported);
    for indicator in profile.deciphering.indicators {
        Step::SetKey.check(security::set_decipherment_key(channel, Some(algorithm), key.reference)?)?;
        outcome = apply(channel, Step::Decipher, *indicator, cryptogram);
        if !matches!(outcome, Err(CardError::Refused { step: Step::Decipher, sw: StatusWord::WRONG_DATA })) {
            break;
        }
    }
    let step = Step::Decipher;
    outcome
        .and_then(|plain| if plain.len() <= longest { Ok(plain) } else { Err(CardError::Malformed { step }) })
}

/// Agrees on a secret: two commands. The secret is the x coordinate of the shared point (SEC 1 §3.3.1).
fn agree(
    channel: &mut Channel<'_>,
    profile: &CardProfile,
    key: &KeySpec,
    curve: Curve,
    point: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let step = Step::Agree;
    Step::SetKey.check(security::set_decipherment_key(channel, None, key.reference)?)?;
    let x = apply(channel, step, profile.deciphering.point_indicator, point)?;
    let missing = curve.field_bytes().checked_sub(x.len()).filter(|_| !x.is_empty());
    let zeros = vec![0; missing.ok_or(CardError::Malformed { step })?];
    Ok(Zeroizing::new([zeros.as_slice(), &x].concat()))
}

/// Gives the card what its private key is to be applied to, and takes the answer.
fn apply(
    channel: &mut Channel<'_>,
    step: Step,
    indicator: u8,
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let (parts, last) = security::decipher(indicator, data);
    for part in parts {
        Step::GiveCryptogram.check(channel.send(&part)?.sw)?;
    }
    let Reply { data, sw } = channel.send(&last)?;
    step.check(sw).map(|()| data)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::fineid;
    use crate::iso7816::channel::script::Script;
    use crate::transport::Protocol;

    /// A key agreement with a card that answers its second command like this.
    fn agreed(answer: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let point = [&[4][..], &[7; 96]].concat();
        let own = PublicKey::Ec { curve: Curve::P384, point: point.clone() };
        let given = [&[0, 0x2A, 0x80, 0x86, 98, 0], point.as_slice(), &[0]].concat();
        let mut card = Script::new(
            Protocol::T1,
            &[(&[0, 0x22, 0x41, 0xB8, 3, 0x84, 1, 1], &[0x90, 0]), (&given, answer)],
        );
        let task = KeyTask::Agree { point: &point };
        work(&mut Channel::new(&mut card), &fineid::V4_0, &fineid::V4_0.keys[0], &own, task)
    }

    #[test]
    fn a_shared_secret_has_the_length_of_the_field() {
        assert_eq!(*agreed(&[5, 0x90, 0]).unwrap(), [&[0; 47][..], &[5]].concat());
        assert_eq!(*agreed(&[&[6; 48][..], &[0x90, 0]].concat()).unwrap(), [6; 48]);
        for length in [0, 49, 97] {
            let answer = [&vec![6; length][..], &[0x90, 0]].concat();
            assert_eq!(agreed(&answer), Err(CardError::Malformed { step: Step::Agree }));
        }
    }
}
