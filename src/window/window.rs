//! The window: which page it shows, in which language, and the work that goes on meanwhile.

use crate::application::Wish;
use crate::frames::Frames;
use crate::pages::{self, Page};
use crate::sheet::{self, Sheet};
use crate::worker::{self, Worker};
use avain_flow::desktop;
use avain_flow::presence::Seen;
use avain_flow::{Face, Language, Memory, Text, Words, interruption, text, waiting};
use futures_channel::mpsc::unbounded;
use futures_util::StreamExt;
use gtk4 as gtk;
use gtk4::glib;
use gtk4::prelude::*;
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

/// The languages by their own names, in the order of `Language::ALL`.
const LANGUAGES: [&str; 4] = ["Suomi", "Svenska", "English", "Eesti"];
const WIDTH: i32 = 620;
const HEIGHT: i32 = 680;
/// What is shown above an entry, its label, and below it, what is wrong with it.
const ABOVE: f64 = 40.0;
const BELOW: f64 = 70.0;

/// The window.
#[derive(Clone)]
pub(crate) struct Window(Rc<Inner>);

struct Inner {
    window: gtk::ApplicationWindow,
    scroller: gtk::ScrolledWindow,
    column: gtk::Box,
    /// What is said while another program holds the card.
    notice: gtk::Label,
    /// Opens the settings.
    settings: gtk::Button,
    words: RefCell<Words>,
    worker: Worker,
    memory: Memory,
    page: RefCell<Rc<dyn Page>>,
    seen: RefCell<Vec<Seen>>,
    wish: RefCell<Wish>,
    /// How often the page has changed: what comes too late for a page is dropped.
    turn: Cell<u64>,
    /// When what has the focus is scrolled to.
    revealing: Frames,
}

impl Window {
    /// The window of an application, not visible yet.
    pub(crate) fn new(application: &gtk::Application, language: Language) -> std::io::Result<Self> {
        let window = gtk::ApplicationWindow::builder()
            .application(application)
            .title("Avain")
            .default_width(WIDTH.min(sheet::screen_width()))
            .default_height(HEIGHT.min(sheet::highest()))
            .build();
        let inner = Inner {
            scroller: gtk::ScrolledWindow::builder()
                .hscrollbar_policy(gtk::PolicyType::Automatic)
                .vexpand(true)
                .build(),
            column: gtk::Box::new(gtk::Orientation::Vertical, 0),
            notice: sheet::label("", gtk::AccessibleRole::Alert),
            settings: gtk::Button::new(),
            words: RefCell::new(Words::facing(language, Face::Window)),
            worker: Worker::start()?,
            memory: Memory::default(),
            page: RefCell::new(Rc::new(pages::Reading)),
            seen: RefCell::default(),
            wish: RefCell::default(),
            turn: Cell::default(),
            revealing: Frames::default(),
            window,
        };
        let window = Window(Rc::new(inner));
        window.furnish();
        window.follow()?;
        Ok(window)
    }

    fn furnish(&self) {
        let Inner { window, scroller, column, notice, settings, .. } = &*self.0;
        notice.set_visible(false);
        notice.add_css_class("sheet");
        column.append(scroller);
        column.append(notice);
        window.set_child(Some(column));
        let bar = gtk::HeaderBar::new();
        bar.pack_start(settings);
        bar.pack_end(&self.language_choice());
        let inner = Rc::downgrade(&self.0);
        settings.connect_clicked(move |_| {
            inner.upgrade().iter().for_each(|inner| pages::set(&Window(inner.clone())));
        });
        if sheet::is_narrow() {
            // The name stands in the list of windows, too.
            bar.set_title_widget(Some(&gtk::Label::new(None)));
            bar.set_decoration_layout(Some(":close"));
        }
        window.set_titlebar(Some(&bar));
        window.add_controller(pages::dropping(self));
        window.connect_close_request(close);
        let weak = Rc::downgrade(&self.0);
        let reveal = move || weak.upgrade().into_iter().for_each(|inner| Window(inner).reveal());
        let reveal_again = reveal.clone();
        window.connect_focus_widget_notify(move |_| reveal());
        // What is shown has another height now.
        scroller.vadjustment().connect_changed(move |_| reveal_again());
        self.redraw();
    }

    fn language_choice(&self) -> gtk::DropDown {
        let choice = gtk::DropDown::from_strings(&LANGUAGES);
        let chosen = self.0.words.borrow().language();
        let at =
            Language::ALL.iter().position(|known| *known == chosen).and_then(|at| u32::try_from(at).ok());
        choice.set_selected(at.unwrap_or_default());
        call(&choice, &self.word(&text::window_language()));
        let window = Rc::downgrade(&self.0);
        choice.connect_selected_notify(move |choice| {
            let language =
                usize::try_from(choice.selected()).ok().and_then(|at| Language::ALL.get(at).copied());
            if let (Some(inner), Some(language)) = (window.upgrade(), language) {
                let window = Window(inner);
                // If it cannot be kept, it holds for this time.
                let _ = desktop::keep_language(&pages::computer(), language);
                *window.0.words.borrow_mut() = Words::facing(language, Face::Window);
                call(choice, &window.word(&text::window_language()));
                window.redraw();
                choice.grab_focus();
            }
        });
        choice
    }

    /// Follows readers and cards, and other programs that hold one.
    fn follow(&self) -> std::io::Result<()> {
        let mut changes = worker::watch()?;
        let window = Rc::downgrade(&self.0);
        glib::spawn_future_local(async move {
            while let Some(seen) = changes.next().await {
                let Some(inner) = window.upgrade() else { return };
                Window(inner).changed(seen);
            }
        });
        let (sender, mut notices) = unbounded::<Text>();
        waiting::watch(move |text| drop(sender.unbounded_send(text.clone())))?;
        let window = Rc::downgrade(&self.0);
        glib::spawn_future_local(async move {
            while let Some(text) = notices.next().await {
                let Some(inner) = window.upgrade() else { return };
                inner.notice.set_text(&inner.words.borrow().say(&text));
                inner.notice.set_visible(true);
            }
        });
        Ok(())
    }

    /// Readers or cards have come or gone.
    fn changed(&self, seen: Vec<Seen>) {
        let stays = self.page().stays(&seen);
        *self.0.seen.borrow_mut() = seen;
        if !stays {
            pages::look(self);
        }
    }

    fn page(&self) -> Rc<dyn Page> {
        self.0.page.borrow().clone()
    }

    /// Shows a page.
    pub(crate) fn show(&self, page: impl Page + 'static) {
        self.show_again(Rc::new(page));
    }

    /// Shows a page that was left.
    pub(crate) fn show_again(&self, page: Rc<dyn Page>) {
        self.0.turn.set(self.0.turn.get().wrapping_add(1));
        *self.0.page.borrow_mut() = page;
        self.0.notice.set_visible(false);
        self.redraw();
    }

    /// Draws the page anew: it is another one, in another language, or it says something else.
    pub(crate) fn redraw(&self) {
        let words = self.0.words.borrow();
        self.0.settings.set_label(&words.say(&text::window_settings()));
        // Who is typing, or waits for a card, is not led away.
        self.0.settings.set_sensitive(!self.page().is_busy());
        let sheet = Sheet::new(&words);
        self.page().draw(self, &sheet);
        // GTK would scroll to the focus before it knows where that is, and undo what `reveal` does.
        let viewport = gtk::Viewport::builder().scroll_to_focus(false).child(&sheet.column).build();
        self.0.scroller.set_child(Some(&viewport));
        let Inner { column, scroller, .. } = &*self.0;
        if let Some(old) = scroller.next_sibling().filter(|below| below.is::<gtk::Box>()) {
            column.remove(&old);
        }
        column.insert_child_after(&sheet.footer, Some(scroller));
        self.0.scroller.vadjustment().set_value(0.0);
        let (focus, default) = sheet.focused();
        self.0.window.set_default_widget(default.as_ref());
        if let Some(focus) = focus {
            focus.grab_focus();
        }
        drop(words);
        self.reveal();
    }

    /// Scrolls to what has the focus, with what is said below it, once all has its place: that is when a frame begins whose
    /// predecessor laid out what is new. However often it is wanted until then, it is done once.
    pub(crate) fn reveal(&self) {
        if self.0.revealing.is_awaited() {
            return;
        }
        let window = Rc::downgrade(&self.0);
        self.0.scroller.add_tick_callback(move |_, _| match window.upgrade() {
            Some(inner) if inner.revealing.is_due() => {
                inner.reveal();
                glib::ControlFlow::Break
            }
            Some(_) => glib::ControlFlow::Continue,
            None => glib::ControlFlow::Break,
        });
    }

    /// Does some work on the thread for cards, while a page says so; then goes on, unless the page was left.
    pub(crate) fn work<T: Send + 'static>(
        &self,
        what: Text,
        work: impl FnOnce() -> T + Send + 'static,
        then: impl FnOnce(&Window, T) + 'static,
    ) {
        self.show(pages::Working::new(what));
        self.work_here(work, then);
    }

    /// The same on the page that is shown.
    pub(crate) fn work_here<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
        then: impl FnOnce(&Window, T) + 'static,
    ) {
        let (window, turn) = (self.clone(), self.0.turn.get());
        glib::spawn_future_local(async move {
            let result = window.0.worker.run(work).await;
            if let (Some(result), true) = (result, window.0.turn.get() == turn) {
                then(&window, result);
            }
        });
    }

    /// A text in the language of the window.
    pub(crate) fn word(&self, text: &Text) -> String {
        self.0.words.borrow().say(text)
    }

    pub(crate) fn words(&self) -> Ref<'_, Words> {
        self.0.words.borrow()
    }

    pub(crate) fn memory(&self) -> Memory {
        self.0.memory.clone().speaking(self.words().language())
    }

    /// What the window was opened for. It is asked for once; but another program waits until it was answered.
    pub(crate) fn take_wish(&self) -> Wish {
        let wish = self.0.wish.borrow().clone();
        if !matches!(wish, Wish::Answer(_)) {
            self.0.wish.take();
        }
        wish
    }

    /// Was it opened for this?
    pub(crate) fn wishes_to(&self, wish: &Wish) -> bool {
        *self.0.wish.borrow() == *wish
    }

    pub(crate) fn toplevel(&self) -> &gtk::ApplicationWindow {
        &self.0.window
    }

    /// What somebody wants to do. Whoever is typing is not disturbed.
    pub(crate) fn wish(&self, wish: Wish) {
        if wish.is_modest() {
            self.show_without_keyboard();
        } else {
            self.0.window.present();
        }
        if !self.page().is_busy() {
            *self.0.wish.borrow_mut() = wish;
            pages::look(self);
        }
    }

    /// Shows the window as one that was wanted at the first moment of the session: for that, no window manager takes the
    /// keyboard from whoever uses it.
    fn show_without_keyboard(&self) {
        let Inner { window, .. } = &*self.0;
        if !window.is_visible() {
            WidgetExt::realize(window);
            window.set_startup_id("avain-window_TIME1");
            window.set_visible(true);
        }
    }

    pub(crate) fn close(&self) {
        self.0.window.close();
    }
}

impl Inner {
    fn reveal(&self) {
        let column = self.scroller.child().and_then(|viewport| viewport.first_child());
        if let (Some(focus), Some(column)) = (RootExt::focus(&self.window), column)
            && let Some(place) = focus.compute_bounds(&column)
        {
            let (top, height) = (f64::from(place.y()), f64::from(place.height()));
            let adjustment = self.scroller.vadjustment();
            // Itself in any case; of what is around it, as much as there is room for.
            let room = (adjustment.page_size() - height).max(0.0);
            let above = ABOVE.min(room);
            adjustment.clamp_page(top - above, top + height + BELOW.min(room - above));
        }
    }
}

/// Closes the window, unless a PIN was sent and its work is not done: then as soon as it is.
fn close(window: &gtk::ApplicationWindow) -> glib::Propagation {
    if interruption::request() {
        // At once, whatever a card is waited for.
        if let Some(application) = window.application() {
            application.quit();
        }
        return glib::Propagation::Proceed;
    }
    let window = window.clone();
    glib::timeout_add_local_once(std::time::Duration::from_millis(100), move || window.close());
    glib::Propagation::Stop
}

/// Names the choice of languages for screen readers, and its button, which gets the focus.
fn call(choice: &gtk::DropDown, name: &str) {
    let name = [gtk::accessible::Property::Label(name)];
    choice.update_property(&name);
    if let Some(button) = choice.first_child() {
        button.update_property(&name);
    }
}
