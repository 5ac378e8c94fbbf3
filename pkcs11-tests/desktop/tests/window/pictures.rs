//! Pictures of all pages in all languages, and of some as their users may have set them, for people to look at: in
//! target/pictures, or in the folder that AVAIN_PICTURES names.

use super::seen::in_language;
use super::settings::{installed, with_browser};
use super::stage::{PROGRAM, Stage};
use avain_flow::desktop::Action;
use avain_flow::{Language, text};
use desktop::Setting;
use kit::{Backend, Rig};
use simcard::Codes;
use simcard::keypad::Press;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Where pictures go.
fn folder() -> PathBuf {
    let usual = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/pictures"));
    let folder = std::env::var_os("AVAIN_PICTURES").map_or_else(usual, PathBuf::from);
    fs::create_dir_all(&folder).expect("a folder for pictures");
    folder
}

impl Stage {
    /// Keeps a picture of the window.
    pub(crate) fn picture(&self, name: &str) {
        // What is drawn after the last event.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let file = folder().join(format!("{name}.png"));
        self.session.screen().picture(&file);
        kit::run(Command::new("mogrify").args(["-trim", "+repage"]).arg(&file));
        if name == "en-2-activate" && std::env::var_os("AVAIN_WRITE_TABLES").is_some() {
            let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/window.png");
            fs::copy(&file, page).expect("the picture of the README");
        }
        let colors = kit::run(Command::new("identify").args(["-format", "%k"]).arg(&file));
        assert!(colors.trim().parse::<u32>().expect("a number") > 20, "{name} is empty");
    }
}

/// The pages of a card that is new, and what comes then.
fn of_a_new_card(setting: &Setting, name: &str) {
    let stage = Stage::set(&["fineid-v4.0,state=fresh-new"], setting, &["--gapplication-service"]);
    stage.offer();
    stage.page(&text::window_offer());
    stage.picture(&format!("{name}-1-offer"));
    stage.press(&text::button_activate());
    stage.form(5);
    stage.picture(&format!("{name}-2-activate"));
    stage.fill(&["12345678", "2580", "2581", "1234", "1234"]);
    stage.says(&text::entries_differ());
    stage.picture(&format!("{name}-3-wrong"));
}

/// The pages of a card that is in use.
fn of_a_card_in_use(setting: &Setting, name: &str) {
    let mut stage = Stage::set(&["fineid-v4.0,state=half-new"], setting, &[]);
    stage.press(&text::button_activate());
    stage.fill(&["7654321", "147036", "147036"]);
    stage.form(1);
    stage.picture(&format!("{name}-4-wrong-code"));
    stage.fill(&[Codes::TRANSPORT]);
    stage.says(&text::activated());
    stage.picture(&format!("{name}-5-activated"));
    stage.press(&text::button_test());
    stage.form(1);
    stage.picture(&format!("{name}-6-test"));
    stage.fill(&[Codes::PIN1]);
    stage.page(&text::window_done());
    stage.picture(&format!("{name}-7-tested"));
    stage.press(&text::button_back());
    stage.card_page();
    stage.picture(&format!("{name}-8-card"));
    stage.press(&text::button_change("PIN2"));
    stage.form(3);
    stage.picture(&format!("{name}-9-change"));
    stage.press(&text::button_back());
    stage.press(&text::button_unblock("PIN1"));
    stage.form(3);
    stage.picture(&format!("{name}-10-unblock"));
    stage.press(&text::button_back());
    stage.press(&text::button_certificates());
    stage.page(&text::window_certificates());
    stage.picture(&format!("{name}-11-certificates"));
    stage.press(&text::button_back());
    stage.press(&text::button_report());
    stage.page(&text::window_report());
    stage.picture(&format!("{name}-12-report"));
    stage.press(&text::button_back());
    stage.card_page();
    stage.take_out();
    stage.page(&text::window_absent());
    stage.picture(&format!("{name}-13-absent"));
}

/// A file to be signed, and two cards to choose from.
fn of_other_cards(setting: &Setting, name: &str) {
    let file = kit::scratch("picture").join("sopimus.pdf");
    fs::write(&file, "I agree.\n").expect("a file");
    let stage = Stage::set(&["belgium-1.8"], setting, &[file.to_str().expect("a name")]);
    stage.form(1);
    stage.picture(&format!("{name}-14-sign"));
    drop(stage);
    let stage = Stage::set(&["latvia-ec", "estonia-thales,state=fresh"], setting, &[]);
    stage.page(&text::window_choose());
    stage.picture(&format!("{name}-15-choose"));
    drop(stage);
    let stage = Stage::set(&["fineid-org,state=blocked-pins"], setting, &[]);
    stage.press(&text::button_activate());
    stage.page(&text::window_consent());
    stage.picture(&format!("{name}-16-consent"));
}

/// The pages of a reader with a keypad, and of a card without contacts; then what can be set.
fn of_other_readers(setting: &Setting, name: &str) {
    let rig = Rig::with_keypads(Backend::Daemon, 1);
    let card = "fineid-v4.0,keypad=full";
    let stage = Stage::on(rig, &[card], setting, |session| session.start_program(PROGRAM, &[]));
    stage.press(&text::button_change("PIN1"));
    stage.says(&text::window_keypad());
    stage.picture(&format!("{name}-17-keypad"));
    stage.card().keypad_mut().press([Press::Never]);
    stage.press(&text::button_keypad());
    stage.says(&text::keypad_change("PIN1"));
    stage.picture(&format!("{name}-18-waiting"));
    drop(stage);
    let stage = Stage::set(&["fineid-v4.0,interface=contactless,can=123456"], setting, &[]);
    stage.form(1);
    stage.picture(&format!("{name}-19-number"));
    stage.fill(&["123456"]);
    stage.card_page_of("FINEID");
    stage.press(&text::window_settings());
    stage.page(&text::window_settings());
    stage.picture(&format!("{name}-20-settings"));
}

/// Browsers that do not know the card, and what becomes of them.
fn of_browsers(setting: &Setting, name: &str) {
    let folder = installed();
    let stage = Stage::on(Rig::start(1), &["fineid-v4.0"], setting, |session| with_browser(session, &folder));
    stage.says(&text::window_programs_offer());
    stage.picture(&format!("{name}-21-offered"));
    stage.press(&text::button_programs());
    stage.says(&text::window_programs_why());
    stage.picture(&format!("{name}-22-browsers"));
    stage.press(&text::button_ok());
    stage.page(&text::window_done());
    stage.picture(&format!("{name}-23-told"));
    fs::remove_dir_all(folder).expect("the folder");
}

/// What the launcher's menu leads to.
fn of_launcher(setting: &Setting, name: &str) {
    let stage = Stage::set(&["fineid-v4.0"], setting, &["--gapplication-service"]);
    stage.choose(Action::Change);
    stage.page(&text::window_change_any());
    stage.picture(&format!("{name}-24-which"));
    stage.choose(Action::Can);
    stage.form(1);
    stage.picture(&format!("{name}-25-number"));
}

fn every_page(language: Language) {
    let (setting, name) = (in_language(language), language.code());
    for pages in [of_a_new_card, of_a_card_in_use, of_other_cards, of_other_readers, of_browsers, of_launcher]
    {
        pages(&setting, name);
    }
}

#[test]
fn every_page_in_finnish() {
    every_page(Language::Finnish);
}

#[test]
fn every_page_in_swedish() {
    every_page(Language::Swedish);
}

#[test]
fn every_page_in_english() {
    every_page(Language::English);
}

#[test]
fn every_page_in_estonian() {
    every_page(Language::Estonian);
}

/// In Finnish, whose words are long.
fn look(name: &str, size: (u32, u32), environment: &[(&'static str, &str)]) {
    let environment = environment.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let setting = Setting { size, environment, ..in_language(Language::Finnish) };
    of_a_new_card(&setting, &format!("look-{name}"));
    of_other_readers(&setting, &format!("look-{name}"));
}

#[test]
fn dark() {
    look("dark", (1366, 768), &[("GTK_THEME", "Adwaita:dark")]);
}

#[test]
fn with_high_contrast() {
    look("contrast", (1366, 768), &[("GTK_THEME", "HighContrast")]);
}

#[test]
fn at_twice_the_size() {
    look("double", (1366, 768), &[("GDK_SCALE", "2")]);
}

#[test]
fn on_a_small_screen() {
    look("small", (640, 480), &[]);
}
