//! The commands for decryption and key agreement.

use super::{Evidence, Padding};

/// How a key decrypts and agrees on secrets.
#[derive(Debug)]
pub struct Deciphering {
    /// Padding indicators before the cryptogram, the most likely first. The next one is tried if the card rejects the
    /// data.
    pub indicators: &'static [u8],
    /// Padding indicator before the other party's point.
    pub point_indicator: u8,
    /// Algorithm reference for key agreement, if the card wants one.
    pub agreement: Option<u8>,
    /// Algorithm references for RSA keys.
    pub algorithms: &'static [Decipherment],
    /// How well the indicators are known.
    pub evidence: Evidence,
}

/// An algorithm reference for decryption.
#[derive(Debug)]
pub struct Decipherment {
    /// The padding that the card removes.
    pub padding: Padding,
    /// Reference byte (tag 80).
    pub reference: u8,
    /// How well it is known.
    pub evidence: Evidence,
}
