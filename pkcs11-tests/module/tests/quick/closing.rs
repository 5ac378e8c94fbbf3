//! What was opened is closed, or the card is reset; and a card that nobody uses is let go.

use cryptoki_sys::*;
use kit::codes::{NEW1, PUK, WRONG};
use kit::countries::{
    ESTONIA_IDEMIA, FINEID_ORG, FINEID_ORG_RSA, KINDS, Key, LATVIA_EC, PKCS15, input, sign_init,
};
use kit::{
    ANY, Activation, InReader, Other, PIN1, PIN2, Session, Token, VendorList, Watched, World, call, name,
    refused,
};
use simcard::{Action, Fault};

/// The card keeps PIN2 open until it is closed.
const CARD: &str = "fineid-v4.0,pin2_one_shot=no";
const NEW_PUK: &str = "87654321";

const VERIFY: &[u8] = &[0x20, 0x00];
const UNVERIFY: &[u8] = &[0x20, 0xFF];
const SELECT: &[u8] = &[0xA4, 0x04];
const SIGN: &[u8] = &[0x2A, 0x9E];
const MSE: &[u8] = &[0x22, 0x41];

fn sign(session: &Session<'_>, id: u8) -> Result<Vec<u8>, CK_RV> {
    let key = session.object(CKO_PRIVATE_KEY, id)?;
    session.sign(CKM_ECDSA, key, &[1; 48])
}

fn sign_by(session: &Session<'_>, key: &Key) -> Result<Vec<u8>, CK_RV> {
    let mechanism = if key.kind == CKK_EC { CKM_ECDSA } else { CKM_RSA_PKCS };
    sign_init(session, mechanism, session.object(CKO_PRIVATE_KEY, key.id)?)?;
    session.sign_data(&input(mechanism, b"signed"))
}

fn refuses(head: &[u8]) -> Fault {
    Fault::on(head, Action::Status(0x6F00))
}

/// The command is lost, or its answer.
fn is_lost(head: &[u8]) -> Fault {
    Fault::on(head, Action::Empty)
}

// --- PIN2 and the PUK

#[test]
fn a_pin2_that_no_command_closes_is_closed_by_a_reset() {
    type Faults = fn() -> Vec<Fault>;
    let cases: [(&str, Faults, bool); 5] = [
        ("closing is refused", || vec![refuses(UNVERIFY), refuses(SELECT)], true),
        ("closing is lost", || vec![is_lost(UNVERIFY), is_lost(SELECT)], false),
        ("signing and closing fail", || vec![is_lost(SIGN), refuses(UNVERIFY), refuses(SELECT)], false),
        (
            "choosing the key and closing fail",
            || vec![refuses(MSE), refuses(UNVERIFY), refuses(SELECT)],
            false,
        ),
        (
            "presenting is unclear and closing fails",
            || vec![Fault::on(VERIFY, Action::StatusAfter(0x6F00)), refuses(UNVERIFY), refuses(SELECT)],
            false,
        ),
    ];
    for (what, faults, signs) in cases {
        let (world, card) = World::with(CARD);
        let session = world.logged_in(PIN2);
        let key = session.object(CKO_PRIVATE_KEY, 0x46).unwrap();
        faults().into_iter().for_each(|fault| card.fault(fault));
        let outcome = session.sign(CKM_ECDSA, key, &[1; 48]);
        assert!(!card.open(simcard::PIN2), "{what}: PIN2 stays open\n{}", card.story());
        assert_eq!(outcome.is_ok(), signs, "{what}: {outcome:?}\n{}", card.story());
        card.card().faults_mut().clear();
        // It goes on with the same card.
        session.logout().unwrap();
        session.login(CKU_USER, PIN2.1).unwrap();
        sign(&session, 0x46).unwrap();
    }
}

#[test]
fn a_pin2_that_is_only_checked_is_closed_by_a_reset_too() {
    let (world, card) = World::with(CARD);
    let session = world.open(PIN2);
    session.find(&[]).unwrap();
    card.fault(refuses(UNVERIFY));
    card.fault(refuses(SELECT));
    session.login(CKU_USER, PIN2.1).unwrap();
    assert!(!card.open(simcard::PIN2), "{}", card.story());
    card.card().faults_mut().clear();
    sign(&session, 0x46).unwrap();
}

/// Cards of which no command is known to close a PIN: neither VERIFY with P1=FF nor SELECT does.
#[test]
fn a_card_that_cannot_close_pin2_is_reset() {
    for kind in [FINEID_ORG, FINEID_ORG_RSA, PKCS15] {
        let (world, card) = World::with(kind.card);
        let [first, second] = [0, 1].map(|at| &kind.tokens[at]);
        let (basic, session) = (world.logged_in(first.token), world.open(second.token));
        sign_by(&basic, &first.keys[0]).unwrap();
        session.login(CKU_USER, second.token.1).unwrap();
        assert!(!card.open(second.reference), "{}: after the login\n{}", kind.card, card.story());
        sign_by(&session, &second.keys[0]).unwrap();
        assert!(!card.open(second.reference), "{}: after the signature\n{}", kind.card, card.story());
        // The reset has closed PIN1 too; it is presented again where the card tells that no try is missing.
        let again = sign_by(&basic, &first.keys[0]);
        if kind.tells_tries {
            again.unwrap_or_else(|code| panic!("{}: {}", kind.card, name(code)));
        } else {
            refused(again, CKR_USER_NOT_LOGGED_IN);
        }
        assert_eq!(card.tries(first.reference), first.tries);
    }
}

#[test]
fn a_puk_that_its_change_has_opened_is_closed() {
    for kind in [ESTONIA_IDEMIA, LATVIA_EC] {
        let (world, card) = World::with(&format!("{},change_verifies=yes", kind.card));
        let session = world.open_to_write(kind.tokens[0].token);
        session.login(CKU_SO, PUK).unwrap();
        session.set_pin(PUK, NEW_PUK).unwrap();
        let puk = card.card().references().puk.unwrap();
        assert!(card.holds(puk, NEW_PUK));
        assert!(!card.open(puk), "{}: the PUK stays open\n{}", kind.card, card.story());
    }
}

// --- PIN1

#[test]
fn logging_out_closes_pin1_also_after_the_connection_was_lost() {
    for kind in KINDS {
        for lost in [false, true] {
            let (world, card) = World::with(kind.card);
            let pin = &kind.tokens[0];
            let session = world.logged_in(pin.token);
            // A channel that gives no answer is opened anew, and the signature succeeds.
            if lost && !kind.wants_channel() {
                card.fault(is_lost(&[]));
                sign_by(&session, &pin.keys[0]).unwrap_err();
            }
            assert!(card.open(pin.reference));
            session.logout().unwrap();
            assert!(!card.open(pin.reference), "{}, lost: {lost}\n{}", kind.card, card.story());
        }
    }
    for lost in [false, true] {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN1);
        if lost {
            card.fault(is_lost(MSE));
            sign(&session, 0x45).unwrap_err();
        }
        session.logout().unwrap();
        assert!(!card.open(simcard::PIN1), "lost: {lost}\n{}", card.story());
    }
}

#[test]
fn logging_out_closes_pin1_also_where_the_command_for_it_fails() {
    for fault in [refuses, is_lost] {
        let (world, card) = World::with(ANY);
        let session = world.logged_in(PIN1);
        card.fault(fault(UNVERIFY));
        card.fault(fault(SELECT));
        session.logout().unwrap();
        assert!(!card.open(simcard::PIN1), "{}", card.story());
    }
}

#[test]
fn the_end_of_the_last_session_closes_pin1() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let another = world.open(PIN1);
    session.close().unwrap();
    assert!(card.open(simcard::PIN1), "the login stands while a session is open");
    another.close().unwrap();
    assert!(!card.open(simcard::PIN1));
}

// --- The card itself

/// Whether another program can have the card for itself alone, at once.
fn is_free(card: &InReader) -> bool {
    let alone = Other::alone(card.reader());
    alone.map(Other::leave).is_ok()
}

#[test]
fn the_card_is_let_go_with_the_last_session() {
    let (world, card) = World::with(ANY);
    let open = |token: Token| {
        let session = world.open(token);
        session.find(&[]).unwrap();
        session
    };
    let (first, second) = (open(PIN1), open(PIN2));
    first.close().unwrap();
    assert!(!is_free(&card), "let go though a session with the other token is open");
    second.close().unwrap();
    assert!(is_free(&card));
    // The end of a login is the end of the use, too.
    let session = world.logged_in(PIN1);
    assert!(!is_free(&card));
    call!(world.module, C_CloseAllSessions(world.slot(PIN1))).unwrap();
    assert!(is_free(&card));
    drop(session);
}

/// A PIN that was replaced is not kept: it would keep the card, too.
#[test]
fn a_login_that_an_activation_has_ended_keeps_nothing() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN1);
    let wish = Activation::of(PUK, Some(NEW1), None);
    let (code, _) = VendorList::of(world.module).set(world.slot(PIN1), &wish);
    assert_eq!(code, CKR_OK);
    refused(session.logout(), CKR_USER_NOT_LOGGED_IN);
    session.close().unwrap();
    assert!(is_free(&card), "the old PIN is kept");
}

// --- What is not believed

/// VERIFY answered 6D00 tells that another application is selected, and the PIN is sent again; but only if the tries prove
/// that it was not looked at.
#[test]
fn a_pin_is_not_sent_again_where_the_tries_are_not_known() {
    let (world, card) = World::with(PKCS15.card);
    let pin = &PKCS15.tokens[0];
    let session = world.open(pin.token);
    session.find(&[]).unwrap();
    card.card().log_mut().mark();
    card.fault(Fault::on(VERIFY, Action::StatusAfter(0x6D00)));
    session.login(CKU_USER, WRONG).unwrap_err();
    let sent = card.card().log().exchanges_since_mark().filter(|exchange| exchange.masked).count();
    assert_eq!(sent, 1, "{}", card.story());
    assert_eq!(card.tries(pin.reference), pin.tries - 1);
}

#[test]
fn a_certificate_that_came_garbled_is_read_again() {
    let (world, card) = World::with(ANY);
    let session = world.open(PIN1);
    let certificates =
        || session.find(&[(CKA_CLASS, &kit::bytes(CKO_CERTIFICATE)), (CKA_ID, &[0x45])]).unwrap();
    let garbage = [&[0x30, 3, 1, 2, 3][..], &[0x90, 0]].concat();
    // It is read once more, and then given up for this time. Serial numbers are read in smaller blocks.
    for _ in 0..2 {
        card.fault(Fault::on(&[0xB0, 0, 0, 0], Action::Garbage(garbage.clone())));
    }
    assert!(certificates().is_empty(), "{}", card.story());
    assert_eq!(certificates().len(), 1, "{}", card.story());
}

#[test]
fn a_pin2_that_a_login_for_an_operation_has_locked_ends_the_login() {
    let (world, card) = World::with(ANY);
    let session = world.logged_in(PIN2);
    sign(&session, 0x46).unwrap();
    card.card().set_tries_left(simcard::PIN2, 1);
    session.sign_init(CKM_ECDSA, session.object(CKO_PRIVATE_KEY, 0x46).unwrap()).unwrap();
    refused(session.login(CKU_CONTEXT_SPECIFIC, WRONG), CKR_PIN_LOCKED);
    assert_eq!(session.info().unwrap().state, CKS_RO_PUBLIC_SESSION);
}
