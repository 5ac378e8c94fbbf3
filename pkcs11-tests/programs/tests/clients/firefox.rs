//! Firefox logs in to a web server.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::mozilla::Mozilla;
use kit::run;
use programs::clients::{Card, Program, Server, User, wait_for};
use serde_json::{Value, json};
use simcard::PIN1;

const PROMPT: &str = "Please authenticate to the security device (FINEID (PIN1)).";
const FIREFOX: &str = "firefox-esr";

/// How Firefox gets the module.
#[derive(Clone, Copy)]
enum Way {
    /// In the profile, as by Settings > Privacy & Security > Security Devices > Load.
    Profile,
    /// By an administrator, in a policy.
    Policy,
    /// By an administrator, in a policy that names p11-kit's module, which has ours.
    P11Kit,
}

fn start(user: &User, server: &Server, way: Way, settings: &[(&str, &str)]) -> Mozilla {
    let profile = match way {
        Way::Profile => user.nss_database("profile", &[server.authority()]),
        Way::Policy => policy(user, server, &user.module()),
        Way::P11Kit => {
            // OpenSC, where it is installed, would read the card as well.
            user.write(".config/pkcs11/modules/opensc-pkcs11.module", "enable-in: nobody\n");
            let proxy = run(Command::new("pkg-config").args(["--variable=proxy_module", "p11-kit-1"]));
            policy(user, server, Path::new(proxy.trim()))
        }
    };
    let choose = [("security.default_personal_cert", "\"Select Automatically\"")];
    Mozilla::start(user, FIREFOX, &profile, &[&choose[..], settings].concat())
}

/// An empty profile, and an administrator's policy. /etc is changed in the sandbox only.
fn policy(user: &User, server: &Server, module: &Path) -> std::path::PathBuf {
    let policies = json!({ "policies": {
        "Certificates": { "Install": [server.authority()] },
        "SecurityDevices": { "Add": { "Avain": module } },
    }});
    let etc = Path::new("/etc/firefox");
    std::fs::create_dir_all(etc).expect("a folder for policies");
    run(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(etc));
    std::fs::create_dir_all(etc.join("policies")).expect("the folder of policies");
    std::fs::write(etc.join("policies/policies.json"), policies.to_string()).expect("write the policy");
    let profile = user.file("profile");
    std::fs::create_dir_all(&profile).expect("make the profile");
    profile
}

/// The name on the page, or that of the error.
fn visit(firefox: &mut Mozilla, url: &str) -> String {
    // Marked, so that it is not taken for the next page.
    firefox.in_page("document.documentElement.dataset.left = 'yes'");
    firefox.run(
        "gBrowser.loadURI(Services.io.newURI(arguments[0]), \
        { triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal() });",
        &json!([url]),
    );
    outcome(firefox)
}

fn outcome(firefox: &mut Mozilla) -> String {
    const LOOK: &str = "if (document.documentElement.dataset.left) return null;
        const name = document.getElementById('name');
        const error = new URL(document.documentURI).searchParams.get('e');
        return name ? name.textContent : document.documentURI.startsWith('about:neterror') ? error : null;";
    wait_for("a page", || match firefox.in_page(LOOK) {
        Some(Value::String(outcome)) => Some(outcome),
        _ => None,
    })
}

fn logs_in(card: Card, version: &str, way: Way, what: &'static str) {
    logs_in_as(&User::with(card), version, way, what);
}

fn logs_in_as(user: &User, version: &str, way: Way, what: &'static str) {
    let server = Server::start(user, version);
    let mut firefox = start(user, &server, way, &[]);
    let program = Program { name: "Firefox ESR", version: firefox.version() };
    let task = user.task(&program, what);
    firefox.answer(&[user.pin1()]);
    let name = visit(&mut firefox, &server.url());
    assert_eq!(name, user.card().holder().common_name());
    server.assert_only_visitor(user, version);
    assert_eq!(firefox.prompts(), [PROMPT]);
    task.done(1, [1, 0]);
}

#[test]
fn logs_in_by_tls_1_2() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.2", Way::Profile, "log in to a web server, TLS 1.2");
    }
}

#[test]
fn logs_in_by_tls_1_3() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.3", Way::Profile, "log in to a web server, TLS 1.3");
    }
}

/// The certificates are kept for the time of the user's login session.
#[test]
fn logs_in_again_in_a_login_session() {
    let user = User::with(Card::Ec);
    run(user.program("pkcs11-tool").arg("--module").arg(user.module()).arg("-O"));
    run(user.program("pkcs11-tool").arg("--module").arg(user.module()).args([
        "-O",
        "--token-label",
        "FINEID (PIN2)",
    ]));
    logs_in_as(&user, "TLSv1.3", Way::Profile, "log in to a web server, TLS 1.3, again");
}

#[test]
fn logs_in_with_a_policy() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.3", Way::Policy, "log in to a web server, module by a policy");
    }
}

#[test]
fn logs_in_through_p11_kit() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.3", Way::P11Kit, "log in to a web server, module by p11-kit");
    }
}

/// Without a card the visit is refused at once. Connections that are not in use are closed soon here; otherwise the server
/// would recognise the user by the connection.
#[test]
fn a_card_may_come_and_go() {
    let user = User::with(Card::Ec);
    user.take_out();
    let server = Server::start(&user, "TLSv1.3");
    let mut firefox = start(&user, &server, Way::Profile, &[("network.http.keep-alive.timeout", "1")]);
    firefox.answer(&[user.pin1()]);
    let asked = Instant::now();
    let refused = visit(&mut firefox, &server.url());
    assert!(asked.elapsed() < Duration::from_secs(30), "it took {:?}", asked.elapsed());
    assert!(server.visits().is_empty(), "without a card: {refused}");

    user.put_in();
    // NSS remembers for a second that there was no card.
    std::thread::sleep(Duration::from_secs(2));
    let name = visit(&mut firefox, &server.url());
    assert_eq!(name, user.card().holder().common_name());

    user.take_out();
    // By then Firefox has closed its connections, and asked for the icon of the page.
    std::thread::sleep(Duration::from_secs(3));
    let visits = server.visits().len();
    let refused = visit(&mut firefox, &server.url());
    assert_ne!(refused, user.card().holder().common_name());
    assert_eq!(server.visits().len(), visits, "with the card taken out");
    assert_eq!(firefox.prompts(), [PROMPT]);
}

#[test]
fn a_wrong_pin_is_asked_for_again() {
    let user = User::with(Card::Ec);
    let server = Server::start(&user, "TLSv1.3");
    let mut firefox = start(&user, &server, Way::Profile, &[]);
    firefox.answer(&["4321", user.pin1()]);
    let name = visit(&mut firefox, &server.url());
    assert_eq!(name, user.card().holder().common_name());
    assert_eq!(firefox.prompts().len(), 2);
    let count = user.card().credential_count(PIN1);
    assert_eq!((count.commands, count.tries_spent), (2, 1));
}

#[test]
fn only_the_authentication_certificate_is_offered() {
    let user = User::with(Card::Rsa);
    let server = Server::start(&user, "TLSv1.3");
    let ask = ("security.default_personal_cert", "\"Ask Every Time\"");
    let mut firefox = start(&user, &server, Way::Profile, &[ask]);
    firefox.answer(&[user.pin1()]);
    visit(&mut firefox, &server.url());
    server.assert_only_visitor(&user, "TLSv1.3");
    let choosers = firefox.choosers();
    assert!(matches!(choosers.as_slice(), [offered] if offered.len() == 1), "{choosers:?}");
}
