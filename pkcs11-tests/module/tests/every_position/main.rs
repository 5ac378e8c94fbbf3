//! Every fault at every position of every flow: at each command that reaches the card, before the card saw it and after
//! it acted, and at each call of PC/SC; then two faults of which the second falls on what the module does about the
//! first; a card that answers something else, once or for ever; and another program that uses the card between two
//! transactions.
//!
//! Whatever happens: each call ends soon with a code that the standard permits and that tells something; no try is spent
//! that the holder did not ask for, no credential goes twice in one call (but to a card that said it had not looked at
//! it), and none to another person's card; what is said to be done is done, and what is said to have failed is done only
//! where the answer was lost; PIN2 does not stay open; and the next thing that the holder does with a good card succeeds.
//!
//! One fault is not here: no answer at all. A reader gives up, and that is a fault of the call.
//!
//! Cards have contacts or none, PINs are typed or entered on a keypad, and a program before may have left certificates and
//! an access number behind.
//!
//! With AVAIN_EXHAUSTIVE=1 that is all of them; else a selection, see [`selection`].

mod activation;
mod case;
mod faults;
mod figures;
mod flows;
mod home;
mod parts;
mod process;
mod selection;
mod visits;

use case::{Case, Script, name};
use cryptoki_sys::*;
use fake_pcsc::Fake;
use faults::{AT_CALLS, At, FIRST, REACH, SECOND};
use figures::Figures;
use flows::{Flow, Run};
use home::Home;
use kit::judge::Judge;
use kit::{Module, side_by_side};
use parts::{PARTS, Part};
use selection::Selection;
use std::io::Write;

/// How many complaints are told, of each part.
const SHOWN: usize = 30;

/// The work of one process.
struct Work {
    fake: Fake,
    module: &'static Module,
    judge: Judge,
    figures: Figures,
    complaints: Vec<String>,
    selection: Selection,
    home: Home,
}

impl Work {
    fn case(&self, flow: Flow) -> Case<'_> {
        Case::new(&self.fake, self.module, &self.judge, &self.home, flow)
    }

    /// A program before leaves behind what it has read, and the access number.
    fn use_before(&mut self, flow: Flow) {
        let mut run = Run::new(self.module, &self.fake, &self.judge);
        self.fake.tell("restore");
        self.fake.tell(&format!("renew 0 {}", flow.card));
        self.home.left_by(|| run.use_before(&flow));
    }

    /// Whether all of the script was played.
    fn play(&mut self, flow: Flow, script: &Script) -> bool {
        let mut case = self.case(flow);
        let _ = case.play(script);
        let (reached, complaint) = (case.reached, case.complaint(script));
        self.complaints.extend(complaint);
        reached
    }

    /// All that a flow can meet.
    fn disturb(&mut self, flow: Flow, pairs: bool) {
        if flow.later {
            self.use_before(flow);
        }
        let mut usual = self.case(flow);
        let (outcome, undisturbed) = (usual.play(&Script::default()), Script::default());
        let (calls, complaint) = (std::mem::take(&mut usual.calls), usual.complaint(&undisturbed));
        self.complaints.extend(complaint);
        if outcome != flow.task.outcome() {
            let code = outcome.err().unwrap_or(CKR_OK);
            self.complaints.push(format!("{flow:?}, undisturbed: {}", name(code)));
            return;
        }
        self.figures.flows += 1;
        for (function, _) in AT_CALLS {
            self.figures.positions += counted(&calls, function) as usize;
        }
        let mut lines = positions(AT_CALLS, &calls);
        lines.retain(|line| flow.task.concerns(line));
        self.selection.choose(&mut lines);
        for line in &lines {
            // When readers are looked for again is a matter of time, and no position of the flow; so is how often it takes
            // to wake a wait.
            let by_the_clock =
                ["ListReaders", "GetStatusChange", "Cancel"].iter().any(|call| line.starts_with(call));
            let reached = self.play(flow, &Script::of(format!("fault {line}")));
            self.figures.single += usize::from(reached);
            if !reached && !by_the_clock {
                self.complaints.push(format!("{flow:?}, {line} was not reached"));
            }
        }
        self.answer_otherwise(flow, &calls);
        if pairs {
            self.disturb_twice(flow, &calls);
        }
        self.visit(flow, &calls);
    }

    /// What the card itself may do, at each command and at every one.
    fn answer_otherwise(&mut self, flow: Flow, calls: &str) {
        let script = Script { of_the_card: true, ..Script::default() };
        let kinds = faults::of_the_card(flow.wants_number());
        let commands = 1..=counted(calls, "Transmit");
        let mut lines: Vec<_> = commands
            .clone()
            .flat_map(|at| kinds.iter().map(move |kind| format!("Transmit {at} {kind}")))
            .collect();
        self.selection.choose(&mut lines);
        for line in lines {
            let reached = self.play(flow, &Script { lines: vec![format!("fault {line}")], ..script.clone() });
            self.figures.single += usize::from(reached);
            if !reached {
                self.complaints.push(format!("{flow:?}, {line} was not reached"));
            }
        }
        let mut lines = faults::for_ever(flow.wants_number());
        // Some tasks send nothing.
        lines.retain(|_| !commands.is_empty());
        self.selection.choose_few(&mut lines);
        for line in lines {
            let script = Script { lines: vec![format!("always {line}")], for_ever: true, ..script.clone() };
            self.figures.for_ever += usize::from(self.play(flow, &script));
        }
    }

    fn disturb_twice(&mut self, flow: Flow, calls: &str) {
        let mut firsts = positions(FIRST, calls);
        self.selection.choose_few(&mut firsts);
        for first in firsts {
            for second in SECOND {
                for later in 1..=REACH {
                    let lines = vec![format!("fault {first}"), format!("then {later} {second}")];
                    // With another card nothing is tried again.
                    let again = *second != "swapped";
                    if !self.play(flow, &Script { lines, again, ..Script::default() }) {
                        break;
                    }
                    self.figures.pairs += 1;
                }
            }
        }
    }

    fn visit(&mut self, flow: Flow, calls: &str) {
        for function in ["Connect", "BeginTransaction"] {
            for number in 1..=counted(calls, function) {
                for visit in self.selection.of_visits(visits::visits(&flow)) {
                    let lines = vec![format!("visit {function} {number} {}", visit.commands)];
                    let script = Script { lines, changes: visit.changes, ..Script::default() };
                    let reached = self.play(flow, &script);
                    self.figures.visits += usize::from(reached);
                    if !reached {
                        self.complaints.push(format!("{flow:?}: {} was not reached", visit.name));
                    }
                }
            }
        }
    }
}

/// All positions of a flow that are meant, with the faults there.
fn positions(table: &[At], calls: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (function, faults) in table {
        for position in 1..=counted(calls, function) {
            lines.extend(faults.iter().map(|fault| format!("{function} {position} {fault}")));
        }
    }
    lines
}

/// How often a function was called, by the library's own count.
fn counted(calls: &str, function: &str) -> u32 {
    let count = |call: &str| call.strip_prefix(function)?.strip_prefix('=')?.parse().ok();
    calls.split_whitespace().find_map(count).unwrap_or_default()
}

fn seed() -> u64 {
    kit::seed("every_position")
}

/// The work of one process.
fn work(part: &Part) {
    let fake = Fake::linked();
    let module: &'static Module = Box::leak(Box::new(Module::from_file(&Module::under_test())));
    fake.tell("repeat");
    fake.tell("hurry");
    // Whoever has such a card has stored its number, if it needs one.
    drop(kit::card(part.cards[0].0));
    fake.tell(&format!("insert 0 {}", part.cards[0].0));
    let (judge, figures, complaints) = (Judge::default(), Figures::default(), Vec::new());
    let (selection, home) = (Selection::new(seed()), Home::new(part.later));
    let mut work = Work { fake, module, judge, figures, complaints, selection, home };
    for (card, tasks) in part.cards {
        for (task, token) in *tasks {
            work.disturb(Flow::new(card, *task, *token, part.later), part.pairs);
        }
    }
    for complaint in work.complaints.iter().take(SHOWN) {
        println!("{complaint}");
    }
    println!("figures {}", work.figures);
    let wrong = work.complaints.len();
    assert!(wrong == 0, "{wrong} of {} cases went wrong", work.figures.cases());
}

/// Has a part done by another process; `Err` has what it said.
fn play(number: usize, seed: u64) -> Result<Figures, String> {
    let output = process::play(TEST, number, seed);
    let said = String::from_utf8_lossy(&output.stdout);
    let figures: Option<Figures> = said.lines().find_map(|line| line.rsplit_once("figures ")?.1.parse().ok());
    let failed = || format!("{}:\n{said}{}", PARTS[number].name, String::from_utf8_lossy(&output.stderr));
    figures.filter(|figures| figures.cases() > 0 && output.status.success()).ok_or_else(failed)
}

const TEST: &str = "every_fault_at_every_position_of_every_flow_is_survived";

#[test]
fn every_fault_at_every_position_of_every_flow_is_survived() {
    if let Some(number) = process::part() {
        return work(&PARTS[number]);
    }
    let seed = seed();
    let (mut all, mut failures) = (Figures::default(), String::new());
    for outcome in side_by_side(PARTS.len(), |number| play(number, seed)) {
        match outcome {
            Ok(figures) => all += figures,
            Err(failure) => failures += &failure,
        }
    }
    assert!(failures.is_empty(), "{failures}");
    let Figures { flows, positions, single, for_ever, pairs, visits } = all;
    assert!(single > 0 && for_ever > 0 && pairs > 0 && visits > 0, "{all:?}");
    // Not by println, which is not seen where a test succeeds.
    let _ = writeln!(
        std::io::stderr(),
        "  {} cases survived: {single} faults of {} kinds at {positions} positions of {flows} flows, {for_ever} that \
         went on for ever, {pairs} pairs, {visits} visits of another program",
        all.cases(),
        faults::kinds(),
    );
}
