//! The program on the session bus: what it is asked to show by the agent, the launcher, or a file that is opened with it.

use crate::look;
use crate::pages;
use crate::window::Window;
use avain_flow::Language;
use avain_flow::asked::{self, Request};
use avain_flow::desktop::{self, Action, WINDOW};
use gtk4 as gtk;
use gtk4::gio::{self, ApplicationFlags};
use gtk4::glib::{self, VariantTy};
use gtk4::prelude::*;
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

/// What the window is opened for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Wish {
    /// To see how the card stands.
    #[default]
    See,
    /// To be asked whether the card in this reader is to be activated.
    Offer(String),
    /// To activate the card; in this reader, if it is named.
    Activate(Option<String>),
    /// To change a PIN.
    Change,
    /// To unlock a PIN.
    Unblock,
    /// To test reader and card.
    Test,
    /// To give the card access number of a card.
    Can,
    /// To sign a file.
    Sign(PathBuf),
    /// To answer another program.
    Answer(Rc<Request>),
}

impl Wish {
    fn of(action: Action, reader: Option<String>) -> Self {
        match action {
            Action::Offer => Wish::Offer(reader.unwrap_or_default()),
            Action::Accept | Action::Activate => Wish::Activate(reader),
            Action::Unblock => Wish::Unblock,
            Action::Test => Wish::Test,
            Action::Change => Wish::Change,
            Action::Can => Wish::Can,
        }
    }

    /// The reader that is meant.
    pub(crate) fn reader(&self) -> Option<&str> {
        match self {
            Wish::Offer(reader) | Wish::Activate(Some(reader)) => Some(reader),
            _ => None,
        }
    }

    /// The language of who wishes it, if that is known.
    fn language(&self) -> Option<Language> {
        match self {
            Wish::Answer(request) => request.language,
            _ => None,
        }
    }

    /// Is it shown without asking for the keyboard, which somebody may need elsewhere? The agent opens the window unasked,
    /// and a service whose request was just refused has asked once more.
    pub(crate) fn is_modest(&self) -> bool {
        match self {
            Wish::Offer(_) => true,
            Wish::Answer(request) => request.again,
            _ => false,
        }
    }
}

/// The window, once there is one.
type Shown = Rc<RefCell<Option<Window>>>;

/// Runs until the window is closed.
pub(crate) fn run() -> glib::ExitCode {
    let application =
        gtk::Application::builder().application_id(WINDOW).flags(ApplicationFlags::HANDLES_OPEN).build();
    let shown = Shown::default();
    application.connect_startup(|_| look::apply());
    add_actions(&application, &shown);
    let known = shown.clone();
    application.connect_activate(move |application| grant(application, &known, Wish::See));
    application.connect_open(move |application, files, _| {
        if let Some(path) = files.iter().find_map(FileExt::path) {
            grant(application, &shown, Wish::Sign(path));
        }
    });
    application.run()
}

/// Runs until another program was answered.
pub(crate) fn run_for_another() -> glib::ExitCode {
    let Some(request) = asked::read(|| {}).map(Rc::new) else {
        asked::give_up();
        return glib::ExitCode::FAILURE;
    };
    let application = gtk::Application::builder().flags(ApplicationFlags::NON_UNIQUE).build();
    application.connect_startup(|_| look::apply());
    let shown = Shown::default();
    application.connect_activate(move |application| {
        grant(application, &shown, Wish::Answer(request.clone()));
    });
    let code = application.run_with_args::<&str>(&[]);
    asked::give_up();
    code
}

fn add_actions(application: &gtk::Application, shown: &Shown) {
    for action in Action::ALL {
        let parameter = action.names_reader().then_some(VariantTy::STRING);
        let entry = gio::SimpleAction::new(action.name(), parameter);
        let (application_again, shown) = (application.downgrade(), shown.clone());
        entry.connect_activate(move |_, reader| {
            let reader = reader.and_then(|reader| reader.get::<String>());
            if let Some(application) = application_again.upgrade() {
                grant(&application, &shown, Wish::of(action, reader));
            }
        });
        application.add_action(&entry);
    }
}

/// Opens the window, if it is not open, for a wish.
fn grant(application: &gtk::Application, shown: &Shown, wish: Wish) {
    let known = shown.borrow().clone();
    let language = desktop::chosen_language(&pages::computer()).or(Language::known_of_environment());
    let language = language.or(wish.language()).unwrap_or_default();
    let window = known.map_or_else(|| Window::new(application, language), Ok);
    match window {
        Ok(window) => {
            *shown.borrow_mut() = Some(window.clone());
            window.wish(wish);
        }
        // There are no threads to be had: nothing can be done.
        Err(_) => application.quit(),
    }
}
