//! OpenSSL, through its engine and through its provider for PKCS#11.

use std::fs;

use kit::run;
use programs::clients::{Card, Dialogue, Server, User};

use crate::openssl_setup::{ENGINE, PIN1_KEY, PIN2_KEY, PROVIDER, Way};

/// Runs `openssl`. In the arguments, `@key` stands for the options that make it use a key of the module.
fn openssl(way: &Way, user: &User, pin: &str, arguments: &str) -> Dialogue {
    let arguments = arguments.replace("@key", way.options);
    way.run_in_terminal(way.program(user, "openssl").args(arguments.split_whitespace()), pin).succeeded()
}

/// Runs `openssl` without the module, to verify.
fn verify(user: &User, arguments: &str) -> String {
    run(user.program("openssl").args(arguments.split_whitespace()))
}

fn requests_a_certificate(way: &Way, user: &User) -> Dialogue {
    let request = format!("req -new @key -key {PIN1_KEY} -subj /CN=Holder -out request");
    let dialogue = openssl(way, user, user.pin1(), &request);
    let request = verify(user, "req -in request -verify -noout -pubkey");
    let key = fs::read_to_string(user.public_key("auth")).expect("the holder's key");
    assert!(request.contains(&key), "the request is for another key: {request}");
    dialogue
}

fn signs_a_file(way: &Way, user: &User) -> Dialogue {
    let sign = format!("dgst @key -sign {PIN1_KEY} -sha256 -out signature text");
    let dialogue = openssl(way, user, user.pin1(), &sign);
    verify(
        user,
        &format!("dgst -sha256 -verify {} -signature signature text", user.public_key("auth").display()),
    );
    dialogue
}

fn signs_a_message(way: &Way, user: &User) -> Dialogue {
    cms(way, user, user.pin1(), PIN1_KEY, "auth")
}

fn signs_a_contract(way: &Way, user: &User) -> Dialogue {
    cms(way, user, user.pin2(), PIN2_KEY, "sign")
}

fn cms(way: &Way, user: &User, pin: &str, key: &str, certificate: &str) -> Dialogue {
    let sign = format!(
        "cms -sign @key -inkey {key} -signer {certificate}.pem -md sha256 -in text -binary -outform DER -out signature"
    );
    let dialogue = openssl(way, user, pin, &sign);
    verify(
        user,
        "cms -verify -in signature -inform DER -content text -binary -CAfile authorities.pem -purpose any \
         -out verified",
    );
    dialogue
}

fn logs_in_by_tls_1_2(way: &Way, user: &User) -> Dialogue {
    logs_in(way, user, "TLSv1.2")
}

fn logs_in_by_tls_1_3(way: &Way, user: &User) -> Dialogue {
    logs_in(way, user, "TLSv1.3")
}

/// The page shows that the login worked.
fn logs_in(way: &Way, user: &User, version: &str) -> Dialogue {
    let server = Server::start(user, version);
    user.write("request", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let command = format!(
        "openssl s_client -quiet {} -key '{PIN1_KEY}' -cert auth.pem -CAfile {} -verify_return_error -connect {} <request",
        way.options,
        server.authority().display(),
        server.address()
    );
    let dialogue = way.run_in_terminal(way.program(user, "sh").args(["-c", &command]), user.pin1());
    assert!(dialogue.shown.contains("<title>Welcome</title>"), "{}", dialogue.shown);
    server.assert_only_visitor(user, version);
    dialogue
}

/// RSA with the padding of PKCS #1, as in old mail.
fn decrypts(way: &Way, user: &User) -> Dialogue {
    verify(
        user,
        &format!("pkeyutl -encrypt -pubin -inkey {} -in text -out secret", user.public_key("auth").display()),
    );
    let decrypt = format!("pkeyutl -decrypt @key -inkey {PIN1_KEY} -in secret -out opened");
    let dialogue = openssl(way, user, user.pin1(), &decrypt);
    same(user, "text", "opened");
    dialogue
}

/// ECDH with another key: both sides get the same secret.
fn agrees_on_a_secret(way: &Way, user: &User) -> Dialogue {
    let own = user.public_key("auth");
    verify(user, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out other.key");
    verify(user, "pkey -in other.key -pubout -out other.pub");
    verify(user, &format!("pkeyutl -derive -inkey other.key -peerkey {} -out theirs", own.display()));
    let derive = format!("pkeyutl -derive @key -inkey {PIN1_KEY} -peerkey other.pub -out ours");
    let dialogue = openssl(way, user, user.pin1(), &derive);
    same(user, "theirs", "ours");
    dialogue
}

fn same(user: &User, one: &str, other: &str) {
    let [one, other] = [one, other].map(|name| fs::read(user.file(name)).expect("a file"));
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
    // The login, and to the card with the signature; what the programs give once more in between is not presented.
    signs_a_contract: "qualified signature, PIN2 (cms)", [0, 2], Card::ALL;
    logs_in_by_tls_1_2: "log in, TLS 1.2 (s_client)", [1, 0], Card::ALL;
    logs_in_by_tls_1_3: "log in, TLS 1.3 (s_client)", [1, 0], Card::ALL;
    decrypts: "decrypt, RSA (pkeyutl)", [1, 0], [Card::Rsa];
    agrees_on_a_secret: "agree on a secret, ECDH (pkeyutl)", [1, 0], [Card::Ec];
}

#[track_caller]
fn on(cards: &[Card], way: &Way, what: &'static str, pins: [u32; 2], act: fn(&Way, &User) -> Dialogue) {
    for card in cards {
        let user = User::with(*card);
        user.write("text", "I, the undersigned, sell my boat for 500 euros.\n");
        let program = way.openssl(&user);
        let task = user.task(&program, what);
        let dialogue = act(way, &user);
        task.done(dialogue.answers, pins);
    }
}
