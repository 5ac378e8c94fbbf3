//! The certificates of the card, to be looked at and saved.

use super::facts::Facts;
use super::outcome::Outcome;
use super::{Chosen, Page, choose, look};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::certificates::{self, Shown};
use avain_flow::presence::Seen;
use avain_flow::{Failure, Kind, text};
use gtk4::prelude::*;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;

/// The certificates of the card.
struct Certificates {
    facts: Rc<Facts>,
    found: Vec<Shown>,
}

/// Reads those of authorities, too, and shows all.
pub(crate) fn show(window: &Window, facts: Rc<Facts>) {
    let card = facts.card.clone();
    let read = move || {
        let found = card.certificates().and_then(|own| Ok([own, card.authorities()?].concat()));
        card.release();
        found
    };
    window.work(text::window_reading(), read, |window, found| match found {
        Ok(found) => window.show(Certificates { facts, found }),
        Err(failure) => window.show(Outcome::failed(failure, Rc::new(look))),
    });
}

impl Page for Certificates {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_certificates());
        if self.found.is_empty() {
            sheet.say(&text::certificate_none());
        }
        for (shown, stem) in self.found.iter().zip(certificates::file_stems(&self.found)) {
            sheet.say(&certificates::words(shown)).add_css_class("heading");
            let names = [&shown.certificate.subject, &shown.certificate.issuer];
            let names = names.map(|name| certificates::common_name(name).unwrap_or_default());
            for line in names.iter().filter(|name| !name.is_empty()) {
                sheet.line(line);
            }
            sheet.line(&certificates::key_kind(&shown.certificate));
            let (window, der) = (window.clone(), shown.certificate.der.clone());
            let name = format!("{stem}.der");
            let words = text::button_save(name.as_str());
            sheet.button(&words, Weight::Plain, move || save(&window, &name, der.clone()));
        }
        let window = window.clone();
        sheet.button(&text::button_back(), Weight::Plain, move || look(&window));
    }

    fn stays(&self, seen: &[Seen]) -> bool {
        self.facts.holds(seen)
    }
}

fn save(window: &Window, name: &str, der: Vec<u8>) {
    let shown = window.clone();
    choose(window, &text::window_certificates(), Chosen::Saved(name), move |path| {
        let outcome = match write(&path, &der) {
            Ok(()) => Outcome::done(text::window_done(), vec![text::written(path.as_path())]),
            Err(failure) => Outcome::failed(failure, Rc::new(look)),
        };
        shown.show(outcome);
    });
}

/// Writes a file that is not there yet, or that the chooser was told to replace.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = File::create(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|_| Failure::new(Kind::Failed, [text::file_unwritable(path)]))
}
