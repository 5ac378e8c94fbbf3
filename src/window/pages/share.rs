//! Another program asks for the certificate of the key that signs: that takes no PIN, but the holder's word.

use super::Page;
use super::facts::Facts;
use super::outcome::Outcome;
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::asked::{self, Answer, Request};
use avain_flow::presence::Seen;
use avain_flow::rules::Leave;
use avain_flow::{Consent, LastTry, Text, text};
use std::rc::Rc;

/// The holder is asked.
struct Share {
    facts: Rc<Facts>,
    title: Text,
    about: Vec<Text>,
    answer: Answer,
}

/// Nothing is presented, so no try is at risk.
const LEAVE: Leave = Leave { last_try: LastTry::Use, long_pin: false, consent: Consent::NotAsked };

/// Reads the certificate, and asks.
pub(crate) fn ask(window: &Window, facts: Rc<Facts>, request: &Request) {
    let (card, title, request) = (facts.card.clone(), request.title(), request.clone());
    let prepare = move || {
        let presenting = request.begin(card, LEAVE)?;
        let mut about = presenting.introduction()?;
        about.extend(request.about(&presenting)?);
        Ok((about, request.agreed(&presenting)?))
    };
    window.work(text::window_reading(), prepare, move |window, read| match read {
        Ok((about, answer)) => window.show(Share { facts, title, about, answer }),
        Err(failure) => {
            asked::note(&failure);
            window.show(Outcome::failed(failure, Rc::new(super::look)));
        }
    });
}

impl Page for Share {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&self.title);
        sheet.say_all(&self.about);
        let (refusing, giving) = (window.clone(), window.clone());
        // No key means yes: it may be meant for another program.
        sheet.button(&text::button_share(), Weight::Suggested, move || {
            asked::answer(&self.answer);
            giving.close();
        });
        sheet.button(&text::button_close(), Weight::Plain, move || refusing.close());
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        self.facts.holds(seen)
    }

    fn is_busy(&self) -> bool {
        true
    }
}
