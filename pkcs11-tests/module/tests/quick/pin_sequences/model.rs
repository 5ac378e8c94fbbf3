//! What each step has to come to: the rules of the card and of the module, without a line of either.

use std::collections::{HashMap, HashSet};

use cryptoki_sys::*;
use kit::codes::{PUK, TRANSPORT};
use kit::{PIN1, PIN2, counts};
use simcard::{Card, DeliveryState};

use super::steps::{Step, Typed, Which};

/// Position of the PUK behind the two PINs.
pub(crate) const PUK_PLACE: usize = 2;
/// Tries of each.
const FULL: u8 = 5;
/// Digits of the shortest PIN1 and PIN2.
const SHORTEST: [usize; 2] = [4, 6];

/// How PIN1, PIN2 and PUK stand in the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Truth {
    pub(crate) tries: [u8; 3],
    pub(crate) spent: [u32; 3],
    /// Commands that named the PIN.
    pub(crate) commands: [u32; 3],
    /// Whether its holder has not chosen the PIN yet.
    pub(crate) fresh: [bool; 3],
    never_set: [bool; 3],
    open: [bool; 3],
}

impl Truth {
    /// Whether the PIN stands on the card.
    pub(crate) fn is_open(&self, which: Which) -> bool {
        self.open[which]
    }

    pub(crate) fn of(card: &Card) -> Self {
        let pins = card.snapshot().pins;
        let of = |holds: fn(&simcard::PinSnapshot) -> bool| [0, 1, 2].map(|place| holds(&pins[place]));
        let counts = counts(card);
        Self {
            tries: counts.map(|count| count.tries),
            spent: counts.map(|count| count.spent),
            commands: counts.map(|count| count.commands),
            fresh: of(|pin| pin.origin != "chosen"),
            never_set: of(|pin| pin.origin == "never-set"),
            open: of(|pin| pin.verified),
        }
    }
}

/// Who is logged in to a token.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Login {
    Public,
    User,
    Officer(String),
}

/// One card and its past.
struct Known {
    codes: [String; 3],
    /// What the module was refused, with the tries left after that, as far as it has not met a reason to forget.
    refused: HashMap<(usize, String), u8>,
    /// What the card refused and whose tries have not risen since: must not be sent to it.
    hopeless: HashSet<(usize, String)>,
}

/// Digits that were given for a PIN or as the PUK.
struct Given {
    card: usize,
    secret: usize,
    digits: String,
    accepted: bool,
    /// Nobody has had the time to type since.
    just_now: bool,
}

/// What comes of presenting a PIN or code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
    /// Wrong, and it took the last try.
    WrongForEver,
    /// Sent, and the card said that it is blocked.
    Blocked,
    /// Not sent: it was refused before.
    Known,
    /// Not sent, and there is no try left.
    KnownAndBlocked,
    /// Not sent: it was given for another PIN.
    Another,
}

impl Verdict {
    fn code(self) -> CK_RV {
        match self {
            Verdict::Right => CKR_OK,
            Verdict::Wrong | Verdict::Known | Verdict::Another => CKR_PIN_INCORRECT,
            Verdict::WrongForEver | Verdict::Blocked | Verdict::KnownAndBlocked => CKR_PIN_LOCKED,
        }
    }
}

/// The two cards, and the logins to the one in the reader.
pub(crate) struct Model {
    cards: [Known; 2],
    current: usize,
    given: Vec<Given>,
    logins: [Login; 2],
    /// The PIN1 under which signatures are made until logout.
    standing: Option<String>,
    /// The PIN2 given at login, for one signature.
    once: Option<String>,
    /// The digits for PIN2 that the card in the reader has accepted last, and no others refused since.
    accepted: Option<String>,
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn possible(which: Which, pin: &str) -> bool {
    is_digits(pin) && (SHORTEST[which]..=12).contains(&pin.len())
}

/// Whether the card says that the PIN still is the transport code.
fn is_transport_code(which: Which, card: &Truth) -> bool {
    card.fresh[which] && card.tries[which] > 0
}

/// What is wrong with a new PIN.
fn objection(which: Which, old: &str, new: &str) -> Option<CK_RV> {
    match () {
        () if !is_digits(new) => Some(CKR_PIN_INVALID),
        () if !possible(which, new) => Some(CKR_PIN_LEN_RANGE),
        () if old == new => Some(CKR_PIN_INVALID),
        () => None,
    }
}

impl Model {
    pub(crate) fn new(states: [DeliveryState; 2]) -> Self {
        let known = |state| Known {
            codes: codes_of(state).map(str::to_owned),
            refused: HashMap::new(),
            hopeless: HashSet::new(),
        };
        Self {
            cards: states.map(known),
            current: 0,
            given: Vec::new(),
            logins: [Login::Public, Login::Public],
            standing: None,
            once: None,
            accepted: None,
        }
    }

    /// Which card is in the reader.
    pub(crate) fn current(&self) -> usize {
        self.current
    }

    /// PIN1, PIN2 and PUK of the card in the reader.
    pub(crate) fn codes(&self) -> &[String; 3] {
        &self.cards[self.current].codes
    }

    /// Whether a session with the token is public.
    pub(crate) fn state(&self, which: Which) -> CK_STATE {
        match self.logins[which] {
            Login::Public => CKS_RW_PUBLIC_SESSION,
            Login::User => CKS_RW_USER_FUNCTIONS,
            Login::Officer(_) => CKS_RW_SO_FUNCTIONS,
        }
    }

    /// The digits that are meant.
    pub(crate) fn resolve(&self, typed: Typed, which: Which) -> String {
        match typed {
            Typed::Right => self.codes()[which].clone(),
            Typed::Digits(digits) => digits.to_owned(),
        }
    }

    /// A card was put in: nobody is logged in.
    pub(crate) fn put_in(&mut self, current: usize) {
        self.current = current;
        self.logins = [Login::Public, Login::Public];
        (self.standing, self.once, self.accepted) = (None, None, None);
    }

    /// What is typed from now on is typed anew.
    pub(crate) fn pause(&mut self) {
        self.given.iter_mut().for_each(|given| given.just_now = false);
    }

    /// Another program has set a PIN.
    pub(crate) fn set_elsewhere(&mut self, which: Which, new: String) {
        self.cards[self.current].codes[which] = new;
    }

    /// Tries that have risen prove a right code: what was refused may be right by now.
    pub(crate) fn rises(&mut self, before: &Truth, after: &Truth) {
        for place in 0..3 {
            if after.tries[place] > before.tries[place] {
                self.cards[self.current].hopeless.retain(|(of, _)| *of != place);
            }
        }
    }

    /// What a call of the program answers; the truth becomes what it has to be afterwards.
    pub(crate) fn call(&mut self, step: Step, card: &mut Truth) -> CK_RV {
        match step {
            Step::Login(which, pin) => self.login(which, &self.resolve(pin, which), card),
            Step::Officer(which, code) => self.officer(which, code),
            Step::Init(which, new) => self.init(which, &self.resolve(new, which), card),
            Step::Set(which, old, new) => {
                self.set(which, &self.resolve(old, which), &self.resolve(new, which), card)
            }
            Step::Logout(which) => self.logout(which),
            Step::Sign(0) => self.sign_standing(card),
            Step::Sign(_) => self.sign_once(card),
            Step::SignWith(pin) => self.sign_with(&self.resolve(pin, 1), card),
            Step::Foreign(_) | Step::Pause | Step::Reinsert | Step::Swap => CKR_OK,
        }
    }

    fn login(&mut self, which: Which, pin: &str, card: &mut Truth) -> CK_RV {
        if self.logins[which] != Login::Public {
            let accepted = self.given_before(which, pin).is_some_and(|given| given.accepted);
            self.note(which, pin, accepted);
        }
        match self.logins[which] {
            Login::User => return CKR_USER_ALREADY_LOGGED_IN,
            Login::Officer(_) => return CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
            Login::Public if !possible(which, pin) => return CKR_PIN_INCORRECT,
            Login::Public => {}
        }
        let code = self.present_for_login(which, pin, card);
        if code == CKR_OK {
            self.logins[which] = Login::User;
            let kept = if which == 0 { &mut self.standing } else { &mut self.once };
            *kept = Some(pin.to_owned());
        }
        code
    }

    fn present_for_login(&mut self, which: Which, pin: &str, card: &mut Truth) -> CK_RV {
        match self.present_what_was_given(which, which, pin, card) {
            Verdict::Blocked if card.fresh[which] => CKR_USER_PIN_NOT_INITIALIZED,
            verdict => verdict.code(),
        }
    }

    fn officer(&mut self, which: Which, code: &str) -> CK_RV {
        match self.logins[which] {
            Login::User => CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
            Login::Officer(_) => CKR_USER_ALREADY_LOGGED_IN,
            Login::Public => {
                self.logins[which] = Login::Officer(code.to_owned());
                CKR_OK
            }
        }
    }

    /// The length of the code tells what it is; where the card contradicts, nothing is sent.
    fn init(&mut self, which: Which, new: &str, card: &mut Truth) -> CK_RV {
        let Login::Officer(code) = self.logins[which].clone() else { return CKR_USER_NOT_LOGGED_IN };
        // Whether the new PIN is the code itself is looked at last.
        if let Some(objection) = objection(which, "", new) {
            return objection;
        }
        let transport = code.len() == TRANSPORT.len();
        match () {
            () if !is_digits(&code) || !(TRANSPORT.len()..=12).contains(&code.len()) => {
                return CKR_PIN_INCORRECT;
            }
            () if code == new => return CKR_PIN_INVALID,
            () if transport && card.tries[which] == 0 => return CKR_PIN_LOCKED,
            () if transport && !card.fresh[which] => return CKR_PIN_INCORRECT,
            () if !transport && is_transport_code(which, card) => return CKR_PIN_INCORRECT,
            () => {}
        }
        let secret = if transport { which } else { PUK_PLACE };
        let verdict = self.present_what_was_given(secret, which, &code, card);
        if verdict == Verdict::Right {
            self.chosen(which, new, card);
        }
        verdict.code()
    }

    fn set(&mut self, which: Which, old: &str, new: &str, card: &mut Truth) -> CK_RV {
        if matches!(self.logins[which], Login::Officer(_)) {
            return CKR_FUNCTION_NOT_SUPPORTED;
        }
        if let Some(objection) = objection(which, old, new) {
            return objection;
        }
        if !possible(which, old) {
            return CKR_PIN_INCORRECT;
        }
        // Given for this PIN all the same: these digits must not cost another one a try.
        if is_transport_code(which, card) && old.len() != TRANSPORT.len() {
            if !self.is_meant_elsewhere(which, old) {
                self.note(which, old, false);
            }
            return CKR_PIN_INCORRECT;
        }
        let verdict = self.present_what_was_given(which, which, old, card);
        if verdict == Verdict::Right {
            self.chosen(which, new, card);
        }
        verdict.code()
    }

    /// The PIN is this one from now on, also for who is logged in. A PIN2 that waited for a signature is void.
    fn chosen(&mut self, which: Which, new: &str, card: &mut Truth) {
        let known = &mut self.cards[self.current];
        known.codes[which] = new.to_owned();
        known.refused.retain(|(place, _), _| *place != which);
        known.hopeless.retain(|(place, _)| *place != which);
        card.tries[which] = FULL;
        (card.fresh[which], card.never_set[which]) = (false, false);
        match (which, &mut self.standing) {
            (0, Some(pin)) => *pin = new.to_owned(),
            (0, None) => {}
            _ => self.once = None,
        }
        if which == 1 {
            self.accepted = None;
        }
    }

    fn logout(&mut self, which: Which) -> CK_RV {
        if self.logins[which] == Login::Public {
            return CKR_USER_NOT_LOGGED_IN;
        }
        self.lose_login(which);
        CKR_OK
    }

    fn lose_login(&mut self, which: Which) {
        self.logins[which] = Login::Public;
        let kept = if which == 0 { &mut self.standing } else { &mut self.once };
        *kept = None;
    }

    /// PIN1 stands, or is presented again after it was lost, if not one try of it is spent.
    fn sign_standing(&mut self, card: &mut Truth) -> CK_RV {
        if self.logins[0] != Login::User {
            return CKR_OBJECT_HANDLE_INVALID;
        }
        if card.open[0] {
            return CKR_OK;
        }
        let pin = self.standing.clone().expect("who is logged in has given a PIN");
        if card.tries[0] == FULL && self.send(0, 0, &pin, card) == Verdict::Right {
            return CKR_OK;
        }
        self.lose_login(0);
        CKR_USER_NOT_LOGGED_IN
    }

    /// PIN2 is good for one signature.
    fn sign_once(&mut self, card: &mut Truth) -> CK_RV {
        if self.logins[1] != Login::User {
            return CKR_OBJECT_HANDLE_INVALID;
        }
        let Some(pin) = self.once.take() else { return CKR_USER_NOT_LOGGED_IN };
        match self.present(1, 1, &pin, card) {
            Verdict::Right => CKR_OK,
            _ => CKR_USER_NOT_LOGGED_IN,
        }
    }

    /// A login for one signature, and the signature. Digits that were accepted before are presented with the signature
    /// alone.
    fn sign_with(&mut self, pin: &str, card: &mut Truth) -> CK_RV {
        if self.logins[1] != Login::User {
            return CKR_OBJECT_HANDLE_INVALID;
        }
        // No wrong PIN, so that nobody is asked again who only confirms. Where the operation is not carried out, the PIN
        // of C_Login is still good for one.
        if pin.is_empty() {
            return CKR_ARGUMENTS_BAD;
        }
        if !possible(1, pin) {
            return CKR_PIN_INCORRECT;
        }
        let code = if self.accepted.as_deref() == Some(pin) && !self.is_meant_elsewhere(1, pin) {
            let for_both = self.is_for_both(1, pin, card);
            if !for_both {
                self.note(1, pin, true);
            }
            CKR_OK
        } else {
            self.present_for_login(1, pin, card)
        };
        match code {
            CKR_OK => self.once = None,
            CKR_PIN_LOCKED => self.lose_login(1),
            _ => {}
        }
        match code {
            // Another program may have changed it since.
            CKR_OK if self.send(1, 1, pin, card) != Verdict::Right => CKR_USER_NOT_LOGGED_IN,
            code => code,
        }
    }

    /// Presents what the program gave, unless it was just given for another PIN of the card, or another card has
    /// accepted it. The code from the letter is for both PINs.
    fn present_what_was_given(
        &mut self,
        secret: usize,
        named: Which,
        pin: &str,
        card: &mut Truth,
    ) -> Verdict {
        if self.is_meant_elsewhere(secret, pin) {
            return Verdict::Another;
        }
        let for_both = self.is_for_both(secret, pin, card);
        let verdict = self.present(secret, named, pin, card);
        if !(for_both && verdict == Verdict::Right) {
            self.note(secret, pin, verdict == Verdict::Right);
        }
        verdict
    }

    fn is_meant_elsewhere(&self, secret: usize, pin: &str) -> bool {
        self.given.iter().any(|given| {
            let another = if given.card == self.current { given.secret != secret } else { given.accepted };
            given.just_now && given.digits == pin && another
        })
    }

    fn is_for_both(&self, secret: usize, pin: &str, card: &Truth) -> bool {
        let is_pin = secret != PUK_PLACE;
        is_pin && pin.len() == TRANSPORT.len() && card.fresh[secret] && card.tries[secret] > 0
    }

    fn given_before(&self, secret: usize, pin: &str) -> Option<&Given> {
        let current = self.current;
        self.given.iter().find(|given| (given.card, given.secret) == (current, secret) && given.digits == pin)
    }

    fn note(&mut self, secret: usize, pin: &str, accepted: bool) {
        let card = self.current;
        self.given.retain(|given| (given.card, given.secret) != (card, secret) || given.digits != pin);
        self.given.push(Given { card, secret, digits: pin.to_owned(), accepted, just_now: true });
    }

    /// Presents a PIN that somebody typed, unless this card has refused it and nothing has happened to it since.
    fn present(&mut self, secret: usize, named: Which, pin: &str, card: &mut Truth) -> Verdict {
        let known = &mut self.cards[self.current];
        if let Some(then) = known.refused.get(&(secret, pin.to_owned())) {
            match card.tries[secret] {
                0 => return Verdict::KnownAndBlocked,
                now if now > *then => known.refused.retain(|(place, _), _| *place != secret),
                _ => return Verdict::Known,
            }
        }
        self.send(secret, named, pin, card)
    }

    /// One command.
    fn send(&mut self, secret: usize, named: Which, pin: &str, card: &mut Truth) -> Verdict {
        let known = &mut self.cards[self.current];
        let entry = (secret, pin.to_owned());
        assert!(!known.hopeless.contains(&entry), "the model itself sends what was refused");
        card.commands[named] += 1;
        if secret == 1 {
            self.accepted = None;
        }
        if card.tries[secret] == 0 {
            return Verdict::Blocked;
        }
        if !card.never_set[secret] && known.codes[secret] == pin {
            card.tries[secret] = FULL;
            known.refused.retain(|(place, _), _| *place != secret);
            known.hopeless.retain(|(place, _)| *place != secret);
            if secret == 1 {
                self.accepted = Some(pin.to_owned());
            }
            return Verdict::Right;
        }
        card.tries[secret] -= 1;
        card.spent[secret] += 1;
        known.refused.insert(entry.clone(), card.tries[secret]);
        known.hopeless.insert(entry);
        if card.tries[secret] == 0 { Verdict::WrongForEver } else { Verdict::Wrong }
    }
}

/// What a card in this state holds.
fn codes_of(state: DeliveryState) -> [&'static str; 3] {
    use DeliveryState::{BlockedNew, FreshNew, HalfNew, HalfNewPin2};
    match state {
        FreshNew | BlockedNew => [TRANSPORT, TRANSPORT, PUK],
        HalfNew => [PIN1.1, TRANSPORT, PUK],
        HalfNewPin2 => [TRANSPORT, PIN2.1, PUK],
        _ => [PIN1.1, PIN2.1, PUK],
    }
}
