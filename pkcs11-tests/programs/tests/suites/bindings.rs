//! The test suites of PyKCS11 and of python-pkcs11, and what each of the two can do with the keys on the card.

use programs::installed::{for_suites, python_version, script};
use programs::suites::commands::outcomes;
use programs::suites::fixture::{CARDS, PUK};
use programs::suites::{Fixture, Report, TOKENS, Token};

/// A script of ours with the interpreter that has the packages.
fn python(fixture: &Fixture, name: &str, token: &Token) -> std::process::Command {
    let mut command = fixture.program(for_suites("venv/bin/python").to_str().expect("a path"));
    command.arg(script(&format!("suites/{name}")));
    command.env("PYKCS11LIB", fixture.module()).env("PKCS11_MODULE", fixture.module());
    command.env("PKCS11_TOKEN_LABEL", token.label).env("PKCS11_TOKEN_PIN", fixture.pin(token));
    command.env("PKCS11_TOKEN_SO_PIN", PUK);
    command
}

/// Its tests take the first token and the PIN 1234, so the card has that PIN1.
#[test]
fn pykcs11() {
    let mut report = Report::new("PyKCS11", python_version(&for_suites("venv/bin/python"), "pykcs11"));
    for model in CARDS {
        let fixture = Fixture::with_pin1(model, "1234");
        let tests = outcomes(python(&fixture, "isolated.py", &TOKENS[0]).arg(for_suites("tests/test")));
        report.add(format!("{} {}", fixture.card(), TOKENS[0].name), tests);
        for token in &TOKENS {
            let place = format!("{} {}, keys of the card", fixture.card(), token.name);
            report.add(place, outcomes(&mut python(&fixture, "card_pykcs11.py", token)));
        }
        fixture.assert_unharmed();
    }
    report.check();
}

#[test]
fn python_pkcs11() {
    let mut report =
        Report::new("python-pkcs11", python_version(&for_suites("venv/bin/python"), "python-pkcs11"));
    for model in CARDS {
        let fixture = Fixture::new(model);
        for token in &TOKENS {
            let place = format!("{} {}", fixture.card(), token.name);
            let tests = outcomes(python(&fixture, "isolated.py", token).arg(for_suites("tests/tests")));
            report.add(place.clone(), tests);
            let place = format!("{place}, keys of the card");
            report.add(place, outcomes(&mut python(&fixture, "card_python_pkcs11.py", token)));
        }
        fixture.assert_unharmed();
    }
    report.check();
}
