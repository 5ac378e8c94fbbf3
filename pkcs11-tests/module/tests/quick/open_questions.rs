//! Open questions about the cards: every answer is survived, with both signatures made and no try wasted.

use cryptoki_sys::*;
use kit::countries::switches_of;
use kit::{ANY, InReader, PIN1, PIN2, Token, Watched, World, name, permitted};
use simcard::switches::SwitchInfo;

const INPUT: &[u8] = &[1; 48];

/// The tokens, with their keys and PINs.
const JOBS: [(Token, u8, u8); 2] = [(PIN1, 0x45, simcard::PIN1), (PIN2, 0x46, simcard::PIN2)];

/// Settings of a switch that are not its default.
fn others(switch: &SwitchInfo) -> Vec<String> {
    let values: Vec<String> = match (switch.name, switch.choices.as_str()) {
        ("max_new_pin", _) => vec!["8".into()],
        ("read_limit", _) => vec!["40".into(), "100".into(), "231".into(), "255".into()],
        ("cert_padding", _) => vec!["1".into(), "700".into()],
        ("unblock_limit", _) => vec!["0".into(), "3".into()],
        // What is odd about it takes a key away.
        ("odd_certificate", _) => vec![],
        // OpenSSL, which judges the signatures, refuses the others.
        ("certificate_number", _) => vec!["high-bit".into(), "negative".into(), "twenty".into()],
        (_, "number") => panic!("what is to be tried of {}?", switch.name),
        (_, choices) => choices.split('|').map(str::to_owned).collect(),
    };
    values.into_iter().filter(|value| *value != switch.default).collect()
}

/// Login and signatures with each key.
fn both_signatures(world: &World, card: &InReader, when: &str, times: u32) {
    let old = when.starts_with("fineid-v3");
    let keys: &[(Token, u8, CK_MECHANISM_TYPE, &str)] = if old {
        &[
            (PIN1, 0x45, CKM_SHA256_RSA_PKCS, "auth"),
            (PIN2, 0x46, CKM_SHA256_RSA_PKCS, "sign"),
            (PIN2, 0x47, CKM_ECDSA_SHA256, "sign-ec"),
        ]
    } else {
        &[(PIN1, 0x45, CKM_ECDSA_SHA256, "auth"), (PIN2, 0x46, CKM_ECDSA_SHA256, "sign")]
    };
    assert_eq!(world.labels(), [PIN1.0, PIN2.0], "{when}\n{}", card.story());
    for (token, id, mechanism, certificate) in keys {
        let session = world.open(*token);
        let fail = |what: &str, code: CK_RV| -> ! {
            panic!("{when}, {}, key {id:02x}: {what}: {}\n{}", token.0, name(code), card.story())
        };
        session.login(CKU_USER, token.1).unwrap_or_else(|code| fail("C_Login", code));
        let key = session.object(CKO_PRIVATE_KEY, *id).unwrap_or_else(|code| fail("the key", code));
        for _ in 0..times {
            session.sign_init(*mechanism, key).unwrap_or_else(|code| fail("C_SignInit", code));
            if *token == PIN2 {
                session.login(CKU_CONTEXT_SPECIFIC, token.1).unwrap_or_else(|code| fail("C_Login", code));
            }
            let signature = session.sign_data(INPUT).unwrap_or_else(|code| fail("C_Sign", code));
            let scheme = match *mechanism {
                CKM_SHA256_RSA_PKCS => kit::openssl::Scheme::Pkcs1,
                _ => kit::openssl::Scheme::Ecdsa,
            };
            let certificate = card.certificate(certificate);
            let holds = kit::openssl::verifies(&certificate, scheme, "sha256", INPUT, &signature);
            assert!(holds, "{when}: the signature is wrong");
        }
        session.logout().unwrap_or_else(|code| fail("C_Logout", code));
        assert!(!card.open(simcard::PIN2), "{when}: PIN2 is left open");
    }
    for (_, _, reference) in JOBS {
        assert_eq!(card.tries(reference), 5, "{when}");
    }
}

#[test]
fn every_answer_to_an_open_question_is_survived() {
    for generation in ["fineid-v3.1", "fineid-v4.1"] {
        for switch in switches_of(generation) {
            for value in others(&switch) {
                let when = format!("{generation},{}={value}", switch.name);
                let (world, card) = World::with(&when);
                card.card().log_mut().mark();
                both_signatures(&world, &card, &when, 1);
            }
        }
    }
}

#[test]
fn several_unlikely_answers_at_once_are_survived() {
    for (generation, switches) in [
        ("fineid-v3.0", "unverify_supported=no,pins_independent=no,long_answer=status-first,eof=6cxx"),
        ("fineid-v3.1", "read_limit=200,eof=6700,beyond_end=9000,strict_le=no,long_answer=status-first"),
        ("fineid-v4.0", "unverify_supported=no,pin2_one_shot=no,mf_drops_pins=yes,early_pin_commands=yes"),
        ("fineid-v4.1", "early_files=none,df2f_present=no,puk_readable=no,fcp_exact=no,cert_padding=77"),
    ] {
        let when = format!("{generation},{switches}");
        let (world, card) = World::with(&when);
        both_signatures(&world, &card, &when, 3);
    }
}

/// The transport PIN must be changed first, on cards that insist; the program is told, not left with a broken card.
#[test]
fn a_key_that_does_not_work_with_the_transport_pin_says_so() {
    let (world, card) = World::with(&format!("{ANY},state=fresh-new,sign_with_transport_pin=no"));
    for (token, id, reference) in JOBS {
        let session = world.open(token);
        session.login(CKU_USER, "1234567").unwrap();
        let key = session.object(CKO_PRIVATE_KEY, id).unwrap();
        let code = session.sign(CKM_ECDSA, key, INPUT).expect_err("signed with the transport PIN");
        assert!(permitted("C_SignInit", code) || permitted("C_Sign", code), "{}", name(code));
        assert_ne!(code, CKR_DEVICE_ERROR, "the card is not broken");
        assert_eq!(card.tries(reference), 5);
    }
}

#[test]
fn every_answer_of_a_pin_that_was_never_set_is_understood() {
    for answer in ["6983", "63c0", "6984", "6300"] {
        for changed in ["00", "01", "absent"] {
            let when = format!("{ANY},state=fresh-old,fresh_answer={answer},df2f_fresh_old={changed}");
            let (world, _card) = World::with(&when);
            for token in [PIN1, PIN2] {
                let slot = world.slot(token);
                assert_ne!(world.token_flags(slot) & CKF_USER_PIN_LOCKED, 0, "{when}");
                let code = world.open(token).login(CKU_USER, token.1).expect_err("nobody has set this PIN");
                assert!(
                    [CKR_PIN_LOCKED, CKR_USER_PIN_NOT_INITIALIZED].contains(&code),
                    "{when}: {}",
                    name(code)
                );
            }
        }
    }
}

/// Whether CHANGE REFERENCE DATA leaves the PIN open is such a question.
#[test]
fn a_pin2_that_is_set_is_closed_also_where_setting_it_opens_it() {
    const NEW: &str = "778899";
    const PUK: &str = "12345678";
    let (world, card) = World::with(&format!("{ANY},pin2_one_shot=no,change_verifies=yes"));
    let session = world.open_to_write(PIN2);
    session.set_pin(PIN2.1, NEW).expect("PIN2 is right");
    assert!(card.holds(simcard::PIN2, NEW) && !card.open(simcard::PIN2), "{}", card.story());
    session.login(CKU_SO, PUK).expect("nothing is sent");
    session.init_pin(PIN2.1).expect("the PUK is right");
    assert!(card.holds(simcard::PIN2, PIN2.1) && !card.open(simcard::PIN2), "{}", card.story());
}
