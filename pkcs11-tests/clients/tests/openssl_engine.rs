//! OpenSSL with its engine for PKCS#11.

mod openssl;

use clients::{Card, Scene, Server, Talk, converse};
use rig::run;

use openssl::{PIN1_KEY, PIN2_KEY};

const TEXT: &str = "I, the undersigned, sell my boat for 500 euros.\n";

/// Does something with the engine on both kinds of card; PINs are asked for and presented so often.
#[track_caller]
fn on_each_card(what: &'static str, pins: [u32; 2], act: fn(&Scene) -> Talk) {
    for card in Card::ALL {
        let scene = Scene::with(card);
        scene.write("text", TEXT);
        let program = openssl::openssl(&scene);
        let deed = scene.deed(&program, what);
        let talk = act(&scene);
        deed.done(talk.answers, pins);
    }
}

/// Runs `openssl` with the engine.
fn engine(scene: &Scene, arguments: &str) -> Talk {
    let mut command = openssl::with_engine(scene, "openssl");
    converse(command.args(arguments.split(' ')), &openssl::answers(scene)).well()
}

/// Runs `openssl` without it: the judge.
fn judge(scene: &Scene, arguments: &str) -> String {
    run(scene.program("openssl").args(arguments.split(' ')))
}

#[test]
fn requests_a_certificate() {
    on_each_card("request a certificate (req)", [1, 0], |scene| {
        let talk = engine(
            scene,
            &format!("req -new -engine pkcs11 -keyform engine -key {PIN1_KEY} -subj /CN=Holder -out request"),
        );
        let request = judge(scene, "req -in request -verify -noout -pubkey");
        let key = std::fs::read_to_string(scene.public_key("auth")).expect("the holder's key");
        assert!(request.contains(&key), "the request is for another key: {request}");
        talk
    });
}

#[test]
fn signs_a_file() {
    on_each_card("sign a file (dgst)", [1, 0], |scene| {
        let key = scene.public_key("auth");
        let sign =
            format!("dgst -engine pkcs11 -keyform engine -sign {PIN1_KEY} -sha256 -out signature text");
        let talk = engine(scene, &sign);
        judge(scene, &format!("dgst -sha256 -verify {} -signature signature text", key.display()));
        talk
    });
}

#[test]
fn signs_a_message() {
    on_each_card("sign a message, CMS", [1, 0], |scene| cms(scene, PIN1_KEY, "auth"));
}

#[test]
fn signs_a_contract() {
    on_each_card("qualified signature with PIN2, CMS", [0, 3], |scene| cms(scene, PIN2_KEY, "sign"));
}

fn cms(scene: &Scene, key: &str, certificate: &str) -> Talk {
    let sign = format!(
        "cms -sign -engine pkcs11 -keyform engine -inkey {key} -signer {certificate}.pem -md sha256 -in text -binary \
         -outform DER -out signature"
    );
    let talk = engine(scene, &sign);
    judge(
        scene,
        "cms -verify -in signature -inform DER -content text -binary -CAfile authorities.pem \
         -purpose any -out verified",
    );
    talk
}

/// The server's page is the proof for the client.
fn logs_in(version: &'static str, what: &'static str) {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let server = Server::start(&scene, version);
        scene.write("request", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let program = openssl::openssl(&scene);
        let deed = scene.deed(&program, what);
        let command = format!(
            "openssl s_client -quiet -engine pkcs11 -keyform engine -key '{PIN1_KEY}' -cert auth.pem -CAfile {} \
             -verify_return_error -connect {} <request",
            server.authority().display(),
            server.address()
        );
        let mut shell = openssl::with_engine(&scene, "sh");
        let talk = converse(shell.args(["-c", &command]), &openssl::answers(&scene));
        assert!(talk.shown.contains("<title>Welcome</title>"), "{}", talk.shown);
        server.let_in(&scene, version);
        deed.done(talk.answers, [1, 0]);
    }
}

#[test]
fn logs_in_by_tls_1_2() {
    logs_in("TLSv1.2", "log in by TLS 1.2 (s_client)");
}

#[test]
fn logs_in_by_tls_1_3() {
    logs_in("TLSv1.3", "log in by TLS 1.3 (s_client)");
}
