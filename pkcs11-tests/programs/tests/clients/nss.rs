//! The tools of NSS, the library of Firefox, Thunderbird, Chromium and LibreOffice.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use kit::run;
use programs::clients::{Card, Program, Server, User};
use simcard::PIN1;

const NICKNAME: &str = "FINEID (PIN1):FINEID authentication";

fn nss(name: &'static str) -> Program {
    // The tools do not tell their version; the library does.
    let version = run(Command::new("pkg-config").args(["--modversion", "nss"]));
    Program { name, version: version.trim().into() }
}

/// A database with the module, which trusts the authority of the card.
fn database(user: &User, more: &[&PathBuf]) -> String {
    let own = ["root.pem", "issuing.pem"].map(|name| user.file(name));
    let authorities: Vec<_> = own.iter().chain(more.iter().copied()).map(PathBuf::as_path).collect();
    format!("sql:{}", user.nss_database("nss", &authorities).display())
}

/// Visits the server with the certificate of PIN1.
fn visit(user: &User, server: &Server, database: &str, range: &str) {
    let mut client = user.program("tstclnt");
    client.args(["-h", "localhost", "-p", &server.port().to_string(), "-d", database, "-V", range, "-4"]);
    assert_welcome(user, client.args(["-n", NICKNAME, "-W"]).arg(pin_file(user)));
}

/// The tools read PIN1 from this file.
fn pin_file(user: &User) -> PathBuf {
    user.write("pin1", format!("{}\n", user.pin1()))
}

#[test]
fn everything_public_is_shown_without_a_pin() {
    for card in Card::ALL {
        let user = User::with(card);
        let database = database(&user, &[]);
        let modutil = nss("modutil");
        let task = user.task(&modutil, "list the tokens");
        // It fails where a reader is empty, as the second one here is, but shows the others.
        let listed = user.program("modutil").args(["-dbdir", &database, "-list", "Avain"]).output();
        let tokens = String::from_utf8(listed.expect("start modutil").stdout).expect("text");
        for token in ["FINEID (PIN1)", "FINEID (PIN2)"] {
            assert!(tokens.contains(&format!("Token Name: {token}")), "{tokens}");
        }
        task.done(0, [0, 0]);
        let certutil = nss("certutil");
        let task = user.task(&certutil, "list the certificates");
        let mut list = user.program("certutil");
        let shown = run(list.args(["-L", "-d", &database, "-h", "all"]).stdin(Stdio::null()));
        for name in [NICKNAME, "FINEID (PIN2):FINEID signature"] {
            let user = shown.lines().find(|line| line.starts_with(name)).expect(name);
            assert!(user.trim_end().ends_with("u,u,u"), "{user}");
        }
        task.done(0, [0, 0]);
    }
}

#[test]
fn keys_are_shown_after_a_login() {
    for card in Card::ALL {
        let user = User::with(card);
        let database = database(&user, &[]);
        let certutil = nss("certutil");
        let task = user.task(&certutil, "list the keys");
        let mut list = user.program("certutil");
        let shown =
            run(list.args(["-K", "-d", &database, "-h", "FINEID (PIN1)"]).arg("-f").arg(pin_file(&user)));
        assert!(shown.contains("FINEID authentication"), "{shown}");
        task.done(0, [1, 0]);
    }
}

fn logs_in(card: Card, version: &str, range: &str, what: &'static str) {
    let user = User::with(card);
    let server = Server::start(&user, version);
    let database = database(&user, &[server.authority()]);
    let tstclnt = nss("tstclnt");
    let task = user.task(&tstclnt, what);
    visit(&user, &server, &database, range);
    server.assert_only_visitor(&user, version);
    task.done(0, [1, 0]);
}

/// Asks for the server's page by `tstclnt`, and ends it, because it does not end by itself.
pub(crate) fn assert_welcome(user: &User, tstclnt: &mut Command) {
    let errors = user.write("tstclnt.log", "");
    let log = File::options().append(true).open(&errors).expect("the log");
    let mut client =
        tstclnt.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log).spawn().expect("start tstclnt");
    let mut request = client.stdin.take().expect("its input");
    request.write_all(b"GET / HTTP/1.0\r\n\r\n").expect("ask for the page");
    let page = BufReader::new(client.stdout.take().expect("its output"));
    let welcome = page.lines().map_while(Result::ok).any(|line| line.contains("<title>Welcome</title>"));
    client.kill().expect("end tstclnt");
    client.wait().expect("the end of tstclnt");
    assert!(welcome, "no page: {}", fs::read_to_string(errors).unwrap_or_default());
}

#[test]
fn logs_in_by_tls_1_2() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.2", "tls1.2:tls1.2", "log in to a web server, TLS 1.2");
    }
}

#[test]
fn logs_in_by_tls_1_3() {
    for card in Card::ALL {
        logs_in(card, "TLSv1.3", "tls1.3:tls1.3", "log in to a web server, TLS 1.3");
    }
}

/// NSS takes the list that `avain register` writes for Chromium, where there is no Chromium to try it with.
#[test]
#[ignore = "the packages have to be installed: make check-deb"]
fn logs_in_where_the_packages_are_installed() {
    for card in Card::ALL {
        let user = User::with(card);
        let server = Server::start(&user, "TLSv1.3");
        let folder = user.database_without_it(".pki/nssdb", &[server.authority()]);
        user.registers(&["register", "chromium"]);
        visit(&user, &server, &format!("sql:{}", folder.display()), "tls1.3:tls1.3");
        server.assert_only_visitor(&user, "TLSv1.3");
        let count = user.card().credential_count(PIN1);
        assert_eq!((count.commands, count.tries_spent), (1, 0));
    }
}

#[test]
fn signs_a_message() {
    for card in Card::ALL {
        let user = User::with(card);
        let database = database(&user, &[]);
        let cmsutil = nss("cmsutil");
        let task = user.task(&cmsutil, "sign a message");
        let message = user.write("message", "I sell my boat for 500 euros.\n");
        let signed = user.file("message.cms");
        let mut sign = user.program("cmsutil");
        sign.args(["-S", "-d", &database, "-N", NICKNAME, "-G", "-H", "SHA384", "-i"]).arg(&message);
        run(sign.arg("-o").arg(&signed).arg("-f").arg(pin_file(&user)));
        // Signed attributes with the time of signing are what -G asks for.
        let mut verify = Command::new("openssl");
        verify.args(["cms", "-verify", "-inform", "der", "-purpose", "any", "-in"]).arg(&signed);
        let judged = run(verify.arg("-CAfile").arg(user.file("authorities.pem")));
        assert!(judged.contains("500 euros") && judged.contains("CMS Verification successful"), "{judged}");
        task.done(0, [1, 0]);
    }
}

/// NSS supports messages to EC keys (RFC 5753) from about 3.99; Debian 12 has an older one. Thunderbird brings its own.
#[test]
fn reads_an_encrypted_message() {
    let user = User::with(Card::Rsa);
    let database = database(&user, &[]);
    let message = user.write("message", "The key is under the mat.\n");
    let sealed = user.file("message.cms");
    let mut seal = Command::new("openssl");
    seal.args(["cms", "-encrypt", "-aes-256-cbc", "-outform", "der", "-in"]).arg(&message);
    run(seal.arg("-out").arg(&sealed).arg("-recip").arg(user.file("auth.pem")));
    let cmsutil = nss("cmsutil");
    let task = user.task(&cmsutil, "read an encrypted message");
    let mut read = user.program("cmsutil");
    let shown = run(read.args(["-D", "-d", &database, "-i"]).arg(&sealed).arg("-f").arg(pin_file(&user)));
    assert!(shown.contains("under the mat"), "{shown}");
    task.done(0, [1, 0]);
}
