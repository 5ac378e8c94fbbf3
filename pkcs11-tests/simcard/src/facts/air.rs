//! The side of a card that is reached through a channel, as data: the contactless one, or all of it; confidence as in [`crate::facts::description`].

use serde::Serialize;

/// Curve of PACE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum AirCurve {
    /// NIST P-256.
    P256,
    /// brainpoolP256r1.
    BrainpoolP256,
    /// brainpoolP384r1.
    BrainpoolP384,
}

/// What every such card has. All but the Lithuanian one were seen with PACE-ECDH-GM-AES-CBC-CMAC-256 and the password CAN.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AirDescription {
    /// Whether that is so by contacts, too; then it is of them that this is said.
    pub by_contacts: bool,
    /// What a PC/SC reader makes of the answer.
    pub atr: &'static [u8],
    /// The curve.
    pub curve: AirCurve,
    /// The number of the curve in DO 84 (ICAO 9303-11).
    pub parameter: u8,
    /// Length of the nonce.
    pub nonce: usize,
    /// Most bytes that one READ BINARY gives inside the channel.
    pub longest_read: usize,
}

/// Cosmo 8 and Cosmo X of Estonia: recorded. A; the second answer is computed from recorded historical bytes.
pub(crate) const ESTONIA_COSMO_8: AirDescription = AirDescription {
    by_contacts: false,
    atr: b"\x3B\x8B\x80\x01\x00\x12\x23\x3F\x53\x65\x49\x44\x0F\x90\x00\xA0",
    curve: AirCurve::P256,
    parameter: 0x0C,
    nonce: 32,
    longest_read: 231,
};
pub(crate) const ESTONIA_COSMO_X: AirDescription = AirDescription {
    atr: b"\x3B\x8C\x80\x01\x00\x12\x23\x3F\x54\x65\x49\x44\x32\x0F\x90\x00\x92",
    ..ESTONIA_COSMO_8
};
/// Latvia: recorded. A
pub(crate) const LATVIA_COSMO_8: AirDescription = AirDescription {
    atr: b"\x3B\x8B\x80\x01\x00\x12\x42\x8F\x53\x65\x49\x44\x0F\x90\x00\x71",
    curve: AirCurve::BrainpoolP256,
    parameter: 0x0D,
    ..ESTONIA_COSMO_8
};
pub(crate) const LATVIA_COSMO_X: AirDescription = AirDescription {
    atr: b"\x3B\x8C\x80\x01\x00\x12\x42\x8F\x54\x65\x49\x44\x32\x0F\x90\x00\x43",
    ..LATVIA_COSMO_8
};
/// Estonia 2025: recorded. A; the answer is computed from recorded historical bytes.
pub(crate) const ESTONIA_THALES: AirDescription = AirDescription {
    by_contacts: false,
    atr: b"\x3B\x8F\x80\x01\x80\x31\xD8\x53\x65\x49\x44\x64\xB0\x85\x05\x10\x12\x23\x3F\x16",
    curve: AirCurve::BrainpoolP384,
    parameter: 0x10,
    nonce: 16,
    longest_read: 223,
};
pub(crate) const ESTONIA_THALES_LATER: AirDescription = AirDescription {
    atr: b"\x3B\x8F\x80\x01\x80\x31\xD8\x53\x65\x49\x44\x64\xB0\x85\x05\x21\x12\x23\x3F\x27",
    ..ESTONIA_THALES
};
/// FINEID v4.1: the answer as seen (ReFineID), that of v4.0 computed; the nonce as on the Estonian card of the family.
/// B, the nonce G
pub(crate) const FINEID_V4_1: AirDescription = AirDescription {
    atr: b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x05\x10\x24\x12\x24\x60\x82\x90\x00\x22",
    longest_read: 231,
    ..ESTONIA_THALES
};
pub(crate) const FINEID_V4_0: AirDescription = AirDescription {
    atr: b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x05\x00\x11\x12\x24\x60\x82\x90\x00\x07",
    ..FINEID_V4_1
};
pub(crate) const FINEID_LATER: AirDescription = AirDescription {
    atr: b"\x3B\x8F\x80\x01\x80\x31\xB8\x65\xB0\x85\x05\x20\x31\x12\x24\x60\x82\x90\x00\x07",
    ..FINEID_V4_1
};
/// Lithuania: the answer to reset of the contacts (B); curve, nonce and length of reads are not known. G
pub(crate) const LITHUANIA: AirDescription = AirDescription {
    by_contacts: true,
    atr: b"\x3B\x9D\x18\x81\x31\xFC\x35\x80\x31\xC0\x69\x4D\x54\x43\x4F\x53\x73\x02\x06\x05\xD0",
    ..ESTONIA_COSMO_8
};
