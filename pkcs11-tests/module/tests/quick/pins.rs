//! The life of the PINs (§5.5.8, §5.5.9, §5.6.8): activation, change, unblocking, and every way in which they fail.
//!
//! Beside each card lies its twin, which nobody touches but with the one bare command that a call may cost. After
//! each call both must have counted the same: tries, commands, codes that were right. Logins by themselves are in
//! `login.rs`, pointers that lead nowhere in `guards.rs`, faults of the card in `every_position`.

use std::fmt;

use cryptoki_sys::*;
use kit::codes::{NEW, NEWER, PUK, TRANSPORT, WRONG, WRONG_PUK, WRONG_TRANSPORT};
use kit::{
    ANY, Bare, GENERATIONS, InReader, PIN_FLAGS, PIN1, PIN2, Session, TOKENS, Token, Twin, Watched, World,
    lasting, name, permitted, pin_flags, reference, refused,
};
use simcard::Snapshot;

/// A call.
#[derive(Clone, Copy)]
enum Call {
    /// C_Login(CKU_SO) with a code.
    Officer(&'static str),
    /// C_Login(CKU_USER) with a PIN.
    User(&'static str),
    /// C_InitPIN with a new PIN.
    Init(&'static str),
    /// C_SetPIN with the old PIN and a new one.
    Set(&'static str, &'static str),
    /// C_Logout.
    Logout,
}

use Call::{Init, Logout, Officer, Set, User};

impl Call {
    fn function(self) -> &'static str {
        match self {
            Officer(_) | User(_) => "C_Login",
            Init(_) => "C_InitPIN",
            Set(..) => "C_SetPIN",
            Logout => "C_Logout",
        }
    }

    fn make(self, session: &Session<'_>) -> CK_RV {
        let outcome = match self {
            Officer(code) => session.login(CKU_SO, code),
            User(pin) => session.login(CKU_USER, pin),
            Init(new) => session.init_pin(new),
            Set(old, new) => session.set_pin(old, new),
            Logout => session.logout(),
        };
        outcome.err().unwrap_or(CKR_OK)
    }

    /// The one command that does on a bare card what the call does, after a login with this code.
    fn bare(self, code: &'static str) -> (Bare, Vec<&'static str>) {
        match self {
            User(pin) => (Bare::Verify, vec![pin]),
            Set(old, new) => (Bare::Change, vec![old, new]),
            Init(new) if code.len() == TRANSPORT.len() => (Bare::Change, vec![code, new]),
            Init(new) => (Bare::Unblock, vec![code, new]),
            Officer(_) | Logout => panic!("no command does that"),
        }
    }
}

/// A call, its answer, and the status of the one command that it costs, if it costs any.
#[derive(Clone, Copy)]
struct Step(Call, CK_RV, Option<u16>);

const NOTHING: Option<u16> = None;
const RIGHT: Option<u16> = Some(0x9000);
const ONE_TRY: Option<u16> = Some(0x63C4);
const LAST_TRY: Option<u16> = Some(0x63C0);
const BLOCKED: Option<u16> = Some(0x6983);

/// A card in a state, and what is done with one of its tokens.
struct Case {
    state: &'static str,
    /// Tries that are left of PIN or PUK, if not all.
    left: Option<(u8, u8)>,
    steps: Vec<Step>,
}

fn case(state: &'static str, steps: &[(Call, CK_RV, Option<u16>)]) -> Case {
    let steps = steps.iter().map(|(call, code, cost)| Step(*call, *code, *cost)).collect();
    Case { state, left: None, steps }
}

/// The case, with a single try left of PIN or PUK.
fn with_one_try(reference: u8, case: Case) -> Case {
    Case { left: Some((reference, 1)), ..case }
}

/// Where a case stands, for messages.
struct At<'c> {
    description: &'c str,
    token: Token,
    step: usize,
    card: &'c InReader,
}

impl fmt::Display for At<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { description, token, step, card } = self;
        write!(out, "{description}, {}, call {}\n{}", token.0, step + 1, card.story())
    }
}

/// What stays in a card, but for what is open in it.
fn closed(mut snapshot: Snapshot) -> Snapshot {
    snapshot.pins.iter_mut().for_each(|pin| pin.verified = false);
    snapshot
}

/// Plays the case with the token, in sessions of this kind.
fn play(generation: &str, case: &Case, token: Token, flags: CK_FLAGS) {
    let description = format!("{generation},state={}", case.state);
    let (world, card) = World::with(&description);
    let mut twin = Twin::new(&description);
    if let Some((reference, tries)) = case.left {
        card.card().set_tries_left(reference, tries);
        twin.card().set_tries_left(reference, tries);
    }
    let session = world.module.open_with(world.slot(token), CKF_SERIAL_SESSION | flags).expect("a session");
    // The first search asks for everything, so that the token's flags rest on no inference.
    session.find(&[]).expect("the token's objects");

    let (mut code, mut newest) = ("", None);
    for (step, Step(call, expected, cost)) in case.steps.iter().enumerate() {
        let at = At { description: &description, token, step, card: &card };
        card.card().log_mut().mark();
        let got = call.make(&session);
        assert!(got == *expected, "{} instead of {}: {at}", name(got), name(*expected));
        assert!(permitted(call.function(), got), "{} is not permitted: {at}", name(got));
        match call {
            Officer(given) => code = given,
            Init(new) | Set(_, new) if got == CKR_OK => newest = Some(*new),
            _ => {}
        }
        if let Some(status) = cost {
            let (command, codes) = call.bare(code);
            let answered = twin.send(command, reference(token), &codes);
            assert!(answered == *status, "the twin answers {answered:04X}: {at}");
        }
        assert_eq!(closed(card.lasting()), closed(twin.lasting()), "{at}");
        assert!(!card.open(simcard::PIN2), "PIN2 is open: {at}");
        shown_rightly(&world, &card, &at);
    }
    drop(session);
    let at = At { description: &description, token, step: case.steps.len(), card: &card };
    assert_eq!(card.lasting(), twin.lasting(), "{at}");
    new_pin_works(&world, &card, newest, &at);
}

/// Both tokens say how their PINs stand.
fn shown_rightly(world: &World, card: &InReader, at: &At<'_>) {
    let pins = card.card().snapshot().pins;
    for (pin, ((token, _), shortest)) in pins.iter().zip(TOKENS.into_iter().zip([4, 6])) {
        let info = world.module.token(world.slot(token)).expect("C_GetTokenInfo");
        let (shown, right) = (info.flags & PIN_FLAGS, pin_flags(pin, &pins[2]));
        assert!(shown == right, "{} has {shown:#x} instead of {right:#x}: {at}", token.0);
        assert_eq!((info.ulMinPinLen, info.ulMaxPinLen), (shortest, 12), "{at}");
    }
}

/// The PIN that was set last is the card's, and good for a login.
fn new_pin_works(world: &World, card: &InReader, newest: Option<&str>, at: &At<'_>) {
    let Some(pin) = newest else { return };
    assert!(card.holds(reference(at.token), pin), "the card has another PIN: {at}");
    if card.tries(reference(at.token)) > 0 {
        let outcome = world.open(at.token).login(CKU_USER, pin);
        outcome.unwrap_or_else(|code| panic!("the new PIN gives {}: {at}", name(code)));
    }
}

/// Plays the cases with both tokens.
fn play_all(cases: impl Fn(Token) -> Vec<Case>) {
    for (token, _) in TOKENS {
        for case in cases(token) {
            play(ANY, &case, token, CKF_RW_SESSION);
        }
    }
}

#[test]
fn each_generation_is_activated_in_each_scheme() {
    for generation in GENERATIONS {
        for (token, _) in TOKENS {
            let old = case("fresh-old", &[(Officer(PUK), CKR_OK, NOTHING), (Init(NEW), CKR_OK, RIGHT)]);
            play(generation, &old, token, CKF_RW_SESSION);
            // No card of v3 came with a transport code.
            for case in [
                case("fresh-new", &[(Officer(TRANSPORT), CKR_OK, NOTHING), (Init(NEW), CKR_OK, RIGHT)]),
                case("fresh-new", &[(Set(TRANSPORT, NEW), CKR_OK, RIGHT)]),
            ] {
                if generation.starts_with("fineid-v4") {
                    play(generation, &case, token, CKF_RW_SESSION);
                }
            }
        }
    }
}

#[test]
fn a_card_of_the_old_scheme() {
    play_all(|_| {
        vec![
            // The code activates, and goes on to replace.
            case(
                "fresh-old",
                &[
                    (Init(NEW), CKR_USER_NOT_LOGGED_IN, NOTHING),
                    (Officer(PUK), CKR_OK, NOTHING),
                    (Init(NEW), CKR_OK, RIGHT),
                    (Init(NEWER), CKR_OK, RIGHT),
                    (Logout, CKR_OK, NOTHING),
                    (User(NEWER), CKR_OK, RIGHT),
                ],
            ),
            case(
                "fresh-old",
                &[
                    (Officer(WRONG_PUK), CKR_OK, NOTHING),
                    (Init(NEW), CKR_PIN_INCORRECT, ONE_TRY),
                    (Init(NEW), CKR_PIN_INCORRECT, NOTHING),
                    (Init(NEWER), CKR_PIN_INCORRECT, NOTHING),
                    (Logout, CKR_OK, NOTHING),
                    (Officer(PUK), CKR_OK, NOTHING),
                    (Init(NEW), CKR_OK, RIGHT),
                ],
            ),
            // The code of the other scheme: there is no PIN yet that it could be.
            case("fresh-old", &[(Officer(TRANSPORT), CKR_OK, NOTHING), (Init(NEW), CKR_PIN_LOCKED, NOTHING)]),
            case("fresh-old", &[(Set(TRANSPORT, NEW), CKR_PIN_LOCKED, BLOCKED)]),
            with_one_try(
                simcard::PUK,
                case(
                    "fresh-old",
                    &[
                        (Officer(WRONG_PUK), CKR_OK, NOTHING),
                        (Init(NEW), CKR_PIN_LOCKED, LAST_TRY),
                        (Logout, CKR_OK, NOTHING),
                        (Officer(PUK), CKR_OK, NOTHING),
                        (Init(NEW), CKR_PIN_LOCKED, BLOCKED),
                    ],
                ),
            ),
            with_one_try(
                simcard::PUK,
                case("fresh-old", &[(Officer(PUK), CKR_OK, NOTHING), (Init(NEW), CKR_OK, RIGHT)]),
            ),
            case("dead-old", &[(Officer(PUK), CKR_OK, NOTHING), (Init(NEW), CKR_PIN_LOCKED, BLOCKED)]),
        ]
    });
}

#[test]
fn a_card_of_the_new_scheme() {
    play_all(|token| {
        vec![
            // Once the PIN is the holder's own, the code is good for nothing, and is not tried.
            case(
                "fresh-new",
                &[
                    (Officer(TRANSPORT), CKR_OK, NOTHING),
                    (Init(NEW), CKR_OK, RIGHT),
                    (Init(NEWER), CKR_PIN_INCORRECT, NOTHING),
                ],
            ),
            case(
                "fresh-new",
                &[
                    (User(TRANSPORT), CKR_OK, RIGHT),
                    (Set(TRANSPORT, NEW), CKR_OK, RIGHT),
                    (Logout, CKR_OK, NOTHING),
                    (User(TRANSPORT), CKR_PIN_INCORRECT, ONE_TRY),
                    (User(NEW), CKR_OK, RIGHT),
                ],
            ),
            case(
                "fresh-new",
                &[
                    (Officer(WRONG_TRANSPORT), CKR_OK, NOTHING),
                    (Init(NEW), CKR_PIN_INCORRECT, ONE_TRY),
                    (Init(NEW), CKR_PIN_INCORRECT, NOTHING),
                    (Logout, CKR_OK, NOTHING),
                    (Set(WRONG_TRANSPORT, NEW), CKR_PIN_INCORRECT, NOTHING),
                    (Set(TRANSPORT, NEW), CKR_OK, RIGHT),
                ],
            ),
            case("fresh-new", &[(Set(TRANSPORT, TRANSPORT), CKR_PIN_INVALID, NOTHING)]),
            case(
                "fresh-new",
                &[(Officer(TRANSPORT), CKR_OK, NOTHING), (Init(TRANSPORT), CKR_PIN_INVALID, NOTHING)],
            ),
            // The letter of another card, or its PIN: the PIN here is the transport code still, which has seven digits.
            case("fresh-new", &[(Officer(PUK), CKR_OK, NOTHING), (Init(NEW), CKR_PIN_INCORRECT, NOTHING)]),
            case("fresh-new", &[(Set(WRONG, NEW), CKR_PIN_INCORRECT, NOTHING)]),
            case("fresh-new", &[(Set(PUK, NEW), CKR_PIN_INCORRECT, NOTHING)]),
            with_one_try(
                reference(token),
                case(
                    "fresh-new",
                    &[
                        (Officer(WRONG_TRANSPORT), CKR_OK, NOTHING),
                        (Init(NEW), CKR_PIN_LOCKED, LAST_TRY),
                        (Logout, CKR_OK, NOTHING),
                        (Officer(TRANSPORT), CKR_OK, NOTHING),
                        (Init(NEW), CKR_PIN_LOCKED, NOTHING),
                    ],
                ),
            ),
            case(
                "blocked-new",
                &[
                    (Set(TRANSPORT, NEW), CKR_PIN_LOCKED, BLOCKED),
                    (Officer(TRANSPORT), CKR_OK, NOTHING),
                    (Init(NEW), CKR_PIN_LOCKED, NOTHING),
                    (Logout, CKR_OK, NOTHING),
                    (Officer(PUK), CKR_OK, NOTHING),
                    (Init(NEW), CKR_OK, RIGHT),
                ],
            ),
        ]
    });
}

/// Of the two codes each opens the PIN that is not set, and of the one that is set only the PUK.
#[test]
fn a_card_that_is_half_activated() {
    for (state, set, code) in [
        ("half-old", PIN1, PUK),
        ("half-old-pin2", PIN2, PUK),
        ("half-new", PIN1, TRANSPORT),
        ("half-new-pin2", PIN2, TRANSPORT),
    ] {
        for (token, _) in TOKENS {
            let login = (Officer(code), CKR_OK, NOTHING);
            let opens = token != set || code == PUK;
            let answer = if opens { (CKR_OK, RIGHT) } else { (CKR_PIN_INCORRECT, NOTHING) };
            play(ANY, &case(state, &[login, (Init(NEW), answer.0, answer.1)]), token, CKF_RW_SESSION);
        }
    }
}

/// Seven digits are no code of a card that does not tell that its PINs are ones, nor of any v3 card: they are not sent,
/// and no try of the holder's own PIN is lost. As the old PIN the holder may give them.
#[test]
fn a_transport_code_exists_only_where_the_card_says_so() {
    for (token, _) in TOKENS {
        for card in ["fineid-v3.0", "fineid-v3.1", "fineid-v4.0,df2f_present=no"] {
            let by_officer = [(Officer(TRANSPORT), CKR_OK, NOTHING), (Init(NEW), CKR_PIN_INCORRECT, NOTHING)];
            play(card, &case("activated", &by_officer), token, CKF_RW_SESSION);
            let by_holder = [(Set(TRANSPORT, NEW), CKR_PIN_INCORRECT, ONE_TRY)];
            play(card, &case("activated", &by_holder), token, CKF_RW_SESSION);
        }
    }
}

#[test]
fn a_pin_is_changed() {
    play_all(|token| {
        let pin = token.1;
        vec![
            case(
                "activated",
                &[
                    (Set(pin, NEW), CKR_OK, RIGHT),
                    (Set(pin, NEWER), CKR_PIN_INCORRECT, ONE_TRY),
                    (Set(pin, NEWER), CKR_PIN_INCORRECT, NOTHING),
                    (Set(NEW, NEWER), CKR_OK, RIGHT),
                    // What was refused may be what it is set to.
                    (Set(NEWER, pin), CKR_OK, RIGHT),
                    (User(pin), CKR_OK, RIGHT),
                ],
            ),
            case(
                "activated",
                &[
                    (User(pin), CKR_OK, RIGHT),
                    (Set(pin, NEW), CKR_OK, RIGHT),
                    (Init(NEWER), CKR_USER_NOT_LOGGED_IN, NOTHING),
                    (Set(pin, NEWER), CKR_PIN_INCORRECT, ONE_TRY),
                    (Logout, CKR_OK, NOTHING),
                    (User(pin), CKR_PIN_INCORRECT, NOTHING),
                    (User(NEW), CKR_OK, RIGHT),
                ],
            ),
            // The security officer's own code cannot be changed.
            case(
                "activated",
                &[
                    (Officer(PUK), CKR_OK, NOTHING),
                    (Set(PUK, WRONG_PUK), CKR_FUNCTION_NOT_SUPPORTED, NOTHING),
                    (Set(pin, NEW), CKR_FUNCTION_NOT_SUPPORTED, NOTHING),
                    (Init(NEW), CKR_OK, RIGHT),
                ],
            ),
            case("activated", &[(Set(pin, pin), CKR_PIN_INVALID, NOTHING)]),
            case("activated", &[(Set(pin, "258036147036"), CKR_OK, RIGHT)]),
            with_one_try(
                reference(token),
                case(
                    "activated",
                    &[
                        (Set(WRONG, NEW), CKR_PIN_LOCKED, LAST_TRY),
                        (Set(WRONG, NEW), CKR_PIN_LOCKED, NOTHING),
                        (Set(pin, NEW), CKR_PIN_LOCKED, BLOCKED),
                    ],
                ),
            ),
            with_one_try(reference(token), case("activated", &[(Set(pin, NEW), CKR_OK, RIGHT)])),
            case("blocked-pins", &[(Set(pin, NEW), CKR_PIN_LOCKED, BLOCKED)]),
            case("blocked-puk", &[(Set(pin, NEW), CKR_OK, RIGHT)]),
        ]
    });
}

#[test]
fn a_pin_is_unblocked_and_a_forgotten_one_replaced() {
    play_all(|token| {
        let pin = token.1;
        let state = if token == PIN1 { "blocked-pin1" } else { "blocked-pin2" };
        let other_state = if token == PIN1 { "blocked-pin2" } else { "blocked-pin1" };
        let login = (Officer(PUK), CKR_OK, NOTHING);
        let set = (Init(NEW), CKR_OK, RIGHT);
        vec![
            case("activated", &[login, set]),
            case(state, &[login, set]),
            case(other_state, &[login, set]),
            case("blocked-pins", &[login, set]),
            // Also to what it was.
            case(state, &[login, (Init(pin), CKR_OK, RIGHT)]),
            // A PIN that was refused is right when it was set by the PUK.
            case(
                "activated",
                &[
                    (User(WRONG), CKR_PIN_INCORRECT, ONE_TRY),
                    (Set(WRONG, NEW), CKR_PIN_INCORRECT, NOTHING),
                    login,
                    (Init(WRONG), CKR_OK, RIGHT),
                    (Logout, CKR_OK, NOTHING),
                    (User(WRONG), CKR_OK, RIGHT),
                ],
            ),
            case(
                "blocked-pins",
                &[(Officer(TRANSPORT), CKR_OK, NOTHING), (Init(NEW), CKR_PIN_LOCKED, NOTHING)],
            ),
            case(
                "activated",
                &[(Officer(TRANSPORT), CKR_OK, NOTHING), (Init(NEW), CKR_PIN_INCORRECT, NOTHING)],
            ),
            case("blocked-puk", &[login, (Init(NEW), CKR_PIN_LOCKED, BLOCKED)]),
            case("dead", &[login, (Init(NEW), CKR_PIN_LOCKED, BLOCKED)]),
            case(
                state,
                &[
                    (Officer(WRONG_PUK), CKR_OK, NOTHING),
                    (Init(NEW), CKR_PIN_INCORRECT, ONE_TRY),
                    (Init(NEW), CKR_PIN_INCORRECT, NOTHING),
                ],
            ),
            with_one_try(
                simcard::PUK,
                case(
                    state,
                    &[
                        (Officer(WRONG_PUK), CKR_OK, NOTHING),
                        (Init(NEW), CKR_PIN_LOCKED, LAST_TRY),
                        (Init(NEW), CKR_PIN_LOCKED, NOTHING),
                    ],
                ),
            ),
        ]
    });
}

/// Programs know by the code what is wrong: CKR_PIN_INVALID and CKR_PIN_LEN_RANGE are the new PIN's, and whatever else
/// was typed is CKR_PIN_INCORRECT.
#[test]
fn what_cannot_be_is_not_sent() {
    play_all(|token| {
        let mut cases = Vec::new();
        let too_short = if token == PIN1 { "258" } else { "25803" };
        for (new, answer) in [
            ("", CKR_PIN_LEN_RANGE),
            (too_short, CKR_PIN_LEN_RANGE),
            ("2580361470369", CKR_PIN_LEN_RANGE),
            ("258e36", CKR_PIN_INVALID),
            (" 258036", CKR_PIN_INVALID),
            ("258036\0", CKR_PIN_INVALID),
            ("twenty-five digits, or so", CKR_PIN_INVALID),
        ] {
            cases.push(case("activated", &[(Set(token.1, new), answer, NOTHING)]));
            cases.push(case("activated", &[(Officer(PUK), CKR_OK, NOTHING), (Init(new), answer, NOTHING)]));
        }
        for old in ["", "123", "1234567890123", "12345x", "123456\0"] {
            cases.push(case("activated", &[(Set(old, NEW), CKR_PIN_INCORRECT, NOTHING)]));
        }
        for code in ["", "123456", "1234567890123", "1234567x", "123456x"] {
            let login = (Officer(code), CKR_OK, NOTHING);
            cases.push(case("fresh-old", &[login, (Init(NEW), CKR_PIN_INCORRECT, NOTHING)]));
            cases.push(case("fresh-new", &[login, (Init(NEW), CKR_PIN_INCORRECT, NOTHING)]));
        }
        let login = (Officer(PUK), CKR_OK, NOTHING);
        cases.push(case("activated", &[login, (Init(PUK), CKR_PIN_INVALID, NOTHING)]));
        cases
    });
}

#[test]
fn the_longest_and_the_shortest_pin() {
    for (token, shortest) in [(PIN1, "2580"), (PIN2, NEW)] {
        for new in [shortest, "258036147036"] {
            let by_code = [(Officer(PUK), CKR_OK, NOTHING), (Init(new), CKR_OK, RIGHT)];
            play(ANY, &case("fresh-old", &by_code), token, CKF_RW_SESSION);
            play(ANY, &case("fresh-new", &[(Set(TRANSPORT, new), CKR_OK, RIGHT)]), token, CKF_RW_SESSION);
        }
    }
}

#[test]
fn nothing_is_set_in_a_read_only_session() {
    for (token, _) in TOKENS {
        let pin = token.1;
        for case in [
            case("activated", &[(Set(pin, NEW), CKR_SESSION_READ_ONLY, NOTHING)]),
            case("activated", &[(User(pin), CKR_OK, RIGHT), (Set(pin, NEW), CKR_SESSION_READ_ONLY, NOTHING)]),
            case("fresh-new", &[(Set(TRANSPORT, NEW), CKR_SESSION_READ_ONLY, NOTHING)]),
            case("fresh-old", &[(Init(NEW), CKR_USER_NOT_LOGGED_IN, NOTHING)]),
            case(
                "fresh-old",
                &[
                    (Officer(PUK), CKR_SESSION_READ_ONLY_EXISTS, NOTHING),
                    (Init(NEW), CKR_USER_NOT_LOGGED_IN, NOTHING),
                ],
            ),
        ] {
            play(ANY, &case, token, 0);
        }
    }
}

// --- Another card in the place of the one that was meant

/// A card's state, a token, what comes before the card goes, and what is called when it is gone.
type Interrupted = (&'static str, Token, Option<Call>, Call);

const INTERRUPTED: [Interrupted; 4] = [
    ("fresh-old", PIN1, Some(Officer(PUK)), Init(NEW)),
    ("fresh-new", PIN2, Some(Officer(TRANSPORT)), Init(NEW)),
    ("fresh-new", PIN1, None, Set(TRANSPORT, NEW)),
    ("activated", PIN2, None, Set("123456", NEW)),
];

/// The session's card is gone, whether the module has heard of it already or finds it out now.
fn is_gone(call: Call, session: &Session<'_>) {
    let code = call.make(session);
    assert!([CKR_SESSION_HANDLE_INVALID, CKR_DEVICE_REMOVED].contains(&code), "{}", name(code));
    assert!(permitted(call.function(), code), "{}", name(code));
    assert_eq!(call.make(session), CKR_SESSION_HANDLE_INVALID);
}

#[test]
fn a_code_never_reaches_a_card_that_it_was_not_meant_for() {
    for (state, token, first, call) in INTERRUPTED {
        for holder in [None, Some(1), Some(2)] {
            let description = format!("{ANY},state={state}");
            let (mut world, card) = World::with(&description);
            let session = world.open_to_write(token);
            if let Some(login) = first {
                assert_eq!(login.make(&session), CKR_OK);
            }
            let untouched = card.lasting().pins;
            let taken_out = card.take();
            let Some(holder) = holder else {
                is_gone(call, &session);
                assert_eq!(lasting(&taken_out.lock().expect("the card")).pins, untouched);
                continue;
            };
            // The same card again, or another one of the same kind.
            let next = match holder {
                1 => taken_out,
                _ => kit::card(&format!("{description},holder={holder}")),
            };
            let next = world.rig().insert(0, next);
            is_gone(call, &session);
            assert_eq!(next.lasting().pins, untouched, "{state}, {}", token.0);
            // Who logged in to the card that went is not logged in to this one.
            let fresh = world.open_to_write(token);
            assert_eq!(fresh.info().expect("C_GetSessionInfo").state, CKS_RW_PUBLIC_SESSION);
            refused(fresh.init_pin(NEW), CKR_USER_NOT_LOGGED_IN);
            assert_eq!(next.counts().map(|count| count.commands), [0; 3]);
            // And meant for this one, it works.
            if let Some(login) = first {
                assert_eq!(login.make(&fresh), CKR_OK);
            }
            assert_eq!(call.make(&fresh), CKR_OK);
        }
    }
}
