//! curl, through OpenSSL's engine for PKCS#11, logs in to a web server.

use kit::run;
use programs::clients::{Card, Program, Server, User};

use crate::openssl_setup::{ENGINE, PIN1_CERTIFICATE, PIN1_KEY};

/// Each of these logins is one more in the user's login session.
fn logs_in(card: Card, version: &str, logins: &[&'static str]) {
    let user = User::with(card);
    let server = Server::start(&user, version);
    let curl = run(user.program("curl").arg("--version"));
    let curl = Program { name: "curl", version: curl.split(' ').nth(1).expect("a version").into() };
    for what in logins {
        let task = user.task(&curl, what);
        let mut command = ENGINE.program(&user, "curl");
        command.args(["-sS", "--cacert"]).arg(server.authority());
        command.args(["--engine", "pkcs11", "--key-type", "ENG", "--key", PIN1_KEY]);
        command.args(["--cert-type", "ENG", "--cert", PIN1_CERTIFICATE]).arg(server.url());
        let dialogue = ENGINE.run_in_terminal(&mut command, user.pin1()).succeeded();
        assert!(dialogue.shown.contains("<title>Welcome</title>"), "{}", dialogue.shown);
        server.assert_only_visitor(&user, version);
        task.done(dialogue.answers, [1, 0]);
    }
}

#[test]
fn logs_in_by_tls_1_2() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.2", &["log in, TLS 1.2"]);
    }
}

#[test]
fn logs_in_by_tls_1_3() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.3", &["log in, TLS 1.3", "log in, TLS 1.3, again"]);
    }
}
