//! The Lithuanian card, as far as one driver tells how it behaves: a channel over contacts, a PIN that is the password of
//! another one, suspension, and two PINs that are changed apart.

use crate::common::*;
use crate::contactless::{Host, open, open_by};
use simcard::{Card, CardModel, CardOptions, DeliveryState, Interface};

const CAN: &str = "571500";
const PIN: u8 = 3;
const PUK: u8 = 4;
const PIN_REFERENCE: u8 = 0x07;
const QES: u8 = 0x81;

fn card(switches: &[(&str, &str)]) -> Card {
    let mut options = CardOptions::new(CardModel::Lithuania, DeliveryState::Activated);
    for (name, value) in switches {
        options.set(name, value).unwrap();
    }
    Card::new(options)
}

/// Opened by the PIN, after the number, in the clear.
fn logged_in(card: &mut Card) -> Host {
    assert!(open(card, CAN).0.len() > 4);
    let (answer, host) = open_by(card, PIN, "246813");
    assert!(answer.len() > 4, "{answer}");
    host
}

fn at_qes(host: &mut Host, card: &mut Card) {
    assert_eq!(host.give(card, "00A4080C", &[0xDF, 0x02]), "9000");
}

#[test]
fn nothing_but_the_file_that_says_how_is_there_without_a_channel() {
    let mut card = card(&[]);
    assert!(CardOptions::default().apply("lithuania,interface=contactless").is_err());
    assert_eq!(card.atr().len(), 21);
    assert_eq!(CardOptions::default().interface, Interface::Contact);
    for command in
        ["00A4040C0CA000000063504B43532D3135", "00A4000C023F00", "0020008106313233343536", "00A4000402ACE300"]
    {
        assert_eq!(send(&mut card, command), "6982");
    }
    assert_eq!(send(&mut card, "00A4020C02011C"), "9000");
    assert!(send(&mut card, "00B0000000").starts_with("3114"));
    let (_, mut host) = open(&mut card, CAN);
    assert_eq!(host.give(&mut card, "00A4040C", b"\xA0\0\0\0\x63PKCS-15"), "9000");
    // In the clear again, and the channel is gone.
    assert_eq!(send(&mut card, "00A4000C023F00"), "6982");
    assert_eq!(host.send(&mut card, [0, 0xB0, 0, 0]), "6988");
}

#[test]
fn the_pin_opens_a_channel_in_which_its_key_signs() {
    let mut card = card(&[]);
    let digest = [7; 48];
    let (_, mut host) = open(&mut card, CAN);
    assert_eq!(host.give(&mut card, "002241B6", &[0x80, 1, 4, 0x84, 1, 0x11]), "6A80");
    assert_eq!(host.give(&mut card, "002241B6", &[0x84, 1, 0x11]), "9000");
    assert_eq!(host.give(&mut card, "002A9E9A", &digest), "6982");
    let mut host = logged_in(&mut card);
    assert!(card.is_verified(PIN_REFERENCE));
    assert_eq!(host.give(&mut card, "002241B6", &[0x84, 1, 0x11]), "9000");
    assert_eq!(host.give(&mut card, "002A9E9A", &digest), "9000");
    // The other key wants its own PIN, in its own directory.
    assert_eq!(host.give(&mut card, "002241B6", &[0x84, 1, 0x92]), "6A88");
    at_qes(&mut host, &mut card);
    assert_eq!(host.give(&mut card, "002241B6", &[0x84, 1, 0x92]), "9000");
    assert_eq!(host.give(&mut card, "002A9E9A", &digest), "6982");
    assert_eq!(host.give(&mut card, "00200081", b"123456"), "9000");
    assert_eq!(host.give(&mut card, "002A9E9A", &digest), "9000");
    open(&mut card, CAN);
    assert!(!card.is_verified(PIN_REFERENCE));
    assert_eq!(card.credential_count(PIN_REFERENCE).right, 1);
}

#[test]
fn two_wrong_pins_suspend_it_and_the_number_resumes_it() {
    for (at, choice, nonce) in [("choice", "6A81", ""), ("nonce", "9000", "6A81")] {
        let mut card = card(&[("suspended_at", at)]);
        open(&mut card, CAN);
        for left in [2, 1] {
            assert_eq!(open_by(&mut card, PIN, "999999").0, "6300");
            assert_eq!(card.tries_left(PIN_REFERENCE), Some(left));
        }
        let choose = "0022C1A412800A04007F0007020204020483010384010C00";
        assert_eq!(send(&mut card, choose), choice);
        if !nonce.is_empty() {
            assert_eq!(send(&mut card, "10860000027C0000"), nonce);
        }
        // Through the channel of the number it can be chosen.
        let (_, mut host) = open(&mut card, CAN);
        assert_eq!(host.give(&mut card, "0022C1A4", &bytes(&choose[10..choose.len() - 2])), "9000");
        assert_eq!(host.give(&mut card, "10860000", &[0x7C, 0]), "9000");
        assert_eq!(card.tries_left(PIN_REFERENCE), Some(1));
    }
    let mut card = card(&[("pace_tells_tries", "yes")]);
    assert_eq!(open_by(&mut card, PIN, "999999").0, "63C2");
    card.set_tries_left(PIN_REFERENCE, 0);
    assert_eq!(send(&mut card, "0022C1A412800A04007F0007020204020483010384010C00"), "6983");
}

#[test]
fn whether_verify_tells_how_the_pin_of_the_signature_key_stands() {
    for (setting, status) in [("yes", "63C3"), ("no", "6700")] {
        let mut card = card(&[("ltu_probe_supported", setting)]);
        let (_, mut host) = open(&mut card, CAN);
        assert_eq!(host.send(&mut card, [0, 0x20, 0, 0x81]), "6A88");
        at_qes(&mut host, &mut card);
        assert_eq!(host.send(&mut card, [0, 0x20, 0, 0x81]), status);
    }
}

#[test]
fn each_pin_is_changed_by_itself() {
    let mut card = card(&[]);
    let (_, mut host) = open(&mut card, CAN);
    assert_eq!(host.give(&mut card, "00240107", b"258036"), "6982");
    let mut host = logged_in(&mut card);
    assert_eq!(host.give(&mut card, "00240107", b"25803"), "6A80");
    assert_eq!(host.give(&mut card, "00240107", b"258036"), "9000");
    assert!(card.code_is(PIN_REFERENCE, "258036") && card.code_is(QES, "123456"));
    assert_eq!(host.give(&mut card, "00240081", b"123456258036"), "6A88");
    at_qes(&mut host, &mut card);
    assert_eq!(host.give(&mut card, "00240081", b"123456258036"), "9000");
    assert!(card.code_is(QES, "258036"));
}

#[test]
fn the_puk_gives_both_their_tries_again_and_changes_neither() {
    let mut card = card(&[("state", "blocked-pins")]);
    let (_, mut host) = open(&mut card, CAN);
    assert_eq!(host.send(&mut card, [0, 0x2C, 3, 7]), "6982");
    let (_, mut host) = open_by(&mut card, PUK, "12345678");
    assert_eq!(host.send(&mut card, [0, 0x2C, 3, 7]), "9000");
    assert_eq!(host.send(&mut card, [0, 0x2C, 3, 0x81]), "6A88");
    at_qes(&mut host, &mut card);
    assert_eq!(host.send(&mut card, [0, 0x20, 0, 0x81]), "6983");
    assert_eq!(host.send(&mut card, [0, 0x2C, 3, 0x81]), "9000");
    assert_eq!([PIN_REFERENCE, QES].map(|pin| card.tries_left(pin)), [Some(3); 2]);
    assert!(card.code_is(PIN_REFERENCE, "246813") && card.code_is(QES, "123456"));
}
