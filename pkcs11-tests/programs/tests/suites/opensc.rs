//! pkcs11-tool's own trials: of a token, of threads, of a fork.

use programs::suites::commands::{output, package_version, step};
use programs::suites::fixture::CARDS;
use programs::suites::{Fixture, Outcome, Report, TOKENS, Token};

/// What `--test` prints of each of its parts when there was something to try and it went well.
const PARTS: [(&str, &str); 3] =
    [("digests", "all 4 digest functions seem to work"), ("end", "No errors"), ("digest", "SHA256: OK")];

fn tool(fixture: &Fixture, arguments: &[&str]) -> std::process::Command {
    let mut command = fixture.program("pkcs11-tool");
    command.args(["--module", &fixture.module()]).args(arguments);
    command
}

fn trials(fixture: &Fixture, token: &Token) -> Vec<Outcome> {
    let login = ["--token-label", token.label, "--login", "--pin", token.pin];
    let (success, words) = output(tool(fixture, &login).arg("--test"));
    let part = |&(name, wanted): &(&str, &str)| {
        let right = success && words.contains(wanted) && !words.contains("ERR");
        Outcome::of(format!("--test, {name}"), if right { Ok(()) } else { Err(words.clone()) })
    };
    PARTS.iter().map(part).collect()
}

/// The combinations of OpenSC's test-pkcs11-tool-test-threads.sh, and two threads at once.
fn threads(fixture: &Fixture) -> Vec<Outcome> {
    [&["IN"][..], &["ILGISLT0"], &["ILGISLT0", "ILSLT0GI"]]
        .into_iter()
        .map(|threads| {
            let options: Vec<&str> = threads.iter().flat_map(|thread| ["--test-threads", thread]).collect();
            let mut command = tool(fixture, &options);
            let (success, words) = output(command.arg("-L"));
            // Each thread initializes the module, as the program itself does: all but the first are told so.
            let broken = ["CKR_GENERAL_ERROR", "CKR_CRYPTOKI_NOT_INITIALIZED", "CKR_DEVICE", "Unknown test"];
            let right =
                success && words.contains("FINEID (PIN1)") && !broken.iter().any(|word| words.contains(word));
            let name = format!("--test-threads {}", threads.join(" "));
            Outcome::of(name, if right { Ok(()) } else { Err(words) })
        })
        .collect()
}

#[test]
fn pkcs11_tool() {
    let mut report = Report::new("pkcs11-tool", package_version("opensc"));
    for model in CARDS {
        let fixture = Fixture::new(model);
        for token in &TOKENS {
            report.add(format!("{} {}", fixture.card(), token.name), trials(&fixture, token));
        }
        let mut outcomes = threads(&fixture);
        let fork = step(
            "--test-fork",
            tool(&fixture, &["-L"]).arg("--test-fork"),
            &["C_Initialize in forked child"],
        );
        outcomes.push(fork);
        report.add(fixture.card(), outcomes);
        fixture.assert_unharmed();
    }
    report.check();
}
