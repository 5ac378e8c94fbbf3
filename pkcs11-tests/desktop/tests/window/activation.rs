//! Whole activations.

use super::stage::Stage;
use avain_flow::text;
use simcard::Codes;

const NEW1: &str = "2580";
const NEW2: &str = "147036";

/// What is typed for an activation.
const fn entries(code: &str) -> [&str; 5] {
    [code, NEW1, NEW1, NEW2, NEW2]
}

#[track_caller]
fn is_activated(stage: &Stage) {
    let card = stage.card();
    let accepted = [(0x11, NEW1), (0x82, NEW2)].map(|(reference, pin)| card.code_is(reference, pin));
    assert_eq!(accepted, [true, true], "the PINs are not those that were typed");
}

/// By the keyboard alone: a wrong repeat first, which is said at its field before the card is touched.
#[test]
fn by_keyboard_with_a_code_that_is_used_up() {
    let stage = Stage::with(&["fineid-v4.0,state=fresh-new"]);
    stage.card_page();
    stage.has_keyboard();
    stage.key("Tab");
    stage.key("Return");
    stage.form(5);
    for entry in [Codes::TRANSPORT, NEW1, "2581", NEW2] {
        stage.types(entry);
        stage.key("Tab");
    }
    stage.types(NEW2);
    stage.key("Return");
    stage.says(&text::entries_differ());
    let wrong = stage.focused();
    assert_eq!(wrong.name(), stage.word(&text::ask_again_named("PIN1")));
    assert_eq!(wrong.description(), stage.word(&text::entries_differ()));
    assert!(wrong.is(desktop::State::Invalid));
    stage.key("ctrl+a");
    stage.types(NEW1);
    stage.key("Return");
    stage.says(&text::activated());
    stage.says(&text::code_used_up());
    is_activated(&stage);
}

/// As a screen reader does it: the code is kept, and the last page offers the test.
#[test]
fn by_screen_reader_with_a_code_to_be_kept() {
    let stage = Stage::with(&["fineid-v3.1,state=fresh-old,issued=2025-11-30"]);
    stage.press(&text::button_activate());
    stage.fill(&entries(Codes::PUK));
    stage.says(&text::keep_code());
    stage.press(&text::button_test());
    stage.fill(&[NEW1]);
    stage.page(&text::window_done());
    is_activated(&stage);
}

/// Only the code is asked for again, with what is at stake; and the same one is not sent twice.
#[test]
fn after_a_wrong_code_the_code_alone_is_asked_for() {
    let stage = Stage::with(&["fineid-v4.0,state=fresh-old"]);
    stage.press(&text::button_activate());
    stage.fill(&entries("87654321"));
    let [code] = stage.form(1).try_into().ok().expect("one field");
    let said = code.description();
    for text in [text::code_wrong(4_u8), text::stake_code("letter")] {
        assert!(said.contains(&stage.word(&text)), "{said}");
    }
    stage.fill(&["87654321"]);
    stage.says(&text::refused_before());
    stage.fill(&[Codes::PUK]);
    stage.says(&text::keep_code());
    is_activated(&stage);
}

/// What was half done is finished: PIN2 alone is asked for.
#[test]
fn what_was_interrupted_is_resumed() {
    let stage = Stage::with(&["fineid-v4.0,state=half-new"]);
    stage.says(&text::next_go_on());
    stage.press(&text::button_activate());
    stage.fill(&[Codes::TRANSPORT, NEW2, NEW2]);
    stage.says(&text::activated());
}

/// What is unwise is said once, and done if the holder insists.
#[test]
fn unwise_pins_are_taken_at_the_second_time() {
    let stage = Stage::with(&["fineid-v4.0,state=fresh-new"]);
    stage.press(&text::button_activate());
    stage.fill(&[Codes::TRANSPORT, "1111", "1111", NEW2, NEW2]);
    stage.says(&text::weak_repeated("PIN1"));
    assert_eq!(stage.focused().name(), stage.fields()[1].name());
    stage.press(&text::button_ok());
    stage.says(&text::activated());
}

/// Estonia: PIN2 from the envelope is changed once.
#[test]
fn a_pin_from_the_envelope_is_changed() {
    let stage = Stage::with(&["estonia-thales,state=fresh"]);
    stage.says(&text::next_first_change("PIN2"));
    stage.press(&text::button_activate());
    stage.fill(&[Codes::PIN2, NEW2, NEW2]);
    stage.says(&text::changed("PIN2"));
}

/// Organisations' cards: nobody has tried it, so the holder has to want it.
#[test]
fn organisations_cards_want_consent() {
    let stage = Stage::with(&["fineid-org,state=blocked-pins"]);
    stage.press(&text::button_activate());
    stage.page(&text::window_consent());
    stage.says(&text::untried_card("organisation"));
    let go_on = stage.view().named("push button", &stage.word(&text::button_go_on()));
    assert!(!go_on.is(desktop::State::Sensitive), "it goes on without consent");
    stage.has_keyboard();
    stage.key("Tab");
    stage.key("space");
    desktop::wait_for("consent", || go_on.is(desktop::State::Sensitive).then_some(()));
    go_on.press();
    stage.fill(&entries(Codes::PUK));
    stage.page(&text::window_activated());
}

/// The last try of a code is used only if its holder wants that.
#[test]
fn the_last_try_is_asked_for() {
    let stage = Stage::with(&["fineid-v4.0,state=fresh-old"]);
    stage.card().set_tries_left(0x83, 1);
    stage.view();
    stage.press(&text::button_activate());
    stage.fill(&entries(Codes::PUK));
    stage.says(&text::last_try_code("letter"));
    stage.press(&text::button_last_try());
    stage.says(&text::keep_code());
    is_activated(&stage);
}

/// A PIN that is locked is set anew with the code.
#[test]
fn a_locked_pin_is_unlocked() {
    let stage = Stage::with(&["fineid-v4.0,state=blocked-pin1"]);
    stage.says(&text::next_unblock("PIN1", 1_u8));
    stage.press(&text::button_unblock("PIN1"));
    stage.fill(&[Codes::PUK, NEW1, NEW1]);
    stage.says(&text::unblocked("PIN1"));
}
