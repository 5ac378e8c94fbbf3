//! The tables of the README, `docs/cards.md` and `docs/pkcs11.md`, written from the tables of the code. `make tables`
//! writes them; a test checks that they are up to date.

use crate::ffi::tables::offered;
use crate::p11::functions::{AlsoPermitted, DEVIATIONS, FORGOTTEN, Needs, SECTIONS, Section, Since};
use crate::p11::mechanisms::{Action, MECHANISMS, Mechanism};
use crate::p11::objects::attributes::ATTRIBUTES;
use crate::p11::objects::rules;
use avain_card::cards::profile::{AtrCertainty, Curve, KeyUses, OnKeypad};
use avain_card::cards::{CardProfile, Evidence, KeyAlgorithm, PROFILES, Role, pkcs15};
use cryptoki_sys::*;
use std::fmt::Write;

fn key(algorithm: KeyAlgorithm) -> String {
    match algorithm {
        KeyAlgorithm::Rsa { min, max } if min == max => format!("RSA-{min}"),
        KeyAlgorithm::Rsa { min, max } => format!("RSA-{min} to {max}"),
        KeyAlgorithm::Ec(Curve::P256) => "EC P-256".to_owned(),
        KeyAlgorithm::Ec(Curve::P384) => "EC P-384".to_owned(),
    }
}

fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Recorded => "recorded",
        Evidence::TwoSources => "several sources",
        Evidence::OneSource => "one source",
        Evidence::Guess => "guessed",
    }
}

/// A row per card: its tokens, the kinds of its keys, and how well it is known.
fn cards_in_short() -> String {
    let mut table = "| card | tokens | keys | evidence |\n|---|---|---|---|\n".to_owned();
    for profile in PROFILES.iter().copied().chain([&pkcs15::CARD]) {
        let (model, known) = (profile.model, evidence(profile.evidence()));
        let mut keys: Vec<_> = profile.keys.iter().map(|spec| key(spec.algorithm)).collect();
        keys.dedup();
        let keys = if keys.is_empty() { described_keys(profile).to_owned() } else { keys.join(", ") };
        writeln!(table, "| {model} | {} | {keys} | {known} |", tokens(profile)).unwrap();
    }
    table
}

/// A row per key of each card; one whose keys its own files tell has a row without.
fn cards() -> String {
    let mut table =
        "| card | token | CKA_ID | label | key | evidence |\n|---|---|---|---|---|---|\n".to_owned();
    for profile in PROFILES {
        for spec in profile.keys.iter() {
            let token = profile.token_label(spec.role);
            let id: String = spec.id.iter().map(|byte| format!("{byte:02X}")).collect();
            let (kind, known) = (key(spec.algorithm), evidence(spec.evidence));
            let (model, label) = (profile.model, &spec.label);
            writeln!(table, "| {model} | {token} | {id} | {label} | {kind} | {known} |").unwrap();
        }
        if profile.keys.is_empty() {
            as_it_says(&mut table, profile);
        }
    }
    as_it_says(&mut table, &pkcs15::CARD);
    table
}

/// A row per card: how well it is known with contacts, without, and with PINs that are entered on a keypad.
fn interfaces() -> String {
    let mut table =
        "| card | with contacts | without contacts | on a keypad |\n|---|---|---|---|\n".to_owned();
    for profile in PROFILES.iter().copied().chain([&pkcs15::CARD]) {
        let by_number = profile.contactless.is_some_and(|known| known.by_contacts);
        let contacts =
            evidence(profile.evidence()).to_owned() + if by_number { ", with its number" } else { "" };
        let without =
            profile.contactless.filter(|known| !known.by_contacts).map_or("-".to_owned(), |known| {
                let role = |role: &Role| profile.pin(*role).map(|pin| pin.name);
                let set = known.sets_pins.then_some("set");
                let uses: Vec<_> = known.proven.iter().filter_map(role).chain(set).collect();
                format!("{}: {}", uses.join(", "), evidence(known.evidence))
            });
        let OnKeypad { present, set } = profile.keypad;
        let told = |what: &str, known: Option<Evidence>| Some(format!("{what}: {}", evidence(known?)));
        let keypad: Vec<_> = told("PINs", present).into_iter().chain(told("set", set)).collect();
        let keypad = if keypad.is_empty() { "-".to_owned() } else { keypad.join(", ") };
        writeln!(table, "| {} | {contacts} | {without} | {keypad} |", profile.model).unwrap();
    }
    table
}

/// The labels of its tokens.
fn tokens(profile: &CardProfile) -> String {
    if profile.pins.is_empty() {
        return format!("{label} (PIN1), {label} (PIN2)", label = profile.label);
    }
    profile.pins.iter().map(|pin| profile.token_label(pin.role)).collect::<Vec<_>>().join(", ")
}

/// What keys a card can have that is asked what it has.
fn described_keys(profile: &CardProfile) -> &'static str {
    match profile.certainty {
        AtrCertainty::Kind(_) => "EC P-384",
        _ => "RSA, EC",
    }
}

/// A card that is asked what it is.
fn as_it_says(table: &mut String, profile: &CardProfile) {
    let known = evidence(profile.codes.evidence);
    let (model, tokens, keys) = (profile.model, tokens(profile), described_keys(profile));
    writeln!(table, "| {model} | {tokens} | as on the card | as on the card | {keys} | {known} |").unwrap();
}

/// What a mechanism is for, with keys for every use.
fn purposes(mechanism: &Mechanism) -> String {
    let all = KeyUses { sign: true, decipher: true, agree: true };
    let words = [
        (CKF_SIGN, "sign"),
        (CKF_VERIFY, "verify"),
        (CKF_SIGN_RECOVER, "with recovery"),
        (CKF_ENCRYPT, "encrypt"),
        (CKF_DECRYPT, "decrypt"),
        (CKF_DERIVE, "derive"),
        (CKF_DIGEST, "digest"),
    ];
    let served = words.iter().filter(|(flag, _)| mechanism.functions(all) & flag != 0);
    served.map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
}

/// A row for all mechanisms that do the same with the same kind of key.
fn mechanisms() -> String {
    let mut rows: Vec<(&str, String, Vec<&str>)> = Vec::new();
    for mechanism in MECHANISMS {
        let keys = match (mechanism.key_type(), mechanism.action) {
            (Some(CKK_EC), _) => "EC",
            (Some(_), _) => "RSA",
            (None, Action::Mac(_) | Action::KeyWrap) => "session secrets",
            (None, _) => "none",
        };
        let purposes = purposes(mechanism);
        match rows.iter_mut().find(|(known, uses, _)| *known == keys && *uses == purposes) {
            Some((_, _, names)) => names.push(mechanism.name),
            None => rows.push((keys, purposes, vec![mechanism.name])),
        }
    }
    let mut table = "| keys | for | mechanisms |\n|---|---|---|\n".to_owned();
    for (keys, purposes, names) in rows {
        writeln!(table, "| {keys} | {purposes} | {} |", names.join(", ")).unwrap();
    }
    table
}

/// A row per class of objects: attributes of those on the card, and of those that programs make for a session.
fn attributes() -> String {
    let classes = [
        (CKO_CERTIFICATE, None, "certificate"),
        (CKO_PUBLIC_KEY, Some(CKK_RSA), "public key, RSA"),
        (CKO_PUBLIC_KEY, Some(CKK_EC), "public key, EC"),
        (CKO_PRIVATE_KEY, Some(CKK_RSA), "private key, RSA"),
        (CKO_PRIVATE_KEY, Some(CKK_EC), "private key, EC"),
        (CKO_PROFILE, None, "profile"),
        (CKO_SECRET_KEY, None, "secret key"),
        (CKO_DATA, None, "data"),
    ];
    let mut table = "| objects | on the card | made for a session |\n|---|---|---|\n".to_owned();
    for (class, key, name) in classes {
        let card: Vec<_> =
            ATTRIBUTES.iter().filter(|row| row.belongs_to(class, key)).map(|row| row.name).collect();
        let made: Vec<_> = rules::names(class, key).collect();
        let list = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        writeln!(table, "| {name} | {} | {} |", list(card), list(made)).unwrap();
    }
    table
}

/// The sections of the standard by how much of each is offered.
fn sections() -> String {
    let count =
        |section: &Section| section.functions.iter().filter(|function| offered(function.name)).count();
    let part =
        |section: &Section| format!("{} ({} of {})", section.title, count(section), section.functions.len());
    let mut rows = [("in full", Vec::new()), ("in part", Vec::new()), ("not", Vec::new())];
    for section in SECTIONS {
        match count(section) {
            0 => rows[2].1.push(section.title.to_owned()),
            all if all == section.functions.len() => rows[0].1.push(section.title.to_owned()),
            _ => rows[1].1.push(part(section)),
        }
    }
    let mut table = "| offered | functions for |\n|---|---|\n".to_owned();
    for (how, titles) in rows.iter().filter(|(_, titles)| !titles.is_empty()) {
        writeln!(table, "| {how} | {} |", titles.join(", ")).unwrap();
    }
    table
}

/// A row per function, section by section.
fn functions() -> String {
    let mut text = String::new();
    for section in SECTIONS {
        writeln!(text, "\n### {} (§5.{})\n", section.title, section.number).unwrap();
        text += "| § | function | since | needs | offered |\n|---|---|---|---|---|\n";
        for (number, function) in (1..).zip(section.functions) {
            let since = match function.since {
                Since::V2_40 => "2.40",
                Since::V3_0 => "3.0",
                Since::V3_2 => "3.2",
            };
            let needs = match function.needs {
                Needs::Nothing => "nothing",
                Needs::Initialized => "C_Initialize",
                Needs::Slot => "a slot",
                Needs::Token => "a token",
                Needs::Session => "a session",
                Needs::Operation => "an operation",
            };
            let answer = if offered(function.name) { "yes" } else { "refused" };
            let (chapter, name) = (section.number, function.name);
            writeln!(text, "| 5.{chapter}.{number} | {name} | {since} | {needs} | {answer} |").unwrap();
        }
    }
    text
}

/// A row per return value that no list of the standard has.
fn besides(list: &[AlsoPermitted]) -> String {
    let mut table = "| functions | return value | why |\n|---|---|---|\n".to_owned();
    for AlsoPermitted { functions, code, why } in list {
        let names =
            if functions.is_empty() { "all that need C_Initialize".to_owned() } else { functions.join(", ") };
        writeln!(table, "| {names} | {} | {why} |", code.1).unwrap();
    }
    table
}

fn replaced(text: &str, name: &str, table: &str) -> String {
    let begin = format!("<!-- {name}: written by make tables -->\n");
    let end = format!("<!-- end of {name} -->");
    let (before, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("no place for {name}"));
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{begin}{table}{end}{after}")
}

#[test]
fn tables_are_up_to_date() {
    let pkcs11 = [
        ("mechanisms", mechanisms()),
        ("sections", sections()),
        ("functions", functions()),
        ("attributes", attributes()),
        ("deviations", besides(DEVIATIONS)),
        ("forgotten", besides(FORGOTTEN)),
    ];
    let readme = [("cards in short", cards_in_short())];
    let all_keys = [("cards", cards()), ("interfaces", interfaces())];
    let pages: [(&str, &[(&str, String)]); 3] =
        [("README.md", &readme), ("docs/cards.md", &all_keys), ("docs/pkcs11.md", &pkcs11)];
    for (file, tables) in pages {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
        let old = std::fs::read_to_string(&path).unwrap();
        let new = tables.iter().fold(old.clone(), |text, (name, table)| replaced(&text, name, table));
        if std::env::var_os("AVAIN_WRITE_TABLES").is_some() {
            std::fs::write(path, new).unwrap();
        } else {
            assert!(old == new, "the tables of {file} are stale: make tables");
        }
    }
}
