//! What sequences of events with PINs have brought to light.

use cryptoki_sys::*;
use kit::codes::{NEW, NEWER};
use kit::{ANY, Other, PIN_FLAGS, PIN1, PIN2, TOKENS, Watched, World, pin_flags, refused};
use simcard::{PIN1 as FIRST, PIN2 as SECOND};

/// The flags that the card's own state gives.
fn right_flags(card: &kit::InReader, place: usize) -> CK_FLAGS {
    let pins = card.card().snapshot().pins;
    pin_flags(&pins[place], &pins[2])
}

#[test]
fn a_pin2_that_the_module_itself_has_changed_is_not_sent_in_its_old_form() {
    let (world, card) = World::with(ANY);
    let session = world.open_to_write(PIN2);
    session.login(CKU_USER, PIN2.1).unwrap();
    session.set_pin(PIN2.1, NEW).unwrap();
    let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    let outcome = session.sign(CKM_ECDSA, key, &[1; 48]);
    assert_eq!(card.tries(SECOND), 5, "{outcome:?}: a try was spent by a signature");
}

#[test]
fn a_pin2_that_the_card_has_refused_is_not_sent_again_with_the_signature() {
    let (world, card) = World::with(ANY);
    let session = world.open_to_write(PIN2);
    session.login(CKU_USER, PIN2.1).unwrap();
    let other = Other::connect(card.reader());
    other.change(SECOND, PIN2.1, NEW);
    other.leave();
    refused(session.set_pin(PIN2.1, NEWER), CKR_PIN_INCORRECT);
    assert_eq!(card.tries(SECOND), 4);
    let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
    refused(session.sign(CKM_ECDSA, key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
    assert_eq!(card.tries(SECOND), 4, "the refused PIN was sent again");
}

#[test]
fn a_reset_by_another_program_does_not_hide_that_a_pin_was_never_set() {
    let (world, card) = World::with(&format!("{ANY},state=fresh-old"));
    let session = world.open(PIN1);
    session.find(&[]).unwrap();
    let mut other = Other::connect(card.reader());
    other.reset();
    other.leave();
    let outcome = session.login(CKU_USER, PIN1.1);
    let shown = world.token_flags(world.slot(PIN1)) & PIN_FLAGS;
    assert_eq!(shown, right_flags(&card, 0), "{shown:#x} instead of {:#x}", right_flags(&card, 0));
    refused(outcome, CKR_USER_PIN_NOT_INITIALIZED);
}

#[test]
fn what_an_empty_verify_tells_is_shown() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    session.find(&[]).unwrap();
    refused(session.login(CKU_USER, "9999"), CKR_PIN_INCORRECT);
    let other = Other::connect(card.reader());
    for wrong in ["8881", "8882", "8883", "8884"] {
        other.verify(FIRST, wrong);
    }
    other.leave();
    refused(session.login(CKU_USER, "9999"), CKR_PIN_LOCKED);
    let shown = world.token_flags(world.slot(PIN1)) & PIN_FLAGS;
    assert_eq!(shown, right_flags(&card, 0), "{shown:#x} instead of {:#x}", right_flags(&card, 0));
}

#[test]
fn a_reset_by_another_program_does_not_hide_that_the_puk_is_blocked() {
    let (world, card) = World::with(&format!("{ANY},state=blocked-puk"));
    let session = world.open_to_write(PIN1);
    session.find(&[]).unwrap();
    let mut other = Other::connect(card.reader());
    other.reset();
    other.leave();
    session.login(CKU_USER, PIN1.1).unwrap();
    for (place, (token, _)) in TOKENS.into_iter().enumerate() {
        let shown = world.token_flags(world.slot(token)) & PIN_FLAGS;
        assert_eq!(shown, right_flags(&card, place), "{}: {shown:#x}", token.0);
    }
}

#[test]
fn a_pin1_known_to_be_fresh_stays_so_when_another_program_has_selected() {
    let (world, card) = World::with(&format!("{ANY},state=half-new-pin2"));
    let session = world.open(PIN1);
    session.login(CKU_USER, "1234567").unwrap();
    let key = session.object(CKO_PRIVATE_KEY, 0x45).unwrap();
    assert_eq!(world.token_flags(world.slot(PIN1)) & PIN_FLAGS, right_flags(&card, 0));
    let other = Other::connect(card.reader());
    other.select();
    other.leave();
    session.sign(CKM_ECDSA, key, &[1; 48]).unwrap();
    let shown = world.token_flags(world.slot(PIN1)) & PIN_FLAGS;
    assert_eq!(shown, right_flags(&card, 0), "{shown:#x} instead of {:#x}", right_flags(&card, 0));
}
