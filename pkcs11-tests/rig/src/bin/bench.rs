//! What each thing a program does costs on each card: commands to the card and the time that a card would take.
//!
//! Counted by the simulated card behind the real pcscd: every exchange is one, GET RESPONSE included. The time is
//! the simulator's model of a contact card, not the clock of this machine. Prints the table of the README;
//! with `--write FILE` puts it there, with `--check FILE` fails when another one stands there.

use cryptoki_sys::*;
use rig::{InsertedCard, Module, Rig, Session};
use std::error::Error;
use std::fmt::Write as _;

const CARDS: [&str; 4] = ["fineid-v4.1", "fineid-v4.0", "fineid-v3.1", "fineid-v3.0"];
const BEGIN: &str = "<!-- costs: written by make bench -->\n";
const END: &str = "<!-- end of costs -->";

/// What one thing cost.
struct Cost {
    commands: u64,
    milliseconds: f64,
}

/// Name and cost of everything, in order.
type Costs = Vec<(&'static str, Cost)>;

fn main() -> Result<(), Box<dyn Error>> {
    let measured: Vec<Costs> = CARDS.into_iter().map(measure).collect();
    let table = table(&measured);
    print!("{table}");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => Ok(()),
        ["--write", file] => {
            let text = std::fs::read_to_string(file)?;
            Ok(std::fs::write(file, replaced(&text, &table).ok_or("no place for the table")?)?)
        }
        ["--check", file] => {
            let text = std::fs::read_to_string(file)?;
            let same = replaced(&text, &table).is_some_and(|new| new == text);
            if same { Ok(()) } else { Err(format!("the costs in {file} are stale: make bench").into()) }
        }
        _ => Err("usage: bench [--write FILE | --check FILE]".into()),
    }
}

/// The text with the table between its marks.
fn replaced(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}

/// Does everything once with a card of this kind.
fn measure(kind: &str) -> Costs {
    let rig = Rig::start(1);
    let card = rig.insert(0, rig::card(kind));
    let mut costs = Meter { card: &card, costs: Costs::new() };
    let module = Module::load();

    let running = costs.of("initialize, then list the tokens", || {
        let running = module.initialize().expect("C_Initialize");
        for slot in module.slots(true).expect("C_GetSlotList") {
            module.token(slot).expect("C_GetTokenInfo");
        }
        running
    });
    let [first, second] =
        ["FINEID (PIN1)", "FINEID (PIN2)"].map(|label| module.slot(label).expect("a token"));
    let [basic, signature] = [first, second].map(|slot| module.open(slot).expect("C_OpenSession"));
    costs.of("read the certificates of PIN1", || certificates(&basic));
    costs.of("read the certificates of PIN2", || certificates(&signature));
    costs.of("find all objects again", || (certificates(&basic), certificates(&signature)));

    costs.of("log in with PIN1", || basic.login(CKU_USER, "1234").expect("PIN1"));
    let (key, mechanism) = private_key(&basic);
    for name in ["first signature with PIN1", "next signature with PIN1"] {
        costs.of(name, || basic.sign(mechanism, key, b"bench").expect("C_Sign"));
    }
    costs.of("log out of PIN1", || basic.logout().expect("C_Logout"));

    costs.of("log in with PIN2", || signature.login(CKU_USER, "123456").expect("PIN2"));
    let (key, mechanism) = private_key(&signature);
    costs.of("the signature that follows it", || signature.sign(mechanism, key, b"bench").expect("C_Sign"));
    costs.of("another one: PIN2 again and signature", || {
        signature.sign_init(mechanism, key).expect("C_SignInit");
        signature.login(CKU_CONTEXT_SPECIFIC, "123456").expect("PIN2");
        signature.sign_data(b"bench").expect("C_Sign")
    });
    costs.of("log out of PIN2", || signature.logout().expect("C_Logout"));
    let costs = costs.costs;
    drop((basic, signature, running));
    costs
}

fn certificates(session: &Session<'_>) {
    session.find(&[]).expect("C_FindObjects");
    for object in session.find(&[(CKA_CLASS, &rig::bytes(CKO_CERTIFICATE))]).expect("C_FindObjects") {
        session.attribute(object, CKA_VALUE).expect("CKA_VALUE");
    }
}

/// The first private key, and a mechanism that hashes with SHA-256.
fn private_key(session: &Session<'_>) -> (CK_OBJECT_HANDLE, CK_MECHANISM_TYPE) {
    let keys = session.find(&[(CKA_CLASS, &rig::bytes(CKO_PRIVATE_KEY))]).expect("C_FindObjects");
    let key = *keys.first().expect("a private key");
    let kind = session.attribute(key, CKA_KEY_TYPE).expect("CKA_KEY_TYPE");
    (key, if kind == rig::bytes(CKK_RSA) { CKM_SHA256_RSA_PKCS } else { CKM_ECDSA_SHA256 })
}

struct Meter<'c> {
    card: &'c InsertedCard,
    costs: Costs,
}

impl Meter<'_> {
    fn of<R>(&mut self, name: &'static str, act: impl FnOnce() -> R) -> R {
        self.card.card().log_mut().mark();
        let result = act();
        let since = self.card.card().log().since_mark();
        self.costs.push((name, Cost { commands: since.count, milliseconds: since.milliseconds }));
        result
    }
}

/// The table in Markdown: a row per thing, a column per card.
fn table(measured: &[Costs]) -> String {
    let mut table = String::from("| commands / ms |");
    for card in CARDS {
        let _ = write!(table, " {} |", card.to_uppercase().replace("-V", " v"));
    }
    let _ = write!(table, "\n|---|{}\n", "---:|".repeat(CARDS.len()));
    let first = measured.first().map(Vec::as_slice).unwrap_or_default();
    for (row, (name, _)) in first.iter().enumerate() {
        let _ = write!(table, "| {name} |");
        for costs in measured {
            let (_, cost) = &costs[row];
            let _ = write!(table, " {} / {:.0} |", cost.commands, cost.milliseconds);
        }
        table.push('\n');
    }
    table
}
