//! What a certificate says, for people.

use super::text::{self, Text};
use crate::cards::Role;
pub use crate::cards::certificate::Certificate;
use crate::cards::certificate::PublicKey;
use crate::cards::profile::Curve;
use x509_cert::der::pem::{self, LineEnding};
use x509_parser::prelude::{ASN1Time, FromDer, X509Name};

/// A day: year, month, day.
pub type Day = (u16, u8, u8);

/// A day as ISO 8601 has it.
pub fn day((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// Today (UTC).
pub fn today() -> Day {
    let date = ASN1Time::now().to_datetime().date();
    (u16::try_from(date.year()).unwrap_or_default(), date.month().into(), date.day())
}

/// The common name in a Name (DER).
pub fn common_name(name: &[u8]) -> Option<String> {
    let (_, name) = X509Name::from_der(name).ok()?;
    let common = name.iter_common_name().next()?;
    common.as_str().ok().map(str::to_owned)
}

/// What kind of key a certificate is for.
pub fn key_kind(certificate: &Certificate) -> String {
    match certificate.public_key() {
        Some(PublicKey::Rsa { modulus, .. }) => format!("RSA {}", modulus.len().saturating_mul(8)),
        Some(PublicKey::Ec { curve: Curve::P256, .. }) => "EC P-256".to_owned(),
        Some(PublicKey::Ec { curve: Curve::P384, .. }) => "EC P-384".to_owned(),
        None => String::new(),
    }
}

/// What a certificate is good for and how long, in words.
pub fn words(role: Role, certificate: &Certificate) -> Vec<Text> {
    let (from, to) = (day(certificate.start), day(certificate.end));
    let validity = match role {
        Role::Authentication => text::certificate_login(from, to),
        Role::Signature => text::certificate_signing(from, to),
    };
    [validity].into_iter().chain(expiry(certificate)).collect()
}

/// What its file may be called, without an ending. Cards with two signature keys have them of different kinds.
pub fn file_stem(role: Role, certificate: &Certificate) -> &'static str {
    match (role, certificate.public_key()) {
        (Role::Authentication, _) => "login",
        (Role::Signature, Some(PublicKey::Rsa { .. })) => "signature-rsa",
        (Role::Signature, _) => "signature-ec",
    }
}

/// The sentence that it has expired, if it has.
pub fn expiry(certificate: &Certificate) -> Option<Text> {
    (certificate.end < today()).then(|| text::certificate_expired(day(certificate.end)))
}

/// A certificate as PEM (RFC 7468).
pub fn pem(certificate: &Certificate) -> Option<String> {
    pem::encode_string("CERTIFICATE", LineEnding::LF, &certificate.der).ok()
}
