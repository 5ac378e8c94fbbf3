//! A kind of card with which nobody is known to have tried this: the holder has to want it.

use super::Page;
use super::facts::Facts;
use super::form;
use crate::sheet::{self, Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::task::Task;
use avain_flow::{Text, text};
use gtk4 as gtk;
use gtk4::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// Asks for consent.
pub(crate) struct Consent {
    facts: Rc<Facts>,
    task: RefCell<Option<Box<Task>>>,
    about: Vec<Text>,
    untried: Text,
}

impl Consent {
    pub(crate) fn new(facts: Rc<Facts>, task: Box<Task>, about: Vec<Text>) -> Self {
        let untried = task.untried();
        Consent { facts, task: RefCell::new(Some(task)), about, untried }
    }
}

impl Page for Consent {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_consent());
        sheet.say(&self.untried);
        let agree = gtk::CheckButton::with_label(&sheet.word(&text::window_agree()));
        sheet.column.append(&agree);
        let back = super::back(window, sheet);
        let (window, page) = (window.clone(), self.clone());
        let go_on = move || {
            if let Some(mut task) = page.task.take() {
                task.consent();
                form::enter(&window, page.facts.clone(), task, page.about.clone());
            }
        };
        let go_on = sheet::button(&sheet.word(&text::button_go_on()), Weight::Grave, go_on);
        go_on.set_sensitive(false);
        agree.bind_property("active", &go_on, "sensitive").build();
        sheet.buttons(&[back, go_on]);
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        self.facts.holds(seen)
    }
}
