//! Programs together on one card, by the thousand operations: two instances of the module, a process of its
//! own, a program that speaks raw PC/SC and has no manners, OpenSC's program with both modules; and the card
//! is swapped for another person's again and again.
//!
//! Each signature holds under the certificate of the key that it was asked for, which the programs keep for each
//! other, and no session outlives its card. No PIN is sent to a card whose PIN it is not, and PIN2 is never found open.

mod disturbers;
mod program;
mod scenes;
mod table;

use disturbers::{Place, Tool, hammer, pkcs11_tool};
use kit::Dice;
use kit::{Child, InsertedCard, LoginSession, Module, World, second_program};
use program::{Certificates, Program, Report};
use scenes::{PERSONS, PIN2, SCENES, Scene};
use simcard::Card;
use std::ffi::CString;
use std::fs;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use table::Table;

/// Two instances in this process, and one in its own.
const PROGRAMS: u64 = 3;
/// OpenSC's own module.
const OPENSC: &str = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";
/// No call takes longer, however unfair pcscd is.
const BOUND: Duration = Duration::from_secs(30);
/// Who is not done by then hangs.
const PATIENCE: Duration = Duration::from_secs(900);

/// How many operations in all. AVAIN_OPERATIONS asks for more.
fn operations() -> u32 {
    let asked = std::env::var("AVAIN_OPERATIONS").ok();
    asked.map_or(2_000, |number| number.parse().expect("AVAIN_OPERATIONS is a number"))
}

/// What came of it.
#[derive(Default)]
struct Outcome {
    report: Report,
    /// How often the card was swapped, and what others did.
    swaps: u32,
    disturbances: u32,
    tools: u32,
}

fn certificates(cards: &[Arc<Mutex<Card>>; PERSONS], scene: &Scene) -> Certificates {
    cards.each_ref().map(|card| {
        let card = card.lock().expect("nobody has it");
        scene
            .tokens
            .each_ref()
            .map(|token| card.certificates().named(token.certificate).expect("the certificate").der.clone())
    })
}

/// Swaps the card in the reader for another person's until the programs are done.
fn swap_cards(
    game: &Game<'_>,
    mut inserted: InsertedCard,
    mut dice: Dice,
    done: impl Fn() -> bool,
) -> (InsertedCard, u32) {
    let start = Instant::now();
    for swaps in 0.. {
        let until = Instant::now() + Duration::from_millis(u64::from(1000 + dice.below(4000)));
        while Instant::now() < until {
            if done() {
                return (inserted, swaps);
            }
            if start.elapsed() > PATIENCE {
                // A thread that hangs cannot be ended.
                let _ = writeln!(std::io::stderr(), "a program hangs");
                std::process::abort();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let person = (game.table.turn().person + 1) % PERSONS;
        inserted = game.table.swap(person, || {
            inserted.remove();
            // pcscd, made to reset a card that is being taken out, believes for a look longer that it is
            // there.
            std::thread::sleep(Duration::from_millis(600));
            game.world.put_into(0, Arc::clone(&game.cards[person]))
        });
    }
    (inserted, 0)
}

/// Ends all waiting where a test fails.
struct AtTheEnd<'a>(&'a AtomicBool, &'a Table);

impl Drop for AtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
        self.1.calm();
    }
}

/// A scene that is played.
struct Game<'a> {
    /// All programs keep certificates in one place.
    _session: LoginSession,
    scene: &'a Scene,
    world: World,
    cards: [Arc<Mutex<Card>>; PERSONS],
    certificates: Certificates,
    table: Table,
    /// Operations of each program.
    operations: u32,
    seed: u64,
}

impl<'a> Game<'a> {
    fn new(scene: &'a Scene, operations: u32, seed: u64) -> Self {
        let cards = std::array::from_fn(|person| kit::card(&scene.of(person)));
        let certificates = certificates(&cards, scene);
        let operations = operations.div_ceil(u32::try_from(PROGRAMS).expect("few"));
        let world = World::on_the_daemon();
        Self {
            _session: LoginSession::new(),
            scene,
            world,
            cards,
            certificates,
            table: Table::new(PIN2),
            operations,
            seed,
        }
    }

    /// Each has dice of its own.
    fn dice(&self, number: u64) -> Dice {
        Dice::new(self.seed.wrapping_add(number))
    }

    fn program(&self, number: u64, module: &'static Module) -> Program<'_> {
        Program {
            module,
            scene: self.scene,
            table: &self.table,
            certificates: &self.certificates,
            number,
            dice: self.dice(number),
            report: Report::default(),
        }
    }

    fn play(&self) -> Outcome {
        let inserted = self.world.put_into(0, Arc::clone(&self.cards[0]));
        let note = kit::scratch("report").join("report");
        let child = Child::fork(PATIENCE, || {
            let _running = self.world.module.initialize().expect("C_Initialize");
            let report = self.program(0, self.world.module).run(self.operations);
            fs::write(&note, report.to_text()).expect("the report");
            0
        });
        self.world.initialize();
        let _running = second_program().initialize().expect("C_Initialize");
        let (inserted, mut outcome) = self.play_here(inserted);
        if child.wait() == 0 {
            outcome.report.add(Report::from_text(&fs::read_to_string(note).expect("the report")));
        } else {
            outcome.report.wrong.push("the process of its own failed".to_owned());
        }
        outcome.report.wrong.extend(self.harm());
        drop(inserted);
        outcome
    }

    /// What this process does.
    fn play_here(&self, inserted: InsertedCard) -> (InsertedCard, Outcome) {
        let stop = AtomicBool::new(false);
        let reader = CString::new(inserted.reader()).expect("a reader's name");
        let place = Place {
            scene: self.scene,
            table: &self.table,
            certificates: &self.certificates,
            reader,
            stop: &stop,
        };
        let programs = [(1, self.world.module), (2, second_program())]
            .map(|(number, module)| self.program(number, module));
        let avain = Tool { module: Module::for_programs(), excuse: "CKR_DEVICE_ERROR" };
        // OpenSC has trouble with the others at the card, and many words for it.
        let opensc = self.scene.opensc.then(|| Tool { module: OPENSC.into(), excuse: "" });
        std::thread::scope(|scope| {
            let _end = AtTheEnd(&stop, &self.table);
            let place = &place;
            let working = programs.map(|program| scope.spawn(move || program.run(self.operations)));
            let hammering = scope.spawn(|| hammer(place, self.dice(3)));
            let tools: Vec<_> = (4..)
                .zip([Some(avain), opensc].into_iter().flatten())
                .map(|(number, tool)| scope.spawn(move || pkcs11_tool(place, &tool, self.dice(number))))
                .collect();
            let done = || self.table.all_done(PROGRAMS) || working.iter().any(|thread| thread.is_finished());
            let (inserted, swaps) = swap_cards(self, inserted, self.dice(6), done);
            stop.store(true, Ordering::SeqCst);
            let mut outcome = Outcome { swaps, ..Outcome::default() };
            for (count, others) in [(&mut outcome.disturbances, vec![hammering]), (&mut outcome.tools, tools)]
            {
                for other in others {
                    match other.join().expect("no panic") {
                        Ok(times) => *count += times,
                        Err(wrong) => outcome.report.wrong.push(wrong),
                    }
                }
            }
            self.table.calm();
            for program in working {
                outcome.report.add(program.join().expect("no panic"));
            }
            (inserted, outcome)
        })
    }

    /// What was done to the cards that must not be.
    fn harm(&self) -> Vec<String> {
        let mut harm = Vec::new();
        for (person, card) in self.cards.iter().enumerate() {
            let card = card.lock().expect("nobody has it");
            let references = card.references();
            for reference in [Some(references.pin1), references.pin2, references.puk].into_iter().flatten() {
                let spent = card.credential_count(reference).tries_spent;
                if spent > 0 {
                    harm.push(format!(
                        "{spent} wrong codes for {reference:02X} of the card of person {person}"
                    ));
                }
            }
        }
        harm
    }
}

#[test]
fn programs_that_disturb_each_other_sign_rightly_and_lose_no_try() {
    let seed = kit::seed("together");
    let mut all = Outcome::default();
    for scene in &SCENES {
        let outcome = Game::new(scene, operations() * scene.share / 100, seed).play();
        let wrong = &outcome.report.wrong;
        assert!(wrong.is_empty(), "{}, AVAIN_SEED={seed}: {wrong:#?}", scene.card);
        all.report.add(outcome.report);
        all.swaps += outcome.swaps;
        all.disturbances += outcome.disturbances;
        all.tools += outcome.tools;
    }
    let Outcome { report, swaps, disturbances, tools } = all;
    let Report { operations, signatures, disturbed, refused, longest, .. } = report;
    let _ = writeln!(
        std::io::stderr(),
        "  {operations} operations of {PROGRAMS} programs on one card, {signatures} of them signatures, beside \
         {disturbances} disturbances, {tools} runs of pkcs11-tool and {swaps} swaps of cards; {disturbed} calls \
         were disturbed and {refused} refused; longest call {:.1} s",
        longest.as_secs_f64()
    );
    assert!(longest < BOUND, "a call took {longest:?}");
    assert!(disturbed < operations / 20, "{disturbed} of {operations} operations were disturbed");
    assert!(swaps > 0 && refused > 0 && disturbances > 0 && tools > 0, "nobody disturbed");
}
