//! The tools of NSS, the library of Firefox and Thunderbird; OpenSSL judges the signatures.

use std::fs;
use std::path::Path;
use std::process::Command;

use suites::programs::{package_version, step};
use suites::stage::CARDS;
use suites::{Outcome, Report, Stage, TOKENS, Token};

/// A command of NSS on the database in the stage's folder; the PIN is in the file `pin`.
fn nss(stage: &Stage, name: &str, arguments: &[&str]) -> Command {
    let mut command = stage.program(name);
    command.args(["-d", &format!("sql:{}", stage.folder().display())]).args(arguments);
    command
}

fn modutil(stage: &Stage, arguments: &[&str]) -> Command {
    let mut command = stage.program("modutil");
    command.args(["-force", "-dbdir", &format!("sql:{}", stage.folder().display())]).args(arguments);
    command
}

/// A signature of `msg` that OpenSSL accepts.
fn verified(stage: &Stage, name: &str, sign: &mut Command, signature: &str) -> Outcome {
    let signed = step(name, sign, &[]);
    if signed.words.is_empty() {
        let mut openssl = stage.program("openssl");
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

fn of_module(stage: &Stage) -> Vec<Outcome> {
    let labels: Vec<&str> = TOKENS.iter().map(|token| token.label).collect();
    vec![
        step("certutil -N", &mut nss(stage, "certutil", &["-N", "--empty-password"]), &[]),
        step(
            "modutil -add",
            &mut modutil(stage, &["-add", "avain", "-libfile", &stage.module()]),
            &["added"],
        ),
        step("modutil -list", &mut modutil(stage, &["-list"]), &labels),
        step(
            "certutil -A",
            &mut nss(stage, "certutil", &["-A", "-n", "test root", "-t", "CT,C,C", "-i", "root.pem"]),
            &[],
        ),
        step(
            "certutil -A, issuing",
            &mut nss(stage, "certutil", &["-A", "-n", "test issuing", "-t", ",,", "-i", "issuing.pem"]),
            &[],
        ),
    ]
}

fn of_token(stage: &Stage, token: &Token) -> Vec<Outcome> {
    let name = if token.name == "PIN1" { "FINEID authentication" } else { "FINEID signature" };
    let certificate = format!("{}:{name}", token.label);
    let at = |folder: &Path, name: &str, content: &str| fs::write(folder.join(name), content).expect(name);
    at(stage.folder(), "pin", token.pin);
    at(stage.folder(), "msg", "Any message will do.\n");
    let tool = |program: &str, arguments: &[&str]| nss(stage, program, arguments);
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
            stage,
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
            stage,
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
        let stage = Stage::new(model);
        report.add(stage.card(), of_module(&stage));
        for token in &TOKENS {
            report.add(format!("{} {}", stage.card(), token.name), of_token(&stage, token));
        }
        let gone = step("modutil -delete", &mut modutil(&stage, &["-delete", "avain"]), &["deleted"]);
        report.add(format!("{}, end", stage.card()), vec![gone]);
        stage.assert_unharmed();
    }
    report.settle();
}
