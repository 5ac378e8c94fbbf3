//! What the user can choose: what happens when a new card is put in, which programs know the card, which numbers are
//! stored. The language is chosen above every page.

use super::{Page, computer, look, programs};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::desktop::Preference;
use avain_flow::presence::Seen;
use avain_flow::{Text, cans, text};
use gtk4 as gtk;
use gtk4::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// The settings.
struct Settings {
    chosen: Preference,
    /// The card access numbers, or why there are none; nothing, where none were ever stored.
    numbers: Vec<Text>,
    /// What could not be done.
    failed: RefCell<Vec<Text>>,
}

/// Reads them, and shows them.
pub(super) fn show(window: &Window) {
    window.show(read(Vec::new()));
}

fn read(failed: Vec<Text>) -> Settings {
    let numbers = cans::list().unwrap_or_else(|failure| failure.words);
    Settings { chosen: Preference::of(&computer()), numbers, failed: RefCell::new(failed) }
}

impl Settings {
    fn prefer(&self, window: &Window, preference: Preference) {
        let failed = preference.keep(&computer()).err().map(|failure| failure.words).unwrap_or_default();
        if !failed.is_empty() || !self.failed.borrow().is_empty() {
            window.show(read(failed));
        }
    }

    fn draw_preference(self: &Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.say(&text::window_new_card()).add_css_class("heading");
        let mut first: Option<gtk::CheckButton> = None;
        for preference in Preference::ALL {
            let button = gtk::CheckButton::with_label(&sheet.word(&text::window_prefers(preference)));
            button.set_group(first.as_ref());
            button.set_active(preference == self.chosen);
            let (window, page) = (window.clone(), self.clone());
            button.connect_toggled(move |button| {
                if button.is_active() {
                    page.prefer(&window, preference);
                }
            });
            sheet.column.append(&button);
            first.get_or_insert(button);
        }
    }

    fn draw_numbers(&self, window: &Window, sheet: &Sheet<'_>) {
        sheet.say(&text::window_numbers()).add_css_class("heading");
        sheet.say_all(&self.numbers);
        if self.numbers != [text::can_none()] {
            let window = window.clone();
            sheet.button(&text::button_forget(), Weight::Plain, move || {
                let failed = cans::forget_all().err().map(|failure| failure.words);
                window.show(read(failed.unwrap_or_default()));
            });
        }
    }
}

impl Page for Settings {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_settings());
        sheet.alert(&self.failed.borrow());
        self.draw_preference(window, sheet);
        sheet.say(&text::window_programs()).add_css_class("heading");
        let shown = window.clone();
        sheet.button(&text::button_programs(), Weight::Plain, move || programs::begin(&shown));
        self.draw_numbers(window, sheet);
        let window = window.clone();
        sheet.button(&text::button_back(), Weight::Plain, move || look(&window));
    }

    fn stays(&self, _: &[Seen]) -> bool {
        true
    }
}
