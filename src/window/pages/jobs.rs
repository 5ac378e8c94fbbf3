//! Jobs of one kind, such as the change of each PIN: which one is meant?

use super::card::Overview;
use super::facts::Facts;
use super::{Page, form, look};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::task::Job;
use avain_flow::{Secret, Text, text};
use std::rc::Rc;

/// Several jobs.
struct Jobs {
    facts: Rc<Facts>,
    title: Text,
    jobs: Vec<Job>,
}

/// A PIN is to be changed.
pub(super) fn change(window: &Window, facts: Rc<Facts>) {
    offer(window, facts, text::window_change_any(), |job| matches!(job, Job::Change(_)));
}

/// A PIN is to be unlocked, or a forgotten one replaced.
pub(super) fn unblock(window: &Window, facts: Rc<Facts>) {
    offer(window, facts, text::window_unblock_any(), |job| matches!(job, Job::Unblock(_)));
}

/// Begins the only job of this kind, or asks which one it is. The page of the card says why there is none.
fn offer(window: &Window, facts: Rc<Facts>, title: Text, kind: fn(&Job) -> bool) {
    let can_be_done = facts.is_of_use() && !facts.wants_activation();
    let jobs = facts.jobs.iter().filter(|job| can_be_done && kind(job)).copied();
    match *jobs.collect::<Vec<_>>() {
        [] => window.show(Overview::new(facts)),
        [job] => form::begin(window, facts, job),
        ref jobs => window.show(Jobs { facts, title, jobs: jobs.to_vec() }),
    }
}

/// The button that begins a job.
pub(super) fn button(window: &Window, sheet: &Sheet<'_>, facts: &Rc<Facts>, job: Job) {
    let words = match job {
        Job::Activate => text::button_activate(),
        Job::Change(secret) => text::button_change(facts.name(secret)),
        Job::Unblock(role) => text::button_unblock(facts.name(Secret::Pin(role))),
    };
    let urgent = match job {
        Job::Activate => true,
        Job::Unblock(role) => facts.locked() == Some(role),
        Job::Change(_) => false,
    };
    let weight = if urgent { Weight::Suggested } else { Weight::Plain };
    let (window, facts) = (window.clone(), facts.clone());
    sheet.button(&words, weight, move || form::begin(&window, facts.clone(), job));
}

impl Page for Jobs {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&self.title);
        sheet.say_all(&self.facts.about);
        self.jobs.iter().for_each(|job| button(window, sheet, &self.facts, *job));
        let window = window.clone();
        sheet.button(&text::button_back(), Weight::Plain, move || look(&window));
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        self.facts.holds(seen)
    }
}
