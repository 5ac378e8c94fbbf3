//! What each thing a program does costs on each card: commands to the card and the time that a card would take.
//!
//! Counted by the simulated card behind the real pcscd: every exchange is one, GET RESPONSE included. The time is
//! the simulator's model of a contact card, not the clock of this machine. Prints the tables of
//! `docs/costs.md`; with `--write FILE` puts them there. With `--check FILE` fails when another table of costs stands
//! there; what depends on the machine is not measured then.

mod page;
mod still;

use cryptoki_sys::*;
use kit::{InsertedCard, Module, PIN1, PIN2, Rig, Session};
use page::Part;
use std::error::Error;
use std::fmt::Write as _;

const CARDS: [&str; 8] = [
    "fineid-v4.1",
    "fineid-v4.0",
    "fineid-v3.1",
    "fineid-v3.0",
    "estonia-thales",
    "estonia-idemia",
    "latvia-ec",
    "belgium-1.8",
];
/// What one thing cost.
struct Cost {
    commands: u64,
    milliseconds: f64,
}

/// Name and cost of everything, in order; none where a card has nothing of the kind.
type Costs = Vec<(&'static str, Option<Cost>)>;

fn main() -> Result<(), Box<dyn Error>> {
    let measured: Vec<Costs> = CARDS.into_iter().map(measure).collect();
    let costs = Part { name: "costs", text: table(&measured) };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {
            shown(costs);
            Ok(())
        }
        ["--write", file] => {
            let parts = [shown(costs), shown(still::measure())];
            Ok(std::fs::write(file, page::with(&std::fs::read_to_string(file)?, &parts)?)?)
        }
        ["--check", file] => {
            let text = std::fs::read_to_string(file)?;
            let same = page::with(&text, &[shown(costs)])? == text;
            if same { Ok(()) } else { Err(format!("the costs in {file} are stale: make bench").into()) }
        }
        _ => Err("usage: bench [--write FILE | --check FILE]".into()),
    }
}

fn shown(part: Part) -> Part {
    println!("{}", part.text);
    part
}

/// Does everything once with a card of this kind.
fn measure(kind: &str) -> Costs {
    let rig = Rig::start(1);
    let card = rig.insert(0, kit::card(kind));
    let mut costs = Meter { card: &card, costs: Costs::new() };
    let module = Module::load();

    let running = costs.of("initialize, then list the tokens", || {
        let running = module.initialize().expect("C_Initialize");
        for slot in module.slots(true).expect("C_GetSlotList") {
            module.token(slot).expect("C_GetTokenInfo");
        }
        running
    });
    // A card with one PIN has one token, whose second key signs.
    let slots = module.slots(true).expect("C_GetSlotList");
    let tokens: Vec<_> = slots.into_iter().filter(|slot| module.token(*slot).is_ok()).collect();
    let [basic, signature] = [tokens.first(), tokens.get(1)]
        .map(|slot| slot.map(|slot| module.open(*slot).expect("C_OpenSession")));
    let basic = basic.expect("a token");
    costs.of("read the certificates of PIN1", || certificates(&basic));
    costs.if_any("read the certificates of PIN2", signature.as_ref(), certificates);
    costs.of("find all objects again", || (certificates(&basic), signature.as_ref().map(certificates)));

    costs.of("log in with PIN1", || basic.login(CKU_USER, PIN1.1).expect("PIN1"));
    let (key, mechanism) = private_key(&basic, 0);
    for name in ["first signature with PIN1", "next signature with PIN1"] {
        costs.of(name, || basic.sign(mechanism, key, b"bench").expect("C_Sign"));
    }
    if signature.is_some() {
        costs.of("log out of PIN1", || basic.logout().expect("C_Logout"));
    }

    costs.if_any("log in with PIN2", signature.as_ref(), |session| {
        session.login(CKU_USER, PIN2.1).expect("PIN2");
    });
    let own = signature.as_ref().map(|session| (session, private_key(session, 0)));
    costs.if_any("the signature that follows it", own.as_ref(), |(session, (key, mechanism))| {
        session.sign(*mechanism, *key, b"bench").expect("C_Sign");
    });
    let (session, (key, mechanism), pin) = match own {
        Some((session, key)) => (session, key, PIN2.1),
        None => (&basic, private_key(&basic, 1), PIN1.1),
    };
    costs.of("another one: PIN2 again and signature", || {
        session.sign_init(mechanism, key).expect("C_SignInit");
        // The login of a card with one PIN counts as the first.
        session.login(CKU_CONTEXT_SPECIFIC, pin).expect("PIN2");
        session.sign_data(b"bench").expect("C_Sign")
    });
    costs.if_any("log out of PIN2", signature.as_ref(), |session| session.logout().expect("C_Logout"));
    if signature.is_none() {
        costs.of("log out of PIN1", || basic.logout().expect("C_Logout"));
    }
    let costs = costs.costs;
    drop((basic, signature, running));
    costs
}

fn certificates(session: &Session<'_>) {
    session.find(&[]).expect("C_FindObjects");
    for object in session.find(&[(CKA_CLASS, &kit::bytes(CKO_CERTIFICATE))]).expect("C_FindObjects") {
        session.attribute(object, CKA_VALUE).expect("CKA_VALUE");
    }
}

/// A private key, and a mechanism that hashes with SHA-256.
fn private_key(session: &Session<'_>, which: usize) -> (CK_OBJECT_HANDLE, CK_MECHANISM_TYPE) {
    let keys = session.find(&[(CKA_CLASS, &kit::bytes(CKO_PRIVATE_KEY))]).expect("C_FindObjects");
    let key = *keys.get(which).expect("a private key");
    let kind = session.attribute(key, CKA_KEY_TYPE).expect("CKA_KEY_TYPE");
    (key, if kind == kit::bytes(CKK_RSA) { CKM_SHA256_RSA_PKCS } else { CKM_ECDSA_SHA256 })
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
        self.costs.push((name, Some(Cost { commands: since.count, milliseconds: since.milliseconds })));
        result
    }

    /// The same where there is something to do it with.
    fn if_any<T>(&mut self, name: &'static str, with: Option<&T>, act: impl FnOnce(&T)) {
        match with {
            Some(with) => self.of(name, || act(with)),
            None => self.costs.push((name, None)),
        }
    }
}

/// The table in Markdown: a row per thing, a column per card.
fn table(measured: &[Costs]) -> String {
    let mut table = String::from("| commands / ms |");
    for card in CARDS {
        let _ = write!(table, " {} |", named(card));
    }
    let _ = write!(table, "\n|---|{}\n", "---:|".repeat(CARDS.len()));
    let first = measured.first().map(Vec::as_slice).unwrap_or_default();
    for (name, _) in first {
        let _ = write!(table, "| {name} |");
        for costs in measured {
            match costs.iter().find(|(row, _)| row == name) {
                Some((_, Some(Cost { commands, milliseconds }))) => {
                    let _ = write!(table, " {commands} / {milliseconds:.0} |");
                }
                _ => table.push_str(" – |"),
            }
        }
        table.push('\n');
    }
    table
}

/// A card as people write it.
fn named(card: &str) -> String {
    match card.split_once('-') {
        Some(("fineid", version)) => format!("FINEID {version}"),
        Some((country, kind)) => {
            let mut letters = country.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            format!("{first}{}, {kind}", letters.as_str())
        }
        None => card.to_owned(),
    }
}
