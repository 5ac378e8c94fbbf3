//! p11-kit finds the module by its configuration, and serves it to programs in another sandbox.

use kit::run;
use programs::clients::{Background, Card, Program, Server, User};
use programs::installed::library;

use crate::openssl_setup::{ENGINE, PIN1_KEY};

fn p11_kit(user: &User) -> Program {
    // Only a module that comes with p11-kit says it.
    let trust = library("pkcs11/p11-kit-trust.so");
    let info = run(user.program("pkcs11-tool").arg("--show-info").arg("--module").arg(trust));
    let version = info.split("(ver ").nth(1).and_then(|rest| rest.split(')').next());
    Program { name: "p11-kit", version: version.expect("a version").into() }
}

#[test]
fn finds_the_module() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = p11_kit(&user);
        let task = user.task(&program, "find the module and its tokens (list-modules)");
        let list = run(user.program("p11-kit").arg("list-modules"));
        let (_, ours) = list.split_once("avain: ").unwrap_or_else(|| panic!("avain is not in {list}"));
        for token in ["token: FINEID (PIN1)", "token: FINEID (PIN2)"] {
            assert!(ours.contains(token), "{token} is not in {ours}");
        }
        task.done(0, [0, 0]);
    }
}

/// What the README says where another module for the same card is registered.
#[test]
fn leaves_out_another_module_for_the_card() {
    let user = User::with(Card::Ec);
    user.write(".config/pkcs11/pkcs11.conf", "user-config: merge\n");
    let lists = |name: &str| run(user.program("p11-kit").arg("list-modules")).contains(&format!("{name}: "));
    assert!(lists("opensc-pkcs11") && lists("avain"));
    user.write(".config/pkcs11/modules/opensc-pkcs11.module", "enable-in:\n");
    assert!(!lists("opensc-pkcs11") && lists("avain"));
}

#[test]
fn lends_the_module_to_a_sandbox() {
    for card in Card::ALL {
        let user = User::with(card);
        let socket = user.file("lent");
        let mut server = user.program("p11-kit");
        server
            .args(["server", "--foreground", "--name"])
            .arg(&socket)
            .arg("pkcs11:token=FINEID%20%28PIN1%29");
        let _p11_kit = Background::start_until(&mut server, "p11-kit serves the token", |_| socket.exists());
        let program = p11_kit(&user);
        let server = Server::start(&user, "TLSv1.3");
        let task = user.task(&program, "log in from a sandbox, TLS 1.3 (p11-kit server, curl)");
        // In the sandbox are p11-kit's client module and the socket, and nothing else of ours.
        let mut curl = ENGINE.program_with_module(&user, "curl", &library("pkcs11/p11-kit-client.so"));
        curl.env("P11_KIT_SERVER_ADDRESS", format!("unix:path={}", socket.display()));
        curl.args([
            "-sS",
            "--cert",
            "auth.pem",
            "--engine",
            "pkcs11",
            "--key-type",
            "ENG",
            "--key",
            PIN1_KEY,
        ]);
        let dialogue = ENGINE
            .run_in_terminal(curl.arg("--cacert").arg(server.authority()).arg(server.url()), user.pin1());
        assert!(dialogue.shown.contains("<title>Welcome</title>"), "{}\n{}", dialogue.shown, server.errors());
        server.assert_only_visitor(&user, "TLSv1.3");
        task.done(dialogue.answers, [1, 0]);
    }
}
