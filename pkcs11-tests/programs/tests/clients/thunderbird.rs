//! Thunderbird signs messages and reads encrypted ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::mozilla::Mozilla;
use kit::run;
use programs::clients::{Card, Program, User, wait_for};
use serde_json::{Value, json};

const PROMPT: &str = "Please authenticate to the security device (FINEID (PIN1)).";
const SCRIPT: &str = include_str!("../../scripts/clients/thunderbird.js");
const TEXT: &str = "The key is under the mat.";

/// Makes the database in a folder of the user's.
type Database = fn(&User, &str, &[&Path]) -> PathBuf;

/// Thunderbird with its window open, and the card's authority trusted.
fn start(user: &User, database: Database) -> Mozilla {
    let own = ["root.pem", "issuing.pem"].map(|name| user.file(name));
    let profile = database(user, "profile", &own.each_ref().map(|path| path.as_path()));
    let mut thunderbird = Mozilla::start(user, "thunderbird", &profile, &[]);
    wait_for("the window", || {
        let ready =
            "const w = Services.wm.getMostRecentWindow('mail:3pane'); return w && w.document.readyState";
        (thunderbird.run(ready, &json!([])) == json!("complete")).then_some(())
    });
    thunderbird
}

/// Writes a signed message to oneself and gives it as it would be sent.
fn write(user: &User, thunderbird: &mut Mozilla) -> String {
    let address = user.card().holder().email();
    let write = format!("{SCRIPT} await writeSigned(...arguments);");
    thunderbird.run_async(&write, &json!([address, TEXT]));
    let outbox = user.file("profile/Mail/Local Folders/Unsent Messages");
    wait_for("the message", || {
        let mailbox = fs::read_to_string(&outbox).ok()?;
        // The first line is the mailbox's.
        mailbox.split_once('\n').map(|(_, message)| message.to_owned())
    })
}

fn program(thunderbird: &mut Mozilla) -> Program {
    Program { name: "Thunderbird", version: thunderbird.version() }
}

/// Signs a message, with one prompt.
fn signs(user: &User, thunderbird: &mut Mozilla) {
    thunderbird.answer(&[user.pin1()]);
    let message = write(user, thunderbird);
    let message = user.write("signed.eml", message);
    let mut verify = Command::new("openssl");
    verify.args(["cms", "-verify", "-purpose", "smimesign", "-in"]).arg(message);
    let judged = run(verify.arg("-CAfile").arg(user.file("authorities.pem")));
    assert!(judged.contains(TEXT) && judged.contains("CMS Verification successful"), "{judged}");
    assert_eq!(thunderbird.prompts(), [PROMPT]);
}

#[test]
fn signs_a_message() {
    for card in Card::ALL {
        let user = User::with(card);
        let mut thunderbird = start(&user, User::nss_database);
        let program = program(&mut thunderbird);
        let task = user.task(&program, "sign a message");
        signs(&user, &mut thunderbird);
        task.done(1, [1, 0]);
    }
}

/// Nobody has done anything but to install the packages.
#[test]
#[ignore = "the packages have to be installed: make check-deb"]
fn signs_where_the_packages_are_installed() {
    for card in Card::ALL {
        let user = User::with(card);
        signs(&user, &mut start(&user, User::database_without_it));
    }
}

#[test]
fn reads_an_encrypted_message() {
    for card in Card::ALL {
        let user = User::with(card);
        let letter = user.write("letter", format!("Content-Type: text/plain\r\n\r\n{TEXT}\r\n"));
        let mut seal = Command::new("openssl");
        seal.args(["cms", "-encrypt", "-aes-256-cbc", "-subject", "A message", "-in"]).arg(letter);
        let sealed = run(seal.arg("-recip").arg(user.file("auth.pem")));
        assert!(sealed.contains("application/pkcs7-mime") && !sealed.contains(TEXT), "{sealed}");
        let mut thunderbird = start(&user, User::nss_database);
        let program = program(&mut thunderbird);
        let task = user.task(&program, "read an encrypted message");
        thunderbird.answer(&[user.pin1()]);
        let read =
            thunderbird.run_async(&format!("{SCRIPT} return await read(arguments[0]);"), &json!([sealed]));
        assert!(matches!(&read, Value::String(text) if text.contains(TEXT)), "{read}");
        assert_eq!(thunderbird.prompts(), [PROMPT]);
        task.done(1, [1, 0]);
    }
}
