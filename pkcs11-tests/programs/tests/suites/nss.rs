//! The tools of NSS, the library of Firefox and Thunderbird; OpenSSL verifies the signatures.

use std::fs;
use std::path::Path;
use std::process::Command;

use programs::suites::commands::{package_version, step};
use programs::suites::fixture::CARDS;
use programs::suites::{Fixture, Outcome, Report, TOKENS, Token};

/// A command of NSS on the database in the fixture's folder. The PIN is in the file `pin`.
fn nss(fixture: &Fixture, name: &str, arguments: &[&str]) -> Command {
    let mut command = fixture.program(name);
    command.args(["-d", &format!("sql:{}", fixture.folder().display())]).args(arguments);
    command
}

fn modutil(fixture: &Fixture, arguments: &[&str]) -> Command {
    let mut command = fixture.program("modutil");
    command.args(["-force", "-dbdir", &format!("sql:{}", fixture.folder().display())]).args(arguments);
    command
}

/// A signature of `msg` that OpenSSL accepts.
fn verified(fixture: &Fixture, name: &str, sign: &mut Command, signature: &str) -> Outcome {
    let signed = step(name, sign, &[]);
    if signed.words.is_empty() {
        let mut openssl = fixture.program("openssl");
        openssl.args(["cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", "msg"]);
        openssl.args([
            "-CAfile",
            "root.pem",
            "-certfile",
            "issuing.pem",
            "-purpose",
            "any",
            "-no_check_time",
        ]);
        return step(name, &mut openssl, &["Verification successful"]);
    }
    signed
}

fn of_module(fixture: &Fixture) -> Vec<Outcome> {
    let labels: Vec<&str> = TOKENS.iter().map(|token| token.label).collect();
    vec![
        step("certutil -N", &mut nss(fixture, "certutil", &["-N", "--empty-password"]), &[]),
        step(
            "modutil -add",
            &mut modutil(fixture, &["-add", "avain", "-libfile", &fixture.module()]),
            &["added"],
        ),
        step("modutil -list", &mut modutil(fixture, &["-list"]), &labels),
        step(
            "certutil -A",
            &mut nss(fixture, "certutil", &["-A", "-n", "test root", "-t", "CT,C,C", "-i", "root.pem"]),
            &[],
        ),
        step(
            "certutil -A, issuing",
            &mut nss(fixture, "certutil", &["-A", "-n", "test issuing", "-t", ",,", "-i", "issuing.pem"]),
            &[],
        ),
    ]
}

fn of_token(fixture: &Fixture, token: &Token) -> Vec<Outcome> {
    let name = if token.name == "PIN1" { "FINEID authentication" } else { "FINEID signature" };
    let certificate = format!("{}:{name}", token.label);
    let at = |folder: &Path, name: &str, content: &str| fs::write(folder.join(name), content).expect(name);
    at(fixture.folder(), "pin", token.pin);
    at(fixture.folder(), "msg", "Any message will do.\n");
    let tool = |program: &str, arguments: &[&str]| nss(fixture, program, arguments);
    let usage = if token.name == "PIN1" { "C" } else { "S" };
    vec![
        step("certutil -L", &mut tool("certutil", &["-L", "-h", token.label, "-f", "pin"]), &[&certificate]),
        step("certutil -K", &mut tool("certutil", &["-K", "-h", token.label, "-f", "pin"]), &[name]),
        step(
            "certutil -V",
            &mut tool("certutil", &["-V", "-n", &certificate, "-u", usage, "-f", "pin"]),
            &["certificate is valid"],
        ),
        step("symkeyutil -L", &mut tool("symkeyutil", &["-L", "-h", token.label, "-f", "pin"]), &[]),
        verified(
            fixture,
            "cmsutil -S",
            &mut tool(
                "cmsutil",
                &[
                    "-S",
                    "-N",
                    &certificate,
                    "-f",
                    "pin",
                    "-G",
                    "-T",
                    "-H",
                    "SHA256",
                    "-i",
                    "msg",
                    "-o",
                    "msg.cms",
                ],
            ),
            "msg.cms",
        ),
        verified(
            fixture,
            "p7sign",
            &mut tool("p7sign", &["-k", &certificate, "-f", "pin", "-i", "msg", "-o", "msg.p7"]),
            "msg.p7",
        ),
    ]
}

#[test]
fn nss_tools() {
    let mut report = Report::new("NSS tools", package_version("libnss3-tools"));
    for model in CARDS {
        let fixture = Fixture::new(model);
        report.add(fixture.card(), of_module(&fixture));
        for token in &TOKENS {
            report.add(format!("{} {}", fixture.card(), token.name), of_token(&fixture, token));
        }
        let gone = step("modutil -delete", &mut modutil(&fixture, &["-delete", "avain"]), &["deleted"]);
        report.add(format!("{}, end", fixture.card()), vec![gone]);
        fixture.assert_unharmed();
    }
    report.check();
}
