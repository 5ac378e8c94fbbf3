//! There is no card to work with: what is missing, and what to do.

use super::{Page, look, report};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::{Failure, Kind, text};
use std::rc::Rc;

/// There is no card to work with.
pub(crate) struct Absent(Failure);

impl Absent {
    pub(crate) fn new(failure: Failure) -> Self {
        Absent(failure)
    }
}

impl Page for Absent {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        let title = if self.0.kind == Kind::NoCard { text::window_absent() } else { text::window_failed() };
        sheet.title(&title);
        sheet.say_all(&self.0.words);
        let again = window.clone();
        sheet.button(&text::button_again(), Weight::Plain, move || look(&again));
        let window = window.clone();
        sheet.button(&text::button_report(), Weight::Plain, move || report::make(&window));
    }
}
