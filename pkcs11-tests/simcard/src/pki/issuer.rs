//! Certification authorities of the other countries and issuers: a root and an issuing authority each, all made up.

use crate::facts::date::Date;
use crate::pki::certificate::{self, Extension, SignatureAlgorithm, TextForm, Validity};
use crate::pki::keys::PrivateKey;
use crate::wire::der;
use sha1::{Digest, Sha1};
use std::sync::OnceLock;

/// Attributes of a name in their order.
pub(crate) type Attributes = &'static [(&'static [u32], &'static str)];

/// Two authorities, as data; they are made when first needed.
pub(crate) struct Issuer {
    pub(crate) root: Attributes,
    pub(crate) issuing: Attributes,
    /// RSA-4096 keys and sha256WithRSA; otherwise P-384 and ecdsa-with-SHA384.
    pub(crate) rsa: bool,
    /// Tells the keys of one issuer from those of another.
    pub(crate) label: &'static str,
    pub(crate) made: OnceLock<Authorities>,
}

/// The authorities with their certificates.
pub(crate) struct Authorities {
    pub(crate) root: Vec<u8>,
    pub(crate) issuing: Vec<u8>,
    name: Vec<u8>,
    key: PrivateKey,
    algorithm: SignatureAlgorithm,
}

/// What a key is for, as its certificate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// digitalSignature, TLS client authentication.
    Authentication,
    /// nonRepudiation, qualified.
    Signature,
    /// digitalSignature of an authority's own document signer.
    Documents,
}

/// A certificate to be issued.
pub(crate) struct Request<'a> {
    pub(crate) subject: &'a [u8],
    pub(crate) key: &'a PrivateKey,
    pub(crate) purpose: Purpose,
    pub(crate) issued: Date,
    pub(crate) years: i32,
}

fn name(attributes: Attributes) -> Vec<u8> {
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(kind, text)| {
            let form = if *kind == certificate::COUNTRY { TextForm::Printable } else { TextForm::Utf8 };
            (*kind, form, *text)
        })
        .collect();
    certificate::name(&attributes)
}

fn subject_key(key: &PrivateKey) -> Extension {
    Extension::plain(certificate::SUBJECT_KEY_ID, der::octets(&certificate::key_id(key)))
}

/// keyCertSign and cRLSign.
fn authority_usage() -> Extension {
    Extension::critical(certificate::KEY_USAGE, der::bits(1, &[0x06]))
}

impl Issuer {
    /// The authorities, made once per process.
    pub(crate) fn authorities(&self) -> &Authorities {
        self.made.get_or_init(|| self.make())
    }

    fn make(&self) -> Authorities {
        let (root_key, key, algorithm) = if self.rsa {
            (PrivateKey::rsa(4096, 0), PrivateKey::rsa(4096, 1), SignatureAlgorithm::Sha256WithRsa)
        } else {
            let key = |which: &str| PrivateKey::p384(&format!("{}/{which}", self.label));
            (key("root"), key("issuing"), SignatureAlgorithm::EcdsaWithSha384)
        };
        let (root_name, issuing_name) = (name(self.root), name(self.issuing));
        let validity = || Validity { not_before: "160101000000Z".into(), not_after: "400101000000Z".into() };
        let root = certificate::issue(
            &certificate::ToBeSigned {
                serial: &[0x0B, 0, 0, 1],
                issuer: &root_name,
                subject: &root_name,
                validity: validity(),
                key: &root_key,
                extensions: vec![subject_key(&root_key), authority_usage(), is_authority(None)],
            },
            algorithm,
            &root_key,
        );
        let issuing = certificate::issue(
            &certificate::ToBeSigned {
                serial: &[0x0B, 0, 0, 2],
                issuer: &root_name,
                subject: &issuing_name,
                validity: validity(),
                key: &key,
                extensions: vec![
                    Extension::authority_key_id(&root_key),
                    subject_key(&key),
                    authority_usage(),
                    is_authority(Some(0)),
                ],
            },
            algorithm,
            &root_key,
        );
        Authorities { root, issuing, name: issuing_name, key, algorithm }
    }
}

fn is_authority(path_length: Option<u32>) -> Extension {
    let length = path_length.map(der::integer).unwrap_or_default();
    Extension::critical(certificate::BASIC_CONSTRAINTS, der::sequence(&[&der::boolean(true), &length]))
}

impl Authorities {
    /// Issues a certificate. Its number is made from everything in it, so that no two certificates share one.
    pub(crate) fn issue(&self, request: &Request<'_>) -> Vec<u8> {
        let validity = Validity {
            not_before: request.issued.start_utc(),
            not_after: request.issued.last_day_after_years(request.years).end_utc(),
        };
        let bits = request.key.public_key_bits();
        let made_from =
            [&self.name, request.subject, &bits, validity.not_before.as_bytes(), &[request.purpose as u8]];
        let digest = Sha1::digest(made_from.concat());
        let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let to_be_signed = certificate::ToBeSigned {
            serial: &(0x4000_0000 | (number & 0x3FFF_FFFF)).to_be_bytes(),
            issuer: &self.name,
            subject: request.subject,
            validity,
            key: request.key,
            extensions: extensions(request.purpose, request.key, &self.key),
        };
        certificate::issue(&to_be_signed, self.algorithm, &self.key)
    }
}

fn extensions(purpose: Purpose, key: &PrivateKey, issuer: &PrivateKey) -> Vec<Extension> {
    let usage = match purpose {
        Purpose::Authentication | Purpose::Documents => der::bits(7, &[0x80]),
        Purpose::Signature => der::bits(6, &[0x40]),
    };
    let mut list = vec![
        Extension::authority_key_id(issuer),
        subject_key(key),
        Extension::critical(certificate::KEY_USAGE, usage),
    ];
    match purpose {
        Purpose::Authentication => {
            let client = der::sequence(&[&der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, 2])]);
            list.push(Extension::plain(certificate::EXTENDED_KEY_USAGE, client));
        }
        Purpose::Signature => list.push(Extension::qc_statements(true)),
        Purpose::Documents => {}
    }
    list
}
