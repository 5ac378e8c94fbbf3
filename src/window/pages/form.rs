//! The form: all entries of a task on one page.

use super::Page;
use super::consent::Consent;
use super::facts::Facts;
use super::keypad::OnKeypad;
use super::outcome::{GoOn, Outcome};
use crate::digits::Digits;
use crate::field::Field as View;
use crate::letter;
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::rules::Leave;
use avain_flow::task::form::{Entry, Objection, Verdict, Which};
use avain_flow::task::{Begun, Field, Job, Task};
use avain_flow::{Consent as Agreement, Failure, LastTry, Pin, Secret, Text, text};
use gtk4::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

const ORDINARY: Leave = Leave { last_try: LastTry::Keep, long_pin: false, consent: Agreement::NotAsked };

/// Begins a job on a card.
pub(crate) fn begin(window: &Window, facts: Rc<Facts>, job: Job) {
    begin_with(window, facts, job, ORDINARY);
}

fn begin_with(window: &Window, facts: Rc<Facts>, job: Job, leave: Leave) {
    let card = facts.card.clone();
    let begin = move || match Task::begin(card, job, leave)? {
        Begun::Task(task) => task.about().map(|about| Ok((task, about))),
        Begun::Nothing(why) => Ok(Err(why)),
    };
    window.work(text::window_reading(), begin, move |window, begun| match begun {
        Ok(Ok((task, about))) if task.wants_consent() => window.show(Consent::new(facts, task, about)),
        Ok(Ok((task, about))) => enter(window, facts, task, about),
        Ok(Err(why)) => window.show(Outcome::done(text::window_done(), why)),
        Err(failure) => fail(window, facts, failure, job),
    });
}

/// Has the entries made: on the reader's keypad, where that takes them all and the holder wants it, or here.
pub(super) fn enter(window: &Window, facts: Rc<Facts>, task: Box<Task>, mut about: Vec<Text>) {
    if task.takes_keypad() {
        return window.show(OnKeypad::new(facts, task, about));
    }
    about.extend(task.keeps_to_keyboard().then(text::keypad_keyboard));
    window.show(Form::new(facts, task, about));
}

/// Shows a failure.
fn fail(window: &Window, facts: Rc<Facts>, failure: Failure, job: Job) {
    let again = again(&facts, &failure, job);
    window.show(Outcome::failed(failure, again));
}

/// Who uses the last try all the same, or goes on with what is half done, begins once more.
pub(super) fn again(facts: &Rc<Facts>, failure: &Failure, job: Job) -> GoOn {
    let leave = match failure.kind {
        avain_flow::Kind::LastTry => Leave { last_try: LastTry::Use, ..ORDINARY },
        _ => ORDINARY,
    };
    let facts = facts.clone();
    Rc::new(move |window| begin_with(window, facts.clone(), job, leave))
}

/// What the page of a job is called.
pub(super) fn title(job: Job, facts: &Facts) -> Text {
    match job {
        Job::Activate => text::window_activate(),
        Job::Change(secret) => text::window_change(facts.name(secret)),
        Job::Unblock(role) => text::window_unblock(facts.name(Secret::Pin(role))),
    }
}

/// The job is done, and this is to be said of it.
pub(super) fn done(facts: Rc<Facts>, job: Job, mut said: Vec<Text>) -> Outcome {
    match job {
        Job::Activate => {
            said.push(text::window_keep_apart());
            let whole = said.contains(&text::activated());
            let title = if whole { text::window_activated() } else { text::window_done() };
            Outcome::done(title, said).and_test(facts)
        }
        Job::Change(Secret::Puk) => Outcome::done(text::window_done(), said),
        Job::Change(_) | Job::Unblock(_) => Outcome::done(text::window_done(), said).and_test(facts),
    }
}

/// An entry, and what was typed for it.
struct Row {
    field: Field,
    prompt: Text,
    typed: Digits,
    /// The same once more, with its label.
    again: Option<(Text, Digits)>,
}

impl Row {
    fn of(task: &Task, field: Field) -> Self {
        let again = field.is_new().then(|| (task.prompt_again(field), Digits::new()));
        Row { field, prompt: task.prompt(field), typed: Digits::new(), again }
    }

    fn wipe(&self) {
        self.typed.wipe();
        self.again.iter().for_each(|(_, digits)| digits.wipe());
    }
}

/// The form.
pub(crate) struct Form {
    facts: Rc<Facts>,
    job: Job,
    task: RefCell<Option<Box<Task>>>,
    about: Vec<Text>,
    rows: Vec<Row>,
    /// With a picture of the letter?
    letter: bool,
    /// Why it is shown again.
    refused: RefCell<Vec<Text>>,
    /// May the last try be used, if the holder wants that?
    last_try: Cell<bool>,
    verdict: RefCell<Verdict>,
    /// The fields as they are drawn.
    views: RefCell<Vec<(Field, Which, View)>>,
}

impl Form {
    pub(crate) fn new(facts: Rc<Facts>, task: Box<Task>, about: Vec<Text>) -> Self {
        Form {
            facts,
            job: task.job(),
            rows: task.fields().into_iter().map(|field| Row::of(&task, field)).collect(),
            letter: task.wants_letter(),
            task: RefCell::new(Some(task)),
            about,
            refused: RefCell::default(),
            last_try: Cell::default(),
            verdict: RefCell::default(),
            views: RefCell::default(),
        }
    }

    /// The same after something was refused.
    fn after(self, refused: Vec<Text>) -> Self {
        *self.refused.borrow_mut() = refused;
        self
    }

    /// Shows what has to be said of the entries, and goes to the first that has to be typed anew.
    fn show_verdict(&self, window: &Window) {
        let verdict = self.verdict.borrow();
        let views = self.views.borrow();
        let mut first = None;
        // What was refused stands in the first field.
        let mut refused =
            self.refused.borrow().iter().map(|text| window.word(text)).collect::<Vec<_>>().join(" ");
        for (field, which, view) in views.iter() {
            let wrong = |it: &&Objection| it.field == *field && it.which == *which;
            let objection = verdict.objections.iter().find(wrong).map(|it| window.word(&it.text));
            let objection = objection.unwrap_or_else(|| std::mem::take(&mut refused));
            refused.clear();
            view.object(&objection);
            let mut weak = Vec::new();
            if *which == Which::First {
                let own = verdict.warnings.iter().filter(|(warned, _)| warned == field);
                weak.extend(own.map(|(_, text)| window.word(text)));
                if !weak.is_empty() && verdict.objections.is_empty() {
                    weak.push(window.word(&text::window_wise()));
                }
            }
            view.warn(&weak.join(" "));
            if first.is_none()
                && (!objection.is_empty() || (!weak.is_empty() && verdict.objections.is_empty()))
            {
                first = Some(view.entry.clone());
            }
        }
        if let Some(entry) = first {
            entry.grab_focus();
            window.reveal();
        }
    }

    /// OK was pressed.
    fn submit(self: &Rc<Self>, window: &Window) {
        let Some(typed) = self.typed() else {
            return self.refuse(window, vec![text::no_memory()]);
        };
        let judged = match &*self.task.borrow() {
            Some(task) => {
                let entries = self.rows.iter().zip(&typed);
                let entries: Vec<Entry<'_>> = entries
                    .map(|(row, (typed, again))| Entry { field: row.field, typed, again: again.as_ref() })
                    .collect();
                task.judge(&entries)
            }
            None => return,
        };
        match judged {
            Ok(verdict) => {
                let insists = verdict.objections.is_empty()
                    && (verdict.warnings.is_empty() || *self.verdict.borrow() == verdict);
                *self.verdict.borrow_mut() = verdict;
                self.refused.borrow_mut().clear();
                if insists {
                    self.carry_out(window, typed);
                } else {
                    self.show_verdict(window);
                }
            }
            Err(failure) => {
                self.last_try.set(failure.kind == avain_flow::Kind::LastTry);
                self.refuse(window, failure.words);
            }
        }
    }

    fn refuse(self: &Rc<Self>, window: &Window, why: Vec<Text>) {
        *self.refused.borrow_mut() = why;
        *self.verdict.borrow_mut() = Verdict::default();
        window.show_again(self.clone());
    }

    fn typed(&self) -> Option<Vec<(Pin, Option<Pin>)>> {
        let twice = |row: &Row| match &row.again {
            Some((_, again)) => Some((row.typed.pin()?, Some(again.pin()?))),
            None => Some((row.typed.pin()?, None)),
        };
        self.rows.iter().map(twice).collect()
    }

    /// Gives the entries to the task, and carries it out.
    fn carry_out(self: &Rc<Self>, window: &Window, typed: Vec<(Pin, Option<Pin>)>) {
        let Some(mut task) = self.task.take() else { return };
        self.rows.iter().for_each(Row::wipe);
        let mut said = Vec::new();
        for (row, (typed, again)) in self.rows.iter().zip(typed) {
            let given =
                if task.wants(row.field) { task.give(row.field, typed, again.as_ref()) } else { continue };
            match given {
                Ok(remarks) => said.extend(remarks),
                // It was judged before, so this does not happen.
                Err(_) => continue,
            }
        }
        let page = self.clone();
        if task.next().is_some() {
            return window.show(Form::new(page.facts.clone(), task, page.about.clone()).after(said));
        }
        let carry_out = move || {
            let outcome = task.carry_out(&mut |_| {});
            (task, outcome)
        };
        window.work(text::writing(), carry_out, move |window, (task, outcome)| {
            page.finish(window, task, outcome)
        });
    }

    fn finish(&self, window: &Window, task: Box<Task>, outcome: Result<Vec<Text>, Failure>) {
        let facts = self.facts.clone();
        match outcome {
            Ok(said) => window.show(done(facts, self.job, said)),
            // Who has made a mistake types that one entry again.
            Err(failure) if task.next().is_some() => {
                let refused = failure.words.into_iter().chain(task.at_stake()).collect();
                window.show(Form::new(facts, task, Vec::new()).after(refused));
            }
            Err(failure) => fail(window, facts, failure, self.job),
        }
    }
}

impl Page for Form {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&title(self.job, &self.facts));
        sheet.say_all(&self.about);
        if self.letter {
            let picture = letter::picture(&sheet.word(&text::window_letter_picture()));
            sheet.illustrated(&[text::window_letter(), text::take_your_time()], &picture);
        } else {
            sheet.say(&text::take_your_time());
        }
        let mut views = Vec::new();
        for row in &self.rows {
            let beside = sheet.fields();
            let field = View::new(&beside, 0, &sheet.word(&row.prompt), &row.typed);
            views.push((row.field, Which::First, field));
            if let Some((prompt, digits)) = &row.again {
                let field = View::new(&beside, 1, &sheet.word(prompt), digits);
                views.push((row.field, Which::Again, field));
            }
        }
        if let Some((_, _, first)) = views.first() {
            sheet.focus_on(&first.entry);
        }
        *self.views.borrow_mut() = views;
        if self.last_try.get() {
            let (window, page) = (window.clone(), self.clone());
            let use_it = move || {
                page.task.borrow_mut().iter_mut().for_each(|task| task.use_last_try());
                page.last_try.set(false);
                page.refused.borrow_mut().clear();
                page.submit(&window);
            };
            sheet.button(&text::button_last_try(), Weight::Grave, use_it);
        }
        let (submit, page) = (window.clone(), self.clone());
        super::back_or(window, sheet, move || page.submit(&submit));
        self.show_verdict(window);
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        self.facts.holds(seen)
    }

    fn is_busy(&self) -> bool {
        true
    }
}
