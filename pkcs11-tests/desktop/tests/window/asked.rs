//! Signatures for other programs, which have the window as their child.

use super::stage::{PROGRAM, give_keyboard};
use avain_flow::asked::{Answer, Key, Refused};
use avain_flow::{Face, Language, Words, text};
use desktop::{Accessible, Session, wait_for};
use kit::openssl::{self, Scheme};
use kit::{InsertedCard, Rig};
use simcard::Codes;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

/// Another program, with the window as its child.
struct Asking {
    child: Child,
    words: Words,
    card: InsertedCard,
    session: Session,
    _rig: Rig,
}

const DIGEST: &str = "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19";

impl Asking {
    fn ask(card: &str, what: &str, more: &str) -> Self {
        Self::ask_for(card, &digest(what, more))
    }

    fn ask_for(card: &str, request: &str) -> Self {
        let rig = Rig::start(1);
        let card = rig.insert(0, kit::card(card));
        let session = Session::start();
        let mut command = session.command(desktop::program(PROGRAM));
        command.arg("--asked").stdin(Stdio::piped()).stdout(Stdio::piped());
        let child = command.spawn().expect("the window");
        let mut input = child.stdin.as_ref().expect("its input");
        writeln!(input, "{request}").expect("it reads");
        let words = Words::facing(Language::English, Face::Window);
        Self { child, words, card, session, _rig: rig }
    }

    fn view(&self) -> Accessible {
        self.session.accessible(PROGRAM)
    }

    #[track_caller]
    fn says(&self, text: &avain_flow::Text) {
        let said = self.words.say(text);
        wait_for(&said, || self.view().all().iter().any(|part| part.name().contains(&said)).then_some(()));
    }

    /// Closes the window.
    fn close(&self) {
        give_keyboard(&self.session);
        self.session.keyboard().key("alt+F4");
    }

    fn types(&self, question: &avain_flow::Text, pin: &str) {
        let prompt = self.words.say(question);
        self.view().named("password text", &prompt).types(pin);
        self.presses(&text::button_ok());
    }

    fn presses(&self, button: &avain_flow::Text) {
        self.view().named("push button", &self.words.say(button)).press();
    }

    /// Its answer, after which it ends as it should.
    fn answer(mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let ended = self.child.wait().expect("its end");
        assert!(ended.success(), "{ended} after {line}");
        line
    }
}

fn digest(what: &str, more: &str) -> String {
    format!(
        r#"{{"what":"{what}","origin":"https://pankki.example","hash":"SHA-256","digest":"{DIGEST}"{more}}}"#
    )
}

/// Who asks and what is signed are shown before the PIN, which stays in the window.
#[test]
fn another_program_gets_a_signature_and_no_pin() {
    let asking = Asking::ask("fineid-v3.1,issued=2025-11-30", "sign", "");
    asking.says(&text::asked_signature("https://pankki.example"));
    asking.says(&text::asked_meaning("PIN2"));
    let shown: String = asking.view().all().iter().map(|part| part.name().replace(' ', "")).collect();
    assert!(shown.contains(DIGEST), "{shown}");
    let folder = kit::scratch("asked");
    asking.card.card().certificates().write_pem(&folder).expect("its certificates");
    asking.types(&text::ask_pin2(), Codes::PIN2);
    let answer = asking.answer();
    assert!(!answer.contains(Codes::PIN2), "{answer}");
    let answer = Answer::of_line(&answer).unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(answer.key, Key::Rsa);
    fs::write(folder.join("signature"), answer.signature.expect("a signature")).expect("a file");
    fs::write(folder.join("digest"), bytes(DIGEST)).expect("a file");
    let mut verify = Command::new("openssl");
    verify.args(["pkeyutl", "-verify", "-certin", "-pkeyopt", "digest:sha256"]);
    verify.arg("-inkey").arg(folder.join("sign.pem"));
    verify.arg("-in").arg(folder.join("digest")).arg("-sigfile").arg(folder.join("signature"));
    kit::run(&mut verify);
    fs::remove_dir_all(folder).expect("the folder");
}

/// Bytes of hexadecimal digits.
fn bytes(digits: &str) -> Vec<u8> {
    let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal digits")).collect()
}

/// Another card than the service means is not used.
#[test]
fn another_card_is_not_used() {
    let asking = Asking::ask("fineid-v4.0", "sign", r#","certificate":"3000""#);
    asking.says(&text::asked_other_card());
    asking.close();
    let answer = asking.answer();
    assert_eq!(Refused::of_line(&answer), Some(Refused::Failed), "{answer}");
}

/// Whoever closes the window has refused; and so has a program that ends.
#[test]
fn a_refusal_is_an_answer() {
    let asking = Asking::ask("fineid-v4.0", "log-in", "");
    asking.says(&text::asked_login("https://pankki.example"));
    asking.close();
    assert_eq!(asking.answer(), "{\"refused\":\"cancelled\"}\n");
    let mut asking = Asking::ask("fineid-v4.0", "log-in", "");
    asking.says(&text::asked_login("https://pankki.example"));
    drop(asking.child.stdin.take());
    assert_eq!(asking.answer(), "{\"refused\":\"cancelled\"}\n");
}

const NONCE: &str = "aGFzIHRoaXJ0eSB0d28gcmFuZG9tIGJ5dGVzIGluIGl0IQ==";

/// A login by Web eID: the window itself makes the digest of the origin that it shows.
#[test]
fn a_login_is_bound_to_the_origin_that_is_shown() {
    let request = format!(r#"{{"what":"log-in","origin":"https://pankki.example","nonce":"{NONCE}"}}"#);
    let asking = Asking::ask_for("fineid-v4.0", &request);
    asking.says(&text::asked_login("https://pankki.example"));
    asking.types(&text::ask_pin1(), Codes::PIN1);
    let answer = asking.answer();
    let answer = Answer::of_line(&answer).unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(answer.algorithm, "ES384");
    let parts = ["https://pankki.example", NONCE].map(|text| openssl::digest("sha384", text.as_bytes()));
    let signature = answer.signature.expect("a signature");
    assert!(openssl::verifies(&answer.certificate, Scheme::Ecdsa, "sha384", &parts.concat(), &signature));
}

/// The certificate of the signature key is given on the holder's word, and on no other.
#[test]
fn a_certificate_is_given_on_the_holders_word() {
    let request = r#"{"what":"certificate","origin":"https://pankki.example"}"#;
    let asking = Asking::ask_for("fineid-v4.0", request);
    asking.says(&text::asked_certificate("https://pankki.example"));
    asking.says(&text::asked_certificate_meaning());
    let own = asking.card.card().certificates().named("sign").expect("a certificate").der.clone();
    asking.presses(&text::button_share());
    let answer = asking.answer();
    let answer = Answer::of_line(&answer).unwrap_or_else(|| panic!("{answer}"));
    assert_eq!((answer.certificate, answer.signature), (own, None));
    let asking = Asking::ask_for("fineid-v4.0", request);
    asking.says(&text::asked_certificate_meaning());
    // No key means yes.
    give_keyboard(&asking.session);
    asking.session.keyboard().key("Return");
    asking.session.keyboard().key("space");
    asking.says(&text::asked_certificate_meaning());
    asking.presses(&text::button_close());
    assert_eq!(Refused::of_line(&asking.answer()), Some(Refused::Cancelled));
}
