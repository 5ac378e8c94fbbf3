//! Every fault at every position of every flow: at each command that reaches the card, before the card saw it and after
//! it acted, and at each call of PC/SC.
//!
//! Whatever happens: each call ends soon with a code that the standard permits; no try is spent that the holder did not
//! ask for, no credential goes twice in one call, and none to another person's card; what is said to be done is done,
//! and what is said to have failed is done only where the answer was lost; PIN2 does not stay open; and the next thing
//! that the holder does with a good card succeeds.

// The file itself, not the library that has it: that one is a PC/SC of its own, and would take the place of the loaded one.
#[allow(unreachable_pub, reason = "public in the library")]
#[path = "../../src/fake.rs"]
mod fake;
mod flows;
mod loading;

use cryptoki_sys::*;
use fake::Fake;
use flows::{Called, Deed, Flow, NEW, PUK, Run, TRANSPORT};
use rig::Module;
use rig::judge::Judge;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;
use testimony::functions;

/// The longest that a call may take with a card that answers at once.
const SOON: Duration = Duration::from_secs(2);

/// How many complaints are told, of each part.
const SHOWN: usize = 30;

/// Which part of the work a process of this test does.
const PART: &str = "FAKE_PCSC_PART";

/// A card, and deeds with its tokens.
type Deeds = (&'static str, &'static [(Deed, usize)]);

/// The cards with the deeds that they are good for. The cards keep PIN2 open until it is taken back, where that is an
/// open question: the harder case.
const PARTS: &[(&str, &[Deeds])] = &[
    (
        "FINEID v4.0",
        &[
            ("fineid-v4.0,pin2_one_shot=no", EVERYWHERE),
            ("fineid-v4.0,pin2_one_shot=no,state=fresh-new", BY_TRANSPORT),
            ("fineid-v4.0,pin2_one_shot=no,state=fresh-old", BY_PUK),
            ("fineid-v4.0,pin2_one_shot=no,state=blocked-pins", BY_PUK),
        ],
    ),
    (
        "FINEID v3.1",
        &[
            ("fineid-v3.1,pin2_one_shot=no", EVERYWHERE),
            ("fineid-v3.1,pin2_one_shot=no,state=fresh-new", BY_TRANSPORT),
            ("fineid-v3.1,pin2_one_shot=no,state=fresh-old", BY_PUK),
            ("fineid-v3.1,pin2_one_shot=no,state=blocked-pins", BY_PUK),
        ],
    ),
    ("Estonia, IDEMIA", &[("estonia-idemia", EVERYWHERE), ("estonia-idemia,state=blocked-pins", BY_PUK)]),
    ("Estonia, Thales", &[("estonia-thales", EVERYWHERE), ("estonia-thales,state=blocked-pins", BY_PUK)]),
    ("Latvia, EC", &[("latvia-ec", EVERYWHERE), ("latvia-ec,state=blocked-pins", BY_PUK)]),
    (
        "Belgium 1.8",
        &[("belgium-1.8", &[(Deed::List, 0), (Deed::Sign, 0), (Deed::Wrong, 0), (Deed::Change, 0)])],
    ),
];

const EVERYWHERE: &[(Deed, usize)] = &[
    (Deed::List, 0),
    (Deed::Sign, 0),
    (Deed::Sign, 1),
    (Deed::Wrong, 0),
    (Deed::Wrong, 1),
    (Deed::Change, 0),
    (Deed::Change, 1),
];
const BY_TRANSPORT: &[(Deed, usize)] = &[(Deed::Set(TRANSPORT), 0), (Deed::Set(TRANSPORT), 1)];
const BY_PUK: &[(Deed, usize)] = &[(Deed::Set(PUK), 0), (Deed::Set(PUK), 1)];

/// At each command.
const AT_TRANSMIT: &[&str] = &[
    "reset-before",
    "reset-after",
    "removed-before",
    "removed-after",
    "reinserted-before",
    "reinserted-after",
    "swapped-before",
    "swapped-after",
    "service-before",
    "service-after",
    "restarted-before",
    "restarted-after",
    "vanished-before",
    "vanished-after",
    "lost-before",
    "lost-after",
    "comm-before",
    "comm-after",
    "sharing",
    "slow",
    "empty",
    "one-byte",
    "long",
    "too-long",
];
/// At each other call.
const AT_CALLS: &[(&str, &[&str])] = &[
    ("EstablishContext", &["service", "restarted", "comm", "slow"]),
    ("ListReaders", &["service", "restarted", "vanished", "removed", "swapped", "comm"]),
    (
        "GetStatusChange",
        &["service", "restarted", "vanished", "removed", "reinserted", "swapped", "comm", "slow"],
    ),
    (
        "Connect",
        &[
            "service",
            "restarted",
            "vanished",
            "removed",
            "reinserted",
            "swapped",
            "sharing",
            "comm",
            "mute",
            "slow",
            "reset-after",
            "removed-after",
            "swapped-after",
            "restarted-after",
            "vanished-after",
        ],
    ),
    ("Status", &["service", "restarted", "vanished", "removed", "reset", "swapped", "comm"]),
    (
        "BeginTransaction",
        &[
            "reset",
            "service",
            "restarted",
            "vanished",
            "removed",
            "reinserted",
            "swapped",
            "sharing",
            "comm",
            "slow",
            "reset-after",
            "removed-after",
            "swapped-after",
        ],
    ),
    ("EndTransaction", &["reset", "service", "restarted", "vanished", "removed", "swapped", "comm"]),
];

fn name(code: CK_RV) -> String {
    functions::name(code).map_or_else(|| format!("{code:#x}"), str::to_owned)
}

/// What a fault at a position of a flow brings about, and everything about it that goes against the rules.
struct Case<'a> {
    fake: &'a Fake,
    module: &'static Module,
    judge: &'a Judge,
    flow: Flow,
    wrong: Vec<String>,
    /// How often each function of PC/SC was called, where there was no fault.
    positions: String,
    /// The fault came.
    reached: bool,
}

impl Case<'_> {
    fn check(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(what());
        }
    }

    /// Begins anew, with a card as if it had just been put in, and does all that comes before, undisturbed. Then
    /// carries out the flow, with a fault or without. Gives its outcome.
    fn play(&mut self, fault: Option<&str>) -> Result<(), CK_RV> {
        let Flow { card, .. } = self.flow;
        self.fake.tell("restore");
        self.fake.tell(&format!("renew 0 {card}"));
        self.fake.tell("clear");
        let _running = self.module.initialize().expect("C_Initialize");
        let mut run = Run { module: self.module, fake: self.fake, judge: self.judge, calls: Vec::new() };
        let session =
            run.prepare(&self.flow).unwrap_or_else(|code| panic!("{:?}: {}", self.flow, name(code)));
        run.calls.clear();
        self.fake.tell("clear");
        if let Some(fault) = fault {
            self.fake.tell(&format!("fault {fault}"));
        }
        let strangers = self.strangers();
        let outcome = run.act(&self.flow, session);
        let Some(fault) = fault else {
            self.positions = self.fake.tell("calls");
            return outcome;
        };
        let calls = std::mem::take(&mut run.calls);
        let played = self.fake.tell("played");
        self.reached = !played.is_empty();
        // When readers are looked for again is a matter of time, and no position of the flow.
        let by_the_clock = fault.starts_with("ListReaders") || fault.starts_with("GetStatusChange");
        self.check(self.reached || by_the_clock, || "the fault was not reached".into());
        self.fake.tell("clear");
        self.judge(&calls);
        // Nothing was sent yet.
        if ["Status", "BeginTransaction"].iter().any(|call| fault.starts_with(call))
            && fault.ends_with(" reset")
        {
            self.check(outcome == self.flow.usual(), || "a reset between two operations is an error".into());
        }
        let to_strangers = self.strangers() - strangers;
        self.check(to_strangers == 0, || format!("{to_strangers} credentials to another card"));
        if self.reached && fault.contains("swapped") {
            let outcome = run.afterwards_with_other(self.flow.token);
            self.settle(&run.calls, outcome, "with the other card");
            run.calls.clear();
        }
        self.fake.tell("restore");
        let outcome = run.afterwards(&self.flow);
        self.settle(&run.calls, outcome, "afterwards");
        outcome
    }

    /// Commands with a PIN or PUK that the other person's card has seen.
    fn strangers(&self) -> u32 {
        self.fake.pins(" other").iter().map(|pin| pin.commands).sum()
    }

    fn judge(&mut self, calls: &[Called]) {
        let most_spent = u32::from(self.flow.deed == Deed::Wrong);
        let mut spent = 0;
        for call in calls {
            let told = format!("{} {}", call.function, name(call.code));
            let permitted =
                functions::function(call.function).is_some_and(|function| function.permits(call.code));
            self.check(permitted && call.code != CKR_GENERAL_ERROR, || format!("{told} is not permitted"));
            self.check(call.took < SOON, || format!("{told} took {:?}", call.took));
            let mut heads = call.credentials.clone();
            heads.sort();
            heads.dedup();
            let once = heads.len() == call.credentials.len();
            self.check(once, || format!("{told} sent {:?}", call.credentials));
            if let Some(lie) = &call.lie {
                self.wrong.push(format!("{told}: {lie}"));
            }
            spent += call.before.iter().zip(&call.after).map(|(b, a)| a.spent - b.spent).sum::<u32>();
            if self.flow.deed != Deed::Wrong && matches!(call.code, CKR_PIN_INCORRECT | CKR_PIN_LOCKED) {
                self.wrong.push(format!("{told}, with a right PIN"));
            }
            if call.code != CKR_OK && matches!(call.function, "C_SetPIN" | "C_InitPIN") {
                self.judge_failure(call, &told);
            }
        }
        self.check(spent <= most_spent, || format!("{spent} tries spent"));
        self.judge_closed(calls);
    }

    /// A PIN that was set though the call failed: only where the answer to the very command was lost.
    fn judge_failure(&mut self, call: &Called, told: &str) {
        let reference = call.after[self.flow.token].reference;
        let lost = ["@0024", "@002C"].iter().any(|head| call.faults.contains(head));
        if self.fake.holds(reference, NEW) {
            self.check(lost, || format!("{told}, but the PIN is set ({})", call.faults));
        }
    }

    /// PIN2 is open only while a signature is made.
    fn judge_closed(&mut self, calls: &[Called]) {
        let Some(last) = calls.last() else { return };
        let Some(pin2) = last.after.get(1).filter(|_| last.after.len() > 2) else { return };
        let faults: Vec<_> =
            calls.iter().map(|call| call.faults.as_str()).filter(|text| !text.is_empty()).collect();
        // VERIFY with P1=FF, SELECT or LOG OFF is what was to close it.
        let closing = faults.iter().any(|fault| fault.contains("@0020FF") || fault.contains("@00A4"));
        self.check(!pin2.open || closing, || format!("PIN2 stays open ({faults:?})"));
    }

    fn settle(&mut self, calls: &[Called], outcome: Result<(), CK_RV>, when: &str) {
        if let Err(code) = outcome {
            let at = calls.last().map_or("", |call| call.function);
            self.wrong.push(format!("{when} {at} {}", name(code)));
        }
        for call in calls {
            if let Some(lie) = &call.lie {
                self.wrong.push(format!("{when} {} {}: {lie}", call.function, name(call.code)));
            }
        }
    }
}

/// How often a function was called, by the library's own count.
fn counted(calls: &str, function: &str) -> u32 {
    let count = |call: &str| call.strip_prefix(function)?.strip_prefix('=')?.parse().ok();
    calls.split_whitespace().find_map(count).unwrap_or_default()
}

/// All faults at all positions of a flow. Gives how many there were.
fn disturb(
    fake: &Fake,
    module: &'static Module,
    judge: &Judge,
    flow: Flow,
    complaints: &mut Vec<String>,
) -> usize {
    let case =
        || Case { fake, module, judge, flow, wrong: Vec::new(), positions: String::new(), reached: false };
    let mut first = case();
    let usual = first.play(None);
    if usual != flow.usual() {
        complaints.push(format!("{flow:?}, undisturbed: {}", name(usual.err().unwrap_or(CKR_OK))));
        return 0;
    }
    let transmit = [("Transmit", AT_TRANSMIT)];
    let at = transmit
        .iter()
        .chain(AT_CALLS)
        .map(|(call, faults)| (*call, *faults, counted(&first.positions, call)));
    let at: Vec<_> = at.collect();
    assert!(at[0].2 > 0, "{flow:?} asks the card for nothing");
    let mut cases = 0;
    for (call, faults, positions) in at {
        for position in 1..=positions {
            for fault in faults {
                let mut case = case();
                let fault = format!("{call} {position} {fault}");
                let _ = case.play(Some(&fault));
                cases += usize::from(case.reached);
                if !case.wrong.is_empty() {
                    complaints.push(format!("{flow:?}, {fault}: {}", case.wrong.join("; ")));
                }
            }
        }
    }
    cases
}

/// The work of one process.
fn work(part: usize) {
    let (_, cards) = PARTS[part];
    let fake = loading::load();
    let module: &'static Module = Box::leak(Box::new(Module::from_file(&Module::under_test())));
    let (judge, mut complaints) = (Judge::default(), Vec::new());
    let mut cases = 0;
    fake.tell("repeat");
    fake.tell(&format!("insert 0 {}", cards[0].0));
    for (card, deeds) in cards {
        for (deed, token) in *deeds {
            let flow = Flow { card, deed: *deed, token: *token };
            cases += disturb(&fake, module, &judge, flow, &mut complaints);
        }
    }
    for complaint in complaints.iter().take(SHOWN) {
        println!("{complaint}");
    }
    println!("cases {cases}");
    assert!(complaints.is_empty(), "{} of {cases} cases went wrong", complaints.len());
}

/// Does its part in this process, with the fake library in the place of the real one; `Err` has what it said.
fn part(number: usize, libraries: &std::path::Path) -> Result<usize, String> {
    let output = Command::new(std::env::current_exe().expect("this program's path"))
        .args([TEST, "--exact", "--nocapture"])
        .env(PART, number.to_string())
        .env("LD_LIBRARY_PATH", libraries)
        .stdin(Stdio::null())
        .output()
        .expect("this program again");
    let said = String::from_utf8_lossy(&output.stdout);
    let cases = said.lines().find_map(|line| line.rsplit_once("cases ")?.1.parse().ok());
    let name = PARTS[number].0;
    let failed = || format!("{name}:\n{said}{}", String::from_utf8_lossy(&output.stderr));
    cases.filter(|cases| *cases > 0 && output.status.success()).ok_or_else(failed)
}

const TEST: &str = "every_fault_at_every_position_of_every_flow_is_survived";

#[test]
fn every_fault_at_every_position_of_every_flow_is_survived() {
    if let Ok(number) = std::env::var(PART) {
        return work(number.parse().expect("a number"));
    }
    let libraries = std::env::temp_dir().join(format!("fake-pcsc-{}", std::process::id()));
    std::fs::create_dir_all(&libraries).expect("a folder");
    std::os::unix::fs::symlink(loading::file(), libraries.join("libpcsclite.so.1")).expect("a link");
    let next = Mutex::new(0..PARTS.len());
    let outcomes = Mutex::new(Vec::new());
    let processes = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..processes {
            scope.spawn(|| {
                loop {
                    let number = next.lock().expect("no panic").next();
                    let Some(number) = number else { break };
                    let outcome = part(number, &libraries);
                    outcomes.lock().expect("no panic").push(outcome);
                }
            });
        }
    });
    let _ = std::fs::remove_dir_all(&libraries);
    let outcomes = outcomes.into_inner().expect("no panic");
    let cases: usize = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).sum();
    let failures: String = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{failures}");
    assert!(cases > 0, "nothing was tried");
    // Not by println, which is not seen where a test succeeds.
    let _ = writeln!(std::io::stderr(), "  {cases} faults at positions of flows survived");
}
