//! Certificates, described for people.

use super::clean::clean;
use super::text::{self, Text};
use avain_card::cards::certificate::{self, PublicKey, text_of};
pub use avain_card::cards::certificate::{Certificate, KeyUsage};
use avain_card::cards::profile::{Curve, PinUse};
use avain_card::cards::{KeySpec, Role};
use std::collections::BTreeMap;
use x509_cert::der::pem::{self, LineEnding};
use x509_parser::oid_registry::{
    OID_X509_COMMON_NAME, OID_X509_GIVEN_NAME, OID_X509_SERIALNUMBER, OID_X509_SURNAME,
};
use x509_parser::prelude::{ASN1Time, FromDer, X509Certificate, X509Name};

/// A date: year, month, day.
pub type Day = (u16, u8, u8);

/// Signature algorithms of the issuers of cards (RFC 5758 §3.2, RFC 8017 appendix C).
const SIGNATURES: [(&str, &str); 7] = [
    ("1.2.840.10045.4.3.2", "ECDSA, SHA-256"),
    ("1.2.840.10045.4.3.3", "ECDSA, SHA-384"),
    ("1.2.840.10045.4.3.4", "ECDSA, SHA-512"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.113549.1.1.11", "RSA, SHA-256"),
    ("1.2.840.113549.1.1.12", "RSA, SHA-384"),
    ("1.2.840.113549.1.1.13", "RSA, SHA-512"),
];

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Authentication.
    Login,
    /// Signatures that commit the holder to the content.
    Signing,
    /// It is a CA certificate.
    Authority,
}

/// A certificate on a card.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What it is for.
    pub purpose: Purpose,
    /// The name of the PIN that protects its key, if there is one.
    pub pin: Option<&'static str>,
    /// Its label.
    pub label: String,
    /// The certificate.
    pub certificate: Certificate,
}

impl Purpose {
    /// The purpose of a key and its certificate. The role alone does not decide it, because one PIN may protect both keys;
    /// if nothing is known of the key, the keyUsage of its certificate does.
    pub(super) fn of(key: &KeySpec, certificate: &Certificate) -> Self {
        let uses = certificate.key_usage;
        let only_non_repudiation = uses.is_some_and(|uses| {
            uses.allows(KeyUsage::NON_REPUDIATION) && !uses.allows(KeyUsage::DIGITAL_SIGNATURE)
        });
        let wants_consent = key.role == Role::Signature || key.pin_use == PinUse::EachSignature;
        if wants_consent || (!key.uses.sign && only_non_repudiation) {
            Purpose::Signing
        } else {
            Purpose::Login
        }
    }

    /// Its name in the tool's JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Purpose::Login => "login",
            Purpose::Signing => "signing",
            Purpose::Authority => "authority",
        }
    }
}

/// A date in the format of ISO 8601.
pub fn day((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// Certificates that expire within so many seconds, 60 days, are told of.
const SOON: i64 = 60 * 24 * 60 * 60;

/// Today (UTC).
pub fn today() -> Day {
    day_of(&ASN1Time::now())
}

/// A day that a new card should be there by (UTC).
pub fn soon() -> Day {
    let later = ASN1Time::from_timestamp(ASN1Time::now().timestamp().saturating_add(SOON));
    later.map_or_else(|_| today(), |later| day_of(&later))
}

fn day_of(time: &ASN1Time) -> Day {
    let date = time.to_datetime().date();
    (u16::try_from(date.year()).unwrap_or_default(), date.month().into(), date.day())
}

/// The common name of a Name (DER).
pub fn common_name(name: &[u8]) -> Option<String> {
    certificate::common_name(name).as_deref().map(clean)
}

/// The words and numbers of a Name (DER) that identify a person.
pub(super) fn words_of_person(name: &[u8]) -> Vec<String> {
    let Ok((_, name)) = X509Name::from_der(name) else { return Vec::new() };
    let personal = [OID_X509_COMMON_NAME, OID_X509_SURNAME, OID_X509_GIVEN_NAME, OID_X509_SERIALNUMBER];
    let attributes = personal.iter().flat_map(|kind| name.iter_by_oid(kind));
    let mut words = Vec::new();
    for attribute in attributes {
        let value = text_of(attribute);
        let parts = value.split(|c: char| !c.is_alphanumeric());
        words.extend(parts.filter(|word| word.chars().count() > 2).map(str::to_owned));
    }
    words
}

/// The algorithm with which the issuer signed a certificate.
pub(super) fn signature_algorithm(certificate: &Certificate) -> String {
    let Ok((_, certificate)) = X509Certificate::from_der(&certificate.der) else { return String::new() };
    let identifier = certificate.signature_algorithm.algorithm.to_id_string();
    let known = SIGNATURES.iter().find(|(known, _)| *known == identifier);
    known.map_or(identifier, |(_, name)| (*name).to_owned())
}

/// A common name as people write it: Estonia has SURNAME,GIVEN NAMES,CODE, and Belgium has the purpose of the key
/// after the name.
pub(super) fn person(common: &str) -> String {
    if let [surname, given, _code] = common.split(',').map(str::trim).collect::<Vec<_>>().as_slice() {
        return format!("{given} {surname}").trim().to_owned();
    }
    match common.rsplit_once(" (") {
        Some((name, purpose)) if purpose.ends_with(')') => name.to_owned(),
        _ => common.to_owned(),
    }
}

/// The kind of key in a certificate.
pub fn key_kind(certificate: &Certificate) -> String {
    match certificate.public_key() {
        Some(PublicKey::Rsa { modulus, .. }) => format!("RSA {}", modulus.len().saturating_mul(8)),
        Some(PublicKey::Ec { curve: Curve::P256, .. }) => "EC P-256".to_owned(),
        Some(PublicKey::Ec { curve: Curve::P384, .. }) => "EC P-384".to_owned(),
        None => String::new(),
    }
}

/// Whether a certificate is valid on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It is.
    Valid,
    /// It was.
    Expired,
    /// It will be, or the clock is wrong.
    NotYet,
}

impl Validity {
    /// On this day.
    pub fn of(certificate: &Certificate, today: Day) -> Self {
        if certificate.end < today {
            Validity::Expired
        } else if today < certificate.start {
            Validity::NotYet
        } else {
            Validity::Valid
        }
    }

    /// Its name in the tool's JSON and in the message files.
    pub const fn name(self) -> &'static str {
        match self {
            Validity::Valid => "valid",
            Validity::Expired => "expired",
            Validity::NotYet => "not-yet-valid",
        }
    }
}

/// Purpose of a certificate, from when to when it is valid, and whether it is now.
pub fn words(shown: &Shown) -> Text {
    let Certificate { start, end, .. } = shown.certificate;
    let validity = Validity::of(&shown.certificate, today());
    text::certificate(shown.purpose.name(), start, end, validity.name())
}

/// Unique names for the files of certificates, without extension.
pub fn file_stems(shown: &[Shown]) -> Vec<String> {
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    shown
        .iter()
        .map(|shown| {
            let stem = file_stem(shown);
            let count = used.entry(stem).or_default();
            *count = count.saturating_add(1);
            if *count == 1 { stem.to_owned() } else { format!("{stem}-{count}") }
        })
        .collect()
}

/// The kind of key tells the two signature keys of a card apart.
fn file_stem(shown: &Shown) -> &'static str {
    match (shown.purpose, shown.certificate.public_key()) {
        (Purpose::Authority, _) => "authority",
        (Purpose::Login, _) => "login",
        (Purpose::Signing, Some(PublicKey::Rsa { .. })) => "signature-rsa",
        (Purpose::Signing, _) => "signature-ec",
    }
}

/// The sentence that it has expired, or is not valid yet.
pub(super) fn objection(certificate: &Certificate) -> Option<Text> {
    let today = today();
    match Validity::of(certificate, today) {
        Validity::Valid => None,
        Validity::Expired => Some(text::certificate_expired(certificate.end)),
        Validity::NotYet => Some(text::certificate_not_yet(certificate.start, today)),
    }
}

/// A certificate as PEM (RFC 7468).
pub fn pem(certificate: &Certificate) -> Option<String> {
    pem::encode_string("CERTIFICATE", LineEnding::LF, &certificate.der).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use avain_card::cards::{belgium, fineid};

    #[test]
    fn names_as_people_write_them() {
        for (common, name) in [
            ("JÕEORG,JAAK-KRISTJAN,38001085718", "JAAK-KRISTJAN JÕEORG"),
            ("ANDRIS PARAUDZIŅŠ", "ANDRIS PARAUDZIŅŠ"),
            ("Alice Geldigekaart (Authentication)", "Alice Geldigekaart"),
            ("VIRTANEN MATTI 99900001X", "VIRTANEN MATTI 99900001X"),
            ("Smith, Jones", "Smith, Jones"),
            ("(odd)", "(odd)"),
            ("", ""),
        ] {
            assert_eq!(person(common), name);
        }
    }

    /// A Name with this common name.
    fn name(tag: u8, value: &[u8]) -> Vec<u8> {
        let wrapped =
            |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
        let attribute = [b"\x06\x03\x55\x04\x03".to_vec(), wrapped(tag, value)].concat();
        wrapped(0x30, &wrapped(0x31, &wrapped(0x30, &attribute)))
    }

    #[test]
    fn names_in_every_form_of_string() {
        for (tag, value, expected) in [
            (0x0C, "ÅSA ÄIJÄLÄ".as_bytes(), "ÅSA ÄIJÄLÄ"),
            (0x13, b"AINO TESTINEN", "AINO TESTINEN"),
            (0x14, b"J\xDCRI V\xC4IN\xD6 \xC5", "JÜRI VÄINÖ Å"),
            (0x1E, b"\0\xC4\x01\x60\xD8\x3D\xDE\0", "ÄŠ😀"),
            (0x1C, b"\0\0\0\xC5\0\x01\xF6\0", "Å😀"),
            (0x13, b"not ASCII: \xC4", "not ASCII: Ä"),
            (0x0C, b"a\x1B[2J\nb", "a\u{FFFD}[2J\u{FFFD}b"),
        ] {
            assert_eq!(common_name(&name(tag, value)).as_deref(), Some(expected), "{tag:02X}");
        }
        assert_eq!(words_of_person(&name(0x14, b"J\xDCRI")), ["JÜRI"]);
        assert_eq!(common_name(b""), None);
    }

    #[test]
    fn valid_from_the_first_day_to_the_last() {
        let certificate = certificate(None);
        for (today, expected) in [
            ((2019, 12, 31), Validity::NotYet),
            ((2020, 1, 1), Validity::Valid),
            ((2030, 1, 1), Validity::Valid),
            ((2030, 1, 2), Validity::Expired),
        ] {
            assert_eq!(Validity::of(&certificate, today), expected, "{today:?}");
        }
    }

    fn certificate(usage: Option<u16>) -> Certificate {
        let nothing = Vec::new;
        Certificate {
            der: nothing(),
            subject: nothing(),
            issuer: nothing(),
            serial: nothing(),
            public_key_info: nothing(),
            subject_public_key: nothing(),
            key_usage: usage.map(KeyUsage),
            start: (2020, 1, 1),
            end: (2030, 1, 1),
        }
    }

    #[test]
    fn purposes() {
        let (login, signing) = (certificate(Some(1)), certificate(Some(2)));
        let [first, second] = belgium::APPLET_1_8.keys.as_ref() else { panic!() };
        assert_eq!(Purpose::of(first, &login), Purpose::Login);
        assert_eq!(Purpose::of(second, &signing), Purpose::Signing);
        for key in fineid::V4_0.keys.iter() {
            let signs = Purpose::of(key, &certificate(None)) == Purpose::Signing;
            assert_eq!(signs, key.role == Role::Signature);
        }
        let unknown = KeySpec { uses: avain_card::cards::profile::KeyUses::NONE, ..first.clone() };
        assert_eq!(Purpose::of(&unknown, &signing), Purpose::Signing);
        assert_eq!(Purpose::of(&unknown, &certificate(Some(3))), Purpose::Login);
        assert_eq!(Purpose::of(&unknown, &certificate(None)), Purpose::Login);
    }

    #[test]
    fn no_two_files_have_the_same_name() {
        let shown =
            |purpose| Shown { purpose, pin: None, label: String::new(), certificate: certificate(None) };
        let all = [Purpose::Login, Purpose::Signing, Purpose::Login, Purpose::Authority, Purpose::Authority];
        assert_eq!(
            file_stems(&all.map(shown)),
            ["login", "signature-ec", "login-2", "authority", "authority-2"]
        );
    }
}
