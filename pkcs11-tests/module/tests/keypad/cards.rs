//! Cards of all countries on a keypad: each has its PINs put into commands in its own way. What a keypad sends is not
//! wrapped, so it is not used for cards that want a channel.

use crate::asked;
use cryptoki_sys::*;
use kit::countries::{KINDS, Writing, holds, input, sign_init};
use kit::{Watched, World, name, refused};
use simcard::keypad::NEW;

#[test]
fn every_card_takes_what_is_entered() {
    for kind in KINDS.iter().filter(|kind| !kind.wants_channel()) {
        let (world, card) = World::with_keypad(&format!("{},keypad=plain", kind.card));
        let mut prompts = 0;
        for (pin, key) in kind.keys() {
            let told = format!("{}, {}", kind.card, key.label);
            let session = world.open(pin.token);
            session.login_by_keypad(CKU_USER).unwrap_or_else(|code| panic!("{told}: {}", name(code)));
            let handle = session.object(CKO_PRIVATE_KEY, key.id).expect("the key");
            let mechanism = key.mechanisms[0][0];
            sign_init(&session, mechanism, handle).expect("C_SignInit");
            let signature = session.sign_data(&input(mechanism, b"data"));
            let signature = signature.unwrap_or_else(|code| panic!("{told}: {}", name(code)));
            assert!(holds(&card.certificate(key.certificate), mechanism, b"data", &signature), "{told}");
            assert_eq!(card.tries(pin.reference), pin.tries, "{told}");
            // Where one PIN is for both keys, it is entered at the login and for the signature.
            prompts += if key.each_time && pin.keys.len() > 1 { 2 } else { 1 };
            assert_eq!(asked(&card), prompts, "{told}");
            session.logout().expect("C_Logout");
        }
    }
}

/// PINs are set on the keypad where somebody is known to have done so on such a card, and the card lets programs do it.
#[test]
fn new_pins_are_entered_where_that_is_known() {
    for kind in KINDS.iter().filter(|kind| !kind.wants_channel()) {
        let (world, card) = World::with_keypad(&format!("{},keypad=plain", kind.card));
        for pin in kind.tokens {
            let session = world.open_to_write(pin.token);
            let outcome = session.set_pin_by_keypad();
            match kind.writing {
                Writing::Pins { puk, .. } => {
                    outcome.unwrap_or_else(|code| panic!("{}: {}", kind.card, name(code)));
                    assert!(card.holds(pin.reference, NEW), "{}", kind.card);
                    if puk.is_some() {
                        session.login_by_keypad(CKU_SO).expect("the PUK will be entered");
                        let set = session.init_pin_by_keypad();
                        set.unwrap_or_else(|code| panic!("{}: {}", kind.card, name(code)));
                        session.logout().expect("C_Logout");
                    }
                }
                Writing::Nothing => {
                    refused(outcome, CKR_TOKEN_WRITE_PROTECTED);
                    assert_eq!(asked(&card), 0, "{}", kind.card);
                }
            }
            assert_eq!(card.tries(pin.reference), pin.tries, "{}", kind.card);
        }
    }
}
