//! Cards on a contactless reader, which open with their card access number.

use super::stage::Stage;
use avain_flow::text;
use desktop::{Accessible, State, wait_for};
use std::fs;
use std::path::PathBuf;

const CARD: &str = "fineid-v4.0,interface=contactless,can=123456";

/// Where card access numbers are kept.
fn store(stage: &Stage) -> PathBuf {
    stage.session.home().join(".config/avain/card-access-numbers")
}

/// The number is asked for until it opens the card, and then never again.
#[test]
fn a_number_is_asked_for_once() {
    let mut stage = Stage::with(&[CARD]);
    stage.page(&text::window_can());
    for (typed, why) in [("12345", text::can_impossible()), ("654321", text::can_wrong(0_usize))] {
        let [field] = stage.form(1).try_into().ok().expect("one field");
        field.clear();
        stage.fill(&[typed]);
        // How long the card took is not the same each time.
        let why = stage.word(&why);
        let why = why.split_inclusive(": ").next().unwrap_or_default();
        let is_told = |field: &Accessible| field.is(State::Invalid) && field.description().starts_with(why);
        wait_for(why, || stage.fields().iter().any(is_told).then_some(()));
    }
    assert!(!store(&stage).exists(), "a wrong number is stored");
    stage.focused().clear();
    stage.fill(&["123456"]);
    stage.card_page_of("FINEID");
    assert!(fs::read_to_string(store(&stage)).expect("a file").contains("123456"));
    stage.take_out();
    stage.page(&text::window_absent());
    stage.put_in(CARD);
    stage.card_page_of("FINEID");
    // What cannot be done without contacts is said before anything is typed.
    stage.press(&text::button_change("PIN1"));
    stage.says(&text::contacts_only());
}

/// What is stored is shown, and forgotten where its holder wants that.
#[test]
fn stored_numbers_are_forgotten() {
    let mut stage = Stage::with(&[CARD]);
    stage.fill(&["123456"]);
    stage.card_page_of("FINEID");
    stage.press(&text::window_settings());
    let number = stage.card().printed_serial();
    let told = || stage.view().all().iter().any(|part| part.name().contains(&number));
    wait_for("whose number it is", || told().then_some(()));
    stage.press(&text::button_forget());
    stage.says(&text::can_none());
    assert!(!store(&stage).exists());
    stage.take_out();
    stage.put_in(CARD);
    stage.press(&text::button_back());
    stage.page(&text::window_can());
}
