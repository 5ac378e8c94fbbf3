//! The tables of the README and of `docs/pkcs11.md`, written from the tables of the code. `make tables` writes them
//! anew; a test holds that they are up to date.

use crate::cards::profile::Curve;
use crate::cards::{CardProfile, Evidence, KeyAlgorithm, PROFILES};
use crate::ffi::tables::offered;
use crate::p11::functions::{Besides, DEVIATIONS, FORGOTTEN, Needs, SECTIONS, Section, Since};
use crate::p11::mechanisms::MECHANISMS;
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
        Evidence::A => "recorded",
        Evidence::B => "several sources",
        Evidence::C => "one source",
        Evidence::G => "guessed",
    }
}

fn pin_name(profile: &CardProfile, index: usize) -> &'static str {
    profile.pins.iter().find(|pin| pin.role == profile.keys[index].role).unwrap().name
}

/// A row per key of each card.
fn cards() -> String {
    let mut table = "| card | PIN | CKA_ID | key | how well known |\n|---|---|---|---|---|\n".to_owned();
    for profile in PROFILES {
        for (index, spec) in profile.keys.iter().enumerate() {
            let (pin, kind, known) = (pin_name(profile, index), key(spec.algorithm), evidence(spec.evidence));
            writeln!(table, "| {} | {pin} | {:02X} | {kind} | {known} |", profile.model, spec.id).unwrap();
        }
    }
    table
}

/// A row per mechanism, with the kinds of key that it works with.
fn mechanisms() -> String {
    let mut table = "| mechanism | keys |\n|---|---|\n".to_owned();
    for mechanism in MECHANISMS {
        let keys = if mechanism.suits(KeyAlgorithm::Ec(Curve::P384)) { "EC" } else { "RSA" };
        writeln!(table, "| {} | {keys} |", mechanism.name).unwrap();
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
        writeln!(text, "\n## {} (§5.{})\n", section.title, section.number).unwrap();
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
fn besides(list: &[Besides]) -> String {
    let mut table = "| functions | return value | why |\n|---|---|---|\n".to_owned();
    for Besides { functions, code, why } in list {
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
    let readme = [("cards", cards()), ("mechanisms", mechanisms()), ("sections", sections())];
    let pkcs11 =
        [("functions", functions()), ("deviations", besides(DEVIATIONS)), ("forgotten", besides(FORGOTTEN))];
    for (file, tables) in [("README.md", readme), ("docs/pkcs11.md", pkcs11)] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let old = std::fs::read_to_string(&path).unwrap();
        let new = tables.iter().fold(old.clone(), |text, (name, table)| replaced(&text, name, table));
        if std::env::var_os("AVAIN_WRITE_TABLES").is_some() {
            std::fs::write(path, new).unwrap();
        } else {
            assert!(old == new, "the tables of {file} are stale: make tables");
        }
    }
}
