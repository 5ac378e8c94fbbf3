//! A page logs in and signs, in browsers that `avain register` has told of `avain-web`; with an extension that speaks as
//! that of Web eID does. And one that knows the Finnish signature service, in browsers that trust it by `avain web`.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

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

/// Waits for what a browser does, which takes its time.
fn patiently<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    kit::wait_within(what, Duration::from_secs(90), Duration::from_millis(100), look)
}

/// A service and its visitor.
struct Visit {
    session: Session,
    words: Words,
    folder: PathBuf,
    parts: Vec<Process>,
    card: InsertedCard,
    _rig: Rig,
}

impl Visit {
    /// Of somebody who speaks this language and has this card.
    fn begun(card: &str, locale: &'static str, language: Language) -> Self {
        let rig = Rig::start(1);
        let card = rig.insert(0, kit::card(card));
        let session = Session::with(&Setting { language: locale, ..Setting::default() });
        let folder = kit::scratch("service");
        certificate(&folder);
        let server = session.run("python3", &[&format!("{WEB}/server.py"), folder.to_str().expect("a path")]);
        wait_for("the service", || TcpStream::connect(("127.0.0.1", 443)).ok());
        let words = Words::facing(language, Face::Window);
        Self { session, words, folder, parts: vec![server], card, _rig: rig }
    }

    /// With browsers that know who answers Web eID.
    fn prepared(card: &str, locale: &'static str, language: Language) -> Self {
        let visit = Self::begun(card, locale, language);
        let mut register = visit.session.command(built("AVAIN_TOOL", "avain"));
        register.args(["register", "web-eid", "--module"]).arg(built("AVAIN_MODULE", "libavain_pkcs11.so"));
        run(&mut register);
        visit
    }

    /// Browsers are told of the signature service, which listens.
    fn switches_on(&mut self) {
        let tool = built("AVAIN_TOOL", "avain");
        run(self.session.command(&tool).args(["web", "scs", "on"]));
        let service = tool.with_file_name("avain-web");
        let service = self.session.run(service.to_str().expect("a path"), &["scs", "run"]);
        self.parts.push(service);
        wait_for("the signature service", || TcpStream::connect(("127.0.0.1", 53952)).ok());
    }

    fn opens(&mut self, browser: &str, arguments: &[&str], path: &str) {
        let page = format!("{ORIGIN}{path}");
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
        patiently(&said, says)
    }

    fn enters(&self, asked: &Text, question: &Text, pin: &str) {
        let window = self.window(asked);
        window.named("password text", &self.words.say(question)).types(pin);
        self.pictured(asked.id);
        window.named("push button", &self.words.say(&text::button_ok())).press();
    }

    /// For people to look at, in the folder that AVAIN_PICTURES names.
    fn pictured(&self, name: &str) {
        if let Some(folder) = std::env::var_os("AVAIN_PICTURES") {
            let name = format!("{:?}-{name}-{}.png", self.words.language(), self.parts.len());
            self.session.screen().picture(&Path::new(&folder).join(name));
        }
    }

    fn reported(&self, name: &str) -> Value {
        let report = patiently(name, || fs::read(self.folder.join(name)).ok());
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

impl Visit {
    /// The browser asks whether the page may call other services on this device, and the visitor allows it. Until then the
    /// page finds nothing.
    fn allows(&self, browser: &str) {
        let has_found = || self.folder.join("version").exists();
        let allow = |part: &Accessible| part.role() == "push button" && part.name() == "Allow";
        let asked = || self.session.find(browser)?.all().into_iter().find(allow);
        patiently("the browser's question", asked);
        assert!(!has_found());
        // In its first moments it takes no answer, which could be an accident. A page that has waited in vain asks again.
        patiently("what the page finds", || {
            let _ = asked().is_some_and(|button| button.lets_itself_be_pressed());
            has_found().then_some(())
        });
    }

    /// The page that knows the signature service asks, the holder answers, and OpenSSL judges. The chain has what services
    /// demand: three certificates, of which the last is the root.
    fn goes_on_by_scs(&self, key: &str) {
        self.enters(&text::asked_login(ORIGIN), &text::ask_pin1(), Codes::PIN1);
        assert_eq!(self.reported("version")["version"], "1.1");
        let login = self.reported("challenge");
        let challenge = login["challenge"].as_str().expect("a text");
        self.is_signed(&login, (key, "SHA256"), challenge.as_bytes());
        self.enters(&text::asked_signature(ORIGIN), &text::ask_pin2(), Codes::PIN2);
        self.is_signed(&self.reported("document"), (key, "SHA512"), b"a document");
    }

    fn is_signed(&self, answer: &Value, (key, hash): (&str, &str), content: &[u8]) {
        assert_eq!(answer["signatureAlgorithm"], format!("{hash}with{key}"), "{answer}");
        let chain: Vec<_> = answer["chain"].as_array().expect("a chain").iter().map(bytes).collect();
        let root = self.card.card().certificates().root.clone();
        assert!(chain.len() == 3 && chain[2] == root, "{answer}");
        // That of an EC key is DER, as Java has it: OpenSSL takes it as it is.
        let (hash, signature) = (hash.to_lowercase(), bytes(&answer["signature"]));
        assert!(openssl::verifies(&chain[0], Scheme::Pkcs1, &hash, content, &signature), "{answer}");
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
    set_up(&profile, &[("extensions.autoDisableScopes", "0"), ("xpinstall.signatures.required", "false")]);
    visit.opens("firefox-esr", &["--no-remote", "--profile", profile.to_str().expect("a path")], "/");
    visit.goes_on("ES384", (Scheme::Ecdsa, "sha384"), Scheme::Ecdsa);
}

/// Settings of Firefox, so that it asks nobody but for cards.
fn set_up(profile: &Path, more: &[(&str, &str)]) {
    let settings = [
        ("app.update.enabled", "false"),
        ("browser.aboutwelcome.enabled", "false"),
        ("browser.shell.checkDefaultBrowser", "false"),
        ("datareporting.policy.dataSubmissionEnabled", "false"),
        ("network.captive-portal-service.enabled", "false"),
        ("network.connectivity-service.enabled", "false"),
        ("network.dns.localDomains", "\"pankki.example\""),
    ];
    let settings = settings.iter().chain(more);
    let settings: String =
        settings.map(|(name, value)| format!("user_pref(\"{name}\", {value});\n")).collect();
    fs::write(profile.join("user.js"), settings).expect("a file");
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
        "/",
    );
    visit.goes_on("PS256", (Scheme::Pss, "sha256"), Scheme::Pkcs1);
}

/// Firefox with a page that knows the signature service, as one of the network and not of this computer.
fn firefox(visit: &mut Visit) {
    let profile = visit.session.home().join(".mozilla/firefox/own.default");
    trusted(&profile, &visit.folder);
    visit.switches_on();
    set_up(&profile, &[("network.lna.address_space.public.override", "\"127.0.0.1:443\"")]);
    visit.opens("firefox-esr", &["--no-remote", "--profile", profile.to_str().expect("a path")], "/scs");
}

/// The same in Chromium.
fn chromium(visit: &mut Visit) {
    trusted(&visit.session.home().join(".pki/nssdb"), &visit.folder);
    visit.switches_on();
    let arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--password-store=basic",
        "--force-renderer-accessibility",
        "--host-resolver-rules=MAP pankki.example 127.0.0.1",
        "--ip-address-space-overrides=127.0.0.1:443=public",
    ];
    visit.opens("chromium", &arguments, "/scs");
}

/// As `avain doctor` names the policy: nobody is asked whether the page may call this computer.
#[test]
fn a_page_in_firefox_logs_in_and_signs_by_the_signature_service() {
    let allowed = json!({ "policies": { "LocalNetworkAccess": { "SkipDomains": ["pankki.example"] } } });
    let _policies = Policies::of("/usr/lib/firefox-esr/distribution", "policies.json", &allowed);
    let mut visit = Visit::begun("fineid-v4.0", "et_EE.UTF-8", Language::Estonian);
    firefox(&mut visit);
    visit.goes_on_by_scs("ECDSA");
}

#[test]
fn a_page_in_chromium_logs_in_and_signs_by_the_signature_service() {
    let mut visit = Visit::begun("fineid-v3.1,issued=2025-11-30", "en_GB.UTF-8", Language::English);
    chromium(&mut visit);
    visit.allows("Chromium");
    visit.goes_on_by_scs("RSA");
}

/// What an administrator has decided for all users of this computer; in the world of the test, until dropped.
struct Policies(PathBuf);

impl Policies {
    fn of(folder: &str, file: &str, policies: &Value) -> Self {
        let folder = fs::canonicalize(folder).expect("the folder of the browser");
        run(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(&folder));
        let file = folder.join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, policies.to_string()).expect("a file");
        Self(folder)
    }
}

impl Drop for Policies {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn firefox_asks_whether_a_page_may_call_this_computer() {
    let mut visit = Visit::begun("fineid-v4.0", "en_GB.UTF-8", Language::English);
    firefox(&mut visit);
    visit.allows("Firefox");
    assert_eq!(visit.reported("version")["version"], "1.1");
}

#[test]
fn chromium_asks_nobody_where_a_policy_allows_the_page() {
    let allowed = json!({ "LoopbackNetworkAllowedForUrls": [ORIGIN] });
    let _policies = Policies::of("/etc/chromium", "policies/managed/avain.json", &allowed);
    let mut visit = Visit::begun("fineid-v4.0", "en_GB.UTF-8", Language::English);
    chromium(&mut visit);
    assert_eq!(visit.reported("version")["version"], "1.1");
}
