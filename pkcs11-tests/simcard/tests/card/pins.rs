//! Credential commands: formats, counters, blocked codes, verified states.

use crate::common::*;
use simcard::{Codes, DeliveryState, PIN1, PIN2, PUK};

#[test]
fn wrong_codes_count_down_and_block() {
    let mut card = selected(V4);
    for left in (0..5).rev() {
        assert_eq!(verify(&mut card, PIN1, "9999"), format!("63C{left}"));
        assert_eq!(card.tries_left(PIN1), Some(left));
        assert!(information(&mut card, PIN1).0.contains(&format!("DF21040{left}FFA503")));
    }
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "6983");
    assert_eq!(probe(&mut card, PIN1), "6983");
    assert_eq!(change(&mut card, PIN1, Codes::PIN1, "4321"), "6983");
    assert_eq!(verify(&mut card, PIN2, Codes::PIN2), "9000", "PIN2 is another counter");
    assert_eq!(unblock(&mut card, PIN1, "12345678", "4321"), "9000");
    assert_eq!(verify(&mut card, PIN1, "4321"), "9000");
    let count = card.credential_count(PIN1);
    assert_eq!((count.commands, count.tries_spent, count.right, count.probes), (9, 5, 1, 1));
}

#[test]
fn a_right_code_fills_the_counter() {
    let mut card = selected(V4);
    assert_eq!(verify(&mut card, PIN1, "9999"), "63C4");
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "9000");
    assert_eq!(card.tries_left(PIN1), Some(5));
    assert_eq!(verify(&mut card, PIN1, "9999"), "63C4");
    assert!(!card.is_verified(PIN1), "a wrong code ends the verified state");
}

#[test]
fn malformed_codes_cost_nothing() {
    let mut card = selected(V4);
    for (command, status, why) in [
        ("0020001106323436383133", "6700", "not padded"),
        ("002000110D32343638313300000000000000", "6700", "13 bytes"),
        ("002000110C323436383133FFFFFFFFFFFF", "6A80", "padded with FF"),
        ("002000110C323436383133000000000031", "6A80", "a digit in the padding"),
        ("002000110C000000000000000000000000", "6A80", "no digit"),
        ("002000110C414243440000000000000000", "6A80", "letters"),
        ("0020001105", "6700", "Le 5 is no probe"),
        ("0020011100", "6A86", "P1"),
        ("0020001200", "6A88", "no such reference"),
        ("002000010C323436383133000000000000", "6A88", "no such reference"),
        ("002400110C323436383133000000000000", "6700", "only the old code"),
        ("0024001100", "6700", "no data at all"),
        ("002C001100", "6700", "no data at all"),
        ("0024011118323436383133000000000000343332310000000000000000", "6A86", "P1"),
        (
            "002C021118313233340000000000000000343332310000000000000000",
            "6A86",
            "form of the organisation cards",
        ),
        ("00240011183234363831330000000000003433323100FFFFFFFFFFFFFF", "6A80", "new one padded with FF"),
    ] {
        assert_eq!(send(&mut card, command), status, "{why}: {command}");
    }
    assert_eq!(change(&mut card, PIN1, Codes::PIN1, "432"), "6A80", "too short");
    assert_eq!(change(&mut card, PIN2, Codes::PIN2, "43215"), "6A80", "too short");
    assert_eq!(unblock(&mut card, PIN2, "12345678", "43215"), "6A80", "too short");
    assert_eq!(change(&mut card, PUK, "12345678", "12345679"), "6985", "nobody changes the PUK");
    assert_eq!(unblock(&mut card, PUK, "12345678", "12345679"), "6A88");
    for reference in [PIN1, PIN2, PUK] {
        assert_eq!(card.tries_left(reference), Some(5));
    }
}

#[test]
fn verified_states_end_when_they_should() {
    let mut card = selected(V4);
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "9000");
    assert_eq!(verify(&mut card, PIN2, Codes::PIN2), "9000");
    assert_eq!((probe(&mut card, PIN1), probe(&mut card, PIN2)), ("9000".into(), "9000".into()));
    assert_eq!(send(&mut card, "00A4000C023F00"), "9000");
    assert_eq!(send(&mut card, "00A4080C0450164332"), "9000");
    assert!(card.is_verified(PIN1) && card.is_verified(PIN2), "files do not end them");
    assert_eq!(send(&mut card, SELECT), "9000");
    assert!(!card.is_verified(PIN1) && !card.is_verified(PIN2), "the application does");
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "9000");
    card.reset();
    assert!(!card.is_verified(PIN1));
    assert_eq!(probe(&mut card, PIN1), "6D00", "and the application is gone");
    assert_eq!(send(&mut card, SELECT), "9000");
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "9000");
    assert_eq!(change(&mut card, PIN1, Codes::PIN1, "4321"), "9000");
    assert!(!card.is_verified(PIN1), "a change leaves it unverified");
}

#[test]
fn unverify() {
    let mut card = selected(V4);
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "9000");
    assert_eq!(send(&mut card, "0020FF11"), "9000");
    assert_eq!(probe(&mut card, PIN1), "63C5");
    card.switches_mut().unverify_supported = false;
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "9000");
    assert_eq!(send(&mut card, "0020FF11"), "6A86");
    assert!(card.is_verified(PIN1));
}

#[test]
fn a_wrong_puk_counts_for_the_puk() {
    let mut card = selected(V4);
    assert_eq!(unblock(&mut card, PIN1, "99999999", "4321"), "63C4");
    assert_eq!((card.tries_left(PUK), card.tries_left(PIN1)), (Some(4), Some(5)));
    assert_eq!(unblock(&mut card, PIN2, "99999999", "432143"), "63C3", "one budget for both PINs");
    assert_eq!(unblock(&mut card, PIN2, "12345678", "432143"), "9000");
    assert_eq!(card.tries_left(PUK), Some(5), "the right one fills it");
    for left in (0..5).rev() {
        assert_eq!(unblock(&mut card, PIN1, "99999999", "4321"), format!("63C{left}"));
    }
    assert_eq!(unblock(&mut card, PIN1, "12345678", "4321"), "6983");
    assert_eq!(card.credential_count(PUK).tries_spent, 7);
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "9000", "the PINs go on working");
}

#[test]
fn every_delivery_state() {
    use DeliveryState::*;
    // State; then status of the empty VERIFY and DF2F of PIN1 and of PIN2; status of the PUK.
    let table = [
        (Activated, "63C5", "01", "63C5", "01", "63C5"),
        (FreshOld, "6983", "00", "6983", "00", "63C5"),
        (FreshNew, "63C5", "00", "63C5", "00", "63C5"),
        (HalfOld, "63C5", "01", "6983", "00", "63C5"),
        (HalfOldPin2, "6983", "00", "63C5", "01", "63C5"),
        (HalfNew, "63C5", "01", "63C5", "00", "63C5"),
        (HalfNewPin2, "63C5", "00", "63C5", "01", "63C5"),
        (BlockedPin1, "6983", "01", "63C5", "01", "63C5"),
        (BlockedPin2, "63C5", "01", "6983", "01", "63C5"),
        (BlockedPins, "6983", "01", "6983", "01", "63C5"),
        (BlockedPuk, "63C5", "01", "63C5", "01", "6983"),
        (Dead, "6983", "01", "6983", "01", "6983"),
        (DeadOld, "6983", "00", "6983", "00", "6983"),
        (BlockedNew, "6983", "00", "6983", "00", "63C5"),
    ];
    assert_eq!(table.len(), DeliveryState::ALL.len());
    for model in ALL {
        for (state, pin1, changed1, pin2, changed2, puk) in table {
            let mut card = selected_with(options(model, state));
            assert_eq!(state.name().parse(), Ok(state));
            assert_eq!(probe(&mut card, PIN1), pin1, "{state}");
            assert_eq!(probe(&mut card, PIN2), pin2, "{state}");
            assert_eq!(probe(&mut card, PUK), puk, "{state}");
            for (reference, status, changed) in [(PIN1, pin1, changed1), (PIN2, pin2, changed2)] {
                let tries = if status == "6983" { 0 } else { 5 };
                let expected = format!(
                    "A0238301{reference:02X}8C04F00000009C04F0000000DF21040{tries}FFA503DF2702FFFFDF28010CDF2F01{changed}"
                );
                assert_eq!(information(&mut card, reference), (expected, 0x9000), "{state}");
            }
            let healthy = puk == "63C5";
            assert_eq!(unblock(&mut card, PIN1, "12345678", "8642"), if healthy { "9000" } else { "6983" });
        }
    }
}

#[test]
fn codes_can_be_set() {
    let mut options = options(V4, DeliveryState::FreshNew);
    options.codes.transport = "7654321".into();
    options.codes.puk = "87654321".into();
    let mut card = selected_with(options);
    assert!(card.code_is(PIN1, "7654321") && card.code_is(PUK, "87654321") && !card.code_is(PIN1, "1234567"));
    assert_eq!(verify(&mut card, PIN2, "7654321"), "9000");
    card.set_tries_left(PIN1, 1);
    assert_eq!(change(&mut card, PIN1, "1234567", "4711"), "63C0");
}

#[test]
fn two_cards_of_one_holder_behave_alike_and_two_holders_differ() {
    let make = |holder| {
        let mut options = options(V4, DeliveryState::Activated);
        options.holder = holder;
        selected_with(options)
    };
    let (one, same, other) = (make(1), make(1), make(2));
    assert_eq!(one.certificates().holder, same.certificates().holder);
    assert_ne!(one.certificates().holder, other.certificates().holder);
    assert_eq!(one.certificates().root, other.certificates().root);
    assert_ne!(one.printed_serial(), other.printed_serial());
    assert_ne!(one.holder().personal_code, other.holder().personal_code);
}

/// Both PINs have as many digits: one that is presented for the other costs a try, as on a holder's card.
#[test]
fn a_pin1_as_long_as_pin2_is_no_pin2() {
    let mut card = selected(V4);
    assert_eq!(verify(&mut card, PIN1, Codes::PIN1), "9000");
    assert_eq!(verify(&mut card, PIN2, Codes::PIN1), "63C4");
    assert_eq!(verify(&mut card, PIN2, Codes::PIN2), "9000");
    assert_eq!(verify(&mut card, PIN1, Codes::PIN2), "63C4");
    assert_eq!(change(&mut card, PIN2, Codes::PIN2, Codes::PIN1), "9000", "good for either role");
}
