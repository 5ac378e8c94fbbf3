//! `with-cards CARD... -- COMMAND [ARGUMENT...]`: runs a program beside a real pcscd with these simulated cards in its
//! readers, and ends as the program ends. To be run inside `private`:
//!
//! ```text
//! pkcs11-tests/kit/sandbox target/release/with-cards fineid-v4.0 fineid-v3.1,state=fresh-old -- bash
//! ```
//!
//! A card is described as the program `simcard` takes it, and with it the keypad of its reader. Each belongs to another
//! person. The command finds in its environment `AVAIN_MODULE`, the module, and `AVAIN_CARDS`, a folder with the
//! certificates of the first card in `1/`, of the second in `2/`, and so on.

use std::process::{Command, ExitCode};

use kit::{Backend, Module, Rig, scratch};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut parts = arguments.splitn(2, |argument| argument == "--");
    let (cards, command) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let ([_, ..], [program, rest @ ..]) = (cards, command) else {
        eprintln!("usage: with-cards CARD[,NAME=VALUE...]... -- COMMAND [ARGUMENT...]");
        return ExitCode::from(2);
    };
    let folder = scratch("cards");
    let has_keypads = cards.iter().any(|card| card.contains("keypad="));
    let rig = match has_keypads {
        true => Rig::with_keypads(Backend::Daemon, cards.len()),
        false => Rig::start(cards.len()),
    };
    let mut inserted = Vec::new();
    for (index, description) in cards.iter().enumerate() {
        let holder = u32::try_from(index + 1).expect("few cards");
        let card = kit::card(&format!("holder={holder},{description}"));
        let certificates = card.lock().expect("nobody else has the card").certificates().clone();
        certificates.write_pem(&folder.join(holder.to_string())).expect("write the card's certificates");
        inserted.push(rig.insert(index, card));
    }
    let status = Command::new(program)
        .args(rest)
        .env("AVAIN_MODULE", Module::under_test())
        .env("AVAIN_CARDS", &folder)
        .status()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    if !status.success() && !rig.log().is_empty() {
        eprintln!("pcscd's own words:\n{}", rig.log());
    }
    drop(inserted);
    let _ = std::fs::remove_dir_all(folder);
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}
