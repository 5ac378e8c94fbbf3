//! Cards of other countries and of organisations: what their tokens say of themselves, and their objects.

use cryptoki_sys::*;
use kit::countries::{KINDS, Kind, Number, Writing};
use kit::{InReader, Other, Session, Watched, World, bytes, call, name, refused, text};

/// A card of each kind, whatever it is about.
fn each(act: impl Fn(&Kind, &World, &InReader)) {
    for kind in KINDS {
        let (world, card) = World::with(kind.card);
        act(kind, &world, &card);
    }
}

/// The serial number that the tokens of a card must have.
fn serial(kind: &Kind, world: &World, card: &InReader) -> String {
    match kind.number {
        Number::Printed => card.card().printed_serial(),
        Number::Chip => {
            let other = Other::connect(&world.reader(0));
            let answer = other.answer(&[0x80, 0xE4, 0x00, 0x00, 0x1C]);
            other.leave();
            answer[8..16].iter().map(|byte| format!("{byte:02X}")).collect()
        }
    }
}

// --- Tokens

#[test]
fn a_token_says_who_it_is() {
    each(|kind, world, card| {
        assert_eq!(world.labels(), kind.tokens.iter().map(|pin| pin.token.0).collect::<Vec<_>>());
        for pin in kind.tokens {
            let info = world.module.token(world.slot(pin.token)).unwrap();
            assert_eq!(text(&info.label), pin.token.0);
            assert_eq!(text(&info.manufacturerID), kind.manufacturer);
            assert_eq!(text(&info.model), kind.model);
            assert_eq!(
                info.flags,
                CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED,
                "{}: flags {:#x}",
                pin.token.0,
                info.flags
            );
            assert_eq!((info.ulMinPinLen, info.ulMaxPinLen), pin.digits, "{}", kind.card);
            assert_eq!(text(&info.serialNumber), serial(kind, world, card), "{}", kind.card);
        }
        kind.assert_untouched(card);
    });
}

#[test]
fn two_cards_of_a_kind_have_two_numbers() {
    for kind in KINDS {
        let numbers = [1, 2].map(|holder| {
            let (world, _card) = World::with(&format!("{},holder={holder}", kind.card));
            text(&world.module.token(world.slot(kind.tokens[0].token)).unwrap().serialNumber)
        });
        assert_ne!(numbers[0], numbers[1], "{}", kind.card);
        assert!(numbers.iter().all(|number| !number.is_empty()));
    }
}

#[test]
fn a_card_with_one_pin_has_a_token_in_its_first_slot_only() {
    each(|kind, world, _| {
        let slots = world.module.slots(false).unwrap();
        let present = world.module.slots(true).unwrap();
        assert_eq!(present.len(), kind.tokens.len(), "{}", kind.card);
        assert_eq!(present[0], slots[0]);
        if kind.tokens.len() == 1 {
            let second = slots[2];
            let mut info = CK_SLOT_INFO::default();
            call!(world.module, C_GetSlotInfo(second, &mut info)).unwrap();
            assert_eq!(info.flags & CKF_TOKEN_PRESENT, 0);
            refused(world.module.token(second), CKR_TOKEN_NOT_PRESENT);
            refused(world.module.open(second), CKR_TOKEN_NOT_PRESENT);
            refused(world.module.mechanisms(second), CKR_TOKEN_NOT_PRESENT);
        }
    });
}

#[test]
fn a_token_has_the_mechanisms_of_its_keys() {
    each(|kind, world, card| {
        for pin in kind.tokens {
            let mut told = world.module.mechanisms(world.slot(pin.token)).unwrap();
            told.sort_unstable();
            assert_eq!(told, pin.mechanisms(), "{}: {}", kind.card, pin.token.0);
        }
        kind.assert_untouched(card);
    });
}

#[test]
fn asking_again_and_again_spends_nothing() {
    each(|kind, world, card| {
        for _ in 0..3 {
            world.labels();
            for pin in kind.tokens {
                let slot = world.slot(pin.token);
                world.token_flags(slot);
                let session = world.open(pin.token);
                session.find(&[]).unwrap();
            }
            let mut other = Other::connect(&world.reader(0));
            other.reset();
            other.leave();
        }
        kind.assert_untouched(card);
    });
}

// --- Objects

fn found(session: &Session<'_>, class: CK_OBJECT_CLASS, id: u8) -> Vec<CK_OBJECT_HANDLE> {
    session.find(&[(CKA_CLASS, &bytes(class)), (CKA_ID, &[id])]).unwrap()
}

#[test]
fn each_key_has_its_three_objects_with_one_id_and_one_label() {
    each(|kind, world, card| {
        for pin in kind.tokens {
            let session = world.logged_in(pin.token);
            for key in pin.keys {
                for class in [CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY] {
                    let [object] = found(&session, class, key.id)[..] else {
                        panic!("{}: no single object of class {class} with id {:02x}", kind.card, key.id)
                    };
                    let label = session.attribute(object, CKA_LABEL).unwrap();
                    assert_eq!(String::from_utf8_lossy(&label), key.label, "{}", kind.card);
                }
                let certificate = session.object(CKO_CERTIFICATE, key.id).unwrap();
                let der = session.attribute(certificate, CKA_VALUE).unwrap();
                assert!(der == card.certificate(key.certificate), "{}: another certificate", kind.card);
                let private = session.object(CKO_PRIVATE_KEY, key.id).unwrap();
                for (flag, expected) in [
                    (CKA_ALWAYS_AUTHENTICATE, key.each_time),
                    (CKA_SIGN, true),
                    (CKA_DERIVE, key.does(CKM_ECDH1_DERIVE)),
                    (CKA_DECRYPT, false),
                    (CKA_PRIVATE, true),
                    (CKA_SENSITIVE, true),
                    (CKA_EXTRACTABLE, false),
                ] {
                    let told = session.attribute(private, flag).unwrap();
                    assert_eq!(told, [u8::from(expected)], "{} {}: {flag:#x}", kind.card, key.label);
                }
                assert_eq!(session.attribute(private, CKA_KEY_TYPE).unwrap(), bytes(key.kind));
            }
            let keys = session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))]).unwrap();
            assert_eq!(keys.len(), pin.keys.len(), "{}", kind.card);
            let certificates = session.find(&[(CKA_CLASS, &bytes(CKO_CERTIFICATE))]).unwrap();
            assert_eq!(certificates.len(), pin.keys.len() + kind.authorities, "{}", kind.card);
        }
    });
}

/// DigiDoc4 keeps a certificate only if there is exactly one public key with its id in the same slot, all without
/// login, and takes the certificates of one card together by the serial number of their tokens.
#[test]
fn digidoc_finds_each_certificate_with_one_public_key_and_without_login() {
    each(|kind, world, card| {
        let mut numbers = Vec::new();
        for pin in kind.tokens {
            let session = world.open(pin.token);
            numbers.push(text(&world.module.token(world.slot(pin.token)).unwrap().serialNumber));
            let mut kept = Vec::new();
            for certificate in session.find(&[(CKA_CLASS, &bytes(CKO_CERTIFICATE))]).unwrap() {
                let id = session.attribute(certificate, CKA_ID).unwrap();
                let der = session.attribute(certificate, CKA_VALUE).unwrap();
                let public = [(CKA_CLASS, &bytes(CKO_PUBLIC_KEY)[..]), (CKA_ID, &id)];
                if let [public] = session.find(&public).unwrap()[..] {
                    session.attribute(public, CKA_KEY_TYPE).unwrap();
                    kept.push(der);
                }
            }
            let expected: Vec<_> = pin.keys.iter().map(|key| card.certificate(key.certificate)).collect();
            assert!(kept == expected, "{}: {} certificates in {}", kind.card, kept.len(), pin.token.0);
            assert!(session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))]).unwrap().is_empty());
        }
        numbers.dedup();
        assert_eq!(numbers.len(), 1, "{}: {numbers:?}", kind.card);
        kind.assert_untouched(card);
    });
}

#[test]
fn nothing_can_be_made_or_changed_on_the_card() {
    each(|kind, world, card| {
        let pin = &kind.tokens[0];
        let session = world.open_to_write(pin.token);
        let certificate = session.object(CKO_CERTIFICATE, pin.keys[0].id).unwrap();
        let outcome = session.destroy(certificate);
        assert!(outcome.is_err(), "{}", kind.card);
        let template = kit::Template::new().with(CKA_LABEL, b"mine");
        let code = session.change(certificate, &template).unwrap_err();
        assert!(kit::permitted("C_SetAttributeValue", code), "{}", name(code));
        kind.assert_untouched(card);
    });
}

#[test]
fn the_table_is_about_every_kind() {
    for kind in KINDS {
        assert!(!kind.tokens.is_empty());
        if let Writing::Pins { puk, puk_changes } = kind.writing {
            assert!(puk.is_some() || !puk_changes);
        }
    }
}
