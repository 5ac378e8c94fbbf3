//! The actions in the menu of the launcher: each opens its page, or asks for which card or PIN it is meant.

use super::stage::Stage;
use avain_flow::desktop::Action;
use avain_flow::text;
use desktop::{Accessible, Setting, wait_for};
use std::fs;

const WITHOUT_CONTACTS: &str = "fineid-v4.0,interface=contactless,can=123456";

/// Somebody has put these cards in and chosen an action. No window was open.
fn chosen(cards: &[&str], action: Action) -> Stage {
    let stage = Stage::set(cards, &Setting::default(), &["--gapplication-service"]);
    stage.choose(action);
    stage
}

#[test]
fn each_action_opens_its_page() {
    let stage = chosen(&["fineid-v4.0"], Action::Change);
    stage.page(&text::window_change_any());
    stage.press(&text::button_change("PIN2"));
    stage.page(&text::window_change("PIN2"));
    // Whoever types is not disturbed.
    stage.form(3);
    stage.choose(Action::Test);
    stage.press(&text::button_back());
    stage.card_page();
    stage.choose(Action::Unblock);
    stage.page(&text::window_unblock_any());
    stage.press(&text::button_unblock("PIN1"));
    stage.page(&text::window_unblock("PIN1"));
    stage.press(&text::button_back());
    stage.card_page();
    stage.choose(Action::Test);
    stage.page(&text::window_test());
    stage.form(1);
}

/// The only PIN of a card is not asked for, nor which PIN is locked.
#[test]
fn what_leaves_no_choice_is_begun() {
    chosen(&["belgium-1.8"], Action::Change).form(3);
    chosen(&["fineid-v4.0,state=blocked-pin1"], Action::Unblock).page(&text::window_unblock("PIN1"));
    chosen(&["fineid-v4.0,state=fresh-new"], Action::Activate).form(5);
}

#[test]
fn of_several_cards_one_is_meant() {
    let stage = chosen(&["fineid-v4.0", "latvia-ec"], Action::Change);
    stage.page(&text::window_choose());
    let is_meant = |part: &Accessible| part.role() == "push button" && part.name().contains("Latvia");
    stage.view().all().into_iter().find(is_meant).expect("a button for it").press();
    stage.page(&text::window_change_any());
}

/// The number has to open the card that opens with one, and is stored. A card with contacts is not meant.
#[test]
fn a_number_is_given() {
    let stage = chosen(&["fineid-v4.0", WITHOUT_CONTACTS], Action::Can);
    stage.page(&text::window_can());
    stage.says(&text::reader(stage.rig.reader(1).as_str()));
    stage.fill(&["12345"]);
    let is_told = |why: &str| stage.fields().iter().any(|field| field.description().starts_with(why));
    let impossible = stage.word(&text::can_impossible());
    wait_for("what is wrong", || is_told(&impossible).then_some(()));
    stage.focused().clear();
    stage.fill(&["654321"]);
    let wrong = stage.word(&text::can_wrong(0_usize));
    let wrong = wrong.split_inclusive(": ").next().unwrap_or_default();
    wait_for(wrong, || is_told(wrong).then_some(()));
    let store = stage.session.home().join(".config/avain/card-access-numbers");
    assert!(!store.exists(), "a wrong number is stored");
    stage.fill(&["123456"]);
    stage.says(&text::can_works());
    assert!(fs::read_to_string(store).expect("a file").contains("123456"));
    // The window opens the card with it.
    stage.press(&text::button_back());
    stage.page(&text::window_choose());
    let reader = stage.word(&text::reader(stage.rig.reader(1).as_str()));
    let is_meant = |part: &Accessible| part.role() == "push button" && part.name().contains(&reader);
    stage.view().all().into_iter().find(is_meant).expect("a button for it").press();
    stage.card_page_of("FINEID");
}

/// Without a card, a number is kept for one that comes.
#[test]
fn a_number_is_kept_for_later() {
    let mut stage = chosen(&[], Action::Can);
    stage.page(&text::window_can());
    stage.fill(&["123456"]);
    stage.says(&text::can_added());
    stage.press(&text::button_back());
    stage.page(&text::window_absent());
    stage.put_in(WITHOUT_CONTACTS);
    stage.card_page_of("FINEID");
}
