//! What the user chooses in the window: what happens with a new card, and which programs know the card.

use super::stage::{PROGRAM, Stage};
use avain_flow::desktop::Preference;
use avain_flow::{registration, text};
use desktop::{Process, Session, Setting, State, wait_for};
use kit::Rig;
use std::fs;
use std::path::{Path, PathBuf};

const CARD: &str = "fineid-v4.0";

/// What happens when a new card is put in is chosen by the keyboard, and kept where the agent reads it.
#[test]
fn what_happens_with_a_new_card_is_chosen() {
    let mut stage = Stage::with(&[CARD]);
    stage.card_page();
    stage.press(&text::window_settings());
    stage.page(&text::window_settings());
    stage.has_keyboard();
    for key in ["Tab", "Down"] {
        stage.key(key);
    }
    let file = stage.session.home().join(".config/avain/avain.toml");
    wait_for("the file", || {
        fs::read_to_string(&file).ok().filter(|text| text == "new-card = \"notification\"\n")
    });
    stage.reopen();
    stage.card_page();
    stage.press(&text::window_settings());
    let chosen = stage.word(&text::window_prefers(Preference::Notification));
    let is_chosen = |part: &desktop::Accessible| part.name() == chosen && part.is(State::Checked);
    wait_for("the choice", || stage.view().all().iter().any(is_chosen).then_some(()));
}

/// Nobody who types is led away.
#[test]
fn the_settings_wait_until_what_is_typed_was_sent() {
    let stage = Stage::with(&[CARD]);
    stage.press(&text::button_change("PIN1"));
    stage.form(3);
    let settings = stage.view().named("push button", &stage.word(&text::window_settings()));
    assert!(!settings.is(State::Sensitive));
    stage.press(&text::button_back());
    stage.card_page();
    assert!(settings.is(State::Sensitive));
}

/// A list of modules as NSS writes it.
const LIST: &str =
    "library=\nname=NSS Internal PKCS #11 Module\nparameters=configdir='sql:.'\nNSS=trustOrder=100\n\n";

/// Firefox, with a profile whose folder is called so.
fn firefox(home: &Path, profile: &str) {
    let folder = home.join(".mozilla/firefox");
    fs::create_dir_all(folder.join(profile)).expect("a folder");
    let profiles = format!("[Profile0]\nName=default\nIsRelative=1\nPath={profile}\nDefault=1\n");
    fs::write(folder.join("profiles.ini"), profiles).expect("a file");
    fs::write(folder.join(profile).join("pkcs11.txt"), LIST).expect("a file");
    // The browser itself, as its maker's archive brings it.
    fs::create_dir_all(home.join("firefox")).expect("a folder");
    fs::write(home.join("firefox/firefox"), "").expect("a file");
}

/// The window of a user who has a browser, as it is installed in this folder.
pub(crate) fn with_browser(session: &Session, folder: &Path) -> Process {
    with_profile(session, folder, "a.default")
}

/// The same, with this profile.
pub(crate) fn with_profile(session: &Session, folder: &Path, profile: &str) -> Process {
    firefox(session.home(), profile);
    session.run(folder.join("bin").join(PROGRAM).to_str().expect("a path"), &[])
}

/// The window, the module and what answers Web eID, installed side by side.
pub(crate) fn installed() -> PathBuf {
    let folder = kit::scratch("installed");
    for part in ["bin", "lib/pkcs11"] {
        fs::create_dir_all(folder.join(part)).expect("a folder");
    }
    fs::copy(desktop::program(PROGRAM), folder.join("bin").join(PROGRAM)).expect("the window");
    for part in ["bin/avain-web", "lib/pkcs11/avain-pkcs11.so"] {
        fs::write(folder.join(part), "").expect("a file");
    }
    folder
}

/// It is offered once that browsers get to know the card, what will happen is shown, and it can be undone.
#[test]
fn browsers_get_to_know_the_card() {
    let folder = installed();
    let start = |session: &Session| with_browser(session, &folder);
    let mut stage = Stage::on(Rig::start(1), &[CARD], &Setting::default(), start);
    let list = stage.session.home().join(".mozilla/firefox/a.default/pkcs11.txt");
    let read = || fs::read_to_string(&list).expect("a list");
    let manifest = stage.session.home().join(".mozilla/native-messaging-hosts/eu.webeid.json");
    stage.says(&text::window_programs_offer());
    stage.press(&text::button_programs());
    stage.says(&text::window_programs_why());
    let shown = || stage.view().all().iter().any(|part| part.name().ends_with("a.default"));
    wait_for("the profile", || shown().then_some(()));
    stage.says(&text::window_standing(registration::State::Absent));
    assert!(read() == LIST && !manifest.exists(), "it is changed before it is shown");
    stage.press(&text::button_ok());
    stage.page(&text::window_done());
    stage.says(&text::window_became("Firefox", registration::Action::Add));
    let library = format!("library={}\n", folder.join("lib/pkcs11/avain-pkcs11.so").display());
    assert!(read().ends_with(LIST) && read().contains(&library), "{}", read());
    // The extension of Web eID finds who answers it.
    let named = fs::read_to_string(&manifest).expect("a manifest");
    assert!(named.contains(&folder.join("bin/avain-web").display().to_string()), "{named}");
    stage.press(&text::button_undo());
    wait_for("the list as it was", || (read() == LIST && !manifest.exists()).then_some(()));
    stage.press(&text::button_back());
    stage.card_page();
    assert!(!stage.offers(&text::button_programs()), "it is offered again");
    // Who wants it after all finds it in the settings.
    stage.press(&text::window_settings());
    stage.press(&text::button_programs());
    stage.press(&text::button_ok());
    wait_for("the module", || read().contains(&library).then_some(()));
    stage.take_out();
    fs::remove_dir_all(folder).expect("the folder");
}

/// Whoever does not want it is not asked again.
#[test]
fn browsers_are_offered_once() {
    let folder = installed();
    let start = |session: &Session| with_browser(session, &folder);
    let stage = Stage::on(Rig::start(1), &[CARD], &Setting::default(), start);
    stage.press(&text::button_no());
    wait_for("the page without the offer", || (!stage.offers(&text::button_no())).then_some(()));
    stage.card_page();
    assert!(!stage.offers(&text::button_programs()));
    let list = stage.session.home().join(".mozilla/firefox/a.default/pkcs11.txt");
    assert_eq!(fs::read_to_string(list).expect("a list"), LIST);
    fs::remove_dir_all(folder).expect("the folder");
}
