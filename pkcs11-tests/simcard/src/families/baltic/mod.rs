//! Certificates and personal records of Estonian and Latvian cards.
//!
//! Laid out like the issuers' test certificates (fixtures of libelectronic-id and of the eID libraries for phones),
//! but every name says SIMULATED and every address ends in `.invalid` (RFC 6761).

pub(crate) mod cards;
mod estonia;
mod latvia;

pub(crate) use estonia::{document_number, records};

use crate::facts::date::Date;
use crate::facts::description::{CardDescription, KeyKind, KeyUsage};
use crate::facts::holder::Holder;
use crate::pki::certificate::{self, Extension, SignatureAlgorithm, Validity};
use crate::pki::issued::{CardKey, Certificates, HolderCertificate};
use crate::pki::keys::PrivateKey;
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
    const ALL: [Self; 4] = [Self::Esteid2018, Self::Esteid2025, Self::Latvia2017, Self::Latvia2024];

    /// Name of the authority with this common name.
    fn authority_name(self, common_name: &str) -> Vec<u8> {
        match self {
            Self::Esteid2018 => estonia::authority_2018(common_name),
            Self::Esteid2025 => estonia::authority_2025(common_name),
            Self::Latvia2017 | Self::Latvia2024 => latvia::authority(common_name),
        }
    }

    /// Common names of the root and of the issuing authority.
    fn common_names(self) -> [&'static str; 2] {
        match self {
            Self::Esteid2018 => ["SIMULATED EE-GovCA2018", "SIMULATED ESTEID2018"],
            Self::Esteid2025 => ["SIMULATED EEGovCA2025", "SIMULATED ESTEID2025"],
            Self::Latvia2017 => ["SIMULATED LV eID Root CA 2017", "SIMULATED LV eID ICA 2017"],
            Self::Latvia2024 => ["SIMULATED LV eID Root CA 2024", "SIMULATED LV eID ICA 2024"],
        }
    }

    /// ESTEID2018 signs with P-521 and SHA-512, ESTEID2025 with P-384 and SHA-384, Latvia with RSA-4096 and SHA-256 or
    /// with P-521 and SHA-384 (recorded certificates). A
    fn algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::Esteid2018 => SignatureAlgorithm::EcdsaWithSha512,
            Self::Esteid2025 | Self::Latvia2024 => SignatureAlgorithm::EcdsaWithSha384,
            Self::Latvia2017 => SignatureAlgorithm::Sha256WithRsa,
        }
    }

    fn authority_key(self, place: usize) -> PrivateKey {
        let label = self.common_names()[place];
        match self {
            Self::Esteid2018 | Self::Latvia2024 => PrivateKey::p521(label),
            Self::Esteid2025 => PrivateKey::p384(label),
            Self::Latvia2017 => PrivateKey::rsa(4096, place),
        }
    }
}

/// The authorities of a layout.
struct Authorities {
    root: Vec<u8>,
    issuing: Vec<u8>,
    name: Vec<u8>,
    key: PrivateKey,
}

impl Authorities {
    /// Made once per process.
    fn of(layout: Layout) -> &'static Self {
        static MADE: [OnceLock<Authorities>; 4] = [const { OnceLock::new() }; 4];
        let index = Layout::ALL.iter().position(|other| *other == layout).unwrap_or(0);
        MADE[index].get_or_init(|| Self::make(layout))
    }

    fn make(layout: Layout) -> Self {
        let [root_key, key] = [0, 1].map(|place| layout.authority_key(place));
        let [root_name, name] = layout.common_names().map(|name| layout.authority_name(name));
        let certificate = |serial: u8, subject: &[u8], subject_key: &PrivateKey, constraint: &[u8]| {
            let to_be_signed = certificate::ToBeSigned {
                serial: &[0x0B, 0, 0, serial],
                issuer: &root_name,
                subject,
                validity: Validity { not_before: "180905090000Z".into(), not_after: "420905085959Z".into() },
                key: subject_key,
                extensions: vec![
                    Extension::critical(certificate::BASIC_CONSTRAINTS, constraint.to_vec()),
                    Extension::critical(certificate::KEY_USAGE, der::bits(1, &[0x06])),
                    Extension::authority_key_id(&root_key),
                    Extension::plain(
                        certificate::SUBJECT_KEY_ID,
                        der::octets(&certificate::key_id(subject_key)),
                    ),
                ],
            };
            certificate::issue(&to_be_signed, layout.algorithm(), &root_key)
        };
        let any_depth = der::sequence(&[&der::boolean(true)]);
        let no_depth = der::sequence(&[&der::boolean(true), &der::integer(0)]);
        Self {
            root: certificate(1, &root_name, &root_key, &any_depth),
            issuing: certificate(2, &name, &key, &no_depth),
            name,
            key,
        }
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

/// The keys of a card. RSA keys are shared files: two for even holders, two for odd ones.
pub(crate) fn keys(card: &'static CardDescription, holder: &Holder) -> Vec<CardKey> {
    let key = |(place, description): (usize, &'static crate::facts::description::KeyDescription)| {
        let label = format!("{}/{}/{}", card.name, holder.seed, description.name);
        let private = match description.kind {
            KeyKind::Rsa(bits) => PrivateKey::rsa(bits, (holder.seed as usize % 2) * 2 + place),
            _ => PrivateKey::p384(&label),
        };
        CardKey { description, private }
    };
    card.keys.iter().enumerate().map(key).collect()
}

/// Issues the certificates of a card.
pub(crate) fn certificates(
    card: &CardDescription,
    layout: Layout,
    e_resident: bool,
    keys: &[CardKey],
    holder: &Holder,
    issued: Date,
) -> Certificates {
    let authorities = Authorities::of(layout);
    let certificate = |key: &CardKey| {
        let request = Request { key, holder, issuer: &authorities.key, e_resident };
        let (subject, extensions) = match layout {
            Layout::Esteid2018 => (estonia::subject_2018(holder), estonia::extensions_2018(&request)),
            Layout::Esteid2025 => (estonia::subject_2025(holder), estonia::extensions_2025(&request)),
            Layout::Latvia2017 | Layout::Latvia2024 => {
                (latvia::subject(holder), latvia::extensions(&request))
            }
        };
        let to_be_signed = certificate::ToBeSigned {
            serial: &serial(card.name, holder, issued, key.description.name, layout),
            issuer: &authorities.name,
            subject: &subject,
            validity: validity(issued, layout),
            key: &key.private,
            extensions,
        };
        HolderCertificate {
            name: key.description.name,
            key_reference: key.description.reference,
            pin_reference: key.description.pin,
            der: certificate::issue(&to_be_signed, layout.algorithm(), &authorities.key),
        }
    };
    Certificates {
        root: authorities.root.clone(),
        issuing: authorities.issuing.clone(),
        holder: keys.iter().map(certificate).collect(),
    }
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
    Extension::plain(certificate::SUBJECT_KEY_ID, der::octets(&certificate::key_id(&request.key.private)))
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
