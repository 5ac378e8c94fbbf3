//! What lies on a Belgian card: the PKCS#15 files as the issuer's content document v5.4 prints them, the identity and
//! address files, and the certificates.
//!
//! Confidence as in `cards`: A = seen or computed, B = two independent sources, C = one, G = guess.

use super::cards::{BELPIC, BelgianCard};
use crate::chip::files::{FileTree, MASTER};
use crate::facts::date::Date;
use crate::facts::holder::Holder;
use crate::facts::switches::Switches;
use crate::facts::switches::values::{BelgianCertificates, OddCertificate};
use crate::pki::certificate::{self, COMMON_NAME, COUNTRY, GIVEN_NAME, SERIAL_NUMBER, SURNAME, TextForm};
use crate::pki::issued::{CardKey, Certificates};
use crate::pki::keys::{Hash, PrivateKey, RsaScheme};
use crate::pki::plain::{Purpose, Request};
use crate::wire::der;
use crate::wire::pkcs15::{self as df, CertificateObject, KeyObject, PinObject, PinType};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384};

/// AID of the applet (manuals 1.7 and 1.8; C).
pub(crate) const APPLET: &[u8] =
    &[0xA0, 0x00, 0x00, 0x00, 0x30, 0x29, 0x05, 0x70, 0x00, 0xAD, 0x13, 0x10, 0x01, 0x01, 0xFF];
/// AID of the PKCS#15 application (content document; C).
pub(crate) const PKCS15: &[u8] = b"\xA0\x00\x00\x01\x77PKCS-15";

/// Bytes of the file of a certificate that is not there, all zero (content document; C).
const MISSING_CERTIFICATE: usize = 2500;

/// Validity of a card.
const VALID_YEARS: i32 = 10;

/// Label of the token and of the application (content document; C).
const LABEL: &str = "BELPIC";

/// Numbers of a card.
#[derive(Clone)]
pub(crate) struct BelgianNumbers {
    /// Card number as printed: ten digits and the same modulo 97.
    pub(crate) card: String,
    /// Serial number of the chip.
    pub(crate) chip: [u8; 16],
}

impl BelgianNumbers {
    pub(crate) fn new(seed: u32) -> Self {
        let card = 5_990_000_000 + u64::from(seed % 1_000_000);
        // The content document's example number belongs to the first holder.
        let mut chip = [0; 16];
        (0_u8..).zip(&mut chip).for_each(|(place, byte)| *byte = place * 0x11);
        for (byte, changed) in chip[8..12].iter_mut().zip(seed.wrapping_sub(1).to_be_bytes()) {
            *byte ^= changed;
        }
        let check = if card % 97 == 0 { 97 } else { card % 97 };
        Self { card: format!("{card:010}{check:02}"), chip }
    }
}

/// C, CN, SN, GN, serialNumber (EMW samples; M).
fn subject(holder: &Holder, use_of_key: &str, switches: &Switches) -> Vec<u8> {
    let form = TextForm::Utf8.of_names(switches);
    certificate::name(&[
        (COUNTRY, TextForm::Printable, "BE"),
        (COMMON_NAME, form, &format!("{} ({use_of_key})", holder.common_name())),
        (SURNAME, form, &holder.surname),
        (GIVEN_NAME, form, &holder.given_name),
        (SERIAL_NUMBER, TextForm::Printable, &holder.personal_code),
    ])
}

/// The certificates of a card; a missing one is not in the list.
pub(crate) fn certificates(
    card: &BelgianCard,
    holder: &Holder,
    keys: &[CardKey],
    issued: Date,
    switches: &Switches,
) -> Certificates {
    let issue = |key: &CardKey, use_of_key: &str, purpose| {
        let subject = &subject(holder, use_of_key, switches);
        let odd = key.odd(switches);
        let request = Request { subject, key: &key.private, purpose, odd, issued, years: VALID_YEARS };
        key.certificate(request.issue(card.issuer, switches), switches)
    };
    let mut list = Vec::new();
    if switches.bel_certificates != BelgianCertificates::None {
        list.push(issue(&keys[0], "Authentication", Purpose::Authentication));
    }
    if switches.bel_certificates == BelgianCertificates::All {
        list.push(issue(&keys[1], "Signature", Purpose::Signature));
    }
    card.issuer.certificates(list)
}

const PATH_DF00: &[u8] = &[0x3F, 0x00, 0xDF, 0x00];
const AUTH_ID: u8 = 0x01;

fn in_df00(id: u16) -> Vec<u8> {
    [PATH_DF00, &id.to_be_bytes()].concat()
}

/// EF(DIR), with the object identifier 2.16.56.2 (content document; C).
fn directory() -> Vec<u8> {
    df::application(PKCS15, LABEL, PATH_DF00, &[0x06, 0x03, 0x60, 0x38, 0x02])
}

fn object_directory() -> Vec<u8> {
    [(df::PRIVATE_KEYS, 0x5035), (df::CERTIFICATES, 0x5037), (df::AUTHENTICATION, 0x5034)]
        .map(|(kind, id)| df::directory(kind, &in_df00(id)))
        .concat()
}

/// EF(TokenInfo). Its last element, with the versions of the personalisation, is none of the standard.
fn token_info(card: &BelgianCard, numbers: &BelgianNumbers) -> Vec<u8> {
    der::sequence(&[
        &der::integer(0),
        &der::octets(&numbers.chip),
        &der::implicit(0, LABEL.as_bytes()),
        &der::bits(4, &[0x30]), // prnGeneration, eidCompliant
        &der::tlv(0x9E, &card.versions),
    ])
}

fn authentication_objects() -> Vec<u8> {
    PinObject {
        label: "Basic PIN",
        auth_id: AUTH_ID,
        unblocked_by: None,
        flags: (2, &[0x0C]), // initialized, needs-padding
        kind: PinType::Bcd,
        shortest: 4,
        stored: 8,
        longest: None,
        reference: 0x01,
        fill: Some(0xFF),
        path: &[0x3F, 0x00],
    }
    .encode()
}

fn private_keys(card: &BelgianCard) -> Vec<u8> {
    let key = |label, id, consent, usage, reference| {
        KeyObject {
            label,
            auth_id: AUTH_ID,
            consent,
            id,
            usage,
            reference,
            algorithms: &[],
            path: PATH_DF00,
            size: Some(if card.ec { 384 } else { 2048 }),
            is_ec: card.ec,
        }
        .encode()
    };
    [key("Authentication", 2, None, df::SIGN, 0x82), key("Signature", 3, Some(1), df::NON_REPUDIATION, 0x83)]
        .concat()
}

/// The certificates in the order of EF(CDF): label, identifier, file, whether an authority's.
const CERTIFICATE_FILES: [(&str, u8, u16, bool); 4] = [
    ("Authentication", 2, 0x5038, false),
    ("Signature", 3, 0x5039, false),
    ("CA", 4, 0x503A, true),
    ("Root", 6, 0x503B, true),
];

fn certificate_directory(card: &BelgianCard, is_there: impl Fn(u16) -> bool) -> Vec<u8> {
    CERTIFICATE_FILES
        .iter()
        .filter(|(_, _, file, _)| is_there(*file))
        .map(|(label, id, file, authority)| {
            CertificateObject {
                label,
                auth_id: Some(AUTH_ID),
                id: *id,
                authority: *authority,
                // Older cards lack ImplicitTrust (content document; C).
                trust: card.ec.then_some(false),
                path: &in_df00(*file),
            }
            .encode()
        })
        .collect::<Vec<_>>()
        .concat()
}

/// A data object of the identity files: a length of FF is followed by more (content document; C).
fn simple_tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut object = vec![tag];
    let mut rest = value.len();
    while rest >= 0xFF {
        object.push(0xFF);
        rest -= 0xFF;
    }
    object.push(rest as u8);
    object.extend_from_slice(value);
    object
}

/// A day as the identity file writes it.
fn day(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day, date.month, date.year)
}

fn data_objects(values: &[(u8, &[u8])]) -> Vec<u8> {
    values.iter().flat_map(|(tag, value)| simple_tlv(*tag, value)).collect()
}

/// The identity file. Tags as several readers of these cards have them (B); texts made up; the form of the birth
/// date and the document type '01' C; the hash of the photo, SHA-384 on 1.8 and SHA-1 before, G.
fn identity(
    card: &BelgianCard,
    holder: &Holder,
    numbers: &BelgianNumbers,
    photo: &[u8],
    issued: Date,
) -> Vec<u8> {
    let photo_hash = if card.ec { Sha384::digest(photo).to_vec() } else { Sha1::digest(photo).to_vec() };
    data_objects(&[
        (0x00, b"04"),
        (0x01, numbers.card.as_bytes()),
        (0x02, &numbers.chip),
        (0x03, day(issued).as_bytes()),
        (0x04, day(issued.last_day_after_years(VALID_YEARS)).as_bytes()),
        (0x05, b"Nergenshuizen"), // issuing municipality
        (0x06, holder.personal_code.as_bytes()),
        (0x07, holder.surname.as_bytes()),
        (0x08, holder.given_name.as_bytes()), // the first two given names
        (0x09, b"X"),                         // first letter of the third
        (0x0A, b"Belg"),
        (0x0B, b"Nergenshuizen"), // place of birth
        (0x0C, b"15 JUL  1971"),
        (0x0D, b"V"), // sex
        (0x0E, b""),  // nobility
        (0x0F, b"01"),
        (0x10, b"0"), // special status
        (0x11, &photo_hash),
    ])
}

/// The address file: street and number, postal code, municipality (B).
fn address() -> Vec<u8> {
    data_objects(&[(0x01, "Verzonnenlaan 1 bus é".as_bytes()), (0x02, b"0999"), (0x03, b"Nergenshuizen")])
}

/// Stands for a photo: the marks of a JPEG file around bytes that are no picture.
fn photo(numbers: &BelgianNumbers) -> Vec<u8> {
    let noise = (0..100_u32).flat_map(|n| Sha256::digest([&numbers.chip[..], &n.to_be_bytes()].concat()));
    [0xFF, 0xD8, 0xFF, 0xE0].into_iter().chain(noise).chain([0xFF, 0xD9]).collect()
}

/// A signature of the national register under one of the files (form G).
fn register_signature(key: &PrivateKey, signed: &[u8]) -> Vec<u8> {
    match key {
        PrivateKey::Rsa(_) => key.sign_rsa(RsaScheme::Pkcs1, Hash::Sha256, &Sha256::digest(signed)),
        _ => key.sign_ecdsa(&Sha384::digest(signed)),
    }
    .unwrap_or_default()
}

/// The key of the national register, and its certificate.
fn register(card: &BelgianCard) -> (PrivateKey, Vec<u8>) {
    let key = if card.ec { PrivateKey::p384("belgium/register") } else { PrivateKey::rsa(2048, 3) };
    let subject = certificate::name(&[
        (COUNTRY, TextForm::Printable, "BE"),
        (COMMON_NAME, TextForm::Utf8, "RRN SIMULATED"),
    ]);
    let request = Request {
        subject: &subject,
        key: &key,
        purpose: Purpose::Documents,
        odd: OddCertificate::None,
        issued: card.issued,
        years: VALID_YEARS,
    };
    let der = request.issue(card.issuer, &Switches::default());
    (key, der)
}

/// Every file of the card.
pub(crate) fn files(
    card: &BelgianCard,
    holder: &Holder,
    numbers: &BelgianNumbers,
    certificates: &Certificates,
    issued: Date,
    switches: &Switches,
) -> FileTree {
    let named = |name| certificates.named(name).map(|certificate| certificate.file.clone());
    let own = [(0x5038, named("auth")), (0x5039, named("sign"))];
    let is_there = |file| own.iter().all(|(id, content)| *id != file || content.is_some());
    let (register_key, register_certificate) = register(card);
    let photo = photo(numbers);
    let identity = identity(card, holder, numbers, &photo, issued);
    let identity_signature = register_signature(&register_key, &identity);
    let address_signature =
        register_signature(&register_key, &[address(), identity_signature.clone()].concat());

    let mut tree = FileTree::new(&[APPLET]);
    let belpic = tree.add_directory(MASTER, BELPIC, &[PKCS15]);
    let id = tree.add_directory(MASTER, 0xDF01, &[]);
    let filled = |mut content: Vec<u8>, fill: usize| {
        content.resize(content.len() + fill.min(0x1000), 0);
        content
    };
    let small = |content| filled(content, switches.directory_padding);
    tree.add(MASTER, 0x2F00, directory());
    tree.add(belpic, 0x5031, small(object_directory()));
    tree.add(belpic, 0x5032, small(token_info(card, numbers)));
    tree.add(belpic, 0x5034, small(authentication_objects()));
    tree.add(belpic, 0x5035, small(private_keys(card)));
    tree.add(belpic, 0x5037, small(certificate_directory(card, is_there)));
    let large = |content| filled(content, switches.cert_padding);
    for (file, content) in own {
        tree.add(belpic, file, content.map_or_else(|| vec![0; MISSING_CERTIFICATE], large));
    }
    tree.add(belpic, 0x503A, large(certificates.issuing.clone()));
    tree.add(belpic, 0x503B, large(certificates.root.clone()));
    tree.add(belpic, 0x503C, large(register_certificate));
    tree.add(id, 0x4031, identity);
    tree.add(id, 0x4032, identity_signature);
    tree.add(id, 0x4033, address());
    tree.add(id, 0x4034, address_signature);
    tree.add(id, 0x4035, photo);
    tree
}
