//! The tool with a reader on whose keypad PINs are entered.

use std::fs;
use std::path::PathBuf;

use cli::codes::{NEW1, NEW2, TRANSPORT};
use cli::{Bench, Ended, Terminal, Transcript, avain, code, codes, until};
use simcard::keypad::{NEW, Press};
use simcard::{Codes, PIN1, PIN2};

const FINEID: &str = "fineid-v4.0,keypad=full";
const WAITING: &str = "Waiting for the reader";

fn person(arguments: &[&str]) -> Terminal {
    Terminal::start(&[&["--lang", "en"], arguments].concat())
}

fn digits(text: &str) -> Press {
    Press::Digits(text.to_owned())
}

/// How often the holder was asked on the keypad.
fn asked(bench: &Bench) -> usize {
    bench.card().keypad().asked().len()
}

fn letter() -> PathBuf {
    let file = kit::scratch("keypad").join("letter");
    fs::write(&file, "text").unwrap();
    file
}

#[test]
fn a_pin_is_entered_on_the_keypad_and_the_tool_says_so() {
    let bench = Bench::with_keypad(FINEID);
    let file = letter();
    for (arguments, words) in [
        (&["test"][..], "type PIN1 on its keypad"),
        (&["sign", file.to_str().unwrap()], "type PIN2 on its keypad"),
    ] {
        let ended = person(arguments).end();
        assert_eq!(ended.code, code::DONE, "{}", ended.shown);
        assert!(ended.shown.contains(words), "{}", ended.shown);
        // Nothing is asked for here.
        assert!(!ended.shown.contains("What you type"), "{}", ended.shown);
    }
    assert!(file.with_extension("p7s").exists());
    assert_eq!((asked(&bench), bench.presented(), bench.spent()), (2, 2, [0; 3]));
    assert!(![PIN1, PIN2].iter().any(|pin| bench.card().is_verified(*pin)));
}

#[test]
fn the_tool_waits_for_a_holder_who_takes_long() {
    let bench = Bench::with_keypad(FINEID);
    bench.card().keypad_mut().press([Press::Never]);
    let mut test = person(&["test"]);
    test.expect(WAITING);
    until("the keypad waits", || bench.card().keypad().hangs());
    // What was begun is finished: only the keypad can stop it.
    test.press(&[0x03]);
    test.expect("Stopping when this step is done");
    assert!(bench.card().keypad().hangs());
    // The keypad is out of order: that costs nothing, and is told.
    bench.card().keypad_mut().give_up();
    let ended = test.end();
    assert_eq!((ended.code, bench.presented()), (code::FAILED, 0), "{}", ended.shown);
    assert!(ended.shown.contains("No try was used"), "{}", ended.shown);

    bench.card().keypad_mut().press([Press::Never]);
    let mut test = person(&["test"]);
    test.expect(WAITING);
    until("the keypad waits", || bench.card().keypad().hangs());
    let (_rig, card) = bench.remove();
    let ended = test.end();
    assert_eq!(ended.code, code::NO_CARD, "{}", ended.shown);
    assert_eq!(card.lock().unwrap().tries_left(PIN1), Some(5));
}

/// What the keypad says instead of a PIN: it is told, costs nothing, and nothing is asked for again.
#[test]
fn each_answer_of_a_keypad_is_told_once() {
    let bench = Bench::with_keypad(FINEID);
    let file = letter();
    let sign = ["sign", file.to_str().unwrap()];
    let change = ["change-pin", "2"];
    for (arguments, presses, ends, words, spent) in [
        (&["test"][..], vec![Press::Cancel], code::CANCELLED, "Cancelled on the reader's keypad", 0),
        (&["test"], vec![Press::Wait], code::CANCELLED, "waited for too long", 0),
        (&["test"], vec![digits("123")], code::UNFIT, "too short or too long", 0),
        (&["test"], vec![Press::Status(0x6404)], code::UNFIT, "too short or too long", 0),
        (&["test"], vec![Press::Wrong], code::REFUSED, "Wrong PIN1. 4 tries left.", 1),
        (&sign, vec![Press::Cancel], code::CANCELLED, "Cancelled on the reader's keypad", 0),
        (&sign, vec![Press::Wait], code::CANCELLED, "waited for too long", 0),
        (&sign, vec![Press::Wrong], code::REFUSED, "Wrong PIN2. 4 tries left.", 1),
        (&change, vec![Press::Right, Press::Cancel], code::CANCELLED, "Cancelled on the", 0),
        (
            &change,
            vec![Press::Right, digits("258036"), digits("258037")],
            code::UNFIT,
            "not entered twice in the same way",
            0,
        ),
        (
            &change,
            vec![Press::Wrong, digits("258036"), digits("258036")],
            code::REFUSED,
            "Wrong PIN2. 4 tries left.",
            1,
        ),
    ] {
        bench.renew(FINEID);
        bench.card().keypad_mut().press(presses.clone());
        let ended = person(arguments).end();
        let said = format!("{arguments:?} {presses:?}: {}", ended.shown);
        assert_eq!(ended.code, ends, "{said}");
        assert!(ended.shown.contains(words), "{said}");
        assert_eq!(ended.shown.contains("No try was used"), spent == 0, "{said}");
        assert_eq!((asked(&bench), bench.spent().iter().sum::<u32>()), (1, spent), "{said}");
        assert!(bench.holds(Codes::PIN1, Codes::PIN2) && !file.with_extension("p7s").exists(), "{said}");
    }
}

#[test]
fn the_keyboard_is_used_where_that_is_wanted_and_by_scripts() {
    let bench = Bench::with_keypad(FINEID);
    let mut test = person(&["test", "--keyboard"]);
    test.answer("Basic PIN (PIN1)", Codes::PIN1);
    assert_eq!(test.end().code, code::DONE);
    let mut change = person(&["change-pin", "1", "--keyboard"]);
    change.answer("Present PIN1", Codes::PIN1);
    change.answer("New basic PIN", NEW1);
    change.answer("The same again", NEW1);
    change.answer("now?", "y");
    assert_eq!(change.end().code, code::DONE);
    avain(&["test"], &[NEW1]).ends(code::DONE);
    avain(&["change-pin", "1"], &[NEW1, NEW2]).ends(code::DONE);
    assert_eq!((asked(&bench), bench.spent()), (0, [0; 3]));
}

#[test]
fn a_card_is_activated_changed_and_unlocked_on_the_keypad() {
    let bench = Bench::with_keypad(FINEID);
    for (state, letter) in [("fresh-old", "8 digits"), ("fresh-new", "activation code of 7 digits")] {
        bench.renew(&format!("{FINEID},state={state}"));
        let mut activate = person(&["activate"]);
        activate.expect(letter);
        activate.expect("then the new PIN1 twice");
        activate.expect("then the new PIN2 twice");
        let ended = activate.end();
        assert_eq!(ended.code, code::DONE, "{state}: {}", ended.shown);
        assert!(ended.shown.contains("The card is activated."), "{state}: {}", ended.shown);
        assert!(bench.holds(NEW, NEW));
        assert_eq!((asked(&bench), bench.presented(), bench.spent()), (2, 2, [0; 3]), "{state}");
    }
    bench.card().set_tries_left(PIN2, 0);
    let ended = person(&["unblock", "2"]).end();
    assert_eq!((ended.code, bench.tries()), (code::DONE, [5; 3]), "{}", ended.shown);
    bench.card().keypad_mut().press([Press::Right, digits(NEW1), digits(NEW1)]);
    let ended = person(&["change-pin", "1"]).end();
    assert_eq!(ended.code, code::DONE, "{}", ended.shown);
    assert!(ended.shown.contains("PIN1 was changed.") && bench.holds(NEW1, NEW), "{}", ended.shown);
}

/// The first PIN is set, and at the second one the holder stops: that is told, and the next run goes on there.
#[test]
fn a_holder_who_stops_at_the_second_pin_goes_on_there() {
    let bench = Bench::with_keypad(&format!("{FINEID},state=fresh-new"));
    let enters = || [digits(TRANSPORT), digits(NEW1), digits(NEW1)];
    bench.card().keypad_mut().press(enters().into_iter().chain([Press::Cancel]));
    let ended = person(&["activate"]).end();
    assert_eq!(ended.code, code::PARTLY, "{}", ended.shown);
    assert!(bench.card().code_is(PIN1, NEW1), "{}", ended.shown);
    let ended = person(&["activate"]).end();
    assert_eq!((ended.code, asked(&bench)), (code::DONE, 3), "{}", ended.shown);
    assert!(bench.holds(NEW1, NEW));
    assert_eq!(bench.spent(), [0; 3]);
}

/// New PINs are typed here, after saying so, where the keypad cannot set them or nobody is known to have done it.
#[test]
fn what_cannot_be_set_on_a_keypad_is_typed_here() {
    let bench = Bench::with_keypad("fineid-v4.0,keypad=verify,state=fresh-old");
    let mut activate = person(&["activate"]);
    activate.expect("typed here and not on the reader's keypad");
    for (question, typed) in [
        ("Activation code", codes::PUK),
        ("New basic PIN", NEW1),
        ("The same again", NEW1),
        ("New signature PIN", NEW2),
        ("The same again", NEW2),
        ("now?", "y"),
    ] {
        activate.answer(question, typed);
    }
    let ended = activate.end();
    assert_eq!((ended.code, asked(&bench)), (code::DONE, 0), "{}", ended.shown);
    assert!(bench.holds(NEW1, NEW2));
    let mut unblock = person(&["unblock", "1"]);
    unblock.expect("typed here and not on the reader's keypad");
    for (question, typed) in
        [("PUK", codes::PUK), ("New basic PIN", NEW2), ("The same again", NEW2), ("now?", "y")]
    {
        unblock.answer(question, typed);
    }
    let ended = unblock.end();
    assert_eq!((ended.code, asked(&bench)), (code::DONE, 0), "{}", ended.shown);
    // A PIN that is presented is entered there all the same.
    bench.card().keypad_mut().press([digits(NEW2)]);
    let ended = person(&["test"]).end();
    assert_eq!((ended.code, asked(&bench)), (code::DONE, 1), "{}", ended.shown);
}

/// A keypad without properties, one of few digits, and one on which nobody knows when an entry ends.
#[test]
fn every_kind_of_keypad() {
    for (keypad, on_keypad) in
        [("plain", true), ("short", true), ("english", true), ("unending", false), ("none", false)]
    {
        let bench = Bench::with_keypad(&format!("fineid-v4.0,keypad={keypad}"));
        let mut test = person(&["test"]);
        if on_keypad {
            test.expect(WAITING);
        } else {
            test.answer("Basic PIN (PIN1)", Codes::PIN1);
        }
        let Ended { shown, code: ended, .. } = test.end();
        assert_eq!((ended, asked(&bench)), (code::DONE, usize::from(on_keypad)), "{keypad}: {shown}");
    }
}

/// The cards of other countries, each of which has its PINs put into commands in its own way.
#[test]
fn cards_of_other_countries() {
    for card in ["estonia-idemia", "estonia-thales", "latvia-ec", "belgium-1.8", "belgium-1.7"] {
        let bench = Bench::with_keypad(&format!("{card},keypad=full"));
        let tests = person(&["test"]).end();
        assert_eq!((tests.code, asked(&bench)), (code::DONE, 1), "{card}: {}", tests.shown);
        let file = letter();
        let signs = person(&["sign", file.to_str().unwrap()]).end();
        assert_eq!((signs.code, asked(&bench)), (code::DONE, 2), "{card}: {}", signs.shown);
        let changed = person(&["change-pin", "1"]).end();
        assert_eq!((changed.code, asked(&bench)), (code::DONE, 3), "{card}: {}", changed.shown);
        let pin = bench.card().references().pin1;
        assert!(bench.card().code_is(pin, NEW), "{card}: {}", changed.shown);
    }
}

/// The display speaks what its holder does, if it can; one that cannot is asked in English the next time.
#[test]
fn the_display_speaks_the_language_of_its_holder() {
    let bench = Bench::with_keypad(FINEID);
    let spoken = |arguments: &[&str], locale: &str| {
        let ended = Terminal::with_environment(arguments, &[("LC_ALL", locale)]).end();
        assert_eq!(ended.code, code::DONE, "{}", ended.shown);
        bench.card().keypad().asked().last().expect("it asked").language
    };
    for (locale, language) in [
        ("fi_FI.UTF-8", 0x040B),
        ("sv_FI", 0x041D),
        ("en_GB.UTF-8", 0x0409),
        ("et_EE", 0x0425),
        ("C", 0x0409),
    ] {
        assert_eq!(spoken(&["test"], locale), language, "{locale}");
    }
    assert_eq!(spoken(&["--lang", "sv", "test"], "fi_FI.UTF-8"), 0x041D);
    assert_eq!(spoken(&["--lang", "et", "change-pin", "1"], "C"), 0x0425);
    // Without a display there is nothing to speak.
    bench.renew("fineid-v4.0,keypad=verify");
    assert_eq!(spoken(&["test"], "fi_FI.UTF-8"), 0x0409);
}

/// Each screen with a keypad, in the four languages.
fn transcript(language: &'static str) {
    let bench = Bench::with_keypad(FINEID);
    let mut transcript = Transcript::new(language, bench.reader());
    transcript.screen("PIN1 on the keypad", &["test"], &[], code::DONE);
    for (title, press, ends) in [
        ("cancelled", Press::Cancel, code::CANCELLED),
        ("too late", Press::Wait, code::CANCELLED),
        ("too short", digits("123"), code::UNFIT),
        ("wrong", Press::Wrong, code::REFUSED),
    ] {
        bench.card().keypad_mut().press([press]);
        transcript.screen(title, &["test"], &[], ends);
    }
    bench.renew(&format!("{FINEID},state=fresh-new"));
    transcript.screen("new scheme: activation", &["activate"], &[], code::DONE);
    bench.renew(&format!("{FINEID},state=fresh-old"));
    let stops = [Press::Right, digits(NEW1), digits(NEW1), Press::Cancel];
    bench.card().keypad_mut().press(stops);
    transcript.screen("old scheme: stopped at the second PIN", &["activate"], &[], code::PARTLY);
    transcript.screen("old scheme: the rest of the activation", &["activate"], &[], code::DONE);
    bench.card().set_tries_left(PIN2, 0);
    transcript.screen("PIN2 is unlocked", &["unblock", "2"], &[], code::DONE);
    bench.card().keypad_mut().press([digits(NEW1), digits(NEW), digits(NEW2)]);
    transcript.screen("not twice the same", &["change-pin", "1"], &[], code::UNFIT);
    bench.card().keypad_mut().press([digits(NEW1), digits(NEW), digits(NEW)]);
    transcript.screen("PIN1 is changed", &["change-pin", "1"], &[], code::DONE);
    bench.renew("fineid-v4.0,keypad=verify");
    let typed = [("PIN1", Codes::PIN1), ("PIN1", NEW1), ("PIN1", NEW1), ("PIN1", "y")];
    transcript.screen("a keypad that sets nothing", &["change-pin", "1"], &typed, code::DONE);
    transcript.compare("keypad-");
}

#[test]
fn transcripts() {
    ["fi", "sv", "en", "et"].into_iter().for_each(transcript);
}
