//! A card was put in that is not activated: whether to do that now. Nothing can be typed here, and no key means yes: it may
//! open while somebody types into another program.

use super::facts::Facts;
use super::{Page, computer, form};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::desktop::Declined;
use avain_flow::presence::Seen;
use avain_flow::task::Job;
use avain_flow::text;
use std::rc::Rc;

/// Offers to activate a card.
pub(crate) struct Offer(Rc<Facts>);

impl Offer {
    pub(crate) fn new(facts: Rc<Facts>) -> Self {
        Offer(facts)
    }
}

impl Page for Offer {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_offer());
        sheet.say(&text::window_offer_why());
        sheet.say_all(&self.0.about);
        let (activate, facts) = (window.clone(), self.0.clone());
        let begin = move || form::begin(&activate, facts.clone(), Job::Activate);
        sheet.button(&text::button_activate(), Weight::Suggested, begin);
        let later = window.clone();
        sheet.button(&text::button_later(), Weight::Plain, move || later.close());
        let (never, number) = (window.clone(), self.0.number.clone());
        sheet.button(&text::button_never(), Weight::Plain, move || {
            // If it cannot be written down, the card is offered again, and that is all.
            let declined = Declined::of(&computer());
            let _ = declined.map(|declined| declined.add(&number));
            never.close();
        });
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        self.0.holds(seen)
    }
}
