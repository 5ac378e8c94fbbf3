//! A desktop with readers, cards and the window.

use avain_flow::desktop::Action;
use avain_flow::{Face, Language, Text, Words, text};
use desktop::{Accessible, Process, Session, Setting, State, wait_for};
use gio::glib::variant::ToVariant;
use gio::glib::{Variant, VariantDict};
use kit::{InsertedCard, Rig};
use simcard::Card;
use std::sync::MutexGuard;

/// The window of a user whose locale this is.
pub(crate) struct Stage {
    pub(crate) window: Process,
    pub(crate) words: Words,
    pub(crate) cards: Vec<Option<InsertedCard>>,
    pub(crate) session: Session,
    pub(crate) rig: Rig,
}

/// The program under test.
pub(crate) const PROGRAM: &str = "avain-window";

impl Stage {
    /// With these cards, in English.
    pub(crate) fn with(cards: &[&str]) -> Self {
        Self::set(cards, &Setting::default(), &[])
    }

    /// With these cards, in a session like this.
    pub(crate) fn set(cards: &[&str], setting: &Setting, arguments: &[&str]) -> Self {
        Self::on(Rig::start(cards.len().max(1)), cards, setting, |session| {
            session.start_program(PROGRAM, arguments)
        })
    }

    /// The same with these readers, and a window that is started in its own way.
    pub(crate) fn on(
        rig: Rig,
        cards: &[&str],
        setting: &Setting,
        start: impl FnOnce(&Session) -> Process,
    ) -> Self {
        let cards =
            cards.iter().enumerate().map(|(at, card)| Some(rig.insert(at, kit::card(card)))).collect();
        let session = Session::with(setting);
        let language = Language::of_locale(setting.language).expect("a language of ours");
        let window = start(&session);
        Self { window, words: Words::facing(language, Face::Window), cards, session, rig }
    }

    /// Closes the window, as its user does, and opens another one.
    pub(crate) fn reopen(&mut self) {
        self.has_keyboard();
        self.key("alt+F4");
        self.window.ends();
        self.window = self.session.start_program(PROGRAM, &[]);
    }

    /// The card in the first reader. The reader waits while it is held.
    #[track_caller]
    pub(crate) fn card(&self) -> MutexGuard<'_, Card> {
        self.cards.first().and_then(Option::as_ref).expect("a card").card()
    }

    /// What the window says for a text.
    pub(crate) fn word(&self, text: &Text) -> String {
        self.words.say(text)
    }

    /// The window as a screen reader sees it.
    pub(crate) fn view(&self) -> Accessible {
        self.session.accessible(PROGRAM)
    }

    /// Waits for the page with this heading.
    #[track_caller]
    pub(crate) fn page(&self, title: &Text) {
        self.view().named("heading", &self.word(title));
    }

    /// Waits for the page of a card, and gives its heading.
    #[track_caller]
    pub(crate) fn card_page(&self) -> String {
        let report = self.word(&text::button_report());
        self.view().named("push button", &report);
        let heading = self.view().all().into_iter().find(|part| part.role() == "heading");
        heading.expect("a heading").name()
    }

    /// Waits for the page of a card of this country.
    #[track_caller]
    pub(crate) fn card_page_of(&self, country: &str) {
        let is_heading = |part: &Accessible| part.role() == "heading" && part.name().contains(country);
        wait_for(country, || self.view().all().iter().any(is_heading).then_some(()));
    }

    /// Waits for these words, wherever they stand.
    #[track_caller]
    pub(crate) fn says(&self, text: &Text) {
        let said = self.word(text);
        let told =
            || self.view().all().iter().any(|part| part.name().contains(&said) && part.is(State::Visible));
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while !told() {
            assert!(std::time::Instant::now() < deadline, "nothing says {said:?} in\n{}", self.view());
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// Is this button there?
    pub(crate) fn offers(&self, button: &Text) -> bool {
        self.view().find("push button", &self.word(button)).is_some()
    }

    /// Presses a button, as a screen reader does.
    #[track_caller]
    pub(crate) fn press(&self, button: &Text) {
        self.view().named("push button", &self.word(button)).press();
    }

    /// The fields for PINs, from the top to the bottom.
    pub(crate) fn fields(&self) -> Vec<Accessible> {
        Self::fields_in(&self.view())
    }

    /// The same of any window.
    pub(crate) fn fields_in(view: &Accessible) -> Vec<Accessible> {
        let is_field = |part: &Accessible| part.role() == "password text" && part.is(State::Visible);
        view.all().into_iter().filter(is_field).collect()
    }

    /// Waits until there are so many fields.
    #[track_caller]
    pub(crate) fn form(&self, fields: usize) -> Vec<Accessible> {
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            let found = self.fields();
            if found.len() == fields {
                return found;
            }
            assert!(
                std::time::Instant::now() < deadline,
                "there are not {fields} fields in\n{}",
                self.view()
            );
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// Fills in the fields, as a screen reader does, and presses OK.
    #[track_caller]
    pub(crate) fn fill(&self, entries: &[&str]) {
        for (field, entry) in self.form(entries.len()).iter().zip(entries) {
            field.types(entry);
        }
        self.press(&text::button_ok());
    }

    /// The field that has the focus.
    #[track_caller]
    pub(crate) fn focused(&self) -> Accessible {
        wait_for("a field with the focus", || {
            self.fields().into_iter().find(|field| field.is(State::Focused))
        })
    }

    /// Types on the keyboard.
    pub(crate) fn types(&self, text: &str) {
        self.session.keyboard().types(text);
    }

    /// Presses a key.
    pub(crate) fn key(&self, name: &str) {
        self.session.keyboard().key(name);
    }

    /// Gives the keyboard to the window, as a click on its title does.
    #[track_caller]
    pub(crate) fn has_keyboard(&self) {
        give_keyboard(&self.session);
    }

    /// Puts a card into the first reader.
    pub(crate) fn put_in(&mut self, card: &str) {
        let card = Some(self.rig.insert(0, kit::card(card)));
        match self.cards.first_mut() {
            Some(first) => *first = card,
            None => self.cards.push(card),
        }
    }

    /// Takes the card out of the first reader.
    pub(crate) fn take_out(&mut self) {
        self.cards.first_mut().and_then(Option::take).expect("a card").remove();
    }
}

/// The window's object on the bus.
const OBJECT: (&str, &str) = (avain_flow::desktop::WINDOW, "/fi/avain/avain");

impl Stage {
    /// Does what the agent does when a card is put in that is not activated.
    #[track_caller]
    pub(crate) fn offer(&self) {
        self.act(Action::Offer, vec![self.rig.reader(0).to_variant()], "avain-agent_TIME1");
    }

    /// Does what the launcher does when its user chooses an action of its menu.
    #[track_caller]
    pub(crate) fn choose(&self, action: Action) {
        self.act(action, Vec::new(), "launcher_TIME2");
    }

    #[track_caller]
    fn act(&self, action: Action, parameters: Vec<Variant>, startup: &str) {
        let platform = VariantDict::new(None);
        platform.insert("desktop-startup-id", startup);
        let call = [action.name().to_variant(), parameters.to_variant(), platform.end()];
        let call = Variant::tuple_from_iter(call);
        // Before it has its name, the bus would start another one.
        let has_name = || self.session.bus().process(OBJECT.0) == Some(self.window.id());
        wait_for("the window on the bus", || has_name().then_some(()));
        let called =
            self.session.bus().call(OBJECT, "org.freedesktop.Application", "ActivateAction", Some(&call));
        called.expect("the window");
    }
}

/// Gives the keyboard to the window of this session.
#[track_caller]
pub(crate) fn give_keyboard(session: &Session) {
    let window = session.screen().window("Avain");
    session.screen().activate(&window);
    let is_active = |part: &Accessible| part.role() == "frame" && part.is(State::Active);
    wait_for("the keyboard", || session.accessible(PROGRAM).children().iter().any(is_active).then_some(()));
}
