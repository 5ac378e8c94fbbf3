//! A card that no table knows and that describes itself: each file that is selected has what the fuzzer wants. What is
//! understood of it never leads to a PIN that the card did not describe, nor beyond the card's files.
#![no_main]

use avain_card::cards::CardProfile;
use avain_card::cards::profile::{AtrCertainty, Writing};
use avain_card::iso7816::Channel;
use avain_card::transport::{Protocol, Transport, TransportError};
use fuzz::{Input, kinds};
use libfuzzer_sys::fuzz_target;

/// More than all files of all directories, read in blocks, and as many directories as there can be.
const MOST_COMMANDS: u32 = 1_000_000;

fuzz_target!(|data: &[u8]| {
    let mut input = Input::new(data);
    let which = usize::from(input.byte());
    let mut card = Files { input, file: &[], commands: 0 };
    let kinds = kinds();
    let profile = kinds[which % kinds.len()];
    if let AtrCertainty::Kind(read) | AtrCertainty::Nothing(read) = profile.certainty
        && let Ok(understood) = read(&mut Channel::new(&mut card), profile)
    {
        judge(profile, &understood);
    }
});

struct Files<'a> {
    input: Input<'a>,
    file: &'a [u8],
    commands: u32,
}

impl Transport for Files<'_> {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.commands += 1;
        assert!(self.commands < MOST_COMMANDS, "a card that is read without end");
        let answer = match (command[1], command.get(2..5)) {
            (0xA4, _) if self.input.is_empty() => vec![0x6A, 0x82],
            (0xA4, _) => {
                self.file = self.input.some();
                vec![0x90, 0x00]
            }
            (0xB0, Some([high, low, most])) => {
                let start = usize::from(u16::from_be_bytes([*high, *low]));
                let most = if *most == 0 { 256 } else { usize::from(*most) };
                match self.file.get(start..) {
                    None | Some([]) => vec![0x6B, 0x00],
                    Some(left) => [&left[..most.min(left.len())], &[0x90, 0x00]].concat(),
                }
            }
            (instruction, _) => panic!("{instruction:02X} is sent to a card that nobody knows"),
        };
        Ok(answer)
    }

    fn protocol(&self) -> Protocol {
        Protocol::T1
    }
}

fn judge(asked: &CardProfile, understood: &CardProfile) {
    for pin in understood.pins.iter() {
        assert!(pin.max <= 16, "{pin:?} is longer than any PIN");
        let roles = understood.pins.iter().filter(|other| other.role == pin.role);
        assert_eq!(roles.count(), 1, "two PINs of one role");
    }
    for key in understood.keys.iter() {
        let usable = !key.signing.algorithms.is_empty();
        assert!(!usable || understood.pins.iter().any(|pin| pin.role == key.role), "{key:?} has no PIN");
    }
    if matches!(asked.writing, Writing::Never) {
        assert!(matches!(understood.writing, Writing::Never), "nothing is written to such a card");
    }
}
