//! MANAGE SECURITY ENVIRONMENT, INTERNAL AUTHENTICATE and PERFORM SECURITY OPERATION.

use super::{Idemia, PIN2};
use crate::chip::Context;
use crate::facts::description::KeyUsage;
use crate::facts::switches::Switches;
use crate::pki::issued::CardKey;
use crate::pki::keys::{Hash, PrivateKey, RsaScheme};
use crate::wire::apdu::sw;

/// What a key is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    /// ECDSA over exactly 48 bytes.
    Ecdsa,
    /// PKCS#1 v1.5 over a DigestInfo.
    DigestInfo,
    /// PKCS#1 v1.5 over a SHA-256 hash.
    Sha256,
    /// ECDH.
    Agreement,
}

/// Templates (P2 of MSE): authentication, digital signature, confidentiality.
const AUTHENTICATION: u8 = 0xA4;
const SIGNATURE: u8 = 0xB6;
const CONFIDENTIALITY: u8 = 0xB8;

/// Algorithms by template, as clients send them: libelectronic-id and OpenSC the short form, the libraries for phones
/// the form of four bytes. What the RSA authentication key deciphers with is not known.
const ALGORITHMS: &[(u8, &[u8], Method)] = &[
    (AUTHENTICATION, &[0x04], Method::Ecdsa),
    (AUTHENTICATION, &[0xFF, 0x20, 0x08, 0x00], Method::Ecdsa),
    (AUTHENTICATION, &[0x02], Method::DigestInfo),
    (SIGNATURE, &[0x54], Method::Ecdsa),
    (SIGNATURE, &[0xFF, 0x15, 0x08, 0x00], Method::Ecdsa),
    (SIGNATURE, &[0x42], Method::Sha256),
    (CONFIDENTIALITY, &[0x0B], Method::Agreement),
    (CONFIDENTIALITY, &[0xFF, 0x30, 0x04, 0x00], Method::Agreement),
];

/// One template, set.
#[derive(Clone)]
struct Setting {
    template: u8,
    key: CardKey,
    method: Method,
}

/// All of them; lost at reset and when the folder changes.
#[derive(Clone, Default)]
pub(super) struct Environment(Vec<Setting>);

/// The objects 80 (algorithm) and 84 (key reference) of a template.
fn objects(mut data: &[u8]) -> Result<(&[u8], u8), u16> {
    let (mut algorithm, mut reference) = (None, None);
    while !data.is_empty() {
        let [tag, length, rest @ ..] = data else { return Err(sw::WRONG_DATA) };
        let (value, behind) = rest.split_at_checked(usize::from(*length)).ok_or(sw::WRONG_DATA)?;
        match (tag, value) {
            (0x80, value) => algorithm = Some(value),
            (0x84, [one]) => reference = Some(*one),
            _ => return Err(sw::WRONG_DATA),
        }
        data = behind;
    }
    Ok((algorithm.ok_or(sw::WRONG_DATA)?, reference.ok_or(sw::WRONG_DATA)?))
}

impl Idemia {
    pub(super) fn set_environment(
        &mut self,
        template: u8,
        data: &[u8],
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        let usage = match template {
            AUTHENTICATION | CONFIDENTIALITY => KeyUsage::Authentication,
            SIGNATURE => KeyUsage::Signature,
            _ => return Err(sw::WRONG_P1P2),
        };
        let (algorithm, reference) = objects(data)?;
        let folder = self.tree.directory_id();
        // A key is known only in its own application. G
        let right = |key: &&CardKey| {
            let key = key.description;
            (key.reference, key.usage, key.certificate_df) == (reference, usage, folder)
        };
        let key = self.keys.iter().find(right).ok_or(switches.unknown_key_status)?.clone();
        let is_rsa = matches!(key.private, PrivateKey::Rsa(_));
        let fits = |method: Method| matches!(method, Method::DigestInfo | Method::Sha256) == is_rsa;
        let (.., method) = ALGORITHMS
            .iter()
            .find(|(known, value, method)| *known == template && *value == algorithm && fits(*method))
            .ok_or(switches.unknown_algorithm_status)?;
        self.environment.0.retain(|setting| setting.template != template);
        self.environment.0.push(Setting { template, key, method: *method });
        Ok(Vec::new())
    }

    /// The setting for a template, once its PIN is verified.
    fn permitted(&self, template: u8, switches: &Switches) -> Result<Setting, u16> {
        let setting = self.environment.0.iter().find(|setting| setting.template == template);
        let setting = setting.ok_or(sw::CONDITIONS)?;
        if self.pins.is_verified(setting.key.description.pin) {
            Ok(setting.clone())
        } else {
            Err(switches.not_verified_status)
        }
    }

    /// INTERNAL AUTHENTICATE: a signature with the authentication key.
    pub(super) fn authenticate(&mut self, data: &[u8], context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let setting = self.permitted(AUTHENTICATION, context.switches)?;
        sign(&setting, data, context)
    }

    /// PSO: COMPUTE DIGITAL SIGNATURE with the hash in the command.
    pub(super) fn compute_signature(
        &mut self,
        hash: &[u8],
        context: &mut Context<'_>,
    ) -> Result<Vec<u8>, u16> {
        let setting = self.permitted(SIGNATURE, context.switches)?;
        let signature = sign(&setting, hash, context)?;
        if context.switches.pin2_one_shot {
            self.pins.forget(PIN2);
        }
        Ok(signature)
    }

    /// PSO: DECIPHER, which is ECDH here: the padding indicator 00 and the peer's point give the x coordinate.
    pub(super) fn decipher(&mut self, data: &[u8], context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let setting = self.permitted(CONFIDENTIALITY, context.switches)?;
        let [0x00, point @ ..] = data else { return Err(sw::WRONG_DATA) };
        context.operations.push(setting.key.private.operation());
        setting.key.private.agree(point).ok_or(sw::WRONG_DATA)
    }
}

/// The card takes exactly as many bytes as it wants; shorter hashes are padded by the host.
fn sign(setting: &Setting, data: &[u8], context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
    let key = &setting.key.private;
    let right_length = match setting.method {
        Method::Ecdsa => data.len() == 48,
        Method::Sha256 => data.len() == Hash::Sha256.length(),
        Method::DigestInfo => !data.is_empty(),
        Method::Agreement => false,
    };
    if !right_length {
        return Err(context.switches.hash_length_status);
    }
    context.operations.push(key.operation());
    let signature = match setting.method {
        Method::Ecdsa => key.sign_ecdsa(data),
        Method::Sha256 => key.sign_rsa(RsaScheme::Pkcs1, Hash::Sha256, data),
        Method::DigestInfo => key.sign_unprefixed(data),
        Method::Agreement => None,
    };
    let signature = signature.ok_or(context.switches.hash_length_status)?;
    Ok(context.sent(signature))
}
