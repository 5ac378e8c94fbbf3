//! `avain-web` as browsers start it, where the holder is asked on the terminal. OpenSSL judges what it answers, by what
//! those who validate logins do.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64ct::{Base64, Encoding};
use cli::{Bench, Terminal, tool};
use kit::openssl::{self, Scheme};
use kit::{Rig, scratch};
use serde_json::{Value, json};
use simcard::Codes;

const ORIGIN: &str = "https://pankki.example";
const NONCE: &str = "aGFzIHRoaXJ0eSB0d28gcmFuZG9tIGJ5dGVzIGluIGl0IQ==";
const UNSEEN: &str = "What you type is not shown: ";

fn program() -> PathBuf {
    tool().with_file_name("avain-web")
}

fn frame(message: &Value) -> Vec<u8> {
    kit::frame(&message.to_string())
}

fn frames(mut rest: &[u8]) -> Vec<Value> {
    let messages = std::iter::from_fn(|| kit::next_frame(&mut rest));
    messages.map(|message| serde_json::from_slice(&message).expect("JSON")).collect()
}

/// A browser with a page that asks, and the terminal that it was started from.
struct Page {
    folder: PathBuf,
    terminal: Terminal,
}

impl Page {
    fn asks(command: &str, arguments: &Value) -> Self {
        Self::asks_in("C.UTF-8", command, arguments)
    }

    fn asks_in(locale: &str, command: &str, arguments: &Value) -> Self {
        let folder = scratch("page");
        fs::write(folder.join("request"), frame(&json!({ "command": command, "arguments": arguments })))
            .unwrap();
        // A pipe whose other end stays open: the page waits.
        let script = "unset DISPLAY WAYLAND_DISPLAY; mkfifo $0/in; exec 3<>$0/in; cat $0/request >&3
            exec $1 chrome-extension://example/ <&3 3<&- >$0/out";
        let arguments =
            ["-c", script, folder.to_str().unwrap(), &program().display().to_string()].map(str::to_owned);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        Self { terminal: Terminal::of(Path::new("sh"), &arguments, &[("LC_ALL", locale)]), folder }
    }

    fn types(&mut self, question: &str, answer: &str) {
        self.terminal.answer(question, answer);
    }

    /// What the page is answered, and what was on the terminal.
    fn answer(self) -> (Value, String) {
        let ended = self.terminal.end();
        let mut said = frames(&fs::read(self.folder.join("out")).unwrap());
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0]["version"].as_str().unwrap().starts_with("2."), "{said:?}");
        let _ = fs::remove_dir_all(self.folder);
        (said.remove(1), ended.shown)
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().expect("a text")).expect("Base64")
}

/// Judges a token as services do: the digests of origin and nonce, one after the other, are what was signed.
fn is_login(token: &Value, algorithm: &str) -> bool {
    let (scheme, hash) = match algorithm {
        "ES256" => (Scheme::Ecdsa, "sha256"),
        "ES384" => (Scheme::Ecdsa, "sha384"),
        "PS256" => (Scheme::Pss, "sha256"),
        _ => (Scheme::Pkcs1, "sha256"),
    };
    assert_eq!(token["algorithm"], algorithm);
    assert_eq!(token["format"], "web-eid:1.0");
    assert!(token["appVersion"].as_str().unwrap().starts_with("avain-web/"));
    assert_eq!(token.as_object().unwrap().len(), 5);
    let signed = [ORIGIN, NONCE].map(|text| openssl::digest(hash, text.as_bytes())).concat();
    openssl::verifies(
        &bytes(&token["unverifiedCertificate"]),
        scheme,
        hash,
        &signed,
        &bytes(&token["signature"]),
    )
}

fn login() -> Value {
    json!({ "challengeNonce": NONCE, "origin": ORIGIN })
}

/// A card, how it signs logins, and the scheme of its signatures.
const CARDS: [(&str, &str, Scheme); 8] = [
    ("fineid-v4.0", "ES384", Scheme::Ecdsa),
    ("fineid-v3.1", "PS256", Scheme::Pkcs1),
    ("estonia-idemia", "ES384", Scheme::Ecdsa),
    ("estonia-thales", "ES384", Scheme::Ecdsa),
    ("latvia-rsa", "RS256", Scheme::Pkcs1),
    ("latvia-ec", "ES384", Scheme::Ecdsa),
    ("belgium-1.7", "PS256", Scheme::Pkcs1),
    ("belgium-1.8", "ES384", Scheme::Ecdsa),
];

#[test]
fn a_page_logs_in_and_signs_with_every_kind_of_card() {
    for (card, algorithm, scheme) in CARDS {
        let bench = Bench::with(card);
        let pin2 = if card.starts_with("belgium") { Codes::PIN1 } else { Codes::PIN2 };
        let mut page = Page::asks("authenticate", &login());
        page.terminal.expect(ORIGIN);
        page.types(UNSEEN, Codes::PIN1);
        let (token, shown) = page.answer();
        assert!(is_login(&token, algorithm), "{card}: {token}");
        assert!(!shown.contains(Codes::PIN1));

        let mut page = Page::asks("get-signing-certificate", &json!({ "origin": ORIGIN }));
        page.terminal.expect(ORIGIN);
        page.types("[y/N]", "y");
        let (given, _) = page.answer();
        let offered = given["supportedSignatureAlgorithms"].as_array().unwrap();
        assert!(offered.iter().any(|offer| offer["hashFunction"] == "SHA-256"), "{card}: {given}");

        let digest = openssl::digest("sha256", b"a document");
        let arguments = json!({ "certificate": given["certificate"], "hash": Base64::encode_string(&digest),
            "hashFunction": "SHA-256", "origin": ORIGIN });
        let mut page = Page::asks("sign", &arguments);
        page.terminal.expect(ORIGIN);
        page.types(UNSEEN, pin2);
        let (signed, shown) = page.answer();
        let words: String = digest.chunks(2).map(|pair| format!("{:02x}{:02x} ", pair[0], pair[1])).collect();
        assert!(shown.contains(words.trim()), "{card}: {shown}");
        let kind = if scheme == Scheme::Ecdsa { ("ECC", "NONE") } else { ("RSA", "PKCS1.5") };
        let expected =
            json!({ "cryptoAlgorithm": kind.0, "hashFunction": "SHA-256", "paddingScheme": kind.1 });
        assert_eq!(signed["signatureAlgorithm"], expected);
        let (certificate, signature) = (bytes(&given["certificate"]), bytes(&signed["signature"]));
        assert!(
            openssl::verifies_digest(&certificate, scheme, Some("sha256"), &digest, &signature),
            "{card}"
        );
        drop(bench);
    }
}

/// The holder's word, a PIN, or nothing: no page gets more than it was given.
#[test]
fn who_refuses_gives_nothing() {
    let bench = Bench::with("fineid-v4.0");
    let mut page = Page::asks("get-signing-certificate", &json!({ "origin": ORIGIN }));
    page.types("[y/N]", "");
    let (refused, _) = page.answer();
    let expected = json!({ "error": { "code": "ERR_WEBEID_USER_CANCELLED", "message": "cancelled" } });
    assert_eq!(refused, expected);
    let mut page = Page::asks("authenticate", &login());
    page.terminal.expect(UNSEEN);
    page.terminal.press(b"\x04");
    assert_eq!(page.answer().0, expected);
    assert_eq!(bench.presented(), 0);
}

/// The tries that are left are said to the holder, and not to the page.
#[test]
fn a_wrong_pin_is_told_to_the_holder_alone() {
    let bench = Bench::with("fineid-v4.0");
    let mut page = Page::asks("authenticate", &login());
    page.types(UNSEEN, "654321");
    page.terminal.expect("4 tries left");
    page.types(UNSEEN, Codes::PIN1);
    assert!(is_login(&page.answer().0, "ES384"));
    bench.renew("fineid-v4.0,state=blocked-pin1");
    let (told, shown) = Page::asks("authenticate", &login()).answer();
    assert_eq!(told, json!({ "error": { "code": "ERR_WEBEID_NATIVE_FATAL", "message": "locked" } }));
    assert!(shown.contains("avain unblock 1"), "{shown}");
}

#[test]
fn another_card_than_the_page_means_signs_nothing() {
    let bench = Bench::with("fineid-v4.0");
    let certificate = Base64::encode_string(&bench.card().certificates().issuing);
    let arguments = json!({ "certificate": certificate, "hash": Base64::encode_string(&[7; 32]),
        "hashFunction": "SHA-256", "origin": ORIGIN });
    let (told, shown) = Page::asks("sign", &arguments).answer();
    assert_eq!(told["error"]["code"], "ERR_WEBEID_NATIVE_FATAL");
    assert!(shown.contains("expects another card"), "{shown}");
    assert_eq!(bench.presented(), 0);
}

#[test]
fn the_holder_is_asked_in_four_languages() {
    let _bench = Bench::with("fineid-v4.0");
    for (locale, words) in [
        ("fi_FI.UTF-8", "https://pankki.example pyytää sinua tunnistautumaan"),
        ("sv_FI.UTF-8", "https://pankki.example ber dig identifiera dig"),
        ("en_GB.UTF-8", "https://pankki.example asks you to log in"),
        ("et_EE.UTF-8", "https://pankki.example palub sul end tuvastada"),
    ] {
        let mut page = Page::asks_in(locale, "authenticate", &login());
        page.terminal.expect(words);
        page.terminal.expect(": ");
        page.terminal.press(b"\x04");
        let (refused, _) = page.answer();
        assert_eq!(refused["error"]["code"], "ERR_WEBEID_USER_CANCELLED", "{locale}: {refused}");
    }
}

/// One question at a time; who asks meanwhile is told so at once, and the first goes on.
#[test]
fn two_pages_do_not_ask_at_once() {
    let _bench = Bench::with("fineid-v4.0");
    let mut first = Page::asks("authenticate", &login());
    first.terminal.expect(UNSEEN);
    let (told, shown) = Page::asks("authenticate", &login()).answer();
    assert_eq!(told["error"]["code"], "ERR_WEBEID_ACTION_PENDING");
    assert_eq!(shown, "");
    first.terminal.enter(Codes::PIN1);
    assert!(is_login(&first.answer().0, "ES384"));
}

/// What a browser, or what calls itself one, gets without a holder.
fn says_to(input: &[u8]) -> Vec<Value> {
    let mut command = Command::new(program());
    command.arg("chrome-extension://example/").env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("start it");
    // It may have ended before it has read everything.
    let _ = child.stdin.take().expect("its input").write_all(input);
    let mut said = Vec::new();
    child.stdout.take().expect("its output").read_to_end(&mut said).expect("its end");
    child.wait().expect("its end");
    frames(&said)
}

/// Neither the program nor the card is harmed, and the next page is served.
#[test]
fn hostile_clients_harm_nobody() {
    let bench = Bench::with("fineid-v4.0");
    let whole = frame(&json!({ "command": "authenticate", "arguments": login() }));
    let huge = [&u32::MAX.to_ne_bytes()[..], &[b' '; 1 << 20]].concat();
    for input in [&b""[..], &[1], &u32::MAX.to_ne_bytes(), &huge, &whole[..whole.len() - 1], &[0xFF; 9]] {
        let said = says_to(input);
        assert!(said[0]["version"].is_string() && said.len() <= 2, "{said:?}");
        let error = said.get(1).map(|error| error["error"]["code"].as_str().unwrap().to_owned());
        assert!(error.is_none_or(|code| code == "ERR_WEBEID_NATIVE_INVALID_ARGUMENT"), "{said:?}");
    }
    // Who goes away is answered nothing, or that there is nobody to ask.
    let told = says_to(&whole).pop().expect("a version");
    assert!(told["version"].is_string() || told["error"]["code"] == "ERR_WEBEID_NATIVE_FATAL", "{told}");
    assert_eq!(bench.presented(), 0);
    let quit = frame(&json!({ "command": "quit", "arguments": {} }));
    assert_eq!(says_to(&quit)[1], json!({}));
    let mut page = Page::asks("authenticate", &login());
    page.types(UNSEEN, Codes::PIN1);
    assert!(is_login(&page.answer().0, "ES384"));
}

/// Neither display nor terminal, and no card: the page is told that it did not work, and nothing else.
#[test]
fn without_anybody_to_ask_the_page_is_told() {
    let _rig = Rig::start(1);
    let (told, shown) = Page::asks("authenticate", &login()).answer();
    assert_eq!(told, json!({ "error": { "code": "ERR_WEBEID_NATIVE_FATAL", "message": "no-card" } }));
    assert!(shown.contains("Insert the card"), "{shown}");
    let folder = scratch("nobody");
    let mut file = File::create(folder.join("in")).unwrap();
    file.write_all(&frame(&json!({ "command": "authenticate", "arguments": login() }))).unwrap();
    // In a session of its own there is no terminal.
    let output = Command::new("setsid")
        .args(["--wait", "sh", "-c", "{ cat $0/in; sleep 2; } | exec $1 chrome-extension://example/"])
        .arg(&folder)
        .arg(program())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let said = frames(&output.stdout);
    assert_eq!(said[1]["error"]["code"], "ERR_WEBEID_NATIVE_FATAL");
    let _ = fs::remove_dir_all(folder);
}
