//! GnuPG: gpgsm signs a message through gnupg-pkcs11-scd, which supports only RSA keys.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use kit::run;
use programs::clients::{Card, Program, User};

/// Answers GnuPG's questions and logs them.
const PINENTRY: &str = r#"#!/bin/sh
echo 'OK at your service'
while read -r line; do
    echo "$line" >>"$GNUPGHOME/pinentry.log"
    case $line in
    GETPIN) echo 'D @PIN1@' ;;
    esac
    echo OK
    [ "$line" != BYE ] || exit 0
done
"#;

/// GnuPG's home folder; its agent is stopped when dropped.
struct Home<'s>(&'s User);

impl<'s> Home<'s> {
    fn new(user: &'s User) -> Self {
        let pinentry = user.write("gnupg/pinentry", PINENTRY.replace("@PIN1@", user.pin1()));
        fs::set_permissions(&pinentry, fs::Permissions::from_mode(0o755)).expect("make it a program");
        let home = fs::Permissions::from_mode(0o700);
        fs::set_permissions(user.file("gnupg"), home).expect("keep the folder to oneself");
        let scd = run(Command::new("sh").args(["-c", "command -v gnupg-pkcs11-scd"]));
        let agent = format!("scdaemon-program {}\npinentry-program {}\n", scd.trim(), pinentry.display());
        user.write("gnupg/gpg-agent.conf", agent);
        let providers = format!("providers avain\nprovider-avain-library {}\n", user.module().display());
        user.write("gnupg/gnupg-pkcs11-scd.conf", providers);
        // The simulated authority has no service that could be asked for revoked certificates.
        user.write("gnupg/gpgsm.conf", "disable-crl-checks\ndisable-policy-checks\n");
        user.write("gnupg/trustlist.txt", format!("{} S relax\n", fingerprint(user, "root.pem")));
        let home = Self(user);
        for authority in ["root.pem", "issuing.pem"] {
            run(home.program("gpgsm").args(["--import", authority]));
        }
        home
    }

    fn program(&self, program: &str) -> Command {
        let mut command = self.0.program(program);
        command.env("GNUPGHOME", self.0.file("gnupg"));
        command
    }

    /// How often a PIN was asked for.
    fn prompts(&self) -> usize {
        let log = fs::read_to_string(self.0.file("gnupg/pinentry.log")).unwrap_or_default();
        log.lines().filter(|line| *line == "GETPIN").count()
    }
}

impl Drop for Home<'_> {
    fn drop(&mut self) {
        let _ = self.program("gpgconf").args(["--kill", "all"]).status();
    }
}

/// SHA-1 of a certificate, by which GnuPG names it.
fn fingerprint(user: &User, certificate: &str) -> String {
    let mut openssl = user.program("openssl");
    let said = run(openssl.args(["x509", "-noout", "-fingerprint", "-sha1", "-in", certificate]));
    let (_, fingerprint) = said.trim().split_once('=').expect("a fingerprint");
    fingerprint.replace(':', "")
}

#[test]
fn signs_a_message() {
    let user = User::with(Card::Rsa);
    user.write("text", "Any message will do.\n");
    let home = Home::new(&user);
    let version = run(user.program("gpgsm").arg("--version"));
    let version = version.lines().next().and_then(|line| line.split(' ').next_back()).expect("a version");
    let program = Program { name: "GnuPG (gnupg-pkcs11-scd)", version: version.into() };
    let task = user.task(&program, "learn the card and sign a message (gpgsm)");
    run(home.program("gpgsm").arg("--learn-card"));
    let fingerprint = fingerprint(&user, "auth.pem");
    let sign = ["--local-user", &fingerprint, "--detach-sign", "--output", "signature", "text"];
    run(home.program("gpgsm").args(sign));
    // Only GnuPG verifies: its agent puts a zero before half of all RSA signatures, which OpenSSL does not accept.
    let verdict = run(home.program("gpgsm").args(["--status-fd", "1", "--verify", "signature", "text"]));
    assert!(verdict.contains(&format!("VALIDSIG {fingerprint}")), "{verdict}");
    task.done(home.prompts(), [1, 0]);
}
