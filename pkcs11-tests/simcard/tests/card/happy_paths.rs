//! The published sessions with the issuer's test cards, replayed: same commands, same answers. Signatures are random
//! or made with other keys, so they are checked under the card's own certificates.

use crate::common::*;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::{Pkcs1v15Sign, Pss};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use simcard::{Card, CardModel, DeliveryState, PIN1, PIN2, PUK};
use x509_parser::prelude::*;

const MESSAGE: &[u8] = b"Hello world!";

fn public_key_bits(der: &[u8]) -> Vec<u8> {
    let (rest, certificate) = X509Certificate::from_der(der).unwrap();
    assert!(rest.is_empty());
    certificate.public_key().subject_public_key.data.to_vec()
}

/// Checks a signature with the certificate that is read from the card's file, not with what the simulator says.
pub(crate) fn check(certificate: &[u8], algorithm: u8, digest: &[u8], signature: &[u8]) {
    use p384::ecdsa::signature::hazmat::PrehashVerifier;
    let key = public_key_bits(certificate);
    match algorithm & 0x0F {
        4 if signature.len() == 64 => {
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&key).unwrap();
            key.verify_prehash(digest, &p256::ecdsa::Signature::from_slice(signature).unwrap()).unwrap();
        }
        4 => {
            assert_eq!(signature.len(), 96);
            let digest = &digest[..digest.len().min(48)];
            let mut number = vec![0; 48 - digest.len()];
            number.extend_from_slice(digest);
            let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&key).unwrap();
            key.verify_prehash(&number, &p384::ecdsa::Signature::from_slice(signature).unwrap()).unwrap();
        }
        scheme => {
            let key = rsa::PublicKey::from_pkcs1_der(&key).unwrap();
            macro_rules! with {
                ($digest:ty) => {
                    match scheme {
                        2 => key.verify(Pkcs1v15Sign::new::<$digest>(), digest, signature),
                        _ => key.verify(Pss::<$digest>::new(), digest, signature),
                    }
                };
            }
            match algorithm >> 4 {
                1 => with!(Sha1),
                3 => with!(Sha224),
                4 => with!(Sha256),
                5 => with!(Sha384),
                _ => with!(Sha512),
            }
            .unwrap();
        }
    }
}

/// Reads a file in pieces of 181 bytes, as the recording client did.
fn read(card: &mut Card, path: &str) -> Vec<u8> {
    assert_eq!(send(card, &format!("00A4080C{:02X}{path}", path.len() / 2)), "9000");
    let head = card.transmit(&bytes("00B0000004"));
    assert_eq!(&head[..2], [0x30, 0x82]);
    let length = usize::from(u16::from_be_bytes([head[2], head[3]])) + 4;
    let mut content = Vec::new();
    while content.len() < length {
        let offset = (content.len() as u16).to_be_bytes();
        let wanted = (length - content.len()).min(181);
        let answer = card.transmit(&[0, 0xB0, offset[0], offset[1], wanted as u8]);
        assert_eq!(answer.len(), wanted + 2);
        content.extend_from_slice(&answer[..wanted]);
    }
    content
}

#[test]
fn v4_authentication() {
    let mut card = Card::new(options(V4, DeliveryState::Activated));
    assert_eq!(ask(&mut card, &bytes("00A404000CA000000063504B43532D3135")).1, 0x9000);
    let certificate = read(&mut card, "4331");
    assert_eq!(certificate, card.certificates().named("auth").unwrap().der);
    assert_eq!(send(&mut card, "00CB00FF05A003830111"), "6125");
    assert_eq!(
        send(&mut card, "00C0000025"),
        "A0238301118C04F00000009C04F0000000DF210405FFA503DF2702FFFFDF28010CDF2F01019000"
    );
    assert_eq!(send(&mut card, "00A4000C023F00"), "9000");
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(send(&mut card, "002241B606800154840101"), "9000");
    let digest = Sha384::digest(MESSAGE);
    // The digest of the recording is that of the same message.
    let command = format!("002A90A0329030{}", hex(&digest));
    assert!(command.starts_with("002A90A032903086255FA2C36E4B30969EAE17DC34C772"));
    assert_eq!(send(&mut card, &command), "9000");
    let answer = card.transmit(&bytes("002A9E9A60"));
    assert_eq!(answer.len(), 98);
    check(&certificate, 0x54, &digest, &answer[..96]);
    assert!(card.is_verified(PIN1));
}

#[test]
fn v4_signature() {
    let mut card = selected(V4);
    let certificate = read(&mut card, "50164332");
    assert!(information(&mut card, PIN2).0.starts_with("A023830182"));
    assert_eq!(send(&mut card, "00A4000C023F00"), "9000");
    assert_eq!(send(&mut card, VERIFY2), "9000");
    let digest = Sha384::digest(MESSAGE);
    let (signature, status) = sign(&mut card, 0x54, 2, &digest);
    assert_eq!(status, 0x9000);
    check(&certificate, 0x54, &digest, &signature);
}

#[test]
fn v3_authentication_is_pss() {
    let mut card = selected(V3);
    let certificate = read(&mut card, "4331");
    assert_eq!(send(&mut card, "00A4000C023F00"), "9000");
    assert_eq!(send(&mut card, VERIFY1), "9000");
    let digest = Sha256::digest(MESSAGE);
    assert_eq!(send(&mut card, "002241B606800145840101"), "9000");
    assert_eq!(send(&mut card, &format!("002A90A0229020{}", hex(&digest))), "9000");
    let answer = card.transmit(&bytes("002A9E9A00"));
    assert_eq!(answer.len(), 258);
    check(&certificate, 0x45, &digest, &answer[..256]);
}

#[test]
fn v3_ec_signature() {
    let mut card = selected(V3);
    let certificate = read(&mut card, "50164335");
    assert_eq!(send(&mut card, VERIFY2), "9000");
    let digest = Sha256::digest(MESSAGE);
    assert_eq!(send(&mut card, "002241B606800144840103"), "9000");
    assert_eq!(send(&mut card, &format!("002A90A0229020{}", hex(&digest))), "9000");
    let answer = card.transmit(&bytes("002A9E9A40"));
    check(&certificate, 0x44, &digest, &answer[..64]);
    assert_eq!(&answer[64..], [0x90, 0]);
}

/// Every key of every card with every algorithm it may know.
#[test]
fn every_key_signs_with_every_algorithm_of_its_kind() {
    for model in ALL {
        let mut card = switched(
            model,
            DeliveryState::Activated,
            &[("backup_keys", "yes"), ("ec_any_hash", "yes"), ("pin2_one_shot", "no")],
        );
        let certificates = card.certificates().clone();
        assert_eq!(send(&mut card, VERIFY1), "9000");
        assert_eq!(send(&mut card, VERIFY2), "9000");
        for certificate in &certificates.holder {
            let mut worked = 0;
            for hash in [1, 3, 4, 5, 6_u8] {
                for scheme in [2, 4, 5_u8] {
                    let digest: Vec<u8> = match hash {
                        1 => Sha1::digest(MESSAGE).to_vec(),
                        3 => Sha224::digest(MESSAGE).to_vec(),
                        4 => Sha256::digest(MESSAGE).to_vec(),
                        5 => Sha384::digest(MESSAGE).to_vec(),
                        _ => Sha512::digest(MESSAGE).to_vec(),
                    };
                    let algorithm = hash << 4 | scheme;
                    let (signature, status) = sign(&mut card, algorithm, certificate.key_reference, &digest);
                    if status == 0x9000 {
                        check(&certificate.der, algorithm, &digest, &signature);
                        worked += 1;
                    } else {
                        assert_eq!(status, 0x6A80);
                    }
                }
            }
            // RSA: five hashes in two schemes; P-256: hashes up to 32 bytes; P-384: up to 48.
            let expected = match public_key_bits(&certificate.der).len() {
                65 => 3,
                97 => 4,
                _ => 10,
            };
            assert_eq!(worked, expected, "{model} {}", certificate.name);
        }
    }
}

#[test]
fn a_3072_bit_signature_comes_in_pieces() {
    let mut card = selected(CardModel::FineidV3_1);
    let certificate = read(&mut card, "4331");
    let digest = Sha256::digest(MESSAGE);
    assert_eq!(send(&mut card, VERIFY1), "9000");
    assert_eq!(send(&mut card, "002241B606800142840101"), "9000");
    assert_eq!(send(&mut card, &format!("002A90A0229020{}", hex(&digest))), "9000");
    let first = card.transmit(&bytes("002A9E9A00"));
    assert_eq!((first.len(), &first[256..]), (258, &[0x61, 0x80][..]));
    let second = card.transmit(&bytes("00C0000080"));
    assert_eq!((second.len(), &second[128..]), (130, &[0x90, 0x00][..]));
    check(&certificate, 0x42, &digest, &[&first[..256], &second[..128]].concat());
    // The other way of starting.
    card.switches_mut().set("long_answer", "status-first").unwrap();
    assert_eq!(send(&mut card, &format!("002A90A0229020{}", hex(&digest))), "9000");
    assert_eq!(send(&mut card, "002A9E9A00"), "6100");
    assert_eq!(card.transmit(&bytes("00C0000000"))[256..], [0x61, 0x80]);
    assert_eq!(card.transmit(&bytes("00C0000080")).len(), 130);
}

#[test]
fn sign_key_size_of_v31_is_a_switch() {
    for (bits, length) in [("2048", 256), ("3072", 384)] {
        let mut card = switched(CardModel::FineidV3_1, DeliveryState::Activated, &[("v31_sign_key", bits)]);
        assert_eq!(send(&mut card, VERIFY2), "9000");
        let digest = Sha256::digest(MESSAGE);
        let (signature, status) = sign(&mut card, 0x42, 2, &digest);
        assert_eq!((signature.len(), status), (length, 0x9000));
        let certificate = card.certificates().named("sign").unwrap().der.clone();
        check(&certificate, 0x42, &digest, &signature);
    }
}

#[test]
fn activation_by_the_old_scheme() {
    let mut card = selected_with(options(V4, DeliveryState::FreshOld));
    assert_eq!(probe(&mut card, PIN1), "6983");
    assert_eq!(unblock(&mut card, PIN1, "12345678", "4711"), "9000");
    assert_eq!(unblock(&mut card, PIN2, "12345678", "471147"), "9000");
    assert_eq!(probe(&mut card, PIN1), "63C5", "the command leaves the PIN unverified");
    assert_eq!(verify(&mut card, PIN1, "4711"), "9000");
    assert_eq!(verify(&mut card, PIN2, "471147"), "9000");
    assert!(information(&mut card, PIN1).0.ends_with("DF2F0101"));
    assert_eq!(card.tries_left(PUK), Some(5));
}

#[test]
fn activation_by_the_new_scheme() {
    let mut card = selected_with(options(CardModel::FineidV4_1, DeliveryState::FreshNew));
    assert_eq!(probe(&mut card, PIN1), "63C5");
    assert!(information(&mut card, PIN1).0.ends_with("DF2F0100"));
    assert_eq!(change(&mut card, PIN1, "1234567", "4711"), "9000");
    assert!(information(&mut card, PIN1).0.ends_with("DF2F0101"));
    assert!(information(&mut card, PIN2).0.ends_with("DF2F0100"));
    assert_eq!(change(&mut card, PIN2, "1234567", "471147"), "9000");
    assert_eq!(verify(&mut card, PIN1, "1234567"), "63C4");
    assert_eq!(verify(&mut card, PIN2, "471147"), "9000");
}

#[test]
fn rsa_decipher_in_a_chain() {
    use rsa::Pkcs1v15Encrypt;
    for model in [V3, CardModel::FineidV3_1] {
        let mut card = selected(model);
        let key = public_key_bits(&card.certificates().named("auth").unwrap().der);
        let key = rsa::PublicKey::from_pkcs1_der(&key).unwrap();
        let cryptogram = key.encrypt(&mut getrandom::SysRng, Pkcs1v15Encrypt, b"secret of the mail").unwrap();
        let oaep = key.encrypt(&mut getrandom::SysRng, rsa::Oaep::<Sha256>::new(), b"another").unwrap();
        assert_eq!(send(&mut card, VERIFY1), "9000");
        for (algorithm, cryptogram, plain) in
            [("1A", &cryptogram, &b"secret of the mail"[..]), ("4D", &oaep, &b"another"[..])]
        {
            assert_eq!(send(&mut card, &format!("002241B8068001{algorithm}840101")), "9000");
            let data = [&[0x81], cryptogram.as_slice()].concat();
            let (first, rest) = data.split_at(200);
            assert_eq!(card.transmit(&[&bytes("102A8086C8"), first].concat()), [0x90, 0]);
            let answer = ask(&mut card, &[&bytes("002A8086"), &[rest.len() as u8][..], rest].concat());
            assert_eq!(answer, (plain.to_vec(), 0x9000));
        }
        // What has another padding is refused, not answered with made-up bytes.
        assert_eq!(send(&mut card, "002241B80680011A840101"), "9000");
        let data = [&[0x81], oaep.as_slice()].concat();
        let (first, rest) = data.split_at(200);
        assert_eq!(card.transmit(&[&bytes("102A8086C8"), first].concat()), [0x90, 0]);
        let answer = ask(&mut card, &[&bytes("002A8086"), &[rest.len() as u8][..], rest].concat());
        assert_eq!(answer, (Vec::new(), 0x6A80));
    }
}

#[test]
fn key_agreement_with_the_v4_authentication_key() {
    use p384::elliptic_curve::Generate;
    let mut card = selected(V4);
    let ours = p384::SecretKey::try_generate_from_rng(&mut getrandom::SysRng).unwrap();
    let point = ours.public_key().to_sec1_bytes();
    let theirs = public_key_bits(&card.certificates().named("auth").unwrap().der);
    let theirs = p384::PublicKey::from_sec1_bytes(&theirs).unwrap();
    let shared = p384::ecdh::diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());
    assert_eq!(send(&mut card, "002241B803840101"), "9000");
    let template = [&bytes("A6667F4963")[..], &[0x86, 97], &point].concat();
    let template = [&[0xA6, (template.len() - 2) as u8], &template[2..]].concat();
    for data in [point.to_vec(), [&[0], &point[..]].concat(), template] {
        let command = [&bytes("002A8086"), &[data.len() as u8][..], &data].concat();
        if !card.is_verified(PIN1) {
            assert_eq!(ask(&mut card, &command).1, 0x6982);
            assert_eq!(send(&mut card, VERIFY1), "9000");
        }
        assert_eq!(ask(&mut card, &command), (shared.raw_secret_bytes().to_vec(), 0x9000));
    }
    // A point that is not on the curve, and a key that signs only.
    assert_eq!(ask(&mut card, &[&bytes("002A80866104"), &[7; 96][..]].concat()).1, 0x6A80);
    assert_eq!(send(&mut card, "002241B803840102"), "6A80");
}
