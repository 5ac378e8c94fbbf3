//! Sequences of calls by chance, and the model of the standard's session states that foretells every return value
//! (§5.2, §5.6, §5.7).
//!
//! Where the standard leaves a choice - the order of complaints, what a logout ends - the model says what the module
//! does. The card is a good one, with EC keys on P-384, and stays.

use crate::{Module, call};
use crate::{PIN1, PIN2, called, functions_3_2, mechanism};
use cryptoki_sys::*;
use std::ptr;

// --- Operations: one line each

/// What stands where in the list of version 3.2.
#[derive(Debug)]
struct Family {
    name: &'static str,
    flag: CK_FLAGS,
    mechanism: CK_MECHANISM_TYPE,
    key: Key,
    ends: Ends,
    /// Places in the list: begin, all at once, a part, the end.
    begin: usize,
    whole: usize,
    part: usize,
    last: usize,
    /// A logout leaves it alone.
    survives_logout: bool,
}

/// The key that it works with.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    None,
    Private,
    Public,
}

/// What the end of it is about.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ends {
    /// So many bytes come out.
    Gives(usize),
    /// A signature goes in, which here is never right.
    Takes(usize),
}

const FAMILIES: [Family; 3] = [
    Family {
        name: "sign",
        flag: CKF_SIGN,
        mechanism: CKM_ECDSA_SHA384,
        key: Key::Private,
        ends: Ends::Gives(96),
        begin: 42,
        whole: 43,
        part: 44,
        last: 45,
        survives_logout: false,
    },
    Family {
        name: "digest",
        flag: CKF_DIGEST,
        mechanism: CKM_SHA256,
        key: Key::None,
        ends: Ends::Gives(32),
        begin: 37,
        whole: 38,
        part: 39,
        last: 41,
        survives_logout: true,
    },
    Family {
        name: "verify",
        flag: CKF_VERIFY,
        mechanism: CKM_ECDSA_SHA384,
        key: Key::Public,
        ends: Ends::Takes(96),
        begin: 48,
        whole: 49,
        part: 50,
        last: 51,
        survives_logout: false,
    },
];

// --- What a program may do

/// Which of the sessions, open or closed; which of the objects, there or not.
#[derive(Clone, Copy, Debug)]
pub struct At(u8);

impl At {
    fn index(self, length: usize) -> usize {
        usize::from(self.0) % length
    }
}

/// A call. Tokens are that of PIN1 (0) and that of PIN2 (1), families are places in a list.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is named after its function")]
pub enum Act {
    Open {
        token: usize,
        flags: CK_FLAGS,
    },
    Close(At),
    CloseAll(usize),
    Info(At),
    /// With the right PIN, or not.
    Login(At, CK_USER_TYPE, bool),
    Logout(At),
    FindInit(At, Option<CK_OBJECT_CLASS>),
    Find(At, usize),
    FindFinal(At),
    /// A private object, or not.
    Create(At, bool),
    Destroy(At, At),
    Begin(At, usize, Given),
    /// The beginning without a mechanism, which ends what is under way.
    Stop(At, usize),
    Whole(At, usize, Room),
    Part(At, usize),
    Last(At, usize, Room),
    Cancel(At, CK_FLAGS),
}

impl Act {
    /// What it is called in the list of what has to happen.
    pub fn function(&self) -> &'static str {
        match self {
            Act::Open { .. } => "open",
            Act::Close(_) => "close",
            Act::CloseAll(_) => "close all",
            Act::Info(_) => "info",
            Act::Login(_, CKU_CONTEXT_SPECIFIC, _) => "login for an operation",
            Act::Login(..) => "login",
            Act::Logout(_) => "logout",
            Act::FindInit(..) => "begin to find",
            Act::Find(..) => "find",
            Act::FindFinal(_) => "end finding",
            Act::Create(..) => "create",
            Act::Destroy(..) => "destroy",
            Act::Stop(..) => "stop",
            Act::Cancel(..) => "cancel",
            Act::Begin(_, family, _)
            | Act::Whole(_, family, _)
            | Act::Part(_, family)
            | Act::Last(_, family, _) => FAMILIES[*family].name,
        }
    }
}

/// What is given to the beginning of an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given {
    /// All that it needs.
    All,
    /// A mechanism that the token does not have.
    NoSuchMechanism,
    /// A handle of no key.
    NoSuchKey,
    /// The private key's handle of before the logout.
    OldKey,
}

/// Room for what comes out, or the length of what goes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Room {
    /// None at all.
    None,
    /// One byte too short.
    Short,
    /// As long as it has to be.
    Enough,
}

// --- By chance

/// Values, each with how often it comes.
type Weighted<T> = [(u8, T)];

fn pick<T: Copy>(byte: u8, values: &Weighted<T>) -> T {
    let mut place = byte % values.iter().map(|(weight, _)| weight).sum::<u8>();
    let found = values.iter().find(|(weight, _)| {
        let is = place < *weight;
        place = place.wrapping_sub(*weight);
        is
    });
    found.expect("a place below the sum").1
}

const FLAGS: &Weighted<CK_FLAGS> = &[
    (8, CKF_SERIAL_SESSION),
    (8, CKF_SERIAL_SESSION | CKF_RW_SESSION),
    (1, CKF_RW_SESSION),
    (1, CKF_SERIAL_SESSION | CKF_ASYNC_SESSION),
];
const USERS: &Weighted<CK_USER_TYPE> = &[(6, CKU_USER), (3, CKU_CONTEXT_SPECIFIC), (2, CKU_SO), (1, 7)];
const CLASSES: &Weighted<Option<CK_OBJECT_CLASS>> = &[
    (5, None),
    (1, Some(CKO_CERTIFICATE)),
    (1, Some(CKO_PRIVATE_KEY)),
    (1, Some(CKO_PROFILE)),
    (1, Some(CKO_DATA)),
    (1, Some(CKO_SECRET_KEY)),
];
/// The one that needs most to get anywhere comes most often.
const OFTEN: &Weighted<usize> = &[(7, 0), (1, 1), (1, 2)];
const GIVEN: &Weighted<Given> =
    &[(8, Given::All), (1, Given::NoSuchMechanism), (1, Given::NoSuchKey), (1, Given::OldKey)];
const ROOM: &Weighted<Room> = &[(1, Room::None), (1, Room::Short), (3, Room::Enough)];
const CANCELLED: [CK_FLAGS; 5] = [CKF_SIGN, CKF_DIGEST, CKF_VERIFY, CKF_FIND_OBJECTS, CKF_DECRYPT];

/// Those of which the byte has the bit.
fn cancelled(bits: u8) -> CK_FLAGS {
    let named = CANCELLED.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1);
    named.fold(0, |all, (_, flag)| all | flag)
}

/// An act of a session, or of one that is not there, and two bytes.
type Maker = fn(At, u8, u8) -> Act;

const ACTS: &Weighted<Maker> = &[
    (3, |_, a, b| Act::Open { token: (a & 1).into(), flags: pick(b, FLAGS) }),
    (2, |at, _, _| Act::Close(at)),
    (1, |_, a, _| Act::CloseAll((a & 1).into())),
    (2, |at, _, _| Act::Info(at)),
    // Mostly with the right PIN.
    (6, |at, a, b| Act::Login(at, pick(a, USERS), b >= 38)),
    (1, |at, _, _| Act::Logout(at)),
    (3, |at, a, _| Act::FindInit(at, pick(a, CLASSES))),
    (3, |at, a, _| Act::Find(at, usize::from(a % 3) + 1)),
    (2, |at, _, _| Act::FindFinal(at)),
    (2, |at, a, _| Act::Create(at, a & 1 == 1)),
    (1, |at, a, _| Act::Destroy(at, At(a))),
    (9, |at, a, b| Act::Begin(at, pick(a, OFTEN), pick(b, GIVEN))),
    (1, |at, a, _| Act::Stop(at, pick(a, OFTEN))),
    (5, |at, a, b| Act::Whole(at, pick(a, OFTEN), pick(b, ROOM))),
    (4, |at, a, _| Act::Part(at, pick(a, OFTEN))),
    (4, |at, a, b| Act::Last(at, pick(a, OFTEN), pick(b, ROOM))),
    (1, |at, a, _| Act::Cancel(at, cancelled(a))),
];

impl From<[u8; 4]> for Act {
    /// Any bytes are an act: those of a property, or those of a fuzzer.
    fn from([kind, at, a, b]: [u8; 4]) -> Self {
        pick(kind, ACTS)(At(at), a, b)
    }
}

// --- The model

/// Who is logged in to a token.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Login {
    #[default]
    Public,
    /// `once`: the PIN given at login still waits for the first signature.
    User {
        once: bool,
    },
    SecurityOfficer,
}

#[derive(Debug, Default)]
struct TokenState {
    slot: CK_SLOT_ID,
    login: Login,
    /// Certificates of others than the holder.
    authorities: usize,
    profiles: usize,
    public_key: CK_OBJECT_HANDLE,
    /// As far as it is known since the login.
    private_key: Option<CK_OBJECT_HANDLE>,
    old_key: CK_OBJECT_HANDLE,
}

impl TokenState {
    fn is_user(&self) -> bool {
        matches!(self.login, Login::User { .. })
    }
}

/// An object that a search found.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Found {
    Public,
    Private,
    /// By its place in `Model::made`.
    Made(usize),
}

/// An operation under way.
#[derive(Clone, Copy, Debug)]
struct Running {
    fed: Fed,
    once: bool,
}

/// How its data came so far, if they did.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fed {
    Nothing,
    Whole,
    Parts,
}

#[derive(Debug)]
struct SessionState {
    handle: CK_SESSION_HANDLE,
    token: usize,
    read_write: bool,
    find: Option<Vec<Found>>,
    running: [Option<Running>; FAMILIES.len()],
}

/// An object that a session made, as long as it is there.
#[derive(Debug)]
struct Made {
    handle: CK_OBJECT_HANDLE,
    owner: CK_SESSION_HANDLE,
    token: usize,
    private: bool,
}

/// What the module is believed to be in the middle of.
pub struct Model<'m> {
    module: &'m Module,
    functions: Vec<Option<unsafe extern "C" fn() -> CK_RV>>,
    tokens: [TokenState; 2],
    open: Vec<SessionState>,
    /// Handles of sessions that were closed.
    closed: Vec<CK_SESSION_HANDLE>,
    made: Vec<Option<Made>>,
}

fn code<T>(outcome: Result<T, CK_RV>) -> CK_RV {
    outcome.err().unwrap_or(CKR_OK)
}

impl<'m> Model<'m> {
    /// Nothing is open, in the slots of PIN1 and of PIN2. The module is initialised.
    ///
    /// # Panics
    /// Where there is no token.
    pub fn new(module: &'m Module, slots: [CK_SLOT_ID; 2]) -> Self {
        let token = |slot| {
            let session = module.open(slot).expect("a session");
            let of = |class| session.find(&[(CKA_CLASS, &crate::bytes(class))]).expect("objects");
            let (authorities, profiles) = (of(CKO_CERTIFICATE).len() - 1, of(CKO_PROFILE).len());
            TokenState {
                slot,
                authorities,
                profiles,
                public_key: of(CKO_PUBLIC_KEY)[0],
                ..TokenState::default()
            }
        };
        Self {
            module,
            functions: functions_3_2(module),
            tokens: slots.map(token),
            open: Vec::new(),
            closed: vec![0],
            made: Vec::new(),
        }
    }

    /// One of the sessions that are open, or the handle of one that is not.
    fn session(&self, at: &At) -> Result<usize, CK_SESSION_HANDLE> {
        let place = at.index(self.open.len() + 1);
        if place < self.open.len() { Ok(place) } else { Err(self.closed[at.index(self.closed.len())]) }
    }

    fn handle(&self, session: Result<usize, CK_SESSION_HANDLE>) -> CK_SESSION_HANDLE {
        session.map_or_else(|handle| handle, |place| self.open[place].handle)
    }

    fn token_of(&mut self, session: usize) -> &mut TokenState {
        &mut self.tokens[self.open[session].token]
    }

    fn sessions_of(&mut self, token: usize) -> impl Iterator<Item = &mut SessionState> {
        self.open.iter_mut().filter(move |session| session.token == token)
    }

    fn log_out(&mut self, token: usize) {
        for session in self.sessions_of(token) {
            if let Some(found) = &mut session.find {
                found.retain(|object| *object != Found::Private);
            }
            for (running, family) in session.running.iter_mut().zip(&FAMILIES) {
                if !family.survives_logout {
                    *running = None;
                }
            }
        }
        for made in &mut self.made {
            if made.as_ref().is_some_and(|made| made.token == token && made.private) {
                *made = None;
            }
        }
        let state = &mut self.tokens[token];
        state.login = Login::Public;
        state.old_key = state.private_key.take().unwrap_or(state.old_key);
    }

    /// An operation ends. A PIN that it did not use serves the next one, as long as the login lasts.
    fn over(&mut self, session: usize, family: usize) {
        let SessionState { token, running, .. } = &mut self.open[session];
        let unused = running[family].take().is_some_and(|running| running.once);
        if let Login::User { once } = &mut self.tokens[*token].login {
            *once |= unused;
        }
    }

    fn close(&mut self, session: usize) {
        for family in 0..FAMILIES.len() {
            self.over(session, family);
        }
        let SessionState { handle, token, .. } = self.open.remove(session);
        self.closed.push(handle);
        for made in &mut self.made {
            if made.as_ref().is_some_and(|made| made.owner == handle) {
                *made = None;
            }
        }
        if self.sessions_of(token).next().is_none() {
            self.log_out(token);
        }
    }

    /// Carries the act out and gives what the module answered and what the model foretold.
    ///
    /// # Panics
    /// Where the module gives something else than it should.
    pub fn carry_out(&mut self, act: &Act) -> (CK_RV, CK_RV) {
        match act {
            Act::Open { token, flags } => self.open(*token, *flags),
            Act::CloseAll(token) => {
                let got = code(call!(self.module, C_CloseAllSessions(self.tokens[*token].slot)));
                while let Some(session) = self.open.iter().position(|session| session.token == *token) {
                    self.close(session);
                }
                (got, CKR_OK)
            }
            Act::Close(at) => self.in_session(at, Self::close_session),
            Act::Info(at) => self.in_session(at, Self::info),
            Act::Login(at, user, right) => self.in_session(at, |model, at| model.login(at, *user, *right)),
            Act::Logout(at) => self.in_session(at, Self::logout),
            Act::FindInit(at, class) => self.in_session(at, |model, at| model.find_init(at, *class)),
            Act::Find(at, most) => self.in_session(at, |model, at| model.find(at, *most)),
            Act::FindFinal(at) => self.in_session(at, Self::find_final),
            Act::Create(at, private) => self.in_session(at, |model, at| model.create(at, *private)),
            Act::Destroy(at, object) => self.in_session(at, |model, at| model.destroy(at, object)),
            Act::Begin(at, family, given) => {
                self.in_session(at, |model, at| model.begin(at, *family, *given))
            }
            Act::Stop(at, family) => self.in_session(at, |model, at| model.stop(at, *family)),
            Act::Whole(at, family, room) => self.in_session(at, |model, at| model.whole(at, *family, *room)),
            Act::Part(at, family) => self.in_session(at, |model, at| model.part(at, *family)),
            Act::Last(at, family, room) => self.in_session(at, |model, at| model.last(at, *family, *room)),
            Act::Cancel(at, flags) => self.in_session(at, |model, at| model.cancel(at, *flags)),
        }
    }

    /// Of a session that is not there every function says so, whatever else is wrong.
    fn in_session(
        &mut self,
        at: &At,
        act: impl FnOnce(&mut Self, Result<usize, CK_SESSION_HANDLE>) -> (CK_RV, CK_RV),
    ) -> (CK_RV, CK_RV) {
        let session = self.session(at);
        let (got, foretold) = act(self, session);
        (got, if session.is_ok() { foretold } else { CKR_SESSION_HANDLE_INVALID })
    }

    fn open(&mut self, token: usize, flags: CK_FLAGS) -> (CK_RV, CK_RV) {
        let (mut handle, slot, read_write) = (0, self.tokens[token].slot, flags & CKF_RW_SESSION != 0);
        let got = code(call!(self.module, C_OpenSession(slot, flags, ptr::null_mut(), None, &mut handle)));
        let foretold = match self.tokens[token].login {
            _ if flags & CKF_SERIAL_SESSION == 0 => CKR_SESSION_PARALLEL_NOT_SUPPORTED,
            _ if flags & CKF_ASYNC_SESSION != 0 => CKR_SESSION_ASYNC_NOT_SUPPORTED,
            Login::SecurityOfficer if !read_write => CKR_SESSION_READ_WRITE_SO_EXISTS,
            _ => CKR_OK,
        };
        if foretold == CKR_OK {
            self.open.push(SessionState {
                handle,
                token,
                read_write,
                find: None,
                running: [None; FAMILIES.len()],
            });
        }
        (got, foretold)
    }

    fn close_session(&mut self, at: Result<usize, CK_SESSION_HANDLE>) -> (CK_RV, CK_RV) {
        let got = code(call!(self.module, C_CloseSession(self.handle(at))));
        if let Ok(session) = at {
            self.close(session);
        }
        (got, CKR_OK)
    }

    fn info(&mut self, at: Result<usize, CK_SESSION_HANDLE>) -> (CK_RV, CK_RV) {
        let mut info = CK_SESSION_INFO::default();
        let got = code(call!(self.module, C_GetSessionInfo(self.handle(at), &mut info)));
        let Ok(session) = at else { return (got, CKR_OK) };
        let state = match (self.token_of(session).login, self.open[session].read_write) {
            (Login::Public, false) => CKS_RO_PUBLIC_SESSION,
            (Login::Public, true) => CKS_RW_PUBLIC_SESSION,
            (Login::User { .. }, false) => CKS_RO_USER_FUNCTIONS,
            (Login::User { .. }, true) => CKS_RW_USER_FUNCTIONS,
            (Login::SecurityOfficer, _) => CKS_RW_SO_FUNCTIONS,
        };
        assert_eq!((info.state, info.slotID), (state, self.token_of(session).slot), "C_GetSessionInfo");
        (got, CKR_OK)
    }

    fn login(
        &mut self,
        at: Result<usize, CK_SESSION_HANDLE>,
        user: CK_USER_TYPE,
        right: bool,
    ) -> (CK_RV, CK_RV) {
        let token = at.map_or(0, |session| self.open[session].token);
        // A PIN that cannot be is refused without costing a try.
        let pin = if right { [PIN1, PIN2][token].1 } else { "1" };
        let (start, length) = (pin.as_ptr().cast_mut(), pin.len() as CK_ULONG);
        let got = code(call!(self.module, C_Login(self.handle(at), user, start, length)));
        let Ok(session) = at else { return (got, CKR_OK) };
        let read_only = self.sessions_of(token).any(|session| !session.read_write);
        let (login, asks_each_time) = (self.tokens[token].login, token == 1);
        let signing = self.open[session].running[0].as_mut();
        let foretold = match (user, login) {
            (CKU_USER, Login::Public) if !right => CKR_PIN_INCORRECT,
            (CKU_SO, Login::Public) if read_only => CKR_SESSION_READ_ONLY_EXISTS,
            (CKU_USER, Login::Public) | (CKU_SO, Login::Public) => CKR_OK,
            (CKU_USER, Login::User { .. }) | (CKU_SO, Login::SecurityOfficer) => CKR_USER_ALREADY_LOGGED_IN,
            (CKU_USER | CKU_SO, _) => CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
            (CKU_CONTEXT_SPECIFIC, _) => match signing {
                Some(_) if asks_each_time && !right => CKR_PIN_INCORRECT,
                Some(running) if asks_each_time => {
                    running.once = true;
                    CKR_OK
                }
                _ => CKR_OPERATION_NOT_INITIALIZED,
            },
            _ => CKR_USER_TYPE_INVALID,
        };
        if foretold == CKR_OK && user != CKU_CONTEXT_SPECIFIC {
            self.tokens[token].login = match user {
                CKU_USER => Login::User { once: asks_each_time },
                _ => Login::SecurityOfficer,
            };
        }
        (got, foretold)
    }

    fn logout(&mut self, at: Result<usize, CK_SESSION_HANDLE>) -> (CK_RV, CK_RV) {
        let got = code(call!(self.module, C_Logout(self.handle(at))));
        let Ok(session) = at else { return (got, CKR_OK) };
        if self.token_of(session).login == Login::Public {
            return (got, CKR_USER_NOT_LOGGED_IN);
        }
        self.log_out(self.open[session].token);
        (got, CKR_OK)
    }

    /// What a search for this class would find now.
    fn visible(&self, token: usize, class: Option<CK_OBJECT_CLASS>) -> Vec<Found> {
        let of = |wanted: CK_OBJECT_CLASS| class.is_none_or(|class| class == wanted);
        let state = &self.tokens[token];
        let is_user = state.is_user();
        let mut found = Vec::new();
        if of(CKO_CERTIFICATE) {
            found.extend(vec![Found::Public; 1 + state.authorities]);
        }
        if class.is_none() {
            // The public key, for which nobody looks alone here.
            found.push(Found::Public);
        }
        if of(CKO_PRIVATE_KEY) && is_user {
            found.push(Found::Private);
        }
        if of(CKO_PROFILE) {
            found.extend(vec![Found::Public; state.profiles]);
        }
        if of(CKO_DATA) {
            let made = self.made.iter().enumerate().filter(|(_, made)| {
                made.as_ref().is_some_and(|made| made.token == token && (is_user || !made.private))
            });
            found.extend(made.map(|(place, _)| Found::Made(place)));
        }
        found
    }

    fn find_init(
        &mut self,
        at: Result<usize, CK_SESSION_HANDLE>,
        class: Option<CK_OBJECT_CLASS>,
    ) -> (CK_RV, CK_RV) {
        let mut wanted = class.unwrap_or_default();
        let (value, length) = ((&raw mut wanted).cast(), size_of_val(&wanted) as CK_ULONG);
        let mut template = [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: value, ulValueLen: length }];
        let count = CK_ULONG::from(class.is_some());
        let got = code(call!(self.module, C_FindObjectsInit(self.handle(at), template.as_mut_ptr(), count)));
        let Ok(session) = at else { return (got, CKR_OK) };
        if self.open[session].find.is_some() {
            return (got, CKR_OPERATION_ACTIVE);
        }
        self.open[session].find = Some(self.visible(self.open[session].token, class));
        (got, CKR_OK)
    }

    fn find(&mut self, at: Result<usize, CK_SESSION_HANDLE>, most: usize) -> (CK_RV, CK_RV) {
        let (mut objects, mut count) = ([0; 4], 0);
        let room = most as CK_ULONG;
        let got =
            code(call!(self.module, C_FindObjects(self.handle(at), objects.as_mut_ptr(), room, &mut count)));
        let Ok(session) = at else { return (got, CKR_OK) };
        let made = &self.made;
        let Some(found) = &mut self.open[session].find else { return (got, CKR_OPERATION_NOT_INITIALIZED) };
        found.retain(|object| !matches!(object, Found::Made(place) if made[*place].is_none()));
        let handed: Vec<_> = found.drain(..most.min(found.len())).collect();
        assert_eq!(count as usize, handed.len(), "objects that C_FindObjects gave");
        for (object, handle) in handed.iter().zip(objects) {
            if let Found::Made(place) = object {
                assert_eq!(made[*place].as_ref().map(|made| made.handle), Some(handle), "a session object");
            }
        }
        (got, CKR_OK)
    }

    fn find_final(&mut self, at: Result<usize, CK_SESSION_HANDLE>) -> (CK_RV, CK_RV) {
        let got = code(call!(self.module, C_FindObjectsFinal(self.handle(at))));
        let Ok(session) = at else { return (got, CKR_OK) };
        let was = self.open[session].find.take();
        (got, if was.is_some() { CKR_OK } else { CKR_OPERATION_NOT_INITIALIZED })
    }

    fn create(&mut self, at: Result<usize, CK_SESSION_HANDLE>, private: bool) -> (CK_RV, CK_RV) {
        let (mut class, mut flag, mut handle) = (CKO_DATA, CK_BBOOL::from(private), 0);
        let mut template = [
            CK_ATTRIBUTE { type_: CKA_CLASS, pValue: (&raw mut class).cast(), ulValueLen: 8 },
            CK_ATTRIBUTE { type_: CKA_PRIVATE, pValue: (&raw mut flag).cast(), ulValueLen: 1 },
        ];
        let got =
            code(call!(self.module, C_CreateObject(self.handle(at), template.as_mut_ptr(), 2, &mut handle)));
        let Ok(session) = at else { return (got, CKR_OK) };
        if private && !self.token_of(session).is_user() {
            return (got, CKR_USER_NOT_LOGGED_IN);
        }
        let SessionState { handle: owner, token, .. } = self.open[session];
        self.made.push(Some(Made { handle, owner, token, private }));
        (got, CKR_OK)
    }

    fn destroy(&mut self, at: Result<usize, CK_SESSION_HANDLE>, object: &At) -> (CK_RV, CK_RV) {
        let place = object.index(self.made.len() + 1);
        let known = self.made.get(place).and_then(Option::as_ref);
        let handle = known.map_or(CK_OBJECT_HANDLE::MAX, |made| made.handle);
        let token = known.map(|made| made.token);
        let got = code(call!(self.module, C_DestroyObject(self.handle(at), handle)));
        let Ok(session) = at else { return (got, CKR_OK) };
        if token != Some(self.open[session].token) {
            return (got, CKR_OBJECT_HANDLE_INVALID);
        }
        self.made[place] = None;
        (got, CKR_OK)
    }

    /// The private key's handle, which is looked for beside the acts.
    fn private_key(&mut self, token: usize) -> Option<CK_OBJECT_HANDLE> {
        let known = self.tokens[token].private_key;
        if known.is_some() || !self.tokens[token].is_user() {
            return known;
        }
        let idle = self.sessions_of(token).find(|session| session.find.is_none())?.handle;
        let mut wanted = CKO_PRIVATE_KEY;
        let mut template =
            [CK_ATTRIBUTE { type_: CKA_CLASS, pValue: (&raw mut wanted).cast(), ulValueLen: 8 }];
        let (mut key, mut count) = (0, 0);
        call!(self.module, C_FindObjectsInit(idle, template.as_mut_ptr(), 1)).expect("C_FindObjectsInit");
        call!(self.module, C_FindObjects(idle, &mut key, 1, &mut count)).expect("C_FindObjects");
        call!(self.module, C_FindObjectsFinal(idle)).expect("C_FindObjectsFinal");
        assert_eq!(count, 1, "the private key of the holder who is logged in");
        self.tokens[token].private_key = Some(key);
        Some(key)
    }

    fn begin(&mut self, at: Result<usize, CK_SESSION_HANDLE>, family: usize, given: Given) -> (CK_RV, CK_RV) {
        let kind = &FAMILIES[family];
        let token = at.map_or(0, |session| self.open[session].token);
        let private = self.private_key(token);
        let key = match (given, kind.key) {
            (Given::NoSuchKey, _) => None,
            (Given::OldKey, _) => Some(self.tokens[token].old_key),
            (_, Key::Private) => private,
            (_, Key::Public | Key::None) => Some(self.tokens[token].public_key),
        };
        let mut chosen = mechanism(match given {
            Given::NoSuchMechanism => CKM_AES_CBC,
            _ => kind.mechanism,
        });
        let got = self.call(
            kind.begin,
            &[self.handle(at) as usize, (&raw mut chosen) as usize, key.unwrap_or(0) as usize],
        );
        let Ok(session) = at else { return (got, CKR_OK) };
        let good_key = match kind.key {
            Key::None => true,
            Key::Private => key.is_some() && key == private,
            Key::Public => key == Some(self.tokens[token].public_key),
        };
        let foretold = match self.open[session].running[family] {
            Some(_) => CKR_OPERATION_ACTIVE,
            None if given == Given::NoSuchMechanism => CKR_MECHANISM_INVALID,
            None if !good_key => CKR_KEY_HANDLE_INVALID,
            None => CKR_OK,
        };
        if foretold == CKR_OK {
            let mut once = false;
            if let (Key::Private, Login::User { once: waiting }) = (kind.key, &mut self.tokens[token].login) {
                once = std::mem::take(waiting);
            }
            self.open[session].running[family] = Some(Running { fed: Fed::Nothing, once });
        }
        (got, foretold)
    }

    fn stop(&mut self, at: Result<usize, CK_SESSION_HANDLE>, family: usize) -> (CK_RV, CK_RV) {
        let got = self.call(FAMILIES[family].begin, &[self.handle(at) as usize, 0, 0]);
        if let Ok(session) = at {
            self.over(session, family);
        }
        (got, CKR_OK)
    }

    fn whole(&mut self, at: Result<usize, CK_SESSION_HANDLE>, family: usize, room: Room) -> (CK_RV, CK_RV) {
        const DATA: [u8; 40] = [0x11; 40];
        self.end(at, family, room, FAMILIES[family].whole, &[DATA.as_ptr() as usize, DATA.len()])
    }

    fn last(&mut self, at: Result<usize, CK_SESSION_HANDLE>, family: usize, room: Room) -> (CK_RV, CK_RV) {
        self.end(at, family, room, FAMILIES[family].last, &[])
    }

    /// The end of an operation: with all the data, or after the last part.
    fn end(
        &mut self,
        at: Result<usize, CK_SESSION_HANDLE>,
        family: usize,
        room: Room,
        function: usize,
        data: &[usize],
    ) -> (CK_RV, CK_RV) {
        let kind = &FAMILIES[family];
        let mut buffer = [0x22_u8; 128];
        let (Ends::Gives(size) | Ends::Takes(size)) = kind.ends;
        let mut length = match room {
            Room::None => 0,
            Room::Short => size - 1,
            Room::Enough => size,
        } as CK_ULONG;
        let start = match (room, kind.ends) {
            (Room::None, Ends::Gives(_)) => 0,
            _ => buffer.as_mut_ptr() as usize,
        };
        let place = match kind.ends {
            Ends::Gives(_) => [start, (&raw mut length) as usize],
            Ends::Takes(_) => [start, length as usize],
        };
        let got = self.call(function, &[&[self.handle(at) as usize], data, &place].concat());
        let Ok(session) = at else { return (got, CKR_OK) };
        let token = self.open[session].token;
        let Some(running) = &mut self.open[session].running[family] else {
            return (got, CKR_OPERATION_NOT_INITIALIZED);
        };
        let way = if data.is_empty() { Fed::Parts } else { Fed::Whole };
        let mixed = running.fed != Fed::Nothing && running.fed != way;
        running.fed = way;
        let foretold = match (kind.ends, room) {
            _ if mixed => CKR_OPERATION_ACTIVE,
            (Ends::Gives(_), Room::None) => {
                assert_eq!(length as usize, size, "{}: the length", kind.name);
                return (got, CKR_OK);
            }
            (Ends::Gives(_), Room::Short) => {
                assert_eq!(length as usize, size, "{}: the length", kind.name);
                return (got, CKR_BUFFER_TOO_SMALL);
            }
            (Ends::Gives(_), Room::Enough) if kind.key == Key::Private && token == 1 => {
                if std::mem::take(&mut running.once) { CKR_OK } else { CKR_USER_NOT_LOGGED_IN }
            }
            (Ends::Gives(_), Room::Enough) => CKR_OK,
            (Ends::Takes(_), Room::Enough) => CKR_SIGNATURE_INVALID,
            (Ends::Takes(_), Room::None | Room::Short) => CKR_SIGNATURE_LEN_RANGE,
        };
        self.over(session, family);
        (got, foretold)
    }

    fn part(&mut self, at: Result<usize, CK_SESSION_HANDLE>, family: usize) -> (CK_RV, CK_RV) {
        const DATA: [u8; 40] = [0x33; 40];
        let arguments = [self.handle(at) as usize, DATA.as_ptr() as usize, DATA.len()];
        let got = self.call(FAMILIES[family].part, &arguments);
        let Ok(session) = at else { return (got, CKR_OK) };
        match &mut self.open[session].running[family] {
            Some(Running { fed: Fed::Whole, .. }) => {
                self.over(session, family);
                (got, CKR_OPERATION_ACTIVE)
            }
            Some(running) => {
                running.fed = Fed::Parts;
                (got, CKR_OK)
            }
            None => (got, CKR_OPERATION_NOT_INITIALIZED),
        }
    }

    fn cancel(&mut self, at: Result<usize, CK_SESSION_HANDLE>, flags: CK_FLAGS) -> (CK_RV, CK_RV) {
        const SESSION_CANCEL: usize = 71;
        let got = self.call(SESSION_CANCEL, &[self.handle(at) as usize, flags as usize]);
        let Ok(session) = at else { return (got, CKR_OK) };
        if flags & CKF_FIND_OBJECTS != 0 {
            self.open[session].find = None;
        }
        for (family, kind) in FAMILIES.iter().enumerate() {
            if flags & kind.flag != 0 {
                self.over(session, family);
            }
        }
        (got, CKR_OK)
    }

    fn call(&self, place: usize, arguments: &[usize]) -> CK_RV {
        called(self.functions[place], arguments)
    }
}
