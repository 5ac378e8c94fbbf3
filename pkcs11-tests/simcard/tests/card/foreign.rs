//! Cards that are none of ours: they answer as they should, and show whether somebody touched their PIN.

use crate::common::*;
use crate::models::*;

#[test]
fn a_bank_card() {
    let mut card = make("bank-card", &[]);
    let (answer, status) = ask(&mut card, &bytes("00A404000E315041592E5359532E4444463031"));
    assert_eq!(status, 0x9000);
    assert!(hex(&answer).starts_with("6F"));
    assert!(answer.windows(14).any(|part| part == b"1PAY.SYS.DDF01"));
    let (record, _) = ask(&mut card, &bytes("00B2010C00"));
    assert!(hex(&record).contains("4F07A0000000041010"));
    assert_eq!(send(&mut card, "00B2020C00"), "6A83");
    for (command, status) in [
        ("00A4000C023F00", "6A82"),
        ("00A4000C", "6A82"),
        ("00A4020C022F00", "6A82"),
        ("00A4080C022F00", "6A82"),
        ("00A4040C0CA000000063504B43532D3135", "6A82"),
        ("00B0000000", "6D00"),
        ("002241B606800154840101", "6D00"),
        ("00CB00FF05A003830111", "6D00"),
        ("00240080083132333435363738", "6D00"),
        ("80E400001C", "6D00"),
        ("A0A40000023F00", "6E00"),
    ] {
        assert_eq!(send(&mut card, command), status, "{command}");
    }
    assert_eq!(card.tries_left(0x80), Some(3), "nothing of this is a try");
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-certificates");
    card.certificates().write_pem(&folder).unwrap();
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "it has none");
}

#[test]
fn any_verify_costs_the_bank_card_a_try() {
    let mut card = make("bank-card", &[]);
    assert_eq!(send(&mut card, "0020008000"), "63C2");
    assert_eq!(send(&mut card, "00200001"), "63C1");
    let (data, _) = ask(&mut card, &bytes("80CA9F1704"));
    assert_eq!(data, bytes("9F170101"));
    assert_eq!(send(&mut card, "0020000108241234FFFFFFFFFF"), "63C0");
    assert_eq!(send(&mut card, "0020000100"), "6983");
    let count = card.credential_count(0x80);
    assert_eq!((count.commands, count.probes, count.tries_spent), (1, 3, 3));
}

#[test]
fn a_sim_knows_its_own_class_only() {
    let mut card = make("sim-card", &[]);
    for command in
        ["00A4000C023F00", "00A4040C0CA000000063504B43532D3135", "0020000100", "80E400001C", "00B0000000"]
    {
        assert_eq!(send(&mut card, command), "6E00", "{command}");
    }
    assert_eq!(card.tries_left(0x01), Some(3));
    assert_eq!(send(&mut card, "A0A40000023F00"), "9F16");
    assert_eq!(send(&mut card, "A0A40000022F00"), "9404");
    assert_eq!(send(&mut card, "A0A40000022FE2"), "9F0F");
    assert_eq!(send(&mut card, "A0B000000A").len(), 24);
    assert_eq!(send(&mut card, "A0200001083132333435363738"), "9804");
    assert_eq!(card.tries_left(0x01), Some(2));
}

#[test]
fn a_half_personalised_card_has_an_application_and_nothing_in_it() {
    let mut card = make("half-personalised", &[]);
    assert_eq!(hex(card.atr()), "3BDB960080B1FE451F830012233F536549440F9000F1");
    assert_eq!(send(&mut card, "00A4040C10A000000077010800070000FE00000100"), "9000");
    assert_eq!(send(&mut card, "00A4000C"), "9000");
    for (command, status) in [
        ("00A4010C02ADF1", "6A82"),
        ("00A4020C02D003", "6A82"),
        ("00A4040C1051534344204170706C69636174696F6E", "6A82"),
        ("00A4090404ADF1340100", "6A82"),
        ("00B0000000", "6986"),
        ("0020000100", "6A88"),
        ("00CB3FFF0A4D087006BF810102A08000", "6A88"),
        ("0088000030", "6985"),
        ("80CA9F7F00", "6E00"),
    ] {
        assert_eq!(send(&mut card, command), status, "{command}");
    }
    assert!(card.certificates().holder.is_empty());
}

#[test]
fn a_mute_card() {
    let mut card = make("mute-card", &[]);
    for command in ["00A4000C023F00", "00B0000000", "0020000100", "A0A40000023F00", "FFCA000000"] {
        assert_eq!(send(&mut card, command), "6F00", "{command}");
    }
    assert_eq!(card.tries_left(0x01), None);
}
