//! A field for a PIN: its label, the entry, and what is wrong with what was typed.

use crate::digits::Digits;
use crate::sheet::{is_narrow, label};
use gtk4 as gtk;
use gtk4::accessible::{Property, Relation, State};
use gtk4::prelude::*;

/// How many rows of the grid a field takes.
const ROWS: i32 = 4;

/// The widgets of a field.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) entry: gtk::PasswordEntry,
    objection: gtk::Label,
    warning: gtk::Label,
}

impl Field {
    /// A field with this label for these digits, at a place of `grid`: entries beside each other stand in one line.
    pub(crate) fn new(grid: &gtk::Grid, place: i32, prompt: &str, digits: &Digits) -> Self {
        let name = label(prompt, gtk::AccessibleRole::Label);
        name.set_valign(gtk::Align::End);
        let entry = gtk::PasswordEntry::builder().activates_default(true).halign(gtk::Align::Start).build();
        entry.set_width_chars(20);
        if let Some(text) = entry.delegate().and_downcast::<gtk::Text>() {
            text.set_buffer(digits);
            text.set_input_purpose(gtk::InputPurpose::Pin);
            text.set_input_hints(gtk::InputHints::PRIVATE);
            // Or it would keep what was deleted.
            text.set_enable_undo(false);
        }
        let objection = label("", gtk::AccessibleRole::Alert);
        objection.add_css_class("wrong");
        let warning = label("", gtk::AccessibleRole::Alert);
        [&objection, &warning].iter().for_each(|label| label.set_visible(false));
        entry.update_relation(&[
            Relation::LabelledBy(&[name.upcast_ref()]),
            Relation::DescribedBy(&[objection.upcast_ref(), warning.upcast_ref()]),
        ]);
        let parts: [&gtk::Widget; 4] =
            [name.upcast_ref(), entry.upcast_ref(), objection.upcast_ref(), warning.upcast_ref()];
        let (column, first) = if is_narrow() { (0, place.saturating_mul(ROWS)) } else { (place, 0) };
        for (row, part) in (first..).zip(parts) {
            grid.attach(part, column, row, 1, 1);
        }
        Field { entry, objection, warning }
    }

    /// Says what is wrong with the entry, or nothing.
    pub(crate) fn object(&self, objection: &str) {
        self.objection.set_text(objection);
        self.objection.set_visible(!objection.is_empty());
        let (invalid, class) = match objection {
            "" => (gtk::AccessibleInvalidState::False, false),
            _ => (gtk::AccessibleInvalidState::True, true),
        };
        if class {
            self.entry.add_css_class("error");
        } else {
            self.entry.remove_css_class("error");
        }
        self.entry.update_state(&[State::Invalid(invalid)]);
        self.describe();
    }

    /// Says what is unwise about the entry, or nothing.
    pub(crate) fn warn(&self, warning: &str) {
        self.warning.set_text(warning);
        self.warning.set_visible(!warning.is_empty());
        self.describe();
    }

    /// A screen reader reads the description when the field gets the focus.
    fn describe(&self) {
        let said = [self.objection.text(), self.warning.text()];
        self.entry.update_property(&[Property::Description(said.join(" ").trim())]);
    }
}
