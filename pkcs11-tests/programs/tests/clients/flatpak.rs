//! A program in a real Flatpak sandbox reaches the card by what `avain register` writes. It is called like Firefox; systemd
//! is not there, so the server of p11-kit is started as systemd would, by the command in its unit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use kit::run;
use programs::clients::{Background, Card, User};
use programs::installed::script;
use simcard::PIN1;

const HOME: &str = ".var/app/org.mozilla.firefox/.mozilla/firefox";
const PROFILE: &str = ".var/app/org.mozilla.firefox/.mozilla/firefox/p/pkcs11.txt";

/// The folder of the login session where every system has it: flatpak takes no other one for it.
fn session(user: &User) -> PathBuf {
    let folder = Path::new("/run/user").join(run(user.program("id").arg("-u")).trim());
    fs::create_dir_all(&folder).expect("the folder of the login session");
    folder
}

/// Installs the flatpak, with a profile of Firefox.
fn install(user: &User) {
    run(user.program(script("clients/flatpak.sh")).arg(user.file("flatpak")));
    user.write(&format!("{HOME}/profiles.ini"), "[Profile0]\nIsRelative=1\nPath=p\n");
    user.write(PROFILE, "library=\nname=NSS Internal PKCS #11 Module\n\n");
}

/// The module that the profile names beside NSS's own.
fn listed(user: &User) -> Option<PathBuf> {
    let list = fs::read_to_string(user.file(PROFILE)).expect("the list");
    list.lines()
        .filter_map(|line| line.strip_prefix("library="))
        .find(|path| !path.is_empty())
        .map(Into::into)
}

/// pkcs11-tool in the sandbox, with this module.
fn inside(user: &User, module: &Path, arguments: &str) -> String {
    let mut flatpak = user.program("flatpak");
    flatpak.env("XDG_RUNTIME_DIR", session(user));
    flatpak.args(["--user", "run", "org.mozilla.firefox", "-c"]);
    let output = flatpak.arg(format!("pkcs11-tool --module {} {arguments} 2>&1", module.display())).output();
    String::from_utf8_lossy(&output.expect("start flatpak").stdout).into_owned()
}

/// What systemd does when the program comes: the folder of the socket, and the command of the service.
fn serve(user: &User) -> Background {
    let unit = fs::read_to_string(user.file(".config/systemd/user/avain-p11-kit.service")).expect("the unit");
    let command = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a command");
    let session = session(user);
    let command = command.replace("%t", session.to_str().expect("a path"));
    fs::create_dir(session.join("p11-kit")).expect("the folder of the socket");
    let socket = session.join("p11-kit/pkcs11");
    let mut server = user.program("sh");
    Background::start_until(server.args(["-c", &command]), "p11-kit serves the module", |_| socket.exists())
}

#[test]
#[ignore = "flatpak has to be installed: make check-flatpak"]
fn a_program_in_its_sandbox_signs() {
    let user = User::with(Card::Ec);
    install(&user);
    user.registers(&["register", "firefox"]);
    let module = listed(&user).expect("the profile names a module");
    let _server = serve(&user);
    let tokens = inside(&user, &module, "--list-token-slots");
    assert!(tokens.contains("FINEID (PIN1)"), "{tokens}");
    // Its own folder is the one that the sandbox shares with the outside.
    let digest = user.write(".var/app/org.mozilla.firefox/digest", [0x5A; 48]);
    let signature = digest.with_file_name("signature");
    // p11-kit 0.24 does not hand on the mechanisms that make the digest.
    let sign = format!(
        "--token-label 'FINEID (PIN1)' --login --pin {} --sign --id 45 --mechanism ECDSA \
         --signature-format openssl --input-file {} --output-file {}",
        user.pin1(),
        digest.display(),
        signature.display()
    );
    let shown = inside(&user, &module, &sign);
    assert!(signature.exists(), "{shown}");
    let mut verify = Command::new("openssl");
    verify.args(["pkeyutl", "-verify", "-pubin", "-inkey"]).arg(user.public_key("auth"));
    run(verify.arg("-sigfile").arg(signature).arg("-in").arg(digest));
    let count = user.card().credential_count(PIN1);
    assert_eq!((count.commands, count.tries_spent), (1, 0));

    // Without the leave to use the socket nothing is there, although the server still runs.
    user.registers(&["unregister", "firefox"]);
    assert_eq!(listed(&user), None);
    let tokens = inside(&user, &module, "--list-token-slots");
    assert!(!tokens.contains("FINEID"), "{tokens}");
}
