//! The IDEMIA cards of Estonia and Latvia.

use crate::common::{agreement, ask, bytes, hex, send, switched};
use crate::happy_paths::check;
use simcard::{Action, Card, CardModel, CardOptions, Codes, DeliveryState, Fault};

const ESTONIA: CardModel = CardModel::EstoniaIdemia;
const ESTONIA_X: CardModel = CardModel::EstoniaIdemiaX;
const LATVIA: CardModel = CardModel::LatviaEc;
const LATVIA_RSA: CardModel = CardModel::LatviaRsa;

const MAIN: &str = "00A4040C10A000000077010800070000FE00000100";
const AWP: &str = "00A4040C0DE828BD080FF2504F5420415750";
const QSCD: &str = "00A4040C1051534344204170706C69636174696F6E";
const MSE_AUTH: &str = "002241A406800104840181";
const MSE_SIGN: &str = "002241B60680015484019F";
const HASH: [u8; 48] = [0x5A; 48];

fn card(model: CardModel) -> Card {
    card_in(model, DeliveryState::Activated, &[])
}

fn card_in(model: CardModel, state: DeliveryState, switches: &[(&str, &str)]) -> Card {
    let mut options = CardOptions::new(model, state);
    for (name, value) in switches {
        options.switches.set(name, value).unwrap();
    }
    let mut card = Card::new(options);
    assert_eq!(send(&mut card, MAIN), "9000");
    card
}

fn estonia_with(name: &str, value: &str) -> Card {
    card_in(ESTONIA, DeliveryState::Activated, &[(name, value)])
}

fn block(digits: &str) -> String {
    let mut block = digits.as_bytes().to_vec();
    block.resize(12, 0xFF);
    hex(&block)
}

fn verify(card: &mut Card, reference: u8, digits: &str) -> String {
    send(card, &format!("002000{reference:02X}0C{}", block(digits)))
}

fn change(card: &mut Card, reference: u8, old: &str, new: &str) -> String {
    send(card, &format!("002400{reference:02X}18{}{}", block(old), block(new)))
}

fn unblock(card: &mut Card, reference: u8, new: &str) -> String {
    send(card, &format!("002C02{reference:02X}0C{}", block(new)))
}

fn authenticate(card: &mut Card, hash: &[u8]) -> String {
    let answer = card.transmit(&[&[0, 0x88, 0, 0, hash.len() as u8], hash, &[0]].concat());
    hex(&answer)
}

fn sign(card: &mut Card, hash: &[u8]) -> String {
    let answer = card.transmit(&[&[0, 0x2A, 0x9E, 0x9A, hash.len() as u8], hash, &[0]].concat());
    hex(&answer)
}

/// Checks a signature under the card's certificate. Algorithms as FINEID numbers them: 54 ECDSA, 42 PKCS#1 SHA-256.
fn right(card: &Card, certificate: &str, algorithm: u8, hash: &[u8], answer: &str) {
    let signature = bytes(answer.strip_suffix("9000").unwrap());
    check(&card.certificates().named(certificate).unwrap().der, algorithm, hash, &signature);
}

/// Whether an answer is a signature of P-384.
fn is_signature(answer: &str) -> bool {
    answer.len() == 2 * 98 && answer.ends_with("9000")
}

fn tries(card: &mut Card, number: u8) -> String {
    send(card, &format!("00CB3FFF0A4D087006BF81{number:02X}02A08000"))
}

fn read_whole(card: &mut Card) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let offset = content.len();
        let (data, status) = ask(card, &[0, 0xB0, (offset >> 8) as u8, offset as u8, 0]);
        if status == 0x6B00 {
            return content;
        }
        assert_eq!(status, 0x9000);
        assert!(data.len() <= 0xE7);
        content.extend(data);
    }
}

#[test]
fn references_without_numbers() {
    let card = card(ESTONIA);
    let references = card.references();
    assert_eq!((references.pin1, references.pin2, references.puk), (0x01, Some(0x85), Some(0x02)));
    assert_eq!(card.tries_left(references.pin1), Some(3));
    assert!(card.code_is(references.pin1, Codes::PIN1));
}

#[test]
fn authentication_with_either_form_of_the_algorithm() {
    let mut card = card(ESTONIA);
    for environment in [MSE_AUTH, "002241A4098004FF200800840181"] {
        assert_eq!(send(&mut card, AWP), "9000");
        assert_eq!(send(&mut card, environment), "9000");
        assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "9000");
        let answer = authenticate(&mut card, &HASH);
        right(&card, "auth", 0x54, &HASH, &answer);
        assert!(is_signature(&authenticate(&mut card, &HASH)), "PIN1 lasts");
    }
    assert_eq!(card.log().operations(), 4);
}

#[test]
fn one_signature_for_one_pin2() {
    for (value, again) in [("yes", "6982"), ("no", "")] {
        let mut card = estonia_with("pin2_one_shot", value);
        assert_eq!(send(&mut card, QSCD), "9000");
        assert_eq!(send(&mut card, MSE_SIGN), "9000");
        assert_eq!(verify(&mut card, 0x85, Codes::PIN2), "9000");
        let first = sign(&mut card, &HASH);
        right(&card, "sign", 0x54, &HASH, &first);
        let second = sign(&mut card, &HASH);
        assert!(if again.is_empty() { is_signature(&second) } else { second == again }, "{second}");
    }
}

#[test]
fn key_agreement_gives_the_x_coordinate() {
    let mut card = card(ESTONIA);
    let (command, wanted) = agreement(&card);
    for environment in ["002241B80680010B840181", "002241B8098004FF300400840181"] {
        assert_eq!(send(&mut card, AWP), "9000");
        assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "9000");
        assert_eq!(send(&mut card, environment), "9000");
        let (shared, status) = ask(&mut card, &command);
        assert_eq!((shared, status), (wanted.clone(), 0x9000));
    }
}

#[test]
fn certificates_and_directories_by_every_form_of_select() {
    for model in [ESTONIA, ESTONIA_X, CardModel::EResidencyIdemia, LATVIA_RSA, LATVIA] {
        let mut card = card(model);
        for (place, folder, aid) in [(0, "ADF1", AWP), (1, "ADF2", QSCD)] {
            let wanted = card.certificates().holder[place].der.clone();
            let slot = format!("{:04X}", model.description().keys[place].certificate);
            let size = format!("62048002{:04X}9000", wanted.len());
            for select in [format!("00A4090404{folder}{slot}00"), format!("00A40904063F00{folder}{slot}00")] {
                send(&mut card, MAIN);
                assert_eq!(send(&mut card, &select), size);
                assert!(read_whole(&mut card) == wanted);
            }
            assert_eq!(send(&mut card, MAIN), "9000");
            assert_eq!(send(&mut card, &format!("00A4010C02{folder}")), "9000");
            assert_eq!(send(&mut card, &format!("00A4020C02{slot}")), "9000");
            assert!(read_whole(&mut card) == wanted);
            assert_eq!(send(&mut card, aid), "9000");
            assert_eq!(send(&mut card, "00A4020402700500"), "62048002000C9000");
            assert_eq!(send(&mut card, "00B0000000"), format!("300AA108300630040402{slot}9000"));
            let reference = model.description().keys[place].reference;
            let outer = if model == LATVIA_RSA { "30" } else { "A0" };
            assert_eq!(send(&mut card, "00A4020C027001"), "9000");
            assert_eq!(
                send(&mut card, "00B0000000"),
                format!("{outer}08300030040202 00{reference:02X}9000").replace(' ', "")
            );
        }
    }
}

#[test]
fn wrong_forms_of_select_and_read() {
    let mut card = card(ESTONIA);
    assert_eq!(send(&mut card, "00B0000000"), "6986");
    assert_eq!(send(&mut card, "00A4020C025555"), "6A82");
    assert_eq!(send(&mut card, "00A4040C05A000000001"), "6A82");
    assert_eq!(send(&mut card, "00A4020D02D003"), "6A86");
    assert_eq!(send(&mut card, "00A4050C02D003"), "6A86");
    assert_eq!(send(&mut card, "00A4020C03D00300"), "6700");
    assert_eq!(send(&mut card, "0CA4020C02D003"), "6882");
    assert_eq!(send(&mut card, "00C0000000"), "6D00", "T=1 knows no GET RESPONSE");
    // Paths go from the current folder.
    assert_eq!(send(&mut card, AWP), "9000");
    assert_eq!(send(&mut card, "00A4090404ADF1340100"), "6A82");
}

#[test]
fn document_number_and_personal_records() {
    let mut card = card(ESTONIA);
    assert_eq!(send(&mut card, "00A4020C02D003"), "9000");
    let number = card.printed_serial();
    assert_eq!(send(&mut card, "00B0000000"), format!("0409{}9000", hex(number.as_bytes())));
    assert_eq!(send(&mut card, "00A4090C043F005000"), "9000");
    assert_eq!(send(&mut card, "00A4020C025001"), "9000");
    assert_eq!(read_whole(&mut card), card.holder().surname.as_bytes());
    assert_eq!(send(&mut card, "00A4020C025006"), "9000");
    assert_eq!(read_whole(&mut card), card.holder().personal_code.as_bytes());
    assert_eq!(send(&mut card, "00A4020C02500F"), "9000");
    assert_eq!(read_whole(&mut card), [0]);
    // An e-resident's card says neither sex nor birth.
    for (model, empty) in [(ESTONIA, false), (CardModel::EResidencyIdemia, true)] {
        let mut card = self::card(model);
        assert_eq!(send(&mut card, "00A4010C025000"), "9000");
        for record in ["5003", "5005"] {
            assert_eq!(send(&mut card, &format!("00A4020C02{record}")), "9000");
            assert_eq!(read_whole(&mut card) == [0], empty);
        }
    }
    let mut card = self::card(LATVIA);
    assert_eq!(send(&mut card, "00A4010C025000"), "9000");
    assert_eq!(send(&mut card, "00A4020C025002"), "6A82");
}

#[test]
fn wrong_codes_count_and_the_counters_are_readable() {
    let mut card = card(ESTONIA);
    assert_eq!(tries(&mut card, 1), "701EBF81011AA0189A01039B0103A1108C06F300007343009C06F300007343009000");
    assert_eq!(verify(&mut card, 0x01, "9999"), "63C2");
    assert_eq!(tries(&mut card, 1), "701EBF81011AA0189A01039B0102A1108C06F300007343009C06F300007343009000");
    assert_eq!(verify(&mut card, 0x01, "9999"), "63C1");
    assert_eq!(verify(&mut card, 0x01, "9999"), "6983");
    assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "6983");
    assert_eq!(tries(&mut card, 5), "6A88", "PIN2 lives in QSCD");
    assert_eq!(verify(&mut card, 0x85, Codes::PIN2), "6A88");
    assert_eq!(send(&mut card, QSCD), "9000");
    assert_eq!(tries(&mut card, 5), "701EBF81051AA0189A01039B0103A1108C06F3000073FF009C06F3000073FF009000");
    let count = card.credential_count(0x01);
    assert_eq!((count.commands, count.tries_spent, count.right), (4, 3, 0));
}

#[test]
fn unblocking_takes_three_steps() {
    let mut card = card_in(ESTONIA, DeliveryState::BlockedPins, &[]);
    assert_eq!(unblock(&mut card, 0x01, "4321"), "6982", "no PUK yet");
    assert_eq!(verify(&mut card, 0x02, "12345678"), "9000");
    assert_eq!(unblock(&mut card, 0x01, "432"), "6A80");
    assert_eq!(unblock(&mut card, 0x01, "4321"), "9000");
    assert_eq!(verify(&mut card, 0x01, "4321"), "9000");
    assert_eq!(unblock(&mut card, 0x85, "54321"), "6A88");
    assert_eq!(send(&mut card, QSCD), "9000");
    assert_eq!(unblock(&mut card, 0x85, "54321"), "9000");
    assert_eq!(verify(&mut card, 0x85, "54321"), "9000");
    // A healthy PIN can be set the same way.
    assert_eq!(unblock(&mut card, 0x85, Codes::PIN2), "9000");
    assert!(card.code_is(0x85, Codes::PIN2));
}

#[test]
fn a_puk_for_one_pin_only() {
    let mut card = card_in(ESTONIA, DeliveryState::BlockedPin1, &[("puk_one_shot", "yes")]);
    assert_eq!(verify(&mut card, 0x02, "12345678"), "9000");
    assert_eq!(unblock(&mut card, 0x01, "4321"), "9000");
    assert_eq!(unblock(&mut card, 0x01, "4322"), "6982");
}

#[test]
fn changing_codes_the_puk_included() {
    let mut card = card(ESTONIA);
    assert_eq!(change(&mut card, 0x01, Codes::PIN1, "4321"), "9000");
    assert_eq!(change(&mut card, 0x01, "4321", "4321"), "6985");
    assert_eq!(change(&mut card, 0x01, "1111", "4322"), "63C2");
    assert_eq!(change(&mut card, 0x02, "12345678", "87654321"), "9000");
    assert_eq!(verify(&mut card, 0x02, "87654321"), "9000");
    let mut card = estonia_with("same_pin_status", "6a80");
    assert_eq!(change(&mut card, 0x01, Codes::PIN1, Codes::PIN1), "6A80");
}

#[test]
fn forms_of_codes() {
    let mut card = estonia_with("malformed_code", "6a80");
    assert_eq!(send(&mut card, "0020000106 323436383133"), "6700");
    assert_eq!(send(&mut card, "00200001"), "6700");
    assert_eq!(send(&mut card, "002000010C323436383133000000000000"), "6A80", "filler of another card");
    assert_eq!(verify(&mut card, 0x01, "123"), "6A80");
    assert_eq!(card.tries_left(0x01), Some(3));
    let mut card = card_in(ESTONIA, DeliveryState::Activated, &[]);
    assert_eq!(
        send(&mut card, "002000010C323436383133000000000000"),
        "63C2",
        "a try is lost unless a fact says otherwise"
    );
    let mut card = estonia_with("probe_supported", "yes");
    assert_eq!(send(&mut card, "00200001"), "63C3");
    let mut card = estonia_with("last_try_abroad", "63c0");
    card.set_tries_left(0x01, 1);
    assert_eq!(verify(&mut card, 0x01, "9999"), "63C0");
}

#[test]
fn what_ends_a_verified_pin() {
    let mut card = card(ESTONIA);
    assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "9000");
    assert_eq!(send(&mut card, QSCD), "9000");
    assert_eq!(verify(&mut card, 0x85, Codes::PIN2), "9000");
    assert_eq!(send(&mut card, AWP), "9000");
    assert!(card.is_verified(0x01) && !card.is_verified(0x85));
    card.power_off();
    assert!(!card.is_verified(0x01));
    for (value, after_awp, after_main) in
        [("never", true, true), ("main", true, false), ("any", false, false)]
    {
        let mut card = estonia_with("select_drops_pin1", value);
        for (aid, kept) in [(AWP, after_awp), (MAIN, after_main)] {
            assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "9000");
            assert_eq!(send(&mut card, aid), "9000");
            assert_eq!(card.is_verified(0x01), kept, "{value}");
        }
    }
}

#[test]
fn status_words_of_the_open_questions() {
    let cases = [
        ("not_verified_status", "6985", "", HASH.as_slice(), MSE_AUTH),
        ("hash_length_status", "6700", Codes::PIN1, &HASH[..32], MSE_AUTH),
        ("unknown_key_status", "6a80", Codes::PIN1, &HASH, "002241A406800104840199"),
        ("unknown_algorithm_status", "6a88", Codes::PIN1, &HASH, "002241A406800199840181"),
    ];
    for (name, other, pin, hash, environment) in cases {
        let default =
            simcard::Switches::list().into_iter().find(|switch| switch.name == name).unwrap().default;
        for value in [default.as_str(), other] {
            let mut card = estonia_with(name, value);
            send(&mut card, AWP);
            if !pin.is_empty() {
                verify(&mut card, 0x01, pin);
            }
            let mut status = send(&mut card, environment);
            if status == "9000" {
                status = authenticate(&mut card, hash);
            }
            assert_eq!(status, value.to_uppercase(), "{name}");
        }
    }
}

#[test]
fn each_key_in_its_own_application() {
    let mut card = card(ESTONIA);
    assert_eq!(send(&mut card, MSE_AUTH), "6A88");
    send(&mut card, QSCD);
    assert_eq!(send(&mut card, MSE_AUTH), "6A88");
    assert_eq!(sign(&mut card, &HASH), "6985");
}

#[test]
fn before_any_application() {
    let mut card = Card::new(CardOptions::new(ESTONIA, DeliveryState::Activated));
    assert_eq!(card.application(), "none");
    assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "6D00");
    assert_eq!(send(&mut card, "00CB3FFF035C017E08"), "6D00");
    assert_eq!(send(&mut card, "00A4020C02D003"), "6A82");
    assert_eq!(send(&mut card, "00A4020C02011C"), "9000");
}

#[test]
fn a_cosmo_x_in_a_reader_with_trouble() {
    for (model, status) in [(ESTONIA_X, "6F00"), (ESTONIA, "")] {
        let mut card = card_in(model, DeliveryState::Activated, &[("cosmo_x_long_reads", "no")]);
        send(&mut card, "00A4090C04ADF13401");
        let long = send(&mut card, "00B00000C1");
        assert!(if status.is_empty() { long.len() == 2 * (0xC1 + 2) } else { long == status });
        assert_eq!(send(&mut card, "00B00000C0").len(), 2 * (0xC0 + 2));
    }
}

#[test]
fn a_line_that_gives_nothing_without_le() {
    let mut card = estonia_with("t1_needs_le", "yes");
    send(&mut card, AWP);
    assert_eq!(send(&mut card, "00A40204025031"), "9000");
    assert_eq!(send(&mut card, "00A4020402503100"), "6204800200109000");
    let mut card = self::card(ESTONIA);
    send(&mut card, AWP);
    assert_eq!(send(&mut card, "00A40204025031"), "6204800200109000");
}

#[test]
fn latvian_slots_keys_and_the_longer_pin2() {
    let mut card = card(LATVIA);
    send(&mut card, AWP);
    assert_eq!(send(&mut card, "00A4020C023401"), "9000");
    assert_eq!(send(&mut card, "00B0000004"), "006282");
    assert_eq!(send(&mut card, "00B0000000"), "006282");
    assert_eq!(send(&mut card, MSE_AUTH), "6A88");
    assert_eq!(send(&mut card, "002241A406800104840182"), "9000");
    assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "9000");
    assert!(is_signature(&authenticate(&mut card, &HASH)));
    send(&mut card, QSCD);
    assert_eq!(change(&mut card, 0x85, Codes::PIN2, "12345"), "6A80");
    let mut card = card_in(LATVIA, DeliveryState::Activated, &[("latvia_pin2_shortest", "5")]);
    send(&mut card, QSCD);
    assert_eq!(change(&mut card, 0x85, Codes::PIN2, "12345"), "9000");
    let mut card = card_in(LATVIA, DeliveryState::Activated, &[("latvia_old_slots", "yes")]);
    send(&mut card, QSCD);
    assert_eq!(send(&mut card, "00A4020C027005"), "9000");
    assert_eq!(send(&mut card, "00B0000000"), "300AA108300630040402341F9000");
}

#[test]
fn latvian_rsa_signatures() {
    let mut card = card(LATVIA_RSA);
    send(&mut card, AWP);
    assert_eq!(send(&mut card, "002241A406800104840181"), "6A80", "no ECDSA with an RSA key");
    assert_eq!(send(&mut card, "002241A406800102840181"), "9000");
    assert_eq!(verify(&mut card, 0x01, Codes::PIN1), "9000");
    let digest_info = bytes(&format!("3031300D060960864801650304020105000420{}", hex(&HASH[..32])));
    let answer = authenticate(&mut card, &digest_info);
    right(&card, "auth", 0x42, &HASH[..32], &answer);
    send(&mut card, QSCD);
    assert_eq!(send(&mut card, "002241B60680014284019F"), "9000");
    assert_eq!(verify(&mut card, 0x85, Codes::PIN2), "9000");
    assert_eq!(sign(&mut card, &HASH), "6A80");
    let answer = sign(&mut card, &HASH[..32]);
    right(&card, "sign", 0x42, &HASH[..32], &answer);
}

#[test]
fn states_and_faults() {
    for (state, tries) in [
        (DeliveryState::Activated, [3, 3, 3]),
        (DeliveryState::BlockedPin1, [0, 3, 3]),
        (DeliveryState::BlockedPin2, [3, 0, 3]),
        (DeliveryState::BlockedPins, [0, 0, 3]),
        (DeliveryState::BlockedPuk, [3, 3, 0]),
        (DeliveryState::Dead, [0, 0, 0]),
    ] {
        let card = card_in(ESTONIA, state, &[]);
        assert_eq!([0x01, 0x85, 0x02].map(|reference| card.tries_left(reference).unwrap()), tries);
    }
    let mut options = CardOptions::default();
    let refused = options.apply("estonia-idemia,state=fresh").unwrap_err();
    assert!(refused.contains("choose from activated, blocked-pin1"), "{refused}");
    assert!(CardOptions::default().apply("fineid-v4.0,state=fresh").is_err());
    CardOptions::default().apply("estonia-idemia,pin2=12345").unwrap();
    assert!(CardOptions::default().apply("latvia-ec,pin2=12345").is_err());

    let mut card = card(ESTONIA);
    send(&mut card, AWP);
    verify(&mut card, 0x01, Codes::PIN1);
    send(&mut card, MSE_AUTH);
    card.faults_mut().push(Fault::next(Action::SignatureLength(-1)));
    assert_eq!(authenticate(&mut card, &HASH).len(), 2 * 97);
    card.faults_mut().push(Fault::next(Action::OtherApplicationBefore));
    assert_eq!(authenticate(&mut card, &HASH), "6985");
    assert_eq!((card.application(), card.is_verified(0x01)), ("main", false));
}

#[test]
fn finnish_helpers_work_for_finnish_cards_still() {
    let card = switched(CardModel::FineidV4_0, DeliveryState::Activated, &[]);
    assert_eq!(card.references().pin1, simcard::PIN1);
}
