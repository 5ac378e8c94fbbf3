//! The certificate of a key: what the tokens show of it.
//!
//! Read with x509-parser, which takes what FINEID issuers really write: a NULL parameter in ecdsa-with-SHA384
//! and an explicit cA FALSE. The fields are kept as the DER slices that PKCS#11 attributes want.

use crate::crypto::Curve;
pub use crate::crypto::PublicKey;
use x509_parser::prelude::*;

/// A certificate, taken apart.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The whole, DER.
    pub der: Vec<u8>,
    /// Subject Name, DER.
    pub subject: Vec<u8>,
    /// Issuer Name, DER.
    pub issuer: Vec<u8>,
    /// Serial number: INTEGER with its header, DER.
    pub serial: Vec<u8>,
    /// SubjectPublicKeyInfo, DER.
    pub public_key_info: Vec<u8>,
    /// First day of validity (UTC): year, month, day.
    pub start: (u16, u8, u8),
    /// Last day of validity (UTC): year, month, day.
    pub end: (u16, u8, u8),
    /// The public key.
    pub key: PublicKey,
}

impl Certificate {
    /// Takes a certificate apart. `None` when it is none, or when its key is of a kind that no card here has.
    pub fn parse(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        let validity = certificate.validity();
        Some(Certificate {
            der: der.get(..der.len().checked_sub(rest.len())?)?.to_vec(),
            subject: certificate.subject().as_raw().to_vec(),
            issuer: certificate.issuer().as_raw().to_vec(),
            serial: integer(certificate.raw_serial())?,
            public_key_info: certificate.public_key().raw.to_vec(),
            start: day(&validity.not_before)?,
            end: day(&validity.not_after)?,
            key: public_key(certificate.public_key())?,
        })
    }
}

/// DER INTEGER of bytes that already are in two's complement, at most 127 of them (RFC 5280 allows 20).
fn integer(value: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(value.len()).ok().filter(|l| *l < 0x80)?;
    Some([&[0x02, length], value].concat())
}

fn day(time: &ASN1Time) -> Option<(u16, u8, u8)> {
    let date = time.to_datetime().date();
    Some((u16::try_from(date.year()).ok()?, u8::from(date.month()), date.day()))
}

fn public_key(info: &SubjectPublicKeyInfo<'_>) -> Option<PublicKey> {
    match info.parsed().ok()? {
        x509_parser::public_key::PublicKey::RSA(key) => Some(PublicKey::Rsa {
            modulus: unsigned(key.modulus)?.to_vec(),
            exponent: unsigned(key.exponent)?.to_vec(),
        }),
        x509_parser::public_key::PublicKey::EC(point) => {
            let oid = info.algorithm.parameters.as_ref()?.as_oid().ok()?;
            let curve = if oid == oid_registry::OID_EC_P256 {
                Curve::P256
            } else if oid == oid_registry::OID_NIST_EC_P384 {
                Curve::P384
            } else {
                return None;
            };
            let point = point.data().to_vec();
            let length = curve.field_bytes().checked_mul(2)?.checked_add(1)?;
            (point.len() == length && point.first() == Some(&4)).then_some(PublicKey::Ec { curve, point })
        }
        _ => None,
    }
}

/// A positive INTEGER without the zero byte that keeps it positive. `None` for zero.
fn unsigned(mut bytes: &[u8]) -> Option<&[u8]> {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    (!bytes.is_empty()).then_some(bytes)
}
