//! Every result of a keypad: what the program learns, what it costs, and that nothing is presented twice.

use crate::{DIGEST, asked, with};
use cryptoki_sys::*;
use kit::{PIN1, PIN2, Watched, name, reference, refused};
use simcard::keypad::Press;
use simcard::{Action, Fault};

fn digits(text: &str) -> Press {
    Press::Digits(text.to_owned())
}

#[test]
fn of_a_login() {
    for (press, code, spent) in [
        (Press::Cancel, CKR_FUNCTION_CANCELED, 0),
        (Press::Wait, CKR_FUNCTION_CANCELED, 0),
        // Too short for the card: the keypad keeps it.
        (digits("123"), CKR_FUNCTION_CANCELED, 0),
        (Press::Status(0x6404), CKR_FUNCTION_CANCELED, 0),
        (Press::Status(0x6B80), CKR_DEVICE_ERROR, 0),
        (Press::Wrong, CKR_PIN_INCORRECT, 1),
        (Press::Right, CKR_OK, 0),
    ] {
        let (world, card) = with("full");
        card.card().keypad_mut().press([press.clone()]);
        let session = world.open(PIN1);
        let outcome = session.login_by_keypad(CKU_USER).err().unwrap_or(CKR_OK);
        assert_eq!(name(outcome), name(code), "{press:?}");
        assert_eq!((asked(&card), card.tries(reference(PIN1))), (1, 5 - spent), "{press:?}");
        if code != CKR_OK {
            session.login_by_keypad(CKU_USER).expect("the next time it is right");
        }
        assert_eq!(card.tries(reference(PIN1)), 5);
    }
}

#[test]
fn of_a_signature() {
    for (press, code, spent) in [
        (Press::Cancel, CKR_FUNCTION_REJECTED, 0),
        (Press::Wait, CKR_FUNCTION_CANCELED, 0),
        (digits("12345"), CKR_FUNCTION_CANCELED, 0),
        (Press::Wrong, CKR_USER_NOT_LOGGED_IN, 1),
    ] {
        let (world, card) = with("full");
        let session = world.open(PIN2);
        card.card().keypad_mut().press([press.clone()]);
        session.login_by_keypad(CKU_USER).expect("it will be entered");
        let key = session.object(CKO_PRIVATE_KEY, 0x46).expect("the key");
        let outcome = session.sign(CKM_ECDSA, key, DIGEST).err().unwrap_or(CKR_OK);
        assert_eq!(name(outcome), name(code), "{press:?}");
        assert_eq!((asked(&card), card.tries(reference(PIN2))), (1, 5 - spent), "{press:?}");
        assert!(!card.open(reference(PIN2)));
        // It is not asked for again before the program says so.
        refused(session.sign(CKM_ECDSA, key, DIGEST), CKR_USER_NOT_LOGGED_IN);
        assert_eq!(asked(&card), 1, "{press:?}");
        session.sign_init(CKM_ECDSA, key).expect("C_SignInit");
        session.login_by_keypad(CKU_CONTEXT_SPECIFIC).expect("it will be entered");
        session.sign_data(DIGEST).expect("the next time it is right");
    }
}

#[test]
fn of_a_change() {
    let new = || digits("258036");
    for (presses, code, spent) in [
        (vec![Press::Cancel], CKR_FUNCTION_CANCELED, 0),
        (vec![Press::Right, Press::Wait], CKR_FUNCTION_CANCELED, 0),
        (vec![Press::Right, new(), digits("258037")], CKR_PIN_INVALID, 0),
        (vec![Press::Right, digits("258")], CKR_PIN_LEN_RANGE, 0),
        (vec![Press::Wrong, new(), new()], CKR_PIN_INCORRECT, 1),
        (vec![Press::Right, new(), new()], CKR_OK, 0),
    ] {
        let (world, card) = with("full");
        card.card().keypad_mut().press(presses.clone());
        let outcome = world.open_to_write(PIN2).set_pin_by_keypad().err().unwrap_or(CKR_OK);
        assert_eq!(name(outcome), name(code), "{presses:?}");
        let held = if code == CKR_OK { "258036" } else { PIN2.1 };
        assert!(card.holds(reference(PIN2), held), "{presses:?}");
        assert_eq!((asked(&card), card.tries(reference(PIN2))), (1, 5 - spent), "{presses:?}");
    }
}

/// A status word of the card may be one that keypads use. Then the card has counted, and that is what is said.
#[test]
fn a_card_that_answers_like_a_keypad_is_asked_what_it_counted() {
    for status in [0x6400, 0x6401, 0x6403] {
        let (world, card) = with("full");
        card.card().keypad_mut().press([Press::Wrong]);
        card.fault(Fault::on(&[0x20, 0, reference(PIN1), 12], Action::StatusAfter(status)));
        refused(world.open(PIN1).login_by_keypad(CKU_USER), CKR_PIN_INCORRECT);
        assert_eq!((asked(&card), card.tries(reference(PIN1))), (1, 4), "{status:04X}");
    }
}

#[test]
fn a_pin_without_tries_is_not_asked_for() {
    let (world, card) = with("full");
    card.card().set_tries_left(reference(PIN2), 0);
    refused(world.open(PIN2).login_by_keypad(CKU_USER), CKR_PIN_LOCKED);
    assert_eq!(asked(&card), 0);
}
