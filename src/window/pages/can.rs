//! The card access number (CAN), which opens the way to a card.

use super::entry::Entry;
use super::facts::Facts;
use super::outcome::Outcome;
use super::{Page, go_on};
use crate::application::Wish;
use crate::sheet::Sheet;
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::{Card, Failure, Kind, Text, cans, contactless, text};
use std::rc::Rc;

/// Asks for the number.
pub(super) struct Number {
    card: Card,
    seen: Vec<Seen>,
    wish: Wish,
    entry: Entry,
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
    let said = if card.is_contactless() { text::hold_still() } else { text::window_reading() };
    window.work(said, work, move |window, facts: Result<Facts, Failure>| match facts {
        Ok(facts) => go_on(window, Rc::new(facts), wish),
        Err(failure) if failure.again => window.show(Number::new(card, seen, wish, failure.words)),
        Err(failure) => window.show(super::absent::Absent::new(failure)),
    });
}

/// A number that is to be stored, whether or not a card asks for it.
struct Another {
    /// Where the card is that it has to open, if there is one.
    reader: Option<String>,
    entry: Entry,
}

/// Asks for a number to be stored. What was typed before was refused for these reasons.
pub(super) fn add(window: &Window, reader: Option<String>, refused: Vec<Text>) {
    window.show(Another { reader, entry: Entry::new(refused) });
}

impl Another {
    fn submit(&self, window: &Window) {
        let Some(typed) = self.entry.typed() else {
            return self.entry.object(window, vec![text::no_memory()]);
        };
        if let Err(why) = contactless::check(&typed) {
            return self.entry.object(window, vec![why]);
        }
        let (reader, again) = (self.reader.clone(), self.reader.clone());
        let work = move || cans::add(&typed, reader.as_deref());
        window.work(text::hold_still(), work, move |window, added: Result<_, Failure>| match added {
            Ok(said) => window.show(Outcome::done(text::window_done(), said)),
            Err(failure) if failure.again || failure.kind == Kind::Unfit => {
                add(window, again, failure.words);
            }
            Err(failure) => window.show(Outcome::failed(failure, Rc::new(super::look))),
        });
    }
}

impl Page for Another {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_can());
        sheet.say_all(&self.reader.as_deref().map(text::reader).into_iter().collect::<Vec<_>>());
        self.entry.draw(sheet, &text::can_ask());
        let (submit, page) = (window.clone(), self.clone());
        super::back_or(window, sheet, move || page.submit(&submit));
    }

    /// Whoever types does not need the card yet.
    fn stays(&self, _: &[Seen]) -> bool {
        true
    }

    fn is_busy(&self) -> bool {
        true
    }
}

impl Number {
    fn new(card: Card, seen: Vec<Seen>, wish: Wish, refused: Vec<Text>) -> Self {
        Number { card, seen, wish, entry: Entry::new(refused) }
    }

    fn submit(&self, window: &Window) {
        let given = match self.entry.typed() {
            Some(typed) => contactless::check(&typed).and_then(|()| self.card.give_number(&typed)),
            None => Err(text::no_memory()),
        };
        match given {
            Ok(()) => open(window, self.card.clone(), self.seen.clone(), self.wish.clone()),
            Err(why) => self.entry.object(window, vec![why]),
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
        self.entry.draw(sheet, &text::can_ask());
        let (submit, page) = (window.clone(), self.clone());
        super::back_or(window, sheet, move || page.submit(&submit));
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        let own = |seen: &[Seen]| seen.iter().find(|seen| seen.reader == self.card.reader()).cloned();
        own(seen) == own(&self.seen)
    }

    fn is_busy(&self) -> bool {
        true
    }
}
