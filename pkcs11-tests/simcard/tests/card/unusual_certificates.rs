//! Certificates that are unusual in their serial number, their names, their length or their key.

use crate::certificates::openssl_verifies;
use crate::common::*;
use crate::models::{make, read_after};
use std::path::Path;
use x509_parser::oid_registry::asn1_rs::oid;
use x509_parser::prelude::*;

/// A card of each country, with the surname of its holder.
const CARDS: [(&str, &str); 5] = [
    ("fineid-v4.1,holder=3", "ESIMERKKI-ÄIJÄLÄ"),
    ("estonia-thales,holder=3", "PROOVIKÄÄR"),
    ("latvia-ec,holder=2", "IZDOMĀTS"),
    ("belgium-1.8,holder=3", "Van Nergens-Huizen"),
    ("pkcs15-card,holder=3", "ESIMERKKI-ÄIJÄLÄ"),
];

fn card(text: &str, switch: &str, value: &str) -> simcard::Card {
    let mut options = simcard::CardOptions::default();
    options.apply(&format!("{text},{switch}={value}")).unwrap();
    simcard::Card::new(options)
}

fn accepted(card: &simcard::Card, folder: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    card.certificates().write_pem(&folder).unwrap();
    for certificate in &card.certificates().holder {
        openssl_verifies(&folder, &format!("{}.pem", certificate.name));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn serial_numbers_of_every_form() {
    for (text, _) in CARDS {
        for (value, starts, length) in [
            ("high-bit", &[0, 0x80][..], 0),
            ("negative", &[0x80], 0),
            ("twenty", &[0, 0x80], 21),
            ("padded", &[0, 0], 0),
        ] {
            let card = card(text, "certificate_number", value);
            let numbers: Vec<Vec<u8>> = card
                .certificates()
                .holder
                .iter()
                .map(|certificate| {
                    X509Certificate::from_der(&certificate.der).unwrap().1.raw_serial().to_vec()
                })
                .collect();
            for number in &numbers {
                let high: Vec<u8> = number.iter().zip(starts).map(|(byte, _)| byte & 0x80).collect();
                assert_eq!(high, starts, "{text} {value}: {number:02X?}");
                assert!(length == 0 || number.len() == length, "{text} {value}: {number:02X?}");
            }
            assert_ne!(numbers[0], numbers[1]);
            if value != "padded" {
                accepted(&card, &format!("number-{}-{value}", card.description().name));
            }
        }
    }
}

/// The text of an attribute, as its string type has it.
fn text(attribute: &AttributeTypeAndValue<'_>) -> (u32, String) {
    let value = attribute.attr_value();
    let text = match value.tag().0 {
        0x14 => value.data.iter().map(|byte| char::from(*byte)).collect(),
        0x1E => {
            let units: Vec<u16> =
                value.data.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        _ => String::from_utf8(value.data.to_vec()).unwrap(),
    };
    (value.tag().0, text)
}

#[test]
fn names_of_every_string_type() {
    for (description, surname) in CARDS {
        for (value, tag) in [("t61", 0x14), ("bmp", 0x1E)] {
            let card = card(description, "name_text", value);
            for certificate in &card.certificates().holder {
                let (_, certificate) = X509Certificate::from_der(&certificate.der).unwrap();
                let found = certificate.subject().iter_by_oid(&oid!(2.5.4.4)).next().map(text).unwrap();
                // Latvian letters are not in Latin-1.
                let tag = if value == "t61" && surname.contains('Ā') { 0x0C } else { tag };
                assert_eq!(found, (tag, surname.to_owned()), "{description}");
            }
            accepted(&card, &format!("names-{}-{value}", card.description().name));
        }
    }
}

#[test]
fn long_certificates_are_longer_than_2_kib() {
    for (description, _) in CARDS {
        let card = card(description, "long_certificates", "yes");
        assert!(card.certificates().holder.iter().all(|certificate| certificate.der.len() > 2048));
        accepted(&card, &format!("long-{}", card.description().name));
    }
}

/// The first byte and the length of the point, and whether the curve is one that cards have.
#[test]
fn odd_keys_are_those_of_the_authentication_alone() {
    for (description, _) in CARDS {
        let usual = card(description, "odd_certificate", "none");
        for (value, known) in [("unknown-curve", false), ("hybrid-point", true), ("compressed-point", true)] {
            let odd = card(description, "odd_certificate", value);
            let mut points = Vec::new();
            for (certificate, usual) in odd.certificates().holder.iter().zip(&usual.certificates().holder) {
                let [odd, usual] = [certificate, usual].map(|certificate| {
                    let (_, certificate) = X509Certificate::from_der(&certificate.der).unwrap();
                    let key = certificate.public_key();
                    let curve = key.algorithm.parameters.as_ref().unwrap().as_oid().unwrap().to_id_string();
                    (key.subject_public_key.data.to_vec(), curve)
                });
                assert_eq!(odd == usual, certificate.name != "auth", "{description} {value}");
                if odd != usual {
                    assert_eq!(odd.1 == usual.1, known, "{description} {value}");
                    points.push((odd.0[0] & 0xFE, odd.0.len(), usual.0.len()));
                }
            }
            let [(form, length, usual)] = points[..] else { panic!("{description} {value}") };
            let expected = match value {
                "hybrid-point" => (6, usual),
                "compressed-point" => (2, usual / 2 + 1),
                _ => (4, 65),
            };
            assert_eq!((form, length), expected, "{description} {value}");
        }
    }
}

#[test]
fn a_file_without_a_certificate() {
    let mut card = make("fineid-v4.0", &[("odd_certificate", "erased")]);
    send(&mut card, SELECT);
    let content = read_after(&mut card, "00A4080C024331");
    assert!(content.len() > 1024 && content.iter().all(|byte| *byte == 0xFF));
    let other = read_after(&mut card, "00A4080C0450164332");
    assert_eq!(other, card.certificates().named("sign").unwrap().der);
    let mut card = make("fineid-v4.0", &[("odd_certificate", "empty")]);
    send(&mut card, SELECT);
    assert!(read_after(&mut card, "00A4080C024331").is_empty());
}
