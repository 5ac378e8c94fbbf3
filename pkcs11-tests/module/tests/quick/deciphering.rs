//! Encryption (§5.8) with public keys, judged by OpenSSL, and decryption (§5.10) by the card of what OpenSSL encrypted.

use cryptoki_sys::*;
use kit::openssl::{self, KeyPair, Padding};
use kit::{EC, HASHES, InReader, Other, PIN1, PIN2, RSA, Watched, World, made, name, refused};
use kit::{Making, Mechanism, Session, Template, oaep};

const MESSAGE: &[u8] = b"a message";

/// Paddings: OpenSSL's name, the mechanism, and the bytes that it takes.
fn paddings() -> Vec<(Padding, Mechanism<'static>, usize)> {
    let of_hash = |hash: &kit::Hash| {
        let (.., mgf) = hash.rsa?;
        Some((Padding::Oaep(hash.name), Mechanism::oaep(hash.digest, mgf), 2 * hash.length + 2))
    };
    let pkcs1 = (Padding::Pkcs1, Mechanism::plain(CKM_RSA_PKCS), 11);
    std::iter::once(pkcs1).chain(HASHES.iter().filter_map(of_hash)).collect()
}

/// A card with an RSA key, logged in.
struct Desk {
    // Dropped in this order.
    session: Session<'static>,
    card: InReader,
    world: World,
    private: CK_OBJECT_HANDLE,
    public: CK_OBJECT_HANDLE,
}

impl Desk {
    fn new(generation: &str) -> Self {
        let (world, card) = World::with(generation);
        let session = world.logged_in(PIN1);
        let private = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        let public = session.object(CKO_PUBLIC_KEY, 0x45).unwrap();
        Self { session, card, world, private, public }
    }

    fn encrypted(&self, padding: Padding, message: &[u8]) -> Vec<u8> {
        openssl::encrypt(&self.card.certificate("auth"), padding, message)
    }

    fn decrypt(&self, mechanism: &Mechanism<'_>, cryptogram: &[u8]) -> Result<Vec<u8>, CK_RV> {
        self.session.made(Making::Decrypt, mechanism, self.private, cryptogram)
    }
}

#[test]
fn the_card_deciphers_what_openssl_encrypted() {
    for (generation, modulus) in [("fineid-v3.0", 256), ("fineid-v3.1", 384)] {
        let desk = Desk::new(generation);
        for (padding, mechanism, taken) in &paddings() {
            for length in [0, 1, 32, modulus - taken] {
                let message: Vec<_> = (0..length).map(|at| at as u8 ^ 0x5A).collect();
                let cryptogram = desk.encrypted(*padding, &message);
                let (cost, plain) = desk.card.cost(|| desk.decrypt(mechanism, &cryptogram));
                let what = format!("{generation} {padding:?} {length} bytes");
                let plain = plain.unwrap_or_else(|code| panic!("{what}: {}", name(code)));
                assert_eq!(plain, message, "{what}");
                // Key, two pieces of the cryptogram, and one more command for each 256 bytes of the answer.
                assert_eq!(cost, 3 + length.div_ceil(256) as u64, "{what}\n{}", desk.card.story());
            }
        }
        assert_eq!((desk.card.sent(simcard::PIN1), desk.card.tries(simcard::PIN1)), (1, 5));
    }
}

#[test]
fn what_the_module_encrypts_the_owner_reads() {
    let desk = Desk::new(RSA);
    let pair = KeyPair::rsa(2048);
    let key = desk.session.create(&made::rsa_key(&pair.modulus())).unwrap();
    for (padding, mechanism, taken) in &paddings() {
        for length in [1, 256 - taken] {
            let message = vec![0xA5; length];
            let encrypt = |key, message: &[u8]| desk.session.made(Making::Encrypt, mechanism, key, message);
            let (cost, cryptogram) = desk.card.cost(|| encrypt(key, &message).unwrap());
            assert_eq!((cost, cryptogram.len()), (0, 256));
            assert_eq!(pair.decrypt(*padding, &cryptogram), message, "{padding:?}");
            // Random padding: never the same twice.
            assert_ne!(encrypt(key, &message).unwrap(), cryptogram);
            let for_card = encrypt(desk.public, &message).unwrap();
            assert_eq!(desk.decrypt(mechanism, &for_card).unwrap(), message, "{padding:?}");
            refused(encrypt(key, &vec![0; 256 - taken + 1]), CKR_DATA_LEN_RANGE);
        }
    }
}

#[test]
fn encrypting_needs_no_login() {
    let (world, card) = World::with(RSA);
    let session = world.open(PIN1);
    let public = session.object(CKO_PUBLIC_KEY, 0x45).unwrap();
    let (cost, outcome) =
        card.cost(|| session.made(Making::Encrypt, &Mechanism::plain(CKM_RSA_PKCS), public, MESSAGE));
    outcome.unwrap();
    assert_eq!((cost, card.sent(simcard::PIN1)), (0, 0));
}

#[test]
fn what_was_not_encrypted_for_the_key_is_invalid_and_costs_no_pin() {
    let desk = Desk::new(RSA);
    let mechanism = Mechanism::plain(CKM_RSA_PKCS);
    let stranger = KeyPair::rsa(2048);
    let key = desk.session.create(&made::rsa_key(&stranger.modulus())).unwrap();
    let for_stranger = desk.session.made(Making::Encrypt, &mechanism, key, MESSAGE).unwrap();
    let other_padding = desk.encrypted(Padding::Oaep("sha256"), MESSAGE);
    for cryptogram in [for_stranger, other_padding, vec![0; 256], vec![0xFF; 256]] {
        refused(desk.decrypt(&mechanism, &cryptogram), CKR_ENCRYPTED_DATA_INVALID);
    }
    let (cost, ()) = desk.card.cost(|| {
        for length in [0, 1, 255, 257, 512] {
            refused(desk.decrypt(&mechanism, &vec![1; length]), CKR_ENCRYPTED_DATA_LEN_RANGE);
        }
    });
    assert_eq!(cost, 0, "what cannot be deciphered is not sent");
    assert_eq!((desk.card.sent(simcard::PIN1), desk.card.tries(simcard::PIN1)), (1, 5));
    let cryptogram = desk.encrypted(Padding::Pkcs1, MESSAGE);
    assert_eq!(desk.decrypt(&mechanism, &cryptogram).unwrap(), MESSAGE, "the login stands");
}

#[test]
fn a_pin_that_another_program_threw_away_is_presented_again() {
    let desk = Desk::new(RSA);
    let cryptogram = desk.encrypted(Padding::Pkcs1, MESSAGE);
    let mechanism = Mechanism::plain(CKM_RSA_PKCS);
    let other = Other::connect(desk.card.reader());
    other.select();
    assert_eq!(desk.decrypt(&mechanism, &cryptogram).unwrap(), MESSAGE);
    assert_eq!((desk.card.sent(simcard::PIN1), desk.card.tries(simcard::PIN1)), (2, 5));
    // Never as a try that could be missing afterwards.
    assert_eq!(other.verify(simcard::PIN1, "9999"), 0x63C4);
    let before = desk.card.sent(simcard::PIN1);
    refused(desk.decrypt(&mechanism, &cryptogram), CKR_USER_NOT_LOGGED_IN);
    assert_eq!((desk.card.sent(simcard::PIN1), desk.card.tries(simcard::PIN1)), (before, 4));
    assert_eq!(desk.session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
    other.leave();
}

#[test]
fn without_a_login_there_is_no_private_key_and_no_plaintext() {
    let desk = Desk::new(RSA);
    let mechanism = Mechanism::plain(CKM_RSA_PKCS);
    let cryptogram = desk.encrypted(Padding::Pkcs1, MESSAGE);
    desk.session.begin(Making::Decrypt, &mechanism, desk.private).unwrap();
    desk.session.logout().unwrap();
    let (cost, ()) = desk.card.cost(|| {
        let code = desk.session.make(Making::Decrypt, &cryptogram).unwrap_err();
        assert!([CKR_OPERATION_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN].contains(&code), "{}", name(code));
        refused(desk.decrypt(&mechanism, &cryptogram), CKR_KEY_HANDLE_INVALID);
    });
    assert_eq!(cost, 0);
    let second = desk.world.open(PIN1);
    refused(second.object(CKO_PRIVATE_KEY, 0x45), CKR_OBJECT_HANDLE_INVALID);
}

#[test]
fn signature_keys_decipher_nothing() {
    for generation in kit::GENERATIONS {
        let (world, card) = World::with(generation);
        let session = world.logged_in(PIN2);
        for id in [0x46, 0x47] {
            let Ok(private) = session.object(CKO_PRIVATE_KEY, id) else { continue };
            let public = session.object(CKO_PUBLIC_KEY, id).unwrap();
            assert_eq!(session.attribute(private, CKA_DECRYPT).unwrap(), [CK_FALSE]);
            assert_eq!(session.attribute(public, CKA_ENCRYPT).unwrap(), [CK_FALSE]);
            let (cost, ()) = card.cost(|| {
                for (making, key) in [(Making::Decrypt, private), (Making::Encrypt, public)] {
                    for (_, mechanism, _) in &paddings() {
                        let code = session.begin(making, mechanism, key).unwrap_err();
                        assert!(
                            [CKR_MECHANISM_INVALID, CKR_KEY_FUNCTION_NOT_PERMITTED].contains(&code),
                            "{}",
                            name(code)
                        );
                    }
                }
            });
            assert_eq!(cost, 0);
        }
    }
}

#[test]
fn ec_keys_decipher_nothing() {
    let (world, _card) = World::with(EC);
    let session = world.logged_in(PIN1);
    let private = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    for (_, mechanism, _) in &paddings() {
        refused(session.begin(Making::Decrypt, mechanism, private), CKR_MECHANISM_INVALID);
    }
}

#[test]
fn keys_that_may_not_are_refused() {
    let desk = Desk::new(RSA);
    let pair = KeyPair::rsa(2048);
    let key = |template: Template| desk.session.create(&template).unwrap();
    let forbidden = key(made::rsa_key(&pair.modulus()).flag(CKA_ENCRYPT, false));
    let secret = key(made::secret(&[1; 16]).flag(CKA_ENCRYPT, true).flag(CKA_DECRYPT, true));
    for (_, mechanism, _) in &paddings() {
        let begin = |making, key| desk.session.begin(making, mechanism, key);
        refused(begin(Making::Encrypt, forbidden), CKR_KEY_FUNCTION_NOT_PERMITTED);
        refused(begin(Making::Encrypt, desk.private), CKR_KEY_FUNCTION_NOT_PERMITTED);
        refused(begin(Making::Decrypt, desk.public), CKR_KEY_FUNCTION_NOT_PERMITTED);
        for making in [Making::Encrypt, Making::Decrypt] {
            refused(begin(making, secret), CKR_KEY_TYPE_INCONSISTENT);
        }
    }
}

#[test]
fn parameters_that_no_card_can_take_are_refused_at_the_beginning() {
    let desk = Desk::new(RSA);
    let good = oaep(CKM_SHA256, CKG_MGF1_SHA256);
    let mut label = *b"label";
    let labelled =
        CK_RSA_PKCS_OAEP_PARAMS { pSourceData: label.as_mut_ptr().cast(), ulSourceDataLen: 5, ..good };
    let (cost, ()) = desk.card.cost(|| {
        for parameter in [
            oaep(CKM_SHA256, CKG_MGF1_SHA1),
            oaep(CKM_SHA256, 0),
            oaep(CKM_MD5, CKG_MGF1_SHA1),
            oaep(CKM_SHA3_256, CKG_MGF1_SHA3_256),
            CK_RSA_PKCS_OAEP_PARAMS { source: 0x77, ..good },
            CK_RSA_PKCS_OAEP_PARAMS { source: 0, ..labelled },
            CK_RSA_PKCS_OAEP_PARAMS { ulSourceDataLen: CK_ULONG::MAX, ..labelled },
            labelled,
        ] {
            let mechanism = || Mechanism::with(CKM_RSA_PKCS_OAEP, parameter);
            let begin = |making, key| desk.session.begin(making, &mechanism(), key);
            refused(begin(Making::Encrypt, desk.public), CKR_MECHANISM_PARAM_INVALID);
            refused(begin(Making::Decrypt, desk.private), CKR_MECHANISM_PARAM_INVALID);
        }
    });
    assert_eq!(cost, 0);
    // No source at all is no label.
    let bare = CK_RSA_PKCS_OAEP_PARAMS { source: 0, ..good };
    let cryptogram = desk.encrypted(Padding::Oaep("sha256"), MESSAGE);
    assert_eq!(desk.decrypt(&Mechanism::with(CKM_RSA_PKCS_OAEP, bare), &cryptogram).unwrap(), MESSAGE);
}
