//! EF.CardAccess: how the channel to a card can be opened (ICAO 9303-11 §9.2).

use super::super::tlv::{self, DataObjects};
use avain_crypto::messaging::KeyLength;
use avain_crypto::pace::Curve;

/// The identifier of EF.CardAccess.
pub const FILE: &[u8] = &[0x01, 0x1C];

/// Ciphers, curve, and what the card calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suite {
    /// Length of the keys.
    pub length: KeyLength,
    /// The curve.
    pub curve: Curve,
    /// The number of the curve, if it is named to the card.
    pub number: Option<u8>,
}

/// id-PACE-ECDH-GM-AES-CBC-CMAC without its last number, 2 for 128 bits and 4 for 256.
const PROTOCOL: [u8; 9] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02];

/// Standardised domain parameters (ICAO 9303-11 table 10).
const CURVES: [(u8, Curve); 4] =
    [(12, Curve::P256), (13, Curve::BrainpoolP256), (15, Curve::P384), (16, Curve::BrainpoolP384)];

impl Suite {
    /// The object identifier of the protocol, without its header.
    pub fn protocol(&self) -> [u8; 10] {
        let last = match self.length {
            KeyLength::Aes128 => 2,
            KeyLength::Aes256 => 4,
        };
        let [a, b, c, d, e, f, g, h, i] = PROTOCOL;
        [a, b, c, d, e, f, g, h, i, last]
    }
}

/// The best of the suites in EF.CardAccess that are supported: the first one with the longest keys.
pub fn best(file: &[u8]) -> Option<Suite> {
    let infos = tlv::find(file, 0x31)?;
    let suites = || DataObjects(infos).filter(|info| info.tag == 0x30).filter_map(|info| suite(info.value));
    suites().find(|suite| suite.length == KeyLength::Aes256).or_else(|| suites().next())
}

/// A PACEInfo: protocol, version 2, and the number of standardised domain parameters.
fn suite(info: &[u8]) -> Option<Suite> {
    let mut parts = DataObjects(info);
    let mut next = |tag| parts.next().filter(|part| part.tag == tag).map(|part| part.value);
    let length = match next(0x06)?.strip_prefix(&PROTOCOL)? {
        [2] => KeyLength::Aes128,
        [4] => KeyLength::Aes256,
        _ => return None,
    };
    let (2, &[number]) = (*next(0x02)?.first()?, next(0x02)?) else { return None };
    let (_, curve) = CURVES.into_iter().find(|(known, _)| *known == number)?;
    Some(Suite { length, curve, number: Some(number) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ESTONIA: &[u8] =
        b"\x31\x14\x30\x12\x06\x0A\x04\0\x7F\0\x07\x02\x02\x04\x02\x04\x02\x01\x02\x02\x01\x0C\0\0\0";
    /// A Finnish card: with generic mapping, and with chip authentication mapping.
    const FINLAND: &[u8] =
        b"\x31\x28\x30\x12\x06\x0A\x04\0\x7F\0\x07\x02\x02\x04\x02\x04\x02\x01\x02\x02\x01\x10\
        \x30\x12\x06\x0A\x04\0\x7F\0\x07\x02\x02\x04\x06\x04\x02\x01\x02\x02\x01\x10";
    /// BSI TR-03110, worked example, cut to the infos of PACE: integrated mapping, 3DES, then 128 bits.
    const BSI: &[u8] =
        b"\x31\x28\x30\x12\x06\x0A\x04\0\x7F\0\x07\x02\x02\x03\x02\x02\x02\x01\x02\x02\x01\x0D\
        \x30\x12\x06\x0A\x04\0\x7F\0\x07\x02\x02\x04\x02\x02\x02\x01\x02\x02\x01\x0D";

    #[test]
    fn the_suite_is_found_where_it_is() {
        let found = |file| best(file).map(|suite| (suite.length, suite.curve, suite.number));
        assert_eq!(found(ESTONIA), Some((KeyLength::Aes256, Curve::P256, Some(12))));
        assert_eq!(found(FINLAND), Some((KeyLength::Aes256, Curve::BrainpoolP384, Some(16))));
        assert_eq!(found(BSI), Some((KeyLength::Aes128, Curve::BrainpoolP256, Some(13))));
        assert_eq!(best(FINLAND).unwrap().protocol(), *b"\x04\0\x7F\0\x07\x02\x02\x04\x02\x04");
    }

    #[test]
    fn a_file_that_is_cut_or_changed_names_no_other_suite() {
        for end in 0..22 {
            assert_eq!(best(&ESTONIA[..end]), None);
        }
        for at in 0..22 {
            for value in 0..=255 {
                let mut file = ESTONIA.to_vec();
                file[at] = value;
                if let Some(suite) = best(&file) {
                    assert!(file == ESTONIA || [15, 18, 21].contains(&at) || suite == best(ESTONIA).unwrap());
                }
            }
        }
    }
}
