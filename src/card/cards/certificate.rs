//! X.509 certificates: the fields that tokens show.
//!
//! Read with x509-parser, which takes what FINEID issuers really write: a NULL parameter in ecdsa-with-SHA384
//! and an explicit cA FALSE. The fields are kept as the DER slices that PKCS#11 attributes want.

use avain_crypto::Curve;
pub use avain_crypto::PublicKey;
use x509_parser::asn1_rs::Tag;
use x509_parser::nom::Parser;
use x509_parser::prelude::*;

/// A parsed certificate.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The whole certificate, DER.
    pub der: Vec<u8>,
    /// Subject Name, DER.
    pub subject: Vec<u8>,
    /// Issuer Name, DER.
    pub issuer: Vec<u8>,
    /// Serial number, DER INTEGER.
    pub serial: Vec<u8>,
    /// SubjectPublicKeyInfo, DER.
    pub public_key_info: Vec<u8>,
    /// Content of the subjectPublicKey BIT STRING, of which key identifiers are hashes (RFC 5280 §4.2.1.2).
    pub subject_public_key: Vec<u8>,
    /// The keyUsage extension, if there is one.
    pub key_usage: Option<KeyUsage>,
    /// First day of validity (UTC): year, month, day.
    pub start: (u16, u8, u8),
    /// Last day of validity (UTC): year, month, day.
    pub end: (u16, u8, u8),
}

/// The keyUsage extension (RFC 5280 §4.2.1.3), with bit 0 as the least significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(pub u16);

impl KeyUsage {
    /// Signatures for authentication, which do not commit the holder to the content.
    pub const DIGITAL_SIGNATURE: Self = Self(1 << 0);
    /// Signatures that commit the holder to the content; also called contentCommitment.
    pub const NON_REPUDIATION: Self = Self(1 << 1);
    /// Decrypting keys.
    pub const KEY_ENCIPHERMENT: Self = Self(1 << 2);
    /// Decrypting data.
    pub const DATA_ENCIPHERMENT: Self = Self(1 << 3);
    /// Key agreement.
    pub const KEY_AGREEMENT: Self = Self(1 << 4);
    /// Issuing certificates.
    pub const CERTIFICATE_SIGNING: Self = Self(1 << 5);

    /// Is any of these uses allowed?
    pub const fn allows(self, uses: Self) -> bool {
        self.0 & uses.0 != 0
    }
}

impl Certificate {
    /// Parses a certificate. `None` if it is malformed.
    pub fn parse(der: &[u8]) -> Option<Self> {
        // Of the extensions only one is looked into; parsing them all takes as long as the rest.
        let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
        let (rest, certificate) = parser.parse(der).ok()?;
        let validity = certificate.validity();
        Some(Certificate {
            der: der.get(..der.len().checked_sub(rest.len())?)?.to_vec(),
            subject: certificate.subject().as_raw().to_vec(),
            issuer: certificate.issuer().as_raw().to_vec(),
            serial: integer(certificate.raw_serial())?,
            public_key_info: certificate.public_key().raw.to_vec(),
            subject_public_key: certificate.public_key().subject_public_key.data.to_vec(),
            key_usage: key_usage(&certificate),
            start: day(&validity.not_before)?,
            end: day(&validity.not_after)?,
        })
    }

    /// Its beginning, to the end of the issuer: serial number and issuer tell a certificate from all others (RFC 5280
    /// §4.1.2.2).
    pub fn beginning(&self) -> &[u8] {
        let issuer = self.der.windows(self.issuer.len().max(1)).position(|part| part == self.issuer);
        let end = issuer.map_or(self.der.len(), |start| start.saturating_add(self.issuer.len()));
        self.der.get(..end).unwrap_or(&self.der)
    }

    /// The public key, if it is RSA, P-256 or P-384.
    pub fn public_key(&self) -> Option<PublicKey> {
        public_key(&SubjectPublicKeyInfo::from_der(&self.public_key_info).ok()?.1)
    }
}

/// None where it stands there twice, or is garbled.
fn key_usage(certificate: &X509Certificate<'_>) -> Option<KeyUsage> {
    let extension = certificate.get_extension_unique(&oid_registry::OID_X509_EXT_KEY_USAGE).ok()??;
    let (_, usage) = x509_parser::extensions::KeyUsage::from_der(extension.value).ok()?;
    Some(KeyUsage(usage.flags))
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

/// A positive INTEGER without leading zero bytes. `None` for zero.
fn unsigned(mut bytes: &[u8]) -> Option<&[u8]> {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// The common name of a Name (DER), as it is: nothing is cleaned.
pub fn common_name(name: &[u8]) -> Option<String> {
    let (_, name) = X509Name::from_der(name).ok()?;
    name.iter_common_name().next().map(text_of)
}

/// A part of a Name, in whichever form of string it is (X.520 §9.1.6, DirectoryString).
pub fn text_of(attribute: &AttributeTypeAndValue<'_>) -> String {
    let value = attribute.attr_value();
    match value.tag() {
        Tag::BmpString => {
            let units =
                value.data.chunks(2).map(|unit| unit.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte)));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        Tag::UniversalString => {
            let units =
                value.data.chunks(4).map(|unit| unit.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)));
            units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        // T61 stands for Latin-1 in certificates, whatever the standard says; so does what is no UTF-8.
        Tag::TeletexString => latin1(value.data),
        _ => str::from_utf8(value.data).map_or_else(|_| latin1(value.data), str::to_owned),
    }
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
