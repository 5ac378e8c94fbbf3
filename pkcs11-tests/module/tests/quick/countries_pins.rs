//! Cards of other countries and of organisations: their PINs and PUKs, wrong, changed, unblocked and locked.

use cryptoki_sys::*;
use kit::countries::{
    E_RESIDENCY_THALES, ESTONIA_THALES, KINDS, Key, Kind, VARIANTS, Writing, holds, input, sign_init,
};
use kit::{InReader, Session, Watched, World, name, refused};

const DATA: &[u8] = b"What is signed here matters to nobody.";
const PUK: &str = "12345678";
const NEW_PUK: &str = "87654321";
const WRONG_PUK: &str = "11223344";
const NEW: &str = "258036";
const WRONG: &str = "998877";
const TRIES: CK_FLAGS = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;

fn each(act: impl Fn(&Kind, &World, &InReader)) {
    for kind in KINDS {
        let (world, card) = World::with(kind.card);
        act(kind, &world, &card);
    }
}

fn sign(session: &Session<'_>, key: &Key) -> Result<Vec<u8>, CK_RV> {
    let mechanism = if key.kind == CKK_EC { CKM_ECDSA } else { CKM_RSA_PKCS };
    sign_init(session, mechanism, session.object(CKO_PRIVATE_KEY, key.id)?)?;
    session.sign_data(&input(mechanism, DATA))
}

#[track_caller]
fn signs(card: &InReader, session: &Session<'_>, key: &Key) {
    let mechanism = if key.kind == CKK_EC { CKM_ECDSA } else { CKM_RSA_PKCS };
    let signature = sign(session, key).unwrap_or_else(|code| panic!("{}\n{}", name(code), card.story()));
    assert!(holds(&card.certificate(key.certificate), mechanism, DATA, &signature));
}

// --- Wrong and locked

#[test]
fn wrong_pins_are_counted_and_the_last_one_locks() {
    each(|kind, world, card| {
        for pin in kind.tokens {
            world.somebody_types();
            let (slot, session) = (world.slot(pin.token), world.open(pin.token));
            let flags = || world.token_flags(slot) & TRIES;
            assert_eq!(flags(), 0, "{}", kind.card);
            refused(session.login(CKU_USER, WRONG), CKR_PIN_INCORRECT);
            assert_eq!((card.tries(pin.reference), card.sent(pin.reference)), (pin.tries - 1, 1));
            // Of a card that describes itself it is not known how many there were.
            let low = if kind.tells_tries { CKF_USER_PIN_COUNT_LOW } else { 0 };
            assert_eq!(flags(), low, "{}", kind.card);
            // The same again is not sent.
            refused(session.login(CKU_USER, WRONG), CKR_PIN_INCORRECT);
            assert_eq!(card.sent(pin.reference), 1, "{}", kind.card);
            session.login(CKU_USER, pin.token.1).unwrap();
            assert_eq!(card.tries(pin.reference), pin.tries);
            session.logout().unwrap();
            for wrong in ["990001", "990002", "990003", "990004", "990005"] {
                let outcome = session.login(CKU_USER, wrong);
                let left = card.tries(pin.reference);
                refused(outcome, if left > 0 { CKR_PIN_INCORRECT } else { CKR_PIN_LOCKED });
                assert_eq!(flags() & CKF_USER_PIN_FINAL_TRY != 0, left == 1, "{}: {left}", kind.card);
                assert_eq!(flags() & CKF_USER_PIN_LOCKED != 0, left == 0, "{}: {left}", kind.card);
            }
            assert_eq!(card.tries(pin.reference), 0);
            let sent = card.sent(pin.reference);
            refused(session.login(CKU_USER, pin.token.1), CKR_PIN_LOCKED);
            assert!(card.sent(pin.reference) <= sent + 1);
            assert_ne!(world.token_flags(slot) & CKF_USER_PIN_INITIALIZED, 0, "{}", kind.card);
        }
    });
}

#[test]
fn a_wrong_pin_for_an_operation_permits_nothing() {
    each(|kind, world, card| {
        for (pin, key) in kind.keys().filter(|(_, key)| key.each_time) {
            let session = world.logged_in(pin.token);
            signs(card, &session, key);
            let mechanism = if key.kind == CKK_EC { CKM_ECDSA } else { CKM_RSA_PKCS };
            sign_init(&session, mechanism, session.object(CKO_PRIVATE_KEY, key.id).unwrap()).unwrap();
            refused(session.login(CKU_CONTEXT_SPECIFIC, WRONG), CKR_PIN_INCORRECT);
            assert_eq!(card.tries(pin.reference), pin.tries - 1);
            session.login(CKU_CONTEXT_SPECIFIC, pin.token.1).unwrap();
            assert_eq!(card.tries(pin.reference), pin.tries);
            session.sign_data(&input(mechanism, DATA)).unwrap();
        }
    });
}

#[test]
fn an_impossible_pin_is_not_sent() {
    each(|kind, world, card| {
        for pin in kind.tokens {
            let session = world.open(pin.token);
            let short = "9".repeat(usize::try_from(pin.digits.0).unwrap() - 1);
            for impossible in ["1", "abcdef", "12a456", "1234567890123", &short] {
                refused(session.login(CKU_USER, impossible), CKR_PIN_INCORRECT);
            }
        }
        kind.assert_untouched(card);
    });
}

#[test]
fn a_locked_card_says_so_from_the_start() {
    for kind in KINDS {
        for (pin, state) in kind.tokens.iter().zip(["blocked-pin1", "blocked-pin2"]) {
            let (world, _card) = World::with(&format!("{},state={state}", kind.card));
            let flags = world.token_flags(world.slot(pin.token));
            // A card that does not tell is found out by the login.
            assert_eq!(flags & CKF_USER_PIN_LOCKED != 0, kind.tells_tries, "{} {state}", kind.card);
            assert_ne!(flags & CKF_USER_PIN_INITIALIZED, 0);
            refused(world.open(pin.token).login(CKU_USER, pin.token.1), CKR_PIN_LOCKED);
            assert_ne!(world.token_flags(world.slot(pin.token)) & CKF_USER_PIN_LOCKED, 0, "{}", kind.card);
        }
    }
}

// --- Changed

#[test]
fn a_pin_is_changed_or_the_card_is_write_protected() {
    each(|kind, world, card| {
        for pin in kind.tokens {
            world.somebody_types();
            let session = world.open_to_write(pin.token);
            match kind.writing {
                Writing::Nothing => {
                    refused(session.set_pin(pin.token.1, NEW), CKR_TOKEN_WRITE_PROTECTED);
                    kind.assert_untouched(card);
                    session.login(CKU_USER, pin.token.1).unwrap();
                    refused(session.set_pin(pin.token.1, NEW), CKR_TOKEN_WRITE_PROTECTED);
                    session.logout().unwrap();
                    session.login(CKU_SO, PUK).unwrap();
                    refused(session.init_pin(NEW), CKR_TOKEN_WRITE_PROTECTED);
                    session.logout().unwrap();
                    assert!(card.holds(pin.reference, pin.token.1));
                    let card = card.card();
                    let puk = card.references().puk.unwrap();
                    assert_eq!(card.credential_count(puk).commands, 0);
                    return;
                }
                Writing::Pins { .. } => {
                    let outcome = session.set_pin(pin.token.1, NEW);
                    outcome.unwrap_or_else(|code| panic!("{}: {}\n{}", kind.card, name(code), card.story()));
                    assert!(card.holds(pin.reference, NEW), "{}", kind.card);
                    refused(session.login(CKU_USER, pin.token.1), CKR_PIN_INCORRECT);
                    session.login(CKU_USER, NEW).unwrap();
                    signs(card, &session, &pin.keys[0]);
                    // Also while logged in, and the login stays good.
                    session.set_pin(NEW, "369258").unwrap();
                    assert!(card.holds(pin.reference, "369258"));
                    if !pin.keys[0].each_time {
                        signs(card, &session, &pin.keys[0]);
                    }
                    session.logout().unwrap();
                    refused(session.set_pin(WRONG, NEW), CKR_PIN_INCORRECT);
                    assert_eq!(card.tries(pin.reference), pin.tries - 1);
                    assert!(card.holds(pin.reference, "369258"));
                }
            }
        }
    });
}

#[test]
fn a_new_pin_that_cannot_be_is_not_sent() {
    each(|kind, world, card| {
        if kind.writing == Writing::Nothing {
            return;
        }
        for pin in kind.tokens {
            let session = world.open_to_write(pin.token);
            let short = "9".repeat(usize::try_from(pin.digits.0).unwrap() - 1);
            refused(session.set_pin(pin.token.1, &short), CKR_PIN_LEN_RANGE);
            refused(session.set_pin(pin.token.1, "1234567890123"), CKR_PIN_LEN_RANGE);
            refused(session.set_pin(pin.token.1, "12a456"), CKR_PIN_INVALID);
            refused(session.set_pin(pin.token.1, pin.token.1), CKR_PIN_INVALID);
        }
        kind.assert_untouched(card);
    });
}

// --- Set by the PUK

/// Each kind that has a PUK, in each state that a PUK helps, and also where nothing is locked.
#[test]
fn the_puk_sets_a_pin_locked_or_not() {
    let plainly = KINDS.iter().map(|kind| (kind, ""));
    let variants = [(&KINDS[0], "puk_one_shot=yes"), (&KINDS[0], "select_drops_pin1=any")];
    for (kind, switches) in plainly.chain(variants) {
        let Writing::Pins { puk: Some(reference), .. } = kind.writing else { continue };
        for (pin, state) in kind.tokens.iter().zip(["blocked-pin1", "blocked-pin2"]) {
            for state in [state, "activated", "blocked-pins"] {
                let (world, card) = World::with(&format!("{},state={state},{switches}", kind.card));
                let session = world.open_to_write(pin.token);
                session.login(CKU_SO, PUK).unwrap();
                let outcome = session.init_pin(NEW);
                outcome
                    .unwrap_or_else(|code| panic!("{} {state}: {}\n{}", kind.card, name(code), card.story()));
                session.logout().unwrap();
                assert!(card.holds(pin.reference, NEW) && card.tries(pin.reference) == pin.tries);
                assert_eq!(card.sent(reference), u32::from(kind.manufacturer == "IDEMIA"), "{}", kind.card);
                assert!(!card.open(reference), "{}: the PUK stays open", kind.card);
                assert_eq!(world.token_flags(world.slot(pin.token)) & TRIES, 0);
                session.login(CKU_USER, NEW).unwrap();
                signs(&card, &session, &pin.keys[0]);
            }
        }
    }
}

#[test]
fn a_wrong_puk_is_counted_and_sets_nothing() {
    for kind in KINDS {
        let Writing::Pins { puk: Some(reference), .. } = kind.writing else { continue };
        for pin in kind.tokens {
            let (world, card) = World::with(kind.card);
            let session = world.open_to_write(pin.token);
            session.login(CKU_SO, WRONG_PUK).unwrap();
            let before = card.tries(reference);
            refused(session.init_pin(NEW), CKR_PIN_INCORRECT);
            assert_eq!(card.tries(reference), before - 1, "{}", kind.card);
            refused(session.init_pin(NEW), CKR_PIN_INCORRECT);
            assert_eq!(card.tries(reference), before - 1, "{}: a refused PUK was sent again", kind.card);
            assert!(card.holds(pin.reference, pin.token.1));
            let flags = world.token_flags(world.slot(pin.token));
            assert_ne!(flags & CKF_SO_PIN_COUNT_LOW, 0, "{}", kind.card);
        }
    }
}

#[test]
fn a_locked_puk_is_locked() {
    for kind in KINDS {
        let Writing::Pins { puk: Some(_), .. } = kind.writing else { continue };
        let (world, card) = World::with(&format!("{},state=blocked-puk", kind.card));
        let pin = &kind.tokens[0];
        let session = world.open_to_write(pin.token);
        session.login(CKU_SO, PUK).unwrap();
        refused(session.init_pin(NEW), CKR_PIN_LOCKED);
        assert!(card.holds(pin.reference, pin.token.1));
        assert_ne!(world.token_flags(world.slot(pin.token)) & CKF_SO_PIN_LOCKED, 0, "{}", kind.card);
    }
}

/// The municipality alone unblocks a Belgian card.
#[test]
fn a_card_without_puk_lets_no_pin_be_set() {
    for kind in KINDS {
        let Writing::Pins { puk: None, .. } = kind.writing else { continue };
        let (world, card) = World::with(kind.card);
        let session = world.open_to_write(kind.tokens[0].token);
        session.login(CKU_SO, PUK).unwrap();
        let (cost, outcome) = card.cost(|| session.init_pin(NEW));
        let code = outcome.unwrap_err();
        assert!(kit::permitted("C_InitPIN", code), "{}: {}", kind.card, name(code));
        assert_ne!(code, CKR_PIN_INCORRECT, "there is no PUK that could be wrong");
        assert_eq!(cost, 0, "{}", card.story());
        kind.assert_untouched(&card);
    }
}

#[test]
fn who_logged_in_with_the_puk_changes_it_where_the_card_lets_him() {
    for kind in KINDS {
        let (world, card) = World::with(kind.card);
        let pin = &kind.tokens[0];
        let session = world.open_to_write(pin.token);
        session.login(CKU_SO, PUK).unwrap();
        let outcome = session.set_pin(PUK, NEW_PUK);
        let Writing::Pins { puk: Some(reference), puk_changes: true } = kind.writing else {
            let code = outcome.unwrap_err();
            assert!(
                [CKR_FUNCTION_NOT_SUPPORTED, CKR_TOKEN_WRITE_PROTECTED].contains(&code),
                "{}: {}",
                kind.card,
                name(code)
            );
            kind.assert_untouched(&card);
            continue;
        };
        outcome.unwrap_or_else(|code| panic!("{}: {}\n{}", kind.card, name(code), card.story()));
        assert!(card.holds(reference, NEW_PUK), "{}", kind.card);
        // It is the one that he is known by now.
        session.init_pin(NEW).unwrap();
        assert!(card.holds(pin.reference, NEW));
        refused(session.set_pin(WRONG_PUK, PUK), CKR_PIN_INCORRECT);
        assert_eq!(card.tries(reference), 2);
        assert!(card.holds(reference, NEW_PUK));
    }
}

// --- A PIN that has to be changed first

/// Estonian cards since November 2025: PIN2, on some also PIN1, has to be changed once. What such a card answers is not
/// known, so every answer has to be survived.
#[test]
fn a_pin_that_was_never_changed_works_after_its_change_and_not_before() {
    for kind in [ESTONIA_THALES, E_RESIDENCY_THALES] {
        for step in ["verify", "use"] {
            for status in ["6985", "6982"] {
                for first_too in ["no", "yes"] {
                    let card = format!(
                        "{},state=fresh,unchanged_step={step},unchanged_status={status},unchanged_pin1={first_too}",
                        kind.card
                    );
                    let (world, card) = World::with(&card);
                    for (at, pin) in kind.tokens.iter().enumerate() {
                        let fresh = at == 1 || first_too == "yes";
                        let what = format!("{} {step} {status} {first_too}: {}", kind.card, pin.token.0);
                        first_use(&world, &card, pin, fresh, &what);
                    }
                }
            }
        }
    }
}

fn first_use(world: &World, card: &InReader, pin: &kit::countries::PinToken, fresh: bool, what: &str) {
    let key = &pin.keys[0];
    let slot = world.slot(pin.token);
    let to_be_changed = || world.token_flags(slot) & CKF_USER_PIN_TO_BE_CHANGED != 0;
    let session = world.open_to_write(pin.token);
    world.somebody_types();
    session.find(&[]).unwrap();
    assert_eq!(to_be_changed(), fresh, "{what}");
    assert_eq!(world.token_flags(slot) & CKF_USER_PIN_LOCKED, 0, "{what}");
    if !fresh {
        session.login(CKU_USER, pin.token.1).unwrap();
        signs(card, &session, key);
        session.logout().unwrap();
        return;
    }
    match session.login(CKU_USER, pin.token.1) {
        Err(code) => {
            assert_eq!(code, CKR_USER_PIN_NOT_INITIALIZED, "{what}: {}\n{}", name(code), card.story())
        }
        Ok(()) => {
            let code = sign(&session, key).unwrap_err();
            assert!(
                [CKR_FUNCTION_REJECTED, CKR_USER_PIN_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN].contains(&code),
                "{what}: {}\n{}",
                name(code),
                card.story()
            );
            let _ = session.logout();
        }
    }
    assert_eq!(card.tries(pin.reference), pin.tries, "{what}");
    assert!(to_be_changed(), "{what}");
    let outcome = session.set_pin(pin.token.1, NEW);
    outcome.unwrap_or_else(|code| panic!("{what}: {}\n{}", name(code), card.story()));
    assert!(!to_be_changed(), "{what}");
    session.login(CKU_USER, NEW).unwrap();
    signs(card, &session, key);
    session.logout().unwrap();
}

/// Where only the use of the key is refused, the signing functions have a code for it, and others have none.
#[test]
fn a_key_that_waits_for_the_first_change_of_its_pin_says_so() {
    for kind in [ESTONIA_THALES, E_RESIDENCY_THALES] {
        for signing in [true, false] {
            let switches = "state=fresh,unchanged_step=use,unchanged_status=6985,unchanged_pin1=yes";
            let (world, card) = World::with(&format!("{},{switches}", kind.card));
            let [first, second] = kind.tokens else { panic!("two PINs") };
            let session = world.logged_in(first.token);
            if signing {
                refused(sign(&session, &first.keys[0]), CKR_FUNCTION_REJECTED);
            } else {
                let point = kit::openssl::KeyPair::ec("P-384").point(48);
                let key = session.object(CKO_PRIVATE_KEY, first.keys[0].id).unwrap();
                let mechanism = kit::Mechanism::ecdh(CKM_ECDH1_DERIVE, &point);
                refused(session.derive(&mechanism, key, &kit::Template::new()), CKR_FUNCTION_FAILED);
            }
            let login = world.open(second.token).login(CKU_USER, second.token.1);
            refused(login, CKR_USER_PIN_NOT_INITIALIZED);
            assert_eq!([first, second].map(|pin| card.tries(pin.reference)), [first.tries, second.tries]);
        }
    }
}

#[test]
fn the_puk_too_makes_a_pin_that_was_never_changed_usable() {
    for kind in [ESTONIA_THALES, E_RESIDENCY_THALES] {
        let (world, card) = World::with(&format!("{},state=fresh", kind.card));
        let pin = &kind.tokens[1];
        let session = world.open_to_write(pin.token);
        session.login(CKU_SO, PUK).unwrap();
        session.init_pin(NEW).unwrap();
        session.logout().unwrap();
        assert_eq!(world.token_flags(world.slot(pin.token)) & CKF_USER_PIN_TO_BE_CHANGED, 0);
        session.login(CKU_USER, NEW).unwrap();
        signs(&card, &session, &pin.keys[0]);
    }
}

#[test]
fn each_variant_is_one_of_a_kind() {
    for (kind, _) in VARIANTS {
        assert!(KINDS.iter().any(|known| known.card == kind.card));
    }
}
