//! A command with a PIN or code was carried out, or was not, and its answer does not tell: the card is asked, and what
//! the call returns is so. What cost a try is not sent again, and what may have been replaced is not presented unasked.

use cryptoki_sys::*;
use kit::codes::{NEW, NEWER, PUK, TRANSPORT, WRONG, WRONG_PUK, WRONG_TRANSPORT};
use kit::{
    ANY, InReader, InsertedCard, PIN1, PIN2, Session, TOKENS, Token, Watched, World, name, permitted,
    reference, refused,
};
use simcard::{Action, Fault};

/// Answers that tell nothing of what was done before them.
const UNCLEAR: [u16; 5] = [0x6F00, 0x6581, 0x6400, 0x9001, 0x6285];
/// With these a card says that it has not done what it was told.
const REFUSING: [u16; 3] = [0x6982, 0x6A80, 0x6985];

/// What a program calls.
#[derive(Clone, Copy, Debug)]
enum Call {
    Login(&'static str),
    /// C_InitPIN with this code.
    Init(&'static str),
    /// C_SetPIN with this old PIN.
    Set(&'static str),
}

impl Call {
    fn make(self, session: &Session<'_>) -> CK_RV {
        let outcome = match self {
            Call::Login(pin) => session.login(CKU_USER, pin),
            Call::Set(old) => session.set_pin(old, NEW),
            Call::Init(code) => match session.login(CKU_SO, code) {
                Ok(()) | Err(CKR_USER_ALREADY_LOGGED_IN) => session.init_pin(NEW),
                refused => refused,
            },
        };
        outcome.err().unwrap_or(CKR_OK)
    }

    fn function(self) -> &'static str {
        match self {
            Call::Login(_) => "C_Login",
            Call::Init(_) => "C_InitPIN",
            Call::Set(_) => "C_SetPIN",
        }
    }

    /// How the command begins that it sends.
    fn head(self, token: Token) -> Vec<u8> {
        match self {
            // With a length: an empty VERIFY asks for the tries.
            Call::Login(_) => vec![0x20, 0x00, reference(token), 0x0C],
            Call::Init(code) if code.len() != TRANSPORT.len() => vec![0x2C, 0x00, reference(token)],
            Call::Init(_) | Call::Set(_) => vec![0x24, 0x00, reference(token)],
        }
    }
}

/// A card whose answer to the command of the call is disturbed once.
fn disturbed(state: &str, token: Token, call: Call, action: Action) -> (World, InReader, CK_RV) {
    let (world, card) = World::with(&format!("{ANY},state={state}"));
    let session = world.open_to_write(token);
    session.find(&[]).expect("the token's objects");
    card.fault(Fault::on(&call.head(token), action));
    let code = call.make(&session);
    assert!(permitted(call.function(), code), "{call:?}: {}", name(code));
    drop(session);
    (world, card, code)
}

fn sent(card: &InReader) -> u32 {
    card.counts().iter().map(|count| count.commands).sum()
}

/// The card has counted a try: the program learns that what it gave is wrong, and it is not sent again.
#[test]
fn a_try_that_was_counted_is_told_and_not_spent_twice() {
    for (token, _) in TOKENS {
        for (state, call, counter) in [
            ("activated", Call::Login(WRONG), reference(token)),
            ("activated", Call::Set(WRONG), reference(token)),
            ("fresh-new", Call::Set(WRONG_TRANSPORT), reference(token)),
            ("fresh-new", Call::Init(WRONG_TRANSPORT), reference(token)),
            ("blocked-pins", Call::Init(WRONG_PUK), simcard::PUK),
            ("fresh-old", Call::Init(WRONG_PUK), simcard::PUK),
        ] {
            for status in UNCLEAR.into_iter().chain(REFUSING) {
                let told = format!("{}, {state}, {call:?}, {status:04X}", token.0);
                let (world, card, code) = disturbed(state, token, call, Action::StatusAfter(status));
                assert_eq!(name(code), name(CKR_PIN_INCORRECT), "{told}: {}", card.story());
                assert_eq!((card.tries(counter), sent(&card)), (4, 1), "{told}");
                let again = call.make(&world.open_to_write(token));
                assert_eq!(name(again), name(CKR_PIN_INCORRECT), "{told}, again");
                assert_eq!((card.tries(counter), sent(&card)), (4, 1), "{told}, again");
            }
        }
    }
}

#[test]
fn the_last_try_that_was_counted_locks() {
    for (token, _) in TOKENS {
        for (state, call, counter) in [
            ("activated", Call::Login(WRONG), reference(token)),
            ("activated", Call::Set(WRONG), reference(token)),
            ("blocked-pins", Call::Init(WRONG_PUK), simcard::PUK),
        ] {
            let (world, card) = World::with(&format!("{ANY},state={state}"));
            card.card().set_tries_left(counter, 1);
            let session = world.open_to_write(token);
            card.fault(Fault::on(&call.head(token), Action::StatusAfter(0x6F00)));
            assert_eq!(name(call.make(&session)), name(CKR_PIN_LOCKED), "{call:?}: {}", card.story());
            assert_eq!(card.tries(counter), 0);
        }
    }
}

/// The card has set the PIN, and says so when it is asked: that is a success.
#[test]
fn a_pin_that_the_card_says_is_set_is_set() {
    for (token, _) in TOKENS {
        for (state, call) in [
            ("fresh-new", Call::Set(TRANSPORT)),
            ("fresh-new", Call::Init(TRANSPORT)),
            ("blocked-pins", Call::Init(PUK)),
            ("fresh-old", Call::Init(PUK)),
        ] {
            let lost = [Action::Empty, Action::Garbage(vec![0x90])];
            for action in UNCLEAR.map(Action::StatusAfter).into_iter().chain(lost) {
                let told = format!("{}, {state}, {call:?}, {action:?}", token.0);
                let (world, card, code) = disturbed(state, token, call, action);
                assert_eq!(name(code), name(CKR_OK), "{told}: {}", card.story());
                assert!(card.holds(reference(token), NEW), "{told}");
                assert!(!card.open(reference(token)), "{told}: it was left open");
                assert_eq!(sent(&card), 1, "{told}");
                world.open(token).login(CKU_USER, NEW).expect("the new PIN");
            }
        }
    }
}

/// Nothing shows whether a PIN of the holder's own was replaced: the call fails, and neither the old PIN nor the new one
/// is presented unasked.
#[test]
fn a_pin_that_may_have_been_replaced_is_not_presented_unasked() {
    for (token, id) in [(PIN1, 0x45), (PIN2, 0x46)] {
        for status in UNCLEAR {
            let (world, card) = World::with(ANY);
            let session = world.open_to_write(token);
            session.login(CKU_USER, token.1).unwrap();
            let key = session.object(CKO_PRIVATE_KEY, id).unwrap();
            card.fault(Fault::on(&[0x24], Action::StatusAfter(status)));
            refused(session.set_pin(token.1, NEW), CKR_DEVICE_ERROR);
            assert!(card.holds(reference(token), NEW));
            let before = sent(&card);
            refused(session.sign(CKM_ECDSA, key, &[1; 48]), CKR_USER_NOT_LOGGED_IN);
            assert_eq!((sent(&card), card.tries(reference(token))), (before, 5), "{}", card.story());
            let _ = session.logout();
            session.login(CKU_USER, NEW).unwrap();
            session.set_pin(NEW, NEWER).unwrap();
        }
    }
}

/// 6984 says that the PIN cannot be used, not that it is locked: tries are left, and the holder needs no PUK.
#[test]
fn what_cannot_be_used_though_tries_are_left_is_not_locked() {
    for (token, _) in TOKENS {
        for (state, call) in [
            ("activated", Call::Login(token.1)),
            ("activated", Call::Set(token.1)),
            ("fresh-new", Call::Set(TRANSPORT)),
            ("fresh-new", Call::Init(TRANSPORT)),
        ] {
            let (world, card, code) = disturbed(state, token, call, Action::Status(0x6984));
            assert_eq!(name(code), name(CKR_DEVICE_ERROR), "{state}, {call:?}: {}", card.story());
            assert_eq!(card.tries(reference(token)), 5);
            assert_eq!(world.token_flags(world.slot(token)) & CKF_USER_PIN_LOCKED, 0);
        }
        // A PUK whose uses are counted, and used up.
        let (_world, card, code) = disturbed("blocked-pins", token, Call::Init(PUK), Action::Status(0x6984));
        assert_eq!(name(code), name(CKR_PIN_LOCKED));
        assert_eq!(card.tries(simcard::PUK), 5);
    }
}

// --- the answer is lost with the card

/// The card is pulled out after the login's command, and put in again.
fn pulled_out_at_login(kind: &str, token: Token, pin: &str) -> (World, InsertedCard) {
    let (world, card) = World::with(kind);
    let session = world.open(token);
    session.find(&[]).expect("the token's objects");
    // The VERIFY with digits: an empty one has no length.
    card.fault(Fault::on(&[0x20, 0x00, reference(token), 0x0C], Action::PullOutAfter));
    let code = session.login(CKU_USER, pin).expect_err("logged in without a card");
    assert!([CKR_DEVICE_REMOVED, CKR_SESSION_HANDLE_INVALID].contains(&code), "{}", name(code));
    world.wait_until_gone(0);
    let card = world.put_into(0, card.take());
    (world, card)
}

#[test]
fn a_wrong_pin_whose_refusal_was_lost_is_not_sent_again() {
    for (token, _) in TOKENS {
        let (world, card) = pulled_out_at_login(ANY, token, WRONG);
        refused(world.open(token).login(CKU_USER, WRONG), CKR_PIN_INCORRECT);
        assert_eq!(card.card().tries_left(reference(token)), Some(4), "{}: it was sent again", token.0);
        world.open(token).login(CKU_USER, token.1).expect("the right PIN");
    }
}

#[test]
fn a_right_pin_whose_acceptance_was_lost_is_taken_again() {
    for (token, _) in TOKENS {
        let (world, card) = pulled_out_at_login(ANY, token, token.1);
        world.open(token).login(CKU_USER, token.1).expect("the right PIN");
        assert_eq!(card.card().tries_left(reference(token)), Some(5));
    }
}
