//! The Finnish organisation card: found through its directory, codes as typed, the digest sent inline.

use crate::common::*;
use crate::directory::*;
use crate::models::*;
use rsa::{Pkcs1v15Sign, Pss};
use sha2::{Sha256, Sha512};
use simcard::{Card, Codes};
use x509_parser::prelude::*;

const EC: &str = "fineid-org";
const RSA: &str = "fineid-org-rsa";
const AUTH_PIN: u8 = 0x03;
const SIGN_PIN: u8 = 0x04;
const PUK: u8 = 0x12;
const ESIGN: &str = "00A4040C06452E5349474E";

fn typed(card: &mut Card, reference: u8, digits: &str) -> String {
    send(card, &format!("002000{reference:02X}{:02X}{}", digits.len(), hex(digits.as_bytes())))
}

fn pso(card: &mut Card, digest: &[u8]) -> (Vec<u8>, u16) {
    ask(card, &[&[0, 0x2A, 0x9E, 0x9A, digest.len() as u8], digest, &[0]].concat())
}

#[test]
fn the_directory_leads_to_everything() {
    for (name, manufacturer) in [(EC, "DVV-FINEID (Idemia)"), (RSA, "VRK-FINEID (Idemia)")] {
        let mut card = make(name, &[]);
        let found = explore(&mut card, "");
        assert_eq!(found.path, bytes("3F00"));
        assert_eq!((found.manufacturer.as_str(), found.label.as_str()), (manufacturer, "ORGANISAATIOKORTTI"));
        assert!(found.serial.ends_with(card.printed_serial().as_bytes()) && found.serial.len() == 17);
        let pins: Vec<_> = found.pins.iter().map(|pin| (pin.reference, pin.kind, pin.fill)).collect();
        assert_eq!(pins, [(0x03, 1, None), (0x04, 1, None), (0x12, 1, None)]);
        assert_eq!(found.pins[2].label, "aktivointitunnusluku");
        assert!(found.pins.iter().all(|pin| !pin.needs_padding));
        let keys: Vec<_> = found.keys.iter().map(|key| (key.reference, key.pin, key.consent)).collect();
        assert_eq!(keys, [(0x05, 0x03, 0), (0x82, 0x04, 1)]);
        assert_eq!(found.keys[1].path, bytes("3F005016"));
        check_chain(&card);
        let known = card.certificates().clone();
        assert_eq!(found.certificates.len(), 4);
        assert_eq!(found.certificates[0].der, known.named("auth").unwrap().der);
        assert_eq!(found.certificates[1].der, known.named("sign").unwrap().der);
        assert_eq!(found.certificates[2].der, known.issuing);
        assert_eq!(found.certificates[3].der, known.root);
        assert_eq!(found.certificates[0].id, found.keys[0].id);
        assert_eq!(found.certificates[1].id, found.keys[1].id);
    }
}

#[test]
fn files_of_the_facts() {
    let mut card = make(EC, &[]);
    let known = card.certificates().clone();
    assert_eq!(send(&mut card, "00A4040C0CA000000063504B43532D3135"), "9000");
    assert_eq!(read_after(&mut card, "00A4080C024333"), known.issuing);
    assert_eq!(read_after(&mut card, "00A4080C024334"), known.root);
    assert_eq!(send(&mut card, "00A4080C024332"), "6A82");
    assert_eq!(send(&mut card, ESIGN), "9000");
    assert_eq!(read_after(&mut card, "00A4020C024332"), known.named("sign").unwrap().der);
    assert_eq!(send(&mut card, "00A4080C043F004333"), "6A82", "the MF is not written out");
    card.switches_mut().path_with_mf = true;
    assert_eq!(send(&mut card, "00A4080C043F004333"), "9000");
    assert!(send(&mut card, "00A408040243 34".replace(' ', "").as_str()).starts_with("62"));
}

#[test]
fn authentication_signature() {
    let mut card = make(EC, &[]);
    let auth = card.certificates().named("auth").unwrap().der.clone();
    assert_eq!(send(&mut card, "002241B606800154840105"), "9000");
    assert_eq!(pso(&mut card, &[1; 48]).1, 0x6982);
    assert_eq!(typed(&mut card, AUTH_PIN, Codes::PIN1), "9000");
    for digest in [[1; 48], [2; 48]] {
        let (signature, status) = pso(&mut card, &digest);
        assert_eq!(status, 0x9000);
        check_ecdsa(&auth, &digest, &signature);
    }
    assert_eq!(send(&mut card, &format!("002A90A0329030{}", "11".repeat(48))), "6A80", "no PSO: HASH");
    assert_eq!(pso(&mut card, &[1; 32]).1, 0x6A80);
    assert_eq!(send(&mut card, "002241B606800144840105"), "6A80", "another hash only by the switch");
    card.switches_mut().ec_any_hash = true;
    assert_eq!(send(&mut card, "002241B606800144840105"), "9000");
    let (signature, _) = pso(&mut card, &[3; 32]);
    check_ecdsa(&auth, &[3; 32], &signature);
}

#[test]
fn the_signature_key_is_local() {
    let mut card = make(EC, &[("pin2_one_shot", "yes")]);
    let sign = card.certificates().named("sign").unwrap().der.clone();
    assert_eq!(send(&mut card, "002241B606800154840182"), "6A88", "not from the MF");
    assert_eq!(send(&mut card, ESIGN), "9000");
    assert_eq!(send(&mut card, "002241B606800154840102"), "6A88", "the global form");
    assert_eq!(send(&mut card, "002241B606800154840182"), "9000");
    assert_eq!(typed(&mut card, AUTH_PIN, Codes::PIN1), "9000");
    assert_eq!(pso(&mut card, &[1; 48]).1, 0x6982, "another PIN");
    assert_eq!(typed(&mut card, SIGN_PIN, Codes::PIN2), "9000");
    let (signature, status) = pso(&mut card, &[1; 48]);
    assert_eq!(status, 0x9000);
    check_ecdsa(&sign, &[1; 48], &signature);
    assert_eq!(pso(&mut card, &[1; 48]).1, 0x6982, "one signature for one code");
    assert!(card.is_verified(AUTH_PIN));
    card.switches_mut().select_drops_pins = true;
    assert_eq!(send(&mut card, ESIGN), "9000");
    assert!(!card.is_verified(AUTH_PIN));
}

#[test]
fn rsa_signatures() {
    let mut card = make(RSA, &[]);
    let auth = card.certificates().named("auth").unwrap().der.clone();
    assert_eq!(typed(&mut card, AUTH_PIN, Codes::PIN1), "9000");
    let mut sign = |algorithm: &str, digest: &[u8]| {
        assert_eq!(send(&mut card, &format!("002241B6068001{algorithm}840105")), "9000");
        let (signature, status) = pso(&mut card, digest);
        assert_eq!((status, signature.len()), (0x9000, 256));
        signature
    };
    check_rsa(&auth, Pkcs1v15Sign::new::<Sha256>(), &[1; 32], &sign("42", &[1; 32]));
    check_rsa(&auth, Pkcs1v15Sign::new::<Sha512>(), &[2; 64], &sign("62", &[2; 64]));
    check_rsa(&auth, Pss::<Sha256>::new(), &[3; 32], &sign("45", &[3; 32]));
    assert_eq!(send(&mut card, "002241B606800154840105"), "6A80", "no ECDSA with an RSA key");
    let (_, leaf) = X509Certificate::from_der(&auth).unwrap();
    assert!(leaf.subject().to_string().contains("O=Tekaistu Oy"));
}

#[test]
fn typed_codes_and_counters() {
    let mut card = make(EC, &[]);
    assert_eq!(probe(&mut card, AUTH_PIN), "63C5");
    assert_eq!(probe(&mut card, 0x11), "6A88", "no PIN of the citizen cards");
    assert_eq!(typed(&mut card, AUTH_PIN, "9999"), "63C4");
    assert_eq!(verify(&mut card, AUTH_PIN, Codes::PIN1), "63C3", "a padded code is a wrong one");
    assert_eq!(typed(&mut card, AUTH_PIN, Codes::PIN1), "9000");
    assert_eq!((probe(&mut card, AUTH_PIN), card.tries_left(AUTH_PIN)), ("9000".into(), Some(5)));
    card.switches_mut().org_padded_pin_costs = false;
    assert_eq!(verify(&mut card, AUTH_PIN, Codes::PIN1), "6A80");
    assert_eq!(card.tries_left(AUTH_PIN), Some(5));
    let mut card = make(EC, &[("org_tries", "3")]);
    for status in ["63C2", "63C1", "63C0", "6983"] {
        assert_eq!(typed(&mut card, SIGN_PIN, "999999"), status);
    }
    assert_eq!((probe(&mut card, SIGN_PIN), probe(&mut card, AUTH_PIN)), ("6983".into(), "63C3".into()));
}

#[test]
fn change_without_padding() {
    let mut card = make(EC, &[]);
    let change = |card: &mut Card, text: &str| {
        send(card, &format!("002400{AUTH_PIN:02X}{:02X}{}", text.len(), hex(text.as_bytes())))
    };
    assert_eq!(change(&mut card, "123"), "6700");
    assert_eq!(change(&mut card, Codes::PIN1), "6700", "no new code");
    assert_eq!(change(&mut card, &format!("{}987", Codes::PIN1)), "6A80", "too short");
    assert_eq!(change(&mut card, "99999998765"), "63C4");
    assert_eq!(change(&mut card, &format!("{}98765", Codes::PIN1)), "9000");
    assert!(card.code_is(AUTH_PIN, "98765"));
    assert_eq!(typed(&mut card, AUTH_PIN, "98765"), "9000");
}

#[test]
fn unblocking_in_three_steps() {
    let mut card = make(EC, &[("state", "blocked-pin1")]);
    let new = "002C020305 3938373635".replace(' ', "");
    assert_eq!(typed(&mut card, AUTH_PIN, Codes::PIN1), "6983");
    assert_eq!(send(&mut card, &new), "6982", "the PUK is not verified");
    assert_eq!(send(&mut card, "002C00030D31323334353637383938373635"), "6A86", "not in one step");
    assert_eq!(typed(&mut card, PUK, "99999999"), "63C4");
    assert_eq!(typed(&mut card, PUK, "12345678"), "9000");
    assert_eq!(send(&mut card, "002C020303393837"), "6A80", "too short");
    assert_eq!(send(&mut card, &new), "9000");
    assert!(!card.is_verified(AUTH_PIN));
    assert_eq!(typed(&mut card, AUTH_PIN, "98765"), "9000");
    assert_eq!(send(&mut card, "002C021208 3132333435363738".replace(' ', "").as_str()), "6A88");
}

#[test]
fn padding_behind_the_files_does_not_disturb() {
    let mut card = make(EC, &[("directory_padding", "64"), ("cert_padding", "100")]);
    assert_eq!(explore(&mut card, "").keys.len(), 2);
}
