//! The card: whose it is, how it stands, and what can be done with it.

use super::facts::Facts;
use super::{Chosen, Page, certificates, jobs, pin, programs, report};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::task::Job;
use avain_flow::{Text, text};
use gtk4::prelude::*;
use std::rc::Rc;

/// The card.
pub(crate) struct Overview(Rc<Facts>);

impl Overview {
    pub(crate) fn new(facts: Rc<Facts>) -> Self {
        Overview(facts)
    }

    /// A button that does something with the card.
    fn button(
        &self,
        window: &Window,
        sheet: &Sheet<'_>,
        words: &Text,
        weight: Weight,
        act: impl Fn(&Window, Rc<Facts>) + 'static,
    ) {
        let (window, facts) = (window.clone(), self.0.clone());
        sheet.button(words, weight, move || act(&window, facts.clone()));
    }
}

impl Page for Overview {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        let facts = &self.0;
        let (kind, rest) = match facts.about.split_first() {
            Some((kind, rest)) => (kind.clone(), rest),
            None => (text::window_done(), Default::default()),
        };
        sheet.title(&kind);
        sheet.say_all(rest);
        sheet.say_all(&facts.pins);
        sheet.say_all(&facts.certificates_in_words());
        for advice in &facts.advice {
            sheet.say(advice).add_css_class("heading");
        }
        let activates = facts.wants_activation();
        if facts.unknown_to_browsers && facts.is_of_use() && !activates {
            programs::offer(window, sheet);
        }
        if activates {
            jobs::button(window, sheet, facts, Job::Activate);
        } else if facts.is_of_use() {
            self.button(window, sheet, &text::window_test(), Weight::Plain, pin::test);
            self.button(window, sheet, &text::button_sign(), Weight::Plain, choose_file);
            for job in &facts.jobs {
                jobs::button(window, sheet, facts, *job);
            }
        }
        self.button(window, sheet, &text::button_certificates(), Weight::Plain, |window, facts| {
            certificates::show(window, facts);
        });
        self.button(window, sheet, &text::button_report(), Weight::Plain, |window, _| report::make(window));
        if !activates && facts.is_of_use() {
            sheet.say(&text::window_drop());
        }
    }

    /// Other cards make a choice of it.
    fn stays(&self, seen: &[Seen]) -> bool {
        self.0.is_all(seen)
    }
}

/// Asks which file is to be signed.
fn choose_file(window: &Window, facts: Rc<Facts>) {
    let sign = window.clone();
    let sign = move |path| pin::sign(&sign, facts.clone(), path);
    super::choose(window, &text::window_sign(), Chosen::Opened, sign);
}
