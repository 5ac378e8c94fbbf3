//! Java's own provider for PKCS#11 (SunPKCS11): keytool and jarsigner.

use std::process::Command;

use clients::{Card, Program, Scene, converse};
use kit::run;

const ALIAS: &str = "FINEID authentication";

fn java(scene: &Scene) -> Program {
    let version = run(scene.program("keytool").arg("-J-version"));
    let version = version.split('"').nth(1).unwrap_or_else(|| panic!("no version in {version}"));
    Program { name: "Java (SunPKCS11)", version: version.into() }
}

/// A program of the JDK with the token of PIN1 as its key store.
fn with_card(scene: &Scene, program: &str) -> Command {
    let settings = format!("name = Avain\nlibrary = {}\nslotListIndex = 0\n", scene.module().display());
    let settings = scene.write("avain.cfg", settings);
    let mut command = scene.program(program);
    command.args(["-keystore", "NONE", "-storetype", "PKCS11"]);
    command.args(["-providerClass", "sun.security.pkcs11.SunPKCS11", "-providerArg"]).arg(settings);
    command
}

#[test]
fn lists_the_keys() {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let program = java(&scene);
        let task = scene.task(&program, "list the keys (keytool)");
        let talk = converse(
            with_card(&scene, "keytool").arg("-list"),
            &[("Enter keystore password:", scene.pin1())],
        )
        .well();
        assert!(talk.shown.contains(&format!("{ALIAS}, PrivateKeyEntry")), "{}", talk.shown);
        task.done(talk.answers, [1, 0]);
    }
}

#[test]
fn signs_a_jar() {
    for card in Card::ALL {
        let scene = Scene::with(card);
        scene.write("text", "Any file will do.");
        run(scene.program("jar").args(["cf", "some.jar", "text"]));
        let program = java(&scene);
        let task = scene.task(&program, "sign an archive (jarsigner)");
        let mut jarsigner = with_card(&scene, "jarsigner");
        jarsigner.args(["-sigfile", "HOLDER", "some.jar", ALIAS]);
        let talk = converse(&mut jarsigner, &[("Enter Passphrase for keystore:", scene.pin1())]).well();
        assert!(run(scene.program("jarsigner").args(["-verify", "some.jar"])).contains("jar verified."));
        // OpenSSL is the other judge, of the signature and of whose it is.
        run(scene.program("jar").args(["xf", "some.jar"]));
        let kind = card.name();
        let mut openssl = scene.program("openssl");
        openssl.args(["cms", "-verify", "-inform", "DER", "-in", &format!("META-INF/HOLDER.{kind}")]);
        openssl.args(["-content", "META-INF/HOLDER.SF", "-binary", "-CAfile", "authorities.pem"]);
        run(openssl.args(["-purpose", "any", "-out", "verified", "-signer", "signer.pem"]));
        let [signer, auth] =
            ["signer.pem", "auth.pem"].map(|name| std::fs::read(scene.file(name)).expect(name));
        assert!(signer == auth, "somebody else has signed");
        task.done(talk.answers, [1, 0]);
    }
}
