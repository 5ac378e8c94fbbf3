//! Another application on the card, whose PINs have the same references: it gets no code, and what it answers is not taken
//! for what the card says of itself.

use cryptoki_sys::*;
use kit::codes::{NEW, NEW1, NEW2, PUK};
use kit::countries::{ESTONIA_THALES, FINEID_ORG, KINDS, Kind, input, sign_init};
use kit::{
    ANY, Activation, GENERATIONS, InReader, Other, PIN1, PIN2, Session, TOKENS, VendorList, Watched, World,
    name,
};

/// Another program selects the other application, and leaves.
fn look_alike_is_selected(card: &InReader) {
    let other = Other::connect(card.reader());
    other.select_lookalike();
    other.leave();
}

#[track_caller]
fn none_astray(card: &InReader, what: &str) {
    let astray = card.card().codes_astray();
    assert_eq!(astray, 0, "{what}\n{}", card.story());
}

fn sign(session: &Session<'_>, id: u8) -> Result<Vec<u8>, CK_RV> {
    let key = session.object(CKO_PRIVATE_KEY, id)?;
    let kind = session.attribute(key, CKA_KEY_TYPE)?;
    let mechanism = if kind == kit::bytes(CKK_RSA) { CKM_RSA_PKCS } else { CKM_ECDSA };
    sign_init(session, mechanism, key)?;
    session.sign_data(&input(mechanism, b"signed"))
}

#[test]
fn a_pin_goes_to_the_cards_own_application_alone() {
    for generation in GENERATIONS {
        for (token, reference) in TOKENS {
            let (world, card) = World::with(generation);
            let session = world.open(token);
            session.find(&[]).unwrap();
            look_alike_is_selected(&card);
            session.login(CKU_USER, token.1).unwrap();
            none_astray(&card, "at the login");
            // The PIN that was given at the login is presented with the signature.
            look_alike_is_selected(&card);
            let signed = sign(&session, if token == PIN1 { 0x45 } else { 0x46 });
            signed.unwrap_or_else(|code| panic!("{generation}: {}\n{}", name(code), card.story()));
            none_astray(&card, "with the signature");
            assert_eq!((card.sent(reference), card.tries(reference)), (2, 5), "{generation}");
        }
    }
}

#[test]
fn nor_does_one_of_another_country_or_an_organisation() {
    // The Belgian card has no other application that could be left by its commands.
    for kind in KINDS.iter().filter(|kind| kind.tokens.len() > 1 && !kind.wants_channel()) {
        for pin in kind.tokens {
            let (world, card) = World::with(kind.card);
            let session = world.open(pin.token);
            session.find(&[]).unwrap();
            look_alike_is_selected(&card);
            let outcome = session.login(CKU_USER, pin.token.1);
            outcome.unwrap_or_else(|code| panic!("{}: {}\n{}", kind.card, name(code), card.story()));
            none_astray(&card, kind.card);
            assert_eq!(card.tries(pin.reference), pin.tries, "{}", kind.card);
            for key in pin.keys {
                look_alike_is_selected(&card);
                let signed = sign(&session, key.id);
                // A lost login is not restored where the card does not tell its tries.
                assert!(signed.is_ok() || !kind.tells_tries || key.each_time, "{}: {signed:?}", kind.card);
                none_astray(&card, kind.card);
            }
        }
    }
}

#[test]
fn a_wrong_pin_that_is_tried_again_does_not_either() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    kit::refused(session.login(CKU_USER, NEW), CKR_PIN_INCORRECT);
    // Of the other application all tries are there: that does not make the PIN right.
    card.card().set_tries_left(simcard::PIN1, 5);
    look_alike_is_selected(&card);
    card.card().set_tries_left(simcard::PIN1, 4);
    kit::refused(session.login(CKU_USER, NEW), CKR_PIN_INCORRECT);
    none_astray(&card, "tried again");
    assert_eq!((card.sent(simcard::PIN1), card.tries(simcard::PIN1)), (1, 4), "{}", card.story());
}

#[test]
fn pins_are_set_in_the_cards_own_application_alone() {
    let fineid = Kind { card: ANY, tokens: &[], ..ESTONIA_THALES };
    for kind in [fineid, ESTONIA_THALES] {
        let tokens = if kind.card == ANY { [PIN1, PIN2] } else { [0, 1].map(|at| kind.tokens[at].token) };
        for token in tokens {
            let (world, card) = World::with(kind.card);
            let session = world.open_to_write(token);
            session.find(&[]).unwrap();
            look_alike_is_selected(&card);
            session.set_pin(token.1, NEW).unwrap();
            none_astray(&card, "C_SetPIN");
            session.login(CKU_SO, PUK).unwrap();
            look_alike_is_selected(&card);
            session.init_pin(token.1).unwrap();
            none_astray(&card, "C_InitPIN");
            session.logout().unwrap();
            session.login(CKU_USER, token.1).unwrap();
        }
    }
    let (world, card) = World::with(&format!("{ANY},state=blocked-pins"));
    let slot = world.slot(PIN1);
    look_alike_is_selected(&card);
    let (code, _) = VendorList::of(world.module).set(slot, &Activation::of(PUK, Some(NEW1), Some(NEW2)));
    assert_eq!(code, CKR_OK);
    none_astray(&card, "AVN_Activate");
    assert!(card.holds(simcard::PIN1, NEW1) && card.holds(simcard::PIN2, NEW2));
}

#[test]
fn its_missing_certificates_are_not_taken_for_those_of_the_card() {
    for card_of in [ANY, ESTONIA_THALES.card, FINEID_ORG.card] {
        let (world, card) = World::with(card_of);
        let labels = world.labels();
        look_alike_is_selected(&card);
        let session = world.module.open(world.module.slots(true).unwrap()[0]).unwrap();
        let kinds = [(CKA_CLASS, &kit::bytes(CKO_PUBLIC_KEY)[..])];
        let found = session.find(&kinds).unwrap().len();
        assert_eq!((found, labels.len()), (1, 2), "{card_of}\n{}", card.story());
    }
}

#[test]
fn the_card_is_known_by_its_own_application_from_the_start() {
    let world = World::enter();
    let card = world.insert(ANY);
    let other = Other::connect(card.reader());
    other.select();
    other.select_lookalike();
    world.initialize();
    assert_eq!(world.labels(), [PIN1.0, PIN2.0]);
    world.logged_in(PIN1);
    none_astray(&card, "at the first login");
    other.leave();
}
