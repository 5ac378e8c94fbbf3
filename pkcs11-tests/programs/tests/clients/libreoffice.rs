//! LibreOffice signs documents with the qualified certificate; poppler verifies the PDF.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use kit::run;
use programs::clients::{Card, Program, User};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/clients/libreoffice.py");
const PORT: &str = "2002";

/// A running LibreOffice without a window; killed when dropped.
struct LibreOffice(Child);

impl LibreOffice {
    fn start(user: &User, database: &str) -> Self {
        let log = fs::File::create(user.file("libreoffice.log")).expect("the log");
        let mut command = user.program("soffice");
        command.args(["--headless", "--norestore", "--nologo"]);
        command.arg(format!("-env:UserInstallation=file://{}", user.file(&profile()).display()));
        command.arg(format!("--accept=socket,host=127.0.0.1,port={PORT};urp"));
        // What Tools > Options > Security > Certificate Path sets.
        command.env("MOZILLA_CERTIFICATE_FOLDER", database).stdin(Stdio::null());
        command.stdout(log.try_clone().expect("share the log")).stderr(log);
        Self(command.process_group(0).spawn().expect("start LibreOffice"))
    }
}

/// The name of its profile, another one in each sandbox. A LibreOffice hands its work to one that runs with a profile of
/// this path, and finds that one by a socket in /tmp, which all sandboxes share.
fn profile() -> String {
    let sandbox = fs::metadata("/proc/self/ns/pid").expect("the namespace of processes");
    format!("libreoffice-{}", sandbox.ino())
}

impl Drop for LibreOffice {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.wait();
    }
}

#[test]
fn signs_a_pdf_and_an_odf_file() {
    for card in Card::ALL {
        let user = User::with(card);
        // PIN2: at the login, and for each signature.
        let task = "sign a PDF and an ODF file with the qualified key";
        signs(&user, task, [user.pin1(), user.pin2()], [1, 3], "works");
    }
}

/// With a keypad it asks all the same, and whatever is typed is thrown away: NSS has the keypad ask.
#[test]
fn asks_on_the_keypad_too() {
    let user = User::with_keypad();
    let task = "sign a PDF and an ODF file with the qualified key, reader with a keypad";
    let result = "works, asks for PINs that it does not use, and on the keypad";
    signs(&user, task, ["1111", "111111"], [1, 2], result);
    assert_eq!(user.asked_on_keypad(), 3);
}

fn signs(user: &User, what: &'static str, pins: [&str; 2], presented: [u32; 2], result: &'static str) {
    let own = ["root.pem", "issuing.pem"].map(|name| user.file(name));
    let database = user.nss_database("nss", &own.each_ref().map(|path| path.as_path()));
    let database = format!("sql:{}", database.display());
    let words = run(user.program("soffice").arg("--version"));
    let version = words.split(' ').nth(1).expect("a version");
    let program = Program { name: "LibreOffice", version: version.into() };
    let task = user.task(&program, what);
    let libreoffice = LibreOffice::start(user, &database);
    let prompts = user.write("prompts", "");
    let mut script = user.program("/usr/bin/python3");
    script.args([SCRIPT, PORT, pins[0], pins[1]]).arg(&prompts).arg(user.file(""));
    let judged = run(&mut script);
    assert!(judged.contains("ODF signature valid: True"), "{judged}");
    assert!(judged.contains(&user.card().holder().common_name()), "{judged}");
    drop(libreoffice);
    let mut pdfsig = user.program("pdfsig");
    let judged = run(pdfsig.args(["-nssdir", &database, "-no-ocsp"]).arg(user.file("signed.pdf")));
    // Its verdict on the certificate is not checked: an unrelated old error of NSS gets into it.
    for words in ["Signature is Valid.", "Total document signed"] {
        assert!(judged.contains(words), "{judged}");
    }
    assert!(judged.contains(&user.card().holder().common_name()), "{judged}");
    // Both when the certificates are listed, because LibreOffice logs in to every token. PIN2 again for the ODF file; for
    // the PDF it uses the PIN of the login.
    let prompts = fs::read_to_string(prompts).expect("the prompts");
    let mut prompts: Vec<_> = prompts.lines().collect();
    prompts.sort_unstable();
    assert_eq!(prompts, ["FINEID (PIN1)", "FINEID (PIN2)", "FINEID (PIN2)"]);
    task.ended(prompts.len(), presented, result);
}
