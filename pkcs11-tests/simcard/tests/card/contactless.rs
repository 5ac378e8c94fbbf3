//! The contactless side, with a host of the test's own: what is answered in the clear, PACE, and the switches.

use crate::common::*;
use aes::Aes256;
use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::{Digest, Sha256};
use simcard::{Card, CardModel, CardOptions, Interface};

const CAN: &str = "571500";
const MAIN: &str = "00A4040C10A000000077010800070000FE00000100";
const PROTOCOL: &str = "800A04007F00070202040204";

fn card(model: CardModel, switches: &[(&str, &str)]) -> Card {
    let mut options =
        CardOptions { model, interface: Interface::Contactless, can: CAN.into(), ..CardOptions::default() };
    for (name, value) in switches {
        options.switches.set(name, value).unwrap();
    }
    options.check_state().unwrap();
    Card::new(options)
}

fn every() -> impl Iterator<Item = CardModel> {
    CardModel::identity_cards().filter(|model| model.description().is_contactless())
}

#[test]
fn only_some_cards_have_a_contactless_side() {
    assert_eq!(every().count(), 11);
    let mut options = CardOptions::default();
    assert!(options.apply("belgium-1.8,interface=contactless").is_err());
    for wrong in ["interface=air", "can=12345", "can=12345a", "can=1234567"] {
        assert!(CardOptions::default().apply(wrong).is_err(), "{wrong}");
    }
    for model in every() {
        let card = card(model, &[]);
        let atr = card.atr();
        assert_eq!(atr[..2], [0x3B, 0x80 | (atr.len() - 5) as u8], "{model}");
        assert_eq!(atr[1..].iter().fold(0, |sum, byte| sum ^ byte), 0, "{model}");
        assert_ne!(atr, model.description().atr);
    }
}

#[test]
fn in_the_clear_there_is_the_file_that_says_how_to_open_it_and_nothing_else() {
    for model in every() {
        let mut card = card(model, &[]);
        let idemia = send(&mut card, MAIN) == "9000";
        assert_eq!(send(&mut card, SELECT), if idemia { "6A82" } else { "6982" }, "{model}");
        assert_eq!(send(&mut card, "00B0000000"), "6982");
        assert_eq!(send(&mut card, "00A4020C02011C"), "9000");
        let file = send(&mut card, "00B0000000");
        assert!(file.starts_with("31"), "{file}");
        for refused in
            [VERIFY1, "00A4080C024331", "00CB00FF05A003830111", "002241B606800154840101", "0084000008"]
        {
            assert_eq!(send(&mut card, refused), "6982");
        }
        assert_eq!(send(&mut card, "0CB000000D9701008E08000000000000000000"), "6988");
        assert_eq!(card.channel_openings(), 0);
    }
}

fn key(secret: &[u8], counter: u8) -> [u8; 32] {
    Sha256::new().chain_update(secret).chain_update([0, 0, 0, counter]).finalize().into()
}

fn sealed(key: &[u8; 32], block: [u8; 16]) -> [u8; 16] {
    let mut block: Block<Aes256> = block.into();
    Aes256::new(&(*key).into()).encrypt_block(&mut block);
    block.into()
}

/// CMAC of a text that is not whole blocks, or is; by the definition, bit by bit.
fn mac(key: &[u8; 32], text: &[u8]) -> Vec<u8> {
    let double = |value: u128| (value << 1) ^ if value >> 127 == 1 { 0x87 } else { 0 };
    let first = double(u128::from_be_bytes(sealed(key, [0; 16])));
    let whole = text.len().is_multiple_of(16) && !text.is_empty();
    let mut padded = text.to_vec();
    if !whole {
        padded.push(0x80);
        padded.resize(padded.len().next_multiple_of(16), 0);
    }
    let count = padded.len() / 16;
    let mut state = 0;
    for (at, block) in padded.chunks(16).enumerate() {
        let mut value = state ^ u128::from_be_bytes(block.try_into().unwrap());
        if at + 1 == count {
            value ^= if whole { first } else { double(first) };
        }
        state = u128::from_be_bytes(sealed(key, value.to_be_bytes()));
    }
    state.to_be_bytes()[..8].to_vec()
}

/// A text with 80 and zeros to whole blocks.
fn filled(text: &[u8]) -> Vec<u8> {
    let mut text = [text, &[0x80]].concat();
    text.resize(text.len().next_multiple_of(16), 0);
    text
}

/// A host on P-256, for cards of Estonia by IDEMIA and of Lithuania. It takes the private key 1 for both steps, which no real host does.
pub(crate) struct Host {
    enciphering: [u8; 32],
    checking: [u8; 32],
    counter: u128,
}

fn object(answer: &str, tag: u8) -> Vec<u8> {
    let answer = bytes(answer);
    assert_eq!((answer[0], answer[2]), (0x7C, tag));
    answer[4..answer.len() - 2].to_vec()
}

/// PACE with this number; the card's last answer.
pub(crate) fn open(card: &mut Card, can: &str) -> (String, Host) {
    open_by(card, 2, can)
}

/// The same by any password.
pub(crate) fn open_by(card: &mut Card, number: u8, can: &str) -> (String, Host) {
    use p256::elliptic_curve::ops::Reduce;
    let begun = send(card, &format!("0022C1A412{PROTOCOL}8301{number:02X}84010C00"));
    assert!(begun == "9000" || begun.starts_with("63C"), "{begun}");
    let secret = object(&send(card, "10860000027C0000"), 0x80);
    let password = key(can.as_bytes(), 3);
    // Deciphering by enciphering is not possible, so the inverse is looked for in the crate.
    use aes::cipher::BlockCipherDecrypt;
    let cipher = Aes256::new(&password.into());
    let mut last = [0; 16];
    let nonce: Vec<u8> = secret
        .chunks(16)
        .flat_map(|chunk| {
            let mut block: Block<Aes256> = <[u8; 16]>::try_from(chunk).unwrap().into();
            cipher.decrypt_block(&mut block);
            let plain: [u8; 16] = std::array::from_fn(|at| block[at] ^ last[at]);
            last = chunk.try_into().unwrap();
            plain
        })
        .collect();
    let generator = p256::ProjectivePoint::GENERATOR;
    let point = |point: p256::ProjectivePoint| point.to_affine().to_sec1_point(false).as_bytes().to_vec();
    let parsed = |bytes: &[u8]| {
        p256::ProjectivePoint::from(*p256::PublicKey::from_sec1_bytes(bytes).unwrap().as_affine())
    };
    let ours = hex(&point(generator));
    let theirs = object(&send(card, &format!("10860000457C438141{ours}00")), 0x82);
    let nonce: p256::FieldBytes = <[u8; 32]>::try_from(nonce).unwrap().into();
    let nonce = p256::Scalar::reduce(&nonce);
    let base = generator * nonce + parsed(&theirs);
    let ours = hex(&point(base));
    let theirs = object(&send(card, &format!("10860000457C438341{ours}00")), 0x84);
    let [enciphering, checking] = [1, 2].map(|counter| key(&theirs[1..33], counter));
    let token = mac(&checking, &[&bytes("7F494F060A04007F000702020402048641"), &theirs[..]].concat());
    let answer = send(card, &format!("008600000C7C0A8508{}00", hex(&token)));
    if answer.len() > 4 {
        let expected =
            mac(&checking, &[&bytes("7F494F060A04007F000702020402048641"), &bytes(&ours)[..]].concat());
        assert_eq!(object(&answer, 0x86), expected);
    }
    (answer, Host { enciphering, checking, counter: 0 })
}

impl Host {
    /// A command with data over the channel, and the status inside, if it is a wrapped one.
    pub(crate) fn give(&mut self, card: &mut Card, header: &str, data: &[u8]) -> String {
        let header = bytes(header);
        let header = [header[0] | 0x0C, header[1], header[2], header[3]];
        self.counter += 1;
        let mut last = sealed(&self.enciphering, self.counter.to_be_bytes());
        let mut told = vec![0x87, 0, 0x01];
        for block in filled(data).chunks(16) {
            last = sealed(&self.enciphering, std::array::from_fn(|at| block[at] ^ last[at]));
            told.extend(last);
        }
        told[1] = told.len() as u8 - 2;
        told.extend([0x97, 1, 0]);
        self.exchange(card, header, &told)
    }

    /// A command without data over the channel, with the status inside, if it is a wrapped one.
    pub(crate) fn send(&mut self, card: &mut Card, header: [u8; 4]) -> String {
        let header = [header[0] | 0x0C, header[1], header[2], header[3]];
        self.counter += 1;
        self.exchange(card, header, &[0x97, 1, 0])
    }

    /// A header and what is told with it, and the status inside the answer.
    fn exchange(&mut self, card: &mut Card, header: [u8; 4], told: &[u8]) -> String {
        let check =
            mac(&self.checking, &[&self.counter.to_be_bytes()[..], &filled(&header), &filled(told)].concat());
        let length = told.len() + 10;
        let answer = send(card, &format!("{}{length:02X}{}8E08{}00", hex(&header), hex(told), hex(&check)));
        if answer.len() == 4 {
            return answer;
        }
        self.counter += 1;
        let told = bytes(&answer[..answer.len() - 24]);
        let check = mac(&self.checking, &[&self.counter.to_be_bytes()[..], &filled(&told)].concat());
        assert_eq!(
            answer[answer.len() - 24..],
            format!("8E08{}{}", hex(&check), &answer[answer.len() - 4..])
        );
        hex(&told[told.len() - 2..])
    }
}

#[test]
fn the_right_number_opens_it_and_a_plain_command_ends_the_channel() {
    for (setting, answer) in [("carried", "9000"), ("refused", "6988")] {
        let mut card = card(CardModel::EstoniaIdemia, &[("plain_in_channel", setting)]);
        let (_, mut host) = open(&mut card, CAN);
        assert_eq!(card.channel_openings(), 1);
        // No file is selected.
        assert_eq!(host.send(&mut card, [0, 0xB0, 0, 0]), "6986");
        assert_eq!(host.send(&mut card, [0, 0xB0, 0, 0]), "6986");
        assert_eq!(send(&mut card, MAIN), answer);
        assert_eq!(host.send(&mut card, [0, 0xB0, 0, 0]), "6988");
        card.reset();
        let (_, mut host) = open(&mut card, CAN);
        assert_eq!(host.send(&mut card, [0, 0xB0, 0, 0]), "6986");
        // A check value that is wrong ends it, too.
        host.counter += 2;
        assert_eq!(host.send(&mut card, [0, 0xB0, 0, 0]), "6988");
        host.counter -= 2;
        assert_eq!(host.send(&mut card, [0, 0xB0, 0, 0]), "6988");
    }
}

#[test]
fn wrong_numbers_make_it_slow_and_nothing_else() {
    let mut card = card(CardModel::EstoniaIdemia, &[]);
    let mut time = |number| {
        card.log_mut().mark();
        let (answer, _) = open(&mut card, number);
        (answer.len() == 4, card.log().since_mark().milliseconds)
    };
    let (_, usual) = time(CAN);
    assert!((400.0..840.0).contains(&usual), "{usual}");
    let slow: Vec<_> = (0..12).map(|_| time("571501")).collect();
    assert!(slow.iter().all(|(refused, _)| *refused));
    assert!(slow.windows(2).all(|pair| pair[0].1 <= pair[1].1 + 1.0));
    assert!((45_000.0..47_000.0).contains(&slow[11].1), "{slow:?}");
    let (refused, _) = time(CAN);
    assert!(!refused);
    assert!(time(CAN).1 < 840.0);
}

#[test]
fn what_is_no_pace_is_refused_and_begins_anew() {
    let mut card = card(CardModel::EstoniaIdemia, &[]);
    for (begin, status) in [
        (format!("0022C1A412{PROTOCOL}83010284010D00"), "6A80"),
        (format!("0022C1A412{PROTOCOL}83010184010C00"), "6A88"),
        ("0022C1A412800A04007F0007020204020283010284010C00".into(), "6A80"),
        (format!("0022C1A40F{PROTOCOL}83010200"), "9000"),
    ] {
        assert_eq!(send(&mut card, &begin), status);
    }
    // A point beside the curve.
    send(&mut card, "10860000027C0000");
    let beside = format!("10860000457C43814104{}00", "01".repeat(64));
    assert_eq!(send(&mut card, &beside), "6A80");
    // Steps out of order.
    for step in ["10860000027C0000", "008600000C7C0A8508000000000000000000"] {
        assert_eq!(send(&mut card, step), "6985");
    }
}

#[test]
fn the_estonian_thales_card_may_want_no_name_of_a_curve() {
    for (setting, status) in [("yes", "9000"), ("no", "6A80")] {
        let mut card = card(CardModel::EstoniaThales, &[("pace_parameter", setting)]);
        assert_eq!(send(&mut card, &format!("0022C1A412{PROTOCOL}83010284011000")), status);
        assert_eq!(send(&mut card, &format!("0022C1A40F{PROTOCOL}83010200")), "9000");
    }
}
