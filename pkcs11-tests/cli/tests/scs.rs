//! The Finnish signature service for web pages (SCS), over real TLS, where the holder is asked on the terminal. OpenSSL
//! judges what it answers, as those who know the service do.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use base64ct::{Base64, Encoding};
use cli::{Bench, Run, Terminal, code, run_to_end, tool};
use kit::openssl::{self, Scheme};
use kit::{scratch, wait_within};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::{Value, json};
use simcard::Codes;

const ORIGIN: &str = "https://pankki.example";
const UNSEEN: &str = "What you type is not shown: ";
const PORT: u16 = 53952;
const HOST: &str = "Host: localhost:53952\r\n";

fn program() -> PathBuf {
    tool().with_file_name("avain-web")
}

/// Waits for what happens by itself, however slow the computer is.
fn wait_for<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    wait_within(what, Duration::from_secs(60), Duration::from_millis(20), look)
}

/// A user with a service that listens, and the terminal that it was started from.
struct Service {
    home: PathBuf,
    terminal: Terminal,
}

impl Service {
    fn listens() -> Self {
        let home = scratch("home");
        let data = home.join("data");
        let folder = data.join("avain/scs");
        kit::run(Command::new(program()).args(["scs", "make"]).arg(&folder));
        let script = "unset DISPLAY WAYLAND_DISPLAY; exec $0 scs run";
        let (script, web) = (["-c", script], program().display().to_string());
        let arguments = [&script[..], &[web.as_str()]].concat();
        let data = data.to_str().expect("a path");
        let environment = [("LC_ALL", "C.UTF-8"), ("XDG_DATA_HOME", data)];
        let terminal = Terminal::of(Path::new("sh"), &arguments, &environment);
        wait_for("the service", || TcpStream::connect(("127.0.0.1", PORT)).ok());
        Self { home, terminal }
    }

    fn authority(&self) -> Vec<u8> {
        fs::read(self.home.join("data/avain/scs/authority.crt")).expect("the authority")
    }

    fn client(&self) -> Client {
        Client(trusting(&self.authority()))
    }

    /// A page that asks, and waits for its answer.
    fn asked(&self, request: &Value) -> JoinHandle<Value> {
        let (client, request) = (self.client(), request.clone());
        thread::spawn(move || client.posts(&request))
    }

    fn types(&mut self, pin: &str) {
        self.terminal.answer(UNSEEN, pin);
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.terminal.signal("KILL");
        wait_for("the end of the service", || TcpStream::connect(("127.0.0.1", PORT)).is_err().then_some(()));
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// A browser that trusts this authority, and no other.
fn trusting(authority: &[u8]) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.to_vec())).expect("an authority");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Arc::new(builder.expect("TLS").with_root_certificates(roots).with_no_client_auth())
}

type Secured = StreamOwned<ClientConnection, TcpStream>;

struct Client(Arc<ClientConfig>);

impl Client {
    fn connects_as(&self, name: &str, stream: TcpStream) -> Secured {
        let name = ServerName::try_from(name.to_owned()).expect("a name");
        StreamOwned::new(ClientConnection::new(self.0.clone(), name).expect("a client"), stream)
    }

    fn connects(&self) -> Secured {
        self.connects_as("localhost", TcpStream::connect(("127.0.0.1", PORT)).expect("the service"))
    }

    /// What is answered to these bytes.
    fn says(&self, bytes: &[u8]) -> String {
        let mut stream = self.connects();
        stream.write_all(bytes).expect("it is read");
        heard(stream)
    }

    fn posts(&self, request: &Value) -> Value {
        let answer = self.says(&posted(request, ORIGIN));
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains(&format!("\r\nAccess-Control-Allow-Origin: {ORIGIN}\r\n")), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).expect("JSON")
    }
}

fn heard(mut stream: impl Read) -> String {
    let mut answer = Vec::new();
    // Whoever is not answered finds the connection closed.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).expect("text")
}

fn posted(request: &Value, origin: &str) -> Vec<u8> {
    let body = request.to_string();
    let head = format!(
        "POST /sign HTTP/1.1\r\n{HOST}Origin: {origin}\r\nContent-Type: application/json; charset=UTF-8\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

/// A request as pages with the library of the energy certificates wrote it.
fn signing(content: &[u8]) -> Value {
    json!({ "version": "1.1",
        "selector": { "keyusages": ["nonrepudiation"], "keyalgorithms": ["rsa", "ec"] },
        "content": Base64::encode_string(content), "contentType": "data", "hashAlgorithm": "SHA256",
        "signatureType": "signature" })
}

fn log_in(origin: &str) -> Value {
    let mut request = signing(format!("{origin}\n{}\n1764500000\ndata", "ab".repeat(32)).as_bytes());
    request["selector"] = json!({ "keyusages": ["digitalsignature"] });
    request
}

fn bytes(value: &Value) -> Vec<u8> {
    Base64::decode_vec(value.as_str().unwrap_or_else(|| panic!("no text: {value}"))).expect("Base64")
}

fn chain(answer: &Value) -> Vec<Vec<u8>> {
    answer["chain"].as_array().unwrap_or_else(|| panic!("{answer}")).iter().map(bytes).collect()
}

/// Is it a signature as Java has it? That of an EC key is DER, which OpenSSL takes as it is.
fn holds(answer: &Value, hash: &str, content: &[u8]) -> bool {
    openssl::verifies(&chain(answer)[0], Scheme::Pkcs1, hash, content, &bytes(&answer["signature"]))
}

/// A card, what Java calls its signatures, the hash function of those with PIN2, and how many certificates of issuers it has.
const CARDS: [(&str, &str, &str, usize); 8] = [
    ("fineid-v4.0", "ECDSA", "SHA512", 2),
    ("fineid-v3.1", "RSA", "SHA512", 2),
    ("estonia-idemia", "ECDSA", "SHA512", 0),
    ("estonia-thales", "ECDSA", "SHA512", 0),
    // What its signature key needs for another one is not known.
    ("latvia-rsa", "RSA", "SHA256", 0),
    ("latvia-ec", "ECDSA", "SHA512", 0),
    ("belgium-1.7", "RSA", "SHA512", 2),
    ("belgium-1.8", "ECDSA", "SHA512", 2),
];

#[test]
fn a_page_logs_in_and_signs_with_cards_of_many_kinds() {
    for (card, kind, hash, issuers) in CARDS {
        let bench = Bench::with(card);
        let mut service = Service::listens();
        let page = service.asked(&log_in(ORIGIN));
        service.terminal.expect(ORIGIN);
        service.types(Codes::PIN1);
        let answer = page.join().expect("an answer");
        let challenge = bytes(&log_in(ORIGIN)["content"]);
        assert_eq!(answer["signatureAlgorithm"], format!("SHA256with{kind}"), "{card}: {answer}");
        assert!(holds(&answer, "sha256", &challenge), "{card}: {answer}");

        let mut request = signing(b"a document");
        request["hashAlgorithm"] = "SHA512".into();
        if hash != "SHA512" {
            let before = bench.presented();
            assert_eq!(service.client().posts(&request)["reasonCode"], 404, "{card}");
            assert_eq!(bench.presented(), before, "{card}");
            request["hashAlgorithm"] = hash.into();
        }
        let page = service.asked(&request);
        service.terminal.expect(ORIGIN);
        // What is compared with the page is there before the PIN is.
        let digest = openssl::digest(&hash.to_lowercase(), b"a document");
        service.terminal.expect(&format!("{:02x}{:02x}", digest[0], digest[1]));
        service.types(if card.starts_with("belgium") { Codes::PIN1 } else { Codes::PIN2 });
        let answer = page.join().expect("an answer");
        assert_eq!(answer["signatureAlgorithm"], format!("{hash}with{kind}"), "{card}: {answer}");
        assert_eq!((&answer["status"], &answer["reasonCode"]), (&json!("ok"), &json!(200)));
        assert!(holds(&answer, &hash.to_lowercase(), b"a document"), "{card}: {answer}");
        let chain = chain(&answer);
        assert_eq!(chain.len(), 1 + issuers, "{card}");
        if issuers == 2 {
            let made = bench.card().certificates().clone();
            assert_eq!(chain[1..], [made.issuing, made.root], "{card}");
        } else {
            assert!(answer["reasonText"].as_str().expect("a text").contains("does not have"), "{answer}");
        }
    }
}

/// Detached structures, for data and for its digest alone; OpenSSL judges them up to the root of the card.
#[test]
fn structures_that_openssl_verifies() {
    for card in ["fineid-v4.0", "fineid-v3.1"] {
        let bench = Bench::with(card);
        let mut service = Service::listens();
        let folder = scratch("cms");
        fs::write(folder.join("document"), b"a document").unwrap();
        fs::write(folder.join("root"), &bench.card().certificates().root).unwrap();
        for (kind, hash, name) in [("cms", "sha256", "SHA256"), ("cms-pades", "sha512", "SHA512")] {
            let mut request = signing(&openssl::digest(hash, b"a document"));
            (request["contentType"], request["signatureType"]) = ("digest".into(), kind.into());
            request["hashAlgorithm"] = name.into();
            let page = service.asked(&request);
            service.types(Codes::PIN2);
            let answer = page.join().expect("an answer");
            assert_eq!(answer["signatureType"], kind, "{answer}");
            fs::write(folder.join("signature"), bytes(&answer["signature"])).unwrap();
            let openssl =
                |arguments: &[&str]| kit::run(Command::new("openssl").args(arguments).current_dir(&folder));
            openssl(&["x509", "-inform", "DER", "-in", "root", "-out", "root.pem"]);
            let judge =
                ["cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "document"];
            openssl(&[&judge[..], &["-CAfile", "root.pem", "-purpose", "any", "-out", "verified"]].concat());
            // In a PDF, the document says when it was signed.
            let shown =
                openssl(&["cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "signature"]);
            assert_eq!(shown.contains("signingTime"), kind == "cms", "{shown}");
            assert!(shown.contains("id-smime-aa-signingCertificateV2"), "{shown}");
        }
        let _ = fs::remove_dir_all(folder);
    }
}

/// Which certificates a page takes: by key, and by issuer as it writes it.
#[test]
fn a_page_gets_the_certificate_that_it_takes_or_none() {
    let bench = Bench::with("fineid-v4.0");
    let mut service = Service::listens();
    let issuer = bench.card().certificates().issuing.clone();
    let name = {
        let folder = scratch("issuer");
        fs::write(folder.join("issuer"), issuer).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args([
            "x509",
            "-inform",
            "DER",
            "-noout",
            "-subject",
            "-nameopt",
            "RFC2253,sep_comma_plus_space",
        ]);
        let said = kit::run(openssl.arg("-in").arg(folder.join("issuer")));
        let _ = fs::remove_dir_all(folder);
        said.trim().trim_start_matches("subject=").to_owned()
    };
    for (selector, taken) in [
        (json!({ "keyusages": ["nonrepudiation"], "issuers": [name] }), true),
        (
            json!({ "keyusages": ["NonRepudiation"], "issuers": ["CN=Other, C=FI", name.to_lowercase()] }),
            true,
        ),
        (json!({ "keyusages": ["nonrepudiation"], "issuers": ["CN=Other, C=FI"] }), false),
        (json!({ "keyusages": ["nonrepudiation"], "akis": ["AAAA"] }), false),
        (json!({ "keyusages": ["nonrepudiation"], "keyalgorithms": ["RSA"] }), false),
    ] {
        let mut request = signing(b"a document");
        request["selector"] = selector.clone();
        let page = service.asked(&request);
        if taken {
            service.types(Codes::PIN2);
        }
        let answer = page.join().expect("an answer");
        let expected = if taken { 200 } else { 404 };
        assert_eq!(answer["reasonCode"], expected, "{selector} {answer}");
        assert_eq!(answer.get("chain").is_some(), taken, "{answer}");
    }
}

/// The challenge of another page, one that is too short, a digest, and no page at all: nobody is asked.
#[test]
fn what_no_page_gets() {
    let bench = Bench::with("fineid-v4.0");
    let mut service = Service::listens();
    let client = service.client();
    let mut digest = log_in(ORIGIN);
    (digest["contentType"], digest["content"]) = ("digest".into(), Base64::encode_string(&[7; 32]).into());
    let mut short = log_in(ORIGIN);
    short["content"] = Base64::encode_string(format!("{ORIGIN}\nx").as_bytes()).into();
    for request in [log_in("https://other.example"), digest, short] {
        let answer = client.posts(&request);
        assert_eq!((&answer["reasonCode"], &answer["status"]), (&json!(403), &json!("failed")), "{answer}");
    }
    let nobody = String::from_utf8(posted(&signing(b"x"), ORIGIN)).unwrap();
    let nobody = client.says(nobody.replace(&format!("Origin: {ORIGIN}\r\n"), "").as_bytes());
    assert!(nobody.contains("\"reasonCode\":403"), "{nobody}");
    // Who refuses gives nothing.
    let page = service.asked(&signing(b"a document"));
    service.terminal.expect(UNSEEN);
    service.terminal.press(b"\x04");
    let answer = page.join().expect("an answer");
    assert_eq!(answer["reasonCode"], 401, "{answer}");
    assert!(answer.get("signature").is_none() && answer.get("chain").is_none(), "{answer}");
    assert_eq!(bench.presented(), 0);
}

#[test]
fn one_page_asks_at_a_time_and_one_that_goes_away_takes_its_question_back() {
    let bench = Bench::with("fineid-v4.0");
    let mut service = Service::listens();
    let client = service.client();
    let mut gone = client.connects();
    gone.write_all(&posted(&signing(b"one"), ORIGIN)).unwrap();
    service.terminal.expect(UNSEEN);
    let answer = client.posts(&signing(b"two"));
    assert_eq!(answer["reasonCode"], 403, "{answer}");
    drop(gone);
    wait_for("the end of who asks", || (!asks(&service)).then_some(()));
    // Until the first question is forgotten, others are told that it stands.
    let page = wait_for("the end of the question", || {
        let page = service.asked(&signing(b"three"));
        wait_for("an answer or a question", || (page.is_finished() || asks(&service)).then_some(()));
        if page.is_finished() { None } else { Some(page) }
    });
    service.types(Codes::PIN2);
    let answer = page.join().expect("an answer");
    assert_eq!(answer["reasonCode"], 200, "{answer}");
    assert!(holds(&answer, "sha256", b"three"));
    // The PIN that was entered once is checked, and then presented with the signature; nothing was sent for other pages.
    let count = bench.card().credential_count(simcard::PIN2);
    assert_eq!((count.commands, count.right), (2, 2), "{count:?}");
}

/// Is there a child that asks the holder?
fn asks(service: &Service) -> bool {
    let children = fs::read_dir(format!("/proc/{}/task", service.terminal.id())).expect("its threads");
    children.flatten().any(|thread| {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        children.split_whitespace().any(|child| {
            fs::read_to_string(format!("/proc/{child}/cmdline")).is_ok_and(|line| line.contains("answer"))
        })
    })
}

/// What pages ask before they ask: whether the service is there, and whether they may.
#[test]
fn pages_find_out_that_the_service_is_there() {
    let _bench = Bench::with("fineid-v4.0");
    let service = Service::listens();
    let client = service.client();
    let version = client.says(format!("GET /version HTTP/1.1\r\n{HOST}Origin: {ORIGIN}\r\n\r\n").as_bytes());
    let (head, body) = version.split_once("\r\n\r\n").expect("a body");
    assert!(head.contains("Vary: Origin") && head.contains("application/json"), "{head}");
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!((&body["version"], &body["selectorAvailable"]), (&json!("1.1"), &json!(true)));
    assert_eq!(body["signatureTypes"], "signature, cms, cms-pades");
    let leave = format!(
        "OPTIONS /sign HTTP/1.1\r\n{HOST}Origin: {ORIGIN}\r\nAccess-Control-Request-Method: POST\r\n\
         Access-Control-Request-Headers: content-type\r\nAccess-Control-Request-Private-Network: true\r\n\r\n"
    );
    let leave = client.says(leave.as_bytes());
    assert!(leave.starts_with("HTTP/1.1 204 "), "{leave}");
    for field in
        ["Allow-Headers: Accept, Content-Type", "Allow-Methods: GET, POST", "Allow-Private-Network: true"]
    {
        assert!(leave.contains(&format!("\r\nAccess-Control-{field}\r\n")), "{leave}");
    }
    let greeting = client.says(format!("GET / HTTP/1.1\r\n{HOST}\r\n").as_bytes());
    assert!(greeting.contains("Avain") && !greeting.contains("Access-Control"), "{greeting}");
}

/// Each is cut short or told what is wrong, by status; and the next page is served.
#[test]
fn hostile_clients_harm_nobody() {
    let bench = Bench::with("fineid-v4.0");
    let service = Service::listens();
    let client = service.client();
    let head =
        |fields: &str| format!("POST /sign HTTP/1.1\r\n{HOST}Origin: {ORIGIN}\r\n{fields}\r\n").into_bytes();
    let version = |host: &str| {
        format!("GET /version HTTP/1.1\r\nHost: {host}\r\nOrigin: {ORIGIN}\r\n\r\n").into_bytes()
    };
    for (sent, status) in [
        (head("Content-Length: 4294967296\r\n"), "413"),
        (head("Content-Length: 99999999999999999999\r\n"), "413"),
        (head("Content-Length: -1\r\n"), "400"),
        (head("Transfer-Encoding: chunked\r\n"), "411"),
        (head(""), "411"),
        (version("pankki.example:53952"), "403"),
        (version("localhost"), "403"),
        (b"\xFF\xFE\r\n\r\n".to_vec(), "400"),
        ([b"GET /".to_vec(), vec![b'x'; 20_000]].concat(), "431"),
    ] {
        let told = client.says(&sent);
        assert!(told.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {told}");
        assert!(!told.contains("Access-Control"), "{told}");
    }
    // No text, no JSON, and no Base64: the page reads what is wrong.
    for body in
        [&b"\xFF\xFF\xFF"[..], b"[[[[", b"{\"content\":\"!\"}", b"{\"content\":\"MAA=\",\"x\":\"\xFF\"}"]
    {
        let sent = [head(&format!("Content-Length: {}\r\n", body.len())), body.to_vec()].concat();
        let told = client.says(&sent);
        assert!(told.starts_with("HTTP/1.1 200 ") && told.contains("\"reasonCode\":400"), "{told}");
    }
    // Half a request, no TLS, and half of a handshake.
    let mut half = client.connects();
    half.write_all(&head("Content-Length: 100\r\n")).unwrap();
    half.conn.send_close_notify();
    half.flush().unwrap();
    assert_eq!(heard(half), "");
    for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1, 2, 0, 1], &[0; 4096]] {
        let mut plain = TcpStream::connect(("127.0.0.1", PORT)).unwrap();
        plain.write_all(bytes).unwrap();
        plain.shutdown(std::net::Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        let _ = plain.read_to_end(&mut rest);
        assert!(!rest.starts_with(b"HTTP"), "{rest:?}");
    }
    // As many as there may be, that say nothing: one more is turned away, and they are forgotten when they go.
    let idle: Vec<TcpStream> = (0..16).map(|_| TcpStream::connect(("127.0.0.1", PORT)).unwrap()).collect();
    let mut rest = Vec::new();
    let _ = TcpStream::connect(("127.0.0.1", PORT)).unwrap().read_to_end(&mut rest);
    assert_eq!(rest, b"");
    drop(idle);
    wait_for("the service", || {
        let mut stream = client.connects();
        let sent = stream.write_all(&version("localhost:53952"));
        (sent.is_ok() && heard(stream).contains("\"version\":\"1.1\"")).then_some(())
    });
    assert_eq!(bench.presented(), 0);
}

/// A hundred megabytes are digested while they are read: hardly any memory is taken for them.
#[test]
fn a_long_document_takes_no_room() {
    let _bench = Bench::with("fineid-v4.0");
    let mut service = Service::listens();
    let client = service.client();
    let piece = vec![b'A'; 4 << 20];
    let count = 32_u64;
    let (before, after) = (
        "{\"version\":\"1.1\",\"contentType\":\"data\",\"hashAlgorithm\":\"SHA256\",\"signatureType\":\"signature\",\
         \"selector\":{\"keyusages\":[\"nonrepudiation\"]},\"content\":\"",
        "\"}",
    );
    let length = before.len() as u64 + piece.len() as u64 * count + after.len() as u64;
    let head =
        format!("POST /sign HTTP/1.1\r\n{HOST}Origin: {ORIGIN}\r\nContent-Length: {length}\r\n\r\n{before}");
    let mut stream = client.connects();
    stream.write_all(head.as_bytes()).unwrap();
    for _ in 0..count {
        stream.write_all(&piece).unwrap();
    }
    stream.write_all(after.as_bytes()).unwrap();
    service.terminal.expect(UNSEEN);
    let status = fs::read_to_string(format!("/proc/{}/status", service.terminal.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(peak < 32 * 1024, "{peak} kB");
    service.terminal.press(b"\x04");
    assert!(heard(stream).contains("\"reasonCode\":401"));
}

/// The authority is good for this computer's names, as those who trust it see them, and for nothing else.
#[test]
fn the_authority_vouches_for_this_computer_alone() {
    let _bench = Bench::with("fineid-v4.0");
    let service = Service::listens();
    let client = service.client();
    let get = format!("GET / HTTP/1.1\r\n{HOST}\r\n");
    for (name, is_it) in [("localhost", true), ("127.0.0.1", true), ("pankki.example", false)] {
        let mut stream = client.connects_as(name, TcpStream::connect(("127.0.0.1", PORT)).unwrap());
        assert_eq!(stream.write_all(get.as_bytes()).is_ok(), is_it, "{name}");
    }
    let said = {
        let mut openssl = Command::new("openssl");
        openssl.args(["x509", "-inform", "DER", "-noout", "-text", "-in"]);
        kit::run(openssl.arg(service.home.join("data/avain/scs/authority.crt")))
    };
    for words in ["Name Constraints: critical", "DNS:localhost", "IP:127.0.0.1/255.255.255.255", "pathlen:0"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    // Its key is nowhere: of two that would do, there is one, that of the service.
    let folder = service.home.join("data/avain/scs");
    let keys: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .flatten()
        .filter(|file| file.path().extension().is_none_or(|end| end != "crt"))
        .collect();
    assert_eq!(keys.len(), 1, "{keys:?}");
    let public =
        |arguments: &[&str], file: &Path| kit::run(Command::new("openssl").args(arguments).arg(file));
    let key = public(&["pkey", "-inform", "DER", "-pubout", "-in"], &keys[0].path());
    let authority =
        public(&["x509", "-inform", "DER", "-noout", "-pubkey", "-in"], &folder.join("authority.crt"));
    assert_ne!(key, authority);
}

/// As the user's systemd starts it: the connection is its standard input.
#[test]
fn a_connection_is_handed_over() {
    let _bench = Bench::with("fineid-v4.0");
    let home = scratch("home");
    kit::run(Command::new(program()).args(["scs", "make"]).arg(home.join("avain/scs")));
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (accepted, _) = listener.accept().unwrap();
    let mut command = Command::new(program());
    command.args(["scs", "accepted"]).env("XDG_DATA_HOME", &home).stdin(Stdio::from(OwnedFd::from(accepted)));
    let mut child: Child = command.spawn().unwrap();
    let client = Client(trusting(&fs::read(home.join("avain/scs/authority.crt")).unwrap()));
    let mut stream = client.connects_as("localhost", stream);
    stream.write_all(format!("GET /version HTTP/1.1\r\n{HOST}\r\n").as_bytes()).unwrap();
    assert!(heard(stream).contains("\"version\":\"1.1\""));
    assert!(child.wait().unwrap().success());
    let _ = fs::remove_dir_all(home);
}

/// A user with two browsers, one of which has made its database.
struct User(PathBuf);

impl User {
    fn with_browsers() -> Self {
        let home = scratch("user");
        let profile = home.join(".mozilla/firefox/abc.default");
        fs::create_dir_all(&profile).unwrap();
        let database = format!("sql:{}", profile.display());
        kit::run(Command::new("certutil").args(["-N", "--empty-password", "-d", &database]));
        Self(home)
    }

    fn avain(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(tool());
        command.args(arguments).env("HOME", &self.0);
        for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
        run_to_end(command, &[])
    }

    fn trusts(&self, folder: &str) -> bool {
        let database = format!("sql:{}", self.0.join(folder).display());
        let listed = Command::new("certutil").args(["-L", "-d", &database]).output().expect("certutil");
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let line = listed.lines().find(|line| line.starts_with("Avain"));
        line.is_some_and(|line| line.trim_end().ends_with("C,,"))
    }
}

const PROFILE: &str = ".mozilla/firefox/abc.default";

#[test]
fn browsers_trust_the_service_as_long_as_it_is_on() {
    // No other test has the port meanwhile.
    let _bench = Bench::with("fineid-v4.0");
    let user = User::with_browsers();
    user.avain(&["web", "scs", "status"]).ends(0).says("is switched off");
    assert!(!user.trusts(PROFILE));
    user.avain(&["web", "scs", "on"])
        .ends(0)
        .says("Firefox trusts the service")
        .says("apps and services on this device");
    assert!(user.trusts(PROFILE));
    let authority = user.0.join(".local/share/avain/scs/authority.crt");
    let first = fs::read(&authority).unwrap();
    // Twice is once: what browsers trust stays.
    user.avain(&["web", "scs", "on"]).ends(0);
    assert_eq!(fs::read(&authority).unwrap(), first);
    user.avain(&["web", "scs", "status"])
        .ends(0)
        .says("Firefox trusts the service")
        .says("LocalNetworkAccess");
    user.avain(&["diagnose"]).says("trusts the service").says("LoopbackNetworkAllowedForUrls");
    let database = format!("sql:{}", user.0.join(PROFILE).display());
    kit::run(Command::new("certutil").args([
        "-D",
        "-n",
        "Avain web signing on this computer",
        "-d",
        &database,
    ]));
    user.avain(&["doctor"]).says("does not trust the service").says("avain web scs on");
    user.avain(&["web", "scs", "on"]).ends(0);
    assert!(user.trusts(PROFILE));
    user.avain(&["web", "scs", "off"]).ends(0).says("no longer trusts the service");
    assert!(!user.trusts(PROFILE) && !user.0.join(".local/share/avain").exists());
    // Whose database cannot be changed is told so, and the key is gone nevertheless.
    user.avain(&["web", "scs", "on"]).ends(0);
    let place = user.0.join(PROFILE).join("cert9.db");
    let elsewhere = user.0.join("cert9.db");
    fs::rename(&place, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, &place).unwrap();
    user.avain(&["web", "scs", "off"]).ends(code::FAILED).says("left alone: is a link");
    assert!(!user.0.join(".local/share/avain").exists());
    let _ = fs::remove_dir_all(&user.0);
}

/// The Bulgarian service answers at the same place: it is named, and nothing is changed.
#[test]
fn who_has_taken_the_port_is_named() {
    let _bench = Bench::with("fineid-v4.0");
    let user = User::with_browsers();
    let listener = TcpListener::bind(("127.0.0.1", PORT)).unwrap();
    user.avain(&["web", "scs", "on"]).says("is taken by scs");
    assert!(!user.trusts(PROFILE));
    drop(listener);
    let _ = fs::remove_dir_all(&user.0);
}
