//! The commands that decipher and agree on secrets.

use super::{Evidence, Padding};

/// How a card deciphers and agrees on secrets.
#[derive(Debug)]
pub struct Deciphering {
    /// Padding indicators before a cryptogram, the likeliest first. The next one is tried when the card does not
    /// take the data.
    pub indicators: &'static [u8],
    /// Padding indicator before the other party's point.
    pub point_indicator: u8,
    /// Algorithm reference for agreeing on a secret, where the card wants one.
    pub agreement: Option<u8>,
    /// Algorithm references for RSA keys.
    pub algorithms: &'static [Decipherment],
    /// How sure the indicators are.
    pub evidence: Evidence,
}

/// An algorithm reference for deciphering.
#[derive(Debug)]
pub struct Decipherment {
    /// Padding that the card takes off.
    pub padding: Padding,
    /// Reference byte (tag 80).
    pub reference: u8,
    /// How sure it is.
    pub evidence: Evidence,
}
