//! A reader with a keypad: PINs are entered there, where this computer does not see them; or here, if the holder wants
//! that.

use super::facts::Facts;
use super::form::{self, Form};
use super::outcome::Outcome;
use super::{Page, Working, back};
use crate::sheet::{self, Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::task::Task;
use avain_flow::{Text, text};
use futures_channel::mpsc::unbounded;
use futures_util::StreamExt;
use gtk4::glib;
use std::cell::RefCell;
use std::rc::Rc;

/// Offers both.
pub(super) fn offer(
    window: &Window,
    sheet: &Sheet<'_>,
    there: impl Fn() + 'static,
    here: impl Fn() + 'static,
) {
    sheet.say(&text::window_keypad());
    let here = sheet::button(&sheet.word(&text::button_keyboard()), Weight::Plain, here);
    let there = sheet::button(&sheet.word(&text::button_keypad()), Weight::Suggested, there);
    sheet.buttons(&[back(window, sheet), here, there]);
}

/// Does some work on the thread for cards, and shows what that asks to be entered on the keypad.
pub(super) fn work<T: Send + 'static>(
    window: &Window,
    work: impl FnOnce(&mut dyn FnMut(&Text)) -> T + Send + 'static,
    then: impl FnOnce(&Window, T) + 'static,
) {
    let page = Rc::new(Working::new(text::window_reading()));
    let (tell, mut told) = unbounded::<Text>();
    let (shown, waiting) = (window.clone(), page.clone());
    window.show_again(page);
    glib::spawn_future_local(async move {
        while let Some(prompt) = told.next().await {
            waiting.say(prompt);
            shown.redraw();
        }
    });
    window.work_here(move || work(&mut |prompt| drop(tell.unbounded_send(prompt.clone()))), then);
}

/// A task whose entries can all be made on the keypad.
pub(super) struct OnKeypad {
    facts: Rc<Facts>,
    task: RefCell<Option<Box<Task>>>,
    title: Text,
    about: Vec<Text>,
}

impl OnKeypad {
    pub(super) fn new(facts: Rc<Facts>, task: Box<Task>, about: Vec<Text>) -> Self {
        OnKeypad { title: form::title(task.job(), &facts), facts, task: RefCell::new(Some(task)), about }
    }

    fn carry_out(&self, window: &Window) {
        let Some(mut task) = self.task.take() else { return };
        let (facts, job) = (self.facts.clone(), task.job());
        let enter = move |ask: &mut dyn FnMut(&Text)| task.carry_out_on_keypad(ask, &mut |_| {});
        work(window, enter, move |window, outcome| match outcome {
            Ok(said) => window.show(form::done(facts, job, said)),
            Err(failure) => {
                let again = form::again(&facts, &failure, job);
                window.show(Outcome::failed_on_keypad(failure, again));
            }
        });
    }

    fn type_here(&self, window: &Window) {
        if let Some(task) = self.task.take() {
            window.show(Form::new(self.facts.clone(), task, self.about.clone()));
        }
    }
}

impl Page for OnKeypad {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&self.title);
        sheet.say_all(&self.about);
        let (page, there) = (self.clone(), window.clone());
        let (again, here) = (self, window.clone());
        offer(window, sheet, move || page.carry_out(&there), move || again.type_here(&here));
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        self.facts.holds(seen)
    }
}
