//! Cards of other countries and of organisations: what their keys do, judged by OpenSSL, and what other programs on the
//! same card may do meanwhile.

use cryptoki_sys::*;
use kit::countries::{AGREEMENT, KINDS, Key, Kind, PinToken, VARIANTS, holds, input, is_raw, sign_init};
use kit::openssl::{self, KeyPair, Scheme};
use kit::{InReader, Other, Watched, World, name, refused};
use kit::{Making, Mechanism, Session, Template, bytes, pss};
use simcard::{Action, Fault};

const DATA: &[u8] = b"What is signed here matters to nobody, but it has to be signed rightly.";

/// A card of each kind.
fn each(act: impl Fn(&Kind, &World, &InReader)) {
    for kind in KINDS {
        let (world, card) = World::with(kind.card);
        act(kind, &world, &card);
    }
}

fn private(session: &Session<'_>, key: &Key) -> CK_OBJECT_HANDLE {
    session.object(CKO_PRIVATE_KEY, key.id).expect("the private key")
}

/// C_Sign by a key, with the login for the operation where the key wants that.
fn sign(
    session: &Session<'_>,
    (pin, key): (&PinToken, &Key),
    mechanism: CK_MECHANISM_TYPE,
    data: &[u8],
) -> Result<Vec<u8>, CK_RV> {
    sign_init(session, mechanism, private(session, key))?;
    if key.each_time {
        session.login(CKU_CONTEXT_SPECIFIC, pin.token.1)?;
    }
    session.sign_data(data)
}

/// The shortest way to a signature: as DigiDoc4 asks for one.
fn plain(key: &Key) -> CK_MECHANISM_TYPE {
    if key.kind == CKK_EC { CKM_ECDSA } else { CKM_RSA_PKCS }
}

fn sign_plainly(session: &Session<'_>, key: &Key) -> Result<Vec<u8>, CK_RV> {
    let mechanism = plain(key);
    session.sign(mechanism, private(session, key), &input(mechanism, DATA))
}

fn good(card: &InReader, key: &Key, signature: &[u8]) -> bool {
    holds(&card.certificate(key.certificate), plain(key), DATA, signature)
}

// --- Signatures

/// What the simulated card refuses, because its maker knows no number for it.
fn unknown_to_the_card(kind: &Kind, mechanism: CK_MECHANISM_TYPE) -> bool {
    kind.card == "fineid-org-rsa"
        && [CKM_SHA224_RSA_PKCS, CKM_SHA1_RSA_PKCS_PSS, CKM_SHA224_RSA_PKCS_PSS].contains(&mechanism)
}

#[test]
fn every_mechanism_makes_signatures_that_hold() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys() {
            let session = world.logged_in(pin.token);
            let certificate = card.certificate(key.certificate);
            for mechanism in key.mechanisms.iter().copied().flatten().copied() {
                if AGREEMENT.contains(&mechanism) {
                    continue;
                }
                let what = format!("{} {}: {mechanism:#x}", kind.card, key.label);
                let signature = sign(&session, (pin, key), mechanism, &input(mechanism, DATA));
                if unknown_to_the_card(kind, mechanism) {
                    assert!(signature.is_err(), "{what}");
                    continue;
                }
                let signature =
                    signature.unwrap_or_else(|code| panic!("{what}: {}\n{}", name(code), card.story()));
                assert_eq!(signature.len(), key.signature, "{what}");
                assert!(holds(&certificate, mechanism, DATA, &signature), "{what}: does not hold");
            }
            assert_eq!(card.tries(pin.reference), pin.tries, "{}", kind.card);
        }
    });
}

#[test]
fn a_mechanism_that_the_key_has_not_is_refused() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys() {
            let session = world.logged_in(pin.token);
            let private = private(&session, key);
            let (cost, ()) = card.cost(|| {
                for mechanism in [CKM_ECDSA, CKM_RSA_PKCS, CKM_SHA384_RSA_PKCS, CKM_RSA_PKCS_PSS] {
                    if key.does(mechanism) {
                        continue;
                    }
                    let code = sign_init(&session, mechanism, private).unwrap_err();
                    let known =
                        [CKR_MECHANISM_INVALID, CKR_KEY_TYPE_INCONSISTENT, CKR_KEY_FUNCTION_NOT_PERMITTED];
                    assert!(known.contains(&code), "{} {mechanism:#x}: {}", kind.card, name(code));
                }
            });
            assert_eq!(cost, 0, "{}", card.story());
        }
    });
}

/// The Latvian signature key signs with SHA-256 alone: a DigestInfo of another hash function never reaches the card, and
/// the PIN is still good for a signature that can be made.
#[test]
fn a_digest_of_a_hash_function_that_the_key_has_not_is_refused() {
    let kind = KINDS.iter().find(|kind| kind.card == "latvia-rsa").unwrap();
    let (world, card) = World::with(kind.card);
    let (pin, key) = kind.keys().nth(1).unwrap();
    let session = world.logged_in(pin.token);
    // DigestInfo of SHA-384.
    let info =
        [&b"\x30\x41\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"[..], &[7; 48]];
    let handle = private(&session, key);
    let (cost, outcome) = card.cost(|| session.sign(CKM_RSA_PKCS, handle, &info.concat()));
    refused(outcome, CKR_DATA_INVALID);
    assert_eq!(cost, 0, "{}", card.story());
    assert!(good(&card, key, &sign_plainly(&session, key).unwrap()));
    refused(sign_plainly(&session, key), CKR_USER_NOT_LOGGED_IN);
}

/// The Belgian cards with RSA keys make PSS signatures with two hash functions, which the parameter names.
#[test]
fn pss_with_a_hash_function_that_the_key_has_not_is_refused_at_once() {
    let all = [
        (CKM_SHA_1, CKG_MGF1_SHA1, 20),
        (CKM_SHA224, CKG_MGF1_SHA224, 28),
        (CKM_SHA256, CKG_MGF1_SHA256, 32),
        (CKM_SHA384, CKG_MGF1_SHA384, 48),
        (CKM_SHA512, CKG_MGF1_SHA512, 64),
    ];
    let kind =
        KINDS.iter().find(|kind| kind.keys().any(|(_, key)| key.does(CKM_SHA256_RSA_PKCS_PSS))).unwrap();
    assert_eq!(kind.manufacturer, "Belgium Government");
    let (world, card) = World::with(kind.card);
    for (pin, key) in kind.keys() {
        let session = world.logged_in(pin.token);
        for (hash, mask, salt) in all {
            let begin =
                || session.sign_init_pss(CKM_RSA_PKCS_PSS, pss(hash, mask, salt), private(&session, key));
            let begun = begin();
            if [CKM_SHA_1, CKM_SHA256].contains(&hash) {
                begun.unwrap();
                session.cancel(Making::Sign).unwrap();
            } else {
                refused(begun, CKR_MECHANISM_PARAM_INVALID);
            }
        }
        assert!(good(&card, key, &sign_plainly(&session, key).unwrap()));
        session.logout().unwrap();
    }
}

#[test]
fn ecdsa_takes_digests_of_any_length() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys().filter(|(_, key)| key.kind == CKK_EC) {
            let session = world.logged_in(pin.token);
            let certificate = card.certificate(key.certificate);
            for length in [20, 28, 32, 48, 64] {
                let digest: Vec<u8> = (0..length).map(|at| 0xF1_u8.wrapping_add(at)).collect();
                let signature = sign(&session, (pin, key), CKM_ECDSA, &digest);
                let signature = signature.unwrap_or_else(|code| {
                    panic!("{} {length}: {}\n{}", kind.card, name(code), card.story())
                });
                assert!(
                    openssl::verifies_digest(&certificate, Scheme::Ecdsa, None, &digest, &signature),
                    "{} {}: {length} bytes",
                    kind.card,
                    key.label
                );
            }
        }
    });
}

// --- Logins

/// As DigiDoc4 and Web eID sign: C_Login as user, C_SignInit, C_Sign for the length, C_Sign; no login for the operation.
#[test]
fn a_login_is_good_for_one_signature_of_a_key_that_wants_its_pin_each_time() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys().filter(|(_, key)| key.each_time) {
            let session = world.logged_in(pin.token);
            let signature = sign_plainly(&session, key);
            let signature =
                signature.unwrap_or_else(|code| panic!("{}: {}\n{}", kind.card, name(code), card.story()));
            assert!(good(card, key, &signature), "{}", kind.card);
            // The second wants its own.
            let before = card.sent(pin.reference);
            refused(sign_plainly(&session, key), CKR_USER_NOT_LOGGED_IN);
            assert_eq!(card.sent(pin.reference), before, "{}", kind.card);
            if pin.keys.len() == 1 {
                let _ = session.logout();
                session.login(CKU_USER, pin.token.1).unwrap();
                sign_plainly(&session, key).unwrap();
            }
            let signature = sign(&session, (pin, key), plain(key), &input(plain(key), DATA)).unwrap();
            assert!(good(card, key, &signature), "{}", kind.card);
            assert_eq!(card.tries(pin.reference), pin.tries);
        }
    });
}

#[test]
fn a_key_whose_pin_stands_signs_as_often_as_one_likes() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys().filter(|(_, key)| !key.each_time) {
            let session = world.logged_in(pin.token);
            for _ in 0..5 {
                assert!(good(card, key, &sign_plainly(&session, key).unwrap()), "{}", kind.card);
            }
            session.logout().unwrap();
            assert!(!card.open(pin.reference) || stays_open(kind), "{}: open after C_Logout", kind.card);
            assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
            assert!(session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))]).unwrap().is_empty());
        }
    });
}

/// No command is known by which these cards forget a PIN. The application is selected anew, as OpenSC does it; the
/// simulated cards keep their PINs all the same, unless they are told otherwise.
fn stays_open(kind: &Kind) -> bool {
    ["IDEMIA", "unknown"].contains(&kind.manufacturer) || kind.model == "FINEID S4-2"
}

#[test]
fn logging_out_closes_a_card_that_forgets_its_pins_when_its_application_is_selected() {
    for (kind, switch) in VARIANTS.iter().filter(|(_, switch)| switch.starts_with("select_drops")) {
        let (world, card) = World::with(&format!("{},{switch}", kind.card));
        let pin = &kind.tokens[0];
        let session = world.logged_in(pin.token);
        sign_plainly(&session, &pin.keys[0]).unwrap();
        session.logout().unwrap();
        assert!(!card.open(pin.reference), "{} {switch}\n{}", kind.card, card.story());
    }
}

/// On a Belgian card one PIN opens both keys: the signature key must not spoil what the other one needs.
#[test]
fn both_keys_of_one_card_sign_in_turns() {
    let plainly = KINDS.iter().map(|kind| (kind, ""));
    for (kind, switches) in plainly.chain(VARIANTS.iter().map(|(kind, switches)| (kind, *switches))) {
        let (world, card) = World::with(&format!("{},{switches}", kind.card));
        let sessions: Vec<_> = kind.tokens.iter().map(|pin| world.logged_in(pin.token)).collect();
        for turn in 0..3 {
            for (pin, key) in kind.keys() {
                let at = kind.tokens.iter().position(|known| known.token == pin.token).unwrap();
                let mut signature = sign(&sessions[at], (pin, key), plain(key), &input(plain(key), DATA));
                if !kind.tells_tries && signature == Err(CKR_USER_NOT_LOGGED_IN) {
                    // The other token's work took it away.
                    sessions[at].login(CKU_USER, pin.token.1).unwrap();
                    signature = sign(&sessions[at], (pin, key), plain(key), &input(plain(key), DATA));
                }
                let signature = signature.unwrap_or_else(|code| {
                    panic!("{} {switches} {} {turn}: {}\n{}", kind.card, key.label, name(code), card.story())
                });
                assert!(good(&card, key, &signature), "{} {switches}", kind.card);
                assert_eq!(card.tries(pin.reference), pin.tries);
            }
        }
    }
}

#[test]
fn without_login_nothing_is_signed() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys() {
            let session = world.open(pin.token);
            refused(session.object(CKO_PRIVATE_KEY, key.id), CKR_OBJECT_HANDLE_INVALID);
        }
        kind.assert_untouched(card);
    });
}

// --- Agreeing on a secret

/// As DigiDoc4 does it to decrypt a CDOC container: the bare point, no key derivation function, and CKA_VALUE read.
#[test]
fn the_shared_secret_is_the_one_that_openssl_has() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys().filter(|(_, key)| key.does(CKM_ECDH1_DERIVE)) {
            let session = world.logged_in(pin.token);
            let other = KeyPair::ec("P-384");
            let point = other.point(48);
            assert_eq!(point.len(), 97);
            let template = Template::new()
                .number(CKA_CLASS, CKO_SECRET_KEY)
                .number(CKA_KEY_TYPE, CKK_GENERIC_SECRET)
                .flag(CKA_TOKEN, false)
                .flag(CKA_SENSITIVE, false)
                .flag(CKA_EXTRACTABLE, true)
                .number(CKA_VALUE_LEN, 48);
            for _ in 0..3 {
                let mechanism = Mechanism::ecdh(CKM_ECDH1_DERIVE, &point);
                let secret = session.derive(&mechanism, private(&session, key), &template);
                let secret =
                    secret.unwrap_or_else(|code| panic!("{}: {}\n{}", kind.card, name(code), card.story()));
                let expected = other.agree(&card.certificate(key.certificate));
                assert_eq!(session.attribute(secret, CKA_VALUE).unwrap(), expected, "{}", kind.card);
                // A signature in between sets another environment.
                assert!(good(card, key, &sign_plainly(&session, key).unwrap()));
            }
        }
    });
}

#[test]
fn keys_that_do_not_agree_on_secrets_say_so() {
    each(|kind, world, _| {
        let other = KeyPair::ec("P-384");
        let point = other.point(48);
        for (pin, key) in kind.keys().filter(|(_, key)| !key.does(CKM_ECDH1_DERIVE)) {
            let session = world.logged_in(pin.token);
            let mechanism = Mechanism::ecdh(CKM_ECDH1_DERIVE, &point);
            let code = session.derive(&mechanism, private(&session, key), &Template::new()).unwrap_err();
            assert!(kit::permitted("C_DeriveKey", code), "{}: {}", kind.card, name(code));
        }
    });
}

// --- Other programs

#[test]
fn another_program_may_select_what_it_likes_between_two_operations() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys() {
            let session = world.logged_in(pin.token);
            let other = Other::connect(&world.reader(0));
            for command in kind.elsewhere {
                let before = card.sent(pin.reference);
                assert_eq!(other.send(command), 0x9000, "{} {command:02X?}", kind.card);
                let signature = sign(&session, (pin, key), plain(key), &input(plain(key), DATA));
                let signature = signature.unwrap_or_else(|code| {
                    panic!("{} {command:02X?}: {}\n{}", kind.card, name(code), card.story())
                });
                assert!(good(card, key, &signature), "{}", kind.card);
                assert!(card.sent(pin.reference) <= before + 2, "{}", card.story());
                assert_eq!(card.tries(pin.reference), pin.tries);
            }
            other.leave();
        }
    });
}

#[test]
fn another_program_may_select_what_it_likes_before_a_login_or_a_search() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys() {
            for command in kind.elsewhere {
                let other = Other::connect(&world.reader(0));
                let session = world.open(pin.token);
                assert_eq!(other.send(command), 0x9000);
                session.object(CKO_CERTIFICATE, key.id).unwrap();
                assert_eq!(other.send(command), 0x9000);
                let login = session.login(CKU_USER, pin.token.1);
                login.unwrap_or_else(|code| {
                    panic!("{} {command:02X?}: {}\n{}", kind.card, name(code), card.story())
                });
                assert_eq!(other.send(command), 0x9000);
                session.logout().unwrap();
                assert!(!card.open(pin.reference) || stays_open(kind), "{}", card.story());
                other.leave();
            }
            assert_eq!(card.tries(pin.reference), pin.tries);
        }
    });
}

#[test]
fn a_reset_between_two_operations_is_survived() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys() {
            let session = world.logged_in(pin.token);
            let mut other = Other::connect(&world.reader(0));
            for _ in 0..2 {
                let before = card.sent(pin.reference);
                other.reset();
                if !kind.tells_tries && !key.each_time {
                    // A PIN that might be the last try is not presented without being asked for.
                    refused(sign_plainly(&session, key), CKR_USER_NOT_LOGGED_IN);
                    assert_eq!(card.sent(pin.reference), before);
                    session.login(CKU_USER, pin.token.1).unwrap();
                }
                let signature = sign(&session, (pin, key), plain(key), &input(plain(key), DATA));
                let signature = signature.unwrap_or_else(|code| {
                    panic!("{} {}: {}\n{}", kind.card, key.label, name(code), card.story())
                });
                assert!(good(card, key, &signature), "{}", kind.card);
                assert!(card.sent(pin.reference) <= before + 2, "{}", card.story());
            }
            other.leave();
            assert_eq!(card.tries(pin.reference), pin.tries);
        }
    });
}

/// Whatever the moment at which the card forgets, the program gets its signature or a plain refusal, and the next
/// signature works. No try is lost.
#[test]
fn a_card_that_forgets_in_the_midst_of_a_signature_loses_no_try() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys() {
            for fault in [Action::ResetBefore, Action::OtherApplicationBefore] {
                for after in 0..4 {
                    let session = world.open(pin.token);
                    if session.info().unwrap().state == CKS_RO_PUBLIC_SESSION {
                        session.login(CKU_USER, pin.token.1).unwrap();
                    }
                    sign(&session, (pin, key), plain(key), &input(plain(key), DATA)).unwrap();
                    card.fault(Fault::on(&[], fault.clone()).after(after));
                    let outcome = sign(&session, (pin, key), plain(key), &input(plain(key), DATA));
                    match outcome {
                        Ok(signature) => assert!(good(card, key, &signature), "{}", kind.card),
                        Err(code) => assert!(
                            [CKR_USER_NOT_LOGGED_IN, CKR_DEVICE_ERROR, CKR_FUNCTION_FAILED].contains(&code),
                            "{} {} {fault:?} {after}: {}\n{}",
                            kind.card,
                            key.label,
                            name(code),
                            card.story()
                        ),
                    }
                    card.card().faults_mut().clear();
                    assert_eq!(card.tries(pin.reference), pin.tries, "{}", card.story());
                    if session.info().unwrap().state != CKS_RO_PUBLIC_SESSION {
                        session.logout().unwrap();
                    }
                }
            }
        }
    });
}

#[test]
fn raw_mechanisms_are_those_without_a_hash_function() {
    for key in KINDS.iter().flat_map(Kind::keys).map(|(_, key)| key) {
        let raw = key.mechanisms.iter().copied().flatten().filter(|mechanism| is_raw(**mechanism));
        assert!(raw.count() >= 1, "{}", key.label);
    }
}
