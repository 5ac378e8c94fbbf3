//! A root and an issuing certification authority, as data. All of them are made up, and say SIMULATED, so that nobody
//! takes the certificates for the issuer's.

use super::certificate::{self, Extension, SignatureAlgorithm, TextForm, Validity};
use super::issued::{Certificates, HolderCertificate};
use super::keys::PrivateKey;
use crate::facts::switches::Switches;
use crate::facts::switches::values::OddCertificate;
use crate::wire::der;
use std::sync::OnceLock;

/// Attributes of a name in their order.
pub(crate) type Attributes = &'static [(&'static [u32], TextForm, &'static str)];

/// Keys of two authorities.
#[derive(Clone, Copy)]
pub(crate) enum AuthorityKeys {
    /// RSA-4096: all authorities share the same two.
    Rsa4096,
    /// P-384, with labels that tell them from those of others.
    P384([&'static str; 2]),
    /// P-521, with labels that tell them from those of others.
    P521([&'static str; 2]),
}

impl AuthorityKeys {
    fn make(self) -> [PrivateKey; 2] {
        match self {
            Self::Rsa4096 => [0, 1].map(|index| PrivateKey::rsa(4096, index)),
            Self::P384(labels) => labels.map(PrivateKey::p384),
            Self::P521(labels) => labels.map(PrivateKey::p521),
        }
    }
}

/// An extension of an authority's certificate.
#[derive(Clone, Copy)]
pub(crate) enum Field {
    AuthorityKeyId,
    SubjectKeyId,
    /// keyCertSign and cRLSign.
    KeyUsage,
    /// An authority; the issuing one of holders only.
    Constraints,
    AnyPolicy,
    /// Where the list of revoked certificates is.
    Crl(&'static str),
    /// Where the certificate of the root is.
    Information(&'static str),
}

/// One of the two authorities.
pub(crate) struct Party {
    pub(crate) name: Attributes,
    /// UTCTime of the first and of the last moment.
    pub(crate) validity: [&'static str; 2],
    /// In their order.
    pub(crate) extensions: &'static [Field],
}

/// Two authorities; they are made when first needed.
pub(crate) struct Authority {
    pub(crate) root: Party,
    pub(crate) issuing: Party,
    /// First byte of both serial numbers.
    pub(crate) serial: u8,
    pub(crate) keys: AuthorityKeys,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) made: OnceLock<Made>,
}

/// A certificate of the holder that is to be issued.
pub(crate) struct Request<'a> {
    /// Serial number, big-endian.
    pub(crate) serial: &'a [u8],
    pub(crate) subject: &'a [u8],
    pub(crate) validity: Validity,
    pub(crate) key: &'a PrivateKey,
    /// What is odd about it.
    pub(crate) odd: OddCertificate,
    pub(crate) extensions: Vec<Extension>,
}

/// The authorities with their certificates.
pub(crate) struct Made {
    root: Vec<u8>,
    issuing: Vec<u8>,
    /// Of the issuing authority.
    pub(crate) name: Vec<u8>,
    /// Of the issuing authority.
    pub(crate) key: PrivateKey,
}

impl Authority {
    /// The authorities, made once per process, as RSA-4096 signatures take a while.
    pub(crate) fn made(&self) -> &Made {
        self.made.get_or_init(|| self.make())
    }

    fn make(&self) -> Made {
        let [root_key, key] = self.keys.make();
        let root_name = certificate::name(self.root.name);
        let certificate = |number: u8, party: &Party, subject_key: &PrivateKey| {
            let constraint = if number == 1 { Vec::new() } else { der::integer(0) };
            let extension = |field: &Field| match *field {
                Field::AuthorityKeyId => Extension::authority_key_id(&root_key),
                Field::SubjectKeyId => Extension::subject_key_id(subject_key),
                Field::KeyUsage => Extension::critical(certificate::KEY_USAGE, der::bits(1, &[0x06])),
                Field::Constraints => Extension::critical(
                    certificate::BASIC_CONSTRAINTS,
                    der::sequence(&[&der::boolean(true), &constraint]),
                ),
                Field::AnyPolicy => Extension::plain(
                    certificate::POLICIES,
                    der::sequence(&[&der::sequence(&[&der::oid(certificate::ANY_POLICY)])]),
                ),
                Field::Crl(address) => Extension::crl_distribution_point(address),
                Field::Information(address) => Extension::authority_information(address, None),
            };
            let [not_before, not_after] = party.validity.map(str::to_owned);
            let to_be_signed = certificate::ToBeSigned {
                serial: der::unsigned(&[self.serial, 0, 0, number]),
                issuer: &root_name,
                subject: &certificate::name(party.name),
                validity: Validity { not_before, not_after },
                key_info: subject_key.public_key_info(),
                extensions: party.extensions.iter().map(extension).collect(),
            };
            certificate::issue(&to_be_signed, self.algorithm, &root_key)
        };
        Made {
            root: certificate(1, &self.root, &root_key),
            issuing: certificate(2, &self.issuing, &key),
            name: certificate::name(self.issuing.name),
            key,
        }
    }

    /// Issues a certificate of the holder; what is unusual about it is in the switches.
    pub(crate) fn issue(&self, request: Request<'_>, switches: &Switches) -> Vec<u8> {
        let Request { serial, subject, validity, key, odd, mut extensions } = request;
        let Made { name: issuer, key: issuer_key, .. } = self.made();
        if switches.long_certificates {
            extensions.push(Extension::filler());
        }
        let to_be_signed = certificate::ToBeSigned {
            serial: certificate::number(serial, odd, switches),
            issuer,
            subject,
            validity,
            key_info: certificate::key_info(key, odd),
            extensions,
        };
        certificate::issue(&to_be_signed, self.algorithm, issuer_key)
    }

    /// The certificates of a card, with those of its holder.
    pub(crate) fn certificates(&self, holder: Vec<HolderCertificate>) -> Certificates {
        let Made { root, issuing, .. } = self.made();
        Certificates { root: root.clone(), issuing: issuing.clone(), holder }
    }
}
