//! What came of something: it was done, or not, or half.

use super::facts::Facts;
use super::{Page, look, pin, report};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::{Failure, Kind, Text, text};
use std::rc::Rc;

/// Goes on with the same.
pub(super) type GoOn = Rc<dyn Fn(&Window)>;

/// What came of something.
pub(crate) struct Outcome {
    title: Text,
    said: Vec<Text>,
    failed: bool,
    /// What can be done next, by its button.
    next: Option<(Text, Weight, GoOn)>,
}

impl Outcome {
    /// It was done.
    pub(crate) fn done(title: Text, said: Vec<Text>) -> Self {
        Outcome { title, said, failed: false, next: None }
    }

    /// The PINs are set, and can be tried.
    pub(crate) fn and_test(mut self, facts: Rc<Facts>) -> Self {
        let test: GoOn = Rc::new(move |window: &Window| pin::test(window, facts.clone()));
        self.next = Some((text::button_test(), Weight::Suggested, test));
        self
    }

    /// It failed. `again` does it nevertheless, or goes on with it.
    pub(crate) fn failed(failure: Failure, again: GoOn) -> Self {
        let next = match failure.kind {
            Kind::LastTry => Some((text::button_last_try(), Weight::Grave, again)),
            Kind::Partly => Some((text::button_go_on(), Weight::Suggested, again)),
            _ => None,
        };
        Outcome { title: text::window_failed(), said: failure.words, failed: true, next }
    }

    /// The same on a keypad: where nothing else was wrong than what was entered, it can be entered again.
    pub(super) fn failed_on_keypad(failure: Failure, again: GoOn) -> Self {
        let once_more = (text::button_again(), Weight::Suggested, again.clone());
        let is_entry = matches!(failure.kind, Kind::Cancelled | Kind::Unfit | Kind::Refused);
        let mut outcome = Outcome::failed(failure, again);
        outcome.next = outcome.next.or(is_entry.then_some(once_more));
        outcome
    }
}

impl Page for Outcome {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&self.title);
        if self.failed {
            sheet.alert(&self.said);
        } else {
            sheet.say_all(&self.said);
        }
        if let Some((words, weight, act)) = &self.next {
            let (window, act) = (window.clone(), act.clone());
            sheet.button(words, *weight, move || act(&window));
        }
        let back = window.clone();
        sheet.button(&text::button_back(), Weight::Plain, move || look(&back));
        let window = window.clone();
        if self.failed {
            sheet.button(&text::button_report(), Weight::Plain, move || report::make(&window));
        } else {
            sheet.button(&text::button_close(), Weight::Plain, move || window.close());
        }
    }

    /// What was done is not taken back when the card is taken out: the holder reads it.
    fn stays(&self, _: &[Seen]) -> bool {
        true
    }
}
