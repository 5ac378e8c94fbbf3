//! PACE with generic mapping, the card's side (ICAO 9303-11 §4.4.3).

use super::cipher;
use super::curves;
use super::messaging::Keys;
use crate::facts::air::AirDescription;
use crate::wire::apdu::sw;
use crate::wire::der::tlv;
use getrandom::SysRng;
use getrandom::rand_core::TryRng;
use sha2::{Digest, Sha256};

/// PACE-ECDH-GM-AES-CBC-CMAC-256.
const PROTOCOL: [u8; 10] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x04];
/// The reference of the card access number.
pub(super) const CAN: u8 = 0x02;

/// How far PACE has come.
#[derive(Clone, Default)]
pub(super) enum Pace {
    #[default]
    Idle,
    Begun,
    Drawn {
        nonce: Vec<u8>,
    },
    Mapped {
        base: Vec<u8>,
    },
    Agreed {
        keys: Keys,
        host: Vec<u8>,
        own: Vec<u8>,
    },
}

/// What a step comes to.
pub(super) enum Step {
    /// This data object, in the template.
    Goes(Pace, u8, Vec<u8>),
    /// The last data object, and the keys of the channel.
    Open(Vec<u8>, Keys),
    /// The password was another one.
    WrongPassword,
}

/// A key from a secret: SHA-256 over it and a counter.
pub(super) fn derived(secret: &[u8], counter: u8) -> [u8; 32] {
    Sha256::new().chain_update(secret).chain_update([0, 0, 0, counter]).finalize().into()
}

/// The token over a public key.
pub(super) fn token(keys: &Keys, point: &[u8]) -> [u8; 8] {
    let content = [tlv(0x06, &PROTOCOL), tlv(0x86, point)].concat();
    cipher::mac(&keys.checking, &[&[0x7F, 0x49, content.len() as u8], &content[..]].concat())
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SysRng.try_fill_bytes(&mut bytes).expect("the system has random numbers");
    bytes
}

/// MSE SET AT: the number of the password that was chosen. A card with one suite also begins if the curve is not named.
pub(super) fn begin(air: &AirDescription, data: &[u8], takes_parameter: bool) -> Result<u8, u16> {
    let objects = objects(data).ok_or(sw::WRONG_DATA)?;
    let value = |tag| objects.iter().find(|(known, _)| *known == tag).map(|(_, value)| *value);
    if value(0x80) != Some(&PROTOCOL) {
        return Err(sw::WRONG_DATA);
    }
    let Some([number]) = value(0x83) else { return Err(sw::REFERENCE_NOT_FOUND) };
    match value(0x84) {
        None => Ok(*number),
        Some(named) if takes_parameter && named == [air.parameter] => Ok(*number),
        Some(_) => Err(sw::WRONG_DATA),
    }
}

/// One GENERAL AUTHENTICATE. After an error PACE has to begin again.
pub(super) fn step(
    pace: Pace,
    air: &AirDescription,
    password: &str,
    data: &[u8],
    last: bool,
) -> Result<Step, u16> {
    let template = objects(data).ok_or(sw::WRONG_DATA)?;
    let [(0x7C, content)] = template.as_slice() else { return Err(sw::WRONG_DATA) };
    let content = objects(content).ok_or(sw::WRONG_DATA)?;
    let curve = air.curve;
    match (pace, content.as_slice(), last) {
        (Pace::Begun, [], false) => {
            let nonce = random(air.nonce);
            let sealed = cipher::encipher(&derived(password.as_bytes(), 3), [0; 16], &nonce);
            Ok(Step::Goes(Pace::Drawn { nonce }, 0x80, sealed))
        }
        (Pace::Drawn { nonce }, [(0x81, host)], false) => {
            let private = random(curves::field(curve) - 1);
            let shared = curves::times(curve, &private, Some(host), None).ok_or(sw::WRONG_DATA)?;
            let base = curves::times(curve, &nonce, None, Some(&shared)).ok_or(sw::WRONG_DATA)?;
            let own = curves::times(curve, &private, None, None).ok_or(sw::WRONG_DATA)?;
            Ok(Step::Goes(Pace::Mapped { base }, 0x82, own))
        }
        (Pace::Mapped { base }, [(0x83, host)], false) => {
            let private = random(curves::field(curve) - 1);
            let shared = curves::times(curve, &private, Some(host), None).ok_or(sw::WRONG_DATA)?;
            let own = curves::times(curve, &private, Some(&base), None).ok_or(sw::WRONG_DATA)?;
            let keys = Keys::new(&shared[1..=curves::field(curve)]);
            Ok(Step::Goes(Pace::Agreed { keys, host: host.to_vec(), own: own.clone() }, 0x84, own))
        }
        (Pace::Agreed { keys, host, own }, [(0x85, given)], true) => {
            if **given == token(&keys, &own) {
                Ok(Step::Open(token(&keys, &host).to_vec(), keys))
            } else {
                Ok(Step::WrongPassword)
            }
        }
        _ => Err(sw::CONDITIONS),
    }
}

/// Data objects with tags and lengths of one byte, or a length of 81 and one byte.
pub(super) fn objects(mut data: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut found = Vec::new();
    while let [tag, rest @ ..] = data {
        let (length, rest) = match rest {
            [0x81, length, rest @ ..] => (*length, rest),
            [length @ ..=0x7F, rest @ ..] => (*length, rest),
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(usize::from(length))?;
        found.push((*tag, value));
        data = rest;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::air::{ESTONIA_COSMO_8, ESTONIA_THALES, LATVIA_COSMO_8};

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// What follows some words in a recording.
    fn after<'t>(text: &'t str, words: &str) -> &'t str {
        let (_, rest) = text.split_once(words).unwrap_or_else(|| panic!("{words}"));
        rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap()
    }

    /// With the recorded keys of the host, the recorded points of the card and its nonce, this side computes what others
    /// have computed from them, and the recorded tokens.
    fn agrees(file: &str, air: &AirDescription) {
        let text = crate::recordings::text(file);
        let get = |words| bytes(after(&text, words));
        let can = after(&text, "CAN ");
        let answers: Vec<_> = text
            .lines()
            .filter_map(|line| line.strip_prefix("< 7C"))
            .map(|answer| bytes(&format!("7C{}", &answer[..answer.len() - 4])))
            .collect();
        let value = |at: usize| objects(objects(&answers[at]).unwrap()[0].1).unwrap()[0].1.to_vec();
        let nonce = cipher::decipher(&derived(can.as_bytes(), 3), [0; 16], &value(0)).unwrap();
        assert_eq!(nonce, get("AES-256-CBC zero IV): "));
        let shared = curves::times(air.curve, &get("1 private key "), Some(&value(1)), None).unwrap();
        assert_eq!(shared, get("card_pub_1: "));
        let base = curves::times(air.curve, &nonce, None, Some(&shared)).unwrap();
        assert_eq!(base, get("s*G + H: "));
        let private = get("2 private key ");
        let host = curves::times(air.curve, &private, Some(&base), None).unwrap();
        let secret = curves::times(air.curve, &private, Some(&value(2)), None).unwrap();
        let keys = Keys::new(&secret[1..=curves::field(air.curve)]);
        assert_eq!(keys.enciphering[..], get("x || 00000001): "));
        assert_eq!(keys.checking[..], get("x || 00000002): "));
        assert_eq!(token(&keys, &value(2))[..], get("token host -> card: "));
        assert_eq!(token(&keys, &host)[..], get("token card -> host: "));
        assert_eq!(token(&keys, &host)[..], value(3));
    }

    crate::recorded_tests!(the_recorded_cards_and_this_side_agree);

    fn the_recorded_cards_and_this_side_agree() {
        agrees("est-idemia-nfc-pace.txt", &ESTONIA_COSMO_8);
        agrees("lat-idemia-nfc-pace.txt", &LATVIA_COSMO_8);
        agrees("est-thales-nfc-pace.txt", &ESTONIA_THALES);
    }

    #[test]
    fn padding_is_for_whole_blocks() {
        assert_eq!([15, 16].map(|length| cipher::padded(&vec![7; length]).len()), [16, 32]);
    }
}
