//! Cards that are pulled out, daemons that end, names that are hostile, and what the agent wants meanwhile.

use super::settings::{installed, with_browser, with_profile};
use super::stage::Stage;
use avain_flow::desktop::Action;
use avain_flow::{Text, text};
use desktop::{Accessible, Other, Process, Session, Setting, State, wait_for};
use kit::{Backend, Rig};
use simcard::Codes;
use std::fs;

/// A page, the card for which it is, and how it is reached from that of the card.
type Way = (&'static str, &'static str, fn(&Stage));

const CARD: &str = "fineid-v4.0";
const FRESH: &str = "fineid-v4.0,state=fresh-new";
const ON_KEYPAD: &str = "fineid-v4.0,keypad=full";
const WITHOUT_CONTACTS: &str = "fineid-v4.0,interface=contactless,can=123456";

/// Pages that are of no use without their card.
const WAYS: [Way; 13] = [
    ("the card", CARD, |stage| stage.says(&text::window_programs_offer())),
    ("the offer", FRESH, |stage| {
        stage.offer();
        stage.page(&text::window_offer());
    }),
    ("activation", FRESH, |stage| {
        stage.press(&text::button_activate());
        stage.form(5);
    }),
    ("a wrong code", "fineid-v4.0,state=half-new", |stage| {
        stage.press(&text::button_activate());
        stage.fill(&["7654321", "147036", "147036"]);
        stage.form(1);
    }),
    ("which PIN", CARD, |stage| {
        stage.card_page_of("FINEID");
        stage.choose(Action::Change);
        stage.page(&text::window_change_any());
    }),
    ("change", CARD, |stage| {
        stage.press(&text::button_change("PIN2"));
        stage.form(3);
    }),
    ("unblocking", CARD, |stage| {
        stage.press(&text::button_unblock("PIN1"));
        stage.form(3);
    }),
    ("test", CARD, |stage| {
        stage.press(&text::window_test());
        stage.form(1);
    }),
    ("certificates", CARD, |stage| {
        stage.press(&text::button_certificates());
        stage.page(&text::window_certificates());
    }),
    ("consent", "fineid-org,state=blocked-pins", |stage| {
        stage.press(&text::button_activate());
        stage.page(&text::window_consent());
    }),
    ("keypad", ON_KEYPAD, |stage| {
        stage.press(&text::button_change("PIN1"));
        stage.says(&text::window_keypad());
    }),
    ("the PIN on the keypad", ON_KEYPAD, |stage| {
        stage.press(&text::window_test());
        stage.says(&text::window_keypad());
    }),
    ("number", WITHOUT_CONTACTS, |stage| {
        stage.form(1);
    }),
];

/// A page that stays: how it is reached, what it is called, and the button that leaves it.
type Staying = (fn(&Stage), fn() -> Text, fn() -> Text);

/// What is read, or done without the card.
const STAYING: [Staying; 6] = [
    (|stage| stage.press(&text::window_settings()), text::window_settings, text::button_back),
    (browsers, text::window_programs, text::button_no),
    (
        |stage| {
            browsers(stage);
            stage.press(&text::button_ok());
        },
        text::window_done,
        text::button_back,
    ),
    (
        |stage| {
            browsers(stage);
            stage.press(&text::button_undo());
        },
        text::window_done,
        text::button_back,
    ),
    (|stage| stage.press(&text::button_report()), text::window_report, text::button_back),
    (
        |stage| {
            stage.press(&text::window_test());
            stage.fill(&[Codes::PIN1]);
        },
        text::window_done,
        text::button_back,
    ),
];

/// Goes to the page of browsers, by way of the settings.
fn browsers(stage: &Stage) {
    stage.press(&text::window_settings());
    stage.page(&text::window_settings());
    stage.press(&text::button_programs());
    stage.page(&text::window_programs());
}

/// An empty reader, which can have a keypad.
fn without_card(start: impl FnOnce(&Session) -> Process) -> Stage {
    let stage = Stage::on(Rig::with_keypads(Backend::Daemon, 1), &[], &Setting::default(), start);
    stage.page(&text::window_absent());
    stage
}

/// Wherever the card is pulled out, the window says what to do, and shows the next card.
#[test]
fn a_card_is_pulled_at_every_page() {
    let folder = installed();
    let mut stage = without_card(|session| with_browser(session, &folder));
    for (page, card, reach) in WAYS {
        println!("{page}");
        stage.put_in(card);
        reach(&stage);
        stage.take_out();
        stage.page(&text::window_absent());
        stage.says(&text::no_card());
    }
    stage.put_in("latvia-ec");
    stage.card_page_of("Latvia");
    drop(stage);
    fs::remove_dir_all(folder).expect("the folder");
}

/// What needs no card stays while one comes and goes, and then the window says that there is none.
#[test]
fn a_card_is_pulled_while_something_else_is_shown() {
    let folder = installed();
    let mut stage = without_card(|session| with_browser(session, &folder));
    for (reach, title, leave) in STAYING {
        stage.put_in(CARD);
        stage.card_page_of("FINEID");
        reach(&stage);
        stage.page(&title());
        stage.take_out();
        stage.put_in("latvia-ec");
        stage.take_out();
        let is_there = stage.view().find("heading", &stage.word(&title())).is_some();
        assert!(is_there, "{}", stage.view());
        stage.press(&leave());
        stage.page(&text::window_absent());
        stage.says(&text::no_card());
    }
    drop(stage);
    fs::remove_dir_all(folder).expect("the folder");
}

/// Without a daemon the window says so, without words of the terminal, and goes on when there is one.
#[test]
fn the_daemon_ends_and_comes_back() {
    let mut stage = Stage::with(&["fineid-v4.0"]);
    stage.card_page();
    stage.rig.stop();
    stage.says(&text::no_service());
    stage.rig.restart();
    stage.put_in("latvia-ec");
    stage.card_page_of("Latvia");
}

/// Text that a window must not take for anything else.
const MARKUP: &str = "<b>&amp;</b>";
/// Pages on which no name stands.
const NAMELESS: [&str; 3] = ["a wrong code", "consent", "number"];

impl Stage {
    /// This name is shown as it is, and nothing that is shown turns the writing, fills the window, or is cut off.
    #[track_caller]
    fn shows_harmless(&self, name: &str) {
        let view = self.view();
        let shown: Vec<Accessible> = view.all().into_iter().filter(|part| part.is(State::Visible)).collect();
        let is_bad = |c: char| c != '\n' && (c.is_control() || "\u{202E}\u{2066}".contains(c));
        let frame = shown.iter().find(|part| part.role() == "frame").and_then(Accessible::place);
        let width = frame.expect("the place of the window").right;
        for part in &shown {
            let said = part.name();
            assert!(!said.contains(is_bad) && said.chars().count() < 400, "{said:?}");
            let right = part.place().map_or(0, |place| place.right);
            assert!(right <= width, "{said:?} ends at {right} of {width}");
        }
        assert!(shown.iter().any(|part| part.name().contains(name)), "{view}");
    }
}

/// Whatever stands in a name, it writes nothing but itself, and it does not fill the window.
#[test]
fn hostile_names_are_shown_as_they_are_and_no_more() {
    let folder = installed();
    let mut stage = without_card(|session| with_browser(session, &folder));
    for (holder, shown) in [(simcard::HOSTILE, MARKUP), (simcard::LONG_NAMED, "NNNN")] {
        let named = |card: &str| format!("{card},holder={holder}");
        for (page, card, reach) in WAYS.into_iter().filter(|(page, ..)| !NAMELESS.contains(page)) {
            println!("{page} of {shown}");
            stage.put_in(&named(card));
            reach(&stage);
            stage.shows_harmless(shown);
            stage.take_out();
            stage.page(&text::window_absent());
        }
        // Whose numbers are stored.
        stage.put_in(&named(WITHOUT_CONTACTS));
        stage.fill(&["123456"]);
        stage.card_page_of("FINEID");
        stage.press(&text::window_settings());
        stage.page(&text::window_settings());
        stage.shows_harmless(shown);
        stage.press(&text::button_forget());
        stage.says(&text::can_none());
        stage.take_out();
        stage.press(&text::button_back());
        stage.page(&text::window_absent());
    }
    drop(stage);
    fs::remove_dir_all(folder).expect("the folder");
}

/// The same of the folders of browsers: before they are changed, and when they cannot be.
#[test]
fn hostile_folders_are_shown_as_they_are_and_no_more() {
    let folder = installed();
    let profile = format!("a\u{1B}[2J\u{9B}31m\r\u{7}{MARKUP}\u{202E}\u{2066}{}", "P".repeat(180));
    let stage = without_card(|session| with_profile(session, &folder, &profile));
    browsers(&stage);
    stage.shows_harmless(MARKUP);
    // The list cannot be replaced while there is something else beside it of the name that its new form has meanwhile.
    let list = stage.session.home().join(".mozilla/firefox").join(profile);
    fs::create_dir(list.join(format!("pkcs11.txt.avain-{}", stage.window.id()))).expect("a folder");
    stage.press(&text::button_ok());
    stage.page(&text::window_failed());
    stage.shows_harmless(MARKUP);
    drop(stage);
    fs::remove_dir_all(folder).expect("the folder");
}

/// The page that the agent opens takes no key from the program that is typed into, and none of them means yes.
#[test]
fn an_offer_takes_no_keys() {
    let stage = Stage::set(&[FRESH], &Setting::default(), &["--gapplication-service"]);
    let other = Other::open(&stage.session);
    let digits = "2580147036".repeat(6);
    let _typing = stage.session.run("xdotool", &["type", "--delay", "20", &digits]);
    stage.offer();
    stage.page(&text::window_offer());
    wait_for("the keys", || (other.typed() == digits).then_some(()));
    // Should it have the keyboard, a digit or Enter does nothing.
    stage.has_keyboard();
    stage.types("2580");
    stage.key("Return");
    stage.page(&text::window_offer());
    assert!(stage.fields().is_empty());
}

/// Whoever is typing is not disturbed by what the agent wants.
#[test]
fn an_offer_does_not_interrupt() {
    let stage = Stage::with(&["fineid-v4.0"]);
    stage.press(&text::button_change("PIN1"));
    let fields = stage.form(3);
    fields[0].types(Codes::PIN1);
    stage.offer();
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(stage.fields().len(), 3);
}
