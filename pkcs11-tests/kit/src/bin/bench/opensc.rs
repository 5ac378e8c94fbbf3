//! The same things done by a program with this module and by one with OpenSC's, with a new card each: side by side.

use crate::page::Part;
use cryptoki_sys::*;
use kit::countries::{BELGIUM_1_8, ESTONIA_IDEMIA, Kind};
use kit::{Module, Rig, Session};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

/// The argument with which the program runs itself, before a module and a card.
pub(crate) const CLIENT: &str = "--client";
const OPENSC: &str = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";

/// Cards that Debian's OpenSC knows, and whether it signs with them: its driver for Belgium is older than EC keys there.
const CARDS: [(Kind, bool); 2] = [(ESTONIA_IDEMIA, true), (BELGIUM_1_8, false)];
const STEPS: [&str; 5] = [
    "initialize, list the tokens",
    "read all certificates",
    "log in with PIN1",
    "first signature with PIN1",
    "next signature with PIN1",
];

/// What a step cost.
#[derive(Clone, Copy)]
struct Cost {
    commands: u64,
    /// By the model of the card.
    modelled: f64,
    /// By the clock.
    wall: f64,
}

/// What one module cost with one card.
struct Costs {
    steps: Vec<Cost>,
    /// Kibibytes that the program has grown by.
    memory: u64,
}

/// Measures all, in one run.
pub(crate) fn measure() -> Result<Part, Box<dyn Error>> {
    let mut text = String::from(
        "| | commands | modelled ms | ms by the clock | memory in KiB |\n|---|---:|---:|---:|---:|\n",
    );
    for (kind, signs) in CARDS {
        let steps = &STEPS[..if signs { STEPS.len() } else { STEPS.len() - 2 }];
        let [ours, theirs] =
            [Module::to_install(), PathBuf::from(OPENSC)].map(|module| quickest(&module, &kind, steps));
        let (ours, theirs) = (ours?, theirs?);
        let _ = writeln!(text, "| **{}** | | | | |", crate::table::named(kind.card));
        for (at, step) in steps.iter().enumerate() {
            let (ours, theirs) = (ours.steps[at], theirs.steps[at]);
            let commands = beside(ours.commands as f64, theirs.commands as f64, 0);
            let modelled = beside(ours.modelled, theirs.modelled, 0);
            let wall = beside(ours.wall, theirs.wall, 1);
            let _ = writeln!(text, "| {step} | {commands} | {modelled} | {wall} | |");
        }
        let sum = |costs: &Costs, of: fn(&Cost) -> f64| costs.steps.iter().map(of).sum::<f64>();
        let sums = |of: fn(&Cost) -> f64, digits| beside(sum(&ours, of), sum(&theirs, of), digits);
        let _ = writeln!(
            text,
            "| all of it | {} | {} | {} | {} |",
            sums(|cost| cost.commands as f64, 0),
            sums(|cost| cost.modelled, 0),
            sums(|cost| cost.wall, 1),
            beside(ours.memory as f64, theirs.memory as f64, 0),
        );
    }
    Ok(Part { name: "opensc", text })
}

/// `6 : 12 = 0.50`.
fn beside(ours: f64, theirs: f64, digits: usize) -> String {
    let ratio = if theirs > 0.0 { format!(" = {:.2}", ours / theirs) } else { String::new() };
    format!("{ours:.digits$} : {theirs:.digits$}{ratio}")
}

/// The quickest of some runs, step by step: the machine may be busy with other things.
fn quickest(module: &Path, kind: &Kind, steps: &[&str]) -> Result<Costs, Box<dyn Error>> {
    const RUNS: usize = 5;
    let mut best = costs(module, kind, steps)?;
    for _ in 1..RUNS {
        let other = costs(module, kind, steps)?;
        best.memory = best.memory.min(other.memory);
        for (best, other) in best.steps.iter_mut().zip(other.steps) {
            best.wall = best.wall.min(other.wall);
        }
    }
    Ok(best)
}

/// Has a program with this module do these steps.
fn costs(module: &Path, kind: &Kind, steps: &[&str]) -> Result<Costs, Box<dyn Error>> {
    let rig = Rig::start(1);
    let card = rig.insert(0, kit::card(kind.card));
    let home = kit::scratch("home");
    let mut program = Command::new(std::env::current_exe()?)
        .args([CLIENT.as_ref(), module.as_os_str(), kind.card.as_ref()])
        // Neither keeps certificates from one program for the next one.
        .env("HOME", &home)
        .env("XDG_CACHE_HOME", &home)
        .env("AVAIN_CACHE", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let orders = program.stdin.take().ok_or("no stdin")?;
    let answers = BufReader::new(program.stdout.take().ok_or("no stdout")?);
    let mut line = Line { orders, answers };
    let costs = steps.iter().map(|_| {
        card.card().log_mut().mark();
        let wall = line.ask()? as f64 / 1000.0;
        let since = card.card().log().since_mark();
        Ok(Cost { commands: since.count, modelled: since.milliseconds, wall })
    });
    let steps = costs.collect::<Result<_, Box<dyn Error>>>()?;
    let memory = line.ask()?;
    drop(line);
    if !program.wait()?.success() {
        return Err(format!("{} failed with {}", module.display(), kind.card).into());
    }
    std::fs::remove_dir_all(&home)?;
    Ok(Costs { steps, memory })
}

/// What is said to the program, and what it answers.
struct Line {
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Line {
    /// Has it go on, and gives its number.
    fn ask(&mut self) -> Result<u64, Box<dyn Error>> {
        writeln!(self.orders)?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(answer.trim().parse().map_err(|_| format!("the program said {answer:?}"))?)
    }
}

/// The program: does a step for each line that it reads, and answers how many microseconds it took, and to the last line
/// how many kibibytes it has grown by.
pub(crate) fn client(module: &str, card: &str) {
    kit::forward_to_the_daemon();
    let (kind, signs) = CARDS.into_iter().find(|(kind, _)| kind.card == card).expect("a card that both know");
    let (pin, key) = (kind.tokens[0], kind.tokens[0].keys[0]);
    let before = memory();
    let module = Module::from_file(module.as_ref());
    let running = timed(|| {
        let running = module.initialize().expect("C_Initialize");
        for slot in module.slots(true).expect("C_GetSlotList") {
            module.token(slot).expect("C_GetTokenInfo");
        }
        running
    });
    let sessions = timed(|| {
        let slots = module.slots(true).expect("C_GetSlotList");
        let tokens = slots.into_iter().filter(|slot| module.token(*slot).is_ok());
        let sessions: Vec<_> = tokens.map(|slot| module.open(slot).expect("C_OpenSession")).collect();
        sessions.iter().for_each(certificates);
        sessions
    });
    let has_key = |session: &&Session<'_>| session.object(CKO_CERTIFICATE, key.id).is_ok();
    let session = sessions.iter().find(has_key).expect("the token of PIN1");
    timed(|| session.login(CKU_USER, pin.token.1).expect("C_Login"));
    if signs {
        for _ in 0..2 {
            timed(|| {
                let private = session.object(CKO_PRIVATE_KEY, key.id).expect("the private key");
                session.sign(CKM_ECDSA, private, &[1; 48]).expect("C_Sign")
            });
        }
    }
    await_line();
    println!("{}", memory() - before);
    drop((sessions, running));
}

fn timed<R>(step: impl FnOnce() -> R) -> R {
    await_line();
    let start = Instant::now();
    let result = step();
    println!("{}", start.elapsed().as_micros());
    result
}

fn await_line() {
    std::io::stdin().read_line(&mut String::new()).expect("a line");
}

fn certificates(session: &Session<'_>) {
    for object in session.find(&[(CKA_CLASS, &kit::bytes(CKO_CERTIFICATE))]).expect("C_FindObjects") {
        session.attribute(object, CKA_VALUE).expect("CKA_VALUE");
    }
}

/// The most memory that this program has had, in kibibytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the state of this process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).expect("a size")
}
