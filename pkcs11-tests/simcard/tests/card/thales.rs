//! The Estonian Thales cards of 2025.

use crate::common::{SELECT, agreement, ask, bytes, change, hex, information, send, sign, unblock, verify};
use crate::happy_paths::check;
use simcard::{Card, CardModel, CardOptions, Codes, DeliveryState};

const ESTONIA: CardModel = CardModel::EstoniaThales;
const HASH: [u8; 48] = [0x5A; 48];

fn card_in(state: DeliveryState, switches: &[(&str, &str)]) -> Card {
    card_of(ESTONIA, state, switches)
}

fn card_of(model: CardModel, state: DeliveryState, switches: &[(&str, &str)]) -> Card {
    let mut options = CardOptions::new(model, state);
    for (name, value) in switches {
        options.switches.set(name, value).unwrap();
    }
    let mut card = Card::new(options);
    assert_eq!(send(&mut card, SELECT), "9000");
    card
}

fn card() -> Card {
    card_in(DeliveryState::Activated, &[])
}

#[test]
fn signatures_with_every_hash() {
    let mut card = card();
    let references = card.references();
    assert_eq!((references.pin1, references.pin2, references.puk), (0x81, Some(0x82), Some(0x83)));
    assert_eq!(verify(&mut card, 0x81, Codes::PIN1), "9000");
    for (algorithm, length) in [(0x34, 28), (0x44, 32), (0x54, 48), (0x64, 64)] {
        let hash = vec![7; length];
        let (signature, status) = sign(&mut card, algorithm, 0x01, &hash);
        assert_eq!(status, 0x9000);
        check(&card.certificates().named("auth").unwrap().der, algorithm, &hash, &signature);
    }
    assert_eq!(verify(&mut card, 0x82, Codes::PIN2), "9000");
    let (signature, status) = sign(&mut card, 0x54, 0x05, &HASH);
    assert_eq!(status, 0x9000);
    check(&card.certificates().named("sign").unwrap().der, 0x54, &HASH, &signature);
    card.switches_mut().pin2_one_shot = true;
    assert_eq!(sign(&mut card, 0x54, 0x05, &HASH).1, 0x9000, "PIN2 is still open");
    assert_eq!(sign(&mut card, 0x54, 0x05, &HASH).1, 0x6982, "PIN2 is for one signature");
    assert_eq!(sign(&mut card, 0x54, 0x01, &HASH[..32]).1, 0x6A80);
    assert_eq!(sign(&mut card, 0x54, 0x02, &HASH).1, 0x6A88);
    assert_eq!(sign(&mut card, 0x99, 0x01, &HASH).1, 0x6A80);
}

#[test]
fn a_signature_needs_a_hash() {
    for (value, status) in [("6985", "6985"), ("6a88", "6A88")] {
        let mut card = card_in(DeliveryState::Activated, &[("no_hash_status", value)]);
        verify(&mut card, 0x81, Codes::PIN1);
        assert_eq!(send(&mut card, "002241B606800154840101"), "9000");
        assert_eq!(send(&mut card, "002A9E9A00"), status);
    }
}

#[test]
fn key_agreement_gives_the_x_coordinate() {
    let mut card = card();
    let (command, wanted) = agreement(&card);
    assert_eq!(verify(&mut card, 0x81, Codes::PIN1), "9000");
    assert_eq!(send(&mut card, "002241B803840105"), "6A88");
    assert_eq!(send(&mut card, "002241B803840101"), "9000");
    assert_eq!(ask(&mut card, &command), (wanted, 0x9000));
}

#[test]
fn certificates_and_records() {
    for model in [ESTONIA, CardModel::EResidencyThales] {
        let mut card = card_of(model, DeliveryState::Activated, &[]);
        for (place, path, id) in [(0, "ADF13411", "3411"), (1, "ADF23421", "3421")] {
            let wanted = card.certificates().holder[place].der.clone();
            let size = wanted.len();
            let control = format!("62148102{size:04X}8201018302{id}8A01058C0443F1F1009000");
            assert_eq!(send(&mut card, &format!("00A4080404{path}00")), control);
            let mut read = Vec::new();
            while read.len() < size {
                let le = (size - read.len()).min(0xE5) as u8;
                read.extend(ask(&mut card, &[0, 0xB0, (read.len() >> 8) as u8, read.len() as u8, le]).0);
            }
            assert!(read == wanted);
            assert_eq!(send(&mut card, &format!("00B0{size:04X}00")), "6B00");
        }
        assert_eq!(send(&mut card, "00A4080C02DFDD"), "9000");
        assert_eq!(send(&mut card, "00A4020402500700"), "621381020009820101830250078A01058C0303FF009000");
        let number = card.printed_serial();
        assert_eq!(send(&mut card, "00B0000009"), format!("{}9000", hex(number.as_bytes())));
    }
}

#[test]
fn empty_records_of_an_e_resident() {
    for (value, answer) in [("00", "009000"), ("none", "6B00")] {
        let switches = [("empty_record", value)];
        let mut card = card_of(CardModel::EResidencyThales, DeliveryState::Activated, &switches);
        send(&mut card, "00A4080C02DFDD");
        assert_eq!(send(&mut card, "00A4020C025005"), "9000");
        assert_eq!(send(&mut card, "00B0000001"), answer);
    }
}

#[test]
fn longest_answer_of_read() {
    for (value, length) in [("256", 0xE5), ("223", 0xDF)] {
        let mut card = card_in(DeliveryState::Activated, &[("thales_read_limit", value)]);
        send(&mut card, "00A4080C04ADF13411");
        assert_eq!(ask(&mut card, &bytes("00B00000E5")).0.len(), length);
    }
}

#[test]
fn counters_and_unblocking_in_one_step() {
    let mut card = card();
    let rest = "8C04F0000000DF2104";
    let tail = "FFA503DF2702FFFFDF28010CDF2F0101DF3F14";
    let pin2 = format!("A034830182{rest}03{tail}03050C01AA01FFFF550055FFFFAAFF55AA000000");
    assert_eq!(information(&mut card, 0x82), (pin2, 0x9000));
    assert_eq!(verify(&mut card, 0x82, "999999"), "63C2");
    assert!(information(&mut card, 0x82).0.contains("DF210402FFA503"));
    assert_eq!(verify(&mut card, 0x82, "999999"), "63C1");
    assert_eq!(verify(&mut card, 0x82, "999999"), "6983");
    assert_eq!(unblock(&mut card, 0x82, "99999999", "54321"), "63C2");
    assert_eq!(unblock(&mut card, 0x82, "12345678", "5432"), "6A80");
    assert_eq!(unblock(&mut card, 0x82, "12345678", "54321"), "9000");
    assert_eq!(verify(&mut card, 0x82, "54321"), "9000");
    assert_eq!(unblock(&mut card, 0x83, "12345678", "87654321"), "6A88");
    assert_eq!(change(&mut card, 0x83, "12345678", "87654321"), "6985", "the PUK cannot be changed");
    assert_eq!(card.credential_count(0x83).tries_spent, 1);
}

#[test]
fn pin2_must_be_changed_before_its_first_use() {
    for (step, status) in [("use", 0x6985), ("use", 0x6982), ("verify", 0x6985)] {
        let status_text = format!("{status:04x}");
        let switches = [("unchanged_step", step), ("unchanged_status", status_text.as_str())];
        let mut card = card_in(DeliveryState::Fresh, &switches);
        assert!(information(&mut card, 0x82).0.contains("DF2F0100"));
        assert!(information(&mut card, 0x81).0.contains("DF2F0101"));
        let verified = verify(&mut card, 0x82, Codes::PIN2);
        assert_eq!(verified, if step == "verify" { "6985" } else { "9000" });
        let refused = if step == "verify" { 0x6982 } else { status };
        assert_eq!(sign(&mut card, 0x54, 0x05, &HASH).1, refused);
        assert_eq!(verify(&mut card, 0x81, Codes::PIN1), "9000");
        assert_eq!(sign(&mut card, 0x54, 0x01, &HASH).1, 0x9000);
        assert_eq!(change(&mut card, 0x82, Codes::PIN2, "654321"), "9000");
        assert!(information(&mut card, 0x82).0.contains("DF2F0101"));
        assert_eq!(verify(&mut card, 0x82, "654321"), "9000");
        assert_eq!(sign(&mut card, 0x54, 0x05, &HASH).1, 0x9000);
    }
}

#[test]
fn pin1_may_have_to_be_changed_too() {
    let mut card = card_in(DeliveryState::Fresh, &[("unchanged_pin1", "yes")]);
    assert!(information(&mut card, 0x81).0.contains("DF2F0100"));
    assert_eq!(verify(&mut card, 0x81, Codes::PIN1), "9000");
    assert_eq!(sign(&mut card, 0x54, 0x01, &HASH).1, 0x6985);
    // With the PUK it works as well.
    assert_eq!(unblock(&mut card, 0x81, "12345678", "4321"), "9000");
    assert_eq!(verify(&mut card, 0x81, "4321"), "9000");
    assert_eq!(sign(&mut card, 0x54, 0x01, &HASH).1, 0x9000);
}

#[test]
fn selecting_an_application_ends_everything() {
    let mut card = card();
    assert_eq!(verify(&mut card, 0x81, Codes::PIN1), "9000");
    assert_eq!(send(&mut card, "00A4040C10A0000000181002030000000000000001"), "9000");
    assert_eq!((card.application(), card.is_verified(0x81)), ("global", false));
    assert_eq!(verify(&mut card, 0x81, Codes::PIN1), "6D00");
    card.power_off();
    assert_eq!(send(&mut card, "00A4020C02011C"), "9000", "before any application");
    assert_eq!(send(&mut card, "00A4080C04ADF13411"), "6A82");
    assert_eq!(send(&mut card, "00B0000016").len(), 2 * 24);
}

/// GET DATA answers where VERIFY and MSE do not.
#[test]
fn questions_before_the_application_is_selected() {
    for (value, answers) in [("yes", true), ("no", false)] {
        let mut card = card_in(DeliveryState::Activated, &[("early_pin_data", value)]);
        card.power_off();
        assert_eq!(information(&mut card, 0x82).1 == 0x9000, answers, "{value}");
        assert_eq!(verify(&mut card, 0x82, "123456"), "6D00");
        assert_eq!(send(&mut card, "002241B606800154840101"), "6D00");
        assert_eq!(send(&mut card, "00A4040C10A0000000181002030000000000000001"), "9000");
        assert_eq!(information(&mut card, 0x82).1, 0x6D00, "of another application");
    }
}

#[test]
fn a_card_without_a_document_number() {
    let mut card = card_in(DeliveryState::Activated, &[("document_number", "no")]);
    send(&mut card, "00A4080C04DFDD5007");
    assert_eq!(send(&mut card, "00B0000001"), "009000");
    let mut card = card_in(DeliveryState::Activated, &[]);
    send(&mut card, "00A4080C04DFDD5007");
    assert_eq!(ask(&mut card, &bytes("00B0000009")).0, card.printed_serial().as_bytes());
}
