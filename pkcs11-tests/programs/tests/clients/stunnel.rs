//! stunnel logs in to a web server for programs that cannot do it themselves.

use kit::run;
use programs::clients::{Card, Program, Server, User, run_in_terminal};

use crate::openssl_setup::{PIN1_CERTIFICATE, PIN1_KEY};

fn logs_in(card: Card, version: &str, what: &'static str) {
    let user = User::with(card);
    let server = Server::start(&user, version);
    let settings = format!(
        "foreground = yes\npid =\nengine = pkcs11\nengineCtrl = MODULE_PATH:{}\nengineDefault = RSA,EC\n\
         [web]\nclient = yes\naccept = 127.0.0.1:8080\nconnect = {}\nCAfile = {}\nverifyChain = yes\n\
         engineId = pkcs11\ncert = {PIN1_CERTIFICATE}\nkey = {PIN1_KEY}\n",
        user.module().display(),
        server.address(),
        server.authority().display(),
    );
    let settings = user.write("stunnel.conf", settings);
    let words = run(user.program("stunnel4").arg("-version"));
    let version_of_it = words.lines().find_map(|line| line.strip_prefix("stunnel "));
    let version_of_it = version_of_it.and_then(|rest| rest.split(' ').next()).expect("a version");
    let program = Program { name: "stunnel", version: version_of_it.into() };
    let task = user.task(&program, what);
    // curl knows nothing of cards, and stunnel ends when the page is there.
    let visit = format!(
        "(until curl --silent http://127.0.0.1:8080/; do sleep 0.1; done; kill $$) & exec stunnel4 {}",
        settings.display()
    );
    let mut shell = user.program("sh");
    let dialogue = run_in_terminal(shell.args(["-c", &visit]), &[("Enter PKCS#11 token PIN", user.pin1())]);
    assert!(dialogue.shown.contains("<title>Welcome</title>"), "{}", dialogue.shown);
    server.assert_only_visitor(&user, version);
    task.done(dialogue.answers, [1, 0]);
}

#[test]
fn logs_in_by_tls_1_2() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.2", "log in for another program, TLS 1.2");
    }
}

#[test]
fn logs_in_by_tls_1_3() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.3", "log in for another program, TLS 1.3");
    }
}
