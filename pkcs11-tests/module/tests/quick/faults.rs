//! Every kind of fault at every command of every operation, once and for ever, and cards that are pulled out.
//!
//! Whatever happens: the call ends soon with a code that tells the program something; no try is spent beyond the one
//! that was asked for; no credential is sent twice, except to a card that said it had not looked at it (6D00, 6E00);
//! PIN2 does not stay open; and afterwards the module works, with the same card or with the next.
//!
//! One fault is not here: no answer at all. The virtual reader waits for it without limit, as no real one does.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use cryptoki_sys::*;
use kit::{InsertedCard, PIN1, PIN2, Session, Token, Watched, World, bytes, call, name, permitted, text};
use simcard::options::CardOptions;
use simcard::{Action, Card, Exchange, Fault};

const RW: CK_FLAGS = CKF_SERIAL_SESSION | CKF_RW_SESSION;
const PUK: &str = "12345678";
const TRANSPORT: &str = "1234567";
/// A new PIN, good for either role.
const NEW: &str = "778899";
/// A wrong PIN that looks like a right one.
const WRONG: &str = "998877";
const DIGEST: &[u8] = &[0x5A; 48];
/// The longest that a call may take with a card that answers at once.
const SOON: Duration = Duration::from_secs(2);
/// The most commands that a call may send, however the card answers.
const MOST_COMMANDS: u64 = 400;

const REFERENCES: [u8; 3] = [simcard::PIN1, simcard::PIN2, simcard::PUK];

/// The card keeps PIN2 open until it is taken back: the harder case.
const CARD: &str = "fineid-v4.0,pin2_one_shot=no";
const BLOCKED: &str = "fineid-v4.0,pin2_one_shot=no,state=blocked-pins";
const FRESH: &str = "fineid-v4.0,pin2_one_shot=no,state=fresh-new";
const RSA: &str = "fineid-v3.0,pin2_one_shot=no";

fn reference(token: Token) -> u8 {
    if token == PIN1 { simcard::PIN1 } else { simcard::PIN2 }
}

// --- The card and what is done with it

/// A card in one of the two readers.
struct Place<'w> {
    world: &'w World,
    reader: usize,
    card: &'w InsertedCard,
    /// What the card is, and the tries that it had at first.
    made: RefCell<(&'static str, [u8; 3])>,
}

impl<'w> Place<'w> {
    fn new(world: &'w World, reader: usize, card: &'w InsertedCard) -> Self {
        Self { world, reader, card, made: RefCell::new(("", [0; 3])) }
    }

    /// The slots for PIN1 of both readers come first, then those for PIN2.
    fn slot(&self, token: Token) -> CK_SLOT_ID {
        let first = if token == PIN1 { 0 } else { 2 };
        self.world.module.slots(false).expect("a list of slots")[first + self.reader]
    }

    fn open(&self, token: Token) -> Result<Session<'static>, CK_RV> {
        self.world.module.open_with(self.slot(token), RW)
    }

    /// Begins anew: a fresh card, and the program just started.
    fn renew_with(&self, description: &'static str) {
        self.world.finalize();
        self.renew(description);
        self.world.initialize();
    }

    /// As if such a card had just been put in. To issue a card takes long, so one that still has its codes is only put
    /// back to what it was.
    fn renew(&self, description: &'static str) {
        let mut made = self.made.borrow_mut();
        let mut card = self.card.card();
        let codes = if description == FRESH { [TRANSPORT, TRANSPORT, PUK] } else { [PIN1.1, PIN2.1, PUK] };
        let unharmed = REFERENCES.iter().zip(codes).all(|(reference, code)| card.code_is(*reference, code));
        if made.0 == description && unharmed {
            card.power_off();
            for (reference, tries) in REFERENCES.into_iter().zip(made.1) {
                card.set_tries_left(reference, tries);
            }
        } else {
            let mut options = CardOptions::default();
            options.apply(description).unwrap_or_else(|error| panic!("{description}: {error}"));
            *card = Card::new(options);
            *made = (description, REFERENCES.map(|reference| card.tries_left(reference).expect("the PIN")));
        }
    }

    fn mechanism(&self) -> CK_MECHANISM_TYPE {
        let is_rsa = self.card.card().certificates().named("sign-ec").is_some();
        if is_rsa { CKM_SHA256_RSA_PKCS } else { CKM_ECDSA }
    }
}

/// One operation of a program.
struct Step {
    name: &'static str,
    function: &'static str,
    token: Token,
    card: &'static str,
    /// What comes before it, undisturbed.
    prepare: fn(&Place<'_>, Token) -> Option<Session<'static>>,
    act: Act,
    /// What it answers when nothing goes wrong.
    usual: CK_RV,
    /// How many tries it may cost: PIN1, PIN2, PUK.
    tries: [u8; 3],
}

type Act = fn(&Place<'_>, Option<&Session<'_>>, Token) -> Result<(), CK_RV>;

impl Step {
    const fn new(name: &'static str, function: &'static str, token: Token, act: Act) -> Self {
        Self { name, function, token, card: CARD, prepare: opened, act, usual: CKR_OK, tries: [0; 3] }
    }

    const fn on(mut self, card: &'static str) -> Self {
        self.card = card;
        self
    }

    const fn after(mut self, prepare: fn(&Place<'_>, Token) -> Option<Session<'static>>) -> Self {
        self.prepare = prepare;
        self
    }

    /// A wrong PIN is presented, which costs one try of it.
    const fn wrong(mut self, tries: [u8; 3]) -> Self {
        self.usual = CKR_PIN_INCORRECT;
        self.tries = tries;
        self
    }
}

const LISTING: &[Step] = &[
    Step::new("list of tokens", "C_GetTokenInfo", PIN1, list_tokens).after(nothing),
    Step::new("certificates of PIN1", "C_FindObjectsInit", PIN1, read_certificates),
    Step::new("certificates of PIN2", "C_FindObjectsInit", PIN2, read_certificates),
];

const LOGGING_IN: &[Step] = &[
    Step::new("login with PIN1", "C_Login", PIN1, log_in),
    Step::new("login with PIN2", "C_Login", PIN2, log_in),
    Step::new("login for a signature", "C_Login", PIN2, log_in_for_operation).after(ready_to_sign),
    Step::new("login with a wrong PIN1", "C_Login", PIN1, log_in_wrongly).wrong([1, 0, 0]),
    Step::new("login with a wrong PIN2", "C_Login", PIN2, log_in_wrongly).wrong([0, 1, 0]),
];

const SIGNING: &[Step] = &[
    Step::new("signature under PIN1", "C_Sign", PIN1, sign).after(ready_to_sign),
    Step::new("signature under PIN2", "C_Sign", PIN2, sign).after(ready_to_sign),
    Step::new("RSA signature under PIN1", "C_Sign", PIN1, sign).after(ready_to_sign).on(RSA),
];

const SETTING: &[Step] = &[
    Step::new("change of PIN1", "C_SetPIN", PIN1, change_pin),
    Step::new("change of PIN2", "C_SetPIN", PIN2, change_pin),
    Step::new("change with a wrong PIN1", "C_SetPIN", PIN1, change_pin_wrongly).wrong([1, 0, 0]),
    Step::new("PIN1 unblocked", "C_InitPIN", PIN1, init_pin).on(BLOCKED).after(officer),
    Step::new("PIN2 unblocked", "C_InitPIN", PIN2, init_pin).on(BLOCKED).after(officer),
    Step::new("PIN1 by the transport code", "C_InitPIN", PIN1, init_pin).on(FRESH).after(officer),
];

fn nothing(_: &Place<'_>, _: Token) -> Option<Session<'static>> {
    None
}

/// The token is known when its session is opened, as with every program.
fn opened(place: &Place<'_>, token: Token) -> Option<Session<'static>> {
    place.world.module.token(place.slot(token)).expect("C_GetTokenInfo");
    Some(place.open(token).expect("a session"))
}

fn ready_to_sign(place: &Place<'_>, token: Token) -> Option<Session<'static>> {
    let session = opened(place, token)?;
    session.login(CKU_USER, token.1).expect("the PIN is right");
    session.sign_init(place.mechanism(), private_key(&session).expect("the key")).expect("C_SignInit");
    Some(session)
}

/// The security officer, with the code that fits the card: nothing is sent yet.
fn officer(place: &Place<'_>, token: Token) -> Option<Session<'static>> {
    let session = opened(place, token)?;
    let code = if place.card.card().code_is(reference(token), TRANSPORT) { TRANSPORT } else { PUK };
    session.login(CKU_SO, code).expect("nothing is sent");
    Some(session)
}

fn list_tokens(place: &Place<'_>, _: Option<&Session<'_>>, _: Token) -> Result<(), CK_RV> {
    let infos = [PIN1, PIN2].map(|token| place.world.module.token(place.slot(token)));
    infos.into_iter().try_for_each(|info| info.map(drop))
}

fn read_certificates(_: &Place<'_>, session: Option<&Session<'_>>, _: Token) -> Result<(), CK_RV> {
    let session = session.expect("a session");
    for certificate in session.find(&[(CKA_CLASS, &bytes(CKO_CERTIFICATE))])? {
        session.attribute(certificate, CKA_VALUE)?;
    }
    Ok(())
}

fn log_in(_: &Place<'_>, session: Option<&Session<'_>>, token: Token) -> Result<(), CK_RV> {
    session.expect("a session").login(CKU_USER, token.1)
}

fn log_in_wrongly(_: &Place<'_>, session: Option<&Session<'_>>, _: Token) -> Result<(), CK_RV> {
    session.expect("a session").login(CKU_USER, WRONG)
}

fn log_in_for_operation(_: &Place<'_>, session: Option<&Session<'_>>, token: Token) -> Result<(), CK_RV> {
    session.expect("a session").login(CKU_CONTEXT_SPECIFIC, token.1)
}

/// Signs into a buffer that is long enough for any signature, as many programs do.
fn sign(place: &Place<'_>, session: Option<&Session<'_>>, _: Token) -> Result<(), CK_RV> {
    let (handle, expected) = (session.expect("a session").handle(), length_of_signature(place));
    let (mut signature, mut length) = ([0; 512], 512);
    let (data, size) = (DIGEST.as_ptr().cast_mut(), DIGEST.len() as CK_ULONG);
    call!(place.world.module, C_Sign(handle, data, size, signature.as_mut_ptr(), &mut length))?;
    assert_eq!(length, expected, "a signature of another length was handed over");
    Ok(())
}

fn length_of_signature(place: &Place<'_>) -> CK_ULONG {
    if place.mechanism() == CKM_ECDSA { 96 } else { 256 }
}

fn change_pin(place: &Place<'_>, session: Option<&Session<'_>>, token: Token) -> Result<(), CK_RV> {
    set_pin(place, session, token.1)
}

fn change_pin_wrongly(place: &Place<'_>, session: Option<&Session<'_>>, _: Token) -> Result<(), CK_RV> {
    set_pin(place, session, WRONG)
}

fn set_pin(place: &Place<'_>, session: Option<&Session<'_>>, old: &str) -> Result<(), CK_RV> {
    let handle = session.expect("a session").handle();
    let sizes = [old, NEW].map(|pin| pin.len() as CK_ULONG);
    let [old, new] = [old, NEW].map(|pin| pin.as_ptr().cast_mut());
    call!(place.world.module, C_SetPIN(handle, old, sizes[0], new, sizes[1]))
}

fn init_pin(place: &Place<'_>, session: Option<&Session<'_>>, _: Token) -> Result<(), CK_RV> {
    let (handle, size) = (session.expect("a session").handle(), NEW.len() as CK_ULONG);
    call!(place.world.module, C_InitPIN(handle, NEW.as_ptr().cast_mut(), size))
}

fn private_key(session: &Session<'_>) -> Result<CK_OBJECT_HANDLE, CK_RV> {
    let keys = session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))])?;
    keys.first().copied().ok_or(CKR_OBJECT_HANDLE_INVALID)
}

/// All that a program does with a card: the list of tokens, then login and signature with one.
fn works(place: &Place<'_>, token: Token) -> Result<(), String> {
    let tell = |what: String| move |code| format!("{what}: {}", name(code));
    for token in [PIN1, PIN2] {
        let info = place.world.module.token(place.slot(token)).map_err(tell("C_GetTokenInfo".into()))?;
        // The second of two cards has its number behind that.
        if !text(&info.label).starts_with(token.0) {
            return Err(format!("the token is called {:?}", text(&info.label)));
        }
    }
    let pins = [token.1, NEW, TRANSPORT];
    let pin = pins.into_iter().find(|pin| place.card.card().code_is(reference(token), pin));
    // Of a blocked PIN nothing is to be expected.
    let Some(pin) = pin.filter(|_| place.card.tries(reference(token)) > 0) else { return Ok(()) };
    let session = place.open(token).map_err(tell("C_OpenSession".into()))?;
    session.login(CKU_USER, pin).map_err(tell(format!("login to {}", token.0)))?;
    let key = private_key(&session).map_err(tell(format!("key of {}", token.0)))?;
    session.sign(place.mechanism(), key, DIGEST).map_err(tell(format!("signature in {}", token.0)))?;
    Ok(())
}

// --- What is expected of it

/// What was done, and everything about it that went against the rules.
struct Case<'c> {
    step: &'c Step,
    place: &'c Place<'c>,
    fault: String,
    again: Again,
    wrong: Vec<String>,
}

impl Case<'_> {
    fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(what());
        }
    }

    fn complaint(self) -> Option<String> {
        let Self { step, place, fault, wrong, .. } = self;
        let story = place.card.story();
        (!wrong.is_empty()).then(|| format!("{}, {fault}: {}\n{story}", step.name, wrong.join("; ")))
    }
}

/// Whether a program learns from the code what to do. CKR_GENERAL_ERROR and their like say nothing.
fn is_clear(function: &str, code: CK_RV) -> bool {
    const ANY: [CK_RV; 4] = [CKR_OK, CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED, CKR_SESSION_HANDLE_INVALID];
    const NEW_PIN: [CK_RV; 4] = [CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_LOCKED];
    const UNCLEAR: [CK_RV; 4] =
        [CKR_GENERAL_ERROR, CKR_HOST_MEMORY, CKR_ARGUMENTS_BAD, CKR_FUNCTION_CANCELED];
    match function {
        // §5.5.8 and §5.5.9; that the security officer's PIN is wrong turns out in C_InitPIN.
        "C_SetPIN" | "C_InitPIN" => ANY.contains(&code) || NEW_PIN.contains(&code),
        function => permitted(function, code) && !UNCLEAR.contains(&code),
    }
}

/// Whether the card said that a PIN was wrong or blocked.
fn blames_the_pin(exchange: &Exchange) -> bool {
    matches!(exchange.command.get(1), Some(0x20 | 0x24 | 0x2C | 0xC0))
        && matches!(exchange.status(), Some(0x6300..=0x63FF | 0x6983 | 0x6984))
}

/// Carries out the step with the faults and judges all but what comes afterwards. Gives what the module answered.
fn play(
    case: &mut Case<'_>,
    session: Option<&Session<'_>>,
    faults: impl IntoIterator<Item = Fault>,
) -> CK_RV {
    let (step, place) = (case.step, case.place);
    let before = REFERENCES.map(|reference| place.card.tries(reference));
    let accepted = place.card.card().credential_count(reference(step.token)).right;
    {
        let mut card = place.card.card();
        card.log_mut().mark();
        faults.into_iter().for_each(|fault| card.faults_mut().push(fault));
    }
    let start = Instant::now();
    let code = (step.act)(place, session, step.token).err().unwrap_or(CKR_OK);
    let took = start.elapsed();
    let (exchanges, pin2_is_open) = {
        let mut card = place.card.card();
        card.faults_mut().clear();
        let exchanges: Vec<_> = card.log().exchanges_since_mark().cloned().collect();
        (exchanges, card.is_verified(simcard::PIN2))
    };
    case.check(took < SOON, || format!("took {took:?}"));
    case.check(exchanges.len() as u64 <= MOST_COMMANDS, || format!("took {} commands", exchanges.len()));
    case.check(is_clear(step.function, code), || format!("answered {}", name(code)));
    let closed = !pin2_is_open || case.again == Again::Anew;
    case.check(closed, || format!("PIN2 stays open ({})", name(code)));
    let spent = [0, 1, 2].map(|index| before[index].saturating_sub(place.card.tries(REFERENCES[index])));
    let within = spent.iter().zip(step.tries).all(|(spent, most)| *spent <= most);
    case.check(within, || format!("cost {spent:?} tries ({})", name(code)));
    let credentials: Vec<_> = exchanges.iter().filter(|exchange| exchange.masked).collect();
    let again = credentials.windows(2).any(|pair| !matches!(pair[0].status(), Some(0x6D00 | 0x6E00)));
    case.check(!again && credentials.len() <= 2, || format!("{} credentials sent", credentials.len()));
    if step.usual != CKR_PIN_INCORRECT && matches!(code, CKR_PIN_INCORRECT | CKR_PIN_LOCKED) {
        let blamed = exchanges.iter().any(blames_the_pin);
        case.check(blamed, || format!("a right PIN is answered {}", name(code)));
    }
    // A card that says 9000 to a PIN is believed, as there is nobody else to ask.
    let told_so = credentials.iter().any(|exchange| exchange.status() == Some(0x9000));
    let honest = code != CKR_OK || told_so || is_done(step, place, accepted);
    case.check(honest, || "said to be done, and is not".into());
    code
}

/// What the card has to show for a success.
fn is_done(step: &Step, place: &Place<'_>, accepted: u32) -> bool {
    let card = place.card.card();
    match step.function {
        "C_Login" => card.credential_count(reference(step.token)).right > accepted,
        "C_SetPIN" | "C_InitPIN" => card.code_is(reference(step.token), NEW),
        _ => true,
    }
}

/// All complaints at the end, so that one does not hide the others.
fn tell(complaints: &[String]) {
    const SHOWN: usize = 30;
    let shown = complaints.iter().take(SHOWN).map(String::as_str).collect::<String>();
    assert!(complaints.is_empty(), "{} cases went wrong, the first ones:\n{shown}", complaints.len());
}

/// When the module has to work again.
#[derive(Clone, Copy, PartialEq)]
enum Again {
    /// At once.
    AtOnce,
    /// When the card is put in anew, here: when the module is initialised anew. What a card says again and again is
    /// believed, and it may have been in no state to close PIN2.
    Anew,
}

/// Plays faults in a step, and looks whether the module works afterwards with the same card.
fn disturb(
    place: &Place<'_>,
    step: &Step,
    fault: String,
    faults: Vec<Fault>,
    again: Again,
) -> Option<String> {
    place.renew_with(step.card);
    let session = (step.prepare)(place, step.token);
    let mut case = Case { step, place, fault, again, wrong: Vec::new() };
    play(&mut case, session.as_ref(), faults);
    if let Some(session) = session {
        // The login may or may not have survived.
        let _ = session.logout();
    }
    if again == Again::Anew {
        place.world.finalize();
        place.world.initialize();
    }
    if let Err(what) = works(place, step.token) {
        case.wrong.push(format!("afterwards {what}"));
    }
    case.complaint()
}

/// How many commands the step takes when nothing goes wrong.
fn commands_of(place: &Place<'_>, step: &Step) -> u32 {
    place.renew_with(step.card);
    let session = (step.prepare)(place, step.token);
    let (count, outcome) = place.card.cost(|| (step.act)(place, session.as_ref(), step.token));
    assert_eq!(outcome.err().unwrap_or(CKR_OK), step.usual, "{}", step.name);
    assert!(count > 0, "{} asks the card for nothing", step.name);
    u32::try_from(count).expect("few commands")
}

/// Without the bytes of long garbage, which the story tells anyway.
fn told(action: &Action) -> String {
    match action {
        Action::Garbage(bytes) => format!("{} bytes of garbage, {:02X?} first", bytes.len(), bytes[0]),
        Action::Status(status) => format!("{status:04X} instead"),
        Action::StatusAfter(status) => format!("{status:04X} afterwards"),
        action => format!("{action:?}"),
    }
}

// --- Faults that leave the card in the reader

fn actions() -> Vec<Action> {
    const STATUSES: [u16; 18] = [
        0x0000, 0x6110, 0x6282, 0x63C0, 0x63C2, 0x6700, 0x6982, 0x6983, 0x6985, 0x6A80, 0x6A82, 0x6A88,
        0x6C00, 0x6C10, 0x6D00, 0x6E00, 0x6F00, 0xFFFF,
    ];
    const GARBAGE: [&[u8]; 5] = [
        &[0x90],
        &[0xA5; 258],
        &[0x5A; 300],
        // A good status, and data that promise more than can be.
        b"\x30\x84\x7F\xFF\xFF\xFF\x04\x84\x7F\xFF\xFF\xFF\x90\x00",
        b"\xA0\x7F\xDF\x21\x00\x90\x00",
    ];
    let mut actions = vec![
        Action::StatusOnly,
        Action::Truncate(1),
        Action::StatusAfter(0x6F00),
        Action::StatusAfter(0x6982),
        Action::SignatureLength(-1),
        Action::SignatureLength(1),
        Action::ResetBefore,
        Action::OtherApplicationBefore,
    ];
    actions.extend(GARBAGE.map(|bytes| Action::Garbage(bytes.to_vec())));
    // Noise with a good status.
    let noise = (0..200_u8).map(|byte| byte.wrapping_mul(167) ^ 0x5C);
    actions.push(Action::Garbage(noise.chain([0x90, 0x00]).collect()));
    actions.extend(STATUSES.map(Action::Status));
    actions
}

/// Behind these commands a certificate is read on and on; to pull a card out takes long.
const MOST_POSITIONS: u32 = 9;

/// Every action at every command of every step.
fn every_fault(steps: &[Step]) {
    let mut complaints = Vec::new();
    for step in steps {
        let (world, card) = World::with(step.card);
        let place = Place::new(&world, 0, &card);
        for position in 0..commands_of(&place, step) {
            for action in actions() {
                let fault = format!("{} at command {}", told(&action), position + 1);
                // A file that is not there is one of the things that are believed.
                let hidden = step.function == "C_FindObjectsInit" && action == Action::Status(0x6A82);
                let again = if hidden { Again::Anew } else { Again::AtOnce };
                complaints.extend(disturb(
                    &place,
                    step,
                    fault,
                    vec![Fault::next(action).after(position)],
                    again,
                ));
            }
        }
    }
    tell(&complaints);
}

#[test]
fn any_fault_while_tokens_are_listed_and_read_is_survived() {
    every_fault(LISTING);
}

#[test]
fn any_fault_while_a_pin_is_presented_is_survived_and_costs_no_try() {
    every_fault(LOGGING_IN);
}

#[test]
fn any_fault_in_a_signature_is_survived_and_leaves_pin2_closed() {
    every_fault(SIGNING);
}

#[test]
fn any_fault_while_a_pin_is_set_is_survived() {
    every_fault(SETTING);
}

/// A card that has gone mad: every command of the call gets the same answer.
#[test]
fn a_card_that_goes_on_misbehaving_ends_every_call_soon() {
    const MORE_THAN_ENOUGH: usize = 600;
    // Always one byte more, and never the last: what is gathered must have an end, and not a far one.
    let endless = [Action::Garbage(vec![0xA5, 0x61, 0x01]), Action::Garbage(vec![0x30, 0x90, 0x00])];
    let mut complaints = Vec::new();
    for step in [LISTING, LOGGING_IN, SIGNING, SETTING].into_iter().flatten() {
        let (world, card) = World::with(step.card);
        let place = Place::new(&world, 0, &card);
        for action in actions().into_iter().chain(endless.clone()) {
            let fault = format!("{} always", told(&action));
            let faults = vec![Fault::next(action); MORE_THAN_ENOUGH];
            complaints.extend(disturb(&place, step, fault, faults, Again::Anew));
        }
    }
    tell(&complaints);
}

// --- Pulled out

/// Where a card is pulled out: before the command reaches it, and where a PIN is presented also after it.
fn moments(step: &'static Step, commands: u32) -> impl Iterator<Item = (&'static Step, Fault)> {
    let before = (0..commands).map(|position| Fault::next(Action::PullOutBefore).after(position));
    let after = step.function.starts_with("C_Find") || step.function.starts_with("C_Get");
    let after = (!after).then(|| Fault::next(Action::PullOutAfter));
    before.chain(after).map(move |fault| (step, fault))
}

fn next_card(world: &World, reader: usize) -> InsertedCard {
    world.wait_until_gone(reader);
    world.insert_into(reader, "fineid-v4.0,holder=2,pin2_one_shot=no")
}

/// The session stays open while the card goes and the next one comes, as with any program.
#[test]
fn a_card_may_be_pulled_out_at_any_command_and_the_next_one_works() {
    const GONE: [CK_RV; 3] = [CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_SESSION_HANDLE_INVALID];
    let world = World::enter();
    world.initialize();
    let mut cards = [0, 1].map(|reader| world.insert_into(reader, CARD));
    let mut all = Vec::new();
    for step in [LISTING, LOGGING_IN, SIGNING, SETTING].into_iter().flatten() {
        // PIN2's steps are those of PIN1, but for the signature and what comes before it.
        let alike = step.token == PIN2 && !matches!(step.function, "C_Login" | "C_Sign");
        if step.card != RSA && step.usual == CKR_OK && !alike {
            let commands = commands_of(&Place::new(&world, 0, &cards[0]), step).min(MOST_POSITIONS);
            all.extend(moments(step, commands));
        }
    }
    let mut complaints = Vec::new();
    // pcscd takes some tenths of a second to see a card go and another to see one come: two at once.
    for pair in all.chunks(2) {
        world.finalize();
        for (card, (step, _)) in cards.iter().zip(pair) {
            Place::new(&world, 0, card).renew(step.card);
        }
        world.initialize();
        let mut sessions = Vec::new();
        for (reader, (card, (step, fault))) in cards.iter().zip(pair).enumerate() {
            let place = Place::new(&world, reader, card);
            let session = (step.prepare)(&place, step.token);
            let told = format!("{:?} at command {}", fault.action, fault.skip + 1);
            let mut case = Case { step, place: &place, fault: told, again: Again::AtOnce, wrong: Vec::new() };
            let code = play(&mut case, session.as_ref(), [fault.clone()]);
            // A PIN that was set is set, also when the card goes before it was closed behind it.
            let set = code == CKR_OK
                && matches!(step.function, "C_SetPIN" | "C_InitPIN")
                && is_done(step, &place, 0);
            case.check(set || GONE.contains(&code), || format!("answered {}", name(code)));
            complaints.extend(case.complaint());
            sessions.push(session);
        }
        let next: Vec<_> = std::thread::scope(|scope| {
            let world = &world;
            let threads: Vec<_> =
                (0..pair.len()).map(|reader| scope.spawn(move || next_card(world, reader))).collect();
            threads.into_iter().map(|thread| thread.join().expect("the next card")).collect()
        });
        for (reader, (card, (step, fault))) in next.into_iter().zip(pair).enumerate() {
            cards[reader] = card;
            if let Err(what) = works(&Place::new(&world, reader, &cards[reader]), step.token) {
                complaints.push(format!("{}, {:?}, the next card: {what}\n", step.name, fault.action));
            }
        }
    }
    tell(&complaints);
}

// --- A card with an answer of its own

/// Whether CHANGE REFERENCE DATA leaves the PIN open is an open question about the cards.
#[test]
fn a_changed_pin2_is_closed_also_where_the_change_opens_it() {
    const OPENS: &str = "fineid-v4.0,pin2_one_shot=no,change_verifies=yes";
    const CHANGES: [Step; 2] = [
        Step::new("change of PIN2", "C_SetPIN", PIN2, change_pin).on(OPENS),
        Step::new("PIN2 by the PUK", "C_InitPIN", PIN2, init_pin).on(OPENS).after(officer),
    ];
    let (world, card) = World::with(OPENS);
    let place = Place::new(&world, 0, &card);
    let undisturbed = |step| disturb(&place, step, "undisturbed".into(), Vec::new(), Again::AtOnce);
    tell(&CHANGES.iter().filter_map(undisturbed).collect::<Vec<_>>());
}
