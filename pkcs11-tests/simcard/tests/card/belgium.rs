//! The Belgian cards: files against the printed ones, PIN rules of both applets, every algorithm.

use crate::common::*;
use crate::models::*;
use rsa::{Pkcs1v15Sign, Pss};
use sha1::Sha1;
use sha2::Sha256;
use simcard::Card;
use x509_parser::prelude::*;

const NEW: &str = "belgium-1.8";
const OLD: &str = "belgium-1.7";
const GOOD: &str = "002000010826246813FFFFFFFF";
const BAD: &str = "0020000108249999FFFFFFFFFF";
const PIN: u8 = 0x01;

fn file(card: &mut Card, path: &str) -> Vec<u8> {
    read_after(card, &format!("00A4080C{:02X}3F00{path}", path.len() / 2 + 2))
}

fn set_key(card: &mut Card, algorithm: u8, key: u8) {
    assert_eq!(send(card, &format!("002241B6050480{algorithm:02X}84{key:02X}")), "9000");
}

fn pso(card: &mut Card, data: &[u8]) -> (Vec<u8>, u16) {
    ask(card, &[&[0, 0x2A, 0x9E, 0x9A, data.len() as u8], data].concat())
}

simcard::recorded_tests!(directory_files_are_the_printed_ones, flows_of_the_manual);

fn directory_files_are_the_printed_ones() {
    let text = simcard::recordings::text("bel-pkcs15-files.txt");
    let mut card = make(NEW, &[]);
    let mut compared = 0;
    let lines: Vec<_> = text.lines().collect();
    for pair in lines.windows(2) {
        let Some(path) = pair[0].strip_prefix("# file ") else { continue };
        let path: String = path.split(' ').next().unwrap().replace('/', "");
        assert_eq!(hex(&file(&mut card, &path)), pair[1], "{path}");
        compared += 1;
    }
    assert_eq!(compared, 6);
}

#[test]
fn directory_files_of_the_older_card() {
    let mut card = make(OLD, &[]);
    assert_eq!(
        hex(&file(&mut card, "DF005035")),
        "303A30170C0E41757468656E7469636174696F6E030206C0040101300F04010203020520030203B802020082A10E300C3006\
         04043F00DF000202080030\
         3930150C095369676E6174757265030206C004010102010130100401030303060040030203B802020083A10E300C3006\
         04043F00DF0002020800"
            .replace(' ', "")
    );
    let certificates = hex(&file(&mut card, "DF005037"));
    assert!(!certificates.contains("830100"), "no ImplicitTrust");
    assert!(certificates.starts_with("302C30170C0E41757468656E746963"));
}

#[test]
fn padding_behind_the_directory_files() {
    let mut card = make(NEW, &[("directory_padding", "40"), ("cert_padding", "300")]);
    let plain = file(&mut make(NEW, &[]), "DF005034");
    let padded = file(&mut card, "DF005034");
    assert_eq!(padded, [plain, vec![0; 40]].concat());
    assert!(file(&mut card, "DF005038").ends_with(&[0; 300]));
}

#[test]
fn certificates_lie_in_their_files() {
    for (name, subject_end) in [(NEW, " (Authentication)"), (OLD, " (Authentication)")] {
        let mut card = make(name, &[]);
        check_chain(&card);
        let known = card.certificates().clone();
        assert_eq!(file(&mut card, "DF005038"), known.named("auth").unwrap().der);
        assert_eq!(file(&mut card, "DF005039"), known.named("sign").unwrap().der);
        assert_eq!(file(&mut card, "DF00503A"), known.issuing);
        assert_eq!(file(&mut card, "DF00503B"), known.root);
        let register = file(&mut card, "DF00503C");
        let (_, register) = X509Certificate::from_der(&register).unwrap();
        assert!(register.subject().to_string().contains("RRN"));
        let (_, leaf) = X509Certificate::from_der(&known.named("auth").unwrap().der).unwrap();
        let common_name = leaf.subject().iter_common_name().next().unwrap().as_str().unwrap();
        assert!(common_name.ends_with(subject_end), "{common_name}");
        assert!(leaf.key_usage().unwrap().unwrap().value.digital_signature());
        let (_, leaf) = X509Certificate::from_der(&known.named("sign").unwrap().der).unwrap();
        assert!(leaf.key_usage().unwrap().unwrap().value.non_repudiation());
    }
}

#[test]
fn cards_without_certificates() {
    for (value, missing, entries) in
        [("no-signature", &["DF005039"][..], 3), ("none", &["DF005038", "DF005039"], 2)]
    {
        let mut card = make(NEW, &[("bel_certificates", value)]);
        for path in missing {
            assert_eq!(file(&mut card, path), vec![0; 2500]);
        }
        let directory = file(&mut card, "DF005037");
        let count = directory.windows(3).filter(|part| *part == [0x83, 0x01, 0x00]).count();
        assert_eq!(count, entries);
        assert_eq!(card.certificates().holder.len(), 2 - missing.len());
    }
}

/// Data objects of an identity file.
fn data_objects(mut rest: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut objects = Vec::new();
    while let [tag, after @ ..] = rest {
        let (mut length, mut at) = (0, 0);
        while after[at] == 0xFF {
            length += 0xFF;
            at += 1;
        }
        length += usize::from(after[at]);
        objects.push((*tag, after[at + 1..at + 1 + length].to_vec()));
        rest = &after[at + 1 + length..];
    }
    objects
}

#[test]
fn identity_and_address() {
    for name in [NEW, OLD] {
        let mut card = make(name, &[]);
        let identity = data_objects(&file(&mut card, "DF014031"));
        let text = |tag: u8| {
            let value = &identity.iter().find(|(found, _)| *found == tag).unwrap().1;
            String::from_utf8_lossy(value).into_owned()
        };
        let number: u64 = text(6).parse().unwrap();
        assert_eq!(number % 100, 97 - number / 100 % 97);
        let card_number: u64 = text(1).parse().unwrap();
        assert_eq!(card_number % 100, card_number / 100 % 97);
        assert_eq!((text(7), text(8)), ("Verzonnen".into(), "Odile".into()));
        assert_eq!(text(3).len(), 10);
        let auth = card.certificates().named("auth").unwrap().der.clone();
        let (_, leaf) = X509Certificate::from_der(&auth).unwrap();
        assert!(leaf.subject().to_string().contains(&text(6)), "the number is in the certificate too");
        let address = data_objects(&file(&mut card, "DF014033"));
        assert_eq!(address.iter().map(|(tag, _)| *tag).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(file(&mut card, "DF014035").starts_with(&[0xFF, 0xD8]));
        // The signature of the register is a real one.
        let (content, signature) = (file(&mut card, "DF014031"), file(&mut card, "DF014032"));
        let register = file(&mut card, "DF00503C");
        use sha2::Digest;
        match name {
            NEW => check_ecdsa(&register, &sha2::Sha384::digest(&content), &signature),
            _ => check_rsa(&register, Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&content), &signature),
        }
    }
}

#[test]
fn select_and_read_as_the_manual_says() {
    let mut card = make(NEW, &[]);
    for (command, status) in [
        ("00A40800063F00DF005038", "6A86"),
        ("00A40804063F00DF005038", "6A86"),
        ("00A4000C023F00", "6A86"),
        ("00A4090C04DF005038", "6A86"),
        ("00A4020C03DF0050", "6A87"),
        ("00A4080C053F00DF0050", "6A87"),
        ("00A4080C0EA0000000032900", "6700"),
        ("00A4080C043F00DF00", "9000"),
        ("00A4020C025038", "9000"),
        ("00A4020C025044", "6A82"),
        ("00A4080C04DF005038", "6A82"),
        ("00A4040C0FA00000003029057000AD13100101FF", "9000"),
        ("00A4040C0CA000000177504B43532D3135", "9000"),
        ("00A4020C025038", "9000"),
        ("00A4040C0CA000000063504B43532D3135", "6A82"),
        ("00B0000000", "length"),
        ("0CB0000000", "6E00"),
        ("00CA9F7F00", "6D00"),
        ("80CA9F7F00", "6D00"),
        ("002C00010826246813FFFFFFFF", "6D00"),
    ] {
        let answer = send(&mut card, command);
        match status {
            "length" => assert_eq!(answer.len(), 516),
            _ => assert_eq!(answer, status, "{command}"),
        }
    }
    let length = file(&mut card, "DF005038").len();
    let [high, low] = (length as u16 - 42).to_be_bytes();
    assert_eq!(send(&mut card, &format!("00B0{high:02X}{low:02X}F8")), "6C2A");
    assert_eq!(send(&mut card, &format!("00B0{high:02X}{low:02X}2A")).len(), 88);
    let [high, low] = (length as u16).to_be_bytes();
    assert_eq!(send(&mut card, &format!("00B0{high:02X}{low:02X}DB")), "6B00");
    file(&mut card, "2F00");
    assert_eq!(send(&mut card, "00B00025DB"), "6B00", "as in the recorded session");
}

#[test]
fn card_data() {
    let mut card = make(OLD, &[]);
    let data = send(&mut card, "80E400001C");
    // Behind the serial number as recorded.
    assert_eq!(data[32..], *"F3360125011700030021010F9000");
    assert_eq!(send(&mut card, "80E4000000"), "6C1C");
    assert_eq!(send(&mut card, "80E400011F"), "6A86", "1.7 does not tell the tries");
    let mut card = make(NEW, &[]);
    assert!(send(&mut card, "80E400011F").ends_with("180001000002 0F03FFFF9000".replace(' ', "").as_str()));
    assert_eq!(send(&mut card, BAD), "63C2");
    assert!(send(&mut card, "80E400011F").ends_with("02FFFF9000"));
    assert_eq!(send(&mut card, "80E400001C").len(), 60);
    // The serial number is that of EF(TokenInfo).
    let serial = send(&mut card, "80E400001C")[..32].to_owned();
    assert!(hex(&file(&mut card, "DF005032")).contains(&serial));
    let other = send(&mut make(NEW, &[("holder", "2")]), "80E400001C")[..32].to_owned();
    assert_ne!(serial, other);
}

#[test]
fn pin_counter() {
    for name in [NEW, OLD] {
        let mut card = make(name, &[]);
        assert_eq!(send(&mut card, "0020000100"), "63C3");
        assert_eq!(send(&mut card, BAD), "63C2");
        assert_eq!(send(&mut card, "0020000100"), "63C2");
        assert_eq!(send(&mut card, GOOD), "9000");
        assert_eq!(card.tries_left(PIN), Some(3));
        for status in ["63C2", "63C1", "63C0"] {
            assert_eq!(send(&mut card, BAD), status);
        }
        assert_eq!(send(&mut card, GOOD), "6983");
        assert_eq!(send(&mut card, "0020000100"), "6983");
        let count = card.credential_count(PIN);
        assert_eq!((count.commands, count.tries_spent, count.right, count.probes), (6, 4, 1, 3));
    }
}

#[test]
fn malformed_blocks_and_references() {
    let mut card = make(NEW, &[("bel_malformed_pin_costs", "no")]);
    for (command, status) in [
        ("00200001041234FFFF", "6700"),
        ("002000010816246813FFFFFFFF", "6A80"),
        ("002000010823246813FFFFFFFF", "6A80"),
        ("002000010827246813FFFFFFFF", "6A80"),
        ("002000010826246813000000000000", "6700"),
        ("00200001082624681300000000", "6A80"),
        ("00200001082624681AFFFFFFFF", "6A80"),
        ("0020000108 2D1234567890123 4".replace(' ', "").as_str(), "6A80"),
        ("002000020826246813FFFFFFFF", "6A88"),
        ("002001010826246813FFFFFFFF", "6A86"),
        ("0020000105", "6700"),
        ("002400010826246813FFFFFFFF", "6700"),
    ] {
        assert_eq!(send(&mut card, command), status, "{command}");
    }
    assert_eq!(card.tries_left(PIN), Some(3));
    let mut card = make(NEW, &[]);
    assert_eq!(
        send(&mut card, "00200001082624681300000000"),
        "63C2",
        "a try is lost unless a fact says otherwise"
    );
}

#[test]
fn change_the_pin() {
    let mut card = make(NEW, &[]);
    assert_eq!(send(&mut card, "0024000110249999FFFFFFFFFF245678FFFFFFFFFF"), "63C2");
    assert_eq!(send(&mut card, "002400011026246813FFFFFFFF23567FFFFFFFFFFF"), "6A80");
    assert_eq!(send(&mut card, "002400011026246813FFFFFFFF2C567890123456FF"), "9000");
    assert_eq!((card.tries_left(PIN), card.code_is(PIN, "567890123456")), (Some(3), true));
    assert_eq!(send(&mut card, GOOD), "63C2");
    assert_eq!(send(&mut card, "00200001082C567890123456FF"), "9000");
}

#[test]
fn every_ecdsa_algorithm() {
    let mut card = make(NEW, &[]);
    let auth = card.certificates().named("auth").unwrap().der.clone();
    assert_eq!(send(&mut card, GOOD), "9000");
    for (algorithm, length) in [
        (0x01, 32),
        (0x02, 48),
        (0x04, 64),
        (0x08, 32),
        (0x10, 48),
        (0x20, 64),
        (0x40, 20),
        (0x40, 28),
        (0x40, 32),
        (0x40, 48),
        (0x40, 64),
    ] {
        let digest: Vec<u8> = (1..=length).collect();
        set_key(&mut card, algorithm, 0x82);
        let (signature, status) = pso(&mut card, &digest);
        assert_eq!((status, signature.len()), (0x9000, 96), "{algorithm:02X}");
        check_ecdsa(&auth, &digest, &signature);
        assert_eq!(pso(&mut card, &digest[1..]).1, 0x6A80, "{algorithm:02X} one byte short");
    }
    assert_eq!(card.log().operations(), 11);
}

#[test]
fn every_rsa_algorithm() {
    let mut card = make(OLD, &[]);
    let auth = card.certificates().named("auth").unwrap().der.clone();
    assert_eq!(send(&mut card, GOOD), "9000");
    let mut sign = |algorithm, data: &[u8]| {
        set_key(&mut card, algorithm, 0x82);
        let (signature, status) = pso(&mut card, data);
        assert_eq!((status, signature.len()), (0x9000, 256), "{algorithm:02X}");
        signature
    };
    let free = [0x5A; 200];
    check_rsa_free(&auth, &free, &sign(0x01, &free));
    check_rsa(&auth, Pkcs1v15Sign::new::<Sha1>(), &[1; 20], &sign(0x02, &[1; 20]));
    let md5 = [&bytes("3020300C06082A864886F70D020505000410"), &[2; 16][..]].concat();
    check_rsa_free(&auth, &md5, &sign(0x04, &[2; 16]));
    check_rsa(&auth, Pkcs1v15Sign::new::<Sha256>(), &[3; 32], &sign(0x08, &[3; 32]));
    check_rsa(&auth, Pss::<Sha1>::new(), &[4; 20], &sign(0x10, &[4; 20]));
    check_rsa(&auth, Pss::<Sha256>::new(), &[5; 32], &sign(0x20, &[5; 32]));
    for algorithm in ["03", "40", "00"] {
        assert_eq!(send(&mut card, &format!("002241B6050480{algorithm}8482")), "6A80");
    }
}

#[test]
fn wrong_forms_of_mse_and_pso() {
    let mut card = make(NEW, &[]);
    assert_eq!(send(&mut card, "002A9E9A0111"), "6985", "no MSE yet");
    for (command, status) in [
        ("002241B606800102840182", "6700"),
        ("002241B6050580028482", "6A80"),
        ("002241B6050480028484", "6A88"),
        ("002241B6050480038482", "6A80"),
        ("002241A4050480028482", "6A86"),
        ("0022F1B6050480028482", "6A86"),
        ("002241B6050480028482", "9000"),
        ("002A9E9A00", "6700"),
        ("002A80860111", "6A86"),
        ("002A9E9A0111", "6982"),
        ("002A9E9A011100", "6700"),
    ] {
        assert_eq!(send(&mut card, command), status, "{command}");
    }
}

/// Signs with a key that is already set; true if the card did.
fn signs(card: &mut Card) -> bool {
    let length = if card.atr()[1] == 0x7F { 48 } else { 32 };
    match pso(card, &vec![7; length]).1 {
        0x9000 => true,
        0x6982 => false,
        status => panic!("{status:04X}"),
    }
}

fn algorithm(name: &str) -> u8 {
    if name == NEW { 0x02 } else { 0x08 }
}

#[test]
fn one_verify_serves_key_82_for_the_session() {
    for name in [NEW, OLD] {
        let mut card = make(name, &[]);
        set_key(&mut card, algorithm(name), 0x82);
        assert!(!signs(&mut card));
        assert_eq!(send(&mut card, GOOD), "9000");
        file(&mut card, "DF005038");
        assert!(signs(&mut card) && signs(&mut card));
        assert_eq!(send(&mut card, "80E60000"), "9000");
        assert!(!signs(&mut card), "logged off");
        assert_eq!(send(&mut card, GOOD), "9000");
        assert_eq!(send(&mut card, BAD), "63C2");
        assert!(!signs(&mut card), "a wrong PIN ends it");
        assert_eq!(send(&mut card, GOOD), "9000");
        assert!(signs(&mut card));
        card.reset();
        set_key(&mut card, algorithm(name), 0x82);
        assert!(!signs(&mut card));
    }
}

#[test]
fn key_83_wants_the_pin_right_before() {
    for (name, one_between) in [(NEW, true), (OLD, false)] {
        let mut card = make(name, &[]);
        set_key(&mut card, algorithm(name), 0x83);
        assert_eq!(send(&mut card, GOOD), "9000");
        assert!(signs(&mut card));
        assert!(!signs(&mut card), "used up");
        // VERIFY before MSE: one command between.
        assert_eq!(send(&mut card, GOOD), "9000");
        set_key(&mut card, algorithm(name), 0x83);
        assert_eq!(signs(&mut card), one_between, "{name}");
        // Two commands between.
        assert_eq!(send(&mut card, GOOD), "9000");
        set_key(&mut card, algorithm(name), 0x83);
        set_key(&mut card, algorithm(name), 0x83);
        assert!(!signs(&mut card));
        // A wrong PIN.
        assert_eq!(send(&mut card, GOOD), "9000");
        assert_eq!(send(&mut card, BAD), "63C2");
        assert!(!signs(&mut card));
        // Even asking for the state is a command.
        assert_eq!(send(&mut card, GOOD), "9000");
        assert_eq!(send(&mut card, "0020000100"), "63C3");
        assert_eq!(signs(&mut card), one_between, "{name}");
    }
}

#[test]
fn key_82_needs_a_verify_of_its_own_after_key_83() {
    let run = |switch: &str, own_before: bool| {
        let mut card = make(NEW, &[("bel_sign_pin_serves_auth", switch)]);
        if own_before {
            assert_eq!(send(&mut card, GOOD), "9000");
            set_key(&mut card, 0x02, 0x82);
            assert!(signs(&mut card));
        }
        set_key(&mut card, 0x02, 0x83);
        assert_eq!(send(&mut card, GOOD), "9000");
        assert!(signs(&mut card));
        set_key(&mut card, 0x02, 0x82);
        signs(&mut card)
    };
    assert!(!run("no", false));
    assert!(run("no", true));
    assert!(run("yes", false));
}

#[test]
fn switches_of_the_probe_and_the_directory() {
    let mut card = make(NEW, &[("bel_probe_tells_verified", "yes"), ("bel_sign_needs_df", "yes")]);
    assert_eq!(send(&mut card, GOOD), "9000");
    assert_eq!(send(&mut card, "0020000100"), "9000");
    assert_eq!(send(&mut card, "002241B6050480028482"), "6A88");
    assert_eq!(send(&mut card, "00A4080C043F00DF00"), "9000");
    assert_eq!(send(&mut card, "002241B6050480028482"), "9000");
    let mut card = make(NEW, &[]);
    assert_eq!(send(&mut card, GOOD), "9000");
    assert_eq!(send(&mut card, "0020000100"), "63C3");
}

/// Every exchange of the flows that are written out from the manual, with real digests for the placeholders.
fn flows_of_the_manual() {
    let text = simcard::recordings::text("bel-v18-flows-from-manual.txt");
    let mut card = make(NEW, &[("pin1", "1234")]);
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let mut last = String::new();
    for pair in lines.chunks(2) {
        let command = pair[0].trim_start_matches("> ");
        let command = command.replace("XX..", &"11".repeat(48));
        let expected: String = pair[1].trim_start_matches("< ").split(' ').collect();
        // The printed offset of the end of a certificate fits its own length.
        let command = if command == "00B00400F8" {
            let length = file(&mut card, "DF005038").len() as u16;
            format!("00B0{:04X}F8", length - 42)
        } else {
            command
        };
        last = send(&mut card, &command);
        match expected.rsplit("XX").next() {
            Some(end) if expected.contains("XX") => {
                let end = end.rsplit([')', '.']).next().unwrap();
                assert!(last.ends_with(end), "{command}: {last} is not {expected}");
            }
            _ => assert_eq!(last, expected, "{command}"),
        }
    }
    assert_eq!(last, "9000");
}

#[test]
fn faults_and_states_reach_this_card_too() {
    let mut card = make(NEW, &[("state", "blocked-pin1")]);
    assert_eq!(send(&mut card, GOOD), "6983");
    let mut card = make(NEW, &[]);
    set_key(&mut card, 0x02, 0x82);
    assert_eq!(send(&mut card, GOOD), "9000");
    card.faults_mut().push(simcard::Fault::parse("on=2A signature-length:-1").unwrap());
    let (signature, status) = pso(&mut card, &[7; 48]);
    assert_eq!((signature.len(), status), (95, 0x9000));
    card.faults_mut().push(simcard::Fault::parse("on=2A other-application-before").unwrap());
    assert_eq!(pso(&mut card, &[7; 48]).1, 0x6985, "the key is no longer set");
    assert!(!card.is_verified(PIN));
}
