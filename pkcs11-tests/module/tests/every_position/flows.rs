//! What programs do with a card, call by call.

use crate::activation;
use cryptoki_sys::*;
use fake_pcsc::{Answered, Fake, Pin};
use kit::judge::Judge;
use kit::numbers::NUMBER;
use kit::{Module, PIN1, PIN2, Session, bytes, call};
use std::ptr;
use std::time::Duration;

pub(crate) const PINS: [&str; 2] = [PIN1.1, PIN2.1];
/// Those of the other person's card.
const OTHER_PINS: [&str; 2] = ["864213", "654321"];
pub(crate) const PUK: &str = "12345678";
pub(crate) const TRANSPORT: &str = "1234567";
/// A new PIN1 and a new PIN2. They differ: nobody types in these flows, and digits just given for one PIN are not for
/// another.
pub(crate) const NEW: [&str; 2] = ["778899", "887799"];
/// The one that another program sets.
pub(crate) const CHANGED: &str = "445566";
pub(crate) const WRONG: &str = "998877";
/// In the name of a card that is laid on a reader.
const CONTACTLESS: &str = "interface=contactless";

/// Something that a program does, with the token of PIN1 (0) or of PIN2 (1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Shows the tokens and the certificates of all.
    List,
    /// Logs in and signs.
    Sign,
    /// The same with the last key of the token.
    SignWithLast,
    /// Logs in for one signature, after the login of the user, and signs.
    SignOne,
    /// From C_Initialize to C_Finalize: shows all, logs in and signs.
    Whole,
    /// Waits for an event, until another thread ends the use of the module.
    Wait,
    /// Logs in with a wrong PIN.
    Wrong,
    /// C_SetPIN.
    Change,
    /// C_SetPIN with a wrong old PIN.
    ChangeWrongly,
    /// C_InitPIN with this code.
    Set(&'static str),
    /// AVN_Activate with this code: both PINs.
    Activate(&'static str),
    /// The same with a wrong code, and the same once more.
    Mistype(&'static str),
    /// C_Login with a PIN that is not to be presented yet.
    NoLogin,
    /// C_SetPIN on a card whose PINs no program sets.
    NoChange(CK_RV),
    /// C_InitPIN on such a card, or one that has no PUK.
    NoSet(CK_RV),
}

impl Task {
    /// What comes of it undisturbed.
    pub(crate) fn outcome(self) -> Result<(), CK_RV> {
        match self {
            Self::Wrong | Self::ChangeWrongly | Self::Mistype(_) => Err(CKR_PIN_INCORRECT),
            Self::NoLogin => Err(CKR_USER_PIN_NOT_INITIALIZED),
            Self::NoChange(code) | Self::NoSet(code) => Err(code),
            _ => Ok(()),
        }
    }

    /// How many tries it may cost.
    pub(crate) fn costs(self) -> u32 {
        matches!(self, Self::Wrong | Self::ChangeWrongly | Self::Mistype(_)).into()
    }

    /// Whether no PIN and no code goes to the card.
    pub(crate) fn sends_nothing(self) -> bool {
        matches!(self, Self::List | Self::Wait | Self::NoLogin | Self::NoChange(_) | Self::NoSet(_))
    }

    fn needs_no_session(self) -> bool {
        use Task::*;
        matches!(self, List | Whole | Wait | Activate(_) | Mistype(_))
    }

    /// Whether a fault at a call says anything of the task. Where a program asks for the card that is in a slot, another
    /// one put in before is the one that it means.
    pub(crate) fn concerns(self, fault: &str) -> bool {
        let before_the_card = ["EstablishContext", "ReleaseContext", "ListReaders", "GetStatusChange"];
        let is_early = self == Self::Whole || before_the_card.iter().any(|call| fault.starts_with(call));
        !(self.needs_no_session() && is_early && fault.contains("swapped"))
    }
}

/// A task on a card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow {
    pub(crate) card: &'static str,
    pub(crate) task: Task,
    pub(crate) token: usize,
    /// A program before has left its certificates and its access number behind.
    pub(crate) later: bool,
    /// The user enters PINs on the reader.
    pub(crate) by_keypad: bool,
    /// The number of the card is typed before each PIN.
    types_number: bool,
}

impl Flow {
    pub(crate) fn new(card: &'static str, task: Task, token: usize, later: bool) -> Self {
        // Whoever has a card that wants its number by contacts, too, has stored it.
        let types_number = card.contains(CONTACTLESS) && !later;
        Self { card, task, token, later, by_keypad: card.contains("keypad="), types_number }
    }

    /// The holder types all: the user of the keypad does not know what PINs were set to, and a number that is stored may
    /// have been refused.
    fn typed_in(&self) -> Self {
        Self { by_keypad: false, types_number: self.wants_number(), ..*self }
    }

    /// Whether the number of the card opens a channel to it.
    pub(crate) fn wants_number(&self) -> bool {
        self.card.contains(CONTACTLESS) || self.card.starts_with("lithuania")
    }

    /// What is typed for a PIN.
    fn typed(&self, pin: &str) -> String {
        if self.types_number { format!("{NUMBER}/{pin}") } else { pin.to_owned() }
    }
}

/// A call of the module, and what the card noticed of it.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) function: &'static str,
    pub(crate) code: CK_RV,
    /// The commands that the module wanted to send, and what came of them.
    pub(crate) commands: Vec<Answered>,
    /// How often it called PC/SC.
    pub(crate) pcsc_calls: u32,
    /// Faults that were played.
    pub(crate) faults: String,
    pub(crate) before: Vec<Pin>,
    pub(crate) after: Vec<Pin>,
    /// Which of PIN1 and PIN2 are the new one now, and were not before.
    pub(crate) set: Vec<bool>,
    /// What was said to be done and was not.
    pub(crate) lie: Option<String>,
}

impl Called {
    /// The commands with a PIN or PUK.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = &Answered> {
        self.commands.iter().filter(|command| command.credential)
    }

    /// Whether a fault had the card accept a PIN. It is believed, as there is nobody else to ask.
    pub(crate) fn believes_the_card(&self) -> bool {
        !self.faults.is_empty() && self.credentials().any(|command| command.status == Some(0x9000))
    }

    /// Whether the card said that a PIN was wrong or blocked, be it in an answer that was fetched, or where it was named for
    /// PACE; or refused a step that proves it, or the access number.
    pub(crate) fn blames_the_pin(&self) -> bool {
        self.refuses_the_number()
            || self.commands.iter().any(|command| {
                let is_about_it = matches!(&command.head[2..4], "20" | "24" | "2C" | "C0")
                    || &command.head[2..] == "22C1A4";
                is_about_it && matches!(command.status, Some(0x6300..=0x63FF | 0x6983 | 0x6984))
            })
    }

    /// Whether the card has refused a step of PACE: whatever it says to the last one, the number is not sent again.
    pub(crate) fn refuses_the_number(&self) -> bool {
        self.commands.iter().any(|command| {
            &command.head[2..4] == "86" && command.status.is_some_and(|status| status != 0x9000)
        })
    }
}

/// What the card has noticed by now.
struct Looked {
    pins: Vec<Pin>,
    /// Which of them are the new one.
    new: Vec<bool>,
    faults: String,
    pcsc_calls: u32,
}

/// A program that runs.
pub(crate) struct Run<'a> {
    pub(crate) module: &'static Module,
    pub(crate) fake: &'a Fake,
    pub(crate) judge: &'a Judge,
    /// The card goes on misbehaving.
    pub(crate) for_ever: bool,
    pub(crate) calls: Vec<Called>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(module: &'static Module, fake: &'a Fake, judge: &'a Judge) -> Self {
        Self { module, fake, judge, for_ever: false, calls: Vec::new() }
    }
}

impl Run<'_> {
    pub(crate) fn call<T>(
        &mut self,
        function: &'static str,
        act: impl FnOnce() -> Result<T, CK_RV>,
    ) -> Result<T, CK_RV> {
        let (before, sent) = (self.look(), self.fake.answers(0).len());
        let outcome = act();
        let (after, commands) = (self.look(), self.fake.answers(sent));
        // What a card does for ever is told once.
        let faults = match self.for_ever {
            true => format!("for ever {}", after.faults),
            false => after.faults[before.faults.len()..].trim().to_owned(),
        };
        self.calls.push(Called {
            function,
            code: outcome.as_ref().err().copied().unwrap_or(CKR_OK),
            commands,
            pcsc_calls: after.pcsc_calls - before.pcsc_calls,
            faults,
            before: before.pins,
            after: after.pins,
            set: before.new.iter().zip(after.new).map(|(before, after)| after && !before).collect(),
            lie: None,
        });
        outcome
    }

    fn look(&self) -> Looked {
        let pins = self.fake.pins("");
        let new = self.new_pins(&pins);
        // A command that is wrapped for a channel is the same command.
        let faults = self.fake.tell("played").replace("@0C", "@00");
        Looked { pins, new, faults, pcsc_calls: self.fake.count() }
    }

    /// Which of these PINs are the new one.
    pub(crate) fn new_pins(&self, pins: &[Pin]) -> Vec<bool> {
        pins.iter().zip(NEW).map(|(pin, new)| self.fake.holds(pin.reference, new)).collect()
    }

    /// Of the last call.
    pub(crate) fn lie(&mut self, what: String) {
        if let Some(call) = self.calls.last_mut() {
            call.lie = Some(what);
        }
    }

    /// Of the last call, unless it was the card that lied.
    pub(crate) fn lie_of_its_own(&mut self, what: &str) {
        if self.calls.last().is_some_and(|call| !call.believes_the_card()) {
            self.lie(what.to_owned());
        }
    }

    /// The session in which the task will be done, and the key: all that is known before.
    pub(crate) fn prepare(&mut self, flow: &Flow) -> Result<Option<Session<'static>>, CK_RV> {
        if flow.task.needs_no_session() {
            return Ok(None);
        }
        let session = self.open(flow.token)?;
        if matches!(flow.task, Task::Sign | Task::SignWithLast | Task::SignOne) {
            let class = bytes(CKO_CERTIFICATE);
            self.call("C_FindObjectsInit", || session.find(&[(CKA_CLASS, &class)]))?;
        }
        if flow.task == Task::SignOne {
            self.log_in_as(&session, CKU_USER, flow, PINS[flow.token])?;
        }
        Ok(Some(session))
    }

    /// A whole use of the module, to its end.
    pub(crate) fn use_before(&mut self, flow: &Flow) {
        let first = Flow::new(flow.card, flow.task, flow.token, false);
        let _running = self.module.initialize().expect("C_Initialize");
        let session = self.open(0).expect("a session");
        session.login(CKU_USER, &first.typed(PINS[0])).expect("the PIN");
        session.close().expect("C_CloseSession");
        self.list().expect("certificates");
    }

    pub(crate) fn slot(&mut self, token: usize) -> Result<CK_SLOT_ID, CK_RV> {
        let module = self.module;
        let slots = self.call("C_GetSlotList", || module.slots(true))?;
        slots.get(token).copied().ok_or(CKR_TOKEN_NOT_PRESENT)
    }

    fn open(&mut self, token: usize) -> Result<Session<'static>, CK_RV> {
        let (module, slot) = (self.module, self.slot(token)?);
        self.call("C_GetTokenInfo", || module.token(slot))?;
        self.call("C_OpenSession", || module.open_with(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION))
    }

    /// Carries out the task with the PIN that the holder knows, as far as it goes, and closes the session.
    pub(crate) fn act(&mut self, flow: &Flow, pin: &str, session: Option<Session<'_>>) -> Result<(), CK_RV> {
        let outcome = self.go(flow, pin, session.as_ref());
        if let Some(session) = session {
            // Of a card that is gone there is no session to close.
            let _ = self.call("C_CloseSession", || session.close());
        }
        outcome
    }

    fn go(&mut self, flow: &Flow, pin: &str, session: Option<&Session<'_>>) -> Result<(), CK_RV> {
        match (flow.task, session) {
            (Task::Sign | Task::SignWithLast, Some(session)) => self.log_in_and_sign(session, flow, pin, ""),
            (Task::SignOne, Some(session)) => {
                let (key, mechanism, length) = self.key(session, flow.task)?;
                self.call("C_SignInit", || session.sign_init(mechanism, key))?;
                self.log_in(session, CKU_CONTEXT_SPECIFIC, flow, pin, "")?;
                self.sign(session, length, "")
            }
            (Task::Wrong, Some(session)) => {
                self.call("C_Login", || session.login(CKU_USER, WRONG))?;
                self.lie_of_its_own("a wrong PIN was accepted");
                Ok(())
            }
            (Task::ChangeWrongly, Some(session)) => {
                self.call("C_SetPIN", || session.set_pin(WRONG, NEW[flow.token]))
            }
            (Task::NoLogin, Some(session)) => self.call("C_Login", || session.login(CKU_USER, pin)),
            (Task::Change | Task::NoChange(_), Some(session)) => {
                self.set_pin(session, flow, pin)?;
                self.must_hold_new(flow.token);
                Ok(())
            }
            (Task::Set(code), Some(session)) => self.set(session, flow, code),
            (Task::NoSet(_), Some(session)) => self.set(session, flow, PUK),
            (Task::Activate(code), _) => activation::activate(self, code, [true; 2]),
            (Task::Mistype(code), _) => activation::mistype(self, code),
            (Task::Whole, _) => self.use_anew(flow, pin),
            (Task::Wait, _) => self.wait(),
            _ => self.list(),
        }
    }

    fn set(&mut self, session: &Session<'_>, flow: &Flow, code: &str) -> Result<(), CK_RV> {
        self.log_in_as(session, CKU_SO, flow, code)?;
        self.call("C_InitPIN", || match flow.by_keypad {
            true => session.init_pin_by_keypad(),
            false => session.init_pin(NEW[flow.token]),
        })?;
        self.must_hold_new(flow.token);
        Ok(())
    }

    fn set_pin(&mut self, session: &Session<'_>, flow: &Flow, pin: &str) -> Result<(), CK_RV> {
        self.call("C_SetPIN", || match flow.by_keypad {
            true => session.set_pin_by_keypad(),
            false => session.set_pin(pin, NEW[flow.token]),
        })
    }

    fn log_in_as(
        &mut self,
        session: &Session<'_>,
        user: CK_USER_TYPE,
        flow: &Flow,
        pin: &str,
    ) -> Result<(), CK_RV> {
        self.call("C_Login", || match flow.by_keypad {
            true => session.login_by_keypad(user),
            false => session.login(user, &flow.typed(pin)),
        })
    }

    fn must_hold_new(&mut self, token: usize) {
        let reference = self.fake.pins("")[token].reference;
        if !self.fake.holds(reference, NEW[token]) {
            self.lie_of_its_own("the new PIN is not set");
        }
    }

    fn list(&mut self) -> Result<(), CK_RV> {
        let module = self.module;
        let slots = self.call("C_GetSlotList", || module.slots(true))?;
        for slot in &slots {
            self.call("C_GetTokenInfo", || module.token(*slot))?;
        }
        for slot in slots {
            let session = self.call("C_OpenSession", || module.open(slot))?;
            let class = bytes(CKO_CERTIFICATE);
            let found = self.call("C_FindObjectsInit", || session.find(&[(CKA_CLASS, &class)]))?;
            for certificate in found {
                self.call("C_GetAttributeValue", || session.attribute(certificate, CKA_VALUE))?;
            }
        }
        Ok(())
    }

    /// Leaves the module in use, as it found it.
    fn use_anew(&mut self, flow: &Flow, pin: &str) -> Result<(), CK_RV> {
        let outcome = self.use_it(flow, pin);
        // Not where C_Initialize failed.
        let _ = self.finalize();
        self.initialize()?;
        outcome
    }

    fn use_it(&mut self, flow: &Flow, pin: &str) -> Result<(), CK_RV> {
        self.finalize()?;
        self.initialize()?;
        self.list()?;
        let session = self.open(flow.token)?;
        let outcome = self.log_in_and_sign(&session, flow, pin, "");
        // C_Finalize closes it.
        std::mem::forget(session);
        outcome
    }

    pub(crate) fn initialize(&mut self) -> Result<(), CK_RV> {
        let module = self.module;
        self.call("C_Initialize", || module.initialize().map(std::mem::forget))
    }

    pub(crate) fn finalize(&mut self) -> Result<(), CK_RV> {
        let module = self.module;
        self.call("C_Finalize", || call!(module, C_Finalize(ptr::null_mut())))
    }

    /// The wait ends with the use that it was begun in, and another use can follow.
    fn wait(&mut self) -> Result<(), CK_RV> {
        let module = self.module;
        let outcome = std::thread::scope(|scope| {
            let wait = scope.spawn(move || {
                let mut slot = 0;
                call!(module, C_WaitForSlotEvent(0, &mut slot, ptr::null_mut()))
            });
            // With a fault it may never get to wait, but then it ends.
            while self.fake.tell("waiting") == "0" && !wait.is_finished() {
                std::thread::sleep(Duration::from_millis(1));
            }
            let finalized = self.finalize();
            finalized.map(|()| wait.join().expect("no panic"))
        });
        let outcome = outcome?;
        self.call("C_WaitForSlotEvent", || outcome).err();
        // An event is what some faults are.
        let event = !self.fake.tell("played").is_empty();
        if outcome != Err(CKR_CRYPTOKI_NOT_INITIALIZED) && !(event && outcome.is_ok()) {
            self.lie("neither an event nor the end".into());
        }
        self.initialize()
    }

    fn log_in_and_sign(
        &mut self,
        session: &Session<'_>,
        flow: &Flow,
        pin: &str,
        of: &str,
    ) -> Result<(), CK_RV> {
        self.log_in(session, CKU_USER, flow, pin, of)?;
        let (key, mechanism, length) = self.key(session, flow.task)?;
        self.call("C_SignInit", || session.sign_init(mechanism, key))?;
        self.sign(session, length, of)
    }

    fn log_in(
        &mut self,
        session: &Session<'_>,
        user: CK_USER_TYPE,
        flow: &Flow,
        pin: &str,
        of: &str,
    ) -> Result<(), CK_RV> {
        let right = |run: &Self| run.fake.pins(of)[flow.token].right;
        // What the card has just accepted is not presented again before its signature; what is entered on a keypad for a
        // signature is asked for there.
        let is_for_signature = user == CKU_CONTEXT_SPECIFIC;
        let is_asked_later = flow.by_keypad && (flow.token == 1 || is_for_signature);
        let before = if is_for_signature { 0 } else { right(self) };
        self.log_in_as(session, user, flow, pin)?;
        if right(self) == before && !is_asked_later {
            self.lie_of_its_own("no right PIN was presented");
        }
        Ok(())
    }

    /// The key for a task, a mechanism for it, and how much it signs.
    fn key(
        &mut self,
        session: &Session<'_>,
        task: Task,
    ) -> Result<(CK_OBJECT_HANDLE, CK_MECHANISM_TYPE, usize), CK_RV> {
        let class = bytes(CKO_PRIVATE_KEY);
        let keys = self.call("C_FindObjectsInit", || session.find(&[(CKA_CLASS, &class)]))?;
        let key = if task == Task::SignWithLast { keys.last() } else { keys.first() };
        let key = key.copied().ok_or(CKR_KEY_HANDLE_INVALID)?;
        let kind = self.call("C_GetAttributeValue", || session.attribute(key, CKA_KEY_TYPE))?;
        if kind == bytes(CKK_RSA) {
            return Ok((key, CKM_SHA256_RSA_PKCS, 48));
        }
        let curve = self.call("C_GetAttributeValue", || session.attribute(key, CKA_EC_PARAMS))?;
        // The object identifiers of P-384 and P-256 have 7 and 10 bytes.
        Ok((key, CKM_ECDSA, if curve.len() == 7 { 48 } else { 32 }))
    }

    fn sign(&mut self, session: &Session<'_>, length: usize, of: &str) -> Result<(), CK_RV> {
        let data = vec![0x5A; length];
        let signature = self.call("C_Sign", || session.sign_data(&data))?;
        if !self.judge.verifies(&self.fake.certificates(of), &data, &signature) {
            self.lie("the signature holds under no certificate of the card".into());
        }
        Ok(())
    }

    /// The PIN of a token that the card holds and has tries of.
    fn held(&self, token: usize) -> Option<&'static str> {
        let pin = self.fake.pins("")[token];
        let known = [NEW[token], PINS[token], TRANSPORT, CHANGED];
        known.into_iter().find(|code| pin.tries > 0 && self.fake.holds(pin.reference, code))
    }

    /// The next thing that the holder does with a good card. It has to succeed.
    pub(crate) fn afterwards(&mut self, flow: &Flow) -> Result<(), CK_RV> {
        let flow = &flow.typed_in();
        match flow.task {
            Task::Activate(code) => activation::finish(self, code)?,
            Task::Mistype(_) => activation::finish(self, activation::right(flow.card))?,
            Task::Change | Task::Set(_) if self.held(flow.token) != Some(NEW[flow.token]) => {
                let session = self.open(flow.token)?;
                let pin = self.held(flow.token).unwrap_or(PINS[flow.token]);
                self.act(flow, pin, Some(session))?;
            }
            Task::NoLogin => {
                let session = self.open(flow.token)?;
                let again = self.act(flow, PINS[flow.token], Some(session));
                return if again == flow.task.outcome() { Ok(()) } else { again };
            }
            _ => {}
        }
        let tokens = match flow.task {
            Task::Activate(_) | Task::Mistype(_) => 0..2,
            _ => flow.token..flow.token + 1,
        };
        for token in tokens {
            let pin = self.held(token).ok_or(CKR_PIN_LOCKED)?;
            // Both PINs may be the same.
            kit::somebody_types();
            let session = self.open(token)?;
            self.log_in_and_sign(&session, &Flow { token, ..*flow }, pin, "")?;
        }
        Ok(())
    }

    /// The same with the other person's card.
    pub(crate) fn afterwards_with_other(&mut self, flow: &Flow) -> Result<(), CK_RV> {
        let session = self.open(flow.token)?;
        if flow.task == Task::NoLogin {
            return Ok(());
        }
        self.log_in_and_sign(&session, &flow.typed_in(), OTHER_PINS[flow.token], " other")
    }
}
