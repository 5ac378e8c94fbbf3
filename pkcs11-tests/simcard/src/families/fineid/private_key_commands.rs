//! PERFORM SECURITY OPERATION with a private key: COMPUTE DIGITAL SIGNATURE and DECIPHER (ISO/IEC 7816-8 §11).

use super::Fineid;
use super::dispatch::check_le;
use super::security_env::{DecipherMethod, SignatureMethod};
use crate::chip::Context;
use crate::chip::pins::Origin;
use crate::facts::description::PinRole;
use crate::facts::switches::Switches;
use crate::facts::switches::values::DecipherIndicator;
use crate::pki::issued::CardKey;
use crate::wire::apdu::{Command, Reply, sw};

impl Fineid {
    /// `00 2A 9E 9A Le`: the signature over the digest of PSO: HASH.
    pub(crate) fn compute_signature(&mut self, command: &Command<'_>, context: &mut Context<'_>) -> Reply {
        match self.try_compute_signature(command, context) {
            Ok(signature) => Reply::data(signature),
            Err(status) => Reply::status(status),
        }
    }

    fn try_compute_signature(
        &mut self,
        command: &Command<'_>,
        context: &mut Context<'_>,
    ) -> Result<Vec<u8>, u16> {
        let template = self.environment.signature.ok_or(sw::CONDITIONS)?;
        let key = self.key(template.key)?;
        self.check_access(&key, context.switches)?;
        let digest = self.environment.digest.clone().ok_or(sw::CONDITIONS)?;
        // The length is known from the key, so a wrong Le costs neither the digest nor PIN2.
        check_le(command, key.private.signature_length(), context.switches)?;
        context.operations.push(key.private.operation());
        let signature = match template.method {
            SignatureMethod::Rsa(scheme) => key.private.sign_rsa(scheme, template.hash, &digest),
            SignatureMethod::Ecdsa => key.private.sign_ecdsa(&digest),
        };
        let signature = signature.ok_or(sw::WRONG_DATA)?;
        self.environment.digest = None;
        if context.switches.pin2_one_shot
            && let Some(pin) = self.pins.get_mut(key.description.pin)
            && pin.description.role == PinRole::Signature
        {
            pin.verified = false;
        }
        Ok(context.sent(signature))
    }

    /// `00 2A 80 86`: RSA decryption, or ECDH with the peer's point.
    pub(crate) fn decipher(&mut self, data: &[u8], context: &mut Context<'_>) -> Reply {
        match self.try_decipher(data, context) {
            Ok(plain) => Reply::data(plain),
            Err(status) => Reply::status(status),
        }
    }

    fn try_decipher(&mut self, data: &[u8], context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let template = self.environment.decipher.ok_or(sw::CONDITIONS)?;
        let key = self.key(template.key)?;
        self.check_access(&key, context.switches)?;
        let result = match template.method {
            DecipherMethod::Pkcs1 | DecipherMethod::Oaep(_) => {
                let (indicator, cryptogram) = data.split_first().ok_or(sw::WRONG_LENGTH)?;
                let known = match context.switches.decipher_indicator {
                    DecipherIndicator::Iso00 => *indicator == 0x00,
                    DecipherIndicator::Fineid81 => *indicator == 0x81,
                    DecipherIndicator::Both => matches!(*indicator, 0x00 | 0x81),
                };
                if cryptogram.len() != key.private.signature_length() {
                    return Err(sw::WRONG_LENGTH);
                }
                if !known {
                    return Err(sw::WRONG_DATA);
                }
                context.operations.push(key.private.operation());
                let hash = match template.method {
                    DecipherMethod::Oaep(hash) => Some(hash),
                    _ => None,
                };
                key.private.decrypt(hash, cryptogram)
            }
            DecipherMethod::KeyAgreement => {
                let point = peer_point(data).ok_or(sw::WRONG_DATA)?;
                context.operations.push(key.private.operation());
                key.private.agree(point)
            }
        };
        result.ok_or(sw::WRONG_DATA)
    }

    fn key(&self, reference: u8) -> Result<CardKey, u16> {
        let key = self.keys.iter().find(|key| key.description.reference == reference);
        key.cloned().ok_or(sw::REFERENCE_NOT_FOUND)
    }

    /// The PIN of the key must be verified, and by the switch must be one the holder chose.
    fn check_access(&self, key: &CardKey, switches: &Switches) -> Result<(), u16> {
        let pin = self.pins.get(key.description.pin).ok_or(sw::REFERENCE_NOT_FOUND)?;
        if !pin.verified {
            return Err(sw::NOT_VERIFIED);
        }
        if pin.origin == Origin::Transport && !switches.sign_with_transport_pin {
            return Err(sw::CONDITIONS);
        }
        Ok(())
    }
}

/// The peer's uncompressed point. How these cards want it is not published; accepted are the bare point, the point
/// behind the padding indicator 00 (as OpenSC's ISO 7816 driver sends it), and the template
/// A6 { 7F49 { 86 point } } of ISO/IEC 7816-8 annex.
fn peer_point(data: &[u8]) -> Option<&[u8]> {
    match data {
        [0x04, ..] => Some(data),
        [0x00, point @ ..] if point.first() == Some(&0x04) => Some(point),
        [0xA6, length, 0x7F, 0x49, inner, 0x86, point_length, point @ ..]
            if usize::from(*length) == data.len() - 2
                && usize::from(*inner) == data.len() - 5
                && usize::from(*point_length) == point.len() =>
        {
            Some(point)
        }
        _ => None,
    }
}
