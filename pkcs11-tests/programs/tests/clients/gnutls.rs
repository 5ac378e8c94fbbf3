//! GnuTLS: p11tool and gnutls-cli, which find the module through p11-kit.

use kit::run;
use programs::clients::{Card, Dialogue, Program, Server, User, run_in_terminal};
use simcard::PIN1;

const KEY: &str = "pkcs11:token=FINEID%20%28PIN1%29;id=%45";

fn gnutls(user: &User) -> Program {
    let version = run(user.program("gnutls-cli").arg("--version"));
    let first = version.lines().next().expect("a version");
    Program { name: "GnuTLS", version: first.trim_start_matches("gnutls-cli ").into() }
}

/// Runs the command line in a terminal, where PIN1 is typed.
fn shell(user: &User, command: &str) -> Dialogue {
    run_in_terminal(user.program("sh").args(["-c", command]), &[("Enter PIN: ", user.pin1())])
}

#[test]
fn lists_the_token() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = gnutls(&user);
        let task = user.task(&program, "list what is on the card (p11tool)");
        let dialogue = shell(&user, "p11tool --list-all 'pkcs11:token=FINEID%20%28PIN1%29'").succeeded();
        for object in ["Type: X.509 Certificate", "Type: Public key"] {
            assert!(dialogue.shown.contains(object), "{}", dialogue.shown);
        }
        task.done(dialogue.answers, [0, 0]);
    }
}

#[test]
fn signs() {
    for card in Card::ALL {
        let user = User::with(card);
        let program = gnutls(&user);
        let task = user.task(&program, "sign and verify (p11tool --test-sign)");
        let dialogue = shell(&user, &format!("p11tool --login --test-sign '{KEY}'")).succeeded();
        for verdict in ["Signing using", "Verifying against public key in the token"] {
            let line = dialogue.shown.lines().find(|line| line.starts_with(verdict));
            assert!(line.is_some_and(|line| line.ends_with("... ok")), "{}", dialogue.shown);
        }
        task.done(dialogue.answers, [1, 0]);
    }
}

fn logs_in(version: &str, what: &'static str) {
    for card in Card::ALL {
        let user = User::with(card);
        let program = gnutls(&user);
        let task = user.task(&program, what);
        let prompts = visit(&user, version);
        task.done(prompts, [1, 0]);
    }
}

/// Logs in to a server. Returns how often the PIN was asked for.
fn visit(user: &User, version: &str) -> usize {
    let server = Server::start(user, version);
    user.write("request", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let command = format!(
        "gnutls-cli --x509cafile {} --x509keyfile '{KEY};type=private' --x509certfile '{KEY};type=cert' \
         --port {} localhost <request",
        server.authority().display(),
        server.port()
    );
    let dialogue = shell(user, &command);
    assert!(dialogue.shown.contains("<title>Welcome</title>"), "{}\n{}", dialogue.shown, server.errors());
    server.assert_only_visitor(user, version);
    dialogue.answers
}

/// p11-kit knows the module by the file of the package alone.
#[test]
#[ignore = "the packages have to be installed: make check-deb"]
fn logs_in_where_the_packages_are_installed() {
    for card in Card::ALL {
        let user = User::with(card);
        std::fs::remove_dir_all(user.file(".config/pkcs11")).expect("nothing of the user's own");
        assert_eq!(visit(&user, "TLSv1.3"), 1);
        let count = user.card().credential_count(PIN1);
        assert_eq!((count.commands, count.tries_spent), (1, 0));
    }
}

#[test]
fn logs_in_by_tls_1_2() {
    logs_in("TLSv1.2", "log in, TLS 1.2 (gnutls-cli)");
}

#[test]
fn logs_in_by_tls_1_3() {
    logs_in("TLSv1.3", "log in, TLS 1.3 (gnutls-cli)");
}
