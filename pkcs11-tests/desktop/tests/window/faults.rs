//! A fault at each command of an activation, by a PC/SC library without a daemon.

use super::stage::{PROGRAM, Stage};
use avain_flow::{Face, Language, Text, Words, text};
use desktop::{Accessible, Process, Session, wait_for};
use kit::FakeLibrary;
use simcard::Codes;
use std::fs;
use std::path::PathBuf;

/// The fake library, and its reports.
struct Library(FakeLibrary);

impl Library {
    fn report(&self) -> PathBuf {
        self.0.folder().join("report")
    }

    /// Starts the window with it.
    fn start(&self, session: &Session, card: &str, fault: &str) -> Process {
        let report = self.report();
        let _ = fs::remove_file(&report);
        let variables = [
            format!("LD_LIBRARY_PATH={}", self.0.folder().display()),
            format!("FAKE_PCSC_CARDS={card}"),
            format!("FAKE_PCSC_FAULTS={fault}"),
            format!("FAKE_PCSC_REPORT={}", report.display()),
            "FAKE_PCSC_QUESTIONS=calls;pins 0;code 0 11 2580;code 0 82 147036".to_owned(),
        ];
        let program = desktop::program(PROGRAM);
        let program = program.to_str().expect("a name");
        let arguments: Vec<&str> = variables.iter().map(String::as_str).chain([program]).collect();
        session.run("env", &arguments)
    }

    /// The answers to the questions.
    fn answers(&self) -> Vec<String> {
        let report = fs::read_to_string(self.report()).expect("a report");
        report.lines().map(str::to_owned).collect()
    }

    /// How many commands were sent.
    fn commands(&self) -> usize {
        let calls = self.answers().into_iter().next().unwrap_or_default();
        let count =
            calls.split_whitespace().find_map(|call| call.strip_prefix("Transmit=").map(str::to_owned));
        count.and_then(|count| count.parse().ok()).expect("a number")
    }
}

/// Whatever happens to the card, the window says so; what it says to be done is done; and no try is spent.
#[test]
fn a_fault_at_each_command_of_an_activation() {
    let desk = Desk {
        library: Library(FakeLibrary::new()),
        session: Session::start(),
        words: Words::facing(Language::English, Face::Window),
    };
    let mut seen = 0;
    for (card, code, fault) in [
        ("fineid-v4.0,state=fresh-new", Codes::TRANSPORT, "removed-after"),
        ("fineid-v4.0,state=fresh-old", Codes::PUK, "comm-after"),
    ] {
        let mut position = desk.commands_before(card) + 1;
        while desk.activate(card, code, &format!("Transmit {position} {fault}")) >= position {
            position += 1;
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen} faults");
}

/// A desktop on which windows are started with the fake library.
struct Desk {
    library: Library,
    session: Session,
    words: Words,
}

impl Desk {
    fn view(&self) -> Accessible {
        self.session.accessible(PROGRAM)
    }

    fn has_page(&self, title: &Text) -> bool {
        self.view().find("heading", &self.words.say(title)).is_some()
    }

    /// How many commands are sent until the button can be pressed.
    fn commands_before(&self, card: &str) -> usize {
        let _window = self.library.start(&self.session, card, "");
        self.view().named("push button", &self.words.say(&text::button_activate()));
        self.library.commands()
    }

    /// Activates a card, as far as the fault lets it. Returns how many commands were sent.
    fn activate(&self, card: &str, code: &str, fault: &str) -> usize {
        let window = self.library.start(&self.session, card, fault);
        let failed = || self.has_page(&text::window_failed()) || self.has_page(&text::window_absent());
        let button = self.words.say(&text::button_activate());
        let button = wait_for("the card, or a failure", || {
            let button = self.view().find("push button", &button);
            (button.is_some() || failed()).then_some(button)
        });
        // The fault may come while the card is read.
        let Some(button) = button else { return self.library.commands() };
        button.press();
        let form = wait_for("the form, or a failure", || {
            let fields = Stage::fields_in(&self.view());
            (fields.len() == 5 || failed()).then_some(fields)
        });
        if form.len() == 5 {
            for (field, entry) in form.iter().zip([code, "2580", "2580", "147036", "147036"]) {
                field.types(entry);
            }
            self.view().named("push button", &self.words.say(&text::button_ok())).press();
            wait_for("an end", || (self.has_page(&text::window_activated()) || failed()).then_some(()));
        }
        self.judge(card, fault);
        drop(window);
        self.library.commands()
    }

    fn judge(&self, card: &str, fault: &str) {
        let told = self.has_page(&text::window_activated());
        let answers = self.library.answers();
        let [_, pins, first, second] = answers.as_slice() else { panic!("{answers:?}") };
        let set = [first, second].map(|answer| answer == "yes");
        assert!(!told || set == [true, true], "{card} {fault}: told to be done\n{}", self.view());
        let mut spent = pins.split_whitespace().filter_map(|pin| pin.split(':').nth(5));
        assert!(spent.all(|spent| spent == "0"), "{card} {fault}: a try was spent: {pins}");
    }
}
