//! Certificates (RFC 5280), with the encodings of the recorded test cards.

use crate::facts::switches::Switches;
use crate::facts::switches::values::{CertificateNumber, NameText, OddCertificate};
use crate::pki::keys::{Hash, PrivateKey};
use crate::wire::der;
use sha1::{Digest, Sha1};

pub(crate) const COMMON_NAME: &[u32] = &[2, 5, 4, 3];
pub(crate) const SURNAME: &[u32] = &[2, 5, 4, 4];
pub(crate) const SERIAL_NUMBER: &[u32] = &[2, 5, 4, 5];
pub(crate) const COUNTRY: &[u32] = &[2, 5, 4, 6];
pub(crate) const LOCALITY: &[u32] = &[2, 5, 4, 7];
pub(crate) const ORGANISATION: &[u32] = &[2, 5, 4, 10];
pub(crate) const UNIT: &[u32] = &[2, 5, 4, 11];
pub(crate) const GIVEN_NAME: &[u32] = &[2, 5, 4, 42];
pub(crate) const ORGANISATION_IDENTIFIER: &[u32] = &[2, 5, 4, 97];

pub(crate) const SUBJECT_KEY_ID: &[u32] = &[2, 5, 29, 14];
pub(crate) const KEY_USAGE: &[u32] = &[2, 5, 29, 15];
pub(crate) const SUBJECT_ALT_NAME: &[u32] = &[2, 5, 29, 17];
pub(crate) const BASIC_CONSTRAINTS: &[u32] = &[2, 5, 29, 19];
pub(crate) const CRL_DISTRIBUTION_POINTS: &[u32] = &[2, 5, 29, 31];
pub(crate) const POLICIES: &[u32] = &[2, 5, 29, 32];
pub(crate) const ANY_POLICY: &[u32] = &[2, 5, 29, 32, 0];
pub(crate) const AUTHORITY_KEY_ID: &[u32] = &[2, 5, 29, 35];
pub(crate) const EXTENDED_KEY_USAGE: &[u32] = &[2, 5, 29, 37];
pub(crate) const AUTHORITY_INFORMATION: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
pub(crate) const QC_STATEMENTS: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 1, 3];

/// Text of the user notice of the recorded certificates.
const USER_NOTICE: &str = "Varmennepolitiikka on saatavilla - Certifikat policy finns - Certificate policy is \
                           available http://www.fineid.fi/cps99";
const CPS_ADDRESS: &str = "http://www.fineid.fi/cps99/";

/// String type of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextForm {
    /// PrintableString, or UTF8String where a letter does not fit.
    Printable,
    Utf8,
    /// TeletexString, or UTF8String where a letter does not fit.
    T61,
    Bmp,
}

impl TextForm {
    /// The type of a holder's names: the issuer's, unless the switch `name_text` says another.
    pub(crate) fn of_names(self, switches: &Switches) -> Self {
        match switches.name_text {
            NameText::Usual => self,
            NameText::T61 => Self::T61,
            NameText::Bmp => Self::Bmp,
        }
    }

    fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Printable if der::is_printable(text) => der::printable(text),
            Self::T61 => der::teletex(text).unwrap_or_else(|| der::utf8(text)),
            Self::Bmp => der::bmp(text),
            Self::Printable | Self::Utf8 => der::utf8(text),
        }
    }
}

/// The serial number, encoded, from the one that the issuer would have given. Certificates that differ in something
/// unusual have different ones: NSS refuses to load two with the same.
pub(crate) fn number(usual: &[u8], odd: OddCertificate, switches: &Switches) -> Vec<u8> {
    let mut usual = usual.to_vec();
    let unusual = (switches.name_text as u8 * 2 + u8::from(switches.long_certificates)) * 5;
    if let Some(last) = usual.last_mut() {
        // The lowest three bits tell the certificates of a card apart.
        *last ^= (unusual + odd as u8) << 3;
    }
    let first = usual.first().copied().unwrap_or_default();
    let rest = usual.get(1..).unwrap_or_default();
    let high = [&[first | 0x80], rest].concat();
    match switches.certificate_number {
        CertificateNumber::Usual => der::unsigned(&usual),
        CertificateNumber::HighBit => der::unsigned(&high),
        CertificateNumber::Negative => der::tlv(0x02, &high),
        CertificateNumber::Twenty => {
            der::unsigned(&high.iter().copied().cycle().take(20).collect::<Vec<_>>())
        }
        CertificateNumber::Padded => der::tlv(0x02, &[&[0, first & 0x7F], rest].concat()),
    }
}

/// The subjectPublicKeyInfo of a holder's certificate, which may be odd.
pub(crate) fn key_info(key: &PrivateKey, odd: OddCertificate) -> Vec<u8> {
    const SECP256K1: &[u32] = &[1, 3, 132, 0, 10];
    let point = key.public_key_bits();
    let Some((field, sign)) = key.field_length().zip(point.last().map(|byte| byte & 1)) else {
        return key.public_key_info();
    };
    match odd {
        OddCertificate::None | OddCertificate::Erased | OddCertificate::Empty => key.public_key_info(),
        OddCertificate::UnknownCurve => PrivateKey::point_info(SECP256K1, &[&[4], &point[1..65]].concat()),
        OddCertificate::HybridPoint => key.info_of(&[&[6 | sign], &point[1..]].concat()),
        OddCertificate::CompressedPoint => key.info_of(&[&[2 | sign], &point[1..=field]].concat()),
    }
}

/// A distinguished name, one attribute in each RDN.
pub(crate) fn name(attributes: &[(&[u32], TextForm, &str)]) -> Vec<u8> {
    let rdns: Vec<_> = attributes
        .iter()
        .map(|(kind, form, text)| der::set(&[&der::sequence(&[&der::oid(kind), &form.encode(text)])]))
        .collect();
    der::tlv(0x30, &rdns.concat())
}

/// Signature algorithm of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureAlgorithm {
    Sha256WithRsa,
    EcdsaWithSha384,
    /// As the recorded v4 certificates have it, against RFC 5758 §3.2 (parameters must be absent).
    EcdsaWithSha384AndNull,
    EcdsaWithSha512,
}

impl SignatureAlgorithm {
    fn encode(self) -> Vec<u8> {
        let ecdsa = |hash: u32| der::oid(&[1, 2, 840, 10045, 4, 3, hash]);
        match self {
            Self::Sha256WithRsa => der::sequence(&[&der::oid(&[1, 2, 840, 113_549, 1, 1, 11]), &der::null()]),
            Self::EcdsaWithSha384 => der::sequence(&[&ecdsa(3)]),
            Self::EcdsaWithSha512 => der::sequence(&[&ecdsa(4)]),
            Self::EcdsaWithSha384AndNull => der::sequence(&[&ecdsa(3), &der::null()]),
        }
    }
}

impl SignatureAlgorithm {
    fn hash(self) -> Hash {
        match self {
            Self::Sha256WithRsa => Hash::Sha256,
            Self::EcdsaWithSha384 | Self::EcdsaWithSha384AndNull => Hash::Sha384,
            Self::EcdsaWithSha512 => Hash::Sha512,
        }
    }
}

/// Validity as UTCTime texts.
pub(crate) struct Validity {
    pub(crate) not_before: String,
    pub(crate) not_after: String,
}

/// Identifier of a public key: SHA-1 of its bits (RFC 5280 §4.2.1.2, method 1).
fn key_id(key: &PrivateKey) -> [u8; 20] {
    Sha1::digest(key.public_key_bits()).into()
}

pub(crate) struct Extension {
    kind: &'static [u32],
    critical: bool,
    value: Vec<u8>,
}

impl Extension {
    pub(crate) fn plain(kind: &'static [u32], value: Vec<u8>) -> Self {
        Self { kind, critical: false, value }
    }

    pub(crate) fn critical(kind: &'static [u32], value: Vec<u8>) -> Self {
        Self { kind, critical: true, value }
    }

    pub(crate) fn subject_key_id(key: &PrivateKey) -> Self {
        Self::plain(SUBJECT_KEY_ID, der::octets(&key_id(key)))
    }

    pub(crate) fn authority_key_id(issuer: &PrivateKey) -> Self {
        Self::plain(AUTHORITY_KEY_ID, der::sequence(&[&der::implicit(0, &key_id(issuer))]))
    }

    /// `cA FALSE`, written out although it is the default (recorded test cards: 30 03 01 01 00).
    pub(crate) fn explicitly_no_authority() -> Self {
        Self::critical(BASIC_CONSTRAINTS, der::sequence(&[&der::boolean(false)]))
    }

    pub(crate) fn crl_distribution_point(address: &str) -> Self {
        let point = der::explicit(0, &der::explicit(0, &der::implicit(6, address.as_bytes())));
        Self::plain(CRL_DISTRIBUTION_POINTS, der::sequence(&[&der::sequence(&[&point])]))
    }

    pub(crate) fn authority_information(issuers: &str, ocsp: Option<&str>) -> Self {
        let access = |method: u32, address: &str| {
            der::sequence(&[
                &der::oid(&[1, 3, 6, 1, 5, 5, 7, 48, method]),
                &der::implicit(6, address.as_bytes()),
            ])
        };
        let issuers = access(2, issuers);
        let ocsp = ocsp.map(|address| access(1, address)).unwrap_or_default();
        Self::plain(AUTHORITY_INFORMATION, der::sequence(&[&issuers, &ocsp]))
    }

    pub(crate) fn email(address: &str) -> Self {
        Self::plain(SUBJECT_ALT_NAME, der::sequence(&[&der::implicit(1, address.as_bytes())]))
    }

    /// A certificate policy with the address of the practice statement and the notice in three languages.
    pub(crate) fn policy(policy: &[u32]) -> Self {
        let cps = der::sequence(&[&der::oid(&[1, 3, 6, 1, 5, 5, 7, 2, 1]), &der::ia5(CPS_ADDRESS)]);
        let notice = der::sequence(&[
            &der::oid(&[1, 3, 6, 1, 5, 5, 7, 2, 2]),
            &der::sequence(&[&der::visible(USER_NOTICE)]),
        ]);
        let qualifiers = der::sequence(&[&cps, &notice]);
        Self::plain(POLICIES, der::sequence(&[&der::sequence(&[&der::oid(policy), &qualifiers])]))
    }

    /// qcStatements (ETSI EN 319 412-5): compliance, and on v4 also the type eSign and the QSCD.
    pub(crate) fn qc_statements(with_type_and_device: bool) -> Self {
        let statement = |last: u32| der::oid(&[0, 4, 0, 1862, 1, last]);
        let compliance = der::sequence(&[&statement(1)]);
        if !with_type_and_device {
            return Self::plain(QC_STATEMENTS, der::sequence(&[&compliance]));
        }
        let signature_type =
            der::sequence(&[&statement(6), &der::sequence(&[&der::oid(&[0, 4, 0, 1862, 1, 6, 1])])]);
        let device = der::sequence(&[&statement(4)]);
        Self::plain(QC_STATEMENTS, der::sequence(&[&compliance, &signature_type, &device]))
    }

    /// An extension that nobody knows, which makes a certificate longer than 2 KiB.
    pub(crate) fn filler() -> Self {
        // Under 2.999, which is there for examples.
        Self::plain(&[2, 999, 1], der::octets(&[0x5A; 1800]))
    }

    fn encode(&self) -> Vec<u8> {
        let critical = if self.critical { der::boolean(true) } else { Vec::new() };
        der::sequence(&[&der::oid(self.kind), &critical, &der::octets(&self.value)])
    }
}

/// What an authority signs.
pub(crate) struct ToBeSigned<'a> {
    /// Serial number, encoded.
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: &'a [u8],
    pub(crate) subject: &'a [u8],
    pub(crate) validity: Validity,
    /// SubjectPublicKeyInfo.
    pub(crate) key_info: Vec<u8>,
    pub(crate) extensions: Vec<Extension>,
}

/// Issues a certificate.
pub(crate) fn issue(
    to_be_signed: &ToBeSigned<'_>,
    algorithm: SignatureAlgorithm,
    issuer: &PrivateKey,
) -> Vec<u8> {
    let hash = algorithm.hash();
    let algorithm = algorithm.encode();
    let validity = &to_be_signed.validity;
    let extensions: Vec<_> = to_be_signed.extensions.iter().map(Extension::encode).collect();
    let tbs = der::sequence(&[
        &der::explicit(0, &der::integer(2)),
        &to_be_signed.serial,
        &algorithm,
        to_be_signed.issuer,
        &der::sequence(&[&der::utc_time(&validity.not_before), &der::utc_time(&validity.not_after)]),
        to_be_signed.subject,
        &to_be_signed.key_info,
        &der::explicit(3, &der::tlv(0x30, &extensions.concat())),
    ]);
    let signature = issuer.sign_certificate(&tbs, hash);
    der::sequence(&[&tbs, &algorithm, &der::bits(0, &signature)])
}
