//! A program with the module: it logs in, signs, reads and changes PIN2, and notices what must not be.

use cryptoki_sys::*;
use kit::judge::holds;
use kit::{Module, Session, bytes, text};
use kit::{name, permitted};
use std::time::{Duration, Instant};

use crate::scenes::{PERSONS, PIN1, PIN2, Scene};
use crate::table::{Table, Turn};
use kit::Dice;

/// What became of a program's work.
#[derive(Default)]
pub(crate) struct Report {
    /// Calls that reached the card.
    pub(crate) operations: u32,
    /// Signatures that held.
    pub(crate) signatures: u32,
    /// Calls that failed because another program reset the card in their middle.
    pub(crate) disturbed: u32,
    /// Calls that were refused because the card was swapped.
    pub(crate) refused: u32,
    /// The longest call.
    pub(crate) longest: Duration,
    /// What must not be.
    pub(crate) wrong: Vec<String>,
}

impl Report {
    /// Both reports as one.
    pub(crate) fn add(&mut self, other: Self) {
        self.operations += other.operations;
        self.signatures += other.signatures;
        self.disturbed += other.disturbed;
        self.refused += other.refused;
        self.longest = self.longest.max(other.longest);
        self.wrong.extend(other.wrong);
    }

    /// For another process.
    pub(crate) fn to_text(&self) -> String {
        let Self { operations, signatures, disturbed, refused, longest, wrong } = self;
        let numbers = [*operations, *signatures, *disturbed, *refused].map(|number| number.to_string());
        [&numbers[..], &[longest.as_millis().to_string()], wrong].concat().join("\n")
    }

    /// From another process.
    pub(crate) fn from_text(text: &str) -> Self {
        let mut lines = text.lines();
        let mut number = || -> u32 { lines.next().and_then(|line| line.parse().ok()).expect("a number") };
        let [operations, signatures, disturbed, refused, longest] = std::array::from_fn(|_| number());
        Self {
            operations,
            signatures,
            disturbed,
            refused,
            longest: Duration::from_millis(longest.into()),
            wrong: lines.map(str::to_owned).collect(),
        }
    }
}

/// The certificates of each person's card, PIN1's and PIN2's.
pub(crate) type Certificates = [[Vec<u8>; 2]; PERSONS];

/// The program at work.
pub(crate) struct Program<'a> {
    pub(crate) module: &'a Module,
    pub(crate) scene: &'a Scene,
    pub(crate) table: &'a Table,
    pub(crate) certificates: &'a Certificates,
    pub(crate) number: u64,
    pub(crate) dice: Dice,
    pub(crate) report: Report,
}

/// Sessions with the tokens of one card.
struct Sitting<'a> {
    turn: Turn,
    sessions: [Session<'a>; 2],
    /// The private keys, where the token is logged in to.
    keys: [Option<CK_OBJECT_HANDLE>; 2],
}

/// A step ended early; what there is to say of that is in the report.
enum Over {
    /// Another program reset the card in the middle. The sessions live on.
    Disturbed,
    /// The sessions are over.
    Gone,
}

/// Nothing more is tried after so much went wrong.
const ENOUGH: usize = 5;

impl<'a> Program<'a> {
    /// Works until so many operations are done, and once more after all who disturb have gone.
    pub(crate) fn run(mut self, operations: u32) -> Report {
        let mut sitting = None;
        while self.report.operations < operations && self.report.wrong.len() < ENOUGH {
            sitting = match sitting {
                None => self.sit_down().ok(),
                Some(mut with) => match self.step(&mut with) {
                    Ok(()) | Err(Over::Disturbed) => Some(with),
                    Err(Over::Gone) => None,
                },
            };
            // pcscd is not fair: without a pause one program may keep the card.
            std::thread::sleep(Duration::from_micros(self.dice.below(4000).into()));
        }
        self.table.done(self.number);
        self.work_in_calm(sitting);
        self.report
    }

    /// The next operation works, if not in the old sessions then in new ones after one login.
    fn work_in_calm(&mut self, mut sitting: Option<Sitting<'a>>) {
        while !self.table.turn().calm {
            std::thread::sleep(Duration::from_millis(20));
        }
        let works = |program: &mut Self, with: &mut Sitting<'a>| {
            with.turn.calm = true;
            program.sign_with_pin1(with)?;
            program.sign_with_pin2(with)
        };
        if sitting.as_mut().is_some_and(|with| works(self, with).is_ok()) {
            return;
        }
        let again = self.sit_down().and_then(|mut with| works(self, &mut with));
        if again.is_err() {
            self.report.wrong.push("nothing works after all who disturbed have gone".to_owned());
        }
    }

    /// A call: how long it takes, and whether it may fail in this way. Only a swap of cards excuses it.
    fn call<R>(
        &mut self,
        turn: Turn,
        function: &'static str,
        act: impl FnOnce() -> Result<R, CK_RV>,
    ) -> Result<R, Over> {
        let start = Instant::now();
        let outcome = act();
        self.report.longest = self.report.longest.max(start.elapsed());
        outcome.map_err(|code| self.failed(turn, function, code))
    }

    /// May it fail in this way? pcscd lets another program reset the card in the middle of an operation;
    /// otherwise only a swap of cards excuses it.
    fn failed(&mut self, turn: Turn, function: &str, code: CK_RV) -> Over {
        let said = format!("{function}: {}", name(code));
        let (still, error) = (self.is_still(turn), code == CKR_DEVICE_ERROR);
        if !permitted(function, code) {
            self.report.wrong.push(format!("{said} is not permitted"));
        } else if !still {
            self.report.refused += 1;
        } else if error && !turn.calm {
            self.report.disturbed += 1;
        } else {
            self.report.wrong.push(format!("{said}, though the card is in the reader"));
        }
        if error { Over::Disturbed } else { Over::Gone }
    }

    /// The same for a call that reaches the card of a session.
    fn with_card<R>(
        &mut self,
        turn: Turn,
        function: &'static str,
        act: impl FnOnce() -> Result<R, CK_RV>,
    ) -> Result<R, Over> {
        let before = self.table.turn();
        let result = self.call(turn, function, act)?;
        self.report.operations += 1;
        if before.is_settled() && before.number != turn.number {
            self.report.wrong.push(format!("{function} went well with a card that is gone"));
        }
        Ok(result)
    }

    /// Is this still the card in the reader?
    fn is_still(&self, turn: Turn) -> bool {
        self.table.turn().number == turn.number
    }

    /// What has to be as long as the card is in the reader.
    fn has_to_be(&mut self, turn: Turn, holds: bool, otherwise: &str) -> Result<(), Over> {
        if !holds && self.is_still(turn) {
            self.report.wrong.push(otherwise.to_owned());
        }
        if holds { Ok(()) } else { Err(Over::Gone) }
    }

    /// Opens sessions and reads the certificates: whose card is it?
    fn sit_down(&mut self) -> Result<Sitting<'a>, Over> {
        let turn = self.table.turn();
        if !turn.is_settled() {
            std::thread::sleep(Duration::from_millis(20));
            return Err(Over::Gone);
        }
        let one = self.open(turn, 0)?;
        let two = self.open(turn, 1)?;
        // Otherwise whose sessions they are is not certain.
        if self.is_still(turn) {
            Ok(Sitting { turn, sessions: [one, two], keys: [None; 2] })
        } else {
            Err(Over::Gone)
        }
    }

    /// A session with a token, and its certificate read: two operations.
    fn open(&mut self, turn: Turn, place: usize) -> Result<Session<'a>, Over> {
        let (module, token) = (self.module, &self.scene.tokens[place]);
        let slots = self.call(turn, "C_GetSlotList", || module.slots(true))?;
        self.has_to_be(turn, slots.len() == 2, "a token is missing")?;
        let slot = slots[place];
        let info = self.call(turn, "C_GetTokenInfo", || module.token(slot))?;
        self.has_to_be(turn, text(&info.label) == token.label, "a token has another label")?;
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        let session = self.call(turn, "C_OpenSession", || module.open_with(slot, flags))?;
        let certificate = self.object(turn, &session, CKO_CERTIFICATE, token.id)?;
        let value = self.call(turn, "C_GetAttributeValue", || session.attribute(certificate, CKA_VALUE))?;
        self.report.operations += 2;
        let own = value == self.certificates[turn.person][place];
        self.has_to_be(turn, own, "a certificate of another card")?;
        Ok(session)
    }

    fn object(
        &mut self,
        turn: Turn,
        session: &Session<'_>,
        class: CK_OBJECT_CLASS,
        id: u8,
    ) -> Result<CK_OBJECT_HANDLE, Over> {
        let template: [(_, &[u8]); 2] = [(CKA_CLASS, &bytes(class)), (CKA_ID, &[id])];
        let found = self.call(turn, "C_FindObjects", || session.find(&template))?;
        self.has_to_be(turn, found.len() == 1, "an object is missing")?;
        found.first().copied().ok_or(Over::Gone)
    }

    /// Something that a program does.
    fn step(&mut self, with: &mut Sitting<'a>) -> Result<(), Over> {
        match self.dice.below(100) {
            0..55 => self.sign_with_pin1(with),
            55..85 => self.sign_with_pin2(with),
            85..93 => self.log_out(with),
            93..97 => self.leave(with),
            _ => self.change_pin2(with),
        }
    }

    fn log_in(&mut self, with: &mut Sitting<'a>, place: usize, pin: &str) -> Result<CK_OBJECT_HANDLE, Over> {
        if let Some(key) = with.keys[place] {
            return Ok(key);
        }
        let (session, id) = (&with.sessions[place], self.scene.tokens[place].id);
        self.with_card(with.turn, "C_Login", || session.login(CKU_USER, pin))?;
        let key = self.object(with.turn, session, CKO_PRIVATE_KEY, id)?;
        with.keys[place] = Some(key);
        Ok(key)
    }

    /// Signs with the PIN that stands.
    fn sign_with_pin1(&mut self, with: &mut Sitting<'a>) -> Result<(), Over> {
        let key = self.log_in(with, 0, PIN1[with.turn.person])?;
        self.sign(with, 0, key, None)
    }

    /// Signs with the PIN that is wanted each time; a login counts as the first one.
    fn sign_with_pin2(&mut self, with: &mut Sitting<'a>) -> Result<(), Over> {
        let (pin, _kept) = self.table.pin2(with.turn.person);
        let stood = with.keys[1].is_some();
        let outcome =
            self.log_in(with, 1, &pin).and_then(|key| self.sign(with, 1, key, stood.then_some(&pin)));
        if outcome.is_err() {
            // A PIN that waits for its signature would be an old one after a change.
            let _ = with.sessions[1].logout();
            with.keys[1] = None;
        }
        outcome
    }

    /// A signature, which has to hold under this person's certificate for this very key.
    fn sign(
        &mut self,
        with: &Sitting<'a>,
        place: usize,
        key: CK_OBJECT_HANDLE,
        pin: Option<&String>,
    ) -> Result<(), Over> {
        let (session, mechanism) = (&with.sessions[place], self.scene.tokens[place].mechanism);
        let data = self.dice.digest();
        self.call(with.turn, "C_SignInit", || session.sign_init(mechanism, key))?;
        if let Some(pin) = pin {
            self.with_card(with.turn, "C_Login", || session.login(CKU_CONTEXT_SPECIFIC, pin))?;
        }
        let signature = self.with_card(with.turn, "C_Sign", || session.sign_data(&data))?;
        if holds(&self.certificates[with.turn.person][place], &data, &signature) {
            self.report.signatures += 1;
        } else {
            self.report.wrong.push("a signature by another key than was asked for".to_owned());
        }
        Ok(())
    }

    fn log_out(&mut self, with: &mut Sitting<'a>) -> Result<(), Over> {
        let place = usize::from(self.dice.below(2) == 1);
        if with.keys[place].take().is_some() {
            let session = &with.sessions[place];
            self.with_card(with.turn, "C_Logout", || session.logout())?;
        }
        Ok(())
    }

    /// Closes all sessions, to begin anew.
    fn leave(&mut self, with: &Sitting<'a>) -> Result<(), Over> {
        let session = &with.sessions[0];
        self.call(with.turn, "C_GetSessionInfo", || session.info())?;
        Err(Over::Gone)
    }

    /// Gives PIN2 another last digit, while nobody uses it. Where the card is swapped meanwhile, nobody could
    /// tell which PIN it has.
    fn change_pin2(&mut self, with: &Sitting<'a>) -> Result<(), Over> {
        let person = with.turn.person;
        let new = format!("{}{}", &PIN2[person][..5], self.dice.below(10));
        let (table, session) = (self.table, &with.sessions[1]);
        let _kept = table.keep_card();
        table.change_pin2(person, &new, |old| {
            if old == new {
                return Ok(());
            }
            self.with_card(with.turn, "C_SetPIN", || session.set_pin(old, &new))
        })
    }
}
