//! What the window is to somebody who hears it, how soon it is there, and what it costs.

use super::stage::Stage;
use avain_flow::{Language, text};
use desktop::{Events, Session, Setting, wait_for};
use simcard::Codes;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// A session in this language.
pub(crate) fn in_language(language: Language) -> Setting {
    let locale = match language {
        Language::Finnish => "fi_FI.UTF-8",
        Language::Swedish => "sv_FI.UTF-8",
        Language::English => "en_GB.UTF-8",
        Language::Estonian => "et_EE.UTF-8",
    };
    Setting { language: locale, ..Setting::default() }
}

/// Roles, names and descriptions of the page of a card and of its form, with what is wrong, in each language.
#[test]
fn every_part_has_its_role_and_name_in_each_language() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/window/trees");
    for language in Language::ALL {
        let stage = Stage::set(&["fineid-v4.0,state=fresh-new"], &in_language(language), &[]);
        stage.card_page();
        let mut told = stage.view().to_string();
        stage.press(&text::button_activate());
        stage.form(5);
        stage.fill(&[Codes::TRANSPORT, "2580", "2581", "2580", "2580"]);
        stage.says(&text::entries_differ());
        told.push_str(&stage.view().to_string());
        let file = folder.join(format!("{}.txt", language.code()));
        if std::env::var_os("AVAIN_WRITE_TABLES").is_some() {
            fs::create_dir_all(&folder).and_then(|()| fs::write(&file, &told)).expect("a file");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(told, expected, "{}: AVAIN_WRITE_TABLES=1 writes it", file.display());
    }
}

/// A screen reader is told what is wrong: the field has the focus, is invalid, and says why.
#[test]
fn a_screen_reader_is_told_what_is_wrong() {
    let stage = Stage::with(&["fineid-v4.0,state=fresh-new"]);
    stage.has_keyboard();
    stage.press(&text::button_activate());
    stage.form(5);
    let events = Events::of(&stage.session);
    stage.fill(&[Codes::TRANSPORT, "258", "258", "147036", "147036"]);
    let first = stage.word(&text::ask_new_pin1(4_u8, 8_u8));
    for detail in ["invalid", "focused"] {
        wait_for(detail, || {
            events
                .told()
                .into_iter()
                .find(|event| event.detail.starts_with(detail) && event.now && event.name == first)
        });
    }
    assert_eq!(stage.focused().description(), stage.word(&text::wrong_length("PIN1", 4_u8, 8_u8)));
}

/// The language is changed in the window; what was typed stays, and so does the language.
#[test]
fn the_language_is_changed_in_the_window() {
    let mut stage = Stage::with(&["fineid-v4.0,state=fresh-new"]);
    stage.press(&text::button_activate());
    stage.form(5)[0].types(Codes::TRANSPORT);
    stage.has_keyboard();
    // The choice stands before the fields.
    let choice = stage.word(&text::window_language());
    let chosen = |part: &desktop::Accessible| part.name() == choice && part.is(desktop::State::Focused);
    for _ in 0..6 {
        if stage.view().all().iter().any(chosen) {
            break;
        }
        stage.key("shift+Tab");
        std::thread::sleep(Duration::from_millis(100));
    }
    for key in ["Return", "Up", "Return"] {
        stage.key(key);
        std::thread::sleep(Duration::from_millis(300));
    }
    let finnish = avain_flow::Words::facing(Language::Finnish, avain_flow::Face::Window);
    stage.view().named("heading", &finnish.say(&text::window_activate()));
    let entries = ["2580", "2580", "147036", "147036"];
    for (field, entry) in stage.form(5).iter().skip(1).zip(entries) {
        field.types(entry);
    }
    stage.view().named("push button", &finnish.say(&text::button_ok())).press();
    stage.view().named("heading", &finnish.say(&text::window_activated()));
    // The next window speaks it from the beginning.
    stage.reopen();
    stage.view().named("push button", &finnish.say(&text::button_report()));
}

/// By the keyboard, the fields come in the order in which they are read.
#[test]
fn the_focus_goes_from_the_top_to_the_bottom() {
    let stage = Stage::with(&["fineid-v4.0,state=fresh-new"]);
    stage.has_keyboard();
    stage.press(&text::button_activate());
    let names: Vec<String> = stage.form(5).iter().map(desktop::Accessible::name).collect();
    for name in &names {
        wait_for(name, || (stage.focused().name() == *name).then_some(()));
        stage.key("Tab");
    }
}

impl Stage {
    /// What is typed into is in sight, between the bar above and the buttons below, and all of that is on the screen.
    #[track_caller]
    fn sees_what_is_typed(&self, (width, height): (i32, i32)) {
        let place = |role: &str, name: &str| self.view().find(role, name)?.place();
        let [settings, ok] = [text::window_settings(), text::button_ok()].map(|text| self.word(&text));
        let sees = || {
            let (bar, button) = (place("push button", &settings)?, place("push button", &ok)?);
            let field = self.focused().place()?;
            let is_between = bar.bottom <= field.top && field.bottom <= button.top && field.left >= 0;
            (is_between && field.right <= width && button.bottom <= height).then_some(())
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while sees().is_none() {
            let (field, button) = (self.focused(), place("push button", &ok));
            assert!(Instant::now() < deadline, "{field} at {:?}, OK at {button:?}", field.place());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// On the smallest screen, at twice the size, whoever types sees where.
#[test]
fn the_field_with_the_focus_is_in_sight() {
    let environment = vec![("GDK_SCALE", "2".to_owned())];
    let setting = Setting { size: (640, 480), environment, ..in_language(Language::Finnish) };
    let stage = Stage::set(&["fineid-v4.0,state=fresh-new"], &setting, &[]);
    stage.has_keyboard();
    stage.press(&text::button_activate());
    for _ in stage.form(5) {
        stage.sees_what_is_typed((320, 240));
        stage.key("Tab");
    }
    stage.fill(&["12345678", "2580", "2581", "1234", "1234"]);
    stage.says(&text::entries_differ());
    stage.sees_what_is_typed((320, 240));
    stage.picture("look-double-small");
}

/// The window is small; how soon it is there, `make desktop-costs` tells: that depends on what else the computer does.
#[test]
fn it_is_there_at_once_and_small() {
    let session = Session::start();
    let begun = Instant::now();
    let window = session.start_program(super::stage::PROGRAM, &[]);
    session.screen().window("Avain");
    let taken = begun.elapsed();
    let (resident, own) = (window.status("VmRSS:") / 1024, window.own_memory() / 1024 / 1024);
    println!("window: {} ms, {resident} MB resident, {own} MB its own", taken.as_millis());
    assert!(resident <= 40, "{resident} MB");
}
