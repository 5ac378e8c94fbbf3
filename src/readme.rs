//! The tables of the README, written from the tables of the code. `make tables` writes them anew; a test holds
//! that they are up to date.

use crate::cards::profile::{Curve, KeyUses};
use crate::cards::{CardProfile, Evidence, KeyAlgorithm, PROFILES};
use crate::p11::mechanisms::{Action, MECHANISMS, Mechanism};
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

/// What a mechanism is for, with keys for every use.
fn functions(mechanism: &Mechanism) -> String {
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

/// A row per mechanism, with the kinds of key that it works with.
fn mechanisms() -> String {
    let mut table = "| mechanism | keys | for |\n|---|---|---|\n".to_owned();
    for mechanism in MECHANISMS {
        let keys = match (mechanism.key_type(), mechanism.action) {
            (Some(CKK_EC), _) => "EC",
            (Some(_), _) => "RSA",
            (None, Action::Mac(_)) => "session secrets",
            (None, _) => "none",
        };
        writeln!(table, "| {} | {keys} | {} |", mechanism.name, functions(mechanism)).unwrap();
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
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let old = std::fs::read_to_string(path).unwrap();
    let new = replaced(&old, "cards", &cards());
    let new = replaced(&new, "mechanisms", &mechanisms());
    if std::env::var_os("AVAIN_WRITE_TABLES").is_some() {
        std::fs::write(path, new).unwrap();
    } else {
        assert!(old == new, "the tables of the README are stale: make tables");
    }
}
