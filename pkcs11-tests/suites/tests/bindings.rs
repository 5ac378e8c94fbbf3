//! The test suites of PyKCS11 and of python-pkcs11, and what each of the two can do with the keys on the card.

use suites::programs::{installed, outcomes, python_version, script};
use suites::stage::{CARDS, PUK};
use suites::{Report, Stage, TOKENS, Token};

/// A script of ours with the interpreter that has the packages.
fn python(stage: &Stage, name: &str, token: &Token) -> std::process::Command {
    let mut command = stage.program(installed("venv/bin/python").to_str().expect("a path"));
    command.arg(script(name));
    command.env("PYKCS11LIB", stage.module()).env("PKCS11_MODULE", stage.module());
    command.env("PKCS11_TOKEN_LABEL", token.label).env("PKCS11_TOKEN_PIN", token.pin);
    command.env("PKCS11_TOKEN_SO_PIN", PUK);
    command
}

/// Its tests take the first token and the PIN 1234, which are those of PIN1.
#[test]
fn pykcs11() {
    let mut report = Report::new("PyKCS11", python_version("pykcs11"));
    for model in CARDS {
        let stage = Stage::new(model);
        let tests = outcomes(python(&stage, "alone.py", &TOKENS[0]).arg(installed("tests/test")));
        report.add(format!("{} {}", stage.card(), TOKENS[0].name), tests);
        for token in &TOKENS {
            let place = format!("{} {}, keys of the card", stage.card(), token.name);
            report.add(place, outcomes(&mut python(&stage, "card_pykcs11.py", token)));
        }
        stage.assert_unharmed();
    }
    report.settle();
}

#[test]
fn python_pkcs11() {
    let mut report = Report::new("python-pkcs11", python_version("python-pkcs11"));
    for model in CARDS {
        let stage = Stage::new(model);
        for token in &TOKENS {
            let place = format!("{} {}", stage.card(), token.name);
            let tests = outcomes(python(&stage, "alone.py", token).arg(installed("tests/tests")));
            report.add(place.clone(), tests);
            let place = format!("{place}, keys of the card");
            report.add(place, outcomes(&mut python(&stage, "card_python_pkcs11.py", token)));
        }
        stage.assert_unharmed();
    }
    report.settle();
}
