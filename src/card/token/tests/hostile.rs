//! A card that answers anything: whatever comes, every operation ends, nothing panics, and no credential is sent
//! more often than the rules allow.

use super::bench::both;
use crate::cards::certificate::PublicKey;
use crate::cards::engine::{KeyTask, SignInput};
use crate::cards::profile::{Curve, KeyAlgorithm, Padding, SerialFormat};
use crate::cards::{Entered, PROFILES, Pin, Role};
use crate::iso7816::Channel;
use crate::token::Purpose;
use crate::token::insertion::{Identity, Insertion};
use crate::token::kept::CertificateStore;
use crate::token::policy::{OncePin, PinHistory};
use crate::token::transaction::{CardState, SessionPin, Transaction};
use crate::transport::{MAX_ANSWER, Protocol, Transport, TransportError};

/// A small generator of its own (xorshift), so that a failure can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn bytes(&mut self, most: u64) -> Vec<u8> {
        (0..self.roll(most + 1)).map(|_| self.roll(256) as u8).collect()
    }
}

/// Status words that make a difference somewhere, and any other.
const STATUS: [u16; 20] = [
    0x9000, 0x9000, 0x9000, 0x9000, 0x6100, 0x6120, 0x6C20, 0x6C00, 0x6282, 0x6300, 0x63C0, 0x63C4, 0x63C5,
    0x6700, 0x6982, 0x6983, 0x6985, 0x6A82, 0x6A88, 0x6D00,
];

/// Beginnings that parsers look for.
const STARTS: [&[u8]; 5] = [
    b"",
    b"\x30\x82\x04\x3b",
    b"\xA0\x23\x83\x01\x11\xDF\x21\x04\x05",
    b"\x30\x20\x02\x01\x01\x04\x11",
    b"\x30\x80",
];

struct AnyCard {
    dice: Dice,
    /// PIN commands with data that came.
    credentials: usize,
    commands: usize,
}

impl Transport for AnyCard {
    fn exchange(&mut self, command: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.commands += 1;
        assert!(self.commands < 20_000, "an operation that does not end");
        if matches!(command[1], 0x20 | 0x24 | 0x2C) && command.len() > 5 {
            self.credentials += 1;
        }
        if self.dice.roll(50) == 0 {
            return Err(TransportError::Comm);
        }
        let start = STARTS[self.dice.roll(STARTS.len() as u64) as usize];
        let mut answer = [start, &self.dice.bytes(250)].concat();
        if self.dice.roll(4) == 0 {
            answer.clear();
        }
        let sw = match self.dice.roll(8) {
            0 => self.dice.roll(0x1_0000) as u16,
            _ => STATUS[self.dice.roll(STATUS.len() as u64) as usize],
        };
        answer.extend(sw.to_be_bytes());
        answer.truncate(MAX_ANSWER);
        if self.dice.roll(40) == 0 {
            answer.truncate(1);
        }
        Ok(answer)
    }

    fn protocol(&self) -> Protocol {
        if self.dice.0 & 1 == 0 { Protocol::T0 } else { Protocol::T1 }
    }
}

fn pin(digits: &[u8]) -> Pin {
    Pin::new(digits).unwrap()
}

fn typed(digits: &[u8]) -> Entered {
    Entered::Typed(pin(digits))
}

/// Does everything once with a card that answers from this seed.
fn play(seed: u64) {
    let kinds = PROFILES.len() + 1;
    let table = PROFILES.get(seed as usize % kinds).copied();
    let insertion = Insertion::new(table.map_or(b"\x3B\x00", |table| table.atrs.known[0].bytes), 0);
    let mut card =
        AnyCard { dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1), credentials: 0, commands: 0 };
    let (mut card_state, mut session_pin, history, store) =
        (CardState::default(), SessionPin::default(), PinHistory::default(), CertificateStore::default());
    for step in 0..10 {
        let before = card.credentials;
        // A card that says of itself that it is none is left alone.
        let Some(profile) = insertion.assumed_profile() else { return };
        let mut transaction = Transaction {
            channel: Channel::new(&mut card),
            insertion: &insertion,
            profile,
            card_state: &mut card_state,
            session_pin: &mut session_pin,
            history: &history,
            store: &store,
            may_present: &|| Ok(()),
            certain: false,
        };
        let most = act(step, &mut transaction);
        let sent = card.credentials - before;
        assert!(sent <= most, "seed {seed}, {}, step {step}: {sent} credentials", profile.model);
    }
}

/// One of the things that can be done, and how many commands with a PIN it may take.
fn act(step: usize, transaction: &mut Transaction<'_>) -> usize {
    let profile = transaction.profile;
    let ec = PublicKey::Ec { curve: Curve::P384, point: vec![4; 97] };
    let rsa = PublicKey::Rsa { modulus: vec![9; 384], exponent: vec![3] };
    let input = SignInput::Ecdsa(vec![7; 48]);
    let (first, last) = (profile.pins.first(), profile.pins.last());
    match step {
        0 => {
            let identity = transaction.read_identity();
            let stranger = Identity::new(b"a card".to_vec(), SerialFormat::Hexadecimal);
            let _ = transaction.insertion.identity.set(identity.unwrap_or(stranger));
            0
        }
        1 => {
            for role in Role::ALL {
                let _ = transaction.read_view(role);
            }
            0
        }
        2 => {
            let _ = first.map(|spec| transaction.verify(spec, &typed(b"246813")));
            2
        }
        3 => {
            transaction.session_pin.0 = Some(typed(b"246813"));
            let key = profile.keys.first();
            let _ = key.map(|key| transaction.use_key(key, &ec, KeyTask::Sign(&input)));
            1
        }
        4 => {
            let _ = last.map(|spec| transaction.check_pin(spec, typed(b"123456")));
            2
        }
        5 => {
            let key = profile.keys.last();
            let once = OncePin::new(typed(b"123456"), 0);
            let _ = key.map(|key| transaction.use_key_once(key, &ec, KeyTask::Sign(&input), once));
            2
        }
        6 => {
            let _ = first.map(|spec| {
                transaction.set_by_code(spec, both(&pin(b"12345678"), &pin(b"432143")), Purpose::Setting)
            });
            // On some cards the PUK is one command, and the new PIN another.
            3
        }
        7 => {
            let _ = transaction.read_authorities();
            transaction.session_pin.0 = Some(typed(b"246813"));
            let _ = profile.keys.first().map(|key| match key.algorithm {
                KeyAlgorithm::Rsa { .. } => {
                    let task = KeyTask::Decipher { padding: Padding::Pkcs1, cryptogram: &[8; 384] };
                    transaction.use_key(key, &rsa, task)
                }
                KeyAlgorithm::Ec(_) => transaction.use_key(key, &ec, KeyTask::Agree { point: &[4; 97] }),
            });
            1
        }
        8 => {
            let _ = transaction.personal_data();
            let _ = transaction.change_puk(both(&pin(b"12345678"), &pin(b"87654321")));
            2
        }
        _ => {
            let _ = last.map(|spec| transaction.change(spec, both(&pin(b"123456"), &pin(b"654321"))));
            2
        }
    }
}

#[test]
fn whatever_a_card_answers_is_survived() {
    for seed in 1..=20_000 {
        play(seed);
    }
}
