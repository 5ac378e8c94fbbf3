//! The tool with a card on a contactless reader.

use std::fs;
use std::path::PathBuf;

use cli::codes::NEW1;
use cli::{Bench, Terminal, Transcript, avain, code};
use simcard::{Action, Codes, Fault, PIN1};

/// What is printed on the simulated cards.
const CAN: &str = "571500";
const WRONG: &str = "111111";
const FINEID: &str = "fineid-v4.1,interface=contactless";
const ESTONIA: &str = "estonia-idemia,interface=contactless";
const ASK_CAN: &str = "Card access number (CAN)";
const HOLD: &str = "Hold the card still";

/// No number is stored. Whoever has the reader has the store, too.
fn forget() {
    let folder = PathBuf::from(std::env::var_os("XDG_CONFIG_HOME").expect("the sandbox sets it"));
    let _ = fs::remove_dir_all(folder.join("avain"));
}

fn person(arguments: &[&str]) -> Terminal {
    Terminal::start(&[&["--lang", "en"], arguments].concat())
}

#[test]
fn a_person_types_number_and_pin_and_then_holds_the_card_still() {
    for (card, ask_pin, signature_pin) in [
        (FINEID, "Basic PIN (PIN1)", "Signature PIN (PIN2)"),
        (ESTONIA, "PIN1.", "PIN2."),
        ("estonia-thales,interface=contactless", "PIN1.", "PIN2."),
        ("latvia-ec,interface=contactless", "PIN1.", "PIN2."),
    ] {
        let bench = Bench::with(card);
        forget();
        avain(&["status"], &[]).ends(code::UNFIT).says("avain can add");
        assert_eq!(bench.card().channel_openings(), 0);
        let mut test = person(&["test"]);
        test.answer(ASK_CAN, CAN);
        test.expect(ask_pin);
        // Nothing was done with the card before all is typed.
        assert_eq!(bench.card().channel_openings(), 0, "{card}");
        test.enter(Codes::PIN1);
        test.expect(HOLD);
        let ended = test.end();
        assert!(ended.code == code::DONE && ended.shown.contains("It works"), "{card}: {}", ended.shown);
        assert!(!ended.shown.contains(CAN));
        // The number is stored, with the card and its holder.
        avain(&["status"], &[]).ends(code::DONE).says("PIN1: in use");
        avain(&["certs"], &[]).ends(code::DONE).says("Certificate for signing");
        let listed = avain(&["can", "list"], &[]).ends(code::DONE).out;
        let number = bench.card().printed_serial();
        assert!(
            listed.contains(&number) && listed.contains(", ") && !listed.contains(CAN),
            "{card}: {listed}"
        );
        avain(&["test"], &[Codes::PIN1]).ends(code::DONE).says("It works");

        let file = kit::scratch("contactless").join("file");
        fs::write(&file, "content").unwrap();
        let mut sign = person(&["sign", file.to_str().unwrap()]);
        sign.answer(signature_pin, Codes::PIN2);
        sign.expect(HOLD);
        let ended = sign.end();
        assert_eq!(ended.code, code::DONE, "{card}: {}", ended.shown);
        assert!(file.with_extension("p7s").exists());
        assert_eq!(bench.card().wrong_numbers(), 0);
    }
}

#[test]
fn a_wrong_number_is_told_in_words_and_asked_for_again() {
    let bench = Bench::with(FINEID);
    forget();
    let mut test = person(&["test"]);
    test.answer(ASK_CAN, "12345");
    test.expect("has 6 digits");
    test.answer(ASK_CAN, WRONG);
    test.answer("Basic PIN", Codes::PIN1);
    test.expect("it is the number printed on the card, 6 digits");
    test.answer(ASK_CAN, WRONG);
    test.expect("It was not sent again");
    test.answer(ASK_CAN, CAN);
    let ended = test.end();
    assert!(ended.code == code::DONE && ended.shown.contains("No try of a PIN was used"), "{}", ended.shown);
    assert_eq!(bench.spent()[0], 0);
    // A script has stored the number before.
    forget();
    avain(&["test"], &[Codes::PIN1]).ends(code::UNFIT).says("A script stores the card access number");
    assert_eq!(bench.spent()[0], 0);
}

#[test]
fn a_number_is_stored_after_it_has_opened_the_card() {
    let bench = Bench::with(FINEID);
    forget();
    avain(&["can", "add"], &[WRONG]).ends(code::UNFIT).says("printed on the card");
    avain(&["can", "list"], &[]).ends(code::DONE).says("No card access number");
    avain(&["can", "add"], &[CAN]).ends(code::DONE).says("opens this card, and is stored");
    let holder = avain(&["can", "list"], &[]).ends(code::DONE).out;
    assert!(holder.contains(&bench.card().printed_serial()), "{holder}");
    avain(&["can", "forget", "1"], &[]).ends(code::DONE);
    avain(&["status"], &[]).ends(code::UNFIT);
}

#[test]
fn finlands_card_is_activated_and_its_pins_are_set_by_contacts() {
    let bench = Bench::with(FINEID);
    forget();
    for arguments in [&["activate"][..], &["change-pin", "1"], &["unblock", "2"]] {
        let (words, lines) = ("put it into a reader with contacts", [Codes::PIN1, NEW1]);
        avain(arguments, &lines).ends(code::UNSUPPORTED).says(words);
        for (language, words) in [("fi", "koskettimet"), ("sv", "kontakter"), ("et", "kontaktidega")] {
            avain(&[&["--lang", language], arguments].concat(), &lines).ends(code::UNSUPPORTED).says(words);
        }
    }
    assert_eq!((bench.presented(), bench.card().channel_openings()), (0, 0));
}

#[test]
fn estonias_pins_are_changed_without_contacts() {
    let bench = Bench::with(ESTONIA);
    forget();
    let mut change = person(&["change-pin", "1"]);
    change.answer(ASK_CAN, CAN);
    change.answer("Present PIN1", Codes::PIN1);
    change.answer("New PIN1", NEW1);
    change.answer("The same again", NEW1);
    change.answer("Write this to the card now?", "y");
    change.expect(HOLD);
    let ended = change.end();
    assert_eq!(ended.code, code::DONE, "{}", ended.shown);
    let reference = bench.card().references().pin1;
    assert!(bench.card().code_is(reference, NEW1));
}

/// PIN2 of Finland's card may be tried; a refusal says what to do.
#[test]
fn a_refused_signature_says_that_the_card_may_want_its_contacts() {
    let _bench = Bench::with(&format!("{FINEID},contactless_signing=no"));
    forget();
    avain(&["can", "add"], &[CAN]).ends(code::DONE);
    let file = kit::scratch("refused").join("file");
    fs::write(&file, "content").unwrap();
    let run = avain(&["sign", file.to_str().unwrap()], &[Codes::PIN2]);
    assert_ne!(run.code, code::DONE);
    run.says("Put the card into a reader with contacts");
}

/// Who lifts the card while typing lays it back; who lifts it too early is told so, and no try is spent.
#[test]
fn a_card_that_is_lifted_is_waited_for_or_that_is_told() {
    let bench = Bench::with(FINEID);
    forget();
    let mut test = person(&["test"]);
    test.answer(ASK_CAN, CAN);
    test.expect("Basic PIN");
    let (rig, card) = bench.remove();
    test.enter(Codes::PIN1);
    test.expect("Lay the card on the reader");
    let inserted = rig.insert(0, card.clone());
    let ended = test.end();
    assert_eq!(ended.code, code::DONE, "{}", ended.shown);
    inserted.remove();

    let inserted = rig.insert(0, card.clone());
    let before = card.lock().unwrap().credential_count(PIN1).commands;
    card.lock().unwrap().faults_mut().push(Fault::next(Action::PullOutBefore).after(8));
    let run = avain(&["test"], &[Codes::PIN1]);
    assert_eq!(run.code, code::NO_CARD, "{run:?}");
    run.says("was lifted off the reader too early");
    assert_eq!(card.lock().unwrap().credential_count(PIN1).commands, before);
    drop(inserted);
}

/// Each screen without contacts, in the four languages.
fn transcript(language: &'static str) {
    let bench = Bench::with(FINEID);
    forget();
    let mut transcript = Transcript::new(language, bench.reader());
    transcript.screen("no number is known: status", &["status"], &[], code::UNFIT);
    let wrong = [("CAN", "12345"), ("CAN", WRONG), ("PIN1", Codes::PIN1), ("CAN", WRONG), ("CAN", CAN)];
    transcript.screen("the first use, with mistakes", &["test"], &wrong, code::DONE);
    transcript.screen("the number is stored: status", &["status"], &[], code::DONE);
    transcript.screen("whose numbers are stored", &["can", "list"], &[], code::DONE);
    transcript.screen("PIN1 alone", &["test"], &[("PIN1", Codes::PIN1)], code::DONE);
    for arguments in [&["activate"][..], &["change-pin", "1"], &["unblock", "2"]] {
        transcript.screen("what needs contacts", arguments, &[], code::UNSUPPORTED);
    }
    transcript.screen("forgotten", &["can", "forget", "1"], &[], code::DONE);
    transcript.screen("a number is added", &["can", "add"], &[("CAN", CAN)], code::DONE);
    bench.card().faults_mut().push(Fault::next(Action::PullOutBefore).after(8));
    transcript.screen("lifted too early", &["test"], &[("PIN1", Codes::PIN1)], code::NO_CARD);
    transcript.compare("contactless-");
}

#[test]
fn transcripts() {
    ["fi", "sv", "en", "et"].into_iter().for_each(transcript);
}
