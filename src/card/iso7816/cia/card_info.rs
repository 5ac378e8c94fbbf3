//! The card itself: EF.CIAInfo.

use super::MAX_SERIAL;
use super::values::{
    BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, UTF8_STRING, bounded, byte, number, tagged, text,
};
use crate::iso7816::tlv::{DataObjects, find};

/// An algorithm that the card offers (AlgorithmInfo, ISO 7816-15 §8.10, PKCS#15 §6.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmInfo {
    /// By which keys name it.
    pub reference: u32,
    /// Number of the mechanism in PKCS #11 (CKM).
    pub mechanism: u32,
    /// Algorithm reference, as MANAGE SECURITY ENVIRONMENT takes it (ISO 7816-4, tag 80).
    pub algorithm: Option<u8>,
}

/// What the card says of itself (CIAInfo, ISO 7816-15 §8.10; TokenInfo, PKCS#15 §6.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardInfo {
    /// Serial number; empty where the card gives none, or one of more than [`MAX_SERIAL`] bytes.
    pub serial: Vec<u8>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Name for people.
    pub label: Option<String>,
    /// Its algorithms.
    pub algorithms: Vec<AlgorithmInfo>,
}

/// Reads EF.CIAInfo (ISO 7816-15 §8.10), which PKCS#15 calls EF(TokenInfo). `None` when there is no such object.
pub fn card_info(ef_ciainfo: &[u8]) -> Option<CardInfo> {
    let info = find(ef_ciainfo, SEQUENCE)?;
    let algorithms = find(info, 0xA2).unwrap_or_default();
    let serial = find(info, OCTET_STRING).filter(|serial| serial.len() <= MAX_SERIAL);
    Some(CardInfo {
        serial: serial.unwrap_or_default().to_vec(),
        manufacturer: find(info, UTF8_STRING).and_then(text),
        label: find(info, 0x80).and_then(text),
        algorithms: bounded(tagged(algorithms, SEQUENCE).filter_map(algorithm)),
    })
}

fn algorithm(value: &[u8]) -> Option<AlgorithmInfo> {
    let mut numbers = tagged(value, INTEGER).map(number);
    let (reference, mechanism) = (numbers.next()??, numbers.next()??);
    // Parameters may be a number as well; the operations stand between them and the algorithm reference.
    let mut last = DataObjects(value).skip_while(|object| object.tag != BIT_STRING);
    let algorithm = last.find(|object| object.tag == INTEGER);
    let algorithm = algorithm.and_then(|object| number(object.value)).and_then(byte);
    Some(AlgorithmInfo { reference, mechanism, algorithm })
}
