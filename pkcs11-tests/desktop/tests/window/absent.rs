//! There is no card to work with: the window says what is missing and what to do, and goes on when it is there.

use super::stage::{PROGRAM, Stage};
use avain_flow::text;
use desktop::{Setting, wait_for};
use kit::{Backend, Other, Rig, UnknownCard};

const CARD: &str = "fineid-v4.0";

fn started(session: &desktop::Session) -> desktop::Process {
    session.start_program(PROGRAM, &[])
}

#[test]
fn what_is_missing_is_said() {
    let stage = Stage::on(Rig::with_keypads(Backend::Daemon, 1), &[], &Setting::default(), started);
    stage.page(&text::window_absent());
    stage.says(&text::no_card());
    for (atr, said) in [
        // Upside down, or dirty.
        (UnknownCard::MUTE, text::card_mute()),
        (UnknownCard::ATR, text::card_foreign()),
    ] {
        let card = UnknownCard::insert_into(&stage.rig, atr);
        stage.says(&said);
        drop(card);
        stage.says(&text::no_card());
    }
}

/// Without a reader, that is what is said; one that is connected is used.
#[test]
fn a_reader_that_is_not_there_is_waited_for() {
    let mut stage = Stage::on(Rig::without_readers(), &[], &Setting::default(), started);
    stage.page(&text::window_absent());
    stage.says(&text::no_reader());
    for button in [text::button_again(), text::button_report()] {
        assert!(stage.offers(&button), "{}", stage.view());
    }
    stage.rig.restart_with_readers();
    stage.says(&text::no_card());
    stage.put_in(CARD);
    stage.card_page_of("FINEID");
}

#[test]
fn a_service_that_is_not_there_is_told_and_waited_for() {
    let mut stage = Stage::on(Rig::start(1), &[], &Setting::default(), started);
    stage.says(&text::no_card());
    stage.rig.stop();
    stage.reopen();
    stage.says(&text::no_service());
    stage.rig.restart();
    stage.says(&text::no_card());
}

/// A program that has the card for itself alone is told of; one that lets others wait is waited for.
#[test]
fn a_card_that_another_program_holds() {
    let rig = Rig::start(1);
    let card = rig.insert(0, kit::card(CARD));
    let alone = Other::alone(card.reader()).expect("nobody else has the card");
    let mut stage = Stage::on(rig, &[], &Setting::default(), started);
    stage.cards.push(Some(card));
    stage.says(&text::card_busy());
    drop(alone);
    stage.press(&text::button_again());
    stage.card_page_of("FINEID");
    let reader = stage.rig.reader(0);
    let mut other = Other::connect(&reader);
    let held = other.hold();
    stage.press(&text::window_test());
    let waiting = stage.word(&text::waiting());
    let first = waiting.split_inclusive(". ").next().unwrap_or_default();
    let told = || stage.view().all().iter().any(|part| part.name().starts_with(first));
    wait_for("who is waited for", || told().then_some(()));
    drop(held);
    stage.fill(&[simcard::Codes::PIN1]);
    stage.page(&text::window_done());
}
