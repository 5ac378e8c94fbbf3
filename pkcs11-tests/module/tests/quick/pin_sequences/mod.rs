//! Random sequences of what holders and programs do with the PINs of two cards, through the real pcscd.
//!
//! A model predicts every answer and what it costs the card. So after every step: no try is spent that nobody asked for,
//! and none of a PIN that was right; a PIN that the card refused is never sent to it again unless its tries have risen;
//! digits are not presented for one PIN that were just given for another;
//! the answer is the one that was to be expected, and permitted. And the flags of the tokens say what the card has
//! told: whenever its answer tells how a PIN stands, that is shown from then on.
//!
//! `AVAIN_PIN_STORIES` is the number of sequences, `AVAIN_SEED` their seed.

mod model;
mod steps;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cryptoki_sys::*;
use kit::{
    ANY, InsertedCard, Other, PIN_FLAGS, REFERENCES, Session, TOKENS, Watched, World, call, name,
    no_mechanism, permitted, pin_flags, seed,
};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use simcard::options::CardOptions;
use simcard::{Card, CardModel, Exchange, PinSnapshot};

use model::{Model, PUK_PLACE, Truth};
use steps::{Foreign, Step, Story, Typed, Which, story};

const STORIES: u32 = 150;
/// A step that takes so long may pass for a pause.
const STANDSTILL: Duration = Duration::from_millis(700);
/// What is signed: as long as the hash that the card's keys take.
const DIGEST: &[u8] = &[1; 48];

fn setting<N: std::str::FromStr>(name: &str, default: N) -> N {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn no_sequence_of_events_costs_a_try_that_nobody_asked_for() {
    let config = Config {
        cases: setting("AVAIN_PIN_STORIES", STORIES),
        rng_seed: RngSeed::Fixed(seed("pin_sequences")),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    let bench = RefCell::new(Bench::new());
    let outcome = TestRunner::new(config)
        .run(&story(), |story| bench.borrow_mut().play(&story).map_err(TestCaseError::fail));
    let bench = bench.into_inner();
    bench.tell();
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    bench.saw_everything();
}

/// How a PIN may be shown: tries, and whether it is to be changed.
type Shown = (u8, bool);

/// A reader, two cards for it, and what is known of them.
struct Bench {
    world: World,
    inserted: Option<InsertedCard>,
    aside: Arc<Mutex<Card>>,
    sessions: Vec<Session<'static>>,
    model: Model,
    /// Since the card last told how PIN1, PIN2 and PUK stand, they stood so: the module cannot know which it is.
    heard: [Vec<Shown>; 3],
    /// How often which step had which answer.
    seen: BTreeMap<(&'static str, String), u32>,
}

impl Bench {
    fn new() -> Self {
        let mut world = World::enter();
        let cards = [1, 2].map(|holder| kit::card(&format!("{ANY},holder={holder}")));
        let [first, aside] = cards;
        let inserted = Some(world.rig().insert(0, first));
        let model = Model::new([simcard::DeliveryState::Activated; 2]);
        let heard = Default::default();
        Self { world, inserted, aside, sessions: Vec::new(), model, heard, seen: BTreeMap::new() }
    }

    fn card(&self) -> &InsertedCard {
        self.inserted.as_ref().expect("a card is in the reader")
    }

    fn play(&mut self, story: &Story) -> Result<(), String> {
        self.begin(story);
        for (number, step) in story.steps.iter().enumerate() {
            let (started, outcome) = (SystemTime::now(), self.take(*step));
            // What was just typed depends on the time: where the machine stood still, nothing can be predicted.
            if started.elapsed().is_ok_and(|taken| taken > STANDSTILL) {
                return Ok(());
            }
            outcome.map_err(|wrong| {
                let held = self.model.codes();
                format!(
                    "step {} {step:?}: {wrong}\nThe card holds {held:?}\n{}",
                    number + 1,
                    self.card().story()
                )
            })?;
        }
        Ok(())
    }

    /// Makes new cards of the two, as if they had just been bought, and a new use of the module.
    fn begin(&mut self, story: &Story) {
        self.sessions.clear();
        self.world.finalize();
        let new = |position: usize| {
            let model: CardModel = ANY.parse().expect("a generation");
            let holder = position as u32 + 1;
            Card::new(CardOptions { holder, ..CardOptions::new(model, story.states[position]) })
        };
        *self.card().card() = new(0);
        *self.aside.lock().expect("nobody else has the card") = new(1);
        self.world.initialize();
        self.model = Model::new(story.states);
        self.meet();
    }

    /// Opens sessions with the card in the reader and lets the module ask it for everything.
    fn meet(&mut self) {
        self.sessions = TOKENS.map(|(token, _)| self.world.open_to_write(token)).into();
        for session in &self.sessions {
            session.find(&[]).expect("the token's objects");
        }
        let truth = Truth::of(&self.card().card());
        self.heard = [0, 1, 2].map(|place| vec![(truth.tries[place], truth.fresh[place])]);
    }

    fn take(&mut self, step: Step) -> Result<(), String> {
        let before = Truth::of(&self.card().card());
        match step {
            Step::Foreign(foreign) => self.elsewhere(foreign),
            Step::Pause => self.pause(),
            Step::Reinsert => self.change_cards(false),
            Step::Swap => self.change_cards(true),
            call => self.call(call, &before)?,
        }
        if !matches!(step, Step::Reinsert | Step::Swap) {
            let after = Truth::of(&self.card().card());
            self.model.rises(&before, &after);
        }
        self.holds_what_it_should()?;
        self.is_shown()
    }

    /// One call of the program: its answer and its cost.
    fn call(&mut self, step: Step, before: &Truth) -> Result<(), String> {
        let mut after = before.clone();
        // What the step means is read before the model has carried it out.
        let (calls, got) = {
            self.card().card().log_mut().mark();
            self.make(step)
        };
        let expected = self.model.call(step, &mut after);
        *self.seen.entry((calls, name(got))).or_default() += 1;
        if got != expected {
            return Err(format!("{} instead of {}", name(got), name(expected)));
        }
        if got != CKR_OBJECT_HANDLE_INVALID && !permitted(calls, got) {
            return Err(format!("{calls} must not answer {}", name(got)));
        }
        let real = Truth::of(&self.card().card());
        let counts = |truth: &Truth| (truth.commands, truth.spent, truth.tries, truth.fresh);
        if counts(&real) != counts(&after) {
            return Err(format!("{real:?} instead of {after:?}"));
        }
        for (which, session) in self.sessions.iter().enumerate() {
            let state = session.info().map_err(name)?.state;
            if state != self.model.state(which) {
                return Err(format!("session {which} is in state {state}"));
            }
        }
        if self.card().open(simcard::PIN2) && !before.is_open(1) {
            return Err("PIN2 was left open".into());
        }
        Ok(())
    }

    /// Carries the step out. Tells which function gave the answer.
    fn make(&self, step: Step) -> (&'static str, CK_RV) {
        let code = |outcome: Result<(), CK_RV>| outcome.err().unwrap_or(CKR_OK);
        let typed = |typed: Typed, which: Which| self.model.resolve(typed, which);
        match step {
            Step::Login(which, pin) => {
                ("C_Login", code(self.sessions[which].login(CKU_USER, &typed(pin, which))))
            }
            Step::Officer(which, given) => ("C_Login", code(self.sessions[which].login(CKU_SO, given))),
            Step::Init(which, new) => ("C_InitPIN", code(self.sessions[which].init_pin(&typed(new, which)))),
            Step::Set(which, old, new) => {
                ("C_SetPIN", code(self.sessions[which].set_pin(&typed(old, which), &typed(new, which))))
            }
            Step::Logout(which) => ("C_Logout", code(self.sessions[which].logout())),
            Step::Sign(which) => self.sign(which, None),
            Step::SignWith(pin) => self.sign(1, Some(&typed(pin, 1))),
            Step::Foreign(_) | Step::Pause | Step::Reinsert | Step::Swap => {
                unreachable!("not a call of the program")
            }
        }
    }

    /// Signs, after a login for this one signature where a PIN is given.
    fn sign(&self, which: Which, pin: Option<&str>) -> (&'static str, CK_RV) {
        let session = &self.sessions[which];
        let key = session.object(CKO_PRIVATE_KEY, [0x45, 0x46][which]);
        if let Err(refused) = key.and_then(|key| session.sign_init(CKM_ECDSA, key)) {
            return ("C_Sign", refused);
        }
        if let Some(pin) = pin
            && let Err(refused) = session.login(CKU_CONTEXT_SPECIFIC, pin)
        {
            call!(self.world.module, C_SignInit(session.handle(), no_mechanism(), 0)).expect("an end of it");
            return ("C_Login", refused);
        }
        ("C_Sign", session.sign_data(DIGEST).err().unwrap_or(CKR_OK))
    }

    /// Another program comes, does one thing, and goes.
    fn elsewhere(&mut self, foreign: Foreign) {
        let mut other = Other::connect(self.card().reader());
        let typed = |typed: Typed, which: Which| self.model.resolve(typed, which);
        let selected = |other: &Other, send: &dyn Fn(&Other) -> u16| match send(other) {
            0x6D00 => {
                other.select();
                send(other)
            }
            status => status,
        };
        // What does not fit into the block cannot even be sent.
        let fits = |pin: &str| pin.len() <= 12;
        let set = match foreign {
            Foreign::Reset => {
                other.reset();
                None
            }
            Foreign::Select => {
                other.select();
                None
            }
            Foreign::Verify(which, pin) => {
                let pin = typed(pin, which);
                if fits(&pin) {
                    selected(&other, &|other| other.verify(REFERENCES[which], &pin));
                }
                None
            }
            Foreign::Change(which, new) => {
                let (old, new) = (self.model.codes()[which].clone(), typed(new, which));
                let send =
                    |other: &Other| other.send(&kit::Bare::Change.bytes(REFERENCES[which], &[&old, &new]));
                (fits(&new) && selected(&other, &send) == 0x9000).then_some((which, new))
            }
            Foreign::Unblock(which, new) => {
                let (puk, new) = (self.model.codes()[PUK_PLACE].clone(), typed(new, which));
                let send = |other: &Other| other.unblock(REFERENCES[which], &puk, &new);
                (fits(&new) && selected(&other, &send) == 0x9000).then_some((which, new))
            }
        };
        other.leave();
        if let Some((which, new)) = set {
            self.model.set_elsewhere(which, new);
        }
        // What the card told the other program, it did not tell us.
        self.card().card().log_mut().mark();
    }

    /// Somebody is asked for a PIN and types it.
    fn pause(&mut self) {
        self.world.somebody_types();
        self.model.pause();
    }

    /// Takes the card out and puts it, or the other one, in.
    fn change_cards(&mut self, swap: bool) {
        let mut card = self.inserted.take().expect("a card is in the reader").remove();
        if swap {
            std::mem::swap(&mut card, &mut self.aside);
        }
        let current = if swap { 1 - self.model.current() } else { self.model.current() };
        self.inserted = Some(self.world.rig().insert(0, card));
        self.model.put_in(current);
        self.pause();
        self.meet();
        self.card().card().log_mut().mark();
    }

    /// The model's PINs are the card's.
    fn holds_what_it_should(&self) -> Result<(), String> {
        let card = self.card().card();
        let pins = card.snapshot().pins;
        for (place, reference) in REFERENCES.into_iter().enumerate() {
            if pins[place].origin != "never-set" && !card.code_is(reference, &self.model.codes()[place]) {
                return Err(format!("the card holds another code {reference:02X}"));
            }
        }
        Ok(())
    }

    /// The tokens' flags are those of a state that the card was in when it last told, or has been in since.
    fn is_shown(&mut self) -> Result<(), String> {
        let flags = || TOKENS.map(|(token, _)| self.world.token_flags(self.world.slot(token)) & PIN_FLAGS);
        // What one token asks the card, the other one shows as well: the second look counts.
        let flags = [flags(), flags()][1];
        let truth = Truth::of(&self.card().card());
        self.listen(&truth);
        for (which, shown) in flags.into_iter().enumerate() {
            let mut possible = self.heard[which].iter().flat_map(|pin| {
                self.heard[PUK_PLACE].iter().map(|puk| pin_flags(&snapshot(*pin), &snapshot(*puk)))
            });
            if !possible.any(|flags| flags == shown) {
                let heard = &self.heard;
                return Err(format!("PIN{} is shown as {shown:#x}, heard of were {heard:?}", which + 1));
            }
        }
        Ok(())
    }

    /// Takes note of what the card has told since the mark.
    fn listen(&mut self, truth: &Truth) {
        let told: Vec<(usize, Told)> =
            self.card().card().log().exchanges_since_mark().flat_map(told_by).collect();
        for place in 0..3 {
            let now = (truth.tries[place], truth.fresh[place]);
            let heard = &mut self.heard[place];
            let best = told.iter().filter(|(of, _)| *of == place).map(|(_, told)| *told).max();
            match best {
                Some(Told::All) => *heard = vec![now],
                // Whether it was changed is what it was before, as far as is known.
                Some(Told::Tries) => {
                    heard.push(now);
                    heard.iter_mut().for_each(|state| state.0 = now.0);
                    heard.dedup();
                }
                None if heard.contains(&now) => {}
                None => heard.push(now),
            }
        }
    }

    fn tell(&self) {
        for ((calls, code), times) in &self.seen {
            println!("{times:6} {calls} {code}");
        }
    }

    /// A test in which nothing happens proves nothing.
    fn saw_everything(&self) {
        for (calls, codes) in [
            (
                "C_Login",
                &[
                    CKR_OK,
                    CKR_PIN_INCORRECT,
                    CKR_PIN_LOCKED,
                    CKR_USER_PIN_NOT_INITIALIZED,
                    CKR_USER_ALREADY_LOGGED_IN,
                    CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
                ][..],
            ),
            ("C_InitPIN", &[CKR_OK, CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_USER_NOT_LOGGED_IN]),
            (
                "C_SetPIN",
                &[CKR_OK, CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_PIN_INVALID, CKR_FUNCTION_NOT_SUPPORTED],
            ),
            ("C_Sign", &[CKR_OK, CKR_USER_NOT_LOGGED_IN]),
            ("C_Logout", &[CKR_OK, CKR_USER_NOT_LOGGED_IN]),
        ] {
            for code in codes {
                assert!(self.seen.contains_key(&(calls, name(*code))), "{calls} never said {}", name(*code));
            }
        }
    }
}

fn snapshot((tries, fresh): Shown) -> PinSnapshot {
    let origin = if fresh { "transport" } else { "chosen" };
    PinSnapshot { reference: String::new(), tries, verified: false, origin, count: Default::default() }
}

/// What an answer tells of a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    /// Its tries.
    Tries,
    /// Also whether its holder has chosen it.
    All,
}

/// Which PINs, or the PUK, an exchange tells of.
fn told_by(exchange: &Exchange) -> Vec<(usize, Told)> {
    let place = |reference: u8| REFERENCES.iter().position(|known| *known == reference);
    let [_, instruction, p1, p2, rest @ ..] = exchange.command.as_slice() else { return Vec::new() };
    let pin = place(*p2);
    let status = exchange.status().unwrap_or_default();
    let refusal = matches!(status, 0x63C0..=0x63CF | 0x6983);
    let told = match (instruction, p1) {
        (0x20, 0x00) if refusal || (status == 0x9000 && rest.len() > 1) => [pin.zip(Some(Told::Tries)), None],
        (0x24, 0x00) if refusal => [pin.zip(Some(Told::Tries)), None],
        (0x24, 0x00) if status == 0x9000 => [pin.zip(Some(Told::All)), None],
        (0x2C, 0x00) if refusal => [Some((PUK_PLACE, Told::Tries)), None],
        (0x2C, 0x00) if status == 0x9000 => [pin.zip(Some(Told::All)), Some((PUK_PLACE, Told::Tries))],
        // GET DATA: the reference is the last byte, the answer comes by GET RESPONSE.
        (0xCB, 0x00) if status >> 8 == 0x61 => {
            [rest.last().and_then(|reference| place(*reference)).zip(Some(Told::All)), None]
        }
        _ => [None, None],
    };
    told.into_iter().flatten().collect()
}
