//! OpenSC's pkcs11-tool, which works with any module.

use kit::codes::PUK;
use kit::openssl::{Scheme, verifies_digest};
use kit::run;
use programs::clients::{Card, Program, User};
use simcard::keypad::NEW;
use simcard::{PIN1, PIN2};
use std::process::Command;

fn tool(user: &User) -> Program {
    let about = run(user.program("opensc-tool").arg("--info"));
    let version = about.split_whitespace().nth(1).expect("a version").into();
    Program { name: "pkcs11-tool", version }
}

/// With our module, logged in to this token.
fn logged_in(user: &User, token: &str) -> Command {
    let mut command = user.program("pkcs11-tool");
    command.arg("--module").arg(user.module()).args(["--token-label", token, "--login"]);
    command
}

/// Signs a digest with a key of the EC card, and verifies the signature.
fn signs(user: &User, command: &mut Command, id: &str, certificate: &str) {
    let (digest, output) = ([7; 48], user.file("signature"));
    command.args(["--sign", "--mechanism", "ECDSA", "--id", id, "--input-file"]);
    run(command.arg(user.write("digest", digest)).arg("--output-file").arg(&output));
    let signature = std::fs::read(output).expect("a signature");
    assert!(verifies_digest(&user.certificate(certificate), Scheme::Ecdsa, None, &digest, &signature));
}

#[test]
fn signs_with_the_qualified_key() {
    for card in Card::ALL {
        let user = User::with(card);
        let tool = tool(&user);
        let (file, signature) = (user.write("file", b"data"), user.file("file.sig"));
        let (mechanism, format) = match card {
            Card::Ec => ("ECDSA-SHA384", "openssl"),
            Card::Rsa => ("SHA256-RSA-PKCS", "rs"),
        };
        for what in ["qualified signature, PIN2", "qualified signature, PIN2, again"] {
            let task = user.task(&tool, what);
            let mut sign = logged_in(&user, "FINEID (PIN2)");
            sign.args(["--pin", user.pin2(), "--sign", "--id", "46", "-m", mechanism]);
            run(sign.args(["--signature-format", format, "-i"]).arg(&file).arg("-o").arg(&signature));
            let hash = if card == Card::Ec { "-sha384" } else { "-sha256" };
            let mut verify = user.program("openssl");
            verify.args(["dgst", hash, "-verify"]).arg(user.public_key("sign"));
            run(verify.arg("-signature").arg(&signature).arg(&file));
            // At the login, and with the signature: not once more at the login for the key.
            task.done(0, [0, 2]);
        }
    }
}

/// On a contactless reader, with nothing stored, and then with the number that is stored.
#[test]
fn signs_without_contacts() {
    let user = User::without_contacts();
    let program = tool(&user);
    let number_and_pin = user.number_and_pin1();
    for (what, token, entry) in [
        ("sign, first use on a contactless reader", "FINEID (CAN and PIN1)", number_and_pin.as_str()),
        ("sign on a contactless reader", "FINEID (PIN1)", user.pin1()),
    ] {
        let task = user.task(&program, what);
        signs(&user, logged_in(&user, token).args(["--pin", entry]), "45", "auth");
        task.done(0, [1, 0]);
    }
}

/// On a reader with a keypad it asks for nothing. The display speaks the user's language.
#[test]
fn signs_and_sets_pins_with_a_keypad() {
    let user = User::with_keypad();
    let program = tool(&user);
    for (what, token, id, certificate, presented, language) in [
        ("sign, reader with a keypad", "FINEID (PIN1)", "45", "auth", [1, 0], ("fi_FI.UTF-8", 0x040B)),
        (
            "qualified signature, reader with a keypad",
            "FINEID (PIN2)",
            "46",
            "sign",
            [0, 1],
            ("sv_FI.UTF-8", 0x041D),
        ),
    ] {
        let task = user.task(&program, what);
        signs(&user, logged_in(&user, token).env("LC_ALL", language.0), id, certificate);
        assert_eq!(user.card().keypad().asked().last().expect("it asked").language, language.1);
        task.ended(0, presented, "works, PIN on the keypad");
    }
    assert_eq!(user.asked_on_keypad(), 2);
    let task = user.task(&program, "change PIN2, reader with a keypad");
    run(logged_in(&user, "FINEID (PIN2)").arg("--change-pin"));
    assert!(user.card().code_is(PIN2, NEW));
    task.ended(0, [0, 1], "works, PIN on the keypad");
    let task = user.task(&program, "set PIN1 by the PUK, reader with a keypad");
    run(user.program("pkcs11-tool").arg("--module").arg(user.module()).args([
        "--token-label",
        "FINEID (PIN1)",
        "--login",
        "--login-type",
        "so",
        "--init-pin",
    ]));
    assert!(user.card().code_is(PIN1, NEW) && !user.card().code_is(PIN1, PUK));
    task.ended(0, [1, 0], "works, PUK and PIN on the keypad");
    assert_eq!(user.asked_on_keypad(), 4);
}
/// A second opinion on the keypad of these tests: OpenSC's own module, of which ours knows nothing, logs in and changes a
/// PIN on it, of the cards that both know.
#[test]
fn its_own_module_sets_pins_on_the_same_keypad() {
    for card in ["estonia-idemia", "belgium-1.7"] {
        let user = User::at_keypad(&format!("{card},keypad=full"));
        let mut change = user.program("pkcs11-tool");
        change.args(["--module", "opensc-pkcs11.so", "--slot-index", "0", "--login", "--change-pin"]);
        let told = run(&mut change);
        let pin = user.card().references().pin1;
        assert!(user.card().code_is(pin, NEW), "{card}: {told}");
        let entries: Vec<_> = user.card().keypad().asked().iter().map(|asked| asked.entries).collect();
        assert_eq!(entries, [1, 3], "{card}: {told}");
    }
}
