//! Browsers and other programs that are told of the module for the card, or made to forget it. What will happen is shown
//! first.

use super::{Page, absent, computer, look};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::registration::{
    self, Action, Direction, Done, Outcome, Plan, Programs, Row, Scope, State, Wanted,
};
use avain_flow::{Failure, Text, clean, text};
use gtk4::prelude::*;
use std::rc::Rc;

/// Is there a program that does not know the module, and was its user never asked about that?
pub(super) fn are_to_be_offered() -> bool {
    let system = computer();
    let asked = registration::was_offered(&system) || registration::was_removed(&system);
    !asked && plan(Direction::Register).is_ok_and(|plan| plan.changes_anything())
}

/// Offers it on another page.
pub(super) fn offer(window: &Window, sheet: &Sheet<'_>) {
    sheet.say(&text::window_programs_offer());
    let begun = window.clone();
    sheet.button(&text::button_programs(), Weight::Suggested, move || begin(&begun));
    let window = window.clone();
    sheet.button(&text::button_no(), Weight::Plain, move || {
        note_offer();
        look(&window);
    });
}

/// If it cannot be noted, it is offered again, and that is all.
fn note_offer() {
    let _ = registration::note_offer(&computer());
}

fn plan(direction: Direction) -> Result<Plan, Failure> {
    let (scope, programs, tool) = (Scope::User, Programs::OfDesktop, std::env::current_exe().ok());
    registration::plan(
        &computer(),
        Wanted { scope, direction, programs, only_new: false, module: None, tool },
    )
}

/// Shows what would happen.
pub(super) fn begin(window: &Window) {
    note_offer();
    window.work(
        text::window_wait(),
        || plan(Direction::Register),
        |window, plan| match plan {
            Ok(plan) => window.show(Planned(plan)),
            Err(failure) => window.show(absent::Absent::new(failure)),
        },
    );
}

/// Plans and does what is planned.
fn carry_out(window: &Window, direction: Direction) {
    let work = move || {
        let plan = plan(direction)?;
        let done = registration::carry_out(&computer(), &plan);
        Ok(Told { direction, others: registration::others(&computer()), rows: plan.rows, done })
    };
    window.work(text::window_wait(), work, |window, told: Result<_, Failure>| match told {
        Ok(told) => window.show(told),
        Err(failure) => window.show(absent::Absent::new(failure)),
    });
}

/// The button that makes programs forget the module.
fn undo(window: &Window, sheet: &Sheet<'_>) {
    let window = window.clone();
    let forget = move || carry_out(&window, Direction::Unregister);
    sheet.button(&text::button_undo(), Weight::Plain, forget);
}

fn leave(window: &Window, sheet: &Sheet<'_>, words: &Text) {
    let window = window.clone();
    sheet.button(words, Weight::Plain, move || look(&window));
}

/// What would happen.
struct Planned(Plan);

impl Planned {
    fn know_it(&self) -> bool {
        let knows = |row: &Row| matches!(row.state, State::Registered | State::ForAll);
        self.0.rows.iter().any(knows)
    }
}

impl Page for Planned {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_programs());
        sheet.say(&match (self.0.rows.is_empty(), self.0.changes_anything()) {
            (true, _) => text::reg_nothing(),
            (false, false) if self.know_it() => text::window_programs_known(),
            (false, _) => text::window_programs_why(),
        });
        for row in &self.0.rows {
            sheet.line(row.name).add_css_class("heading");
            let mut about = vec![standing(row, sheet)];
            if !row.place.as_os_str().is_empty() {
                about.push(clean::clean_path(&row.place));
            }
            sheet.lines(&about);
        }
        if self.0.changes_anything() {
            let tell = window.clone();
            let tell = move || carry_out(&tell, Direction::Register);
            sheet.button(&text::button_ok(), Weight::Suggested, tell);
            return leave(window, sheet, &text::button_no());
        }
        if self.know_it() {
            undo(window, sheet);
        }
        leave(window, sheet, &text::button_back());
    }

    fn stays(&self, _: &[Seen]) -> bool {
        true
    }
}

/// How a program stands, and what would happen to it.
fn standing(row: &Row, sheet: &Sheet<'_>) -> String {
    let standing = text::window_standing(row.state);
    let said = match row.action {
        Action::Refuse(refusal) => vec![text::reg_refusal(refusal, refusal.line())],
        Action::Nothing | Action::Leave => vec![standing],
        action => vec![standing, text::window_happens(action)],
    };
    said.iter().map(|text| sheet.word(text)).collect::<Vec<_>>().join(" ")
}

/// What became of it.
struct Told {
    direction: Direction,
    rows: Vec<Row>,
    done: Done,
    others: Vec<Text>,
}

impl Page for Told {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        let failed = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_));
        let all = self.done.outcomes.iter().any(failed);
        sheet.title(&if all { text::window_failed() } else { text::window_done() });
        for (row, outcome) in self.rows.iter().zip(&self.done.outcomes) {
            if let Outcome::Failed(refusal) = outcome {
                let why = sheet.word(&text::reg_refusal(*refusal, refusal.line()));
                sheet.say(&text::reg_failed(row.name, row.place.as_path(), why)).add_css_class("wrong");
            }
        }
        sheet.say_all(&self.done.by_program(&self.rows));
        sheet.say_all(&self.done.words(&self.rows, &self.others));
        if self.direction == Direction::Register {
            undo(window, sheet);
        }
        leave(window, sheet, &text::button_back());
    }

    fn stays(&self, _: &[Seen]) -> bool {
        true
    }
}
