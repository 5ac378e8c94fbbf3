//! `avain status`, `certs`, `sign` and `test`.

use std::fs;
use std::process::Command;

use cli::{Bench, avain, code, codes, run_to_end, tool};
use kit::{GENERATIONS, Other, Rig, run, scratch};
use serde_json::Value;
use simcard::{Action, Codes, Fault, PIN1};

#[test]
fn a_signed_file_is_verified_by_openssl() {
    for generation in GENERATIONS {
        let bench = Bench::with(generation);
        let folder = scratch("sign");
        let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        // Longer than one piece of reading.
        fs::write(path("letter"), vec![b'a'; 200_000]).unwrap();
        avain(&["sign", &path("letter")], &[Codes::PIN2])
            .ends(code::DONE)
            .says("Signed:")
            .says("equals one by hand");
        bench.card().certificates().write_pem(&folder).unwrap();
        run(Command::new("openssl")
            .args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-cades"])
            .args(["-in", &path("letter.p7s"), "-content", &path("letter"), "-out", &path("out")])
            .args(["-CAfile", &path("issuing.pem"), "-partial_chain", "-no_check_time"]));
        assert!(fs::read(path("out")).unwrap() == fs::read(path("letter")).unwrap());
        let mut changed = fs::read(path("letter")).unwrap();
        changed[100_000] = b'b';
        fs::write(path("letter"), changed).unwrap();
        let judged = Command::new("openssl")
            .args(["cms", "-verify", "-binary", "-inform", "DER", "-noverify"])
            .args(["-in", &path("letter.p7s"), "-content", &path("letter"), "-out", &path("out")])
            .output()
            .unwrap();
        assert!(!judged.status.success(), "a changed file passes");
        // PIN2 is not left open behind the signature.
        assert!(!bench.card().is_verified(simcard::PIN2));
        assert_eq!(bench.tries(), [5; 3]);
    }
}

#[test]
fn no_signature_without_the_right_pin_or_over_a_file_that_exists() {
    let bench = Bench::with("fineid-v4.0");
    let folder = scratch("sign");
    let [file, output] = ["letter", "letter.p7s"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    avain(&["sign", &file], &[Codes::PIN2]).ends(code::FAILED).says("cannot be read");
    fs::write(&file, b"text").unwrap();
    avain(&["sign", &file], &["12345"]).ends(code::UNFIT).says("PIN2 has 6 to 12 digits");
    assert_eq!(bench.presented(), 0);
    avain(&["sign", &file], &["654321"]).ends(code::REFUSED).says("Wrong PIN2. 4 tries left.");
    assert!(!fs::exists(&output).unwrap());
    fs::write(&output, b"precious").unwrap();
    avain(&["sign", &file], &[Codes::PIN2]).ends(code::FAILED).says("exists already");
    assert_eq!(fs::read(&output).unwrap(), b"precious");
    bench.renew("fineid-v4.0,state=fresh-new");
    fs::remove_file(&output).unwrap();
    avain(&["sign", &file], &[Codes::PIN2]).ends(code::UNFIT).says("not activated yet");
    bench.renew("fineid-v4.0,state=blocked-pin2");
    avain(&["sign", &file], &[Codes::PIN2]).ends(code::LOCKED).says("avain unblock 2");
    assert_eq!(bench.presented(), 0);
}

/// Before the PIN is asked for, and nothing is left of a signature that did not come about.
#[test]
fn a_place_that_cannot_be_written_costs_no_pin() {
    let bench = Bench::with("fineid-v4.0");
    let folder = scratch("sign");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::write(path("letter"), b"text").unwrap();
    for (output, words) in [
        (path("no such folder/letter.p7s"), "cannot be written"),
        (path("letter/below a file"), "cannot be written"),
        (path("letter"), "exists already"),
    ] {
        avain(&["sign", &path("letter"), "-o", &output], &[Codes::PIN2]).ends(code::FAILED).says(words);
        assert_eq!(bench.presented(), 0, "{output}");
    }
    avain(&["sign", &path("letter"), "-o", &path("new")], &["654321"]).ends(code::REFUSED);
    assert!(!fs::exists(path("new")).unwrap());
    avain(&["sign", &path("letter"), "-o", &path("new")], &[Codes::PIN2]).ends(code::DONE);
    assert!(fs::metadata(path("new")).unwrap().len() > 0);
}

/// The card answers a wrong signature of the right length.
#[test]
fn a_signature_that_does_not_fit_is_handed_to_nobody() {
    let bench = Bench::with("fineid-v4.0");
    let folder = scratch("sign");
    let [file, output] = ["letter", "letter.p7s"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    fs::write(&file, b"text").unwrap();
    let answer = [vec![0x5A; 96], vec![0x90, 0x00]].concat();
    for (arguments, pin) in [(&["sign", &file][..], Codes::PIN2), (&["test"], Codes::PIN1)] {
        bench.card().faults_mut().push(Fault::on(&[0x2A, 0x9E], Action::Garbage(answer.clone())));
        avain(arguments, &[pin]).ends(code::FAILED).says("does not fit its certificate");
        assert!(!fs::exists(&output).unwrap());
    }
    avain(&["sign", &file], &[Codes::PIN2]).ends(code::DONE);
}

#[test]
fn the_test_tells_whether_all_works() {
    for generation in GENERATIONS {
        let bench = Bench::with(generation);
        avain(&["test"], &[Codes::PIN1]).ends(code::DONE).says("It works");
        assert!(!bench.card().is_verified(PIN1), "PIN1 is not left open");
        avain(&["test"], &["432143"]).ends(code::REFUSED).says("Wrong PIN1. 4 tries left.");
        bench.card().faults_mut().push(Fault::on(&[0x2A, 0x9E], Action::SignatureLength(-1)));
        avain(&["test"], &[Codes::PIN1]).ends(code::FAILED);
    }
}

#[test]
fn certificates_in_every_form() {
    for generation in GENERATIONS {
        let bench = Bench::with(generation);
        let name = bench.card().holder().common_name();
        let text = avain(&["certs"], &[]).ends(code::DONE).says(&name).out;
        let pem = avain(&["certs", "--pem"], &[]).ends(code::DONE).out;
        let count = text.matches("Certificate ").count();
        assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), count);
        let folder = scratch("certs");
        let folder = folder.to_str().unwrap();
        avain(&["certs", "--der", folder], &[]).ends(code::DONE);
        let login = fs::read(format!("{folder}/login.der")).unwrap();
        assert!(login == bench.card().certificates().named("auth").unwrap().der);
        assert_eq!(fs::read_dir(folder).unwrap().count(), count);
        avain(&["certs", "--der", folder], &[]).ends(code::FAILED).says("exists already");
        assert_eq!(bench.presented(), 0);
    }
}

/// Names, numbers, and whatever else tells whose card it is: people paste the status into forums.
#[test]
fn the_status_tells_whose_card_it_is_only_where_that_is_asked_for() {
    for model in ["fineid-v4.0", "estonia-idemia", "belgium-1.8"] {
        let bench = Bench::with(model);
        let holder = bench.card().holder().clone();
        let asked = avain(&["status", "--json", "--personal"], &[]).ends(code::DONE);
        let told: Value = serde_json::from_str(&asked.out).unwrap();
        let number = told["readers"][0]["card"]["number"].as_str().unwrap().to_owned();
        let secrets = [&holder.surname, &holder.given_name, &holder.personal_code, &number];
        for form in [&["status"][..], &["status", "--json"]] {
            let run = avain(form, &[]).ends(code::DONE);
            for secret in secrets {
                assert!(!run.out.contains(secret.as_str()) && run.err.is_empty(), "{secret}: {run:#?}");
            }
            let run = avain(&[form, &["--personal"]].concat(), &[]).ends(code::DONE);
            assert!(run.out.contains(&holder.surname) && run.out.contains(&number), "{run:#?}");
        }
    }
}

/// Whatever a card calls its holder, it writes nothing but that, and on one line.
#[test]
fn a_name_on_a_card_does_nothing_to_the_terminal() {
    let folder = scratch("names");
    let file = folder.join("letter").to_str().unwrap().to_owned();
    fs::write(&file, "text").unwrap();
    for holder in [simcard::HOSTILE, simcard::LONG_NAMED] {
        let bench = Bench::with(&format!("fineid-v4.0,holder={holder}"));
        let name = bench.card().holder().given_name.clone();
        let _ = fs::remove_file(format!("{file}.p7s"));
        for (arguments, pins) in [
            (&["status", "--personal"][..], &[][..]),
            (&["status", "--personal", "--json"], &[]),
            (&["certs"], &[]),
            (&["test"], &[Codes::PIN1]),
            (&["sign", &file], &[Codes::PIN2]),
            (&["diagnose", "--json"], &[]),
            (&["change-pin", "1"], &[Codes::PIN1, "2580"]),
        ] {
            let run = avain(arguments, pins).ends(code::DONE);
            let told = format!("{}{}", run.out, run.err);
            let control = |c: char| c != '\n' && (c.is_control() || "\u{202E}\u{2066}".contains(c));
            assert!(!told.contains(control), "{arguments:?}: {run:?}");
            assert!(!told.contains("\nPIN1: in use\n"), "{arguments:?}: {run:?}");
            assert!(!told.contains(&name), "{arguments:?}: {run:?}");
            assert!(told.lines().all(|line| line.chars().count() < 500), "{arguments:?}: {run:?}");
        }
    }
}

/// An expired card is not ready, and neither is one from the future: then it is the clock that is wrong.
#[test]
fn a_card_of_another_time() {
    for (card, next, words, instead) in [
        ("fineid-v3.0", "renew", "expired on", "ready for use"),
        ("fineid-v3.0,state=blocked-pins", "renew", "Apply for", "avain activate"),
        ("fineid-v4.0,issued=2040-01-01", "nothing", "Is the clock right?", "expired"),
    ] {
        let bench = Bench::with(card);
        let run = avain(&["status"], &[]).ends(code::DONE).says(words);
        assert!(!run.out.contains(instead), "{card}: {run:#?}");
        let card = status()["readers"][0]["card"].clone();
        assert_eq!(card["next"], next, "{card:#}");
        let validity = if next == "renew" { "expired" } else { "not-yet-valid" };
        assert_eq!(card["certificates"][0]["validity"], validity);
        // Who goes on all the same is told first.
        if bench.tries()[0] > 0 {
            avain(&["test"], &[Codes::PIN1]).says(words);
        }
    }
}

/// Who has lost the PUK is told who helps, and a new card is not spoken of where none is needed.
#[test]
fn a_locked_puk_is_not_everywhere_the_end() {
    for (model, words, replaced) in [
        ("estonia-idemia", "a new code envelope", false),
        ("latvia-ec", "PMLP", false),
        ("estonia-thales", "e-services need a new card", true),
        ("fineid-v4.0", "e-services need a new card", true),
    ] {
        let bench = Bench::with(model);
        let references = bench.card().references();
        for reference in [references.pin1, references.puk.unwrap()] {
            bench.card().set_tries_left(reference, 0);
        }
        let lines = &[codes::PUK, "2580"][..];
        for (arguments, lines) in [(&["status"][..], &[][..]), (&["unblock", "1"], lines), (&["test"], lines)]
        {
            let run = avain(arguments, lines).says(words.trim_start_matches("e-services "));
            let told = format!("{}{}", run.out, run.err);
            assert_eq!(told.contains("need a new card"), replaced, "{model} {arguments:?}: {run:#?}");
        }
    }
}

fn status() -> Value {
    let run = avain(&["status", "--json", "--personal"], &[]).ends(code::DONE);
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:#?}"))
}

#[test]
fn the_status_says_what_to_do_next() {
    let bench = Bench::with("fineid-v4.0");
    for (state, activation, next, words) in [
        ("activated", "done", "nothing", "ready for use"),
        ("fresh-old", "open", "activate", "not activated"),
        ("fresh-new", "open", "activate", "not activated"),
        ("half-old", "partly", "activate", "only partly"),
        ("half-new-pin2", "partly", "activate", "only partly"),
        ("blocked-pin1", "done", "unblock 1", "avain unblock 1"),
        ("blocked-pin2", "done", "unblock 2", "avain unblock 2"),
        ("blocked-puk", "done", "nothing", "locked for ever"),
        ("dead", "done", "lost", "cannot be unlocked any more"),
        ("dead-old", "open", "lost", "cannot be unlocked any more"),
    ] {
        bench.renew(&format!("fineid-v4.0,state={state}"));
        avain(&["status"], &[]).ends(code::DONE).says(words);
        let card = &status()["readers"][0]["card"];
        assert_eq!(
            (card["activation"].as_str(), card["next"].as_str()),
            (Some(activation), Some(next)),
            "{state}"
        );
        let told = [&card["pins"][0], &card["pins"][1], &card["code"]]
            .map(|pin| pin["tries_left"].as_u64().unwrap());
        assert_eq!(told, bench.tries().map(u64::from), "{state}: the state shown is the state of the card");
        assert_eq!(card["holder"].as_str(), Some(bench.card().holder().common_name().as_str()));
        assert_eq!(bench.presented(), 0);
    }
}

#[test]
fn the_status_logs_nobody_out() {
    let bench = Bench::with("fineid-v4.0");
    let other = Other::connect(bench.reader());
    other.select();
    assert_eq!(other.verify(PIN1, Codes::PIN1), 0x9000);
    status();
    avain(&["certs"], &[]).ends(code::DONE);
    assert!(bench.card().is_verified(PIN1), "the other program's PIN1 still stands");
    other.leave();
}

#[test]
fn the_status_of_empty_readers() {
    let _rig = Rig::start(1);
    let run = avain(&["status", "--json"], &[]).ends(code::NO_CARD);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(told["readers"][0]["content"], "empty");
    avain(&["status"], &[]).ends(code::NO_CARD).says("No card.");
}

#[test]
fn secrets_are_taken_from_nowhere_else() {
    // No option takes a PIN, and a command line with one is refused.
    avain(&["test", "--pin", Codes::PIN1], &[]).ends(2);
    avain(&["test", Codes::PIN1], &[]).ends(2);
    avain(&["change-pin", "1", Codes::PIN1, "2580"], &[]).ends(2);
    let bench = Bench::with("fineid-v4.0");
    let file = scratch("pins").join("pins");
    // As Windows and editors write it; what follows the first line is left alone.
    fs::write(&file, format!("{}\r\n999999\n", Codes::PIN1)).unwrap();
    avain(&["test", "--pin-file", file.to_str().unwrap()], &[]).ends(code::DONE);
    assert_eq!(bench.spent(), [0; 3]);
    avain(&["test", "--pin-file", "/does/not/exist"], &[]).ends(code::UNFIT).says("cannot be read");
    avain(&["test", "--pin-fd", "77"], &[]).ends(code::UNFIT).says("cannot be read");
    // As old Macintoshes wrote it: two PINs in one line are no PIN.
    fs::write(&file, "1234\r9999\n").unwrap();
    avain(&["test", "--pin-file", file.to_str().unwrap()], &[]).ends(code::UNFIT).says("Only digits");
    assert_eq!(bench.spent(), [0; 3]);
}

/// A descriptor is read on from where it stands, so that each PIN is used once.
#[test]
fn the_next_run_goes_on_with_the_next_line() {
    let bench = Bench::with("fineid-v4.0");
    let file = scratch("pins").join("pins");
    fs::write(&file, format!("{}\n2580\n2580\n036914\n", Codes::PIN1)).unwrap();
    let mut shell = Command::new("sh");
    let twice = r#"exec 3<"$1"; "$0" change-pin 1 --pin-fd 3 && "$0" change-pin 1 --pin-fd 3"#;
    shell.args(["-c", twice]).arg(tool()).arg(&file);
    run_to_end(shell, &[]).ends(code::DONE);
    assert!(bench.card().code_is(PIN1, "036914"));
    assert_eq!(bench.spent(), [0; 3]);
}
