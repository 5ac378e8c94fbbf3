//! Java's own provider for PKCS#11 (SunPKCS11): keytool and jarsigner.

use std::process::Command;

use kit::run;
use programs::clients::{Card, Program, User, run_in_terminal};

const ALIAS: &str = "FINEID authentication";

fn java(user: &User) -> Program {
    let version = run(user.program("keytool").arg("-J-version"));
    let version = version.split('"').nth(1).unwrap_or_else(|| panic!("no version in {version}"));
    Program { name: "Java (SunPKCS11)", version: version.into() }
}

/// A program of the JDK with the token of PIN1 as its key store.
fn with_card(user: &User, program: &str) -> Command {
    let settings = format!("name = Avain\nlibrary = {}\nslotListIndex = 0\n", user.module().display());
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
            with_card(&user, "keytool").arg("-list"),
            &[("Enter keystore password:", user.pin1())],
        )
        .succeeded();
        assert!(dialogue.shown.contains(&format!("{ALIAS}, PrivateKeyEntry")), "{}", dialogue.shown);
        task.done(dialogue.answers, [1, 0]);
    }
}

#[test]
fn signs_a_jar() {
    for card in Card::ALL {
        let user = User::with(card);
        user.write("text", "Any file will do.");
        run(user.program("jar").args(["cf", "some.jar", "text"]));
        let program = java(&user);
        let task = user.task(&program, "sign an archive (jarsigner)");
        let mut jarsigner = with_card(&user, "jarsigner");
        jarsigner.args(["-sigfile", "HOLDER", "some.jar", ALIAS]);
        let dialogue =
            run_in_terminal(&mut jarsigner, &[("Enter Passphrase for keystore:", user.pin1())]).succeeded();
        assert!(run(user.program("jarsigner").args(["-verify", "some.jar"])).contains("jar verified."));
        // OpenSSL verifies as well, the signature and the signer.
        run(user.program("jar").args(["xf", "some.jar"]));
        let kind = card.name();
        let mut openssl = user.program("openssl");
        openssl.args(["cms", "-verify", "-inform", "DER", "-in", &format!("META-INF/HOLDER.{kind}")]);
        openssl.args(["-content", "META-INF/HOLDER.SF", "-binary", "-CAfile", "authorities.pem"]);
        run(openssl.args(["-purpose", "any", "-out", "verified", "-signer", "signer.pem"]));
        let [signer, auth] =
            ["signer.pem", "auth.pem"].map(|name| std::fs::read(user.file(name)).expect(name));
        assert!(signer == auth, "somebody else has signed");
        task.done(dialogue.answers, [1, 0]);
    }
}
