//! The one entry of a page that asks for nothing else: its digits, and what is wrong with them.

use crate::digits::Digits;
use crate::field::Field;
use crate::sheet::Sheet;
use crate::window::Window;
use avain_flow::{Pin, Text};
use gtk4::prelude::WidgetExt;
use std::cell::RefCell;

/// What is typed, and what was said of it.
pub(super) struct Entry {
    digits: Digits,
    refused: RefCell<Vec<Text>>,
    field: RefCell<Option<Field>>,
}

impl Entry {
    /// An empty one. What was typed before it was refused for these reasons.
    pub(super) fn new(refused: Vec<Text>) -> Self {
        Entry { digits: Digits::new(), refused: RefCell::new(refused), field: RefCell::default() }
    }

    /// What was typed; `None` if there is no memory for it.
    pub(super) fn typed(&self) -> Option<Pin> {
        self.digits.pin()
    }

    /// Forgets what was typed.
    pub(super) fn wipe(&self) {
        self.digits.wipe();
    }

    /// Lays it out, with what is wrong.
    pub(super) fn draw(&self, sheet: &Sheet<'_>, prompt: &Text) {
        let field = Field::new(&sheet.fields(), 0, &sheet.word(prompt), &self.digits);
        let refused: Vec<String> = self.refused.borrow().iter().map(|text| sheet.word(text)).collect();
        field.object(&refused.join(" "));
        sheet.focus_on(&field.entry);
        *self.field.borrow_mut() = Some(field);
    }

    /// The page will be drawn again, and say this.
    pub(super) fn refuse(&self, why: Vec<Text>) {
        *self.refused.borrow_mut() = why;
    }

    /// Says at once what is wrong.
    pub(super) fn object(&self, window: &Window, why: Vec<Text>) {
        if let Some(field) = &*self.field.borrow() {
            let said: Vec<String> = why.iter().map(|text| window.word(text)).collect();
            field.object(&said.join(" "));
            field.entry.grab_focus();
            window.reveal();
        }
        self.refuse(why);
    }
}
