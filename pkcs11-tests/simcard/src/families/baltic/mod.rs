//! Certificates and personal records of Estonian and Latvian cards.
//!
//! Laid out like the issuers' test certificates (fixtures of libelectronic-id and of the eID libraries for phones),
//! but every name says SIMULATED and every address ends in `.invalid` (RFC 6761).

pub(crate) mod cards;
mod estonia;
mod latvia;

pub(crate) use estonia::{document_number, record, records};

use crate::facts::date::Date;
use crate::facts::description::{CardDescription, KeyUsage};
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::pki::authority::{self, Attributes, Authority, AuthorityKeys, Field, Party};
use crate::pki::certificate::{self, Extension, SignatureAlgorithm, TextForm, Validity};
use crate::pki::issued::{CardKey, Certificates};
use crate::pki::keys::PrivateKey;
use crate::wire::apdu::{Command, sw};
use crate::wire::der;
use sha1::{Digest, Sha1};
use std::sync::OnceLock;

/// How the certificates of a card are laid out, and who issues them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Estonia 2018, IDEMIA cards.
    Esteid2018,
    /// Estonia 2025, Thales cards.
    Esteid2025,
    /// Latvia 2017, RSA.
    Latvia2017,
    /// Latvia 2024, EC.
    Latvia2024,
}

impl Layout {
    /// ESTEID2018 signs with P-521 and SHA-512, ESTEID2025 with P-384 and SHA-384, Latvia with RSA-4096 and SHA-256 or
    /// with P-521 and SHA-384 (recorded certificates). A
    fn authority(self) -> &'static Authority {
        match self {
            Self::Esteid2018 => &estonia::AUTHORITY_2018,
            Self::Esteid2025 => &estonia::AUTHORITY_2025,
            Self::Latvia2017 => &latvia::AUTHORITY_2017,
            Self::Latvia2024 => &latvia::AUTHORITY_2024,
        }
    }
}

/// Two authorities of these names.
const fn authority(names: [Attributes; 2], keys: AuthorityKeys, algorithm: SignatureAlgorithm) -> Authority {
    use Field::*;
    const VALIDITY: [&str; 2] = ["180905090000Z", "420905085959Z"];
    const FIELDS: &[Field] = &[Constraints, KeyUsage, AuthorityKeyId, SubjectKeyId];
    let [root, issuing] = names;
    Authority {
        root: Party { name: root, validity: VALIDITY, extensions: FIELDS },
        issuing: Party { name: issuing, validity: VALIDITY, extensions: FIELDS },
        serial: 0x0B,
        keys,
        algorithm,
        made: OnceLock::new(),
    }
}

/// What a certificate is made for.
struct Request<'a> {
    key: &'a CardKey,
    holder: &'a Holder,
    issuer: &'a PrivateKey,
    e_resident: bool,
}

impl Request<'_> {
    fn is_for_signatures(&self) -> bool {
        self.key.description.usage == KeyUsage::Signature
    }
}

/// Issues the certificates of a card.
pub(crate) fn certificates(
    card: &CardDescription,
    layout: Layout,
    e_resident: bool,
    keys: &[CardKey],
    holder: &Holder,
    issued: Date,
    switches: &Switches,
) -> Certificates {
    let authority = layout.authority();
    let names = TextForm::Utf8.of_names(switches);
    let certificate = |key: &CardKey| {
        let request = Request { key, holder, issuer: &authority.made().key, e_resident };
        let (subject, extensions) = match layout {
            Layout::Esteid2018 => (estonia::subject_2018(holder, names), estonia::extensions_2018(&request)),
            Layout::Esteid2025 => (estonia::subject_2025(holder, names), estonia::extensions_2025(&request)),
            Layout::Latvia2017 | Layout::Latvia2024 => {
                (latvia::subject(holder, names), latvia::extensions(&request))
            }
        };
        let serial = serial(card.name, holder, issued, key.description.name, layout);
        let validity = validity(issued, layout);
        let request = authority::Request {
            serial: &serial,
            subject: &subject,
            validity,
            key: &key.private,
            odd: key.odd(switches),
            extensions,
        };
        key.certificate(authority.issue(request, switches), switches)
    };
    authority.certificates(keys.iter().map(certificate).collect())
}

/// Class and length form of a command.
pub(super) fn check_form(command: &Command<'_>, switches: &Switches) -> Result<(), u16> {
    match command.cla {
        0x00 => {}
        0x10 => return Err(sw::NO_CHAINING),
        0x04 | 0x08 | 0x0C => return Err(sw::NO_SECURE_MESSAGING),
        _ => return Err(sw::UNKNOWN_CLASS),
    }
    if command.extended && !switches.extended_length {
        return Err(sw::WRONG_LENGTH);
    }
    Ok(())
}

/// Five years; 2018 end 21:59:59Z in summer too, 2025 end 20:59:59Z (recorded certificates). A
fn validity(issued: Date, layout: Layout) -> Validity {
    let text =
        |date: Date, time: &str| format!("{:02}{:02}{:02}{time}Z", date.year % 100, date.month, date.day);
    let end = if layout == Layout::Esteid2025 { "205959" } else { "215959" };
    Validity { not_before: text(issued, "073014"), not_after: text(issued.last_day_after_years(5), end) }
}

/// A serial number of 16 bytes, on the Thales cards of 20 (recorded certificates), different for every certificate.
fn serial(card: &str, holder: &Holder, issued: Date, name: &str, layout: Layout) -> Vec<u8> {
    let digest = Sha1::digest(format!("{:?}", (card, holder.seed, issued, name)));
    let mut serial = digest[..if layout == Layout::Esteid2025 { 20 } else { 16 }].to_vec();
    serial[0] = serial[0] & 0x3F | 0x40;
    serial
}

/// certificatePolicies; each with qualifiers or none.
fn policies(all: &[(&[u32], &[u8])]) -> Extension {
    let one = |(policy, qualifiers): &(&[u32], &[u8])| {
        let qualifiers = if qualifiers.is_empty() { Vec::new() } else { der::sequence(&[qualifiers]) };
        der::sequence(&[&der::oid(policy), &qualifiers])
    };
    let all: Vec<_> = all.iter().map(one).collect();
    Extension::plain(certificate::POLICIES, der::sequence(&[&all.concat()]))
}

/// The policy qualifier with the address of the practice statement.
fn practice_statement(address: &str) -> Vec<u8> {
    der::sequence(&[&der::oid(&[1, 3, 6, 1, 5, 5, 7, 2, 1]), &der::ia5(address)])
}

/// authorityInfoAccess in the order given: method 1 is OCSP, 2 the issuer's certificate.
fn information_access(all: &[(u32, &str)]) -> Extension {
    let one = |(method, address): &(u32, &str)| {
        der::sequence(&[
            &der::oid(&[1, 3, 6, 1, 5, 5, 7, 48, *method]),
            &der::implicit(6, address.as_bytes()),
        ])
    };
    let all: Vec<_> = all.iter().map(one).collect();
    Extension::plain(certificate::AUTHORITY_INFORMATION, der::sequence(&[&all.concat()]))
}

/// extKeyUsage: client authentication and e-mail, or what the caller says.
fn purposes(all: &[&[u32]]) -> Vec<u8> {
    let all: Vec<_> = all.iter().map(|purpose| der::oid(purpose)).collect();
    der::sequence(&[&all.concat()])
}

const CLIENT_AUTHENTICATION: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 3, 2];
const EMAIL_PROTECTION: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 3, 4];

/// keyUsage, critical. Authentication: digitalSignature with keyAgreement (EC) or keyEncipherment (RSA); signature:
/// nonRepudiation.
fn key_usage(request: &Request<'_>) -> Extension {
    let bits = match (&request.key.private, request.is_for_signatures()) {
        (_, true) => der::bits(6, &[0x40]),
        (PrivateKey::Rsa(_), false) => der::bits(5, &[0xA0]),
        (_, false) => der::bits(3, &[0x88]),
    };
    Extension::critical(certificate::KEY_USAGE, bits)
}

fn subject_key_id(request: &Request<'_>) -> Extension {
    Extension::subject_key_id(&request.key.private)
}

/// A qcStatement (ETSI EN 319 412-5) without anything behind its number.
fn statement(last: u32) -> Vec<u8> {
    der::sequence(&[&der::oid(&[0, 4, 0, 1862, 1, last])])
}

/// The statement that the certificate is for signatures.
fn signature_type() -> Vec<u8> {
    der::sequence(&[
        &der::oid(&[0, 4, 0, 1862, 1, 6]),
        &der::sequence(&[&der::oid(&[0, 4, 0, 1862, 1, 6, 1])]),
    ])
}

/// The statement with the address of the disclosure document.
fn disclosure(address: &str, language: &str) -> Vec<u8> {
    let one = der::sequence(&[&der::ia5(address), &der::printable(language)]);
    der::sequence(&[&der::oid(&[0, 4, 0, 1862, 1, 5]), &der::sequence(&[&one])])
}

fn statements(all: &[Vec<u8>]) -> Extension {
    Extension::plain(certificate::QC_STATEMENTS, der::sequence(&[&all.concat()]))
}
