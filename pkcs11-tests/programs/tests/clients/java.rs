//! Java's own provider for PKCS#11 (SunPKCS11): keytool and jarsigner.

use std::process::Command;

use kit::run;
use programs::clients::{Card, Program, User, run_in_terminal};

const ALIAS: &str = "FINEID authentication";
/// The token of PIN1 in the first reader.
const PIN1_SLOT: &str = "slotListIndex = 0";
/// That of PIN2.
const PIN2_SLOT: &str = "slot = 4096";

fn java(user: &User) -> Program {
    let version = run(user.program("keytool").arg("-J-version"));
    let version = version.split('"').nth(1).unwrap_or_else(|| panic!("no version in {version}"));
    Program { name: "Java (SunPKCS11)", version: version.into() }
}

/// A program of the JDK with a token as its key store.
fn with_card(user: &User, program: &str, slot: &str) -> Command {
    let settings = format!("name = Avain\nlibrary = {}\n{slot}\n", user.module().display());
    let settings = user.write("avain.cfg", settings);
    let mut command = user.program(program);
    command.args(["-keystore", "NONE", "-storetype", "PKCS11"]);
    command.args(["-providerClass", "sun.security.pkcs11.SunPKCS11", "-providerArg"]).arg(settings);
    command
}

#[test]
fn lists_the_keys() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = java(&user);
        let task = user.task(&program, "list the keys (keytool)");
        let dialogue = run_in_terminal(
            with_card(&user, "keytool", PIN1_SLOT).arg("-list"),
            &[("Enter keystore password:", user.pin1())],
        )
        .succeeded();
        assert!(dialogue.shown.contains(&format!("{ALIAS}, PrivateKeyEntry")), "{}", dialogue.shown);
        task.done(dialogue.answers, [1, 0]);
    }
}

/// Signs an archive; Java and OpenSSL verify it. Returns how often the PIN was asked for.
fn sign_archive(user: &User, slot: &str, alias: &str, pin: &str, certificate: &str) -> usize {
    user.write("text", "Any file will do.");
    run(user.program("jar").args(["cf", "some.jar", "text"]));
    let mut jarsigner = with_card(user, "jarsigner", slot);
    jarsigner.args(["-sigfile", "HOLDER", "some.jar", alias]);
    let dialogue = run_in_terminal(&mut jarsigner, &[("Enter Passphrase for keystore:", pin)]).succeeded();
    assert!(run(user.program("jarsigner").args(["-verify", "some.jar"])).contains("jar verified."));
    // OpenSSL verifies as well, the signature and the signer.
    run(user.program("jar").args(["xf", "some.jar"]));
    let kind = user.card.name();
    let mut openssl = user.program("openssl");
    openssl.args(["cms", "-verify", "-inform", "DER", "-in", &format!("META-INF/HOLDER.{kind}")]);
    openssl.args(["-content", "META-INF/HOLDER.SF", "-binary", "-CAfile", "authorities.pem"]);
    run(openssl.args(["-purpose", "any", "-out", "verified", "-signer", "signer.pem"]));
    let [signer, holder] =
        ["signer.pem", certificate].map(|name| std::fs::read(user.file(name)).expect("a certificate"));
    assert!(signer == holder, "somebody else has signed");
    dialogue.answers
}

#[test]
fn signs_an_archive() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = java(&user);
        let task = user.task(&program, "sign an archive (jarsigner)");
        let asked = sign_archive(&user, PIN1_SLOT, ALIAS, user.pin1(), "auth.pem");
        task.done(asked, [1, 0]);
    }
}

#[test]
fn signs_an_archive_with_pin2() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = java(&user);
        let task = user.task(&program, "qualified signature of an archive, PIN2 (jarsigner)");
        let asked = sign_archive(&user, PIN2_SLOT, "FINEID signature", user.pin2(), "sign.pem");
        // At the login, and with the signature.
        task.done(asked, [0, 2]);
    }
}
