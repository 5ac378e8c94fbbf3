//! OpenSSL, by its engine and by its provider for PKCS#11.

mod with_openssl;

use std::fs;

use clients::{Card, Scene, Server, Talk};
use kit::run;

use with_openssl::{ENGINE, PIN1_KEY, PIN2_KEY, PROVIDER, Way};

/// Runs `openssl`, in whose arguments `@key` stands for the options that make it take a key of the module.
fn openssl(way: &Way, scene: &Scene, pin: &str, arguments: &str) -> Talk {
    let arguments = arguments.replace("@key", way.options);
    way.converse(way.program(scene, "openssl").args(arguments.split_whitespace()), pin).well()
}

/// Runs `openssl` without the module: the judge.
fn judge(scene: &Scene, arguments: &str) -> String {
    run(scene.program("openssl").args(arguments.split_whitespace()))
}

fn requests_a_certificate(way: &Way, scene: &Scene) -> Talk {
    let request = format!("req -new @key -key {PIN1_KEY} -subj /CN=Holder -out request");
    let talk = openssl(way, scene, scene.pin1(), &request);
    let request = judge(scene, "req -in request -verify -noout -pubkey");
    let key = fs::read_to_string(scene.public_key("auth")).expect("the holder's key");
    assert!(request.contains(&key), "the request is for another key: {request}");
    talk
}

fn signs_a_file(way: &Way, scene: &Scene) -> Talk {
    let sign = format!("dgst @key -sign {PIN1_KEY} -sha256 -out signature text");
    let talk = openssl(way, scene, scene.pin1(), &sign);
    judge(
        scene,
        &format!("dgst -sha256 -verify {} -signature signature text", scene.public_key("auth").display()),
    );
    talk
}

fn signs_a_message(way: &Way, scene: &Scene) -> Talk {
    cms(way, scene, scene.pin1(), PIN1_KEY, "auth")
}

fn signs_a_contract(way: &Way, scene: &Scene) -> Talk {
    cms(way, scene, scene.pin2(), PIN2_KEY, "sign")
}

fn cms(way: &Way, scene: &Scene, pin: &str, key: &str, certificate: &str) -> Talk {
    let sign = format!(
        "cms -sign @key -inkey {key} -signer {certificate}.pem -md sha256 -in text -binary -outform DER -out signature"
    );
    let talk = openssl(way, scene, pin, &sign);
    judge(
        scene,
        "cms -verify -in signature -inform DER -content text -binary -CAfile authorities.pem -purpose any \
         -out verified",
    );
    talk
}

fn logs_in_by_tls_1_2(way: &Way, scene: &Scene) -> Talk {
    logs_in(way, scene, "TLSv1.2")
}

fn logs_in_by_tls_1_3(way: &Way, scene: &Scene) -> Talk {
    logs_in(way, scene, "TLSv1.3")
}

/// The server's page is the proof for the client.
fn logs_in(way: &Way, scene: &Scene, version: &str) -> Talk {
    let server = Server::start(scene, version);
    scene.write("request", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let command = format!(
        "openssl s_client -quiet {} -key '{PIN1_KEY}' -cert auth.pem -CAfile {} -verify_return_error -connect {} <request",
        way.options,
        server.authority().display(),
        server.address()
    );
    let talk = way.converse(way.program(scene, "sh").args(["-c", &command]), scene.pin1());
    assert!(talk.shown.contains("<title>Welcome</title>"), "{}", talk.shown);
    server.let_in(scene, version);
    talk
}

/// RSA with the padding of PKCS #1: a person's old mail is encrypted like that.
fn decrypts(way: &Way, scene: &Scene) -> Talk {
    judge(
        scene,
        &format!(
            "pkeyutl -encrypt -pubin -inkey {} -in text -out secret",
            scene.public_key("auth").display()
        ),
    );
    let decrypt = format!("pkeyutl -decrypt @key -inkey {PIN1_KEY} -in secret -out opened");
    let talk = openssl(way, scene, scene.pin1(), &decrypt);
    same(scene, "text", "opened");
    talk
}

/// ECDH with somebody else's key: both come to the same secret.
fn agrees_on_a_secret(way: &Way, scene: &Scene) -> Talk {
    let own = scene.public_key("auth");
    judge(scene, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out other.key");
    judge(scene, "pkey -in other.key -pubout -out other.pub");
    judge(scene, &format!("pkeyutl -derive -inkey other.key -peerkey {} -out theirs", own.display()));
    let derive = format!("pkeyutl -derive @key -inkey {PIN1_KEY} -peerkey other.pub -out ours");
    let talk = openssl(way, scene, scene.pin1(), &derive);
    same(scene, "theirs", "ours");
    talk
}

fn same(scene: &Scene, one: &str, other: &str) {
    let [one, other] = [one, other].map(|name| fs::read(scene.file(name)).expect("a file"));
    assert!(one == other, "{one:x?} is not {other:x?}");
}

/// What was done, how often the card saw PIN1 and PIN2, and which cards can do it.
macro_rules! by_each_way {
    ($($act:ident: $what:literal, $pins:expr, $cards:expr;)+) => {
        by_each_way! { engine: ENGINE; $($act: $what, $pins, $cards;)+ }
        by_each_way! { provider: PROVIDER; $($act: $what, $pins, $cards;)+ }
    };
    ($name:ident: $way:ident; $($act:ident: $what:literal, $pins:expr, $cards:expr;)+) => {
        mod $name {
            use super::*;

            $(#[test]
            fn $act() {
                on(&$cards, &$way, $what, $pins, super::$act);
            })+
        }
    };
}

by_each_way! {
    requests_a_certificate: "request a certificate (req)", [1, 0], Card::ALL;
    signs_a_file: "sign a file (dgst)", [1, 0], Card::ALL;
    signs_a_message: "sign a message (cms)", [1, 0], Card::ALL;
    // The login, once more for the signature as the programs will have it, and to the card with the signature.
    signs_a_contract: "qualified signature, PIN2 (cms)", [0, 3], Card::ALL;
    logs_in_by_tls_1_2: "log in, TLS 1.2 (s_client)", [1, 0], Card::ALL;
    logs_in_by_tls_1_3: "log in, TLS 1.3 (s_client)", [1, 0], Card::ALL;
    decrypts: "decrypt, RSA (pkeyutl)", [1, 0], [Card::Rsa];
    agrees_on_a_secret: "agree on a secret, ECDH (pkeyutl)", [1, 0], [Card::Ec];
}

#[track_caller]
fn on(cards: &[Card], way: &Way, what: &'static str, pins: [u32; 2], act: fn(&Way, &Scene) -> Talk) {
    for card in cards {
        let scene = Scene::with(*card);
        scene.write("text", "I, the undersigned, sell my boat for 500 euros.\n");
        let program = way.openssl(&scene);
        let task = scene.task(&program, what);
        let talk = act(way, &scene);
        task.done(talk.answers, pins);
    }
}
