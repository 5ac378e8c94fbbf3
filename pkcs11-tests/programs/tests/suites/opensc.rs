//! pkcs11-tool's own tests: of a token, of threads, of a fork.

use programs::suites::commands::{output, package_version, step};
use programs::suites::fixture::CARDS;
use programs::suites::{Fixture, Outcome, Report, TOKENS, Token};

/// The parts of `--test`, and what it prints if there was something to test and it succeeded.
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
            // Objects too: the threads end meanwhile. For those that have not, pkcs11-tool waits 30 seconds.
            let (success, words) = output(command.args(["-L", "-O"]));
            // Each thread calls C_Initialize, as the program itself does: all but the first get an error for that.
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
