//! Several cards: which one is meant?

use super::{Page, open};
use crate::application::Wish;
use crate::sheet::{self, Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::Seen;
use avain_flow::{Card, text};
use gtk4::prelude::*;
use std::rc::Rc;

/// Several cards.
pub(crate) struct Chooser {
    cards: Vec<Card>,
    seen: Vec<Seen>,
    wish: Wish,
}

impl Chooser {
    pub(crate) fn new(cards: Vec<Card>, seen: Vec<Seen>, wish: Wish) -> Self {
        Chooser { cards, seen, wish }
    }
}

impl Page for Chooser {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_choose());
        sheet.say(&text::several_cards());
        for card in &self.cards {
            let kind = card.kind_in_words().map(|kind| sheet.word(&kind)).unwrap_or_default();
            let said = format!("{kind}\n{}", sheet.word(&text::reader(card.reader())));
            let (window, page, card) = (window.clone(), self.clone(), card.clone());
            let pressed = move || open(&window, card.clone(), &page.seen, page.wish.clone());
            sheet.column.append(&sheet::button(&said, Weight::Plain, pressed));
        }
    }
}
