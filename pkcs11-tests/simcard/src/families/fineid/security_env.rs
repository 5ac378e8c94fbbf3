//! The security environment: which key, which algorithm, which hash (FINEID S1 §3.6, §3.7).

use crate::facts::description::KeyUsage;
use crate::facts::switches::Switches;
use crate::pki::issued::CardKey;
use crate::pki::keys::{Hash, PrivateKey, RsaScheme};
use crate::wire::apdu::{Command, sw};

/// Longest data field of MANAGE SECURITY ENVIRONMENT (FINEID S1 §3.6.2, second-hand).
const LONGEST_TEMPLATE: usize = 0x30;

/// How a signature is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureMethod {
    Rsa(RsaScheme),
    Ecdsa,
}

/// The digital signature template (B6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignatureTemplate {
    pub(crate) key: u8,
    pub(crate) method: SignatureMethod,
    pub(crate) hash: Hash,
}

/// What the confidentiality template (B8) is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecipherMethod {
    Pkcs1,
    Oaep(Hash),
    KeyAgreement,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DecipherTemplate {
    pub(crate) key: u8,
    pub(crate) method: DecipherMethod,
}

/// All of it; lost at reset and when an application is selected.
#[derive(Clone, Default)]
pub(crate) struct SecurityEnvironment {
    pub(crate) signature: Option<SignatureTemplate>,
    pub(crate) decipher: Option<DecipherTemplate>,
    pub(crate) digest: Option<Vec<u8>>,
}

impl SecurityEnvironment {
    /// MANAGE SECURITY ENVIRONMENT: SET (P1 = 41) of the templates B6 and B8. The hash template AA is taken and
    /// means nothing here, as the card gets finished digests.
    pub(crate) fn set(&mut self, command: &Command<'_>, keys: &[CardKey], switches: &Switches) -> u16 {
        if command.p1 != 0x41 || !matches!(command.p2, 0xAA | 0xB6 | 0xB8) {
            return sw::WRONG_P1P2;
        }
        if command.data.is_empty() || command.data.len() > LONGEST_TEMPLATE {
            return sw::WRONG_LENGTH;
        }
        match self.try_set(command, keys, switches) {
            Ok(()) => sw::OK,
            Err(status) => status,
        }
    }

    fn try_set(&mut self, command: &Command<'_>, keys: &[CardKey], switches: &Switches) -> Result<(), u16> {
        let (algorithm, reference) = template(command.data)?;
        if command.p2 == 0xAA {
            return algorithm.map(|_| ()).ok_or(sw::WRONG_DATA);
        }
        let reference = reference.ok_or(sw::WRONG_DATA)?;
        let key =
            keys.iter().find(|key| key.description.reference == reference).ok_or(sw::REFERENCE_NOT_FOUND)?;
        if command.p2 == 0xB6 {
            let (method, hash) = signature_method(algorithm.ok_or(sw::WRONG_DATA)?, key, switches)?;
            self.signature = Some(SignatureTemplate { key: reference, method, hash });
            self.digest = None;
        } else {
            let method = decipher_method(algorithm, key, switches)?;
            self.decipher = Some(DecipherTemplate { key: reference, method });
        }
        Ok(())
    }

    /// PSO: HASH with a finished digest in data object 90 (P1 P2 = 90 A0).
    pub(crate) fn set_digest(&mut self, data: &[u8]) -> u16 {
        let Some(template) = self.signature else { return sw::CONDITIONS };
        self.digest = None;
        match data {
            [0x90, length, digest @ ..] if usize::from(*length) == digest.len() => {
                if digest.len() != template.hash.length() {
                    return sw::WRONG_DATA;
                }
                self.digest = Some(digest.to_vec());
                sw::OK
            }
            _ => sw::WRONG_DATA,
        }
    }
}

/// Algorithm (80) and key reference (84) of a template; anything else in it is refused.
fn template(mut data: &[u8]) -> Result<(Option<u8>, Option<u8>), u16> {
    let (mut algorithm, mut reference) = (None, None);
    while !data.is_empty() {
        let [tag, 1, value, rest @ ..] = data else { return Err(sw::WRONG_DATA) };
        match tag {
            0x80 if algorithm.is_none() => algorithm = Some(*value),
            0x84 if reference.is_none() => reference = Some(*value),
            _ => return Err(sw::WRONG_DATA),
        }
        data = rest;
    }
    Ok((algorithm, reference))
}

/// High nibble: hash; low nibble: 2 PKCS#1 v1.5, 4 ECDSA, 5 PSS.
fn signature_method(
    algorithm: u8,
    key: &CardKey,
    switches: &Switches,
) -> Result<(SignatureMethod, Hash), u16> {
    let hash = Hash::from_nibble(algorithm >> 4).ok_or(sw::WRONG_DATA)?;
    let method = match (algorithm & 0x0F, &key.private) {
        (2, PrivateKey::Rsa(_)) => SignatureMethod::Rsa(RsaScheme::Pkcs1),
        (5, PrivateKey::Rsa(_)) => SignatureMethod::Rsa(RsaScheme::Pss),
        (4, PrivateKey::P256(_) | PrivateKey::P384(_)) => SignatureMethod::Ecdsa,
        _ => return Err(sw::WRONG_DATA),
    };
    if let Some(field) = key.private.field_length() {
        // Recorded: 44 with the P-256 key, 54 with the P-384 keys. Others only by the switch, never a longer one.
        if hash.length() > field || (hash.length() != field && !switches.ec_any_hash) {
            return Err(sw::WRONG_DATA);
        }
    }
    Ok((method, hash))
}

/// 1A: PKCS#1 v1.5; 1D, 3D ... 6D: OAEP; no algorithm: key agreement with an EC key.
fn decipher_method(algorithm: Option<u8>, key: &CardKey, switches: &Switches) -> Result<DecipherMethod, u16> {
    if key.description.usage != KeyUsage::Authentication {
        return Err(sw::WRONG_DATA);
    }
    match (algorithm, &key.private) {
        (None, PrivateKey::P256(_) | PrivateKey::P384(_)) => Ok(DecipherMethod::KeyAgreement),
        (Some(0x1A), PrivateKey::Rsa(_)) => Ok(DecipherMethod::Pkcs1),
        (Some(algorithm), PrivateKey::Rsa(_)) if algorithm & 0x0F == 0x0D && switches.oaep => {
            Hash::from_nibble(algorithm >> 4).map(DecipherMethod::Oaep).ok_or(sw::WRONG_DATA)
        }
        _ => Err(sw::WRONG_DATA),
    }
}
