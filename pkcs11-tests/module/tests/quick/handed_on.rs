//! Programs ask for one PIN and hand it to every token: ssh-add, p11tool, NSS, poppler, pkcs11-provider. The digits go
//! to the PIN for which they were typed; no other one loses a try.

use cryptoki_sys::*;
use kit::codes::{NEW, PUK, TRANSPORT, WRONG, WRONG_TRANSPORT};
use kit::{ANY, InsertedCard, PIN1, PIN2, REFERENCES, Session, TOKENS, Watched, World, refused};

/// Sessions with all tokens, in the order of the module's slots.
fn sessions(world: &World) -> Vec<Session<'static>> {
    let slots = world.module.slots(true).expect("C_GetSlotList");
    slots.into_iter().map(|slot| world.module.open(slot).expect("C_OpenSession")).collect()
}

/// The tries of PIN1, PIN2 and PUK that are missing.
fn spent(card: &InsertedCard) -> [u32; 3] {
    card.counts().map(|count| count.spent)
}

#[test]
fn pin1_is_not_presented_as_pin2() {
    let (world, card) = World::with(ANY);
    let sessions = sessions(&world);
    sessions[0].login(CKU_USER, PIN1.1).expect("PIN1");
    for session in &sessions[1..] {
        session.find(&[]).expect("what is on the card");
        refused(session.login(CKU_USER, PIN1.1), CKR_PIN_INCORRECT);
    }
    assert_eq!((card.sent(simcard::PIN2), spent(&card)), (0, [0; 3]));
    let key = sessions[0].object(CKO_PRIVATE_KEY, 0x45).expect("the key");
    sessions[0].sign(CKM_ECDSA, key, &[1; 48]).expect("a signature with PIN1");
    sessions[1].login(CKU_USER, PIN2.1).expect("PIN2");
}

/// Nothing was sent, so there is nothing to be asked afterwards.
#[test]
fn a_pin_that_is_not_presented_costs_no_command() {
    let (world, card) = World::with(ANY);
    let sessions = sessions(&world);
    sessions.iter().for_each(|session| drop(session.find(&[]).expect("what is on the card")));
    sessions[0].login(CKU_USER, PIN1.1).expect("PIN1");
    let key = sessions[0].object(CKO_PRIVATE_KEY, 0x45).expect("the key");
    let (cost, _) = card.cost(|| {
        for pin in [PIN1.1, "1", "12345x"] {
            refused(sessions[1].login(CKU_USER, pin), CKR_PIN_INCORRECT);
        }
        sessions[0].sign(CKM_ECDSA, key, &[1; 48]).expect("a signature")
    });
    assert_eq!(cost, 3, "the signature alone:\n{}", card.story());
}

#[test]
fn a_wrong_pin_costs_one_try_of_one_pin() {
    for ((first, reference), (second, other)) in [(TOKENS[0], TOKENS[1]), (TOKENS[1], TOKENS[0])] {
        let (world, card) = World::with(ANY);
        let (session, next) = (world.open(first), world.open(second));
        refused(session.login(CKU_USER, WRONG), CKR_PIN_INCORRECT);
        for _ in 0..3 {
            refused(next.login(CKU_USER, WRONG), CKR_PIN_INCORRECT);
            // Not sent to the first one again either, but given to it.
            refused(session.login(CKU_USER, WRONG), CKR_PIN_INCORRECT);
        }
        assert_eq!((card.sent(reference), card.sent(other)), (1, 0), "{}", first.0);
    }
}

#[test]
fn nor_is_it_presented_for_a_signature_or_to_set_a_pin() {
    let (world, card) = World::with(&format!("{ANY},pin1={PUK}0,puk={PUK}0"));
    let pin1 = &format!("{PUK}0");
    let (first, second) = (world.open_to_write(PIN1), world.open_to_write(PIN2));
    second.login(CKU_USER, PIN2.1).expect("PIN2");
    world.somebody_types();
    first.login(CKU_USER, pin1).expect("PIN1");
    let key = second.object(CKO_PRIVATE_KEY, 0x46).expect("the key");
    second.sign_init(CKM_ECDSA, key).expect("C_SignInit");
    let before = card.counts();
    refused(second.login(CKU_CONTEXT_SPECIFIC, pin1), CKR_PIN_INCORRECT);
    refused(second.set_pin(pin1, NEW), CKR_PIN_INCORRECT);
    second.logout().expect("C_Logout");
    second.login(CKU_SO, pin1).expect("nothing is sent");
    refused(second.init_pin(NEW), CKR_PIN_INCORRECT);
    assert_eq!(card.counts(), before, "{}", card.story());
    world.somebody_types();
    second.init_pin(NEW).expect("typed as the PUK");
}

/// Whoever has the same PIN twice types it twice.
#[test]
fn equal_pins_can_both_be_used() {
    let (world, card) = World::with(&format!("{ANY},pin1={}", PIN2.1));
    let sessions = sessions(&world);
    sessions[0].login(CKU_USER, PIN2.1).expect("PIN1");
    refused(sessions[1].login(CKU_USER, PIN2.1), CKR_PIN_INCORRECT);
    assert_eq!(card.sent(simcard::PIN2), 0);
    world.somebody_types();
    sessions[1].login(CKU_USER, PIN2.1).expect("typed again");
    let key = sessions[1].object(CKO_PRIVATE_KEY, 0x46).expect("the key");
    sessions[1].sign(CKM_ECDSA, key, &[1; 48]).expect("a signature with PIN2");
    assert_eq!(spent(&card), [0; 3]);
}

/// The token of PIN1 is logged in; the program asks for its PIN again, and hands it on.
#[test]
fn a_pin_given_to_a_token_that_is_logged_in_is_not_handed_on_either() {
    let (world, card) = World::with(ANY);
    let other = world.insert_into(1, "fineid-v4.0,holder=2,pin1=864213");
    let sessions = sessions(&world);
    sessions[0].login(CKU_USER, PIN1.1).expect("PIN1");
    world.somebody_types();
    refused(sessions[0].login(CKU_USER, PIN1.1), CKR_USER_ALREADY_LOGGED_IN);
    for session in &sessions[1..] {
        refused(session.login(CKU_USER, PIN1.1), CKR_PIN_INCORRECT);
    }
    assert_eq!((card.sent(simcard::PIN2), other.counts().map(|count| count.commands)), (0, [0; 3]));
}

#[test]
fn a_pin_that_one_card_has_accepted_is_not_given_to_another() {
    let (world, card) = World::with(ANY);
    let other = world.insert_into(1, "fineid-v4.0,holder=2,pin1=864213,pin2=975312");
    let mut answers = Vec::new();
    for session in sessions(&world) {
        answers.push(session.login(CKU_USER, PIN1.1).err().unwrap_or(CKR_OK));
    }
    answers.sort_unstable();
    assert_eq!(answers, [CKR_OK, CKR_PIN_INCORRECT, CKR_PIN_INCORRECT, CKR_PIN_INCORRECT]);
    assert_eq!((spent(&card), spent(&other)), ([0; 3], [0; 3]));
}

/// The first card says that it is not its PIN: it is the other one's.
#[test]
fn a_pin_that_one_card_has_refused_is_given_to_the_next() {
    let (world, card) = World::with(ANY);
    let other = world.insert_into(1, "fineid-v4.0,holder=2,pin1=864213,pin2=975312");
    let accepted =
        sessions(&world).iter().filter(|session| session.login(CKU_USER, "864213").is_ok()).count();
    assert_eq!(accepted, 1);
    assert_eq!((spent(&card), spent(&other)), ([1, 0, 0], [0; 3]));
}

/// The code from the letter is both PINs', until they are set.
#[test]
fn the_code_from_the_letter_is_for_both_pins() {
    let (world, card) = World::with(&format!("{ANY},state=fresh-new"));
    let (first, second) = (world.open_to_write(PIN1), world.open_to_write(PIN2));
    refused(first.set_pin(WRONG_TRANSPORT, NEW), CKR_PIN_INCORRECT);
    refused(second.set_pin(WRONG_TRANSPORT, NEW), CKR_PIN_INCORRECT);
    assert_eq!(spent(&card), [1, 0, 0]);
    for session in [first, second] {
        session.set_pin(TRANSPORT, NEW).expect("C_SetPIN");
    }
    assert_eq!(REFERENCES.map(|reference| card.sent(reference)), [2, 1, 0]);
}
