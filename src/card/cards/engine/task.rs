//! Tasks for private keys, checked before anything is sent.

use super::keys::{agree, decipher, set_key, sign};
use crate::cards::certificate::PublicKey;
use crate::cards::error::CardError;
use crate::cards::profile::{Algorithm, Curve, Hash, Input, KeySpec, Padding, Scheme};
use crate::iso7816::Channel;
use avain_crypto::public::fitted;
use zeroize::Zeroizing;

/// What is to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInput {
    /// ECDSA over a number of any length; it is truncated or padded to the length of the field.
    Ecdsa(Vec<u8>),
    /// A digest for one of the RSA schemes.
    Rsa {
        /// Which scheme.
        scheme: Scheme,
        /// The hash function of the digest.
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
    /// Decrypt an RSA cryptogram and remove the padding.
    Decipher {
        /// The padding.
        padding: Padding,
        /// The cryptogram, as long as the modulus.
        cryptogram: &'t [u8],
    },
    /// Agree on a secret with the holder of another key on the same curve.
    Agree {
        /// The other public key: 04, x, y.
        point: &'t [u8],
    },
}

/// A task that the key supports, ready to be sent.
pub struct PreparedTask<'t> {
    key: &'t KeySpec,
    action: Action<'t>,
}

/// A checked task.
enum Action<'t> {
    Sign { algorithm: Algorithm, data: Vec<u8>, length: usize },
    Decipher { padding: Padding, cryptogram: &'t [u8] },
    Agree { curve: Curve, point: &'t [u8] },
}

/// Checks a task for a key.
pub fn prepare<'t>(
    key: &'t KeySpec,
    public: &PublicKey,
    task: KeyTask<'t>,
) -> Result<PreparedTask<'t>, CardError> {
    let action = match (task, public) {
        (KeyTask::Sign(input), _) if key.uses.sign => {
            let (algorithm, data) = card_input(key, public, input).ok_or(CardError::Unsupported)?;
            Action::Sign { algorithm, data, length: public.signature_length() }
        }
        (KeyTask::Decipher { padding, cryptogram }, PublicKey::Rsa { modulus, .. })
            if key.uses.decipher && cryptogram.len() == modulus.len() =>
        {
            Action::Decipher { padding, cryptogram }
        }
        (KeyTask::Agree { point }, PublicKey::Ec { curve, point: own })
            if key.uses.agree && point.len() == own.len() && point.first() == own.first() =>
        {
            Action::Agree { curve: *curve, point }
        }
        _ => return Err(CardError::Unsupported),
    };
    Ok(PreparedTask { key, action })
}

impl PreparedTask<'_> {
    /// Performs the task; the PIN of the key has to be verified. The result is wiped, because some results are
    /// secret.
    pub fn work(&self, channel: &mut Channel<'_>) -> Result<Zeroizing<Vec<u8>>, CardError> {
        self.set_key(channel)?;
        self.use_key(channel)
    }

    /// The first half: chooses key and algorithm, which needs no PIN.
    pub fn set_key(&self, channel: &mut Channel<'_>) -> Result<(), CardError> {
        match self.action {
            Action::Sign { algorithm, .. } => set_key(channel, self.key, algorithm),
            Action::Decipher { .. } | Action::Agree { .. } => Ok(()),
        }
    }

    /// The second half: uses the chosen key.
    pub fn use_key(&self, channel: &mut Channel<'_>) -> Result<Zeroizing<Vec<u8>>, CardError> {
        match &self.action {
            Action::Sign { data, length, .. } => sign(channel, self.key.signing.command, data, *length),
            Action::Decipher { padding, cryptogram } => decipher(channel, self.key, *padding, cryptogram),
            Action::Agree { curve, point } => agree(channel, self.key, *curve, point),
        }
    }
}

/// The algorithm, and the digest in the form that it needs.
fn card_input(key: &KeySpec, public: &PublicKey, input: &SignInput) -> Option<(Algorithm, Vec<u8>)> {
    match (public, input) {
        (PublicKey::Ec { curve, .. }, SignInput::Ecdsa(number)) => {
            let hash = match curve {
                Curve::P256 => Hash::Sha256,
                Curve::P384 => Hash::Sha384,
            };
            Some((*key.algorithm(Scheme::Ecdsa, hash)?, fitted(number, curve.field_bytes())))
        }
        (PublicKey::Rsa { .. }, SignInput::Rsa { scheme, hash, digest }) if digest.len() == hash.length() => {
            let algorithm = key.algorithm(*scheme, *hash)?;
            let data = match algorithm.input {
                Input::Digest => digest.clone(),
                Input::DigestInfo => [hash.digest_info_prefix()?, digest].concat(),
            };
            Some((*algorithm, data))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::error::Step;
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
        prepare(&fineid::V4_0.keys[0], &own, task).unwrap().work(&mut Channel::new(&mut card))
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
