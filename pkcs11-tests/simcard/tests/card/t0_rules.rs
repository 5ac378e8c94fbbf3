//! The T=0 line: pieces, wrong lengths, lost data.

use crate::common::*;
use simcard::{Card, Codes, DeliveryState};

fn ready_to_sign(card: &mut Card) {
    assert_eq!(send(card, VERIFY1), "9000");
    assert_eq!(send(card, "002241B606800154840101"), "9000");
    assert_eq!(send(card, &format!("002A90A0329030{}", "11".repeat(48))), "9000");
}

#[test]
fn data_with_le_is_one_byte_too_long() {
    let mut card = selected(V4);
    assert_eq!(send(&mut card, "00CB00FF05A00383011100"), "6700");
    assert_eq!(send(&mut card, "00A4040C0CA000000063504B43532D313500"), "6700");
    assert_eq!(send(&mut card, "00200011"), "63C5", "nothing was spent and the application is still there");
    card.switches_mut().case4_le = true;
    assert!(send(&mut card, "00CB00FF05A00383011100").ends_with("9000"));
}

#[test]
fn get_response_wants_the_exact_length() {
    let mut card = selected(V4);
    let get_data = "00CB00FF05A003830111";
    assert_eq!(send(&mut card, get_data), "6125");
    assert_eq!(send(&mut card, "00C0000026"), "6C25");
    assert_eq!(send(&mut card, "00C0000000"), "6C25");
    assert_eq!(send(&mut card, "00C0000005"), "A0238301116120");
    assert!(send(&mut card, "00C0000020").ends_with("9000"));
    assert_eq!(send(&mut card, "00C0000020"), "6985", "nothing is left");
    // Any other command loses the data, a broken one too.
    assert_eq!(send(&mut card, get_data), "6125");
    assert_eq!(send(&mut card, "00200011"), "63C5");
    assert_eq!(send(&mut card, "00C0000025"), "6985");
    assert_eq!(send(&mut card, get_data), "6125");
    assert_eq!(send(&mut card, "00A4000C023F"), "6700");
    assert_eq!(send(&mut card, "00C0000025"), "6985");
    card.switches_mut().strict_le = false;
    assert_eq!(send(&mut card, get_data), "6125");
    assert!(send(&mut card, "00C0000000").ends_with("9000"));
}

#[test]
fn a_wrong_le_of_a_signature_costs_nothing() {
    let mut card = selected(V4);
    ready_to_sign(&mut card);
    assert_eq!(send(&mut card, "002A9E9A00"), "6C60");
    assert_eq!(send(&mut card, "002A9E9A80"), "6C60");
    assert_eq!(card.log().operations(), 0);
    assert_eq!(card.transmit(&bytes("002A9E9A60")).len(), 98);
    assert_eq!(send(&mut card, "002A9E9A60"), "6985", "the digest is used up");
    ready_to_sign(&mut card);
    let part = card.transmit(&bytes("002A9E9A40"));
    assert_eq!(part[64..], [0x61, 0x20]);
    assert_eq!(card.transmit(&bytes("00C0000020")).len(), 34);
}

#[test]
fn extended_length_only_by_switch() {
    let mut card = selected(V4);
    ready_to_sign(&mut card);
    assert_eq!(send(&mut card, "002A9E9A000000"), "6700");
    card.switches_mut().extended_length = true;
    ready_to_sign(&mut card);
    assert_eq!(card.transmit(&bytes("002A9E9A000000")).len(), 98);
    let whole = card.transmit(&bytes("00CB00FF000005A0038301110000"));
    assert_eq!(whole.len(), 39);
}

#[test]
fn classes_and_instructions() {
    let mut card = selected(V4);
    assert_eq!(send(&mut card, "0C20001100"), "6882");
    assert_eq!(send(&mut card, "A0A40000023F00"), "6E00");
    assert_eq!(send(&mut card, "1020001100"), "6884", "no credential in a chain");
    assert_eq!(send(&mut card, "0084000008"), "6D00");
    assert_eq!(send(&mut card, "002A9E9B0111"), "6A86");
    assert_eq!(send(&mut card, ""), "6700");
    assert_eq!(send(&mut card, "00A4"), "6700");
    assert_eq!(send(&mut card, "002A9E9A2211"), "6700");
    assert_eq!(send(&mut card, &format!("002A9E9A30{}", "11".repeat(48))), "6700", "no inline digest");
    assert_eq!(send(&mut card, "80CA9F7F00"), "6C2D");
    assert_eq!(card.transmit(&bytes("80CA9F7F2D")).len(), 47);
}

#[test]
fn chaining_can_be_refused() {
    for (value, status) in [("6985", "6985"), ("6884", "6884"), ("accepted", "9000")] {
        let mut card = switched(V3, DeliveryState::Activated, &[("chaining", value)]);
        assert_eq!(send(&mut card, "102A8086028100"), status);
    }
    // Another command in between ends the chain.
    let mut card = selected(V3);
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(send(&mut card, "002241B80680011A840101"), "9000");
    assert_eq!(card.transmit(&[&bytes("102A808681"), &[0x81; 129][..]].concat()), [0x90, 0]);
    assert_eq!(send(&mut card, "00200011"), "9000");
    assert_eq!(card.transmit(&[&bytes("002A808680"), &[0x11; 128][..]].concat()), [0x67, 0]);
    // An endless chain is ended.
    let mut last = Vec::new();
    for _ in 0..6 {
        last = card.transmit(&[&bytes("102A8086F0"), &[0x81; 240][..]].concat());
    }
    assert_eq!(last, [0x90, 0]);
    let refused =
        (0..6).any(|_| card.transmit(&[&bytes("102A8086F0"), &[0x81; 240][..]].concat()) == [0x67, 0]);
    assert!(refused);
}

#[test]
fn the_log_counts_every_exchange_and_hides_codes() {
    let mut card = selected(V4);
    card.log_mut().mark();
    ready_to_sign(&mut card);
    assert_eq!(card.transmit(&bytes("002A9E9A60")).len(), 98);
    let since = card.log().since_mark();
    assert_eq!((since.count, since.operations), (4, 1));
    assert!((315.0..345.0).contains(&since.milliseconds), "{since:?}: the observed time of a signature");
    assert_eq!(send(&mut card, "00CB00FF05A003830111"), "6125");
    assert_eq!(send(&mut card, "00C0000025").len(), 78);
    assert_eq!(card.log().since_mark().count, 6, "GET RESPONSE counts");
    let text: Vec<_> = card.log().exchanges_since_mark().map(|exchange| exchange.to_string()).collect();
    assert!(text[0].contains("002000110C************************ > 9000"), "{}", text[0]);
    let all = card.log_mut().take();
    assert_eq!(all.len(), 7);
    assert!(all.iter().all(|exchange| {
        !exchange.command.windows(Codes::PIN1.len()).any(|part| part == Codes::PIN1.as_bytes())
    }));
    assert_eq!((card.log().count(), card.log().exchanges().count()), (7, 0));
}

#[test]
fn codes_are_hidden_however_broken_the_command_is() {
    let mut card = selected(V4);
    for command in [
        "002000110C323436383133",
        "0C20001106323436383133",
        "1020001106323436383133",
        "FF240082000006323436383133",
        "002C001104313233343536",
    ] {
        card.transmit(&bytes(command));
    }
    let all = card.log_mut().take();
    assert!(
        all.iter()
            .skip(1)
            .all(|exchange| exchange.masked && exchange.command[5..].iter().all(|b| *b == b'*'))
    );
}
