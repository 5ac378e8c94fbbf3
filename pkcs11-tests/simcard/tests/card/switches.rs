//! Every switch, both ways. `every_switch_is_tested` fails when a switch is added without a test.

use crate::common::*;
use crate::random_bytes_elsewhere::any_command;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use simcard::switches::SwitchInfo;
use simcard::{Card, CardModel, CardOptions, Codes, DeliveryState, PIN1, PIN2, PUK, Switches};

/// Where each switch is tested: here or in another file.
const TESTED: &[&str] = &[
    "fresh_answer",
    "df2f_present",
    "df2f_fresh_old",
    "puk_df2f",
    "puk_readable",
    "unblock_needs_blocked",
    "unblock_limit",
    "same_pin_refused",
    "max_new_pin",
    "shared_transport_counter",
    "sign_with_transport_pin",
    "pin2_one_shot",
    "pins_independent",
    "mf_drops_pins",
    "change_verifies",
    "last_try",
    "decipher_indicator",
    "oaep",
    "ec_any_hash",
    "backup_keys",
    // pins.rs
    "unverify_supported",
    // t0_rules.rs
    "chaining",
    "case4_le",
    "strict_le",
    "extended_length",
    // happy_paths.rs
    "long_answer",
    "v31_sign_key",
    // files.rs
    "read_limit",
    "eof",
    "beyond_end",
    "fcp_exact",
    "fcp_size_tag",
    "cert_padding",
    "early_pin_commands",
    "early_security_env",
    "early_files",
    // idemia.rs
    "t1_needs_le",
    "last_try_abroad",
    "malformed_code",
    "probe_supported",
    "same_pin_status",
    "not_verified_status",
    "unknown_key_status",
    "unknown_algorithm_status",
    "hash_length_status",
    "select_drops_pin1",
    "puk_one_shot",
    "cosmo_x_long_reads",
    "latvia_old_slots",
    "latvia_pin2_shortest",
    // thales.rs
    "no_hash_status",
    "thales_read_limit",
    "unchanged_pin1",
    "unchanged_step",
    "unchanged_status",
    "early_pin_data",
    "document_number",
    "empty_record",
    // contactless.rs
    "plain_in_channel",
    "pace_parameter",
    // lithuania.rs
    "pace_tells_tries",
    "suspended_at",
    "ltu_probe_supported",
    // quick/channel.rs of the module
    "mf_under_sm",
    "contactless_signing",
    // belgium.rs
    "directory_padding",
    "bel_certificates",
    "bel_probe_tells_verified",
    "bel_malformed_pin_costs",
    "bel_sign_needs_df",
    "bel_sign_pin_serves_auth",
    // organisation.rs
    "org_tries",
    "org_padded_pin_costs",
    "select_drops_pins",
    "path_with_mf",
    // pkcs15.rs
    "implicit_algorithm",
    "p15_authority_ids",
    "p15_missing",
    "directory_file",
    "application_by_name",
    "path_select",
    // certificates.rs
    "null_parameter",
    "extended_key_usage",
    // unusual_certificates.rs
    "certificate_number",
    "name_text",
    "long_certificates",
    "odd_certificate",
];

#[test]
fn every_switch_is_tested() {
    for switch in Switches::list() {
        assert!(TESTED.contains(&switch.name), "{} has no test", switch.name);
        let mut switches = Switches::default();
        switches.set(switch.name, &switch.default).unwrap();
        assert_eq!(switches, Switches::default());
        assert!(switches.set(switch.name, "nonsense").is_err());
        assert!(!switch.about.is_empty());
    }
    assert_eq!(Switches::list().len(), TESTED.len());
    assert!(Switches::default().set("nonsense", "yes").is_err());
}

/// Settings of a switch that are not its default, in order.
fn others(switch: &SwitchInfo) -> Vec<String> {
    let values: Vec<_> = match switch.choices.as_str() {
        "number" => vec!["1", "8"],
        "four hex digits" => vec!["6999"],
        "none|0..15" => vec!["0", "1"],
        choices => choices.split('|').collect(),
    };
    values.into_iter().filter(|value| *value != switch.default).map(str::to_owned).collect()
}

#[test]
fn a_card_is_given_only_switches_that_say_something_of_it() {
    let mut options = CardOptions::default();
    let refusal = options.apply("fineid-v4.0,latvia_pin2_shortest=4").unwrap_err();
    assert!(refusal.contains("says nothing of a fineid-v4.0 card"), "{refusal}");
    assert!(options.apply("latvia-ec,latvia_pin2_shortest=4").is_ok());
    for model in CardModel::EVERY {
        for switch in model.switches() {
            let mut options = CardOptions::new(*model, DeliveryState::Activated);
            assert_eq!(options.set(switch.name, &switch.default), Ok(()), "{model} {}", switch.name);
        }
    }
    let said =
        |name: &str| CardModel::EVERY.iter().any(|model| model.switches().iter().any(|s| s.name == name));
    assert!(Switches::list().iter().all(|switch| said(switch.name)), "a switch of no card");
}

/// Whatever is sent, a card answers the same whichever way the switches stand that say nothing of it.
#[test]
fn the_other_switches_change_nothing() {
    for model in CardModel::EVERY {
        let own = model.switches();
        let mut options = CardOptions::new(*model, DeliveryState::Activated);
        for switch in Switches::list().iter().filter(|switch| !own.contains(switch)) {
            for value in others(switch).iter().take(1) {
                options.switches.set(switch.name, value).unwrap();
            }
        }
        let mut plain = Card::new(CardOptions::new(*model, DeliveryState::Activated));
        let mut other = Card::new(options);
        assert_eq!(plain.certificates(), other.certificates(), "{model}");
        let mut runner = TestRunner::deterministic();
        for _ in 0..3000 {
            let command = any_command().new_tree(&mut runner).unwrap().current();
            let (answer, same) = (plain.transmit(&command), other.transmit(&command));
            // No two signatures are the same, whole or behind GET RESPONSE.
            let signs = matches!(command.get(1), Some(0x2A | 0x88 | 0xC0));
            let equal = if signs { answer.len() == same.len() } else { answer == same };
            assert!(equal, "{model}: {} > {} or {}", hex(&command), hex(&answer), hex(&same));
        }
        assert_eq!(plain.snapshot().pins, other.snapshot().pins, "{model}");
    }
}

#[test]
fn answers_of_a_never_set_pin() {
    for (value, empty, with_data) in [
        ("6983", "6983", "6983"),
        ("63c0", "63C0", "63C0"),
        ("6984", "6984", "6984"),
        ("6300", "6300", "6983"),
    ] {
        let mut card = switched(V4, DeliveryState::FreshOld, &[("fresh_answer", value)]);
        assert_eq!(probe(&mut card, PIN1), empty);
        assert_eq!(verify(&mut card, PIN1, Codes::PIN1), with_data);
        assert_eq!(verify(&mut card, PIN1, "000000"), with_data);
        assert_eq!(unblock(&mut card, PIN1, "12345678", Codes::PIN1), "9000");
        assert_eq!(probe(&mut card, PIN1), "63C5");
        let mut used = switched(V4, DeliveryState::BlockedPin1, &[("fresh_answer", value)]);
        assert_eq!(
            probe(&mut used, PIN1),
            "6983",
            "a PIN that was chosen and then blocked is another matter"
        );
    }
}

#[test]
fn object_df2f() {
    for (value, ending) in [("00", "DF2F0100"), ("01", "DF2F0101"), ("absent", "DF28010C")] {
        let mut card =
            switched(V4, DeliveryState::FreshOld, &[("df2f_fresh_old", value), ("puk_df2f", value)]);
        assert!(information(&mut card, PIN1).0.ends_with(ending));
        assert!(information(&mut card, PUK).0.ends_with(ending));
        card.switches_mut().df2f_present = false;
        assert!(
            information(&mut card, PIN1).0.starts_with("A01F")
                && information(&mut card, PIN1).0.ends_with("DF28010C")
        );
    }
}

#[test]
fn puk_readable() {
    let mut card = selected(V4);
    assert_eq!(information(&mut card, PUK).1, 0x9000);
    card.switches_mut().puk_readable = false;
    assert_eq!(information(&mut card, PUK), (String::new(), 0x6A88));
    assert_eq!(information(&mut card, 0x12).1, 0x6A88);
    assert_eq!(send(&mut card, "00CB00FE05A003830111"), "6A86");
    assert_eq!(send(&mut card, "00CB00FF05A003840111"), "6A80");
}

#[test]
fn unblocking() {
    let mut card = switched(V4, DeliveryState::BlockedPin1, &[("unblock_needs_blocked", "yes")]);
    assert_eq!(unblock(&mut card, PIN2, "12345678", "654321"), "6985");
    assert_eq!(unblock(&mut card, PIN1, "12345678", "4321"), "9000");
    assert_eq!(unblock(&mut card, PIN1, "99999999", "4321"), "6985");
    assert_eq!(card.tries_left(PUK), Some(5));

    let mut card = switched(V4, DeliveryState::Activated, &[("unblock_limit", "2")]);
    assert!(information(&mut card, PIN1).0.contains("DF210405FF0203"));
    assert_eq!(unblock(&mut card, PIN1, "99999999", "4321"), "63C4");
    assert_eq!(unblock(&mut card, PIN1, "12345678", "4321"), "9000");
    assert_eq!(unblock(&mut card, PIN2, "12345678", "654321"), "9000");
    assert!(information(&mut card, PIN1).0.contains("DF210405FF0003"));
    assert_eq!(unblock(&mut card, PIN1, "12345678", "1111"), "6984");
}

#[test]
fn same_pin() {
    for (value, at_change, at_unblock) in
        [("never", "9000", "9000"), ("change", "6985", "9000"), ("both", "6985", "6985")]
    {
        let mut card = switched(V4, DeliveryState::Activated, &[("same_pin_refused", value)]);
        assert_eq!(change(&mut card, PIN1, Codes::PIN1, Codes::PIN1), at_change);
        assert_eq!(unblock(&mut card, PIN1, "12345678", Codes::PIN1), at_unblock);
        assert_eq!(change(&mut card, PIN1, Codes::PIN1, "4321"), "9000");
    }
}

#[test]
fn longest_new_pin() {
    let mut card = switched(V4, DeliveryState::Activated, &[("max_new_pin", "8")]);
    assert_eq!(change(&mut card, PIN1, Codes::PIN1, "123456789"), "6A80");
    assert_eq!(change(&mut card, PIN1, Codes::PIN1, "12345678"), "9000");
    card.switches_mut().max_new_pin = 12;
    assert_eq!(change(&mut card, PIN1, "12345678", "123456789012"), "9000");
    assert_eq!(verify(&mut card, PIN1, "123456789012"), "9000");
}

#[test]
fn transport_codes() {
    for (shared, other) in [("no", 5), ("yes", 3)] {
        let mut card = switched(V4, DeliveryState::FreshNew, &[("shared_transport_counter", shared)]);
        assert_eq!(change(&mut card, PIN1, "7777777", "4321"), "63C4");
        assert_eq!(change(&mut card, PIN1, "7777777", "4321"), "63C3");
        assert_eq!(card.tries_left(PIN2), Some(other));
        assert_eq!(change(&mut card, PIN1, "1234567", "4321"), "9000");
        assert_eq!(verify(&mut card, PIN1, "9999"), "63C4");
        assert_eq!(card.tries_left(PIN2), Some(other), "a chosen PIN counts alone");
    }
    for (allowed, status) in [("yes", 0x9000), ("no", 0x6985)] {
        let mut card = switched(V4, DeliveryState::FreshNew, &[("sign_with_transport_pin", allowed)]);
        assert_eq!(verify(&mut card, PIN2, "1234567"), "9000");
        assert_eq!(sign(&mut card, 0x54, 2, &[7; 48]).1, status);
        assert_eq!(change(&mut card, PIN2, "1234567", "654321"), "9000");
        assert_eq!(verify(&mut card, PIN2, "654321"), "9000");
        assert_eq!(sign(&mut card, 0x54, 2, &[7; 48]).1, 0x9000);
    }
}

#[test]
fn pin2_for_one_signature() {
    let mut card = selected(V4);
    assert_eq!(sign(&mut card, 0x54, 2, &[7; 48]).1, 0x6982);
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(sign(&mut card, 0x54, 2, &[7; 48]).1, 0x6982, "PIN1 is not for this key");
    assert_eq!(send(&mut card, VERIFY2), "9000");
    assert_eq!(sign(&mut card, 0x54, 2, &[7; 48]).1, 0x9000);
    assert!(
        card.is_verified(PIN2),
        "unless a host closes it, PIN2 stays open: a test that it is closed says something"
    );
    assert_eq!(sign(&mut card, 0x54, 2, &[7; 48]).1, 0x9000);
    card.switches_mut().pin2_one_shot = true;
    assert_eq!(sign(&mut card, 0x54, 2, &[7; 48]).1, 0x9000);
    assert_eq!(sign(&mut card, 0x54, 2, &[7; 48]).1, 0x6982);
    assert_eq!(sign(&mut card, 0x54, 1, &[7; 48]).1, 0x9000, "PIN1 stays");
    assert_eq!(sign(&mut card, 0x54, 1, &[7; 48]).1, 0x9000);
}

#[test]
fn verified_states() {
    let mut card =
        switched(V4, DeliveryState::Activated, &[("pins_independent", "no"), ("mf_drops_pins", "yes")]);
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(send(&mut card, VERIFY2), "9000");
    assert!(!card.is_verified(PIN1) && card.is_verified(PIN2));
    assert_eq!(send(&mut card, "00A4000C023F00"), "9000");
    assert!(!card.is_verified(PIN2));
    card.switches_mut().change_verifies = true;
    assert_eq!(change(&mut card, PIN1, Codes::PIN1, "4321"), "9000");
    assert!(card.is_verified(PIN1));
}

#[test]
fn status_of_the_last_try() {
    for (value, status) in [("63c0", "63C0"), ("6983", "6983")] {
        let mut card = switched(V4, DeliveryState::Activated, &[("last_try", value)]);
        card.set_tries_left(PIN1, 1);
        card.set_tries_left(PUK, 1);
        assert_eq!(verify(&mut card, PIN1, "9999"), status);
        assert_eq!(unblock(&mut card, PIN1, "99999999", Codes::PIN1), status);
    }
}

#[test]
fn deciphering() {
    for (value, right, wrong) in [("00", "00", Some("81")), ("81", "81", Some("00")), ("both", "00", None)] {
        let mut card = switched(V3, DeliveryState::Activated, &[("decipher_indicator", value)]);
        assert_eq!(send(&mut card, VERIFY1), "9000");
        assert_eq!(send(&mut card, "002241B80680011A840101"), "9000");
        let mut decipher = |indicator: &str| {
            // 1 raised to any power is 1, which has no padding; a wrong indicator is found before that.
            assert_eq!(send(&mut card, &format!("102A808681{indicator}{}", "00".repeat(128))), "9000");
            let status = send(&mut card, &format!("002A808680{}01", "00".repeat(127)));
            (status, card.log().operations())
        };
        let before = decipher(right).1;
        assert_eq!(before, 1);
        if let Some(wrong) = wrong {
            assert_eq!(decipher(wrong), ("6A80".into(), 1));
        }
    }
    let mut card = switched(V3, DeliveryState::Activated, &[("oaep", "no")]);
    assert_eq!(send(&mut card, "002241B80680014D840101"), "6A80");
    assert_eq!(send(&mut card, "002241B803840101"), "6A80", "RSA needs its padding named");
    card.switches_mut().oaep = true;
    assert_eq!(send(&mut card, "002241B80680014D840101"), "9000");
}

#[test]
fn hashes_of_ec_keys() {
    let mut card = selected(V4);
    for algorithm in [0x14, 0x34, 0x44, 0x64, 0x42, 0x45, 0x24, 0x55] {
        assert_eq!(sign(&mut card, algorithm, 1, &[7; 32]).1, 0x6A80);
    }
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(sign(&mut card, 0x54, 1, &[7; 32]).1, 0x6A80, "the length belongs to the algorithm");
    card.switches_mut().ec_any_hash = true;
    assert_eq!(sign(&mut card, 0x44, 1, &[7; 32]).1, 0x9000);
    assert_eq!(sign(&mut card, 0x64, 1, &[7; 64]).1, 0x6A80);
}

#[test]
fn backup_keys() {
    for (value, status) in [("no", "6A88"), ("yes", "9000")] {
        for model in [CardModel::FineidV4_0, CardModel::FineidV4_1] {
            let mut card = switched(model, DeliveryState::Activated, &[("backup_keys", value)]);
            let expected = if model == CardModel::FineidV4_1 { status } else { "6A88" };
            assert_eq!(send(&mut card, "002241B606800142840103"), expected);
            assert_eq!(send(&mut card, "002241B606800142840104"), expected);
        }
    }
}

#[test]
fn order_of_security_commands() {
    let mut card = selected(V4);
    let hash = format!("002A90A0329030{}", "11".repeat(48));
    assert_eq!(send(&mut card, &hash), "6985", "no environment");
    assert_eq!(send(&mut card, "002A9E9A60"), "6985");
    assert_eq!(send(&mut card, "002241B606800154840109"), "6A88");
    assert_eq!(send(&mut card, "002241B603800154"), "6A80");
    assert_eq!(send(&mut card, "002241B6068001548401"), "6700");
    assert_eq!(send(&mut card, "002241B606800154850101"), "6A80");
    assert_eq!(send(&mut card, "002281B606800154840101"), "6A86");
    assert_eq!(send(&mut card, "002241A406800154840101"), "6A86");
    assert_eq!(send(&mut card, &format!("002241B631{}", "00".repeat(49))), "6700");
    assert_eq!(send(&mut card, "002241AA03800150"), "9000");
    assert_eq!(send(&mut card, "002241B606800154840101"), "9000");
    assert_eq!(send(&mut card, "002A9E9A60"), "6982");
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(send(&mut card, "002A9E9A60"), "6985", "no digest");
    assert_eq!(send(&mut card, &format!("002A90A032902F{}", "11".repeat(48))), "6A80");
    assert_eq!(send(&mut card, &format!("002A90A0318030{}", "11".repeat(47))), "6A80");
    assert_eq!(send(&mut card, &hash), "9000");
    assert_eq!(send(&mut card, SELECT), "9000");
    assert_eq!(send(&mut card, "002A9E9A60"), "6985", "gone with the application");
    assert_eq!(send(&mut card, "002A80860100"), "6985");
}
