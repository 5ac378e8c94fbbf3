//! A page that asks again: it takes the keyboard once, and not a second time from whoever types elsewhere.

use super::stage::{PROGRAM, give_keyboard};
use avain_flow::{Face, Language, Text, Words, text};
use desktop::{Accessible, Other, Process, Session, wait_for};
use kit::Rig;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Child, Command, Stdio};

const ORIGIN: &str = "https://pankki.example";

/// A browser whose page asks for a login, with the program that it starts for that.
struct Page(Child);

impl Page {
    fn asks(session: &Session) -> Self {
        let mut command: Command = session.command(desktop::program("avain-web"));
        command.args(["/home/eu.webeid.json", "{e68418bc-f2b0-4459-a9ea-3e72b6751b07}"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("avain-web");
        let arguments = json!({ "challengeNonce": "n".repeat(44), "origin": ORIGIN });
        let message = json!({ "command": "authenticate", "arguments": arguments }).to_string();
        let input = child.stdin.as_mut().expect("its input");
        input.write_all(&kit::frame(&message)).expect("it reads");
        Self(child)
    }

    /// What it is told: the version, and then this.
    fn told(&mut self) -> Value {
        let output = self.0.stdout.as_mut().expect("its output");
        let mut message = || {
            let message = kit::next_frame(output).expect("a message");
            serde_json::from_slice(&message).expect("JSON")
        };
        let _version: Value = message();
        message()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Somebody who types into another program while the page goes on asking.
struct Typing<'s> {
    session: &'s Session,
    other: Other,
    typed: String,
}

const DIGITS: &str = "2580147036258014703625801470362580147036";

impl Typing<'_> {
    /// Forty keys, which take two seconds.
    fn begin(&mut self) -> Process {
        self.typed += DIGITS;
        self.session.run("xdotool", &["type", "--delay", "50", DIGITS])
    }

    /// All of them have reached the other program, which still has the keyboard.
    #[track_caller]
    fn ends(&self, mut keys: Process) {
        assert!(keys.ends().success());
        wait_for("the keys", || (self.other.typed().len() >= self.typed.len()).then_some(()));
        assert_eq!(self.other.typed(), self.typed);
        assert!(self.other.has_keyboard(self.session));
    }
}

fn words(text: &Text) -> String {
    Words::facing(Language::English, Face::Window).say(text)
}

fn is_asked(session: &Session) -> bool {
    let asked = words(&text::asked_login(ORIGIN));
    session.accessible(PROGRAM).all().iter().any(|part: &Accessible| part.name().contains(&asked))
}

/// While a question is open, another one is answered by itself; and after a refusal the next one waits until its holder
/// turns to it.
#[test]
fn a_page_does_not_take_the_keyboard_twice() {
    let rig = Rig::start(1);
    let _card = rig.insert(0, kit::card("fineid-v4.0"));
    let session = Session::start();
    let mut first = Page::asks(&session);
    wait_for("the question", || is_asked(&session).then_some(()));
    give_keyboard(&session);
    let mut typing = Typing { session: &session, other: Other::open(&session), typed: String::new() };

    let keys = typing.begin();
    let mut second = Page::asks(&session);
    assert_eq!(second.told()["error"]["code"], "ERR_WEBEID_ACTION_PENDING");
    typing.ends(keys);

    give_keyboard(&session);
    session.keyboard().key("alt+F4");
    assert_eq!(first.told()["error"]["code"], "ERR_WEBEID_USER_CANCELLED");
    typing.other.takes_keyboard(&session);

    let keys = typing.begin();
    let mut third = Page::asks(&session);
    wait_for("the question", || is_asked(&session).then_some(()));
    typing.ends(keys);
    // It can be answered all the same.
    give_keyboard(&session);
    session.keyboard().key("alt+F4");
    assert_eq!(third.told()["error"]["code"], "ERR_WEBEID_USER_CANCELLED");
}
