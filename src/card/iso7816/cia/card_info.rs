//! The card itself: EF.CIAInfo.

use super::MAX_SERIAL;
use super::values::{
    BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, UTF8_STRING, bounded, byte, number, tagged, text,
};
use crate::iso7816::tlv::{DataObjects, find};

/// An algorithm that the card offers (AlgorithmInfo, ISO 7816-15 §8.10, PKCS#15 §6.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmInfo {
    /// By which keys refer to it.
    pub reference: u32,
    /// The PKCS #11 mechanism (CKM).
    pub mechanism: u32,
    /// Algorithm reference for MANAGE SECURITY ENVIRONMENT (ISO 7816-4, tag 80).
    pub algorithm: Option<u8>,
}

/// General information on the card (CIAInfo, ISO 7816-15 §8.10; TokenInfo, PKCS#15 §6.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardInfo {
    /// Serial number; empty if there is none, or one of more than [`MAX_SERIAL`] bytes.
    pub serial: Vec<u8>,
    /// Manufacturer.
    pub manufacturer: Option<String>,
    /// Label.
    pub label: Option<String>,
    /// Its algorithms.
    pub algorithms: Vec<AlgorithmInfo>,
}

/// Reads EF.CIAInfo (ISO 7816-15 §8.10), called EF(TokenInfo) by PKCS#15. `None` if it is not that object.
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
    // The parameters may be an INTEGER, too; the operations (a BIT STRING) are between them and the algorithm
    // reference.
    let mut last = DataObjects(value).skip_while(|object| object.tag != BIT_STRING);
    let algorithm = last.find(|object| object.tag == INTEGER);
    let algorithm = algorithm.and_then(|object| number(object.value)).and_then(byte);
    Some(AlgorithmInfo { reference, mechanism, algorithm })
}
