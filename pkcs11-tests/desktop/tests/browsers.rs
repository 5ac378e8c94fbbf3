//! A page logs in and signs, in browsers that `avain register` has told of `avain-web`; with an extension that speaks as
//! that of Web eID does.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use avain_flow::{Face, Language, Text, Words, text};
use base64ct::{Base64, Encoding};
use desktop::{Accessible, Process, Session, Setting, wait_for};
use kit::openssl::{self, Scheme};
use kit::{InsertedCard, Rig, run};
use serde_json::{Value, json};
use simcard::Codes;

const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web");
const ORIGIN: &str = "https://pankki.example";
const NONCE: &str = "aGFzIHRoaXJ0eSB0d28gcmFuZG9tIGJ5dGVzIGluIGl0IQ==";
/// That of Web eID in Firefox.
const EXTENSION: &str = "{e68418bc-f2b0-4459-a9ea-3e72b6751b07}";

/// What is built for release, by this variable or beside this program.
fn built(variable: &str, name: &str) -> PathBuf {
    let usual = || Path::new(WEB).join("../../../target/release").join(name);
    std::env::var_os(variable).map_or_else(usual, PathBuf::from)
}

/// A service and its visitor.
struct Visit {
    session: Session,
    words: Words,
    folder: PathBuf,
    parts: Vec<Process>,
    _card: InsertedCard,
    _rig: Rig,
}

impl Visit {
    /// Of somebody who speaks this language and has this card.
    fn prepared(card: &str, locale: &'static str, language: Language) -> Self {
        let rig = Rig::start(1);
        let card = rig.insert(0, kit::card(card));
        let session = Session::with(&Setting { language: locale, ..Setting::default() });
        let folder = kit::scratch("service");
        certificate(&folder);
        let server = session.run("python3", &[&format!("{WEB}/server.py"), folder.to_str().expect("a path")]);
        wait_for("the service", || TcpStream::connect(("127.0.0.1", 443)).ok());
        let mut register = session.command(built("AVAIN_TOOL", "avain"));
        register.args(["register", "web-eid", "--module"]).arg(built("AVAIN_MODULE", "libavain_pkcs11.so"));
        run(&mut register);
        let words = Words::facing(language, Face::Window);
        Self { session, words, folder, parts: vec![server], _card: card, _rig: rig }
    }

    fn opens(&mut self, browser: &str, arguments: &[&str]) {
        let page = format!("{ORIGIN}/");
        let arguments = [arguments, &[&page]].concat();
        let browser = self.session.run(browser, &arguments);
        self.parts.push(browser);
    }

    /// The window that asks, once it says this.
    fn window(&self, words: &Text) -> Accessible {
        let said = self.words.say(words);
        let says = || {
            let window = self.session.find("avain-window")?;
            window.all().iter().any(|part| part.name().contains(&said)).then_some(window)
        };
        kit::wait_within(
            &said,
            std::time::Duration::from_secs(90),
            std::time::Duration::from_millis(100),
            says,
        )
    }

    fn enters(&self, asked: &Text, question: &Text, pin: &str) {
        let window = self.window(asked);
        window.named("password text", &self.words.say(question)).types(pin);
        window.named("push button", &self.words.say(&text::button_ok())).press();
    }

    fn reported(&self, name: &str) -> Value {
        let report = wait_for(name, || fs::read(self.folder.join(name)).ok());
        serde_json::from_slice(&report).expect("JSON")
    }

    /// The page asks, the holder answers, and OpenSSL judges.
    fn goes_on(&self, algorithm: &str, login: (Scheme, &str), signing: Scheme) {
        self.enters(&text::asked_login(ORIGIN), &text::ask_pin1(), Codes::PIN1);
        assert!(self.reported("status")["version"].as_str().expect("a version").starts_with("2."));
        let token = self.reported("log-in");
        assert_eq!((&token["algorithm"], &token["format"]), (&algorithm.into(), &"web-eid:1.0".into()));
        let (scheme, hash) = login;
        let signed = [ORIGIN, NONCE].map(|text| openssl::digest(hash, text.as_bytes())).concat();
        let certificate = bytes(&token["unverifiedCertificate"]);
        assert!(
            openssl::verifies(&certificate, scheme, hash, &signed, &bytes(&token["signature"])),
            "{token}"
        );
        let asked = text::asked_certificate(ORIGIN);
        self.window(&asked).named("push button", &self.words.say(&text::button_share())).press();
        self.enters(&text::asked_signature(ORIGIN), &text::ask_pin2(), Codes::PIN2);
        let signed = self.reported("sign");
        let signature = bytes(&signed["signature"]);
        let document = &b"a document"[..];
        assert!(
            openssl::verifies(&bytes(&signed["certificate"]), signing, "sha256", document, &signature),
            "{signed}"
        );
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().expect("a text")).expect("Base64")
}

/// An authority, and its certificate for the service.
fn certificate(folder: &Path) {
    let openssl = |arguments: &[&str]| run(Command::new("openssl").args(arguments).current_dir(folder));
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
    openssl(
        &[&["req", "-x509"], &key[..], &["-subj", "/CN=Authority", "-keyout", "ca.key", "-out", "ca.pem"]]
            .concat(),
    );
    let service = ["-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=pankki.example"];
    let name =
        ["-addext", "subjectAltName=DNS:pankki.example", "-addext", "basicConstraints=critical,CA:FALSE"];
    let files = ["-keyout", "key.pem", "-out", "chain.pem"];
    openssl(&[&["req", "-x509"], &key[..], &service[..], &name[..], &files[..]].concat());
}

/// Makes a database of certificates in which the service's authority is trusted.
fn trusted(database: &Path, folder: &Path) {
    fs::create_dir_all(database).expect("a folder");
    let database = format!("sql:{}", database.display());
    run(Command::new("certutil").args(["-N", "--empty-password", "-d", &database]));
    let authority = folder.join("ca.pem");
    run(Command::new("certutil")
        .args(["-A", "-n", "service", "-t", "C,,", "-d", &database, "-i"])
        .arg(authority));
}

/// The extension, with what this browser wants to know of it.
fn extension(folder: &Path, more: &Value) -> PathBuf {
    let extension = folder.join("extension");
    fs::create_dir_all(&extension).expect("a folder");
    for file in ["background.js", "content.js"] {
        fs::copy(Path::new(WEB).join(file), extension.join(file)).expect("a file");
    }
    let mut manifest = json!({
        "name": "Web eID, as tests have it", "version": "2.5.0", "permissions": ["nativeMessaging"],
        "content_scripts": [{ "matches": ["https://pankki.example/*"], "js": ["content.js"], "run_at": "document_start" }],
    });
    for (name, value) in more.as_object().expect("an object") {
        manifest[name] = value.clone();
    }
    fs::write(extension.join("manifest.json"), manifest.to_string()).expect("a file");
    extension
}

#[test]
fn a_page_in_firefox_logs_in_and_signs() {
    let mut visit = Visit::prepared("fineid-v4.0", "fi_FI.UTF-8", Language::Finnish);
    let profile = visit.folder.join("profile");
    trusted(&profile, &visit.folder);
    let more = json!({ "manifest_version": 2, "background": { "scripts": ["background.js"] },
        "browser_specific_settings": { "gecko": { "id": EXTENSION } } });
    let extension = extension(&visit.folder, &more);
    fs::create_dir_all(profile.join("extensions")).expect("a folder");
    let package = profile.join(format!("extensions/{EXTENSION}.xpi"));
    let files = ["manifest.json", "background.js", "content.js"];
    run(Command::new("python3")
        .args(["-m", "zipfile", "-c"])
        .arg(package)
        .args(files)
        .current_dir(extension));
    let settings = [
        ("app.update.enabled", "false"),
        ("browser.aboutwelcome.enabled", "false"),
        ("browser.shell.checkDefaultBrowser", "false"),
        ("datareporting.policy.dataSubmissionEnabled", "false"),
        ("extensions.autoDisableScopes", "0"),
        ("network.captive-portal-service.enabled", "false"),
        ("network.connectivity-service.enabled", "false"),
        ("network.dns.localDomains", "\"pankki.example\""),
        ("xpinstall.signatures.required", "false"),
    ];
    let settings = settings.map(|(name, value)| format!("user_pref(\"{name}\", {value});\n")).concat();
    fs::write(profile.join("user.js"), settings).expect("a file");
    visit.opens("firefox-esr", &["--no-remote", "--profile", profile.to_str().expect("a path")]);
    visit.goes_on("ES384", (Scheme::Ecdsa, "sha384"), Scheme::Ecdsa);
}

#[test]
fn a_page_in_chromium_logs_in_and_signs() {
    let mut visit = Visit::prepared("fineid-v3.1,issued=2025-11-30", "sv_FI.UTF-8", Language::Swedish);
    trusted(&visit.session.home().join(".pki/nssdb"), &visit.folder);
    let more = json!({ "manifest_version": 3, "background": { "service_worker": "background.js" } });
    let extension = extension(&visit.folder, &more);
    // An extension that no store has signed is called after its folder: it is let in beside that of Web eID.
    let path = extension.to_str().expect("a path");
    let digits = openssl::digest("sha256", path.as_bytes());
    let letters =
        digits[..16].iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(b'a' + digit));
    let name = format!("chrome-extension://{}/", letters.collect::<String>());
    let file = visit.session.home().join(".config/chromium/NativeMessagingHosts/eu.webeid.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&file).expect("the manifest")).expect("JSON");
    manifest["allowed_origins"].as_array_mut().expect("a list").push(name.into());
    fs::write(&file, manifest.to_string()).expect("the manifest");
    let extension = format!("--load-extension={path}");
    visit.opens(
        "chromium",
        &[
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--password-store=basic",
            "--host-resolver-rules=MAP pankki.example 127.0.0.1",
            "--disable-features=DisableLoadExtensionCommandLineSwitch",
            &extension,
        ],
    );
    visit.goes_on("PS256", (Scheme::Pss, "sha256"), Scheme::Pkcs1);
}
