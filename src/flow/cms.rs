//! A detached signature: CMS SignedData (RFC 5652 §5) with the signer's certificate, and the signed attributes of
//! CAdES-BES (ETSI EN 319 122-1 §5): what was signed, when, and under which certificate.

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
const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ECDSA_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA_384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// PKCS #1 v1.5 with SHA-256.
    Rsa,
    /// ECDSA with the hash function that has the length of the field.
    Ec(Curve),
}

/// The content to be signed, in parts.
pub struct Content {
    method: Method,
    digest: Hasher,
    length: usize,
}

impl Method {
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

    /// The digest, and the input for the card.
    pub(super) fn finish(self) -> (Vec<u8>, SignInput) {
        let digest = self.digest.finalize().into_vec();
        let input = self.method.input(digest.clone(), self.method.hash());
        (digest, input)
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
    certificate: x509_cert::Certificate,
    attributes: SignedAttributes,
    input: SignInput,
}

impl Envelope {
    /// Puts the signed attributes together.
    pub(super) fn new(certificate: &Certificate, content: Content) -> der::Result<Self> {
        let (method, digest) = (content.method, content.finish().0);
        let parsed = x509_cert::Certificate::from_der(&certificate.der)?;
        if parsed.to_der()? != certificate.der {
            // Re-encoded it would not be the same certificate.
            return Err(der::ErrorKind::Noncanonical { tag: der::Tag::Sequence }.into());
        }
        // ESSCertIDv2 (RFC 5035 §4) with its default, SHA-256: a sequence of a sequence of the hash.
        let identifier = vec![OctetString::new(Hash::Sha256.digest(&certificate.der))?];
        let attributes = SetOfVec::try_from(vec![
            attribute(CONTENT_TYPE, &DATA)?,
            attribute(MESSAGE_DIGEST, &OctetString::new(digest)?)?,
            attribute(SIGNING_TIME, &signing_time()?)?,
            attribute(SIGNING_CERTIFICATE_V2, &vec![vec![identifier]])?,
        ])?;
        let mut to_sign = Content::by(method);
        to_sign.update(&attributes.to_der()?);
        Ok(Envelope { method, certificate: parsed, attributes, input: to_sign.finish().1 })
    }

    /// The input for the card.
    pub(super) fn input(&self) -> &SignInput {
        &self.input
    }

    /// The finished structure with the signature of the card, DER.
    pub(super) fn seal(self, signature: &[u8]) -> der::Result<Vec<u8>> {
        let encoded = match self.method {
            Method::Rsa => Some(signature.to_vec()),
            Method::Ec(curve) => curve.der_signature(signature),
        };
        let signature = encoded.ok_or(der::ErrorKind::Value { tag: der::Tag::OctetString })?;
        let digest_alg = algorithm(match self.method {
            Method::Rsa | Method::Ec(Curve::P256) => SHA_256,
            Method::Ec(Curve::P384) => SHA_384,
        });
        let signature_algorithm = match self.method {
            Method::Rsa => {
                AlgorithmIdentifierOwned { oid: RSA_ENCRYPTION, parameters: Some(Any::encode_from(&Null)?) }
            }
            Method::Ec(Curve::P256) => algorithm(ECDSA_SHA_256),
            Method::Ec(Curve::P384) => algorithm(ECDSA_SHA_384),
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
        let signed = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from(vec![digest_alg])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
            certificates: Some(CertificateSet::try_from(vec![CertificateChoices::Certificate(
                self.certificate,
            )])?),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![signer])?,
        };
        ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
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
