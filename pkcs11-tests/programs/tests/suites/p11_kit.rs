//! p11-kit, which hands modules on to other programs, and GnuTLS's p11tool.

use std::fs;
use std::process::Command;

use programs::installed::library;
use programs::suites::commands::{package_version, step};
use programs::suites::fixture::CARDS;
use programs::suites::{Fixture, Outcome, Report, TOKENS, Token, Verdict};

fn uri(token: &Token) -> String {
    format!("pkcs11:token={}", token.label.replace(' ', "%20").replace('(', "%28").replace(')', "%29"))
}

/// A program that finds the module in p11-kit's configuration, in place of the modules of this system. In the
/// user's own, p11-kit would not look when it runs as root.
fn configured(fixture: &Fixture, program: &[&str]) -> Command {
    let folder = fixture.folder().join("modules");
    fs::create_dir_all(&folder).expect("make the folder of modules");
    fs::write(folder.join("avain.module"), format!("module: {}\n", fixture.module()))
        .expect("write avain.module");
    let mut command = fixture.program("unshare");
    command.args([
        "--mount",
        "sh",
        "-c",
        "mount --bind modules /usr/share/p11-kit/modules && exec \"$0\" \"$@\"",
    ]);
    command.args(program);
    command
}

/// What a version of p11-kit may not have yet.
fn if_it_has(outcome: Outcome) -> Outcome {
    if outcome.words.contains("is not a valid command") {
        let words = "this version has no such command".to_owned();
        return Outcome { verdict: Verdict::Skipped, words, ..outcome };
    }
    outcome
}

/// Another process holds the module; the program talks to it through p11-kit-client.so.
fn remote(fixture: &Fixture) -> Outcome {
    const SCRIPT: &str = r#"
        eval "$(p11-kit server --provider "$AVAIN_MODULE" "$URI")"
        status=0
        pkcs11-tool --module "$CLIENT" --login --pin env:PIN --list-objects || status=$?
        kill "$P11_KIT_SERVER_PID"
        exit $status"#;
    let mut shell = fixture.program("sh");
    shell
        .args(["-c", SCRIPT])
        .env("URI", uri(&TOKENS[0]))
        .env("PIN", TOKENS[0].pin)
        .env("CLIENT", library("pkcs11/p11-kit-client.so"));
    step("server, client", &mut shell, &["Private Key Object", "Certificate Object"])
}

#[test]
fn p11_kit() {
    let mut report = Report::new("p11-kit", package_version("p11-kit"));
    for model in CARDS {
        let fixture = Fixture::new(model);
        let labels: Vec<&str> = TOKENS.iter().map(|token| token.label).collect();
        let outcomes = vec![
            step("list-modules", &mut configured(&fixture, &["p11-kit", "list-modules"]), &labels),
            if_it_has(step(
                "print-config",
                &mut configured(&fixture, &["p11-kit", "print-config"]),
                &["avain", &fixture.module()],
            )),
            if_it_has(step("list-tokens", &mut configured(&fixture, &["p11-kit", "list-tokens"]), &labels)),
            remote(&fixture),
        ];
        report.add(fixture.card(), outcomes);
        fixture.assert_unharmed();
    }
    report.check();
}

fn p11tool(fixture: &Fixture, token: &Token, name: &str, arguments: &[&str], wanted: &[&str]) -> Outcome {
    let mut command = fixture.program("p11tool");
    command.args(["--provider", &fixture.module(), &format!("--set-pin={}", token.pin)]).args(arguments);
    step(name, &mut command, wanted)
}

#[test]
fn gnutls() {
    let mut report = Report::new("p11tool", package_version("gnutls-bin"));
    for model in CARDS {
        let fixture = Fixture::new(model);
        for token in &TOKENS {
            let all = uri(token);
            let [private, public, certificate] =
                ["private", "public", "cert"].map(|kind| format!("{all};id=%{};type={kind}", token.key));
            let try_ = |name: &str, arguments: &[&str], wanted: &[&str]| {
                p11tool(&fixture, token, name, arguments, wanted)
            };
            let kinds = ["Type: Private key", "Type: Public key", "Type: X.509 Certificate"];
            let outcomes = vec![
                try_("--list-tokens", &["--list-tokens"], &[token.label, "Hardware token"]),
                try_("--list-mechanisms", &["--list-mechanisms", &all], &["CKM_"]),
                try_("--list-all", &["--login", "--list-all", &all], &kinds),
                try_("--list-certs, no login", &["--list-all-certs", &all], &["X.509 Certificate"]),
                try_("--info", &["--login", "--info", &private], &["CKA_SENSITIVE"]),
                try_("--export certificate", &["--export", &certificate], &["BEGIN CERTIFICATE"]),
                try_("--export public key", &["--export", &public], &["BEGIN PUBLIC KEY"]),
                try_("--export-chain", &["--export-chain", &certificate], &["BEGIN CERTIFICATE"]),
                try_(
                    "--test-sign",
                    &["--login", "--test-sign", &private],
                    &["public key in the token... ok"],
                ),
                try_("--generate-random", &["--generate-random=16", &all], &[]),
            ];
            report.add(format!("{} {}", fixture.card(), token.name), outcomes);
        }
        fixture.assert_unharmed();
    }
    report.check();
}

/// The provider of a program that wants all modules at once.
#[test]
fn proxy() {
    let proxy = library("p11-kit-proxy.so");
    let mut report = Report::new("p11-kit-proxy", package_version("p11-kit"));
    for model in CARDS {
        let fixture = Fixture::new(model);
        let outcomes = TOKENS.iter().map(|token| {
            let login = ["--token-label", token.label, "--login", "--pin", token.pin, "--list-objects"];
            let mut tool = configured(
                &fixture,
                &[&["pkcs11-tool", "--module", proxy.to_str().expect("a path")], &login[..]].concat(),
            );
            step(format!("objects of {}", token.name), &mut tool, &["Private Key Object"])
        });
        report.add(fixture.card(), outcomes.collect());
        fixture.assert_unharmed();
    }
    report.check();
}
