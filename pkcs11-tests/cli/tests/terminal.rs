//! `avain` as a person uses it, in a terminal and in four languages.

use std::fs;

use cli::codes::{NEW1, NEW2, TRANSPORT};
use cli::{Bench, Terminal, Transcript, code, codes};
use kit::{Other, Rig};
use simcard::{Codes, PIN1, PIN2, PUK};

/// What the tool asks, word by word.
struct Questions {
    language: &'static str,
    code: &'static str,
    puk: &'static str,
    old1: &'static str,
    pin1: &'static str,
    pin2: &'static str,
    again: &'static str,
    confirm: &'static str,
    yes: &'static str,
}

const QUESTIONS: [Questions; 4] = [
    Questions {
        language: "fi",
        code: "Aktivointitunnusluku (kirjeen oikeassa alakulmassa). Kirjoittamasi ei näy: ",
        puk: "PUK-tunnusluku tai 8-numeroinen aktivointitunnusluku. Kirjoittamasi ei näy: ",
        old1: "Nykyinen PIN1. Kirjoittamasi ei näy: ",
        pin1: "Uusi perustunnusluku (PIN1), 4–8 numeroa, tunnistautumiseen. Kirjoittamasi ei näy: ",
        pin2: "Uusi allekirjoitustunnusluku (PIN2), 6–8 numeroa, allekirjoittamiseen. Kirjoittamasi ei näy: ",
        again: "Sama uudelleen. Kirjoittamasi ei näy: ",
        confirm: "Kirjoitetaanko tämä kortille nyt? [k/E] ",
        yes: "k",
    },
    Questions {
        language: "sv",
        code: "Aktiveringskod (i brevets nedre högra hörn). Det du skriver syns inte: ",
        puk: "PUK-kod, eller aktiveringskod med 8 siffror. Det du skriver syns inte: ",
        old1: "Nuvarande PIN1. Det du skriver syns inte: ",
        pin1: "Ny baskod (PIN1), 4–8 siffror, för identifiering. Det du skriver syns inte: ",
        pin2: "Ny signaturkod (PIN2), 6–8 siffror, för underskrift. Det du skriver syns inte: ",
        again: "Samma en gång till. Det du skriver syns inte: ",
        confirm: "Ska detta skrivas på kortet nu? [j/N] ",
        yes: "j",
    },
    Questions {
        language: "en",
        code: "Activation code (in the letter, bottom right). What you type is not shown: ",
        puk: "PUK, or activation code of 8 digits. What you type is not shown: ",
        old1: "Present PIN1. What you type is not shown: ",
        pin1: "New basic PIN (PIN1), 4 to 8 digits, for logging in. What you type is not shown: ",
        pin2: "New signature PIN (PIN2), 6 to 8 digits, for signing. What you type is not shown: ",
        again: "The same again. What you type is not shown: ",
        confirm: "Write this to the card now? [y/N] ",
        yes: "y",
    },
    Questions {
        language: "et",
        code: "Aktiveerimiskood (kirja paremas allnurgas). Sisestatut ei näidata: ",
        puk: "PUK-kood või 8-kohaline aktiveerimiskood. Sisestatut ei näidata: ",
        old1: "Praegune PIN1-kood. Sisestatut ei näidata: ",
        pin1: "Uus PIN1-kood, 4–8 numbrit, isikutuvastuseks. Sisestatut ei näidata: ",
        pin2: "Uus PIN2-kood, 6–8 numbrit, allkirjastamiseks. Sisestatut ei näidata: ",
        again: "Sama uuesti. Sisestatut ei näidata: ",
        confirm: "Kas kirjutada see nüüd kaardile? [j/E] ",
        yes: "j",
    },
];

fn transcript(questions: &Questions) {
    let &Questions { code: letter, puk, old1, pin1, pin2, again, confirm, yes, .. } = questions;
    let bench = Bench::with("fineid-v4.0");
    let mut transcript = Transcript::new(questions.language, bench.reader());
    let all =
        |typed| [(letter, typed), (pin1, NEW1), (again, NEW1), (pin2, NEW2), (again, NEW2), (confirm, yes)];

    bench.renew("fineid-v4.0,state=fresh-new");
    transcript.screen("new scheme: status", &["status"], &[], code::DONE);
    transcript.screen("new scheme: activation", &["activate"], &all(TRANSPORT), code::DONE);
    assert!(bench.holds(NEW1, NEW2));
    transcript.screen("activated already", &["activate"], &[], code::DONE);
    transcript.screen("activated: status", &["status"], &[], code::DONE);

    bench.renew("fineid-v4.0,state=fresh-old");
    transcript.screen("old scheme: status", &["status"], &[], code::DONE);
    let mistakes = [
        (letter, "123"),
        (letter, "1234567x"),
        (letter, codes::PUK),
        (pin1, "12"),
        (pin1, "258036147"),
        (pin1, codes::PUK),
        (pin1, "4444"),
        (again, "4445"),
        (pin1, "4444"),
        (again, "4444"),
        (pin2, "456789"),
        (again, "456789"),
        (confirm, yes),
    ];
    transcript.screen(
        "old scheme: activation, with mistakes and weak PINs",
        &["activate"],
        &mistakes,
        code::DONE,
    );
    assert!(bench.holds("4444", "456789"));
    assert_eq!(bench.spent(), [0; 3]);

    bench.renew("fineid-v4.0,state=fresh-old");
    let then = |wrong, right| [&all(wrong)[..], &[(letter, right)]].concat();
    let mistake = then("87654321", codes::PUK);
    transcript.screen("old scheme: wrong code, then the right one", &["activate"], &mistake, code::DONE);
    assert!(bench.holds(NEW1, NEW2));
    bench.renew("fineid-v4.0,state=fresh-old");
    let corrected = |unfit, fits| [&[(letter, unfit)], &all(fits)[..]].concat();
    let other = corrected(TRANSPORT, codes::PUK);
    transcript.screen("old scheme: code of the new scheme first", &["activate"], &other, code::DONE);
    bench.renew("fineid-v4.0,state=fresh-old");
    bench.card().set_tries_left(PUK, 1);
    transcript.screen("old scheme: last try", &["activate"], &[(letter, codes::PUK)], code::LAST_TRY);
    let wrong = all("87654321");
    transcript.screen("old scheme: last try spent", &["activate", "--use-last-try"], &wrong, code::LOCKED);
    transcript.screen("old scheme: locked for ever", &["activate"], &[], code::LOCKED);
    transcript.screen("old scheme: locked for ever, status", &["status"], &[], code::DONE);

    bench.renew("fineid-v4.0,state=fresh-new");
    let mistake = then("7654321", TRANSPORT);
    transcript.screen("new scheme: wrong code, then the right one", &["activate"], &mistake, code::DONE);
    assert!(bench.holds(NEW1, NEW2));
    bench.renew("fineid-v4.0,state=fresh-new");
    let other = corrected(codes::PUK, TRANSPORT);
    transcript.screen("new scheme: code of the old scheme first", &["activate"], &other, code::DONE);
    bench.renew("fineid-v4.0,state=fresh-new");
    bench.card().set_tries_left(PIN1, 1);
    transcript.screen("new scheme: last try", &["activate"], &[(letter, TRANSPORT)], code::LAST_TRY);
    let wrong = all("7654321");
    transcript.screen("new scheme: last try spent", &["activate", "--use-last-try"], &wrong, code::LOCKED);
    bench.renew("fineid-v4.0,state=blocked-new");
    transcript.screen("new scheme: locked, status", &["status"], &[], code::DONE);
    let puk_ordered = corrected(TRANSPORT, codes::PUK);
    transcript.screen("new scheme: locked, then with a PUK", &["activate"], &puk_ordered, code::DONE);

    bench.renew("fineid-v4.0,state=half-new");
    let second = [(letter, TRANSPORT), (pin2, NEW2), (again, NEW2), (confirm, yes)];
    transcript.screen("interrupted: status", &["status"], &[], code::DONE);
    transcript.screen("interrupted: the open step", &["activate"], &second, code::DONE);
    bench.renew("fineid-v4.0,state=fresh-old,unblock_limit=1");
    transcript.screen("the second step fails", &["activate"], &all(codes::PUK), code::PARTLY);

    bench.renew("fineid-v4.0,state=fresh-new");
    let declined = &[&all(TRANSPORT)[..5], &[(confirm, "")]].concat();
    transcript.screen("not confirmed", &["activate"], declined, code::CANCELLED);
    assert_eq!(bench.presented(), 0);

    bench.renew("fineid-v4.0");
    let change = [(old1, Codes::PIN1), (pin1, NEW1), (again, NEW1), (confirm, yes)];
    transcript.screen("PIN1 is changed", &["change-pin", "1"], &change, code::DONE);
    let mistake = [(old1, "4321"), (pin1, "2581"), (again, "2581"), (confirm, yes), (old1, NEW1)];
    transcript.screen("PIN1 is changed, after a mistake", &["change-pin", "1"], &mistake, code::DONE);
    bench.card().set_tries_left(PIN2, 0);
    transcript.screen("PIN2 is locked: status", &["status"], &[], code::DONE);
    transcript.screen("PIN2 is locked", &["change-pin", "2"], &[], code::LOCKED);
    let unblock = [(puk, codes::PUK), (pin2, NEW2), (again, NEW2), (confirm, yes)];
    transcript.screen("PIN2 is unlocked", &["unblock", "2"], &unblock, code::DONE);

    let (rig, _) = bench.remove();
    transcript.screen("no card", &["activate"], &[], code::NO_CARD);
    drop(rig);
    let _no_daemon = Rig::start(0);
    transcript.screen("no daemon", &["activate"], &[], code::NO_CARD);
    transcript.compare("");
}

#[test]
fn transcript_in_finnish() {
    transcript(&QUESTIONS[0]);
}

#[test]
fn transcript_in_swedish() {
    transcript(&QUESTIONS[1]);
}

#[test]
fn transcript_in_english() {
    transcript(&QUESTIONS[2]);
}

#[test]
fn transcript_in_estonian() {
    transcript(&QUESTIONS[3]);
}

/// At any question: the card is as it was, and so is the terminal.
#[test]
fn ctrl_c_leaves_everything_as_it_was() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    let questions = &QUESTIONS[2];
    let answers = [
        (questions.code, TRANSPORT),
        (questions.pin1, NEW1),
        (questions.again, NEW1),
        (questions.pin2, NEW2),
    ];
    for stop in 0..=answers.len() {
        let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
        for (question, answer) in &answers[..stop] {
            terminal.answer(question, answer);
        }
        terminal.expect(answers.get(stop).map_or(questions.again, |(question, _)| question));
        terminal.press(&[0x03]);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echoes), (code::CANCELLED, true), "{}", ended.shown);
        assert_eq!(bench.presented(), 0);
    }
}

/// A wrong entry alone is asked for again; the others are kept, and what was refused is not sent once more.
#[test]
fn after_a_mistake_that_entry_alone_is_typed_again() {
    let bench = Bench::with("fineid-v4.0");
    let questions = &QUESTIONS[2];
    let wrong = "4 tries left.";
    for (state, letter, other) in [("fresh-old", codes::PUK, "87654321"), ("fresh-new", TRANSPORT, "7654321")]
    {
        bench.renew(&format!("fineid-v4.0,state={state}"));
        let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
        for (question, answer) in [
            (questions.code, other),
            (questions.pin1, NEW1),
            (questions.again, NEW1),
            (questions.pin2, NEW2),
            (questions.again, NEW2),
            (questions.confirm, "y"),
            (wrong, ""),
            (questions.code, other),
            ("not sent again", ""),
            (questions.code, letter),
        ] {
            terminal.expect(question);
            if !answer.is_empty() {
                terminal.enter(answer);
            }
        }
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echoes), (code::DONE, true), "{}", ended.shown);
        assert!(bench.holds(NEW1, NEW2));
        assert_eq!((bench.presented(), bench.spent().iter().sum::<u32>()), (3, 1));
    }
    bench.renew("fineid-v4.0");
    let folder = kit::scratch("again");
    let file = folder.join("letter").to_str().unwrap().to_owned();
    fs::write(&file, "text").unwrap();
    let change: &[_] = &[
        (questions.old1, "4321"),
        (questions.pin1, NEW1),
        (questions.again, NEW1),
        (questions.confirm, "y"),
    ];
    for (arguments, answers, again, right) in [
        (&["test"][..], &[("Basic PIN (PIN1). What", "4321")][..], "Basic PIN (PIN1). What", Codes::PIN1),
        (
            &["sign", &file],
            &[("Signature PIN (PIN2). What", "654321")],
            "Signature PIN (PIN2). What",
            "123456",
        ),
        (&["change-pin", "1"], change, questions.old1, Codes::PIN1),
    ] {
        let before = bench.spent().iter().sum::<u32>();
        let mut terminal = Terminal::start(&[&["--lang", "en"], arguments].concat());
        answers.iter().for_each(|(question, answer)| terminal.answer(question, answer));
        terminal.expect(wrong);
        terminal.answer(again, right);
        let ended = terminal.end();
        assert_eq!((ended.code, ended.echoes), (code::DONE, true), "{}", ended.shown);
        assert_eq!(bench.spent().iter().sum::<u32>(), before + 1, "{}", ended.shown);
    }
    assert!(bench.card().code_is(PIN1, NEW1));
}

/// Who gives up after a mistake ends with what that mistake came to; the last try is not asked for.
#[test]
fn after_a_mistake_the_holder_may_stop() {
    let bench = Bench::with("fineid-v4.0");
    let mut terminal = Terminal::start(&["--lang", "en", "test"]);
    terminal.answer("Basic PIN (PIN1). What", "4321");
    terminal.expect("4 tries left.");
    terminal.expect("Basic PIN (PIN1). What you type is not shown: ");
    terminal.press(&[0x03]);
    let ended = terminal.end();
    assert_eq!((ended.code, ended.echoes), (code::REFUSED, true), "{}", ended.shown);
    bench.card().set_tries_left(PIN1, 2);
    for (arguments, answers) in [
        (&["test"][..], &[("Basic PIN (PIN1). What", "4322")][..]),
        (
            &["change-pin", "1"],
            &[
                (QUESTIONS[2].old1, "4323"),
                (QUESTIONS[2].pin1, NEW1),
                (QUESTIONS[2].again, NEW1),
                (QUESTIONS[2].confirm, "y"),
            ],
        ),
    ] {
        bench.card().set_tries_left(PIN1, 2);
        let mut terminal = Terminal::start(&[&["--lang", "en"], arguments].concat());
        answers.iter().for_each(|(question, answer)| terminal.answer(question, answer));
        terminal.expect("1 try left.");
        terminal.expect("--use-last-try");
        let ended = terminal.end();
        assert_eq!(ended.code, code::REFUSED, "{}", ended.shown);
        assert_eq!(bench.tries()[0], 1);
    }
}

/// While the holder types, another program spends tries: the last one is kept.
#[test]
fn tries_are_asked_for_again_when_all_is_typed() {
    let bench = Bench::with("fineid-v4.0");
    let folder = kit::scratch("meanwhile");
    let file = folder.join("letter").to_str().unwrap().to_owned();
    fs::write(&file, "text").unwrap();
    let questions = &QUESTIONS[2];
    let change = [
        (questions.old1, Codes::PIN1),
        (questions.pin1, NEW1),
        (questions.again, NEW1),
        (questions.confirm, "y"),
    ];
    let code_first = [
        (questions.code, codes::PUK),
        (questions.pin1, NEW1),
        (questions.again, NEW1),
        (questions.pin2, NEW2),
        (questions.again, NEW2),
        (questions.confirm, "y"),
    ];
    for (card, arguments, answers, reference, guess) in [
        ("fineid-v4.0", &["test"][..], &[("Basic PIN (PIN1). What", Codes::PIN1)][..], PIN1, "9999"),
        ("fineid-v4.0", &["sign", &file], &[("Signature PIN (PIN2). What", "123456")], PIN2, "999999"),
        ("fineid-v4.0", &["change-pin", "1"], &change, PIN1, "9999"),
        ("fineid-v4.0,state=fresh-old", &["activate"], &code_first, PUK, "87654321"),
    ] {
        bench.renew(card);
        let mut terminal = Terminal::start(&[&["--lang", "en"], arguments].concat());
        let (last, first) = answers.split_last().unwrap();
        first.iter().for_each(|(question, answer)| terminal.answer(question, answer));
        terminal.expect(last.0);
        let other = Other::connect(bench.reader());
        other.select();
        for _ in 0..4 {
            match reference {
                PUK => other.unblock(PIN1, guess, NEW1),
                pin => other.verify(pin, guess),
            };
        }
        other.leave();
        let before = bench.presented();
        terminal.enter(last.1);
        let ended = terminal.end();
        assert_eq!(ended.code, code::LAST_TRY, "{arguments:?}: {}", ended.shown);
        assert_eq!(
            (bench.presented(), bench.card().tries_left(reference)),
            (before, Some(1)),
            "{arguments:?}"
        );
    }
    assert!(!fs::exists(format!("{file}.p7s")).unwrap());
}

/// Who types ahead, or pastes all lines at once, sees nothing of it either.
#[test]
fn what_is_typed_ahead_is_not_shown() {
    let bench = Bench::with("fineid-v4.0,state=fresh-new");
    let mut terminal = Terminal::start(&["--lang", "en", "activate"]);
    terminal.expect(QUESTIONS[2].code);
    terminal.enter(&[TRANSPORT, NEW1, NEW1, NEW2, NEW2, "y"].join("\r"));
    let ended = terminal.end();
    assert_eq!(ended.code, code::DONE, "{}", ended.shown);
    assert!([TRANSPORT, NEW1, NEW2].iter().all(|typed| !ended.shown.contains(typed)), "{}", ended.shown);
    assert!(bench.holds(NEW1, NEW2));
}

/// Backspace takes a digit away, Ctrl-U all of them, and spaces between groups of digits are dropped.
#[test]
fn typing_errors_can_be_put_right() {
    let bench = Bench::with("fineid-v4.0,state=activated");
    let mut terminal = Terminal::start(&["--lang", "en", "test"]);
    terminal.expect("Basic PIN (PIN1). What");
    terminal.press(b"999\x15249\x7f68 13 \r");
    assert_eq!(terminal.end().code, code::DONE);
    assert_eq!(bench.spent(), [0; 3]);
}

/// The language of the system is spoken where none is asked for.
#[test]
fn the_language_follows_the_locale() {
    let _no_daemon = Rig::start(0);
    for (locale, words) in [
        ("fi_FI.UTF-8", "Älykortti"),
        ("sv_SE", "Smartkort"),
        ("et_EE", "Kiipkaardi"),
        ("de_DE", "smart card"),
    ] {
        let output =
            std::process::Command::new(cli::tool()).arg("status").env("LC_ALL", locale).output().unwrap();
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{locale}: {output:?}");
    }
}

/// The command line explains itself in the language that it asks for, one line a command, and so do its complaints.
#[test]
fn help_and_complaints_in_every_language() {
    let commands = [
        "status",
        "activate",
        "change-pin",
        "unblock",
        "certs",
        "sign",
        "test",
        "can",
        "diagnose",
        "register",
        "unregister",
        "config",
        "doctor",
        "web",
    ];
    for (language, usage, options, unknown, missing) in [
        ("fi", "Käyttö: avain KOMENTO [Valitsimet]", "Valitsimet:", "Komentoa nosuch ei ole.", "Puuttuu: "),
        (
            "sv",
            "Användning: avain KOMMANDO [Flaggor]",
            "Flaggor:",
            "Det finns inget kommando nosuch.",
            "Saknas: ",
        ),
        ("en", "Usage: avain COMMAND [Options]", "Options:", "There is no command nosuch.", "Missing: "),
        ("et", "Kasutamine: avain KÄSK [Valikud]", "Valikud:", "Käsku nosuch ei ole.", "Puudub: "),
    ] {
        let help =
            cli::avain(&["--lang", language, "--help"], &[]).ends(code::DONE).says(usage).says(options);
        let english = ["Usage", "Options", "Commands", "Print", "possible values", "default"];
        assert!(language == "en" || english.iter().all(|word| !help.out.contains(word)), "{help:#?}");
        for command in commands {
            let lines: Vec<&str> =
                help.out.lines().filter(|line| line.trim_start().starts_with(command)).collect();
            assert_eq!(lines.len(), 1, "{language} {command}: {help:#?}");
            assert!(lines[0].chars().count() <= 105, "{language}: {}", lines[0]);
            let own =
                cli::avain(&[command, "--help", "--lang", language], &[]).ends(code::DONE).says(options);
            assert!(language == "en" || english.iter().all(|word| !own.out.contains(word)), "{own:#?}");
        }
        let option = format!("--lang={language}");
        for (arguments, words) in [
            (&["nosuch"][..], unknown),
            (&["sign"], missing),
            (&["status", "--nosuch"], "--nosuch"),
            (&["unblock", "3"], "3"),
            (&["test", "--pin-fd", "x"], "x"),
            (&["test", "--pin-fd", "0", "--pin-file", "f"], "--pin-f"),
        ] {
            let run = cli::avain(&[&[option.as_str()], arguments].concat(), &[]).ends(2).says(words);
            assert_eq!((run.err.lines().count(), run.out.as_str()), (2, ""), "{run:#?}");
            assert!(run.err.contains("avain --help") && !run.err.contains("error:"), "{run:#?}");
        }
    }
    cli::avain(&["--lang", "fi"], &[]).ends(2).says("Puuttuu: status, activate");
    cli::avain(&[], &[]).ends(2).says("Usage: avain COMMAND");
    cli::avain(&["--version"], &[]).ends(code::DONE).says("avain ");
}
