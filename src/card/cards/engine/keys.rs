//! The commands that use a private key.

use crate::cards::error::{CardError, Step};
use crate::cards::profile::{Algorithm, Curve, KeySpec, Padding, SigningCommand, Template};
use crate::iso7816::{Channel, Reply, StatusWord, security};
use zeroize::Zeroizing;

/// Chooses key and algorithm by MSE SET.
pub(super) fn set_key(
    channel: &mut Channel<'_>,
    key: &KeySpec,
    algorithm: Algorithm,
) -> Result<(), CardError> {
    let (reference, algorithm) = (key.reference, algorithm.reference);
    let content: &[u8] = match key.signing.template {
        Template::Objects => &[0x80, 1, algorithm, 0x84, 1, reference],
        Template::Counted => &[4, 0x80, algorithm, 0x84, reference],
        Template::KeyOnly => &[0x84, 1, reference],
    };
    Step::SetKey.check(match key.signing.command {
        SigningCommand::Authenticate => security::set_authentication_key(channel, content)?,
        SigningCommand::HashFirst | SigningCommand::Inline => security::set_signature_key(channel, content)?,
    })
}

/// Signs with the chosen key.
pub(super) fn sign(
    channel: &mut Channel<'_>,
    command: SigningCommand,
    data: &[u8],
    length: usize,
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let reply = match command {
        SigningCommand::HashFirst => {
            Step::GiveDigest.check(security::give_digest(channel, data)?)?;
            security::compute_signature(channel, length)?
        }
        SigningCommand::Inline => security::sign_digest(channel, data)?,
        SigningCommand::Authenticate => security::authenticate(channel, data)?,
    };
    Step::ComputeSignature.check(reply.sw)?;
    if reply.data.len() == length {
        Ok(reply.data)
    } else {
        Err(CardError::Malformed { step: Step::ComputeSignature })
    }
}

/// Decrypts: MSE SET, and a chain of PSO DECIPHER. If the card rejects the data, it may expect the other padding
/// indicator, which is then tried; since a wrong padding is rejected in the same way, it is checked twice.
pub(super) fn decipher(
    channel: &mut Channel<'_>,
    key: &KeySpec,
    padding: Padding,
    cryptogram: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let deciphering = key.deciphering.ok_or(CardError::Unsupported)?;
    let algorithm = key.decipherment(padding).ok_or(CardError::Unsupported)?;
    let longest = cryptogram.len().checked_sub(padding.length()).ok_or(CardError::Unsupported)?;
    let mut outcome = Err(CardError::Unsupported);
    for indicator in deciphering.indicators {
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

/// Key agreement: MSE SET, and PSO DECIPHER with the public point. The secret is the x coordinate of the shared point
/// (SEC 1 §3.3.1).
pub(super) fn agree(
    channel: &mut Channel<'_>,
    key: &KeySpec,
    curve: Curve,
    point: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let step = Step::Agree;
    let deciphering = key.deciphering.ok_or(CardError::Unsupported)?;
    let chosen = security::set_decipherment_key(channel, deciphering.agreement, key.reference)?;
    Step::SetKey.check(chosen)?;
    let x = apply(channel, step, deciphering.point_indicator, point)?;
    let missing = curve.field_bytes().checked_sub(x.len()).filter(|_| !x.is_empty());
    let zeros = vec![0; missing.ok_or(CardError::Malformed { step })?];
    Ok(Zeroizing::new([zeros.as_slice(), &x].concat()))
}

/// Has the card apply its private key to data.
fn apply(
    channel: &mut Channel<'_>,
    step: Step,
    indicator: u8,
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CardError> {
    let (parts, last) = security::decipher(channel, indicator, data);
    for part in parts {
        Step::GiveCryptogram.check(channel.send(&part)?.sw)?;
    }
    let Reply { data, sw } = channel.send(&last)?;
    step.check(sw).map(|()| data)
}
