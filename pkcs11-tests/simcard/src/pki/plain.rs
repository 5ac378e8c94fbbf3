//! Authorities and certificates with no more than is needed: of the cards whose own layout is not known.

use super::authority::{self, Attributes, Authority, AuthorityKeys, Field, Party};
use super::certificate::{self, Extension, SignatureAlgorithm, Validity};
use super::issued::{CardKey, Certificates};
use super::keys::PrivateKey;
use crate::facts::date::Date;
use crate::facts::description;
use crate::facts::switches::Switches;
use crate::facts::switches::values::OddCertificate;
use crate::wire::der;
use sha1::{Digest, Sha1};
use std::sync::OnceLock;

const VALIDITY: [&str; 2] = ["160101000000Z", "400101000000Z"];

/// Two authorities of these names: RSA-4096 with SHA-256, or P-384 with SHA-384.
pub(crate) const fn authority(root: Attributes, issuing: Attributes, keys: AuthorityKeys) -> Authority {
    use Field::*;
    Authority {
        root: Party { name: root, validity: VALIDITY, extensions: &[SubjectKeyId, KeyUsage, Constraints] },
        issuing: Party {
            name: issuing,
            validity: VALIDITY,
            extensions: &[AuthorityKeyId, SubjectKeyId, KeyUsage, Constraints],
        },
        serial: 0x0B,
        keys,
        algorithm: match keys {
            AuthorityKeys::Rsa4096 => SignatureAlgorithm::Sha256WithRsa,
            AuthorityKeys::P384(_) | AuthorityKeys::P521(_) => SignatureAlgorithm::EcdsaWithSha384,
        },
        made: OnceLock::new(),
    }
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

/// The certificates of a card: one for five years of each key.
pub(crate) fn certificates(
    issuer: &Authority,
    subject: &[u8],
    keys: &[CardKey],
    issued: Date,
    switches: &Switches,
) -> Certificates {
    let certificate = |key: &CardKey| {
        let purpose = match key.description.usage {
            description::KeyUsage::Authentication => Purpose::Authentication,
            description::KeyUsage::Signature => Purpose::Signature,
        };
        let odd = key.odd(switches);
        let request = Request { subject, key: &key.private, purpose, odd, issued, years: 5 };
        key.certificate(request.issue(issuer, switches), switches)
    };
    issuer.certificates(keys.iter().map(certificate).collect())
}

/// A certificate to be issued.
pub(crate) struct Request<'a> {
    pub(crate) subject: &'a [u8],
    pub(crate) key: &'a PrivateKey,
    pub(crate) purpose: Purpose,
    /// What is odd about it.
    pub(crate) odd: OddCertificate,
    pub(crate) issued: Date,
    pub(crate) years: i32,
}

impl Request<'_> {
    /// Issues the certificate. Its number is made from everything in it, so that no two certificates share one.
    pub(crate) fn issue(&self, authority: &Authority, switches: &Switches) -> Vec<u8> {
        let issuer = authority.made();
        let validity = Validity {
            not_before: self.issued.start_utc(),
            not_after: self.issued.last_day_after_years(self.years).end_utc(),
        };
        let bits = self.key.public_key_bits();
        let made_from =
            [&issuer.name, self.subject, &bits, validity.not_before.as_bytes(), &[self.purpose as u8]];
        let digest = Sha1::digest(made_from.concat());
        let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let serial = (0x4000_0000 | (number & 0x3FFF_FFFF)).to_be_bytes();
        let request = authority::Request {
            serial: &serial,
            subject: self.subject,
            validity,
            key: self.key,
            odd: self.odd,
            extensions: self.extensions(&issuer.key),
        };
        authority.issue(request, switches)
    }

    fn extensions(&self, issuer: &PrivateKey) -> Vec<Extension> {
        let usage = match self.purpose {
            Purpose::Authentication | Purpose::Documents => der::bits(7, &[0x80]),
            Purpose::Signature => der::bits(6, &[0x40]),
        };
        let mut list = vec![
            Extension::authority_key_id(issuer),
            Extension::subject_key_id(self.key),
            Extension::critical(certificate::KEY_USAGE, usage),
        ];
        match self.purpose {
            Purpose::Authentication => {
                let client = der::sequence(&[&der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, 2])]);
                list.push(Extension::plain(certificate::EXTENDED_KEY_USAGE, client));
            }
            Purpose::Signature => list.push(Extension::qc_statements(true)),
            Purpose::Documents => {}
        }
        list
    }
}
