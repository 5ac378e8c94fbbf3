//! GnuTLS: p11tool and gnutls-cli, which find the module through p11-kit.

use clients::{Card, Program, Scene, Server, Talk, converse};
use kit::run;

const KEY: &str = "pkcs11:token=FINEID%20(PIN1);id=%45";

fn gnutls(scene: &Scene) -> Program {
    let version = run(scene.program("gnutls-cli").arg("--version"));
    let first = version.lines().next().expect("a version");
    Program { name: "GnuTLS", version: first.trim_start_matches("gnutls-cli ").into() }
}

/// Runs the command line in a terminal; the holder answers with PIN1.
fn shell(scene: &Scene, command: &str) -> Talk {
    converse(scene.program("sh").args(["-c", command]), &[("Enter PIN: ", scene.pin1())])
}

#[test]
fn lists_the_token() {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let program = gnutls(&scene);
        let task = scene.task(&program, "list what is on the card (p11tool)");
        let talk = shell(&scene, "p11tool --list-all 'pkcs11:token=FINEID%20(PIN1)'").well();
        for object in ["Type: X.509 Certificate", "Type: Public key"] {
            assert!(talk.shown.contains(object), "{}", talk.shown);
        }
        task.done(talk.answers, [0, 0]);
    }
}

#[test]
fn signs() {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let program = gnutls(&scene);
        let task = scene.task(&program, "sign and verify (p11tool --test-sign)");
        let talk = shell(&scene, &format!("p11tool --login --test-sign '{KEY}'")).well();
        for verdict in ["Signing using", "Verifying against public key in the token"] {
            let line = talk.shown.lines().find(|line| line.starts_with(verdict));
            assert!(line.is_some_and(|line| line.ends_with("... ok")), "{}", talk.shown);
        }
        task.done(talk.answers, [1, 0]);
    }
}

fn logs_in(version: &str, what: &'static str) {
    for card in Card::ALL {
        let scene = Scene::with(card);
        let server = Server::start(&scene, version);
        scene.write("request", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let program = gnutls(&scene);
        let task = scene.task(&program, what);
        let command = format!(
            "gnutls-cli --x509cafile {} --x509keyfile '{KEY};type=private' --x509certfile '{KEY};type=cert' \
             --port {} localhost <request",
            server.authority().display(),
            server.port()
        );
        let talk = shell(&scene, &command);
        assert!(talk.shown.contains("<title>Welcome</title>"), "{}\n{}", talk.shown, server.errors());
        server.let_in(&scene, version);
        task.done(talk.answers, [1, 0]);
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
