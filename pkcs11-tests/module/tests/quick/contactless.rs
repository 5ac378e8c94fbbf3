//! Cards on a contactless reader: their access numbers, typed and stored, and what each card permits without contacts.

use cryptoki_sys::*;
use kit::openssl::{Scheme, verifies_digest};
use kit::{InReader, PIN1, PIN2, Session, Token, Watched, World, name, numbers, refused, second_program};
use simcard::{Codes, Fault};
use std::fs;

/// What is printed on the simulated cards.
const CAN: &str = "571500";
const WRONG: &str = "111111";
const FINEID: &str = "fineid-v4.1,interface=contactless";
const CLOSED: [&str; 2] = ["FINEID (CAN and PIN1)", "FINEID (CAN and PIN2)"];
const OPEN: [&str; 2] = ["FINEID (PIN1)", "FINEID (PIN2)"];
const ESTONIAN: [Token; 2] = [("ESTEID (PIN1)", Codes::PIN1), ("ESTEID (PIN2)", Codes::PIN2)];
const LATVIAN: [Token; 2] = [("LatEID (PIN1)", Codes::PIN1), ("LatEID (PIN2)", Codes::PIN2)];
const NEW: &str = "864200";

/// Cards, the names of their tokens, and the CKA_IDs of their keys.
const CARDS: [(&str, [Token; 2], [u8; 2]); 4] = [
    (FINEID, [PIN1, PIN2], [0x45, 0x46]),
    ("estonia-idemia,interface=contactless", ESTONIAN, [0x01, 0x02]),
    ("estonia-thales,interface=contactless", ESTONIAN, [0x01, 0x02]),
    ("latvia-ec,interface=contactless", LATVIAN, [0x01, 0x02]),
];

/// A card on the reader, and these numbers stored.
fn with(description: &str, stored: &[&str]) -> (World, InReader) {
    // Whoever has the turn writes the file: it begins without one.
    let world = World::enter();
    if !stored.is_empty() {
        numbers::store(stored).unwrap();
    }
    let card = world.insert(description);
    world.initialize();
    (world, card)
}

fn stored() -> String {
    fs::read_to_string(numbers::file().unwrap()).unwrap_or_default()
}

/// The number and a PIN in one entry.
fn both(can: &str, pin: &str) -> String {
    format!("{can}/{pin}")
}

/// A session in the first or the second slot, whatever its token is called.
fn session(world: &World, at: usize) -> Session<'static> {
    let slots = world.module.slots(true).unwrap();
    world.module.open_with(slots[at], CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap()
}

fn openings(card: &InReader) -> u32 {
    card.card().channel_openings()
}

fn wrong_numbers(card: &InReader) -> u32 {
    card.card().wrong_numbers()
}

fn sign(session: &Session<'_>, id: u8) -> Result<(), CK_RV> {
    let input = [7; 48];
    let signature = session.sign(CKM_ECDSA, session.object(CKO_PRIVATE_KEY, id)?, &input)?;
    let certificate = session.attribute(session.object(CKO_CERTIFICATE, id)?, CKA_VALUE)?;
    assert!(verifies_digest(&certificate, Scheme::Ecdsa, None, &input, &signature));
    Ok(())
}

#[test]
fn the_first_use_takes_number_and_pin_in_one_entry_and_the_number_is_kept() {
    for (description, tokens, ids) in CARDS {
        let (world, card) = with(description, &[]);
        let closed = session(&world, 0);
        assert!(closed.find(&[]).unwrap().is_empty());
        assert_eq!(openings(&card), 0, "{description}");
        let (label, pin) = tokens[0];
        let outcome = closed.login(CKU_USER, &both(CAN, pin));
        outcome.unwrap_or_else(|code| panic!("{description}: {}\n{}", name(code), card.story()));
        assert_eq!(world.labels(), tokens.map(|(label, _)| label));
        sign(&closed, ids[0])
            .unwrap_or_else(|code| panic!("{description}: {}\n{}", name(code), card.story()));
        assert_eq!(openings(&card), 1, "{description}: the channel is kept");
        drop(closed);
        // From then on the PIN is enough, for this program and for the next one.
        assert!(stored().contains(CAN), "{description}");
        world.finalize();
        world.initialize();
        world.somebody_types();
        let open = world.open((label, pin));
        open.login(CKU_USER, pin).unwrap();
        sign(&open, ids[0]).unwrap();
        assert!(wrong_numbers(&card) == 0 && openings(&card) <= 2, "{description}");
    }
}

/// Which PINs stand until logout, such a card tells only once it is open; this one opens with its number by contacts, too.
#[test]
fn a_card_that_describes_itself_signs_after_its_first_use() {
    let world = World::enter();
    let card = world.insert("lithuania");
    fs::remove_file(numbers::file().unwrap()).unwrap();
    world.initialize();
    for (at, pin, id) in [(0, Codes::PIN1, 0x01), (1, Codes::PIN2, 0x02)] {
        let session = session(&world, at);
        session.login(CKU_USER, &both(CAN, pin)).unwrap();
        sign(&session, id).unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
        world.somebody_types();
    }
}

#[test]
fn pin2_is_offered_without_contacts() {
    for (description, tokens, ids) in CARDS {
        let (world, card) = with(description, &[]);
        let session = session(&world, 1);
        let outcome = session.login(CKU_USER, &both(CAN, tokens[1].1)).and_then(|()| sign(&session, ids[1]));
        outcome.unwrap_or_else(|code| panic!("{description}: {}\n{}", name(code), card.story()));
    }
    // Nobody has shown that Finland's card takes it.
    let (world, card) = with(&format!("{FINEID},contactless_signing=no"), &[]);
    let session = session(&world, 1);
    let outcome = session.login(CKU_USER, &both(CAN, PIN2.1)).and_then(|()| sign(&session, 0x46));
    assert!(outcome.is_err());
    assert_eq!(card.tries(simcard::PIN2), 5);
}

#[test]
fn a_wrong_number_costs_no_try_and_is_not_repeated() {
    let (world, card) = with(FINEID, &[]);
    let session = session(&world, 0);
    refused(session.login(CKU_USER, &both(WRONG, PIN1.1)), CKR_PIN_INCORRECT);
    assert_eq!((wrong_numbers(&card), card.sent(simcard::PIN1)), (1, 0), "{}", card.story());
    let (cost, outcome) = card.cost(|| session.login(CKU_USER, &both(WRONG, PIN1.1)));
    assert_eq!((cost, outcome), (0, Err(CKR_PIN_INCORRECT)));
    let (cost, outcome) = card.cost(|| session.login(CKU_USER, PIN1.1));
    assert_eq!((cost, outcome), (0, Err(CKR_PIN_INCORRECT)), "the number is still missing");
    assert_eq!(world.labels(), CLOSED);
    world.somebody_types();
    session.login(CKU_USER, &both(CAN, PIN1.1)).unwrap();
    assert_eq!(world.labels(), OPEN);
    assert!(!stored().contains(WRONG));
}

/// The last step of PACE fails, and the card does not call the number wrong.
#[test]
fn a_number_that_the_card_does_not_judge_is_sent_once_in_a_call() {
    let (world, card) = with(FINEID, &[]);
    let session = session(&world, 0);
    card.fault(Fault::parse("on=8600000C status:6F00").unwrap());
    let (cost, outcome) = card.cost(|| session.login(CKU_USER, &both(CAN, PIN1.1)));
    // EF.CardAccess is selected and read; MSE SET; four steps.
    assert_eq!((cost, outcome), (7, Err(CKR_DEVICE_ERROR)), "{}", card.story());
    session.login(CKU_USER, &both(CAN, PIN1.1)).unwrap();
    assert_eq!((wrong_numbers(&card), openings(&card)), (0, 1), "{}", card.story());
}

/// The PIN has to be right, too; the number is known from then on.
#[test]
fn a_wrong_pin_after_the_right_number_costs_one_try() {
    let (world, card) = with(FINEID, &[]);
    let session = session(&world, 0);
    refused(session.login(CKU_USER, &both(CAN, "998877")), CKR_PIN_INCORRECT);
    assert_eq!((card.tries(simcard::PIN1), wrong_numbers(&card)), (4, 0));
    world.somebody_types();
    session.login(CKU_USER, PIN1.1).unwrap();
}

#[test]
fn the_only_stored_number_is_tried_by_itself_once() {
    let (world, card) = with(FINEID, &["571500\t0"]);
    assert_eq!(world.labels(), OPEN);
    assert_eq!((openings(&card), wrong_numbers(&card)), (1, 0));
    assert!(stored().contains("571500\t1\tFINEID v4.1\t"), "{}", stored());
    // The card first: whoever has the turn next finds it.
    drop(card);
    drop(world);

    let (world, card) = with(FINEID, &["111111\t0"]);
    for _ in 0..3 {
        assert_eq!(world.labels(), CLOSED);
    }
    assert_eq!(wrong_numbers(&card), 1);
    assert!(stored().contains("111111\t0!"), "{}", stored());
    // Nor does the next program try it, until a number has opened a card.
    world.finalize();
    world.initialize();
    assert_eq!(world.labels(), CLOSED);
    assert_eq!(wrong_numbers(&card), 1);
    session(&world, 0).login(CKU_USER, &both(CAN, PIN1.1)).unwrap();
    assert!(stored().contains("111111\t0\n"), "{}", stored());
}

#[test]
fn of_several_stored_numbers_the_last_that_worked_is_tried() {
    for (lines, labels, wrong) in [
        (&["111111\t0", "571500\t0"][..], CLOSED, 0),
        (&["111111\t1\tFINEID v4.1\tA\tB", "571500\t2\tFINEID v4.1\tC\tD"], OPEN, 0),
        (&["571500\t1\tFINEID v4.1\tC\tD", "111111\t2\tFINEID v4.1\tA\tB"], CLOSED, 1),
        (&["571500\t1\tFINEID v4.1\tC\tD", "111111\t2\tESTEID2018\tA\tB"], OPEN, 0),
        (&["571500\t1!\tFINEID v4.1\tC\tD"], CLOSED, 0),
        (&["something else"], CLOSED, 0),
    ] {
        let (world, card) = with(FINEID, lines);
        assert_eq!(
            (world.labels(), wrong_numbers(&card)),
            (labels.map(str::to_owned).to_vec(), wrong),
            "{lines:?}"
        );
    }
}

/// The issuer wants Finland's card in a reader with contacts for that.
#[test]
fn what_the_issuer_wants_done_by_contacts_is_refused_and_nothing_is_sent() {
    let (world, card) = with(FINEID, &["571500\t0"]);
    let session = session(&world, 0);
    assert_eq!(world.labels(), OPEN);
    refused(session.set_pin(PIN1.1, NEW), CKR_TOKEN_WRITE_PROTECTED);
    session.login(CKU_SO, Codes::PUK).unwrap();
    refused(session.init_pin(NEW), CKR_TOKEN_WRITE_PROTECTED);
    assert_eq!([simcard::PIN1, simcard::PIN2, simcard::PUK].map(|code| card.sent(code)), [0; 3]);
}

#[test]
fn on_estonias_and_latvias_cards_pins_are_changed_and_set() {
    for (description, tokens, _) in CARDS.into_iter().skip(1) {
        let (world, card) = with(description, &[]);
        let first = session(&world, 0);
        let reference = card.card().references().pin1;
        let said = |code| -> () { panic!("{description}: {}\n{}", name(code), card.story()) };
        first.set_pin(&both(CAN, tokens[0].1), NEW).unwrap_or_else(said);
        assert!(card.holds(reference, NEW), "{description}");
        world.somebody_types();
        first.login(CKU_SO, Codes::PUK).unwrap_or_else(said);
        first.init_pin(tokens[0].1).unwrap_or_else(said);
        assert!(card.holds(reference, tokens[0].1), "{description}");
    }
}

/// Another program resets the card, or opens a channel of its own: the channel is opened anew, by the same number.
#[test]
fn a_channel_that_was_lost_is_opened_anew() {
    let (world, card) = with(FINEID, &["571500\t0"]);
    let session = world.logged_in(PIN1);
    sign(&session, 0x45).unwrap();
    let other = second_program().initialize().unwrap();
    let slot = second_program().slots(true).unwrap()[0];
    second_program().token(slot).unwrap();
    drop(other);
    let signed = sign(&session, 0x45);
    signed.unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
    assert_eq!((wrong_numbers(&card), card.tries(simcard::PIN1)), (0, 5));
}
