//! What each thing that a program does costs.

use crate::table::{Costs, Meter};
use cryptoki_sys::*;
use kit::numbers::NUMBER;
use kit::{Initialized, InsertedCard, LoginSession, Module, PIN1, PIN2, Rig, Session};

/// What a program reads before it does anything else: of the first program in a login session, and of the next one.
const READING: [[&str; 3]; 2] = [
    ["initialize, then list the tokens", "read the certificates of PIN1", "read the certificates of PIN2"],
    [
        "next program: list the tokens",
        "next program: certificates of PIN1",
        "next program: certificates of PIN2",
    ],
];

/// A program with sessions: with the token of PIN1, and with that of PIN2 if there is one. A card with one PIN has one
/// token, whose second key signs.
struct Program<'m> {
    // Dropped in this order.
    basic: Session<'m>,
    signature: Option<Session<'m>>,
    _running: Initialized<'m>,
}

impl<'m> Program<'m> {
    /// Begins, lists the tokens and reads the certificates.
    fn begin(module: &'m Module, costs: &mut Meter<'_>, [list, first, second]: [&str; 3]) -> Self {
        let (running, tokens) = costs.of(list, || {
            let running = module.initialize().expect("C_Initialize");
            let slots = module.slots(true).expect("C_GetSlotList");
            (running, slots.into_iter().filter(|slot| module.token(*slot).is_ok()).collect::<Vec<_>>())
        });
        let mut sessions = tokens.iter().map(|slot| module.open(*slot).expect("C_OpenSession"));
        let (basic, signature) = (sessions.next().expect("a token"), sessions.next());
        costs.of(first, || certificates(&basic));
        costs.if_any(second, signature.as_ref(), certificates);
        Program { basic, signature, _running: running }
    }

    /// Logs in, signs and logs out with PIN1.
    fn use_pin1(&self, costs: &mut Meter<'_>) {
        let basic = &self.basic;
        costs.of("log in with PIN1", || basic.login(CKU_USER, PIN1.1).expect("PIN1"));
        let (key, mechanism) = private_key(basic, 0);
        for name in ["first signature with PIN1", "next signature with PIN1"] {
            costs.of(name, || basic.sign(mechanism, key, b"bench").expect("C_Sign"));
        }
        costs.of("log out of PIN1", || basic.logout().expect("C_Logout"));
    }

    /// Logs in and signs with PIN2: by its login, by a login for the operation, and by both, as pkcs11-tool does.
    fn use_pin2(&self, costs: &mut Meter<'_>) {
        let (session, pin, which) = match &self.signature {
            Some(session) => (session, PIN2.1, 0),
            None => (&self.basic, PIN1.1, 1),
        };
        let log_in = || session.login(CKU_USER, pin).expect("PIN2");
        let permitted = |(key, mechanism): (CK_OBJECT_HANDLE, CK_MECHANISM_TYPE)| {
            session.sign_init(mechanism, key).expect("C_SignInit");
            session.login(CKU_CONTEXT_SPECIFIC, pin).expect("PIN2 for the operation");
            session.sign_data(b"bench").expect("C_Sign")
        };
        costs.of("log in with PIN2", log_in);
        let (key, mechanism) = private_key(session, which);
        costs.of("the signature that follows it", || {
            session.sign(mechanism, key, b"bench").expect("C_Sign");
        });
        costs.of("another one: PIN2 again and signature", || permitted((key, mechanism)));
        costs.of("log out of PIN2", || session.logout().expect("C_Logout"));
        costs.of("all of a signature: log in with PIN2, PIN2 again, signature, log out", || {
            log_in();
            permitted(private_key(session, which));
            session.logout().expect("C_Logout");
        });
    }
}

/// Does everything once with a card of this kind.
pub(crate) fn measure(kind: &str) -> Costs {
    let rig = Rig::start(1);
    measured(&rig.insert(0, kit::card(kind)))
}

/// The same with one that is used without contacts, when a program before has been given its access number. The module
/// keeps it.
pub(crate) fn measure_contactless(kind: &str) -> Costs {
    let rig = Rig::start(1);
    let card = rig.insert(0, kit::card(kind));
    let module = Module::load();
    let running = module.initialize().expect("C_Initialize");
    let slot = module.slots(true).expect("C_GetSlotList")[0];
    let session = module.open(slot).expect("C_OpenSession");
    session.login(CKU_USER, &format!("{NUMBER}/{}", PIN1.1)).expect("number and PIN1");
    drop((session, running));
    measured(&card)
}

fn measured(card: &InsertedCard) -> Costs {
    let _session = LoginSession::new();
    let module = Module::load();
    let mut costs = Meter { card, costs: Costs::new() };
    let [first, next] = READING;
    drop(Program::begin(&module, &mut costs, first));
    let program = Program::begin(&module, &mut costs, next);
    costs.of("find all objects again", || {
        certificates(&program.basic);
        program.signature.as_ref().map(certificates)
    });
    program.use_pin1(&mut costs);
    program.use_pin2(&mut costs);
    costs.costs
}

fn certificates(session: &Session<'_>) {
    session.find(&[]).expect("C_FindObjects");
    for object in session.find(&[(CKA_CLASS, &kit::bytes(CKO_CERTIFICATE))]).expect("C_FindObjects") {
        session.attribute(object, CKA_VALUE).expect("CKA_VALUE");
    }
}

/// A private key, and a mechanism that hashes with SHA-256.
pub(crate) fn private_key(session: &Session<'_>, which: usize) -> (CK_OBJECT_HANDLE, CK_MECHANISM_TYPE) {
    let keys = session.find(&[(CKA_CLASS, &kit::bytes(CKO_PRIVATE_KEY))]).expect("C_FindObjects");
    let key = *keys.get(which).expect("a private key");
    let kind = session.attribute(key, CKA_KEY_TYPE).expect("CKA_KEY_TYPE");
    (key, if kind == kit::bytes(CKK_RSA) { CKM_SHA256_RSA_PKCS } else { CKM_ECDSA_SHA256 })
}
