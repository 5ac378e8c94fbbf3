//! The tool with cards that are no Finnish citizens': each is spoken of in its own words, and nothing is sent that does
//! not fit it.

use std::fs;
use std::process::Command;

use cli::{Bench, Run, Terminal, avain, code, codes};
use kit::{run, scratch};
use serde_json::Value;
use simcard::Codes;

/// A card with PINs in an envelope, its kind, its holder, and its shortest PIN2.
const BALTIC: [(&str, &str, &str, &str); 7] = [
    ("estonia-idemia", "ESTEID2018", "MÄRT-KRISTJAN JÕESIMULAATOR", "25803"),
    ("estonia-idemia-x", "ESTEID2018", "MÄRT-KRISTJAN JÕESIMULAATOR", "25803"),
    ("e-residency-idemia", "ESTEID2018", "MÄRT-KRISTJAN JÕESIMULAATOR", "25803"),
    ("estonia-thales", "ESTEID2025", "MÄRT-KRISTJAN JÕESIMULAATOR", "25803"),
    ("e-residency-thales", "ESTEID2025", "MÄRT-KRISTJAN JÕESIMULAATOR", "25803"),
    ("latvia-rsa", "LatEID 2019", "MĀRA PARAUDZIŅA-SIMULĒTA", "258036"),
    ("latvia-ec", "LatEID 2019", "MĀRA PARAUDZIŅA-SIMULĒTA", "258036"),
];
const BELGIAN: [&str; 2] = ["belgium-1.7", "belgium-1.8"];
/// As the cards are made.
const PIN1_NOW: &str = Codes::PIN1;
const PIN2_NOW: &str = Codes::PIN2;
const NEW_PUK: &str = "36925814";

/// What the card counts, whatever its references are.
struct Counted {
    commands: u32,
    spent: u32,
}

fn counted(bench: &Bench) -> Counted {
    let card = bench.card();
    let all = card.references();
    let references = [Some(all.pin1), all.pin2, all.puk].into_iter().flatten();
    let counts: Vec<_> = references.map(|reference| card.credential_count(reference)).collect();
    Counted {
        commands: counts.iter().map(|count| count.commands).sum(),
        spent: counts.iter().map(|count| count.tries_spent).sum(),
    }
}

fn status() -> Value {
    let run = avain(&["status", "--json", "--personal"], &[]).ends(code::DONE);
    let told: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:#?}"));
    told["readers"][0]["card"].clone()
}

/// No word of other countries' cards.
#[track_caller]
fn says_nothing_of(run: &Run, words: &[&str]) {
    for word in words {
        assert!(!run.out.contains(word) && !run.err.contains(word), "{word:?} is in {run:#?}");
    }
}

/// Signs a file and has OpenSSL judge it.
fn signs(bench: &Bench, pin: &str) {
    let folder = scratch("countries");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::write(path("letter"), "text").unwrap();
    avain(&["sign", &path("letter")], &[pin]).ends(code::DONE).says("Signed:");
    bench.card().certificates().write_pem(&folder).unwrap();
    run(Command::new("openssl")
        .args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-cades"])
        .args(["-in", &path("letter.p7s"), "-content", &path("letter"), "-out", &path("out")])
        .args(["-CAfile", &path("issuing.pem"), "-partial_chain", "-no_check_time"]));
}

#[test]
fn cards_with_their_pins_in_an_envelope() {
    for (model, kind, holder, _) in BALTIC {
        let bench = Bench::with(model);
        let text = avain(&["status", "--personal"], &[])
            .ends(code::DONE)
            .says(kind)
            .says(&format!("Holder: {holder}"))
            .says("PIN2: in use, 3 tries left")
            .says("PUK: 3 tries left")
            .says("Personal code: ")
            .says("ready for use");
        says_nothing_of(&text, &["ctivation", "police"]);
        assert_eq!(text.out.contains("e-Residency"), model.starts_with("e-residency"), "{model}");
        let card = status();
        assert_eq!(card["document"].as_str(), model.starts_with("e-residency").then_some("e-residency"));
        assert_eq!(card["activation"], "done");
        assert!(card["personal"]["personal_code"].is_string(), "{card:#}");
        let activation = avain(&["activate"], &[]).ends(code::DONE).says("Nothing has to be activated");
        says_nothing_of(&activation, &["letter"]);
        avain(&["test"], &[PIN1_NOW]).ends(code::DONE).says("card and PIN1");
        signs(&bench, PIN2_NOW);
        assert_eq!(counted(&bench).spent, 0);
    }
}

#[test]
fn the_tool_speaks_of_it_in_every_language() {
    let bench = Bench::with("estonia-idemia");
    for (language, words) in [
        ("fi", "Henkilötunnus: "),
        ("sv", "Personbeteckning: "),
        ("en", "Personal code: "),
        ("et", "Isikukood: "),
    ] {
        avain(&["--lang", language, "status", "--personal"], &[]).ends(code::DONE).says(words).says("PUK");
    }
    assert_eq!(counted(&bench).commands, 0);
}

#[test]
fn pins_are_changed_and_unlocked_by_the_puk() {
    for (model, _, _, pin2) in BALTIC {
        let bench = Bench::with(&format!("{model},state=blocked-pins"));
        let references = bench.card().references();
        let locked = avain(&["status"], &[])
            .ends(code::DONE)
            .says("PIN1: locked")
            .says("avain unblock 1")
            .says("The PUK");
        says_nothing_of(&locked, &["ctivation", "police licence"]);
        avain(&["test"], &[PIN1_NOW]).ends(code::LOCKED).says("Unlock it with the PUK: avain unblock 1");
        avain(&["activate"], &[]).ends(code::DONE).says("avain unblock 1");
        avain(&["unblock", "1"], &["1234567", "2580"]).ends(code::UNFIT).says("It has 8 to 12 digits");
        assert_eq!(counted(&bench).commands, 0, "{model}");
        avain(&["unblock", "1"], &[codes::PUK, "2580"]).ends(code::DONE);
        avain(&["unblock", "2"], &[codes::PUK, pin2]).ends(code::DONE);
        avain(&["change-pin", "1"], &["2580", "036914"]).ends(code::DONE);
        avain(&["change-pin", "2"], &[pin2, &pin2[1..]]).ends(code::UNFIT).says("digits. No try was used");
        assert!(bench.card().code_is(references.pin1, "036914"), "{model}");
        assert!(bench.card().code_is(references.pin2.unwrap(), pin2), "{model}");
        assert_eq!(counted(&bench).spent, 0, "{model}");
    }
}

#[test]
fn the_puk_is_changed_where_the_card_allows_it() {
    for (model, changeable) in [("estonia-idemia", true), ("latvia-ec", true), ("estonia-thales", false)] {
        let bench = Bench::with(model);
        let puk = bench.card().references().puk.unwrap();
        let run = avain(&["change-pin", "puk"], &[codes::PUK, NEW_PUK]);
        if changeable {
            run.ends(code::DONE).says("PUK was changed");
            avain(&["change-pin", "puk"], &["1234567", NEW_PUK]).ends(code::UNFIT);
            avain(&["change-pin", "puk"], &[NEW_PUK, NEW_PUK]).ends(code::UNFIT).says("same as the old");
            avain(&["change-pin", "puk"], &[codes::PUK, "258036147"])
                .ends(code::REFUSED)
                .says("2 tries left");
        } else {
            run.ends(code::UNSUPPORTED).says("PUK of this card cannot be changed");
            assert_eq!(counted(&bench).commands, 0);
        }
        assert_eq!(bench.card().code_is(puk, NEW_PUK), changeable, "{model}");
    }
}

/// PIN2 of an Estonian card since November 2025.
#[test]
fn a_pin_that_has_to_be_changed_before_the_first_signature() {
    let folder = scratch("countries");
    let file = folder.join("letter").to_str().unwrap().to_owned();
    fs::write(&file, "text").unwrap();
    for model in ["estonia-thales", "e-residency-thales"] {
        for command in [&["activate"][..], &["change-pin", "2"]] {
            let bench = Bench::with(&format!("{model},state=fresh"));
            let pin2 = bench.card().references().pin2.unwrap();
            avain(&["status"], &[])
                .ends(code::DONE)
                .says("PIN2: to be changed before it can be used")
                .says("PIN2 has to be changed. To change it: avain activate");
            assert_eq!(
                (status()["activation"].as_str(), status()["next"].as_str()),
                (Some("partly"), Some("activate"))
            );
            let refused = avain(&["sign", &file], &[PIN2_NOW]).ends(code::UNFIT);
            refused.says("avain change-pin 2").says("No try was used");
            assert_eq!(counted(&bench).commands, 0, "{model}: nothing is sent");
            avain(&["test"], &[PIN1_NOW]).ends(code::DONE);
            avain(command, &[PIN2_NOW, PIN2_NOW]).ends(code::UNFIT).says("same as the old");
            avain(command, &["99999", "25803"]).ends(code::REFUSED).says("Wrong PIN2. 2 tries left");
            avain(command, &[PIN2_NOW, "25803"]).ends(code::DONE).says("PIN2 was changed");
            assert!(bench.card().code_is(pin2, "25803"));
            avain(&["activate"], &[]).ends(code::DONE).says("Nothing has to be activated");
            signs(&bench, "25803");
        }
    }
}

#[test]
fn both_pins_where_the_card_wants_both_changed() {
    let bench = Bench::with("estonia-thales,state=fresh,unchanged_pin1=yes");
    avain(&["activate"], &[PIN1_NOW, "2580", PIN2_NOW, "25803"]).ends(code::DONE).says("ready for use");
    let references = bench.card().references();
    assert!(bench.card().code_is(references.pin1, "2580"));
    assert!(bench.card().code_is(references.pin2.unwrap(), "25803"));
    let bench = {
        drop(bench);
        Bench::with("estonia-thales,state=fresh,unchanged_pin1=yes")
    };
    avain(&["activate"], &[PIN1_NOW, "2580", "999999", "25803"])
        .ends(code::PARTLY)
        .says("PIN1 is set, PIN2 is not");
    avain(&["activate"], &[PIN2_NOW, "25803"]).ends(code::DONE);
    assert_eq!(counted(&bench).spent, 1);
}

#[test]
fn pins_that_others_can_guess_are_warned_of() {
    let bench = Bench::with("estonia-idemia");
    let personal = status()["personal"].clone();
    let code_on_card = personal["personal_code"].as_str().unwrap().to_owned();
    avain(&["change-pin", "1"], &[PIN1_NOW, &code_on_card[1..7]])
        .ends(code::DONE)
        .says("a part of the date of birth or personal code");
    assert_eq!(counted(&bench).spent, 0);
}

#[test]
fn a_belgian_card_has_one_pin_and_no_puk() {
    for model in BELGIAN {
        let bench = Bench::with(model);
        let pin = bench.card().references().pin1;
        let text = avain(&["status", "--personal"], &[])
            .ends(code::DONE)
            .says("Holder: Odile Verzonnen\n")
            .says("PIN: in use, 3 tries left")
            .says("Municipality: ")
            .says("Certificate for signing");
        says_nothing_of(&text, &["PIN1", "PIN2", "PUK", "ctivation"]);
        let card = status();
        assert_eq!((card["pins"].as_array().unwrap().len(), &card["code"]), (1, &Value::Null));
        assert_eq!(card["personal"]["surname"], "Verzonnen");
        avain(&["activate"], &[]).ends(code::DONE).says("To change the PIN: avain change-pin 1");
        avain(&["test"], &[PIN1_NOW]).ends(code::DONE).says("card and PIN.");
        signs(&bench, PIN1_NOW);
        avain(&["change-pin", "1"], &[PIN1_NOW, "2580"]).ends(code::DONE).says("PIN was changed");
        let commands = counted(&bench).commands;
        avain(&["change-pin", "2"], &["2580", "2581"]).ends(code::UNSUPPORTED).says("has no PIN2");
        for arguments in [&["unblock", "1"][..], &["change-pin", "puk"]] {
            avain(arguments, &[codes::PUK, "2580"]).ends(code::UNSUPPORTED).says("municipality");
        }
        assert_eq!(counted(&bench).commands, commands);
        avain(&["test"], &["9999"]).ends(code::REFUSED).says("Wrong PIN. 2 tries left");
        bench.card().set_tries_left(pin, 1);
        avain(&["test"], &["9998"]).ends(code::LAST_TRY).says("municipality");
        avain(&["test", "--use-last-try"], &["9998"]).ends(code::LOCKED).says("municipality");
        let locked = avain(&["status"], &[]).ends(code::DONE).says("PIN: locked").says("municipality");
        says_nothing_of(&locked, &["PUK", "police", "avain unblock"]);
        assert_eq!(
            (status()["pins"][0]["state"].as_str(), status()["next"].as_str()),
            (Some("locked"), Some("lost"))
        );
    }
}

#[test]
fn certificates_have_labels_and_files_of_their_own() {
    for (model, labels, files) in [
        ("belgium-1.8", &["Authentication", "Signature", "Root"][..], 4),
        ("belgium-1.7", &["Authentication", "Signature", "Root"], 4),
        ("estonia-idemia", &["Isikutuvastus", "Allkirjastamine"], 2),
        ("latvia-rsa", &["LatEID authentication", "LatEID signature"], 2),
        ("pkcs15-card", &["Authentication", "Signature"], 4),
    ] {
        let _bench = Bench::with(model);
        let text = avain(&["certs"], &[]).ends(code::DONE);
        for label in labels {
            assert!(text.out.contains(&format!("  {label}\n")), "{model}: {text:#?}");
        }
        let folder = scratch("certs");
        avain(&["certs", "--der", folder.to_str().unwrap()], &[]).ends(code::DONE);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), files, "{model}");
        let pem = avain(&["certs", "--pem"], &[]).ends(code::DONE).out;
        assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), files, "{model}");
    }
}

#[test]
fn an_organisations_card_is_written_to_with_consent_alone() {
    for model in ["fineid-org", "fineid-org-rsa"] {
        let bench = Bench::with(model);
        let references = bench.card().references();
        let told = "Nobody is known to have done this";
        for arguments in [&["change-pin", "1"][..], &["unblock", "1"]] {
            avain(arguments, &[PIN1_NOW, "2580"]).ends(code::UNFIT).says(told).says("--untried-card");
        }
        assert_eq!(counted(&bench).commands, 0, "{model}");
        for (answer, ends) in [("y", code::CANCELLED), ("yes", code::DONE)] {
            let mut terminal = Terminal::start(&["--lang", "en", "change-pin", "1"]);
            terminal.answer("type yes in full: ", answer);
            if ends == code::DONE {
                terminal.answer("Present PIN1. What", PIN1_NOW);
                terminal.answer("New basic PIN (PIN1), 4 to 8 digits, for logging in. What", "2580");
                terminal.answer("The same again. What", "2580");
                terminal.answer("now?", "y");
            }
            let ended = terminal.end();
            assert_eq!(ended.code, ends, "{}", ended.shown);
            assert!(ended.shown.contains(told), "{}", ended.shown);
        }
        assert!(bench.card().code_is(references.pin1, "2580"));
        avain(&["unblock", "2", "--untried-card"], &[codes::PUK, "369258"]).ends(code::DONE);
        avain(&["test"], &["2580"]).ends(code::DONE);
        signs(&bench, "369258");
        assert_eq!(counted(&bench).spent, 0, "{model}");
    }
}

/// Such cards come with blocked PINs and a letter, as citizens' cards do.
#[test]
fn an_organisations_card_is_activated_with_the_code_from_the_letter() {
    let bench = Bench::with("fineid-org,state=blocked-pins");
    let references = bench.card().references();
    let told =
        avain(&["status"], &[]).ends(code::DONE).says("Certificate card of an organisation (FINEID S4-2)");
    assert!(told.out.contains("avain activate") && !told.out.contains("ready for use"), "{told:#?}");
    avain(&["activate", "--untried-card"], &["1234567", "2580", "2581"]).ends(code::UNFIT);
    assert_eq!(counted(&bench).commands, 0, "no such card has a transport code");
    // This one is an organisation's and not a nurse's.
    let short = avain(&["activate", "--untried-card"], &[codes::PUK, "0258", "0369"]).ends(code::PARTLY);
    short.says("cards of organisations want at least 6 digits for PIN2");
    let run = avain(&["activate", "--untried-card"], &[codes::PUK, "036925"]).ends(code::DONE);
    run.says("The card is activated.");
    assert!(bench.card().code_is(references.pin1, "0258"));
    assert!(bench.card().code_is(references.pin2.unwrap(), "036925"));
    assert_eq!(counted(&bench).spent, 0);
}

/// Its holder knows one PIN, and the card opens with its number, by contacts, too.
const LITHUANIAN: &str = "lithuania,pin2=246813";

#[test]
fn a_lithuanian_card_opens_with_its_number_and_is_used() {
    let bench = Bench::with(LITHUANIAN);
    avain(&["status"], &[])
        .ends(code::DONE)
        .says("Lithuanian identity card (LTEID 2021)")
        .says("PIN: in use, 3 tries left")
        .says("QES PIN: in use, 3 tries left");
    avain(&["test"], &[PIN1_NOW]).ends(code::DONE).says("card and PIN");
    signs(&bench, PIN1_NOW);
    assert_eq!(counted(&bench).spent, 0);
    // Without a number nothing is known of it but its kind.
    avain(&["can", "forget", "1"], &[]).ends(code::DONE);
    avain(&["test"], &[PIN1_NOW]).ends(code::UNFIT).says("card access number");
    avain(&["can", "add"], &["571500"]).ends(code::DONE).says("Lithuanian identity card");
    avain(&["test"], &[PIN1_NOW]).ends(code::DONE);
}

#[test]
fn both_pins_of_a_lithuanian_card_are_changed_with_consent() {
    let bench = Bench::with(LITHUANIAN);
    let references = bench.card().references();
    let [first, second] = [references.pin1, references.pin2.unwrap()];
    let holds = |reference, digits: &str| bench.card().code_is(reference, digits);
    avain(&["change-pin", "1"], &[PIN1_NOW, "369258"])
        .ends(code::UNFIT)
        .says("One other program is known to do this")
        .says("--untried-card");
    assert_eq!(counted(&bench).commands, 0);
    avain(&["change-pin", "1", "--untried-card"], &[PIN1_NOW, "369258"])
        .ends(code::DONE)
        .says("PIN was changed")
        .says("QES PIN was changed");
    assert!(holds(first, "369258") && holds(second, "369258"));
    assert_eq!(counted(&bench).spent, 0);
    // The one of the signature key is another one: the first is changed, and that is said.
    bench.renew("lithuania,pin2=112233");
    let run = avain(&["change-pin", "1", "--untried-card"], &[PIN1_NOW, "369258"]).ends(code::PARTLY);
    run.says("Wrong QES PIN").says("The two PINs of this card are different now").says("avain change-pin 2");
    assert!(holds(first, "369258") && holds(second, "112233"));
    // So they become the same again.
    avain(&["change-pin", "2", "--untried-card"], &["112233", "369258"]).ends(code::DONE);
    assert!(holds(second, "369258"));
}

#[test]
fn the_puk_of_a_lithuanian_card_gives_a_pin_its_tries_again() {
    let bench = Bench::with(&format!("{LITHUANIAN},state=blocked-pins"));
    let references = bench.card().references();
    avain(&["status"], &[]).ends(code::DONE).says("PIN: locked").says("avain unblock 1");
    avain(&["unblock", "1"], &[codes::PUK]).ends(code::UNFIT).says("--untried-card");
    avain(&["unblock", "1", "--untried-card"], &["87654321"]).ends(code::REFUSED);
    assert_eq!(counted(&bench).spent, 1);
    for (number, reference) in [("1", references.pin1), ("2", references.pin2.unwrap())] {
        let run = avain(&["unblock", number, "--untried-card"], &[codes::PUK]).ends(code::DONE);
        run.says("can be used again");
        assert_eq!(bench.card().tries_left(reference), Some(3));
        assert!(bench.card().code_is(reference, PIN1_NOW));
    }
    avain(&["test"], &[PIN1_NOW]).ends(code::DONE);
}

#[test]
fn a_card_that_describes_itself_is_used_and_never_written_to() {
    let bench = Bench::with("pkcs15-card");
    avain(&["status"], &[])
        .ends(code::DONE)
        .says("does not know this kind of card, and goes by what the card says")
        .says("PIN1: the card does not tell how many tries are left");
    for arguments in [
        &["change-pin", "1"][..],
        &["change-pin", "puk"],
        &["unblock", "1"],
        &["activate"],
        &["change-pin", "1", "--untried-card"],
    ] {
        avain(arguments, &[PIN1_NOW, "2580"]).ends(code::UNSUPPORTED).says("never changes its PINs");
    }
    assert_eq!(counted(&bench).commands, 0);
    avain(&["test"], &[PIN1_NOW]).ends(code::DONE);
    signs(&bench, PIN2_NOW);
}

#[test]
fn a_card_that_tells_too_little_shows_its_certificates() {
    let bench = Bench::with("pkcs15-card-partial");
    avain(&["status"], &[]).ends(code::DONE).says("Certificate for logging in").says("and nothing more");
    avain(&["test"], &[PIN1_NOW]).ends(code::UNSUPPORTED).says("cannot use its keys");
    avain(&["certs"], &[]).ends(code::DONE);
    assert_eq!(status()["pins"].as_array().unwrap().len(), 0);
    assert_eq!(counted(&bench).commands, 0);
}

#[test]
fn other_cards_are_asked_what_they_are_and_no_more() {
    for model in ["bank-card", "sim-card", "mute-card"] {
        let bench = Bench::with(model);
        let words = "It was only asked what it is: no PIN was sent, nothing was written.";
        avain(&["status"], &[]).ends(code::UNSUPPORTED).says(words);
        for arguments in [&["activate"][..], &["test"], &["change-pin", "1"], &["unblock", "1"], &["certs"]] {
            avain(arguments, &[]).ends(code::UNSUPPORTED).says(words);
        }
        assert_eq!(counted(&bench).commands, 0, "{model}");
    }
    let bench = Bench::with("half-personalised");
    for arguments in [&["status"][..], &["activate"], &["test"]] {
        avain(arguments, &[]).ends(code::UNSUPPORTED).says("This card lacks what cards of its kind have");
    }
    assert_eq!(counted(&bench).commands, 0);
}
