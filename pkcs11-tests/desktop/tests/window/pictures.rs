//! Pictures of all pages in all languages, for people to look at: in the folder that AVAIN_PICTURES names.

use super::seen::in_language;
use super::stage::Stage;
use avain_flow::{Language, text};
use desktop::Setting;
use simcard::Codes;
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
    fn picture(&self, name: &str) {
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

#[test]
fn every_page_in_every_language() {
    for language in Language::ALL {
        let (setting, name) = (in_language(language), language.code());
        of_a_new_card(&setting, name);
        of_a_card_in_use(&setting, name);
        of_other_cards(&setting, name);
    }
}

/// Dark, with high contrast, at twice the size, and on a small screen.
#[test]
fn every_look() {
    let theme = |name: &str| vec![("GTK_THEME", name.to_owned())];
    for (name, size, environment) in [
        ("dark", (1366, 768), theme("Adwaita:dark")),
        ("contrast", (1366, 768), theme("HighContrast")),
        ("double", (1366, 768), vec![("GDK_SCALE", "2".to_owned())]),
        ("small", (640, 480), Vec::new()),
    ] {
        let setting = Setting { size, environment, ..in_language(Language::Finnish) };
        of_a_new_card(&setting, &format!("look-{name}"));
    }
}
