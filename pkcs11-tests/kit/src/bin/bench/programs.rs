//! What whole programs cost: their calls as far as they reach the card, as they were seen of the programs themselves. The
//! tests of `programs` run these, and `docs/programs.md` has what those cost with two of the cards; a test compares.

use crate::operations::private_key;
use crate::table::{Costs, Meter};
use cryptoki_sys::*;
use kit::{Initialized, LoginSession, Module, PIN1, PIN2, Rig, Session};

/// What a program does after it has begun. It gives what it still has open when it is done: some go on, or just end.
type Run = for<'m> fn(&Begun<'m>) -> Vec<Session<'m>>;

/// From when on a program is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// From its start.
    Whole,
    /// From when its user does something with it, a while after its start.
    InUse,
}

/// Name, and what it does.
const PROGRAMS: [(&str, Counted, Run); 5] = [
    ("Firefox, web login", Counted::InUse, firefox),
    ("ssh, login", Counted::Whole, ssh),
    ("git, signed commit", Counted::Whole, git),
    ("curl, web login", Counted::Whole, curl),
    ("pkcs11-tool, signature with PIN2", Counted::Whole, pkcs11_tool),
];

/// All programs with a card of this kind: each as the first one in a login session, and then as a later one.
pub(crate) fn measure(kind: &str) -> Costs {
    let rig = Rig::start(1);
    let card = rig.insert(0, kit::card(kind));
    let module = Module::load();
    let mut costs = Meter { card: &card, costs: Costs::new() };
    for (name, counted, run) in PROGRAMS {
        let _session = LoginSession::new();
        for when in ["first", "later"] {
            let started = (counted == Counted::InUse).then(|| Begun::new(&module));
            kit::somebody_types();
            let still_open = costs.of(&format!("{name}: {when}"), || {
                let program = started.unwrap_or_else(|| Begun::new(&module));
                (run(&program), program)
            });
            drop(still_open);
        }
    }
    kit::set_clock_right();
    costs.costs
}

/// A program that has begun.
struct Begun<'m> {
    module: &'m Module,
    /// Its slots with tokens: that of PIN1, and that of PIN2 if the card has one.
    slots: Vec<CK_SLOT_ID>,
    _running: Initialized<'m>,
}

impl<'m> Begun<'m> {
    /// Lists the tokens.
    fn new(module: &'m Module) -> Self {
        let running = module.initialize().expect("C_Initialize");
        let slots = module.slots(true).expect("C_GetSlotList");
        let slots = slots.into_iter().filter(|slot| module.token(*slot).is_ok()).collect();
        Begun { module, slots, _running: running }
    }

    fn open(&self, slot: &CK_SLOT_ID) -> Session<'m> {
        self.module.open(*slot).expect("C_OpenSession")
    }

    /// Sessions with all tokens.
    fn sessions(&self) -> Vec<Session<'m>> {
        self.slots.iter().map(|slot| self.open(slot)).collect()
    }
}

fn certificates(session: &Session<'_>) {
    values(session, CKO_CERTIFICATE, CKA_VALUE);
}

/// An attribute of each object of a class.
fn values(session: &Session<'_>, class: CK_OBJECT_CLASS, attribute: CK_ATTRIBUTE_TYPE) {
    for object in session.find(&[(CKA_CLASS, &kit::bytes(class))]).expect("C_FindObjects") {
        session.attribute(object, attribute).expect("an attribute");
    }
}

fn log_in(session: &Session<'_>) {
    session.login(CKU_USER, PIN1.1).expect("PIN1");
}

/// Signs with the key of PIN1.
fn sign(session: &Session<'_>) {
    let (key, mechanism) = private_key(session, 0);
    session.sign(mechanism, key, b"bench").expect("C_Sign");
}

/// NSS looks at the certificates of all tokens, and at those of authorities.
fn firefox<'m>(program: &Begun<'m>) -> Vec<Session<'m>> {
    let sessions = program.sessions();
    sessions.iter().for_each(certificates);
    log_in(&sessions[0]);
    sign(&sessions[0]);
    sessions
}

/// It shows the server the keys of all tokens.
fn ssh<'m>(program: &Begun<'m>) -> Vec<Session<'m>> {
    let sessions = program.sessions();
    for session in &sessions {
        values(session, CKO_PUBLIC_KEY, CKA_PUBLIC_KEY_INFO);
        certificates(session);
    }
    log_in(&sessions[0]);
    sign(&sessions[0]);
    Vec::new()
}

/// A new ssh-agent gives the PIN to all tokens, and has the keys of those that take it.
fn git<'m>(program: &Begun<'m>) -> Vec<Session<'m>> {
    let mut open = Vec::new();
    for session in program.sessions() {
        if session.login(CKU_USER, PIN1.1).is_ok() {
            values(&session, CKO_PUBLIC_KEY, CKA_PUBLIC_KEY_INFO);
            certificates(&session);
            open.push(session);
        }
    }
    sign(&open[0]);
    open
}

/// OpenSSL's engine looks for the certificate, and then for its key.
fn curl<'m>(program: &Begun<'m>) -> Vec<Session<'m>> {
    let session = program.open(&program.slots[0]);
    certificates(&session);
    log_in(&session);
    sign(&session);
    vec![session]
}

/// It gives the PIN twice: at C_Login, and for the key that needs it each time.
fn pkcs11_tool<'m>(program: &Begun<'m>) -> Vec<Session<'m>> {
    // The second key of a card with one PIN.
    let (slot, pin, which) = match &program.slots[..] {
        [_, second, ..] => (second, PIN2.1, 0),
        only => (&only[0], PIN1.1, 1),
    };
    let session = program.open(slot);
    session.login(CKU_USER, pin).expect("PIN2");
    let (key, mechanism) = private_key(&session, which);
    session.sign_init(mechanism, key).expect("C_SignInit");
    session.login(CKU_CONTEXT_SPECIFIC, pin).expect("PIN2 for the operation");
    session.sign_data(b"bench").expect("C_Sign");
    Vec::new()
}
