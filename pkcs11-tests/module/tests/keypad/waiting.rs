//! A holder who takes long, or does not come: who waits for that, and who does not.

use crate::{DIGEST, asked, with};
use cryptoki_sys::*;
use kit::{PIN1, PIN2, Watched, call, name, reference, refused, until};
use simcard::keypad::Press;
use std::ptr;

/// The card in the other reader is another person's.
const NEIGHBOUR: &str = "fineid-v3.1,holder=2,pin1=864213,keypad=full";

#[test]
fn a_keypad_that_nobody_answers_delays_nobody_else() {
    let (world, card) = with("full");
    let neighbour = world.insert_into(1, NEIGHBOUR);
    card.card().keypad_mut().press([Press::Never]);
    let module = world.module;
    let slots = module.slots(true).expect("C_GetSlotList");
    let (session, other) =
        (module.open(slots[0]).expect("a session"), module.open(slots[1]).expect("another"));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| session.login_by_keypad(CKU_USER));
        until("the keypad waits", || card.card().keypad().hangs());
        // Everything that does not need this card.
        assert_eq!(module.slots(true).expect("C_GetSlotList").len(), 4);
        let state = other.info().expect("C_GetSessionInfo").state;
        assert_eq!(state, CKS_RO_PUBLIC_SESSION);
        module.token(slots[1]).expect("C_GetTokenInfo");
        other.login_by_keypad(CKU_USER).expect("on the other keypad");
        let key = other.object(CKO_PRIVATE_KEY, 0x45).expect("the key");
        other.sign(CKM_SHA256_RSA_PKCS, key, DIGEST).expect("C_Sign");
        assert!(!waiting.is_finished() && card.card().keypad().hangs());
        // The driver gives up.
        card.card().keypad_mut().give_up();
        let outcome = waiting.join().expect("no panic");
        refused(outcome, CKR_DEVICE_ERROR);
    });
    assert_eq!((asked(&card), card.tries(reference(PIN1))), (1, 5));
    session.login_by_keypad(CKU_USER).expect("the holder has come");
    drop((session, other));
    neighbour.remove();
}

#[test]
fn a_card_that_is_taken_out_of_the_keypad_ends_the_wait() {
    for signing in [false, true] {
        let (world, card) = with("full");
        card.card().keypad_mut().press([Press::Never]);
        let session = world.open(if signing { PIN2 } else { PIN1 });
        let act = || match signing {
            false => session.login_by_keypad(CKU_USER),
            true => {
                session.login_by_keypad(CKU_USER)?;
                let key = session.object(CKO_PRIVATE_KEY, 0x46)?;
                session.sign(CKM_ECDSA, key, DIGEST).map(drop)
            }
        };
        std::thread::scope(|scope| {
            let waiting = scope.spawn(act);
            until("the keypad waits", || card.card().keypad().hangs());
            let taken = card.take();
            let outcome = waiting.join().expect("no panic").err().unwrap_or(CKR_OK);
            assert_eq!(name(outcome), name(CKR_DEVICE_REMOVED));
            let card = taken.lock().expect("no panic");
            let tries = [PIN1, PIN2].map(|token| card.tries_left(reference(token)));
            assert_eq!(tries, [Some(5); 2]);
        });
    }
}

#[test]
fn the_module_may_be_finalized_meanwhile() {
    let (world, card) = with("full");
    card.card().keypad_mut().press([Press::Never]);
    let module = world.module;
    let session = world.open(PIN1);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| session.login_by_keypad(CKU_USER));
        until("the keypad waits", || card.card().keypad().hangs());
        call!(module, C_Finalize(ptr::null_mut())).expect("C_Finalize");
        card.card().keypad_mut().give_up();
        refused(waiting.join().expect("no panic"), CKR_CRYPTOKI_NOT_INITIALIZED);
    });
    std::mem::forget(session);
    std::mem::forget(world);
    assert_eq!((asked(&card), card.tries(reference(PIN1))), (1, 5));
}
