//! The published examples, and points that are none.
#![allow(clippy::arithmetic_side_effects, reason = "a test that overflows has failed, as it should")]

use super::*;

const CURVES: [Curve; 4] = [Curve::P256, Curve::BrainpoolP256, Curve::P384, Curve::BrainpoolP384];

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// A published example: nonce, both private keys of either side, and the mapped base point and the shared secret.
struct Example {
    nonce: &'static str,
    mapping: [&'static str; 2],
    agreement: [&'static str; 2],
    base: &'static str,
    secret: &'static str,
}

/// ICAO 9303-11 G.1, and the worked example of BSI TR-03110. Both are on brainpoolP256r1.
const EXAMPLES: [Example; 2] = [
    Example {
        nonce: "3F00C4D39D153F2B2A214A078D899B22",
        mapping: [
            "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
            "498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560",
        ],
        agreement: [
            "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
            "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A",
        ],
        base: "048CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E2\
               8C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522",
        secret: "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925",
    },
    Example {
        nonce: "7D98C00FC6C9E9543BBF94A87073A123",
        mapping: [
            "752287F5B02DE3C4BC3E17945118C51B23C97278E4CD748048AC56BA5BDC3D46",
            "19C428715663DE745D1824B855D2B967890C99D68ED5FEEE9DCDF8D7BBA289D2",
        ],
        agreement: [
            "009D9A32DF93A57CCE33CA3CDD3457E33A976F293546C73550F397259C93BE0120",
            "15872C56908C144002177994CFAAEDD5467CE150853C44535051FF24183039D8",
        ],
        base: "043929D28BA1E5339D6C5DADE5E33BD3C2F0BD14DD77C7521532261659C918FA60\
               14DD48FA84E62BDE438EDB4C9771D042CDB24B7788BDBAB2031C45751E777F66",
        secret: "6E7D077CCD367C2EAA683F1E8EC534302E2D00B6ADAF8A87A6EDA78740F17606",
    },
];

#[test]
fn both_sides_of_the_published_examples_agree() {
    let curve = Curve::BrainpoolP256;
    for example in &EXAMPLES {
        // One private key is written with a leading zero.
        let key = |text: &str| hex(&text[text.len() - 64..]);
        let (mapping, agreement) = (example.mapping.map(key), example.agreement.map(key));
        let public = mapping.each_ref().map(|key| curve.public_key(key, None).unwrap());
        for side in [0, 1] {
            let base = curve.map(&hex(example.nonce), &mapping[side], &public[1 - side]).unwrap();
            assert_eq!(*base, hex(example.base));
            let public = curve.public_key(&agreement[1 - side], Some(&base)).unwrap();
            assert_eq!(*curve.agree(&agreement[side], &public).unwrap(), hex(example.secret));
        }
    }
}

#[test]
fn both_sides_agree_on_every_curve() {
    for curve in CURVES {
        let [a, b] = [(), ()].map(|()| curve.private_key().unwrap());
        assert_ne!(a, b);
        let publics = [&a, &b].map(|key| curve.public_key(key, None).unwrap());
        let nonce = [7; 16];
        let base = curve.map(&nonce, &a, &publics[1]).unwrap();
        assert_eq!(base, curve.map(&nonce, &b, &publics[0]).unwrap());
        assert_ne!(base, curve.map(&[8; 16], &b, &publics[0]).unwrap());
        let publics = [&a, &b].map(|key| curve.public_key(key, Some(&base)).unwrap());
        assert_eq!(curve.agree(&a, &publics[1]), curve.agree(&b, &publics[0]));
    }
}

#[test]
fn what_is_no_point_is_refused() {
    for curve in CURVES {
        let key = curve.private_key().unwrap();
        let good = curve.public_key(&key, None).unwrap();
        let mut beside = good.clone();
        *beside.last_mut().unwrap() ^= 1;
        let (mut compressed, mut hybrid) = (good.clone(), good.clone());
        compressed.truncate(good.len() / 2 + 1);
        compressed[0] = 2 + good.last().unwrap() % 2;
        hybrid[0] = 6 + good.last().unwrap() % 2;
        let zero = [&[4][..], &vec![0; good.len() - 1]].concat();
        let full = [&[4][..], &vec![0xFF; good.len() - 1]].concat();
        let other = CURVES[(CURVES.iter().position(|c| *c == curve).unwrap() + 1) % 4];
        let foreign = other.public_key(&other.private_key().unwrap(), None).unwrap();
        let short = good[..good.len() - 1].to_vec();
        for bad in [vec![], vec![0], beside, compressed, hybrid, zero, full, foreign, short] {
            assert!(curve.map(&[7; 16], &key, &bad).is_none(), "{curve:?} {bad:02X?}");
            assert!(curve.agree(&key, &bad).is_none(), "{curve:?} {bad:02X?}");
            assert!(curve.public_key(&key, Some(&bad)).is_none(), "{curve:?} {bad:02X?}");
        }
    }
}

#[test]
fn a_nonce_of_zero_and_a_way_to_infinity_are_refused() {
    for curve in CURVES {
        let one = [&vec![0; curve.private_key().unwrap().len() - 1][..], &[1]].concat();
        let base = curve.public_key(&one, None).unwrap();
        assert!(curve.map(&[0; 16], &one, &base).is_none());
        assert!(curve.map(&[7; 100], &one, &base).is_none());
        // Minus the base point: the nonce 1 and the key 1 lead to infinity.
        let mut minus = base.clone();
        let half = base.len() / 2;
        let negative = minus_y(curve, &base[half + 1..]);
        minus[half + 1..].copy_from_slice(&negative);
        assert!(curve.map(&[1], &one, &minus).is_none());
        assert!(curve.map(&[2], &one, &minus).is_some());
        assert!(curve.public_key(&vec![0; one.len()], None).is_none());
    }
}

/// The field's prime minus y.
fn minus_y(curve: Curve, y: &[u8]) -> Vec<u8> {
    let prime = hex(match curve {
        Curve::P256 => "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
        Curve::BrainpoolP256 => "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377",
        Curve::P384 => {
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF"
        }
        Curve::BrainpoolP384 => {
            "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53"
        }
    });
    let mut borrow = 0;
    let mut difference: Vec<u8> = prime
        .iter()
        .zip(y)
        .rev()
        .map(|(p, y)| {
            let digit = i32::from(*p) - i32::from(*y) - borrow;
            borrow = i32::from(digit < 0);
            digit.rem_euclid(256) as u8
        })
        .collect();
    difference.reverse();
    difference
}
