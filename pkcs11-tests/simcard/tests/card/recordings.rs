//! Recorded sessions of real cards, played against the simulated ones.
//!
//! The recordings are not part of the repository; without them the test is ignored.

use crate::common::*;
use simcard::{Card, CardModel, CardOptions};

/// A recording, and the card that is to behave like the recorded one.
struct Recording {
    file: &'static str,
    model: CardModel,
    pin2: &'static str,
    switches: &'static [(&'static str, &'static str)],
}

const RECORDINGS: &[Recording] = &[
    Recording {
        file: "est-idemia-contact-webeid-mock.txt",
        model: CardModel::EstoniaIdemia,
        pin2: "12345",
        switches: &[],
    },
    Recording {
        file: "est-idemia-nfc-pace.txt",
        model: CardModel::EstoniaIdemia,
        pin2: "12345",
        switches: &[],
    },
    Recording {
        file: "est-thales-nfc-pace.txt",
        model: CardModel::EstoniaThales,
        pin2: "12345",
        switches: &[("thales_read_limit", "223")],
    },
    Recording {
        file: "lat-idemia-contact-webeid-mock.txt",
        model: CardModel::LatviaRsa,
        pin2: "123456",
        switches: &[],
    },
    Recording {
        file: "lat-idemia-contact-webeid-issue119.txt",
        model: CardModel::LatviaEc,
        pin2: "123456",
        switches: &[],
    },
    // The code in this recording is a stub that no Latvian card would take.
    Recording {
        file: "lat-idemia-nfc-pace.txt",
        model: CardModel::LatviaEc,
        pin2: "12345",
        switches: &[("latvia_old_slots", "yes"), ("latvia_pin2_shortest", "5")],
    },
];

/// Commands and answers of a recording up to the part that was computed and not captured.
fn exchanges(text: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let captured = text.split("---- COMPUTED").next().unwrap_or_default();
    let mut pairs = Vec::new();
    let mut command = None;
    for line in captured.lines() {
        if let Some(hex) = line.strip_prefix("> ") {
            command = Some(bytes(hex));
        } else if let Some(hex) = line.strip_prefix("< ") {
            pairs.push((command.take().expect("a command before its answer"), bytes(hex)));
        }
    }
    pairs
}

/// PACE: the simulated cards are contact cards.
fn is_pace(command: &[u8]) -> bool {
    matches!(command, [_, 0x86, ..] | [_, 0x22, 0xC1, 0xA4, ..])
}

/// Whether the file that a SELECT names says who the holder is: certificates and records.
fn is_personal(command: &[u8]) -> bool {
    let data = &command[5..5 + usize::from(command[4])];
    let id = u16::from_be_bytes([data[data.len() - 2], data[data.len() - 1]]);
    matches!(id, 0x5001..=0x500F | 0x3401 | 0x3402 | 0x341E | 0x341F | 0x3411 | 0x3421)
}

/// Size of the selected file.
fn size(card: &mut Card) -> usize {
    let mut size = 0;
    loop {
        let answer = card.transmit(&[0, 0xB0, (size >> 8) as u8, size as u8, 0]);
        match answer.len() {
            0..=2 => return size,
            more => size += more - 2,
        }
    }
}

/// The READ BINARY of a personal file, moved to the size of the simulated one, and how many bytes it must give; None
/// where the simulated file is too short for it.
fn moved(command: &[u8], answer: &[u8], size: usize, longest: usize) -> Option<(Vec<u8>, usize)> {
    let offset = usize::from(u16::from_be_bytes([command[2], command[3]]));
    if answer == [0x6B, 0x00] {
        return Some((vec![0, 0xB0, (size >> 8) as u8, size as u8, command[4]], 0));
    }
    let rest = size.checked_sub(offset).filter(|rest| *rest > 0)?;
    let le = match command[4] {
        0 => 256,
        le => usize::from(le).min(rest),
    };
    let mut command = command.to_vec();
    command[4] = le as u8;
    Some((command, le.min(rest).min(longest)))
}

/// What is wrong with an answer, if anything.
fn difference(command: &[u8], recorded: &[u8], simulated: &[u8], personal: bool) -> Option<String> {
    let status = |answer: &[u8]| answer[answer.len() - 2..].to_vec();
    let alike = match command {
        // Signatures differ every time.
        [_, 0x88, ..] | [_, 0x2A, 0x9E, 0x9A, ..] => {
            recorded.len() == simulated.len() && status(recorded) == status(simulated)
        }
        // Control information but for the size of a personal file.
        [_, 0xA4, ..] if personal && recorded.len() > 6 && simulated.len() > 6 => {
            recorded[..4] == simulated[..4] && recorded[6..] == simulated[6..]
        }
        _ => recorded == simulated,
    };
    (!alike).then(|| format!("{}: recorded {}, simulated {}", hex(command), hex(recorded), hex(simulated)))
}

fn play(recording: &Recording, text: &str) -> Vec<String> {
    let mut options = CardOptions { model: recording.model, ..CardOptions::default() };
    options.codes.pin1 = "1234".into();
    options.codes.pin2 = recording.pin2.into();
    for (name, value) in recording.switches {
        options.switches.set(name, value).unwrap();
    }
    let longest = if recording.model == CardModel::EstoniaThales { 223 } else { 231 };
    let mut card = Card::new(options);
    let mut personal = false;
    let mut differences = Vec::new();
    let mut played = 0;
    for (command, recorded) in exchanges(text) {
        // One READ BINARY of the Latvian recording has lost a byte: its answer is that of offset 0600.
        let mutilated = command == [0x00, 0xB0, 0x06, 0xC0];
        if is_pace(&command) || mutilated {
            continue;
        }
        played += 1;
        if command[1] == 0xA4 {
            personal = command[2] != 0x04 && is_personal(&command);
        }
        // A vacant slot is nobody's.
        let vacant = recorded.ends_with(&[0x62, 0x82]);
        if command[1] == 0xB0 && personal && !vacant {
            let size = size(&mut card);
            if let Some((command, length)) = moved(&command, &recorded, size, longest) {
                let simulated = card.transmit(&command);
                let status = &recorded[recorded.len() - 2..];
                if simulated.len() != length + 2 || !simulated.ends_with(status) {
                    differences.push(format!(
                        "{}: {length} bytes expected, {}",
                        hex(&command),
                        hex(&simulated)
                    ));
                }
            }
            continue;
        }
        let simulated = card.transmit(&command);
        differences.extend(difference(&command, &recorded, &simulated, personal));
    }
    assert!(played > 3, "{}: {played} commands", recording.file);
    differences
}

simcard::recorded_tests!(simulated_cards_answer_like_the_recorded_ones);

fn simulated_cards_answer_like_the_recorded_ones() {
    let mut differences = Vec::new();
    for recording in RECORDINGS {
        let found = play(recording, &simcard::recordings::text(recording.file));
        differences.extend(found.into_iter().map(|difference| format!("{} {difference}", recording.file)));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
