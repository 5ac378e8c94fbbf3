//! Whoever stops the tool: before anything is sent the card stays as it is, and from then on the step that was begun is
//! finished, and it is told how far it came. The terminal shows afterwards what is typed, as it did before.

use cli::codes::{NEW1, NEW2, TRANSPORT};
use cli::{Bench, Terminal, avain, code};
use simcard::{Action, Codes, Fault, PIN1, PIN2};
use std::time::Duration;

/// A card that takes so long is waited for, and whoever is told to stop meanwhile has time to hear it.
const LONG: Duration = Duration::from_secs(3);
/// Keys that the terminal turns into signals: Ctrl-C and Ctrl-\.
const KEYS: [&str; 2] = ["\x03", "\x1C"];
const SIGNALS: [&str; 4] = ["INT", "TERM", "HUP", "QUIT"];

/// How the tool is told to stop.
fn stop(terminal: &mut Terminal, by: &str) {
    if KEYS.contains(&by) { terminal.press(by.as_bytes()) } else { terminal.signal(by) }
}

/// Starts to activate, up to the last answer.
fn activate() -> Terminal {
    let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
    for (question, answer) in [
        ("Activation code", TRANSPORT),
        ("New basic PIN", NEW1),
        ("The same again", NEW1),
        ("New signature PIN", NEW2),
        ("The same again", NEW2),
    ] {
        terminal.answer(question, answer);
    }
    terminal.expect("now?");
    terminal
}

#[test]
fn at_a_question_the_card_and_the_terminal_stay_as_they_were() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    for by in KEYS.into_iter().chain(SIGNALS) {
        let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
        terminal.expect("Activation code");
        assert!(!terminal.echoes(), "what is typed is shown");
        stop(&mut terminal, by);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echoes), (code::CANCELLED, true), "{by:?}: {}", ended.shown);
        assert!(ended.shown.contains("The card is as it was."), "{by:?}: {}", ended.shown);
        let mut terminal = activate();
        stop(&mut terminal, by);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echoes), (code::CANCELLED, true), "{by:?}: {}", ended.shown);
        assert_eq!(bench.presented(), 0, "{by:?}");
    }
}

/// While the card is still being read, nothing was asked yet, and the terminal is silent already.
#[test]
fn before_the_first_question_the_terminal_stays_as_it_was() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    for by in KEYS.into_iter().chain(SIGNALS) {
        bench.renew("fineid-v4.0,state=fresh-new");
        let before = bench.card().log().count();
        bench.card().faults_mut().push(Fault::next(Action::Delay(LONG)));
        let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
        cli::until("the card is being read", || bench.card().log().count() > before);
        cli::until("the terminal is silent", || !terminal.echoes());
        stop(&mut terminal, by);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echoes), (code::CANCELLED, true), "{by:?}: {}", ended.shown);
        assert_eq!(bench.presented(), 0, "{by:?}");
    }
}

/// In the middle of the first of two steps: it is finished, the second is not begun, and the next run does it.
#[test]
fn a_step_that_was_begun_is_finished_and_the_next_is_not_begun() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    for by in ["\x03", "TERM", "HUP"] {
        bench.renew("fineid-v4.0,state=fresh-new");
        bench.card().faults_mut().push(Fault::on(&[0x24, 0x00, PIN1], Action::Delay(LONG)));
        let mut terminal = activate();
        terminal.enter("y");
        cli::until("the first step was begun", || bench.presented() == 1);
        stop(&mut terminal, by);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echoes), (code::PARTLY, true), "{by:?}: {}", ended.shown);
        for words in
            ["Stopping when this step is done", "PIN1 is set, PIN2 is not. Give the same command again"]
        {
            assert!(ended.shown.contains(words), "{by:?}: {words:?} is not in\n{}", ended.shown);
        }
        assert!(bench.card().code_is(PIN1, NEW1) && bench.card().code_is(PIN2, TRANSPORT), "{by:?}");
        assert_eq!((bench.presented(), bench.spent()), (1, [0; 3]), "{by:?}");
        avain(&["activate"], &[TRANSPORT, NEW2]).ends(code::DONE);
        assert!(bench.holds(NEW1, NEW2), "{by:?}");
    }
}

/// In the middle of the only step: it is done, and told to be done.
#[test]
fn the_only_step_is_finished_and_told() {
    let bench = Bench::with("fineid-v4.0");
    bench.card().faults_mut().push(Fault::on(&[0x24, 0x00, PIN1], Action::Delay(LONG)));
    let mut terminal = Terminal::start(&["--lang", "en", "change-pin", "1"]);
    for (question, answer) in
        [("Present PIN1", Codes::PIN1), ("New basic PIN", NEW1), ("The same again", NEW1), ("now?", "y")]
    {
        terminal.answer(question, answer);
    }
    cli::until("it was begun", || bench.presented() == 1);
    terminal.signal("TERM");
    let ended = terminal.end();
    assert_eq!(ended.code, code::DONE, "{}", ended.shown);
    assert!(ended.shown.contains("PIN1 was changed."), "{}", ended.shown);
    assert!(bench.card().code_is(PIN1, NEW1));
}

/// Ctrl-Z gives the shell its terminal back at a question, and waits where the card is being written to.
#[test]
fn a_pause_never_falls_into_a_step() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
    terminal.expect("Activation code");
    terminal.press(b"\x1A");
    cli::until("the terminal is the shell's", || terminal.echoes());
    terminal.signal("CONT");
    cli::until("the terminal is silent again", || !terminal.echoes());
    terminal.enter(TRANSPORT);
    for (question, answer) in [
        ("New basic PIN", NEW1),
        ("The same again", NEW1),
        ("New signature PIN", NEW2),
        ("The same again", NEW2),
    ] {
        terminal.answer(question, answer);
    }
    bench.card().faults_mut().push(Fault::on(&[0x24, 0x00, PIN1], Action::Delay(LONG)));
    terminal.answer("now?", "y");
    cli::until("the first step was begun", || bench.presented() == 1);
    terminal.signal("TSTP");
    cli::until("both steps are done", || bench.holds(NEW1, NEW2));
    let ended = terminal.end_after_pauses();
    assert_eq!((ended.code, ended.echoes), (code::DONE, true), "{}", ended.shown);
}

/// Who types while the card is still being read sees nothing of it.
#[test]
fn what_is_typed_before_the_first_question_is_not_shown() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    let before = bench.card().log().count();
    bench.card().faults_mut().push(Fault::next(Action::Delay(LONG)));
    let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
    cli::until("the card is being read", || bench.card().log().count() > before);
    terminal.enter(TRANSPORT);
    terminal.expect("Activation code");
    terminal.expect("New basic PIN");
    terminal.press(b"\x03");
    let ended = terminal.end();
    assert!(!ended.shown.contains(TRANSPORT), "{}", ended.shown);
    assert_eq!((ended.code, ended.echoes), (code::CANCELLED, true));
}
