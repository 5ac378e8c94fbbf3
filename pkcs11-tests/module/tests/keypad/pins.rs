//! C_SetPIN and C_InitPIN without PINs.

use crate::asked;
use cryptoki_sys::*;
use kit::codes::{PUK, TRANSPORT};
use kit::{Activation, InReader, PIN1, PIN2, Token, VendorList, Watched, World, name, reference, refused};
use simcard::keypad::{NEW, Press};
use std::ptr;

/// A card in this state.
fn card_in(state: &str) -> (World, InReader) {
    World::with_keypad(&format!("{},keypad=full,state={state}", kit::ANY))
}

fn digits(text: &str) -> Press {
    Press::Digits(text.to_owned())
}

#[test]
fn a_pin_is_changed_by_three_entries() {
    for token in [PIN1, PIN2] {
        let (world, card) = card_in("activated");
        let session = world.open_to_write(token);
        session.set_pin_by_keypad().expect("old, new, new again");
        assert!(card.holds(reference(token), NEW));
        let prompts = card.card().keypad().asked().to_vec();
        assert_eq!((prompts.len(), prompts[0].entries, prompts[0].messages), (1, 3, 3));
        assert_eq!(prompts[0].command[..5], [0, 0x24, 0, reference(token), 24]);
        assert!(!card.open(reference(token)));
    }
}

/// Nobody but the holder knows the new PIN, so a login cannot go on with it.
#[test]
fn a_login_ends_with_a_pin_that_nobody_has_seen() {
    let (world, card) = card_in("activated");
    let session = world.open_to_write(PIN1);
    session.login(CKU_USER, PIN1.1).expect("PIN1 is right");
    session.set_pin_by_keypad().expect("C_SetPIN");
    let key = session.object(CKO_PRIVATE_KEY, 0x45).expect("the key");
    refused(session.sign(CKM_ECDSA, key, crate::DIGEST), CKR_USER_NOT_LOGGED_IN);
    assert_eq!((card.sent(reference(PIN1)), card.tries(reference(PIN1))), (2, 5));
    session.login(CKU_USER, NEW).expect("the new PIN");
}

/// A new card of either scheme, and one whose PINs are locked.
#[test]
fn a_card_is_activated_and_unlocked_by_one_command_for_each_pin() {
    for (state, instruction) in [("fresh-new", 0x24), ("fresh-old", 0x2C), ("blocked-pins", 0x2C)] {
        let (world, card) = card_in(state);
        for token in [PIN1, PIN2] {
            let session = world.open_to_write(token);
            session.login_by_keypad(CKU_SO).expect("the code will be entered");
            session.init_pin_by_keypad().unwrap_or_else(|code| panic!("{state}: {}", kit::name(code)));
            assert!(card.holds(reference(token), NEW), "{state}");
            let prompt = card.card().keypad().asked().last().cloned().expect("a prompt");
            assert_eq!((prompt.command[1], prompt.entries), (instruction, 3), "{state}");
            session.logout().expect("C_Logout");
        }
        assert_eq!(asked(&card), 2);
        let spent: u32 = card.counts().iter().map(|count| count.spent).sum();
        assert_eq!(spent, 0, "{state}");
    }
}

/// A transport code by C_SetPIN: it is the present PIN.
#[test]
fn a_transport_code_is_the_present_pin() {
    let (world, card) = card_in("fresh-new");
    card.card().keypad_mut().press([digits(TRANSPORT), digits("258036"), digits("258036")]);
    world.open_to_write(PIN2).set_pin_by_keypad().expect("C_SetPIN");
    assert!(card.holds(reference(PIN2), "258036"));
}

#[test]
fn one_entry_here_and_one_there_is_a_bad_argument() {
    let (world, card) = card_in("fresh-old");
    let session = world.open_to_write(PIN1);
    let pin = PIN1.1;
    let (some, size) = (pin.as_ptr().cast_mut(), pin.len() as CK_ULONG);
    let none = std::ptr::null_mut();
    let module = world.module;
    refused(kit::call!(module, C_SetPIN(session.handle(), none, 0, some, size)), CKR_ARGUMENTS_BAD);
    refused(kit::call!(module, C_SetPIN(session.handle(), some, size, none, 0)), CKR_ARGUMENTS_BAD);
    session.login(CKU_SO, PUK).expect("kept");
    refused(session.init_pin_by_keypad(), CKR_ARGUMENTS_BAD);
    session.logout().expect("C_Logout");
    session.login_by_keypad(CKU_SO).expect("kept");
    refused(session.init_pin("258036"), CKR_ARGUMENTS_BAD);
    assert_eq!(asked(&card), 0);
    assert!(card.counts().iter().all(|count| count.commands == 0));
}

/// The vendor interface sets what it is given: without a code it cannot tell which PINs the holder is to enter. PKCS #11
/// can, and on an activated card, too.
#[test]
fn the_vendor_interface_has_nothing_entered_on_the_keypad() {
    let (world, card) = card_in("fresh-old");
    let (list, slot) = (VendorList::of(world.module), world.slot(PIN1));
    let none = ptr::null();
    let by_code = Activation::of(PUK, None, None);
    let of_both = Activation::of(PUK, Some("258036"), Some("369147"));
    for activation in [
        Activation { code: none, code_length: 0, ..by_code },
        Activation { code: none, code_length: 0, ..of_both },
        by_code,
    ] {
        assert_eq!(name(list.set(slot, &activation).0), "CKR_ARGUMENTS_BAD");
    }
    assert_eq!(asked(&card), 0);
    assert!(card.counts().iter().all(|count| count.commands == 0));
    // What is given is used, on this reader, too.
    assert_eq!((list.set(slot, &of_both).0, asked(&card)), (CKR_OK, 0));
    assert!(card.holds(reference(PIN1), "258036") && card.holds(reference(PIN2), "369147"));
}

/// It has no FEATURE_MODIFY_PIN_DIRECT.
#[test]
fn a_keypad_that_verifies_alone_sets_nothing() {
    let (world, card) = crate::with("verify");
    let session = world.open_to_write(PIN1);
    refused(session.set_pin_by_keypad(), CKR_FUNCTION_FAILED);
    assert_eq!(asked(&card), 0);
    assert_untouched(&card, PIN1);
    session.set_pin(PIN1.1, "258036").expect("by the program");
}

fn assert_untouched(card: &InReader, token: Token) {
    assert_eq!((card.sent(reference(token)), card.tries(reference(token))), (0, 5));
}
