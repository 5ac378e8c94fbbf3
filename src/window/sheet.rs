//! A page as it is laid out: one column of words, fields and buttons, as wide as lines are read well.

use avain_flow::{Text, Words};
use gtk4 as gtk;
use gtk4::prelude::*;
use std::cell::RefCell;

/// Characters in a line.
const LINE: i32 = 62;
/// The same beside a picture.
const BESIDE: i32 = 46;
/// The width of the column, in pixels of the screen's scale.
const WIDTH: i32 = 520;

/// The widgets of a page.
pub(crate) struct Sheet<'w> {
    words: &'w Words,
    pub(crate) column: gtk::Box,
    /// Buttons that are always to be seen, below what is scrolled.
    pub(crate) footer: gtk::Box,
    focus: RefCell<Option<gtk::Widget>>,
    default: RefCell<Option<gtk::Widget>>,
}

/// How much a button stands out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It is what most people want.
    Suggested,
    /// It is one of several.
    Plain,
    /// It may cost something.
    Grave,
}

/// Words that may be long.
pub(crate) fn label(text: &str, role: gtk::AccessibleRole) -> gtk::Label {
    let label = gtk::Label::builder().accessible_role(role).build();
    label.set_text(text);
    label.set_wrap(true);
    label.set_wrap_mode(gtk::pango::WrapMode::WordChar);
    label.set_max_width_chars(LINE);
    label.set_xalign(0.0);
    label
}

impl<'w> Sheet<'w> {
    pub(crate) fn new(words: &'w Words) -> Self {
        let column = gtk::Box::new(gtk::Orientation::Vertical, 12);
        column.set_halign(gtk::Align::Center);
        column.set_valign(gtk::Align::Start);
        column.set_size_request(WIDTH.min(widest()), -1);
        column.add_css_class("sheet");
        let footer = gtk::Box::new(gtk::Orientation::Horizontal, 12);
        footer.set_halign(gtk::Align::End);
        Sheet { words, column, footer, focus: RefCell::default(), default: RefCell::default() }
    }

    /// A text in the language of the window.
    pub(crate) fn word(&self, text: &Text) -> String {
        self.words.say(text)
    }

    /// The heading. It has the focus until something else takes it, so that a screen reader begins with it and no key
    /// does anything.
    pub(crate) fn title(&self, text: &Text) {
        let title = label(&self.word(text), gtk::AccessibleRole::Heading);
        title.add_css_class("title-2");
        title.set_selectable(true);
        self.column.append(&title);
        self.focus_on(&title);
    }

    pub(crate) fn say(&self, text: &Text) -> gtk::Label {
        self.line(&self.word(text))
    }

    /// Lines that belong together.
    pub(crate) fn say_all(&self, texts: &[Text]) {
        self.lines(&texts.iter().map(|text| self.word(text)).collect::<Vec<_>>());
    }

    /// The same in words that are said already.
    pub(crate) fn lines(&self, said: &[String]) {
        let block = gtk::Box::new(gtk::Orientation::Vertical, 3);
        for said in said {
            block.append(&label(said, gtk::AccessibleRole::Label));
        }
        if !said.is_empty() {
            self.column.append(&block);
        }
    }

    /// Words, and a picture beside them.
    pub(crate) fn illustrated(&self, texts: &[Text], picture: &impl IsA<gtk::Widget>) {
        let row = gtk::Box::new(gtk::Orientation::Horizontal, 18);
        let block = gtk::Box::new(gtk::Orientation::Vertical, 6);
        for text in texts {
            let said = label(&self.word(text), gtk::AccessibleRole::Label);
            said.set_max_width_chars(BESIDE);
            block.append(&said);
        }
        block.set_hexpand(true);
        row.append(&block);
        row.append(picture);
        self.column.append(&row);
    }

    /// Words that are said already.
    pub(crate) fn line(&self, said: &str) -> gtk::Label {
        let line = label(said, gtk::AccessibleRole::Label);
        self.column.append(&line);
        line
    }

    /// A place for a field, or for two beside each other.
    pub(crate) fn fields(&self) -> gtk::Grid {
        let fields = gtk::Grid::builder().column_homogeneous(true).column_spacing(18).row_spacing(4).build();
        self.column.append(&fields);
        fields
    }

    /// What went wrong.
    pub(crate) fn alert(&self, texts: &[Text]) {
        if texts.is_empty() {
            return;
        }
        let said: Vec<String> = texts.iter().map(|text| self.word(text)).collect();
        self.urge(&said.join("\n")).add_css_class("wrong");
    }

    /// What the holder has to do now, or to wait for.
    pub(crate) fn demand(&self, text: &Text) {
        self.urge(&self.word(text));
    }

    /// Words that a screen reader begins with.
    fn urge(&self, said: &str) -> gtk::Label {
        let alert = label(said, gtk::AccessibleRole::Alert);
        alert.set_selectable(true);
        self.column.append(&alert);
        self.focus_on(&alert);
        alert
    }

    /// A button over the width of the column.
    pub(crate) fn button(&self, text: &Text, weight: Weight, pressed: impl Fn() + 'static) -> gtk::Button {
        let button = button(&self.word(text), weight, pressed);
        self.column.append(&button);
        button
    }

    /// Buttons that stay in sight; the last one is pressed by Enter in a field.
    pub(crate) fn buttons(&self, buttons: &[gtk::Button]) {
        self.footer.add_css_class("footer");
        buttons.iter().for_each(|button| self.footer.append(button));
        if let Some(last) = buttons.last() {
            *self.default.borrow_mut() = Some(last.clone().upcast());
        }
    }

    pub(crate) fn focus_on(&self, widget: &impl IsA<gtk::Widget>) {
        *self.focus.borrow_mut() = Some(widget.clone().upcast());
    }

    /// What gets the focus, and what Enter in a field presses.
    pub(crate) fn focused(self) -> (Option<gtk::Widget>, Option<gtk::Widget>) {
        (self.focus.into_inner(), self.default.into_inner())
    }
}

/// A button with these words.
pub(crate) fn button(said: &str, weight: Weight, pressed: impl Fn() + 'static) -> gtk::Button {
    let words = gtk::Label::new(Some(said));
    words.set_wrap(true);
    words.set_justify(gtk::Justification::Center);
    let button = gtk::Button::builder().child(&words).build();
    button.update_property(&[gtk::accessible::Property::Label(said)]);
    match weight {
        Weight::Suggested => button.add_css_class("suggested-action"),
        Weight::Grave => button.add_css_class("destructive-action"),
        Weight::Plain => {}
    }
    button.connect_clicked(move |_| pressed());
    button
}

/// The width of the narrowest screen.
pub(crate) fn screen_width() -> i32 {
    screens().map(|area| area.width()).min().unwrap_or(800)
}

/// The same, but for the margins.
fn widest() -> i32 {
    screen_width().saturating_sub(60)
}

/// Is a screen too narrow for two fields beside each other?
pub(crate) fn is_narrow() -> bool {
    widest() < WIDTH
}

/// The height of the lowest screen, but for panels and the frame.
pub(crate) fn highest() -> i32 {
    let height = screens().map(|area| area.height()).min().unwrap_or(600);
    height.saturating_sub((height / 8).min(100))
}

fn screens() -> impl Iterator<Item = gtk::gdk::Rectangle> {
    let monitors = gtk::gdk::Display::default().map(|display| display.monitors());
    let monitors = monitors.into_iter().flat_map(|list| list.iter::<gtk::gdk::Monitor>().collect::<Vec<_>>());
    monitors.filter_map(Result::ok).map(|monitor| monitor.geometry())
}
