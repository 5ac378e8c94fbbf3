//! The pages of the window. Each is what it knows, drawn as widgets whenever it is shown or the language changes.

mod absent;
mod can;
mod card;
mod certificates;
mod chooser;
mod consent;
mod entry;
mod facts;
mod form;
mod jobs;
mod keypad;
mod offer;
mod outcome;
mod pin;
mod programs;
mod report;
mod settings;
mod share;

use crate::application::Wish;
use crate::sheet::{self, Sheet, Weight};
use crate::window::Window;
use avain_flow::presence::{Presence, Seen};
use avain_flow::readers::Content;
use avain_flow::system::System;
use avain_flow::task::Job;
use avain_flow::{Card, Failure, Readers, Text, text};
use facts::Facts;
use gtk4 as gtk;
use gtk4::gdk::{DragAction, FileList};
use gtk4::gio;
use gtk4::glib;
use gtk4::prelude::*;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

/// The computer, as its user has it.
pub(crate) fn computer() -> System {
    System::new(Path::new("/"), std::env::vars_os())
}

/// A page.
pub(crate) trait Page {
    /// Lays it out.
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>);

    /// Does it still hold when these readers and cards are there?
    fn stays(&self, _seen: &[Seen]) -> bool {
        false
    }

    /// Is somebody typing or waiting here, who is not to be disturbed?
    fn is_busy(&self) -> bool {
        false
    }
}

/// Readers are looked at, and cards are asked how they stand.
pub(crate) struct Reading;

impl Page for Reading {
    fn draw(self: Rc<Self>, _: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_reading());
    }
}

/// The card is being used.
pub(crate) struct Working(RefCell<Text>);

impl Working {
    pub(crate) fn new(what: Text) -> Self {
        Working(RefCell::new(what))
    }

    /// Now it is something else.
    fn say(&self, what: Text) {
        self.0.replace(what);
    }
}

impl Page for Working {
    fn draw(self: Rc<Self>, _: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_wait());
        sheet.demand(&self.0.borrow());
        let spinner = gtk::Spinner::builder().spinning(true).halign(gtk::Align::Start).build();
        sheet.column.append(&spinner);
    }

    fn stays(&self, _: &[Seen]) -> bool {
        true
    }

    fn is_busy(&self) -> bool {
        true
    }
}

/// Looks at the readers, and goes on with what is in them.
pub(crate) fn look(window: &Window) {
    let memory = window.memory();
    window.show(Reading);
    window.work_here(
        move || {
            // Before cards are asked, so that whatever changes meanwhile is noticed.
            let seen = Presence::default().now();
            (seen, Readers::look_again(None, &memory))
        },
        |window, (seen, readers)| match readers {
            Ok(readers) => sort_out(window, &seen, readers),
            Err(failure) => window.show(absent::Absent::new(failure)),
        },
    );
}

fn sort_out(window: &Window, seen: &[Seen], readers: Readers) {
    if window.wishes_to(&Wish::Can) {
        return give_number(window, seen, readers);
    }
    if let Err(failure) = readers.has_card() {
        return window.show(absent::Absent::new(failure));
    }
    let mut cards = cards_in(readers);
    let wish = window.take_wish();
    if let Some(reader) = wish.reader() {
        cards.retain(|card| card.reader() == reader || cards_without(seen, reader));
    }
    match (cards.pop(), cards.as_slice()) {
        (Some(card), []) => open(window, card, seen, wish),
        (Some(last), _) => {
            cards.push(last);
            window.show(chooser::Chooser::new(cards, seen.to_vec(), wish));
        }
        (None, _) => {
            window.show(absent::Absent::new(Failure::new(avain_flow::Kind::NoCard, [text::no_card()])))
        }
    }
}

fn cards_in(readers: Readers) -> Vec<Card> {
    let card = |content| match content {
        Content::Card(card) => Some(card),
        _ => None,
    };
    readers.places.into_iter().filter_map(|place| card(place.content)).collect()
}

/// Asks for the card access number of the card that opens with one. Without such a card it is stored for later.
fn give_number(window: &Window, seen: &[Seen], readers: Readers) {
    let wish = window.take_wish();
    let cards: Vec<Card> = cards_in(readers).into_iter().filter(Card::wants_channel).collect();
    match cards.as_slice() {
        [] => can::add(window, None, Vec::new()),
        [card] => can::add(window, Some(card.reader().to_owned()), Vec::new()),
        _ => window.show(chooser::Chooser::new(cards, seen.to_vec(), wish)),
    }
}

/// Is there no card in this reader any more? Then any other will do.
fn cards_without(seen: &[Seen], reader: &str) -> bool {
    !seen.iter().any(|seen| seen.reader == reader && seen.card)
}

/// Asks a card how it stands, and goes on with what is wished.
fn open(window: &Window, card: Card, seen: &[Seen], wish: Wish) {
    let seen = seen.to_vec();
    if wish == Wish::Can {
        return can::add(window, Some(card.reader().to_owned()), Vec::new());
    }
    if card.wants_channel() {
        return can::open(window, card, seen, wish);
    }
    window.show(Reading);
    window.work_here(
        move || Facts::of(card, seen),
        move |window, facts| match facts {
            Ok(facts) => go_on(window, Rc::new(facts), wish),
            Err(failure) => window.show(absent::Absent::new(failure)),
        },
    );
}

fn go_on(window: &Window, facts: Rc<Facts>, wish: Wish) {
    match (wish, facts.locked()) {
        (Wish::Offer(_), _) if facts.wants_activation() => window.show(offer::Offer::new(facts)),
        (Wish::Activate(_), _) if facts.wants_activation() => form::begin(window, facts, Job::Activate),
        (Wish::Change, _) => jobs::change(window, facts),
        (Wish::Unblock, Some(role)) => form::begin(window, facts, Job::Unblock(role)),
        (Wish::Unblock, None) => jobs::unblock(window, facts),
        (Wish::Test, _) => pin::test(window, facts),
        (Wish::Sign(file), _) => pin::sign(window, facts, file),
        (Wish::Answer(request), _) if request.wants_word_only() => share::ask(window, facts, &request),
        (Wish::Answer(request), _) => pin::answer(window, facts, &request),
        _ => window.show(card::Overview::new(facts)),
    }
}

/// Takes a file that is dropped onto the window: it is to be signed.
pub(crate) fn dropping(window: &Window) -> gtk::DropTarget {
    let target = gtk::DropTarget::new(FileList::static_type(), DragAction::COPY);
    let window = window.clone();
    target.connect_drop(move |_, dropped, _, _| {
        let files = dropped.get::<FileList>().map(|list| list.files()).unwrap_or_default();
        let path = files.iter().find_map(FileExt::path);
        let takes = path.is_some();
        if let Some(path) = path {
            window.wish(Wish::Sign(path));
        }
        takes
    });
    target
}

/// Shows what its user can choose.
pub(crate) fn set(window: &Window) {
    settings::show(window);
}

/// The button that leaves a page.
fn back(window: &Window, sheet: &Sheet<'_>) -> gtk::Button {
    let window = window.clone();
    sheet::button(&sheet.word(&text::button_back()), Weight::Plain, move || look(&window))
}

/// The buttons below what is typed: back, or OK, which submits it.
fn back_or(window: &Window, sheet: &Sheet<'_>, submit: impl Fn() + 'static) {
    let ok = sheet::button(&sheet.word(&text::button_ok()), Weight::Suggested, submit);
    sheet.buttons(&[back(window, sheet), ok]);
}

/// What is to be done with a file.
enum Chosen<'n> {
    /// It is there.
    Opened,
    /// It is written, by this name if the holder wants no other.
    Saved(&'n str),
}

/// Asks for a file, under a title, and goes on with it.
fn choose(window: &Window, title: &Text, how: Chosen<'_>, chosen: impl Fn(std::path::PathBuf) + 'static) {
    let action = match how {
        Chosen::Opened => gtk::FileChooserAction::Open,
        Chosen::Saved(_) => gtk::FileChooserAction::Save,
    };
    let title = window.word(title);
    let chooser = gtk::FileChooserNative::new(Some(&title), Some(window.toplevel()), action, None, None);
    if let Chosen::Saved(name) = how {
        chooser.set_current_name(name);
        // Or it would be the folder in which the window was started. If it is not there, the chooser says so.
        let _ = chooser.set_current_folder(Some(&gio::File::for_path(glib::home_dir())));
    }
    // It lives until it is answered.
    let held = RefCell::new(Some(chooser.clone()));
    chooser.connect_response(move |chooser, response| {
        held.take();
        let path = chooser.file().and_then(|file| file.path());
        if let (gtk::ResponseType::Accept, Some(path)) = (response, path) {
            chosen(path);
        }
    });
    chooser.show();
}
