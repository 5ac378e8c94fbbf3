//! osslsigncode and sbsign sign a program for UEFI or Windows; sbverify judges both.

use std::path::PathBuf;

use kit::run;
use programs::clients::{Card, Program, User, run_in_terminal};
use programs::installed::library;

use crate::openssl_setup::{ENGINE, PIN1_KEY};

/// A program to sign: systemd's boot loader.
fn executable() -> PathBuf {
    let folder = PathBuf::from("/usr/lib/systemd/boot/efi");
    let stub = std::fs::read_dir(&folder).expect("the boot loader").filter_map(Result::ok);
    let stub = stub.map(|entry| entry.path()).find(|path| path.extension().is_some_and(|end| end == "efi"));
    stub.expect("a boot loader")
}

/// That the holder's certificate fits the signature, and another one does not.
fn judge(user: &User) {
    let good = run(user.program("sbverify").args(["--cert", "auth.pem", "signed.efi"]));
    assert!(good.contains("Signature verification OK"), "{good}");
    let other = user.program("sbverify").args(["--cert", "sign.pem", "signed.efi"]).output();
    assert!(!other.expect("start sbverify").status.success(), "any certificate is good enough for sbverify");
}

#[test]
fn osslsigncode_signs() {
    for card in Card::ALL {
        let user = User::with(card);
        let words = run(user.program("osslsigncode").arg("--version"));
        let version = words.split([' ', ',']).nth(1).expect("a version");
        let program = Program { name: "osslsigncode", version: version.into() };
        let task = user.task(&program, "sign a program (Authenticode)");
        let mut sign = user.program("osslsigncode");
        sign.arg("sign").arg("-pkcs11engine").arg(library("engines-3/pkcs11.so"));
        sign.arg("-pkcs11module").arg(user.module()).args(["-key", PIN1_KEY, "-certs", "auth.pem", "-in"]);
        sign.arg(executable()).args(["-out", "signed.efi"]);
        let questions = [("Enter PKCS#11 token PIN", user.pin1())];
        let dialogue = run_in_terminal(&mut sign, &questions).succeeded();
        judge(&user);
        task.done(dialogue.answers, [1, 0]);
    }
}

#[test]
fn sbsign_signs() {
    for card in Card::ALL {
        let user = User::with(card);
        let words = run(user.program("sbsign").arg("--version"));
        let version = words.trim().rsplit(' ').next().expect("a version");
        let program = Program { name: "sbsign", version: version.into() };
        let task = user.task(&program, "sign a boot loader (Secure Boot)");
        let mut sign = ENGINE.program(&user, "sbsign");
        sign.args(["--engine", "pkcs11", "--key", PIN1_KEY, "--cert", "auth.pem", "--output", "signed.efi"]);
        let questions = [("Enter engine key pass phrase:", user.pin1())];
        let dialogue = run_in_terminal(sign.arg(executable()), &questions).succeeded();
        judge(&user);
        task.done(dialogue.answers, [1, 0]);
    }
}
