//! A detached signature: CMS SignedData (RFC 5652 §5) with the signer's certificate, and the signed attributes of
//! CAdES-BES (ETSI EN 319 122-1 §5): what was signed, when, and under which certificate. In a PDF, the document says when
//! (PAdES, ETSI EN 319 142-1 §6.3).

use avain_card::cards::certificate::{Certificate, PublicKey};
use avain_card::cards::engine::SignInput;
use avain_card::cards::profile::{Curve, Hash, Scheme};
use avain_crypto::hash::Hasher;
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo,
    SignerInfos,
};
use std::time::SystemTime;
use x509_cert::attr::Attribute;
use x509_cert::der::asn1::{Null, ObjectIdentifier, OctetString, SetOfVec, UtcTime};
use x509_cert::der::{self, Any, Decode, Encode, EncodeValue, Tagged};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The hash functions of signatures, alone and with ECDSA (RFC 5754 §2, RFC 5758 §3.2).
const HASHES: [(Hash, ObjectIdentifier, ObjectIdentifier); 4] = [
    (
        Hash::Sha224,
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4"),
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.1"),
    ),
    (
        Hash::Sha256,
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"),
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
    ),
    (
        Hash::Sha384,
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"),
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"),
    ),
    (
        Hash::Sha512,
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"),
        ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"),
    ),
];

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// PKCS #1 v1.5.
    Rsa,
    /// ECDSA.
    Ec(Curve),
}

/// Where the structure goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Into a file of its own.
    Cades,
    /// Into a PDF.
    Pades,
}

/// The content to be signed, in parts.
pub struct Content {
    method: Method,
    digest: Hasher,
    length: usize,
}

impl Method {
    /// SHA-256, or with ECDSA the hash function that has the length of the field.
    const fn hash(self) -> Hash {
        match self {
            Method::Rsa | Method::Ec(Curve::P256) => Hash::Sha256,
            Method::Ec(Curve::P384) => Hash::Sha384,
        }
    }

    /// What the card signs of this digest.
    pub(super) fn input(self, digest: Vec<u8>, hash: Hash) -> SignInput {
        match self {
            Method::Rsa => SignInput::Rsa { scheme: Scheme::Pkcs1, hash, digest },
            Method::Ec(_) => SignInput::Ecdsa(digest),
        }
    }
}

impl From<&PublicKey> for Method {
    fn from(key: &PublicKey) -> Self {
        match key {
            PublicKey::Rsa { .. } => Method::Rsa,
            PublicKey::Ec { curve, .. } => Method::Ec(*curve),
        }
    }
}

impl Content {
    /// Empty content, to be signed by this key.
    pub(super) fn new(key: &PublicKey) -> Self {
        Self::by(key.into())
    }

    fn by(method: Method) -> Self {
        Content { method, digest: method.hash().hasher(), length: 0 }
    }

    /// Adds a part.
    pub fn update(&mut self, part: &[u8]) {
        self.digest.update(part);
        self.length = self.length.saturating_add(part.len());
    }

    /// How long it is so far, the name of its hash function, and the digest in hexadecimal digits.
    pub fn facts(&self) -> (usize, &'static str, String) {
        let name = match self.method.hash() {
            Hash::Sha384 => "SHA-384",
            _ => "SHA-256",
        };
        (self.length, name, hexadecimal(&self.digest.so_far()))
    }

    /// The hash function, and the digest.
    pub(super) fn finish(self) -> (Hash, Vec<u8>) {
        (self.method.hash(), self.digest.finalize().into_vec())
    }
}

/// Bytes as people compare them: in groups of four digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    let groups = bytes.chunks(2).map(|pair| pair.iter().map(|byte| format!("{byte:02x}")).collect());
    groups.collect::<Vec<String>>().join(" ")
}

/// The signature structure, before the card has signed.
pub(super) struct Envelope {
    method: Method,
    hash: Hash,
    certificate: x509_cert::Certificate,
    attributes: SignedAttributes,
    input: SignInput,
}

impl Envelope {
    /// Puts the signed attributes together, for content of which only the digest is known.
    pub(super) fn new(
        (certificate, method): (&Certificate, Method),
        (hash, digest): (Hash, Vec<u8>),
        profile: Profile,
    ) -> der::Result<Self> {
        let parsed = same(&certificate.der)?;
        // ESSCertIDv2 (RFC 5035 §4) with its default, SHA-256: a sequence of a sequence of the hash.
        let identifier = vec![OctetString::new(Hash::Sha256.digest(&certificate.der))?];
        let mut attributes = vec![
            attribute(CONTENT_TYPE, &DATA)?,
            attribute(MESSAGE_DIGEST, &OctetString::new(digest)?)?,
            attribute(SIGNING_CERTIFICATE_V2, &vec![vec![identifier]])?,
        ];
        if profile == Profile::Cades {
            attributes.push(attribute(SIGNING_TIME, &signing_time()?)?);
        }
        let attributes = SetOfVec::try_from(attributes)?;
        let input = method.input(hash.digest(&attributes.to_der()?), hash);
        Ok(Envelope { method, hash, certificate: parsed, attributes, input })
    }

    /// The input for the card.
    pub(super) fn input(&self) -> &SignInput {
        &self.input
    }

    /// The finished structure with the signature of the card and the certificates of its issuers, DER.
    pub(super) fn seal(self, signature: &[u8], issuers: &[Vec<u8>]) -> der::Result<Vec<u8>> {
        let encoded = match self.method {
            Method::Rsa => Some(signature.to_vec()),
            Method::Ec(curve) => curve.der_signature(signature),
        };
        let signature = encoded.ok_or(der::ErrorKind::Value { tag: der::Tag::OctetString })?;
        let known = HASHES.iter().find(|(hash, ..)| *hash == self.hash);
        let (_, digest_alg, with_ecdsa) = known.ok_or(der::ErrorKind::Failed)?;
        let digest_alg = algorithm(*digest_alg);
        let signature_algorithm = match self.method {
            Method::Rsa => {
                AlgorithmIdentifierOwned { oid: RSA_ENCRYPTION, parameters: Some(Any::encode_from(&Null)?) }
            }
            Method::Ec(_) => algorithm(*with_ecdsa),
        };
        let tbs = &self.certificate.tbs_certificate;
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: tbs.issuer.clone(),
                serial_number: tbs.serial_number.clone(),
            }),
            digest_alg: digest_alg.clone(),
            signed_attrs: Some(self.attributes),
            signature_algorithm,
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        // The signature is made: an issuer that cannot be told is no reason to lose it.
        let issuers = issuers.iter().filter_map(|issuer| same(issuer).ok());
        let certificates = [self.certificate].into_iter().chain(issuers);
        let certificates: Vec<_> = certificates.map(CertificateChoices::Certificate).collect();
        let signed = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![digest_alg])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
            certificates: Some(CertificateSet::try_from(certificates)?),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer])?,
        };
        ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
    }
}

/// A certificate that stays the same when it is encoded again.
fn same(certificate: &[u8]) -> der::Result<x509_cert::Certificate> {
    let parsed = x509_cert::Certificate::from_der(certificate)?;
    if parsed.to_der()? == certificate {
        Ok(parsed)
    } else {
        Err(der::ErrorKind::Noncanonical { tag: der::Tag::Sequence }.into())
    }
}

/// An algorithm without parameters (RFC 5754 §2, §3.3).
fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// The current time: UTCTime until 2049, then GeneralizedTime (RFC 5652 §11.3).
fn signing_time() -> der::Result<Time> {
    let now = SystemTime::now();
    UtcTime::from_system_time(now).map(Time::UtcTime).or_else(|_| Time::try_from(now))
}

fn attribute(oid: ObjectIdentifier, value: &(impl EncodeValue + Tagged)) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![Any::encode_from(value)?])? })
}
