//! What programs do with a card, call by call.

use crate::fake::{Fake, Pin};
use cryptoki_sys::*;
use rig::judge::Judge;
use rig::{Module, Session, bytes};
use std::time::{Duration, Instant};

pub(crate) const PINS: [&str; 2] = ["1234", "123456"];
/// Those of the other person's card.
const OTHER_PINS: [&str; 2] = ["4321", "654321"];
pub(crate) const PUK: &str = "12345678";
pub(crate) const TRANSPORT: &str = "1234567";
/// A new PIN, good for either role.
pub(crate) const NEW: &str = "778899";
const WRONG: &str = "998877";

/// Something that a program does, with the token of PIN1 (0) or of PIN2 (1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Shows the tokens and the certificates of all.
    List,
    /// Logs in and signs.
    Sign,
    /// Logs in with a wrong PIN.
    Wrong,
    /// C_SetPIN.
    Change,
    /// C_InitPIN with this code.
    Set(&'static str),
}

/// A deed on a card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow {
    pub(crate) card: &'static str,
    pub(crate) deed: Deed,
    pub(crate) token: usize,
}

impl Flow {
    /// What comes of it undisturbed.
    pub(crate) fn usual(&self) -> Result<(), CK_RV> {
        if self.deed == Deed::Wrong { Err(CKR_PIN_INCORRECT) } else { Ok(()) }
    }
}

/// A call of the module, and what the card noticed of it.
#[derive(Debug)]
pub(crate) struct Called {
    pub(crate) function: &'static str,
    pub(crate) code: CK_RV,
    pub(crate) took: Duration,
    /// The heads of the commands with a PIN or PUK that the module wanted to send.
    pub(crate) credentials: Vec<String>,
    /// Faults that were played.
    pub(crate) faults: String,
    pub(crate) before: Vec<Pin>,
    pub(crate) after: Vec<Pin>,
    /// What was said to be done and was not.
    pub(crate) lie: Option<String>,
}

/// A program that runs.
pub(crate) struct Run<'a> {
    pub(crate) module: &'static Module,
    pub(crate) fake: &'a Fake,
    pub(crate) judge: &'a Judge,
    pub(crate) calls: Vec<Called>,
}

impl Run<'_> {
    fn call<T>(
        &mut self,
        function: &'static str,
        act: impl FnOnce() -> Result<T, CK_RV>,
    ) -> Result<T, CK_RV> {
        let (before, credentials, faults) = self.look();
        let start = Instant::now();
        let outcome = act();
        let took = start.elapsed();
        let (after, credentials_now, faults_now) = self.look();
        self.calls.push(Called {
            function,
            code: outcome.as_ref().err().copied().unwrap_or(CKR_OK),
            took,
            credentials: credentials_now[credentials.len()..].split_whitespace().map(str::to_owned).collect(),
            faults: faults_now[faults.len()..].trim().to_owned(),
            before,
            after,
            lie: None,
        });
        outcome
    }

    fn look(&self) -> (Vec<Pin>, String, String) {
        (self.fake.pins(""), self.fake.tell("credentials"), self.fake.tell("played"))
    }

    fn lie(&mut self, what: String) {
        if let Some(call) = self.calls.last_mut() {
            call.lie = Some(what);
        }
    }

    /// The session in which the deed will be done, and the key: all that is known before.
    pub(crate) fn prepare(&mut self, flow: &Flow) -> Result<Option<Session<'static>>, CK_RV> {
        if flow.deed == Deed::List {
            return Ok(None);
        }
        let session = self.open(flow.token)?;
        if flow.deed == Deed::Sign {
            let class = bytes(CKO_CERTIFICATE);
            self.call("C_FindObjectsInit", || session.find(&[(CKA_CLASS, &class)]))?;
        }
        Ok(Some(session))
    }

    fn slot(&mut self, token: usize) -> Result<CK_SLOT_ID, CK_RV> {
        let module = self.module;
        let slots = self.call("C_GetSlotList", || module.slots(true))?;
        slots.get(token).copied().ok_or(CKR_TOKEN_NOT_PRESENT)
    }

    fn open(&mut self, token: usize) -> Result<Session<'static>, CK_RV> {
        let (module, slot) = (self.module, self.slot(token)?);
        self.call("C_GetTokenInfo", || module.token(slot))?;
        self.call("C_OpenSession", || module.open_with(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION))
    }

    fn key(&mut self, session: &Session<'_>) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        let keys =
            self.call("C_FindObjectsInit", || session.find(&[(CKA_CLASS, &bytes(CKO_PRIVATE_KEY))]))?;
        keys.first().copied().ok_or(CKR_KEY_HANDLE_INVALID)
    }

    /// Carries out the deed, as far as it goes, and closes the session.
    pub(crate) fn act(&mut self, flow: &Flow, session: Option<Session<'_>>) -> Result<(), CK_RV> {
        let outcome = self.go(flow, session.as_ref());
        if let Some(session) = session {
            // Of a card that is gone there is no session to close.
            let _ = self.call("C_CloseSession", || session.close());
        }
        outcome
    }

    fn go(&mut self, flow: &Flow, session: Option<&Session<'_>>) -> Result<(), CK_RV> {
        let pin = PINS[flow.token];
        match (flow.deed, session) {
            (Deed::Sign, Some(session)) => self.log_in_and_sign(session, flow.token, pin, ""),
            (Deed::Wrong, Some(session)) => self.call("C_Login", || session.login(CKU_USER, WRONG)),
            (Deed::Change, Some(session)) => {
                self.call("C_SetPIN", || session.set_pin(pin, NEW))?;
                self.must_hold_new(flow.token);
                Ok(())
            }
            (Deed::Set(code), Some(session)) => {
                self.call("C_Login", || session.login(CKU_SO, code))?;
                self.call("C_InitPIN", || session.init_pin(NEW))?;
                self.must_hold_new(flow.token);
                Ok(())
            }
            _ => self.list(),
        }
    }

    fn must_hold_new(&mut self, token: usize) {
        let reference = self.fake.pins("")[token].reference;
        if !self.fake.holds(reference, NEW) {
            self.lie("the new PIN is not set".into());
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

    fn log_in_and_sign(
        &mut self,
        session: &Session<'_>,
        token: usize,
        pin: &str,
        of: &str,
    ) -> Result<(), CK_RV> {
        let right = |run: &Self| run.fake.pins(of)[token].right;
        let before = right(self);
        self.call("C_Login", || session.login(CKU_USER, pin))?;
        if right(self) == before {
            self.lie("no right PIN was presented".into());
        }
        let key = self.key(session)?;
        let kind = self.call("C_GetAttributeValue", || session.attribute(key, CKA_KEY_TYPE))?;
        let (mechanism, length) = if kind == bytes(CKK_RSA) {
            (CKM_SHA256_RSA_PKCS, 48)
        } else {
            let curve = self.call("C_GetAttributeValue", || session.attribute(key, CKA_EC_PARAMS))?;
            // The object identifiers of P-384 and P-256 have 7 and 10 bytes.
            (CKM_ECDSA, if curve.len() == 7 { 48 } else { 32 })
        };
        let data = vec![0x5A; length];
        self.call("C_SignInit", || session.sign_init(mechanism, key))?;
        let signature = self.call("C_Sign", || session.sign_data(&data))?;
        if !self.judge.verifies(&self.fake.certificates(of), &data, &signature) {
            self.lie("the signature holds under no certificate of the card".into());
        }
        Ok(())
    }

    /// The next thing that the holder does with a good card. It has to succeed.
    pub(crate) fn afterwards(&mut self, flow: &Flow) -> Result<(), CK_RV> {
        let holds = |run: &Self, pin: &&str| {
            let state = run.fake.pins("")[flow.token];
            state.tries > 0 && run.fake.holds(state.reference, pin)
        };
        let is_setting = matches!(flow.deed, Deed::Change | Deed::Set(_));
        if is_setting && !holds(self, &NEW) {
            let session = self.open(flow.token)?;
            self.act(flow, Some(session))?;
        }
        let pins = [NEW, PINS[flow.token]];
        let pin = pins.into_iter().find(|pin| holds(self, pin)).ok_or(CKR_PIN_LOCKED)?;
        let session = self.open(flow.token)?;
        self.log_in_and_sign(&session, flow.token, pin, "")
    }

    /// The same with the other person's card.
    pub(crate) fn afterwards_with_other(&mut self, token: usize) -> Result<(), CK_RV> {
        let session = self.open(token)?;
        self.log_in_and_sign(&session, token, OTHER_PINS[token], " other")
    }
}
