//! Firefox logs in to a web server.

use std::path::{Path, PathBuf};
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
    /// By `avain register`, before its first start.
    Register,
    /// By an administrator, in a policy that names p11-kit's module, which has ours.
    P11Kit,
    /// By the package, which has written a policy.
    Package,
}

fn start(user: &User, server: &Server, way: Way, settings: &[(&str, &str)]) -> Mozilla {
    let profile = match way {
        Way::Profile => user.nss_database("profile", &[server.authority()]),
        Way::Policy => policy(user, server, Some(&user.module())),
        Way::Register => registered(user, server),
        Way::Package => user.database_without_it("profile", &[server.authority()]),
        Way::P11Kit => {
            // OpenSC, where it is installed, would read the card as well.
            user.write(".config/pkcs11/modules/opensc-pkcs11.module", "enable-in: nobody\n");
            let proxy = run(Command::new("pkg-config").args(["--variable=proxy_module", "p11-kit-1"]));
            policy(user, server, Some(Path::new(proxy.trim())))
        }
    };
    let choose = [("security.default_personal_cert", "\"Select Automatically\"")];
    Mozilla::start(user, FIREFOX, &profile, &[&choose[..], settings].concat())
}

/// An empty profile, and an administrator's policy. /etc is changed in the sandbox only.
fn policy(user: &User, server: &Server, module: Option<&Path>) -> PathBuf {
    let mut policies = json!({ "policies": { "Certificates": { "Install": [server.authority()] } } });
    if let Some(module) = module {
        policies["policies"]["SecurityDevices"] = json!({ "Add": { "Avain": module } });
    }
    let etc = Path::new("/etc/firefox");
    std::fs::create_dir_all(etc).expect("a folder for policies");
    run(Command::new("mount").args(["-t", "tmpfs", "tmpfs"]).arg(etc));
    std::fs::create_dir_all(etc.join("policies")).expect("the folder of policies");
    std::fs::write(etc.join("policies/policies.json"), policies.to_string()).expect("write the policy");
    let profile = user.file("profile");
    std::fs::create_dir_all(&profile).expect("make the profile");
    profile
}

/// An empty profile that Firefox has in its list, and that `avain register` has told of the module.
fn registered(user: &User, server: &Server) -> PathBuf {
    let profile = policy(user, server, None);
    let list = format!("[Profile0]\nName=card\nIsRelative=0\nPath={}\n", profile.display());
    user.write(".mozilla/firefox/profiles.ini", list);
    user.registers(&["register", "firefox"]);
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

/// The entry is still there after Firefox has made its databases and ended, and can be taken out of what it left.
#[test]
fn logs_in_when_it_was_registered() {
    let user = User::with(Card::Ec);
    let server = Server::start(&user, "TLSv1.3");
    asks_once(&user, &server, Way::Register);
    // Where Firefox has added nothing to it, the list goes with the entry.
    let list = || std::fs::read_to_string(user.file("profile/pkcs11.txt")).unwrap_or_default();
    assert!(user.file("profile/cert9.db").exists());
    let ours = format!("library={}\nname=Avain\n\n", user.module().display());
    let with = list();
    assert!(with.contains(&ours), "{with}");
    user.registers(&["unregister", "firefox"]);
    assert_eq!(with.replacen(&ours, "", 1), list());
}

/// Logs in to the server with one prompt, and ends Firefox.
fn asks_once(user: &User, server: &Server, way: Way) {
    let mut firefox = start(user, server, way, &[]);
    firefox.answer(&[user.pin1()]);
    assert_eq!(visit(&mut firefox, &server.url()), user.card().holder().common_name());
    server.assert_only_visitor(user, "TLSv1.3");
    assert_eq!(firefox.prompts(), [PROMPT]);
    let count = user.card().credential_count(PIN1);
    assert_eq!((count.commands, count.tries_spent), (1, 0));
}

/// Nobody has done anything but to install the packages.
#[test]
#[ignore = "the packages have to be installed: make check-deb"]
fn logs_in_where_the_packages_are_installed() {
    for card in Card::ALL {
        let user = User::with(card);
        asks_once(&user, &Server::start(&user, "TLSv1.3"), Way::Package);
    }
}

/// An administrator has everybody's Firefox load the module, and then has it taken out of everybody's profile. The files of
/// the system are changed in the sandbox only.
#[test]
fn everybodys_firefox_is_told_and_made_to_forget() {
    let user = User::with(Card::Ec);
    let server = Server::start(&user, "TLSv1.3");
    let profile = policy(&user, &server, None);
    run(Command::new("mount").args(["-t", "tmpfs", "tmpfs", "/var/lib"]));
    let policies = || std::fs::read_to_string("/etc/firefox/policies/policies.json").expect("the policies");
    let before = policies();
    let modules = |what: &str| {
        drop(Mozilla::start(&user, FIREFOX, &profile, &[]));
        let list = std::fs::read_to_string(profile.join("pkcs11.txt")).expect("the list");
        let count = list.matches("avain_pkcs11").count().max(list.matches("avain-pkcs11").count());
        assert!(list.contains("NSS Internal"), "{what}: {list}");
        count
    };
    user.registers(&["register", "--system", "firefox"]);
    assert_eq!(modules("added"), 1);
    // Twice in two ways would be two devices.
    user.registers(&["register", "firefox"]);
    assert_eq!(modules("added again"), 1);
    user.registers(&["unregister", "--system", "firefox"]);
    assert_eq!(modules("deleted"), 0);
    user.registers(&["unregister", "--system", "--purge", "firefox"]);
    assert_eq!(policies(), before);
}

#[test]
fn logs_in_through_p11_kit() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.3", Way::P11Kit, "log in to a web server, module by p11-kit");
    }
}

/// On a contactless reader, with nothing stored: Firefox alone is enough, and asks once.
#[test]
fn logs_in_without_contacts_for_the_first_time() {
    let user = User::without_contacts();
    let server = Server::start(&user, "TLSv1.3");
    let mut firefox = start(&user, &server, Way::Profile, &[]);
    let program = Program { name: "Firefox ESR", version: firefox.version() };
    let task = user.task(&program, "log in to a web server, first use on a contactless reader");
    firefox.answer(&[&user.number_and_pin1()]);
    let name = visit(&mut firefox, &server.url());
    assert_eq!(name, user.card().holder().common_name(), "{}", task.exchanges());
    server.assert_only_visitor(&user, "TLSv1.3");
    assert_eq!(firefox.prompts(), [PROMPT.replace("(PIN1)", "(CAN and PIN1)")]);
    task.done(1, [1, 0]);
}

/// The next time, the number is stored, here by another program.
#[test]
fn logs_in_without_contacts() {
    let user = User::without_contacts();
    let mut first_use = user.program("pkcs11-tool");
    first_use.arg("--module").arg(user.module()).args(["--token-label", "FINEID (CAN and PIN1)", "--login"]);
    run(first_use.args(["--pin", &user.number_and_pin1(), "-O"]));
    logs_in_as(&user, "TLSv1.3", Way::Profile, "log in to a web server on a contactless reader");
}

/// On a reader with a keypad Firefox shows a window while PIN1 is entered there. It opens and closes that window by itself:
/// if the PIN is entered before the window is there, it stays, so nobody is as fast here.
#[test]
fn logs_in_with_a_keypad() {
    let user = User::with_keypad();
    user.card().keypad_mut().take(Duration::from_secs(2));
    let server = Server::start(&user, "TLSv1.3");
    let mut firefox = start(&user, &server, Way::Profile, &[]);
    let program = Program { name: "Firefox ESR", version: firefox.version() };
    let task = user.task(&program, "log in to a web server, reader with a keypad");
    firefox.answer(&[]);
    let name = visit(&mut firefox, &server.url());
    let holder = user.card().holder().common_name();
    assert_eq!(name, holder, "{}", task.exchanges());
    server.assert_only_visitor(&user, "TLSv1.3");
    assert_eq!((firefox.prompts().len(), user.asked_on_keypad()), (0, 1));
    task.ended(0, [1, 0], "works, PIN1 on the keypad");
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
