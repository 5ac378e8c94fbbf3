//! A card on a contactless reader: its card access number (CAN), which opens the way to it.

use super::facts::Facts;
use super::{Page, go_on, look};
use crate::application::Wish;
use crate::digits::Digits;
use crate::field::Field;
use crate::sheet::{self, Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::{Card, Failure, Text, contactless, text};
use gtk4::prelude::WidgetExt;
use std::cell::RefCell;
use std::rc::Rc;

/// Asks for the number.
pub(super) struct Number {
    card: Card,
    seen: Vec<Seen>,
    wish: Wish,
    digits: Digits,
    refused: RefCell<Vec<Text>>,
    field: RefCell<Option<Field>>,
}

/// Opens a card with its number, which is typed if none is stored.
pub(super) fn open(window: &Window, card: Card, seen: Vec<Seen>, wish: Wish) {
    if card.wants_number() {
        return window.show(Number::new(card, seen, wish, Vec::new()));
    }
    let (opened, known) = (card.clone(), seen.clone());
    let work = move || {
        opened.open()?;
        Facts::of(opened, known)
    };
    window.work(text::hold_still(), work, move |window, facts: Result<Facts, Failure>| match facts {
        Ok(facts) => go_on(window, Rc::new(facts), wish),
        Err(failure) if failure.again => window.show(Number::new(card, seen, wish, failure.words)),
        Err(failure) => window.show(super::absent::Absent::new(failure)),
    });
}

impl Number {
    fn new(card: Card, seen: Vec<Seen>, wish: Wish, refused: Vec<Text>) -> Self {
        let (digits, refused) = (Digits::new(), RefCell::new(refused));
        Number { card, seen, wish, digits, refused, field: RefCell::default() }
    }

    fn submit(&self, window: &Window) {
        let given = match self.digits.pin() {
            Some(typed) => contactless::check(&typed).and_then(|()| self.card.give_number(&typed)),
            None => Err(text::no_memory()),
        };
        match given {
            Ok(()) => open(window, self.card.clone(), self.seen.clone(), self.wish.clone()),
            Err(why) => {
                if let Some(field) = &*self.field.borrow() {
                    field.object(&window.word(&why));
                    field.entry.grab_focus();
                    window.reveal();
                }
                *self.refused.borrow_mut() = vec![why];
            }
        }
    }
}

impl Page for Number {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_can());
        sheet.say_all(&[
            self.card.kind_in_words().unwrap_or_else(text::window_can),
            text::reader(self.card.reader()),
        ]);
        let field = Field::new(&sheet.fields(), 0, &sheet.word(&text::can_ask()), &self.digits);
        let refused: Vec<String> = self.refused.borrow().iter().map(|text| sheet.word(text)).collect();
        field.object(&refused.join(" "));
        sheet.focus_on(&field.entry);
        *self.field.borrow_mut() = Some(field);
        let back = window.clone();
        let back = sheet::button(&sheet.word(&text::button_back()), Weight::Plain, move || look(&back));
        let (submit, page) = (window.clone(), self.clone());
        let ok = move || page.submit(&submit);
        sheet.buttons(&[back, sheet::button(&sheet.word(&text::button_ok()), Weight::Suggested, ok)]);
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        let own = |seen: &[Seen]| seen.iter().find(|seen| seen.reader == self.card.reader()).cloned();
        own(seen) == own(&self.seen)
    }

    fn is_busy(&self) -> bool {
        true
    }
}
