//! Cards used without contacts, through a secure channel that the card access number opens.

use cryptoki_sys::*;
use kit::openssl::{Scheme, verifies_digest};
use kit::{InReader, Other, Session, Watched, World, name, text};
use simcard::{Codes, Fault};

/// The number of all cards here; no PIN of theirs.
const CAN: &str = "480215";
const INPUT: &[u8] = &[1; 48];

/// The cards with a contactless side, their name, and the CKA_IDs of their keys.
const CARDS: [(&str, &str, [u8; 2]); 6] = [
    ("fineid-v4.0", "FINEID", [0x45, 0x46]),
    ("fineid-v4.1", "FINEID", [0x45, 0x46]),
    ("estonia-idemia", "ESTEID", [0x01, 0x02]),
    ("estonia-idemia-x", "ESTEID", [0x01, 0x02]),
    ("estonia-thales", "ESTEID", [0x01, 0x02]),
    ("latvia-ec", "LatEID", [0x01, 0x02]),
];

fn laid(model: &str) -> (World, InReader) {
    World::with(&format!("{model},interface=contactless,can={CAN}"))
}

/// The slots of PIN1 and PIN2.
fn slots(world: &World) -> [CK_SLOT_ID; 2] {
    world.module.slots(true).unwrap().try_into().unwrap()
}

fn label(world: &World, slot: CK_SLOT_ID) -> String {
    text(&world.module.token(slot).unwrap().label)
}

/// Logs in with number and PIN1 in one entry; the number opens the card.
fn opened(world: &World, card: &InReader) -> Session<'static> {
    let session = world.module.open(slots(world)[0]).unwrap();
    let login = session.login(CKU_USER, &format!("{CAN}/{}", Codes::PIN1));
    login.unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
    session
}

fn signs(session: &Session<'_>, card: &InReader, id: u8) {
    let key = session.object(CKO_PRIVATE_KEY, id).unwrap_or_else(|_| panic!("{}", card.story()));
    let signature = session.sign(CKM_ECDSA, key, INPUT);
    let signature = signature.unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
    let certificate = session.attribute(session.object(CKO_CERTIFICATE, id).unwrap(), CKA_VALUE).unwrap();
    assert!(verifies_digest(&certificate, Scheme::Ecdsa, None, INPUT, &signature), "{}", card.story());
}

#[test]
fn every_contactless_card_signs_through_one_channel() {
    for (model, label_of, ids) in CARDS {
        let (world, card) = laid(model);
        let [first, second] = slots(&world);
        let session = opened(&world, &card);
        signs(&session, &card, ids[0]);
        signs(&session, &card, ids[0]);
        assert_eq!(label(&world, first), format!("{label_of} (PIN1)"), "{model}");
        // The number is known now.
        let other = world.module.open(second).unwrap();
        assert_eq!(other.login(CKU_USER, Codes::PIN2), Ok(()), "{model}\n{}", card.story());
        signs(&other, &card, ids[1]);
        assert_eq!(text(&world.module.token(first).unwrap().serialNumber), card.card().printed_serial());
        let seen = card.card().snapshot();
        assert_eq!((seen.channels, seen.wrong_numbers), (1, 0), "{model}");
    }
}

#[test]
fn a_wrong_number_is_sent_once_and_costs_no_try_of_a_pin() {
    for (model, ..) in CARDS {
        let (world, card) = laid(model);
        let session = world.module.open(slots(&world)[0]).unwrap();
        let entry = format!("480216/{}", Codes::PIN1);
        for _ in 0..3 {
            assert_eq!(session.login(CKU_USER, &entry), Err(CKR_PIN_INCORRECT), "{model}");
        }
        let seen = card.card().snapshot();
        assert_eq!((seen.channels, seen.wrong_numbers), (0, 1), "{model}\n{}", card.story());
        assert!(seen.pins.iter().all(|pin| pin.count.commands == 0), "{model}");
        drop(session);
        opened(&world, &card);
    }
}

#[test]
fn a_channel_that_a_reset_or_another_program_has_ended_is_opened_anew() {
    for (model, _, ids) in CARDS {
        let (world, card) = laid(model);
        let session = opened(&world, &card);
        signs(&session, &card, ids[0]);
        // Another program resets the card.
        let mut other = Other::connect(&world.reader(0));
        other.reset();
        other.leave();
        signs(&session, &card, ids[0]);
        assert_eq!(card.card().channel_openings(), 2, "{model}\n{}", card.story());
        // One that sends something in the clear ends the channel as well, and no reset tells of it.
        let other = Other::connect(&world.reader(0));
        other.answer(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x01, 0x1C]);
        other.leave();
        signs(&session, &card, ids[0]);
        assert_eq!(card.card().channel_openings(), 3, "{model}\n{}", card.story());
        let tries: Vec<_> = card.card().snapshot().pins.iter().map(|pin| pin.count.tries_spent).collect();
        assert!(tries.iter().all(|spent| *spent == 0), "{model}");
    }
}

/// The certificate of PIN2 is in a directory of its own on some cards, which stays selected.
#[test]
fn the_next_program_opens_a_card_in_whatever_directory_it_was_left() {
    for (model, _, ids) in CARDS {
        let (world, card) = laid(model);
        drop(opened(&world, &card));
        let second = world.module.open(slots(&world)[1]).unwrap();
        second.login(CKU_USER, Codes::PIN2).unwrap();
        signs(&second, &card, ids[1]);
        drop(second);
        world.finalize();
        world.initialize();
        let session = world.module.open(slots(&world)[0]).unwrap();
        let login = session.login(CKU_USER, Codes::PIN1);
        assert_eq!(login, Ok(()), "{model}\n{}", card.story());
        signs(&session, &card, ids[0]);
    }
}

/// A byte of an answer is changed on its way.
#[test]
fn an_answer_that_was_changed_ends_the_channel_and_resets_the_card() {
    for (model, _, ids) in CARDS {
        let (world, card) = laid(model);
        let session = opened(&world, &card);
        let key = session.object(CKO_PRIVATE_KEY, ids[0]).unwrap();
        let resets = card.card().log().resets();
        card.fault(Fault::parse("on=22 garbage:990290008E0800112233445566779000").unwrap());
        assert_eq!(session.sign(CKM_ECDSA, key, INPUT), Err(CKR_DEVICE_ERROR), "{model}\n{}", card.story());
        assert!(card.card().log().resets() > resets, "{model}");
        let pin1 = card.card().references().pin1;
        assert!(!card.card().is_verified(pin1), "{model}");
        signs(&session, &card, ids[0]);
    }
}

#[test]
fn what_the_facts_leave_open_of_the_air_is_survived_either_way() {
    for (model, switch, values) in [
        ("fineid-v4.1", "mf_under_sm", &["works", "kills", "deep-paths"][..]),
        ("fineid-v4.1", "plain_in_channel", &["refused"]),
        ("estonia-idemia", "plain_in_channel", &["refused"]),
        ("estonia-thales", "pace_parameter", &["no"]),
        ("estonia-thales", "thales_read_limit", &["223"]),
    ] {
        for value in values {
            let (world, card) = laid(&format!("{model},{switch}={value}"));
            let session = opened(&world, &card);
            let id = if model.starts_with("fineid") { 0x45 } else { 0x01 };
            signs(&session, &card, id);
            assert_eq!(card.card().channel_openings(), 1, "{model} {switch}={value}\n{}", card.story());
        }
    }
}

/// PIN2 is only offered; a refusal over the air costs no try.
#[test]
fn a_finnish_card_that_refuses_pin2_over_the_air_loses_no_try() {
    let (world, card) = laid("fineid-v4.1,contactless_signing=no");
    opened(&world, &card);
    let session = world.module.open(slots(&world)[1]).unwrap();
    assert!(session.login(CKU_USER, Codes::PIN2).is_err());
    let pin2 = card.card().references().pin2.unwrap();
    assert_eq!(card.card().tries_left(pin2), Some(5));
}
