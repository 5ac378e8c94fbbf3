//! C_Login without a PIN, and signatures.

use crate::{DIGEST, asked, sent, with};
use cryptoki_sys::*;
use kit::judge::holds;
use kit::{Other, PIN1, PIN2, Session, Watched, call, reference, refused};
use std::ptr;

fn private_key(session: &Session<'_>, id: u8) -> CK_OBJECT_HANDLE {
    session.object(CKO_PRIVATE_KEY, id).expect("the key")
}

#[test]
fn a_token_says_that_its_pin_is_entered_on_the_reader() {
    for (keypad, says) in [
        ("full", true),
        ("plain", true),
        ("verify", true),
        ("short", true),
        // An entry would end when it is full, and nobody knows how long a PIN is.
        ("unending", false),
        ("none", false),
    ] {
        let (world, card) = with(keypad);
        for token in [PIN1, PIN2] {
            let slot = world.slot(token);
            let said = world.token_flags(slot) & CKF_PROTECTED_AUTHENTICATION_PATH != 0;
            assert_eq!(said, says, "{keypad}, {}", token.0);
            let session = world.open(token);
            let length = call!(world.module, C_Login(session.handle(), CKU_USER, ptr::null_mut(), 6));
            refused(length, CKR_ARGUMENTS_BAD);
            if !says {
                refused(session.login_by_keypad(CKU_USER), CKR_ARGUMENTS_BAD);
            }
        }
        assert_eq!(asked(&card), 0);
        assert_eq!((sent(&card, PIN1), sent(&card, PIN2)), (0, 0));
    }
}

#[test]
fn pin1_is_entered_once_and_signs_until_logout() {
    let (world, card) = with("full");
    let session = world.open(PIN1);
    session.login_by_keypad(CKU_USER).expect("PIN1 is entered");
    let key = private_key(&session, 0x45);
    for _ in 0..2 {
        let signature = session.sign(CKM_ECDSA, key, DIGEST).expect("C_Sign");
        assert!(holds(&card.certificate("auth"), DIGEST, &signature));
    }
    assert_eq!((asked(&card), sent(&card, PIN1), card.open(reference(PIN1))), (1, 1, true));
    let prompt = card.card().keypad().asked()[0].clone();
    // Digits and zero bytes up to twelve; the keypad waits patiently, and shows its own words.
    assert_eq!(prompt.command, [&[0, 0x20, 0, 0x11, 12][..], &[0; 12]].concat());
    assert_eq!((prompt.digits, prompt.entries), ((4, 12), 1));
    assert!(prompt.patience >= 60 && prompt.messages == 0xFF);
    session.logout().expect("C_Logout");
    assert!(!card.open(reference(PIN1)));
}

/// Nobody has the digits to present them again. So PIN2 is not asked for before the signature, and never open between
/// two calls.
#[test]
fn pin2_is_entered_when_the_signature_is_made() {
    let (world, card) = with("full");
    let session = world.open(PIN2);
    session.login_by_keypad(CKU_USER).expect("it will be entered");
    assert_eq!((asked(&card), sent(&card, PIN2)), (0, 0));
    let key = private_key(&session, 0x46);
    let signature = session.sign(CKM_ECDSA, key, DIGEST).expect("PIN2 is entered");
    assert!(holds(&card.certificate("sign"), DIGEST, &signature));
    assert_eq!((asked(&card), sent(&card, PIN2), card.open(reference(PIN2))), (1, 1, false));
    // One login, one signature.
    refused(session.sign(CKM_ECDSA, key, DIGEST), CKR_USER_NOT_LOGGED_IN);
    assert_eq!(asked(&card), 1);
    session.sign_init(CKM_ECDSA, key).expect("C_SignInit");
    session.login_by_keypad(CKU_CONTEXT_SPECIFIC).expect("it will be entered again");
    assert_eq!(asked(&card), 1);
    let signature = session.sign_data(DIGEST).expect("PIN2 is entered");
    assert!(holds(&card.certificate("sign"), DIGEST, &signature));
    assert_eq!((asked(&card), card.open(reference(PIN2)), card.tries(reference(PIN2))), (2, false, 5));
}

#[test]
fn a_pin_that_the_program_gives_is_used() {
    let (world, card) = with("full");
    for token in [PIN1, PIN2] {
        let session = world.logged_in(token);
        let id = if token == PIN1 { 0x45 } else { 0x46 };
        session.sign(CKM_ECDSA, private_key(&session, id), DIGEST).expect("C_Sign");
    }
    assert_eq!(asked(&card), 0);
}

/// The digits of PIN1 are nowhere, so it cannot be presented again; and the holder is not asked for it by a signature,
/// about which no program has said a word. The login is over, and the program asks.
#[test]
fn a_login_that_others_took_away_is_entered_anew() {
    let (world, card) = with("full");
    let session = world.open(PIN1);
    session.login_by_keypad(CKU_USER).expect("PIN1 is entered");
    let key = private_key(&session, 0x45);
    let mut other = Other::connect(card.reader());
    other.reset();
    other.leave();
    refused(session.sign(CKM_ECDSA, key, DIGEST), CKR_USER_NOT_LOGGED_IN);
    assert_eq!((asked(&card), sent(&card, PIN1)), (1, 1));
    assert_eq!(session.info().expect("C_GetSessionInfo").state, CKS_RO_PUBLIC_SESSION);
    session.login_by_keypad(CKU_USER).expect("PIN1 is entered again");
    let key = private_key(&session, 0x45);
    session.sign(CKM_ECDSA, key, DIGEST).expect("C_Sign");
    assert_eq!((asked(&card), card.tries(reference(PIN1))), (2, 5));
}

/// Of two tokens with the same PIN each is asked for by itself: what is entered is not handed on by any program.
#[test]
fn equal_pins_are_entered_for_each_token() {
    let (world, card) = kit::World::with_keypad(&format!("{},keypad=full,pin1=123456", kit::ANY));
    world.open(PIN1).login_by_keypad(CKU_USER).expect("PIN1 is entered");
    let session = world.open(PIN2);
    session.login_by_keypad(CKU_USER).expect("PIN2 will be");
    session.sign(CKM_ECDSA, private_key(&session, 0x46), DIGEST).expect("C_Sign");
    assert_eq!(asked(&card), 2);
}

#[test]
fn a_keypad_of_few_digits_is_asked_for_no_more() {
    let (world, card) = with("short");
    world.open(PIN1).login_by_keypad(CKU_USER).expect("PIN1 is entered");
    assert_eq!(card.card().keypad().asked()[0].digits, (4, 8));
}
