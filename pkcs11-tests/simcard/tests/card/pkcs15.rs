//! Cards that only their directory explains.

use crate::common::*;
use crate::directory::*;
use crate::models::*;
use simcard::{Card, CardModel, CardOptions, Codes};

const CARD: &str = "pkcs15-card";
const PARTIAL: &str = "pkcs15-card-partial";

fn filled(digits: &str) -> String {
    let mut code = digits.as_bytes().to_vec();
    code.resize(12, 0xFF);
    hex(&code)
}

fn verify(card: &mut Card, reference: u8, digits: &str) -> String {
    send(card, &format!("002000{reference:02X}0C{}", filled(digits)))
}

fn pso(card: &mut Card, digest: &[u8]) -> (Vec<u8>, u16) {
    ask(card, &[&[0, 0x2A, 0x9E, 0x9A, digest.len() as u8], digest, &[0]].concat())
}

#[test]
fn the_atr_is_of_no_other_card() {
    let mut known = std::collections::HashSet::new();
    for model in CardModel::EVERY {
        let card = model.description();
        // The half-personalised card is an Estonian one on purpose; e-residents have the chips of residents.
        let shares = card.name.contains("personalised") || card.name.starts_with("e-residency");
        assert!(known.insert(card.atr) || shares, "{}", card.name);
    }
}

#[test]
fn sign_by_what_the_directory_says_alone() {
    let mut card = make(CARD, &[]);
    let found = explore(&mut card, "5015");
    assert_eq!(found.path, bytes("3F005015"));
    assert_eq!(found.serial, card.printed_serial().as_bytes());
    check_chain(&card);
    for (key, code) in found.keys.iter().zip([Codes::PIN1, Codes::PIN2]) {
        let pin = found.pins.iter().find(|pin| pin.reference == key.pin).unwrap();
        assert_eq!((pin.kind, pin.fill, pin.needs_padding), (1, Some(0xFF), true));
        let algorithm =
            found.algorithms.iter().find(|(reference, _)| *reference == key.algorithms[0]).unwrap();
        let certificate = found.certificates.iter().find(|certificate| certificate.id == key.id).unwrap();
        let length = if public_key(&certificate.der).len() == 65 { 32 } else { 48 };
        let mse = format!("002241B6068001{:02X}8401{:02X}", algorithm.1, key.reference);
        card.switches_mut().pin2_one_shot = false;
        for _ in 0..2 {
            assert_eq!(send(&mut card, &mse), "9000");
            assert_eq!(verify(&mut card, pin.reference, code), "9000");
            let (signature, status) = pso(&mut card, &vec![7; length]);
            assert_eq!(status, 0x9000);
            check_ecdsa(&certificate.der, &vec![7; length], &signature);
        }
        // Where the consent of the signature key is for one signature.
        card.switches_mut().pin2_one_shot = true;
        assert_eq!(pso(&mut card, &vec![7; length]).1, 0x9000);
        let again = pso(&mut card, &vec![7; length]).1;
        assert_eq!(again, if key.consent == 1 { 0x6982 } else { 0x9000 });
        assert_eq!(pso(&mut card, &[7; 20]).1, if key.consent == 1 { 0x6982 } else { 0x6A80 });
    }
    assert_eq!(found.keys.iter().map(|key| key.consent).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn wrong_forms() {
    let mut card = make(CARD, &[]);
    for (command, status) in [
        ("00A4080C025031", "6A82"),
        ("00A4080C0450155031", "9000"),
        ("00A4080C063F0050155031", "6A82"),
        ("00A4080C035015", "6700"),
        ("00A4070C025015", "6A86"),
        ("00A4020C025015", "6A82"),
        ("00A4010C025015", "6A82"),
        ("00A4000C023F00", "9000"),
        ("00A4010C025015", "9000"),
        ("00A4090C025031", "9000"),
        ("00A4020D025031", "6A86"),
        ("00A4040C0CA000000063504B43532D3135", "9000"),
        ("00A4040C06F053494D0001", "6A82"),
        ("002241B606800131840121", "9000"),
        ("002241B606800132840121", "6A80"),
        ("002241B606800154840121", "6A80"),
        ("002241B606800131840122", "6A88"),
        ("002241B603840121", "6A80"),
        ("002241A406800131840121", "6A86"),
        ("002A90A0 0111".replace(' ', "").as_str(), "6A80"),
        ("002A8086 0111".replace(' ', "").as_str(), "6A86"),
        ("00200001 06 323436383133".replace(' ', "").as_str(), "6700"),
        ("002000010C323436383133000000000000", "6A80"),
        ("002000040C323436383133FFFFFFFFFFFF", "6A88"),
        ("80E400001C", "6E00"),
        ("00E4000000", "6D00"),
    ] {
        assert_eq!(send(&mut card, command), status, "{command}");
    }
    assert_eq!(card.tries_left(0x01), Some(5));
    card.switches_mut().implicit_algorithm = true;
    assert_eq!(send(&mut card, "002241B603840121"), "9000");
    assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "9000");
    assert_eq!(pso(&mut card, &[1; 32]).1, 0x9000);
}

#[test]
fn select_tells_the_size_of_files() {
    let mut card = make(CARD, &[]);
    assert_eq!(send(&mut card, "00A4040C0CA000000063504B43532D3135"), "9000");
    let answer = send(&mut card, "00A4020402503100");
    let content = read_after(&mut card, "00A4020C025031");
    assert_eq!(answer, format!("620B8002{:04X}820101830250319000", content.len()));
    assert!(
        send(&mut card, "00A4040 00CA000000063504B43532D313500".replace(' ', "").as_str()).starts_with("6F")
    );
}

#[test]
fn codes() {
    let mut card = make(CARD, &[]);
    assert_eq!(verify(&mut card, 0x01, "9999"), "63C4");
    assert_eq!(probe(&mut card, 0x01), "63C4");
    let change = |old: &str, new: &str| format!("0024000118{}{}", filled(old), filled(new));
    assert_eq!(send(&mut card, &change(Codes::PIN1, "98765")), "9000");
    assert_eq!(verify(&mut card, 0x01, "98765"), "9000");
    card.set_tries_left(0x01, 0);
    assert_eq!(verify(&mut card, 0x01, "98765"), "6983");
    let unblock = |puk: &str, new: &str| format!("002C000118{}{}", filled(puk), filled(new));
    assert_eq!(send(&mut card, &unblock("99999999", "4321")), "63C4");
    assert_eq!(send(&mut card, &unblock("12345678", "4321")), "9000");
    assert_eq!(card.tries_left(0x03), Some(5));
    assert_eq!(verify(&mut card, 0x01, "4321"), "9000");
    assert!(!card.is_verified(0x03));
}

#[test]
fn what_the_partial_card_lacks() {
    let explored = |missing: &str| {
        let mut card = make(PARTIAL, &[("p15_missing", missing)]);
        let found = explore(&mut card, "5015");
        let known = card.certificates().clone();
        assert_eq!(found.certificates[0].der, known.named("auth").unwrap().der);
        (found.keys.len(), found.pins.iter().map(|pin| pin.kind).collect::<Vec<_>>())
    };
    assert_eq!(explored("private-keys"), (0, vec![1, 1, 1]));
    assert_eq!(explored("pins"), (2, vec![]));
    assert_eq!(explored("ascii-pin"), (2, vec![0, 0, 0]));
    // The BCD PIN works for those who send it.
    let mut card = make(PARTIAL, &[("p15_missing", "ascii-pin")]);
    assert_eq!(send(&mut card, "0020000108246813FFFFFFFFFF"), "9000");
    assert_eq!(send(&mut card, "0020000108246819FFFFFFFFFF"), "63C4");
    assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "6700");
    // The complete card has no such switch.
    assert!(CardOptions::default().apply(&format!("{CARD},p15_missing=private-keys")).is_err());
}

#[test]
fn identifiers_of_certificates_may_be_given_twice() {
    for (setting, ids) in [
        ("own", [0xA1, 0xA2, 0xA3, 0xA4]),
        ("shared", [0xA1, 0xA2, 0xA3, 0xA3]),
        ("holder", [0xA1, 0xA2, 0xA1, 0xA4]),
    ] {
        let mut card = make(CARD, &[("p15_authority_ids", setting)]);
        let found = explore(&mut card, "5015").certificates;
        assert_eq!(found.iter().map(|certificate| certificate.id).collect::<Vec<_>>(), ids);
        let different: std::collections::HashSet<_> =
            found.iter().map(|certificate| &certificate.der).collect();
        assert_eq!(different.len(), 4);
    }
}

#[test]
fn a_directory_file_of_records() {
    let mut card = make(CARD, &[("directory_file", "records")]);
    assert_eq!(send(&mut card, "00B2010400"), "6986");
    assert_eq!(send(&mut card, "00A4020C022F00"), "9000");
    assert_eq!(send(&mut card, "00B0000000"), "6981");
    assert!(hex(&ask(&mut card, &bytes("00B2010400")).0).starts_with("61"));
    let (second, status) = ask(&mut card, &bytes("00B2020400"));
    assert_eq!(status, 0x9000);
    assert!(second.windows(7).any(|part| part == b"PKCS-15"), "{}", hex(&second));
    assert_eq!(send(&mut card, "00B2030400"), "6A83");
    assert_eq!(send(&mut card, "00A4080C0450155031"), "9000");
    assert_eq!(send(&mut card, "00B2010400"), "6981", "of a transparent file");
}

#[test]
fn an_application_that_is_not_easily_found() {
    let mut card = make(CARD, &[("directory_file", "none"), ("application_by_name", "no")]);
    assert_eq!(send(&mut card, "00A4020C022F00"), "6A82");
    assert_eq!(send(&mut card, "00A4040C0CA000000063504B43532D3135"), "6A82");
    assert_eq!(send(&mut card, "00A4080C0450155031"), "9000");
    let mut card = make(CARD, &[("path_select", "no")]);
    assert_eq!(send(&mut card, "00A4080C0450155031"), "6A86");
    for step in ["3F00", "5015", "5031"] {
        assert_eq!(send(&mut card, &format!("00A4000C02{step}")), "9000");
    }
    assert!(hex(&read(&mut card)).starts_with("A0"));
}
