//! What the tests share: commands as hexadecimal text, and a reader that follows 61xx.

use simcard::{Card, CardModel, CardOptions, DeliveryState};

pub(crate) const SELECT: &str = "00A4040C0CA000000063504B43532D3135";
pub(crate) const VERIFY1: &str = "002000110C323436383133000000000000";
pub(crate) const VERIFY2: &str = "002000820C313233343536000000000000";
pub(crate) const ALL: [CardModel; 4] = CardModel::ALL;
pub(crate) const V4: CardModel = CardModel::FineidV4_0;
pub(crate) const V3: CardModel = CardModel::FineidV3_0;

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    assert!(hex.len().is_multiple_of(2), "{hex}");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// One exchange.
pub(crate) fn send(card: &mut Card, command: &str) -> String {
    hex(&card.transmit(&bytes(command)))
}

/// One command with everything that GET RESPONSE brings, as data and status.
pub(crate) fn ask(card: &mut Card, command: &[u8]) -> (Vec<u8>, u16) {
    let mut data = Vec::new();
    let mut answer = card.transmit(command);
    loop {
        let [body @ .., high, low] = answer.as_slice() else { panic!("no status in {answer:?}") };
        data.extend_from_slice(body);
        match (*high, *low) {
            (0x61, length) => answer = card.transmit(&[0, 0xC0, 0, 0, length]),
            (0x6C, length) => answer = card.transmit(&[&command[..4], &[length]].concat()),
            (high, low) => return (data, u16::from_be_bytes([high, low])),
        }
    }
}

pub(crate) fn options(model: CardModel, state: DeliveryState) -> CardOptions {
    CardOptions::new(model, state)
}

/// An activated card with the application selected.
pub(crate) fn selected(model: CardModel) -> Card {
    selected_with(options(model, DeliveryState::Activated))
}

pub(crate) fn selected_with(options: CardOptions) -> Card {
    let mut card = Card::new(options);
    assert_eq!(send(&mut card, SELECT), "9000");
    card
}

/// An activated card with switches `name=value`, the application selected.
pub(crate) fn switched(model: CardModel, state: DeliveryState, switches: &[(&str, &str)]) -> Card {
    let mut options = options(model, state);
    for (name, value) in switches {
        options.switches.set(name, value).unwrap();
    }
    selected_with(options)
}

pub(crate) fn padded(digits: &str) -> String {
    let mut code = digits.as_bytes().to_vec();
    code.resize(12, 0);
    hex(&code)
}

pub(crate) fn verify(card: &mut Card, reference: u8, digits: &str) -> String {
    send(card, &format!("002000{reference:02X}0C{}", padded(digits)))
}

pub(crate) fn change(card: &mut Card, reference: u8, old: &str, new: &str) -> String {
    send(card, &format!("002400{reference:02X}18{}{}", padded(old), padded(new)))
}

pub(crate) fn unblock(card: &mut Card, reference: u8, puk: &str, new: &str) -> String {
    send(card, &format!("002C00{reference:02X}18{}{}", padded(puk), padded(new)))
}

/// State without data, without cost.
pub(crate) fn probe(card: &mut Card, reference: u8) -> String {
    send(card, &format!("002000{reference:02X}"))
}

/// GET DATA of a PIN, fetched.
pub(crate) fn information(card: &mut Card, reference: u8) -> (String, u16) {
    let (data, status) = ask(card, &bytes(&format!("00CB00FF05A0038301{reference:02X}")));
    (hex(&data), status)
}

/// MSE, PSO: HASH and PSO: CDS; the digest is `length` bytes.
pub(crate) fn sign(card: &mut Card, algorithm: u8, key: u8, digest: &[u8]) -> (Vec<u8>, u16) {
    let status = send(card, &format!("002241B6068001{algorithm:02X}8401{key:02X}"));
    if status != "9000" {
        return (Vec::new(), u16::from_str_radix(&status, 16).unwrap());
    }
    let length = digest.len() as u8;
    let hash = [&[0, 0x2A, 0x90, 0xA0, length + 2, 0x90, length], digest].concat();
    let (_, status) = ask(card, &hash);
    if status != 0x9000 {
        return (Vec::new(), status);
    }
    ask(card, &[0, 0x2A, 0x9E, 0x9A, 0])
}

/// PSO: DECIPHER with a peer's point behind the padding indicator 00, and the x coordinate that the peer computes from
/// the card's authentication certificate.
pub(crate) fn agreement(card: &Card) -> (Vec<u8>, Vec<u8>) {
    use p384::elliptic_curve::sec1::ToSec1Point;
    use x509_parser::prelude::{FromDer, X509Certificate};
    let peer = p384::SecretKey::from_slice(&[7; 48]).unwrap();
    let point = peer.public_key().to_sec1_point(false);
    let der = &card.certificates().named("auth").unwrap().der;
    let certificate = X509Certificate::from_der(der).unwrap().1;
    let own = p384::PublicKey::from_sec1_bytes(&certificate.public_key().subject_public_key.data).unwrap();
    let shared = p384::ecdh::diffie_hellman(peer.to_nonzero_scalar(), own.as_affine());
    let command = [&[0, 0x2A, 0x80, 0x86, 98, 0], point.as_bytes(), &[0]].concat();
    (command, shared.raw_secret_bytes().to_vec())
}
