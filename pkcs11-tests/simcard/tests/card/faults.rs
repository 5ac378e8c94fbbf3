//! Scripted faults.

use crate::common::*;
use simcard::{Action, Answer, Card, Fault, PIN1, PIN2};
use std::time::{Duration, Instant};

fn with(fault: Fault) -> Card {
    let mut card = selected(V4);
    card.faults_mut().push(fault);
    card
}

#[test]
fn answers_are_spoilt_once() {
    for (action, answer) in [
        (Action::Garbage(vec![0xDE, 0xAD, 0xBE]), "DEADBE"),
        (Action::Empty, ""),
        (Action::StatusOnly, "9000"),
        (Action::Truncate(1), "309000"),
        (Action::Status(0x6F00), "6F00"),
        (Action::StatusAfter(0x6581), "6581"),
    ] {
        let mut card = with(Fault::on(&[0xB0], action.clone()));
        assert_eq!(send(&mut card, "00A4080C024331"), "9000", "no match");
        assert_eq!(send(&mut card, "00B0000002"), answer, "{action:?}");
        assert_eq!(send(&mut card, "00B0000002"), "30829000");
        assert!(card.faults_mut().is_empty());
        let played: Vec<_> = card.log().exchanges().filter_map(|exchange| exchange.fault.clone()).collect();
        assert_eq!(played, [action.name()]);
    }
}

#[test]
fn before_and_after_make_a_difference_for_counters() {
    let mut card = with(Fault::next(Action::Status(0x6F00)));
    assert_eq!(verify(&mut card, PIN1, "9999"), "6F00");
    assert_eq!(card.tries_left(PIN1), Some(5));
    let mut card = with(Fault::next(Action::StatusAfter(0x6F00)));
    assert_eq!(verify(&mut card, PIN1, "9999"), "6F00");
    assert_eq!(card.tries_left(PIN1), Some(4));
}

#[test]
fn pulled_out() {
    for (action, tries) in [(Action::PullOutBefore, 5), (Action::PullOutAfter, 4)] {
        let mut card = with(Fault::on(&[0x20], action));
        assert_eq!(card.exchange(&bytes("002000110C393939390000000000000000")), Answer::PulledOut);
        assert_eq!(card.tries_left(PIN1), Some(tries));
        assert_eq!(probe(&mut card, PIN1), "6D00", "without power the application is forgotten");
    }
}

#[test]
fn signatures_of_the_wrong_length() {
    for (difference, length) in [(-1, 95), (1, 97), (-96, 0)] {
        let mut card = with(Fault::on(&[0x2A, 0x9E], Action::SignatureLength(difference)));
        assert_eq!(send(&mut card, VERIFY2), "9000");
        assert_eq!(send(&mut card, "002241B606800154840102"), "9000");
        assert_eq!(send(&mut card, &format!("002A90A0329030{}", "11".repeat(48))), "9000");
        card.switches_mut().pin2_one_shot = true;
        let (signature, status) = ask(&mut card, &bytes("002A9E9A60"));
        assert_eq!((signature.len(), status), (length, 0x9000));
        assert!(!card.is_verified(PIN2));
    }
}

#[test]
fn somebody_else_at_the_card() {
    let mut card = with(Fault::on(&[0x2A, 0x9E], Action::ResetBefore));
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(sign(&mut card, 0x54, 1, &[7; 48]).1, 0x6D00);
    assert_eq!(card.log().resets(), 1);
    let mut card = with(Fault::next(Action::OtherApplicationBefore));
    assert_eq!(send(&mut card, VERIFY1), "6D00");
    assert_eq!(card.tries_left(PIN1), Some(5));
}

#[test]
fn delays_are_real_and_in_the_log() {
    let mut card = with(Fault::next(Action::Delay(Duration::from_millis(60))));
    card.log_mut().mark();
    let start = Instant::now();
    assert_eq!(probe(&mut card, PIN1), "63C5");
    assert!(start.elapsed() >= Duration::from_millis(60));
    assert!(card.log().since_mark().milliseconds >= 60.0);
}

#[test]
fn order_of_the_queue_and_text_form() {
    let mut card = selected(V4);
    for text in [
        "on=20 skip=1 status:6F01",
        "on=20 status:6F02",
        "on=A4000C truncate:3",
        "on=2A9E9A signature-length:-1",
    ] {
        card.faults_mut().push(Fault::parse(text).unwrap());
    }
    assert_eq!(card.faults_mut().len(), 4);
    // The first one lets this command pass, the second one takes it.
    assert_eq!(probe(&mut card, PIN1), "6F02");
    assert_eq!(probe(&mut card, PIN1), "6F01");
    assert_eq!(probe(&mut card, PIN1), "63C5");
    card.faults_mut().clear();
    for text in [
        "",
        "on=2",
        "on=zz status:9000",
        "status:zz",
        "delay",
        "nonsense",
        "skip=x empty",
        "signature-length:x",
    ] {
        assert!(Fault::parse(text).is_err(), "{text}");
    }
    for text in [
        "garbage:0102",
        "empty",
        "status-only",
        "pull-out-before",
        "pull-out-after",
        "reset-before",
        "delay:5",
        "other-application-before",
        "status-after:6A80",
    ] {
        assert!(Fault::parse(text).is_ok(), "{text}");
    }
    assert_eq!(Fault::parse("on=20 skip=2 empty"), Ok(Fault::on(&[0x20], Action::Empty).after(2)));
}
