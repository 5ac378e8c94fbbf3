//! `seeds FOLDER`: what the simulated cards really say, as first inputs for the fuzzer, in a folder for each target.

use avain_card::cards::profile::{AtrCertainty, CardProfile};
use avain_card::cards::{Recognised, recognise};
use avain_card::iso7816::Channel;
use avain_card::transport::{Protocol, Transport, TransportError};
use fuzz::kinds;
use simcard::{Card, CardModel, CardOptions};
use std::path::Path;

/// The most deeds that a target knows.
const DEEDS: u8 = 24;

fn main() {
    let folder = std::env::args_os().nth(1).expect("usage: seeds FOLDER");
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let place = Path::new(&folder).join(target);
        std::fs::create_dir_all(&place).expect("a folder");
        std::fs::write(place.join(name), bytes).expect("a file");
    };
    for (number, model) in CardModel::EVERY.iter().enumerate() {
        let name = model.description().name;
        let mut options = CardOptions::default();
        options.apply(name).expect("a card");
        let card = Card::new(options);
        for (at, certificate) in card.certificates().holder.iter().enumerate() {
            write("certificate", &format!("{name}-{at}"), &certificate.der);
        }
        for deed in 0..DEEDS {
            write("answers", &format!("{name}-{deed}"), &[number as u8, 0, 0, deed, 0, 0]);
        }
        let Some(Recognised { profile, certainty, .. }) = recognise(card.atr()) else { continue };
        let files = read(card, profile, certainty);
        for (at, file) in files.iter().enumerate() {
            write("tlv", &format!("{name}-{at}"), file);
        }
        let place = kinds().iter().position(|kind| std::ptr::eq(*kind, profile)).expect("a known kind");
        let length = |file: &[u8]| u16::try_from(file.len()).expect("a file of a card").to_be_bytes();
        let content = files.iter().flat_map(|file| [&length(file), file.as_slice()].concat());
        write("files", name, &[place as u8].into_iter().chain(content).collect::<Vec<_>>());
    }
}

/// The card's files, in the order in which they are selected to learn what it is.
fn read(card: Card, profile: &CardProfile, certainty: AtrCertainty) -> Vec<Vec<u8>> {
    let mut reader = Reader { card, files: Vec::new() };
    if let AtrCertainty::Kind(read) | AtrCertainty::Nothing(read) = certainty {
        // Of some cards nothing can be learned; what was read is good all the same.
        let _ = read(&mut Channel::new(&mut reader), profile);
    }
    reader.files
}

struct Reader {
    card: Card,
    files: Vec<Vec<u8>>,
}

impl Transport for Reader {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        let answer = self.card.transmit(command);
        match (command[1], self.files.last_mut()) {
            (0xA4, _) => self.files.push(Vec::new()),
            (0xB0, Some(file)) => file.extend_from_slice(&answer[..answer.len() - 2]),
            _ => {}
        }
        Ok(answer)
    }

    fn protocol(&self) -> Protocol {
        Protocol::T1
    }
}
