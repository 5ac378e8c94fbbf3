//! What `avain diagnose` says, to be read before it is given to anybody.

use super::{Chosen, Page, certificates, choose, computer, look};
use crate::sheet::{Sheet, Weight};
use crate::window::Window;
use avain_flow::diagnosis::diagnose;
use avain_flow::presence::Seen;
use avain_flow::report::Report;
use avain_flow::{log, text};
use gtk4 as gtk;
use gtk4::accessible::Property;
use gtk4::prelude::*;
use std::rc::Rc;

/// The report.
struct Made(Report);

/// Makes it.
pub(crate) fn make(window: &Window) {
    let language = window.words().language();
    let make = move || {
        // The log is a part of it.
        log::collect(log::Level::Debug);
        diagnose(&computer(), language, None, None)
    };
    window.work(text::window_wait(), make, |window, report| match report {
        Ok(report) => window.show(Made(report)),
        Err(failure) => window.show(super::absent::Absent::new(failure)),
    });
}

impl Page for Made {
    fn draw(self: Rc<Self>, window: &Window, sheet: &Sheet<'_>) {
        sheet.title(&text::window_report());
        let told = self.0.read_out(&window.words());
        let view = gtk::TextView::builder()
            .editable(false)
            .wrap_mode(gtk::WrapMode::WordChar)
            .accepts_tab(false)
            .build();
        view.buffer().set_text(&told);
        view.update_property(&[Property::Label(&sheet.word(&text::window_report()))]);
        sheet.column.append(&view);
        let (clipboard, copied) = (view.clipboard(), told.clone());
        sheet.button(&text::button_copy(), Weight::Plain, move || clipboard.set_text(&copied));
        let save = window.clone();
        sheet.button(&text::button_save("avain.txt"), Weight::Plain, move || keep(&save, &told));
        let window = window.clone();
        sheet.button(&text::button_back(), Weight::Plain, move || look(&window));
    }

    /// Whoever reads it may have taken the card out.
    fn stays(&self, _: &[Seen]) -> bool {
        true
    }
}

/// Saves it where the chooser says.
fn keep(window: &Window, told: &str) {
    let (shown, told) = (window.clone(), told.to_owned());
    choose(window, &text::window_report(), Chosen::Saved("avain.txt"), move |path| {
        if let Err(failure) = certificates::write(&path, told.as_bytes()) {
            shown.show(super::absent::Absent::new(failure));
        }
    });
}
