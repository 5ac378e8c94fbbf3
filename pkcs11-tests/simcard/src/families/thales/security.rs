//! MANAGE SECURITY ENVIRONMENT and PERFORM SECURITY OPERATION.

use super::Thales;
use crate::chip::Context;
use crate::chip::pins::Origin;
use crate::facts::description::{KeyUsage, PinRole};
use crate::facts::switches::Switches;
use crate::facts::switches::values::UnchangedStep;
use crate::pki::issued::CardKey;
use crate::wire::apdu::{Command, sw};

/// Templates (P2 of MSE).
const SIGNATURE: u8 = 0xB6;
const CONFIDENTIALITY: u8 = 0xB8;

/// Length of a P-384 coordinate.
const FIELD: usize = 48;

/// What is set; lost at reset and when an application is selected.
#[derive(Clone, Default)]
pub(super) struct Environment {
    signature: Option<(CardKey, usize)>,
    confidentiality: Option<CardKey>,
    hash: Option<Vec<u8>>,
}

/// Length of the hash by the algorithm byte: 4 in the low nibble, the hash in the high one (libelectronic-id).
fn hash_length(algorithm: u8) -> Option<usize> {
    Some(match algorithm {
        0x34 => 28,
        0x44 => 32,
        0x54 => 48,
        0x64 => 64,
        _ => return None,
    })
}

impl Thales {
    pub(super) fn set_environment(
        &mut self,
        template: u8,
        data: &[u8],
        switches: &Switches,
    ) -> Result<Vec<u8>, u16> {
        match (template, data) {
            (SIGNATURE, [0x80, 1, algorithm, 0x84, 1, reference]) => {
                let key = self.key(*reference, switches)?;
                let length = hash_length(*algorithm).ok_or(switches.unknown_algorithm_status)?;
                self.environment.signature = Some((key, length));
                self.environment.hash = None;
            }
            (CONFIDENTIALITY, [0x84, 1, reference]) => {
                let key = self.key(*reference, switches)?;
                if key.description.usage != KeyUsage::Authentication {
                    return Err(switches.unknown_key_status);
                }
                self.environment.confidentiality = Some(key);
            }
            (SIGNATURE | CONFIDENTIALITY, _) => return Err(sw::WRONG_DATA),
            _ => return Err(sw::WRONG_P1P2),
        }
        Ok(Vec::new())
    }

    fn key(&self, reference: u8, switches: &Switches) -> Result<CardKey, u16> {
        let key = self.keys.iter().find(|key| key.description.reference == reference);
        key.cloned().ok_or(switches.unknown_key_status)
    }

    /// The PIN of the key must be verified and, by the switch, one that the holder has changed.
    fn check_access(&self, key: &CardKey, switches: &Switches) -> Result<(), u16> {
        let code = self.pins.get(key.description.pin).ok_or(sw::REFERENCE_NOT_FOUND)?;
        if !code.verified {
            return Err(switches.not_verified_status);
        }
        if code.origin == Origin::Delivered && switches.unchanged_step == UnchangedStep::Use {
            return Err(switches.unchanged_status);
        }
        Ok(())
    }

    /// PSO: HASH with a finished hash in object 90.
    pub(super) fn set_hash(&mut self, data: &[u8], switches: &Switches) -> Result<Vec<u8>, u16> {
        let (_, wanted) = self.environment.signature.as_ref().ok_or(sw::CONDITIONS)?;
        let [0x90, length, hash @ ..] = data else { return Err(sw::WRONG_DATA) };
        if usize::from(*length) != hash.len() {
            return Err(sw::WRONG_DATA);
        }
        if hash.len() != *wanted {
            return Err(switches.hash_length_status);
        }
        self.environment.hash = Some(hash.to_vec());
        Ok(Vec::new())
    }

    /// PSO: COMPUTE DIGITAL SIGNATURE, without data, over the hash of PSO: HASH.
    pub(super) fn compute_signature(
        &mut self,
        command: &Command<'_>,
        context: &mut Context<'_>,
    ) -> Result<Vec<u8>, u16> {
        if !command.data.is_empty() {
            return Err(sw::WRONG_LENGTH);
        }
        let (key, _) = self.environment.signature.clone().ok_or(sw::CONDITIONS)?;
        self.check_access(&key, context.switches)?;
        let hash = self.environment.hash.take().ok_or(context.switches.no_hash_status)?;
        context.operations.push(key.private.operation());
        // A longer hash counts with its left bytes (FIPS 186-4 §6.4).
        let signature = key.private.sign_ecdsa(&hash[..hash.len().min(FIELD)]).ok_or(sw::WRONG_DATA)?;
        let code = self.pins.get_mut(key.description.pin);
        if let Some(code) = code.filter(|code| code.description.role == PinRole::Signature) {
            code.verified = !context.switches.pin2_one_shot;
        }
        Ok(context.sent(signature))
    }

    /// PSO: DECIPHER, which is ECDH here: the padding indicator 00 and the peer's point give the x coordinate.
    pub(super) fn decipher(&mut self, data: &[u8], context: &mut Context<'_>) -> Result<Vec<u8>, u16> {
        let key = self.environment.confidentiality.clone().ok_or(sw::CONDITIONS)?;
        self.check_access(&key, context.switches)?;
        let [0x00, point @ ..] = data else { return Err(sw::WRONG_DATA) };
        context.operations.push(key.private.operation());
        key.private.agree(point).ok_or(sw::WRONG_DATA)
    }
}
