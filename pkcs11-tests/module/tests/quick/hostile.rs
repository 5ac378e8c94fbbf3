//! Cards that answer garbage, too little or nothing, are pulled out, or answer open questions in their own way: a
//! clear answer, no try wasted, no PIN sent twice, and the module goes on.

use cryptoki_sys::*;
use kit::countries::switches_of;
use kit::{ANY, InReader, PIN1, PIN2, Session, Token, Watched, World, bytes, call, name, permitted, refused};
use simcard::switches::SwitchInfo;
use simcard::{Action, Fault};
use std::ptr;
use std::time::Duration;

const INPUT: &[u8] = &[1; 48];

/// A call as the program made it, and its answer.
type Answer = (&'static str, CK_RV);

fn answered<T>(answers: &mut Vec<Answer>, function: &'static str, outcome: Result<T, CK_RV>) -> Option<T> {
    answers.push((function, outcome.as_ref().err().copied().unwrap_or(CKR_OK)));
    outcome.ok()
}

/// The main job with one token, as far as the card lets it go: list, open, find, log in, find the key, sign. Every
/// call is noted.
fn main_job(world: &World, token: Token, id: u8, answers: &mut Vec<Answer>) -> Done {
    let (mut logins, mut open) = (0, None);
    let mut run = || {
        let slots = world.module.slots(true).expect("C_GetSlotList");
        let slot = *slots.get(usize::from(token == PIN2))?;
        answered(answers, "C_GetTokenInfo", world.module.token(slot));
        let session = open.insert(answered(answers, "C_OpenSession", world.module.open(slot))?);
        let mut template = [CKO_CERTIFICATE].map(bytes);
        let mut attribute =
            CK_ATTRIBUTE { type_: CKA_CLASS, pValue: template[0].as_mut_ptr().cast(), ulValueLen: 8 };
        let begun = call!(world.module, C_FindObjectsInit(session.handle(), &mut attribute, 1));
        if answered(answers, "C_FindObjectsInit", begun).is_some() {
            let (mut object, mut count) = (0, 0);
            let found = call!(world.module, C_FindObjects(session.handle(), &mut object, 1, &mut count));
            answered(answers, "C_FindObjects", found);
            if count == 1 {
                let value = session.attribute(object, CKA_VALUE);
                answered(answers, "C_GetAttributeValue", value);
            }
            let ended = call!(world.module, C_FindObjectsFinal(session.handle()));
            answered(answers, "C_FindObjectsFinal", ended);
        }
        logins += 1;
        answered(answers, "C_Login", session.login(CKU_USER, token.1))?;
        let key = answered(answers, "C_FindObjectsInit", key_of(session, id))??;
        answered(answers, "C_SignInit", session.sign_init(CKM_ECDSA, key))?;
        if token == PIN2 {
            logins += 1;
            answered(answers, "C_Login", session.login(CKU_CONTEXT_SPECIFIC, token.1))?;
        }
        let (mut signature, mut length) = (vec![0; 96], 96);
        let (data, size) = (INPUT.as_ptr().cast_mut(), INPUT.len() as CK_ULONG);
        let signed =
            call!(world.module, C_Sign(session.handle(), data, size, signature.as_mut_ptr(), &mut length));
        answered(answers, "C_Sign", signed)?;
        signature.truncate(length as usize);
        Some(signature)
    };
    let signature = run();
    Done { logins, signature, _session: open }
}

/// What the main job came to.
struct Done {
    /// How many logins were asked for.
    logins: u32,
    signature: Option<Vec<u8>>,
    /// Still open: its end is no part of the job.
    _session: Option<Session<'static>>,
}

fn key_of(session: &Session<'_>, id: u8) -> Result<Option<CK_OBJECT_HANDLE>, CK_RV> {
    Ok(session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY)), (CKA_ID, &[id])])?.first().copied())
}

fn assert_permitted(answers: &[Answer], when: &str) {
    for (function, code) in answers {
        assert!(permitted(function, *code), "{when}: {function} may not give {}", name(*code));
    }
}

/// The whole job must work now, with the card as it is.
fn assert_works(world: &World, card: &InReader, when: &str) {
    for (token, id, certificate) in [(PIN1, 0x45, "auth"), (PIN2, 0x46, "sign")] {
        let mut answers = Vec::new();
        let signature = main_job(world, token, id, &mut answers).signature;
        let told: Vec<_> =
            answers.iter().map(|(function, code)| format!("{function}: {}", name(*code))).collect();
        let signature = signature
            .unwrap_or_else(|| panic!("{when}, {}: does not work\n{told:#?}\n{}", token.0, card.story()));
        let certificate = card.certificate(certificate);
        let holds =
            kit::openssl::verifies_digest(&certificate, kit::openssl::Scheme::Ecdsa, None, INPUT, &signature);
        assert!(holds, "{when}, {}: the signature is wrong", token.0);
    }
}

/// How many commands the job takes on a good card.
fn steps(token: Token, id: u8) -> u32 {
    let (world, card) = World::with(ANY);
    let (cost, done) = card.cost(|| main_job(&world, token, id, &mut Vec::new()));
    assert!(done.signature.is_some());
    u32::try_from(cost).unwrap()
}

/// The commands of the job at which to disturb: of PIN1's all, of PIN2's those from its login on, as what comes
/// before is the same.
fn disturbed(token: Token, id: u8) -> std::ops::Range<u32> {
    let steps = steps(token, id);
    if token == PIN1 { 0..steps } else { steps - PIN2_STEPS..steps }
}

/// Login and take back, login for the operation and take back, verify, three to sign, take back.
const PIN2_STEPS: u32 = 9;

const JOBS: [(Token, u8, u8); 2] = [(PIN1, 0x45, simcard::PIN1), (PIN2, 0x46, simcard::PIN2)];

#[test]
fn a_signature_of_the_wrong_length_is_no_signature() {
    for difference in [-96, -95, -1, 1, 50] {
        for (token, id, reference) in JOBS {
            let (world, card) = World::with(ANY);
            card.fault(Fault::on(&[0x2A, 0x9E], Action::SignatureLength(difference)));
            let mut answers = Vec::new();
            let signature = main_job(&world, token, id, &mut answers).signature;
            assert!(signature.is_none(), "{difference} bytes: taken for a signature");
            assert_eq!(answers.last(), Some(&("C_Sign", CKR_DEVICE_ERROR)));
            assert_eq!(card.tries(reference), 5);
            assert_works(&world, &card, "after a signature of the wrong length");
        }
    }
}

#[test]
fn a_slow_card_is_waited_for() {
    let (world, card) = World::with(ANY);
    for step in 0..5 {
        card.fault(Fault::next(Action::Delay(Duration::from_millis(300))).after(step * 3));
    }
    assert_works(&world, &card, "slow");
}

// --- Pulled out

fn pulled_out(action: &Action, token: Token, id: u8, steps: impl Iterator<Item = u32>) {
    for step in steps {
        let when = format!("{} {action:?} at command {step}", token.0);
        let (world, card) = World::with(ANY);
        card.fault(Fault::next(action.clone()).after(step));
        let mut answers = Vec::new();
        let Done { logins, signature, _session } = main_job(&world, token, id, &mut answers);
        assert!(signature.is_none() || *action == Action::PullOutAfter, "{when}");
        assert_permitted(&answers, &when);
        assert!(card.sent(simcard::PIN1) + card.sent(simcard::PIN2) <= logins * 2, "{when}");
        // That something went wrong is told, and told as what it is.
        let told = answers.iter().find(|(_, code)| *code != CKR_OK);
        let (function, code) = told.unwrap_or_else(|| panic!("{when}: nobody noticed"));
        let clear = [CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR, CKR_TOKEN_NOT_PRESENT, CKR_SESSION_HANDLE_INVALID];
        assert!(clear.contains(code), "{when}: {function} gives {}", name(*code));
        world.wait_until_gone(0);
        drop(card);
        let card = world.insert("fineid-v4.0,holder=2");
        assert_works(&world, &card, &format!("with the next card after {when}"));
    }
}

#[test]
fn pulled_out_before_a_command() {
    // Before the login here and there, from it on at each one.
    let last = steps(PIN1, 0x45) - 4;
    pulled_out(&Action::PullOutBefore, PIN1, 0x45, (0..last).step_by(3).chain(last..last + 4));
    pulled_out(&Action::PullOutBefore, PIN2, 0x46, disturbed(PIN2, 0x46));
}

#[test]
fn pulled_out_after_a_command() {
    let last = steps(PIN1, 0x45) - 4;
    pulled_out(&Action::PullOutAfter, PIN1, 0x45, last..last + 4);
    pulled_out(&Action::PullOutAfter, PIN2, 0x46, disturbed(PIN2, 0x46).skip(4));
}

// --- Wrong PINs on strange cards

#[test]
fn a_wrong_pin_costs_one_try_whatever_the_card_answers() {
    let statuses = [0x9000, 0x6F00, 0x6D00, 0x6E00, 0x6110, 0x6C10, 0x6700, 0x6982, 0x6A88, 0x63C5, 0x6300];
    for (token, _, reference) in JOBS {
        for action in statuses.map(Action::StatusAfter).into_iter().chain([Action::Garbage(vec![0x63])]) {
            let (world, card) = World::with(ANY);
            let session = world.open(token);
            session.find(&[]).unwrap();
            card.fault(Fault::on(&[0x20, 0x00, reference, 0x0C], action.clone()));
            let code = session.login(CKU_USER, "998877").err().unwrap_or(CKR_OK);
            assert!(permitted("C_Login", code), "{action:?}: {}", name(code));
            assert_eq!(card.tries(reference), 4, "{} {action:?}: {}", token.0, name(code));
            card.card().faults_mut().clear();
            let _ = session.logout();
            let _ = session.login(CKU_USER, token.1);
        }
    }
}

/// The counter that a card tells may be wrong: what it tells is not a reason to send more.
#[test]
fn a_lost_login_is_not_restored_on_the_word_of_a_strange_card() {
    for status in [0x63C0, 0x63C1, 0x63C4, 0x6300, 0x6983, 0x6984, 0x6F00, 0x6982] {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN1);
        let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
        card.card().reset();
        card.card().set_tries_left(simcard::PIN1, 3);
        for _ in 0..8 {
            card.fault(Fault::on(&[0x20, 0x00, simcard::PIN1, 0x00], Action::Status(status)));
        }
        session.sign(CKM_ECDSA, key, INPUT).expect_err("signed without the PIN");
        assert_eq!((card.sent(simcard::PIN1), card.tries(simcard::PIN1)), (1, 3), "{status:04X}");
    }
}

// --- Open questions about the cards

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

/// A broken card in one reader is nothing to a good one in the other.
#[test]
fn a_broken_card_does_not_harm_its_neighbour() {
    let world = World::enter();
    let broken = world.insert_into(0, ANY);
    let _good = world.insert_into(1, "fineid-v4.1,holder=2");
    for _ in 0..200 {
        broken.card().faults_mut().push(Fault::next(Action::Garbage(vec![0xFF; 3])));
    }
    world.initialize();
    let slots = world.module.slots(true).unwrap();
    assert_eq!(slots.len(), 4);
    let code = world.module.token(slots[0]).expect_err("garbage was taken for a token");
    assert!(permitted("C_GetTokenInfo", code), "{}", name(code));
    let session = world.module.open(slots[1]).unwrap();
    session.login(CKU_USER, PIN1.1).unwrap();
    session.sign(CKM_ECDSA, session.object(CKO_PRIVATE_KEY, 0x45).unwrap(), INPUT).unwrap();
    let mut slot = 0;
    refused(
        call!(world.module, C_WaitForSlotEvent(CKF_DONT_BLOCK, &mut slot, ptr::null_mut())),
        CKR_NO_EVENT,
    );
}
