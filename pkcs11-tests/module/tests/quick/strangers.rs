//! Cards that no table knows. They are asked what they are by SELECT, READ BINARY and READ RECORD, which change nothing and spend
//! nothing, and by no other command. One that does not describe itself is no token.

use cryptoki_sys::*;
use kit::countries::PKCS15;
use kit::{ANY, PIN1, PIN2, UnknownCard, Watched, World, bytes, call, name, refused, text, until};
use pcsc::State;
use simcard::{Action, Fault};

/// SELECT, READ BINARY, READ RECORD, and GET RESPONSE, which is part of either with T=0.
fn only_asks(command: &[u8]) -> bool {
    matches!(command, [0x00, 0xA4 | 0xB0 | 0xB2 | 0xC0, ..])
}

/// The token is not known, in either slot; the second one may also say that it is empty. Where the answer to reset tells
/// the kind of card, the list of mechanisms and opening a session cost no command, so they do not find out; nothing is to
/// be found in such a session.
fn is_no_token(world: &World, what: &str) {
    let slots = world.module.slots(false).unwrap();
    let first = slots[0];
    for _ in 0..2 {
        let code = world.module.token(first).map(drop).unwrap_err();
        assert_eq!(code, CKR_TOKEN_NOT_RECOGNIZED, "{what}: {}", name(code));
        match world.module.open(first) {
            Ok(session) => {
                let found = session.find(&[(CKA_CLASS, &bytes(CKO_CERTIFICATE))]).unwrap_or_default();
                assert!(found.is_empty(), "{what}");
                assert!(session.login(CKU_USER, PIN1.1).is_err(), "{what}");
            }
            Err(code) => assert_eq!(code, CKR_TOKEN_NOT_RECOGNIZED, "{what}: {}", name(code)),
        }
    }
    // The other slot of the reader is in the same case.
    let code = world.module.token(slots[2]).map(drop).unwrap_err();
    assert!([CKR_TOKEN_NOT_RECOGNIZED, CKR_TOKEN_NOT_PRESENT].contains(&code), "{what}: {}", name(code));
    assert!(world.labels().is_empty(), "{what}");
}

#[test]
fn a_card_of_no_known_kind_is_left_in_peace() {
    for model in ["bank-card", "sim-card", "half-personalised", "mute-card"] {
        let (world, card) = World::with(model);
        is_no_token(&world, model);
        let card = card.card();
        let sent: Vec<_> =
            card.log().exchanges_since_mark().map(|exchange| exchange.command.clone()).collect();
        assert!(sent.iter().all(|command| only_asks(command)), "{model}: {sent:02X?}");
        for reference in [0x01, 0x80] {
            let count = card.credential_count(reference);
            assert_eq!((count.commands, count.probes, count.tries_spent), (0, 0, 0), "{model}");
        }
    }
}

/// Answers to reset of nobody, and of chips that are used for many cards: the Finnish ones, and those of other
/// countries, with some other maker's application.
#[test]
fn a_card_that_refuses_everything_is_asked_a_few_things_and_no_more() {
    const ATRS: [&[u8]; 5] = [
        b"\x3B\x6F\x00\x00an unknown card",
        // Organisation card.
        b"\x3B\xDD\x96\x00\x80\x31\xFE\x45\x00\x31\xB8\x64\x04\x29\xEC\xC1\x73\x94\x01\x80\x82\x48",
        // Estonia, IDEMIA.
        b"\x3B\xDB\x96\x00\x80\xB1\xFE\x45\x1F\x83\x00\x12\x23\x3F\x53\x65\x49\x44\x0F\x90\x00\xF1",
        // Latvia, IDEMIA.
        b"\x3B\xDB\x96\x00\x80\xB1\xFE\x45\x1F\x83\x00\x12\x42\x8F\x53\x65\x49\x44\x0F\x90\x00\x20",
        // Belgium.
        b"\x3B\x98\x13\x40\x0A\xA5\x03\x01\x01\x01\xAD\x13\x11",
    ];
    for atr in ATRS {
        let world = World::enter();
        world.initialize();
        let card = UnknownCard::insert_with(atr);
        until("pcscd has seen the card", || world.state(0).contains(State::PRESENT));
        is_no_token(&world, &format!("{atr:02X?}"));
        let sent = card.commands();
        assert!(sent.iter().all(|command| only_asks(command)), "{sent:02X?}");
        assert!(sent.len() <= 16, "{} commands: {sent:02X?}", sent.len());
        drop(card);
        world.wait_until_gone(0);
        let _card = world.insert(ANY);
        assert_eq!(world.labels(), [PIN1.0, PIN2.0]);
    }
}

/// What its answer to reset leaves open is found out once.
#[test]
fn a_card_of_no_known_kind_is_asked_once() {
    let world = World::enter();
    world.initialize();
    let card = UnknownCard::insert();
    until("pcscd has seen the card", || world.state(0).contains(State::PRESENT));
    is_no_token(&world, "unknown");
    let before = card.commands().len();
    is_no_token(&world, "unknown");
    assert_eq!(card.commands().len(), before);
}

#[test]
fn a_list_of_slots_asks_no_card() {
    let world = World::enter();
    let card = UnknownCard::insert();
    until("pcscd has seen the card", || world.state(0).contains(State::PRESENT));
    world.initialize();
    for slot in world.module.slots(false).unwrap() {
        let mut info = CK_SLOT_INFO::default();
        call!(world.module, C_GetSlotInfo(slot, &mut info)).unwrap();
    }
    assert!(!world.module.slots(true).unwrap().is_empty());
    assert!(card.commands().is_empty(), "{:02X?}", card.commands());
}

/// A Finnish chip whose application cannot be selected.
#[test]
fn a_finnish_card_with_another_application_is_no_token() {
    let (world, card) = World::with(ANY);
    for _ in 0..64 {
        card.fault(Fault::on(&[0xA4], Action::Status(0x6A82)));
    }
    world.finalize();
    world.initialize();
    is_no_token(&world, ANY);
    assert!(card.counts().iter().all(|count| count.commands == 0 && count.spent == 0));
    assert!(card.card().log().exchanges_since_mark().all(|exchange| only_asks(&exchange.command)));
}

/// Its private keys, or its PINs, are not described: so its certificates are all that it has to offer.
#[test]
fn a_card_that_describes_itself_in_part_shows_its_certificates_without_login() {
    for missing in ["private-keys", "pins"] {
        let (world, card) = World::with(&format!("pkcs15-card-partial,p15_missing={missing}"));
        let slots = world.module.slots(true).unwrap();
        let info = world.module.token(slots[0]).unwrap();
        assert_eq!(text(&info.label), "PKCS15");
        // Only now it is known that there is no second token.
        assert_eq!(world.module.slots(true).unwrap(), [slots[0]], "{missing}");
        assert_eq!(info.flags & (CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED), 0, "{:#x}", info.flags);
        assert_eq!((info.ulMinPinLen, info.ulMaxPinLen), (0, 0));
        let session = world.module.open(slots[0]).unwrap();
        for (id, certificate) in [(0xA1, "auth"), (0xA2, "sign")] {
            let object = session.object(CKO_CERTIFICATE, id).unwrap();
            assert!(session.attribute(object, CKA_VALUE).unwrap() == card.certificate(certificate));
            session.object(CKO_PUBLIC_KEY, id).unwrap();
        }
        assert!(session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))]).unwrap().is_empty());
        // No PIN is sent to a card that does not say how.
        let code = session.login(CKU_USER, PIN1.1).unwrap_err();
        assert!(kit::permitted("C_Login", code), "{}", name(code));
        PKCS15.assert_untouched(&card);
    }
}

/// PINs in a form that programs disagree about are not presented.
#[test]
fn a_card_whose_pins_are_no_text_shows_its_certificates_alone() {
    let (world, card) = World::with("pkcs15-card-partial,p15_missing=ascii-pin");
    let slots = world.module.slots(true).unwrap();
    let session = world.module.open(slots[0]).unwrap();
    session.object(CKO_CERTIFICATE, 0xA1).unwrap();
    assert!(session.login(CKU_USER, PIN1.1).is_err());
    PKCS15.assert_untouched(&card);
    // The private key of such a PIN is not shown.
    refused(session.object(CKO_PRIVATE_KEY, 0xA1), CKR_OBJECT_HANDLE_INVALID);
}
