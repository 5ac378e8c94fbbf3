//! What is done with a card that is activated.

use super::stage::Stage;
use avain_flow::{Secret, text};
use desktop::{Setting, wait_for};
use simcard::Codes;
use std::fs;

#[test]
fn a_pin_is_changed() {
    let stage = Stage::with(&["fineid-v4.0"]);
    stage.press(&text::button_change("PIN1"));
    stage.fill(&[Codes::PIN1, "2580", "2580"]);
    stage.says(&text::changed("PIN1"));
    assert!(stage.card().code_is(0x11, "2580"));
}

/// Only the old PIN is asked for again.
#[test]
fn after_a_wrong_pin_that_pin_alone_is_asked_for() {
    let stage = Stage::with(&["latvia-ec"]);
    stage.press(&text::button_change(Secret::Puk.name()));
    stage.fill(&["87654321", "11223344", "11223344"]);
    let [old] = stage.form(1).try_into().ok().expect("one field");
    assert!(old.description().contains(&stage.word(&text::code_wrong(2_u8))), "{}", old.description());
    stage.fill(&[Codes::PUK]);
    stage.says(&text::changed(Secret::Puk.name()));
}

#[test]
fn a_test_says_whether_all_works() {
    let stage = Stage::with(&["belgium-1.8"]);
    stage.press(&text::window_test());
    stage.fill(&["12"]);
    let [field] = stage.form(1).try_into().ok().expect("one field");
    wait_for("what is wrong", || field.is(desktop::State::Invalid).then_some(()));
    assert!(!field.description().is_empty());
    field.clear();
    stage.fill(&[Codes::PIN1]);
    stage.page(&text::window_done());
}

/// Name, size and digest are shown before the PIN, the signature is beside the file, and OpenSSL accepts it.
#[test]
fn a_file_is_signed() {
    let folder = kit::scratch("signed");
    let file = folder.join("agreement.txt");
    fs::write(&file, "I agree.\n").expect("a file");
    let name = file.to_str().expect("a name").to_owned();
    let stage = Stage::set(&["fineid-v3.1,issued=2025-11-30"], &Setting::default(), &[&name]);
    stage.says(&text::window_size(9_usize));
    stage.says(&text::signature_meaning(file.as_path(), "PIN2"));
    let digest = kit::run(std::process::Command::new("sha256sum").arg(&file));
    let shown: String = stage.view().all().iter().map(|part| part.name().replace(' ', "")).collect();
    assert!(shown.contains(digest.split_whitespace().next().expect("a digest")), "{shown}");
    stage.fill(&[Codes::PIN2]);
    let signature = folder.join("agreement.txt.p7s");
    stage.says(&text::signed(signature.as_path()));
    let mut verify = std::process::Command::new("openssl");
    verify.args(["cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in"]).arg(&signature);
    verify.arg("-content").arg(&file);
    assert!(kit::run(&mut verify).contains("I agree."));
    fs::remove_dir_all(folder).expect("the folder");
}

/// The certificates of keys and of authorities, each to be saved.
#[test]
fn certificates_are_shown() {
    let stage = Stage::with(&["fineid-v4.0"]);
    stage.press(&text::button_certificates());
    stage.page(&text::window_certificates());
    for name in ["login.der", "signature-ec.der", "authority.der"] {
        assert!(stage.offers(&text::button_save(name)), "{}", stage.view());
    }
    stage.press(&text::button_save("login.der"));
    let chooser = stage.session.screen().window(&stage.word(&text::window_certificates()));
    stage.session.screen().activate(&chooser);
    stage.key("Return");
    let saved = stage.session.home().join("login.der");
    stage.says(&text::written(saved.as_path()));
    let mut shown = std::process::Command::new("openssl");
    shown.args(["x509", "-inform", "DER", "-noout", "-subject", "-in"]).arg(&saved);
    let holder = stage.card().holder().surname.clone();
    assert!(kit::run(&mut shown).contains(&holder));
    stage.press(&text::button_back());
    stage.card_page();
}

/// The report is there to be read, and says what the tool says.
#[test]
fn a_report_can_be_read_before_it_is_given_away() {
    let stage = Stage::with(&["fineid-v4.0"]);
    stage.press(&text::button_report());
    stage.page(&text::window_report());
    let told = stage.view().all().into_iter().find(|part| part.role() == "text").expect("a text").text();
    for line in [text::bundle_harmless(), text::section("service"), text::service_answers()] {
        assert!(told.contains(&stage.word(&line)), "{told}");
    }
    let holder = stage.card().holder().surname.clone();
    assert!(!told.contains(&holder), "{told}");
}

/// Of two cards, the one that is meant is chosen.
#[test]
fn two_cards_are_a_choice() {
    let mut stage = Stage::with(&["fineid-v4.0,state=fresh-new", "latvia-ec"]);
    stage.page(&text::window_choose());
    let second = stage
        .view()
        .all()
        .into_iter()
        .rfind(|part| part.role() == "push button" && part.name().contains("Latvia"));
    second.expect("a button for it").press();
    stage.card_page_of("Latvia");
    // With one of them gone there is no choice any more.
    stage.take_out();
    stage.card_page_of("Latvia");
}
