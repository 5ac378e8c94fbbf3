//! `avain register` and `avain unregister` on computers that are furnished for it: what is told, what is done, what is
//! left alone, and that all is as before afterwards.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use cli::{Run, code, run_to_end, tool};
use kit::scratch;
use serde_json::{Value, json};

const MODULE: &str = "usr/lib/x86_64-linux-gnu/pkcs11/avain-pkcs11.so";
const NSS: &str =
    "library=\nname=NSS Internal PKCS #11 Module\nparameters=configdir='sql:/x'\nNSS=Flags=internal\n\n";
const OURS: &str = "library=/usr/lib/x86_64-linux-gnu/pkcs11/avain-pkcs11.so\nname=Avain\n\n";
const OPENSC: &str = "library=/usr/lib/opensc-pkcs11.so\nname=OpenSC\n\n";

/// A computer whose files are below a folder, and on which somebody calls the tool.
struct Computer {
    root: PathBuf,
    /// Another place than `/home/me`.
    home: &'static str,
}

/// Every file and folder with its mode and content, or where it leads to.
type Tree = BTreeMap<PathBuf, (u32, Vec<u8>)>;

impl Computer {
    /// One with the module and these files.
    fn with(files: &[(&str, &str)]) -> Self {
        let computer = Self { root: scratch("computer"), home: "/home/me" };
        computer.write(MODULE, "the module");
        for folder in ["home/me", "var/lib"] {
            fs::create_dir_all(computer.root.join(folder)).unwrap();
        }
        files.iter().for_each(|(path, text)| computer.write(path, text));
        computer
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(tool());
        command.args(arguments).arg("--root").arg(&self.root);
        command.env_clear().env("HOME", self.home).env("LC_ALL", "C.UTF-8");
        command
    }

    fn avain(&self, arguments: &[&str]) -> Run {
        run_to_end(self.command(arguments), &[])
    }

    /// Registers, and tells of each row: program, packaging, state, action, outcome.
    fn rows(&self, arguments: &[&str]) -> Vec<[String; 5]> {
        let run = self.avain(&[arguments, &["--json"]].concat());
        let told: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:#?}"));
        let rows = told["rows"].as_array().expect("rows");
        let names = ["program", "packaging", "state", "action", "outcome"];
        rows.iter().map(|row| names.map(|name| row[name].as_str().unwrap_or_default().to_owned())).collect()
    }

    fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        let mut open = vec![self.root.clone()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let about = fs::symlink_metadata(&path).unwrap();
                let content = if about.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
                let name = path.strip_prefix(&self.root).unwrap().to_owned();
                tree.insert(name, (about.permissions().mode(), content));
                if about.is_dir() {
                    open.push(path);
                }
            }
        }
        tree
    }
}

fn row(told: [&str; 5]) -> [String; 5] {
    told.map(str::to_owned)
}

/// A computer with everything on it.
fn full() -> Computer {
    let ini = "[Profile0]\nName=a\nIsRelative=1\nPath=a b.default\n[Profile1]\nIsRelative=0\nPath=/home/me/elsewhere\n";
    Computer::with(&[
        ("usr/bin/firefox-esr", ""),
        ("home/me/.config/mozilla/firefox/profiles.ini", ini),
        ("home/me/.config/mozilla/firefox/a b.default/pkcs11.txt", NSS),
        ("home/me/elsewhere/prefs.js", ""),
        ("home/me/.mozilla/firefox/profiles.ini", "[Profile0]\nIsRelative=1\nPath=old\n"),
        ("home/me/.mozilla/firefox/old/pkcs11.txt", &[NSS, OPENSC].concat()),
        ("usr/bin/chromium", ""),
        ("usr/bin/google-chrome", ""),
        ("usr/bin/thunderbird", ""),
        ("home/me/.thunderbird/profiles.ini", "[Profile0]\nIsRelative=1\nPath=t\n"),
        ("home/me/.thunderbird/t/pkcs11.txt", "library=\nname=no end"),
        ("usr/bin/libreoffice", ""),
        ("usr/bin/ssh", ""),
        ("usr/bin/openssl", ""),
        ("usr/bin/keytool", ""),
        ("snap/bin/firefox", ""),
        ("home/me/snap/firefox/common/.mozilla/firefox/profiles.ini", "[Profile0]\nIsRelative=1\nPath=s\n"),
        ("home/me/snap/firefox/common/.mozilla/firefox/s/pkcs11.txt", NSS),
        ("var/lib/flatpak/app/org.mozilla.firefox/current", ""),
        ("home/me/.var/app/org.mozilla.firefox/.mozilla/firefox/profiles.ini", "[P]\nIsRelative=1\nPath=f\n"),
        ("home/me/.var/app/org.mozilla.firefox/.mozilla/firefox/f/pkcs11.txt", NSS),
        ("home/me/.local/share/flatpak/overrides/org.mozilla.firefox", "[Context]\nfilesystems=home;\n"),
    ])
}

#[test]
fn all_programs_are_told_and_all_is_as_before_afterwards() {
    let computer = full();
    let before = computer.tree();
    // A plan changes nothing.
    computer.avain(&["register", "--dry-run"]).ends(code::DONE).says("Nothing was changed");
    assert_eq!(computer.tree(), before);
    let told = computer.rows(&["register"]);
    let expected = [
        ["firefox", "package", "absent", "add", "done"],
        ["firefox", "package", "absent", "add", "done"],
        ["firefox", "package", "absent", "add", "done"],
        ["firefox", "snap", "absent", "prepare", "prepared"],
        ["firefox", "flatpak", "absent", "prepare", "prepared"],
        ["thunderbird", "package", "absent", "add", "done"],
        ["chromium", "package", "absent", "add", "done"],
        ["chrome", "package", "absent", "add", "done"],
        ["libreoffice", "package", "borrows", "nothing", "nothing"],
        ["p11-kit", "package", "absent", "add", "done"],
        ["java", "package", "absent", "prepare", "prepared"],
        ["openssl", "package", "absent", "prepare", "prepared"],
        ["ssh", "package", "absent", "prepare", "prepared"],
    ];
    assert_eq!(told, expected.map(row));
    let home = "home/me";
    for (list, text) in [
        (".config/mozilla/firefox/a b.default", [OURS, NSS].concat()),
        ("elsewhere", OURS.to_owned()),
        (".mozilla/firefox/old", [OURS, NSS, OPENSC].concat()),
        (".thunderbird/t", [OURS, "library=\nname=no end"].concat()),
        (".local/share/pki/nssdb", OURS.to_owned()),
    ] {
        assert_eq!(computer.read(&format!("{home}/{list}/pkcs11.txt")), text, "{list}");
    }
    assert!(!computer.has("home/me/.pki"));
    let nssdb = fs::metadata(computer.root.join("home/me/.local/share/pki/nssdb")).unwrap();
    assert_eq!(nssdb.permissions().mode() & 0o777, 0o700);
    assert_eq!(computer.read("home/me/snap/firefox/common/avain/avain-pkcs11.so"), "the module");
    let snap = computer.read("home/me/snap/firefox/common/.mozilla/firefox/s/pkcs11.txt");
    assert!(snap.contains("library=/home/me/snap/firefox/common/avain/avain-pkcs11.so\n"), "{snap}");
    let flatpak = computer.read("home/me/.local/share/flatpak/overrides/org.mozilla.firefox");
    assert_eq!(flatpak, "[Context]\nfilesystems=xdg-run/p11-kit;home;\n");
    // Twice is once.
    let once = computer.tree();
    for told in computer.rows(&["register"]) {
        assert_eq!([told[3].as_str(), told[4].as_str()], ["nothing", "nothing"], "{told:?}");
    }
    assert_eq!(computer.tree(), once);
    computer.avain(&["unregister"]).ends(code::DONE).says("Done: ");
    let memory = Path::new("home/me/.local/state/avain/registration");
    let mut after = computer.tree();
    assert_eq!(after.remove(memory).unwrap().1, b"removed all\n");
    // The memory needs its folders.
    memory.ancestors().skip(1).filter(|folder| !before.contains_key(*folder)).for_each(|folder| {
        after.remove(folder);
    });
    assert_eq!(after, before);
    computer.avain(&["unregister", "--purge"]).ends(code::DONE);
    let left: Vec<_> = computer.tree().into_keys().filter(|path| !before.contains_key(path)).collect();
    assert!(left.iter().all(|path| computer.root.join(path).is_dir()), "{left:?}");
}

#[test]
fn the_table_is_there_in_four_languages() {
    let computer = full();
    for (language, words) in [
        ("en", ["Program", "not there", "prepare", "sudo snap connect firefox:pcscd"]),
        ("fi", ["Ohjelma", "puuttuu", "valmistellaan", "sudo snap connect firefox:pcscd"]),
        ("sv", ["Program", "saknas", "förbereds", "sudo snap connect firefox:pcscd"]),
        ("et", ["Programm", "puudub", "valmistatakse ette", "sudo snap connect firefox:pcscd"]),
    ] {
        let run = computer.avain(&["register", "--lang", language]).ends(code::DONE);
        let run = words.iter().fold(run, |run, word| run.says(word));
        assert!(run.out.contains("~/.mozilla/firefox/old"), "{run:#?}");
        computer.avain(&["unregister", "--purge"]).ends(code::DONE);
    }
}

#[test]
fn what_was_taken_out_stays_out_until_it_is_asked_for() {
    let computer = full();
    computer.avain(&["register"]).ends(code::DONE);
    computer.avain(&["unregister", "thunderbird"]).ends(code::DONE);
    let thunderbird = |arguments: &[&str]| {
        let rows = computer.rows(arguments);
        rows.into_iter().find(|row| row[0] == "thunderbird").expect("a row")
    };
    assert_eq!(thunderbird(&["register"]), row(["thunderbird", "package", "absent", "leave", "nothing"]));
    let asked = thunderbird(&["register", "thunderbird"]);
    assert_eq!(asked, row(["thunderbird", "package", "absent", "add", "done"]));
    assert_eq!(thunderbird(&["register"])[3], "nothing");
    // Who took out all, and asks for all, means it.
    computer.avain(&["unregister"]).ends(code::DONE);
    assert_eq!(thunderbird(&["register"])[3], "add");
}

#[test]
fn what_is_not_in_order_is_mended() {
    let list = "home/me/.mozilla/firefox/p/pkcs11.txt";
    let old = OURS.replace("/usr/lib/x86_64-linux-gnu", "/opt/gone");
    for (before, state, action, after) in [
        ([NSS, &old].concat(), "moved", "mend", [NSS, OURS].concat()),
        ([OURS, NSS, &old].concat(), "twice", "mend", [OURS, NSS].concat()),
        ([NSS, OURS].concat(), "registered", "nothing", [NSS, OURS].concat()),
    ] {
        let computer = Computer::with(&[("usr/bin/firefox", ""), (list, &before)]);
        let told = computer.rows(&["register", "firefox"]);
        assert_eq!(told[0][2..4], [state, action], "{before}");
        assert_eq!(computer.read(list), after);
    }
}

/// p11-kit's own module in a list has Avain as soon as p11-kit knows it: then the list needs no entry.
#[test]
fn nobody_gets_the_module_twice() {
    let list = "home/me/.mozilla/firefox/p/pkcs11.txt";
    let proxy = [NSS, "library=p11-kit-proxy.so\nname=all\n\n"].concat();
    let computer = Computer::with(&[("usr/bin/firefox", ""), (list, &proxy)]);
    let told = computer.rows(&["register"]);
    assert_eq!(told[0], row(["firefox", "package", "for-all", "nothing", "nothing"]));
    assert_eq!(computer.read(list), proxy);
    // Both ways were there already: that of p11-kit stays.
    computer.write(list, &[OURS, &proxy].concat());
    assert_eq!(computer.rows(&["register"])[0][2..4], ["twice", "mend"]);
    assert_eq!(computer.read(list), proxy);
    // Fedora: NSS asks p11-kit by itself.
    let computer = Computer::with(&[
        ("usr/bin/firefox", ""),
        (list, NSS),
        ("etc/crypto-policies/back-ends/nss.config", "library=p11-kit-proxy.so\n"),
        ("usr/share/p11-kit/modules/avain.module", "module: avain-pkcs11.so\n"),
    ]);
    let told = computer.rows(&["register"]);
    assert_eq!(told[0], row(["firefox", "package", "for-all", "nothing", "nothing"]));
    assert_eq!(told[1], row(["p11-kit", "package", "for-all", "nothing", "nothing"]));
    // An administrator's policy.
    let policy = r#"{"policies": {"SecurityDevices": {"Add": {"Avain": "/usr/lib/x86_64-linux-gnu/pkcs11/avain-pkcs11.so"}}}}"#;
    let computer = Computer::with(&[
        ("usr/bin/firefox", ""),
        (list, NSS),
        ("etc/firefox/policies/policies.json", policy),
    ]);
    assert_eq!(computer.rows(&["register"])[0][2..4], ["for-all", "nothing"]);
    assert_eq!(computer.read(list), NSS);
}

#[test]
fn a_policy_that_thunderbird_does_not_know_is_not_enough() {
    let list = "home/me/.thunderbird/p/pkcs11.txt";
    let policy = r#"{"policies": {"SecurityDevices": {"Add": {"Avain": "/usr/lib/x86_64-linux-gnu/pkcs11/avain-pkcs11.so"}}}}"#;
    for (version, state, action) in
        [("140.7.1", "absent", "add"), ("153.8.0", "for-all", "nothing"), ("", "absent", "add")]
    {
        let computer = Computer::with(&[
            ("usr/bin/thunderbird", ""),
            ("usr/lib/thunderbird/application.ini", &format!("[App]\nVersion={version}\n")),
            (list, NSS),
            ("etc/thunderbird/policies/policies.json", policy),
        ]);
        assert_eq!(computer.rows(&["register", "thunderbird"])[0][2..4], [state, action], "{version}");
        // Nor is it done where it is written.
        fs::remove_file(computer.root.join("etc/thunderbird/policies/policies.json")).unwrap();
        let run = computer.avain(&["register", "--system", "thunderbird"]).ends(code::DONE);
        let is_enough = action == "nothing";
        assert_eq!(run.err.contains("each user needs: avain register thunderbird"), !is_enough, "{run:#?}");
        let said = ["Done: 1.", "Prepared, but you have to do the rest: 1."];
        assert_eq!(said.map(|said| run.err.contains(said)), [is_enough, !is_enough], "{run:#?}");
    }
}

#[test]
fn a_package_tells_only_programs_that_are_new() {
    let (firefox, thunderbird) =
        ("etc/firefox/policies/policies.json", "etc/thunderbird/policies/policies.json");
    let computer = Computer::with(&[
        ("usr/bin/firefox", ""),
        ("usr/lib/thunderbird/application.ini", "Version=153.8.0"),
    ]);
    let before = computer.tree();
    let told = || computer.rows(&["register", "--system", "--new"]);
    assert_eq!(told()[0], row(["firefox", "package", "absent", "add", "done"]));
    // Taken out by the command, or by hand.
    computer.avain(&["unregister", "--system"]).ends(code::DONE);
    assert_eq!(told()[0], row(["firefox", "package", "absent", "leave", "nothing"]));
    assert!(computer.read(firefox).contains("Delete"));
    fs::remove_file(computer.root.join(firefox)).unwrap();
    computer.write("usr/bin/thunderbird", "");
    let rows = told();
    assert_eq!(rows[0], row(["firefox", "package", "absent", "leave", "nothing"]));
    assert_eq!(rows[1], row(["thunderbird", "package", "absent", "add", "done"]));
    assert!(!computer.has(firefox) && computer.has(thunderbird));
    // An entry at an old place is no removal.
    let old = computer.read(thunderbird).replace("/usr/lib", "/opt/gone");
    computer.write(thunderbird, &old);
    assert_eq!(told()[1], row(["thunderbird", "package", "moved", "mend", "done"]));
    // Who asks without it means all.
    assert_eq!(computer.rows(&["register", "--system"])[0][3..], ["add", "done"]);
    // Of a program that is gone, nothing stays either.
    for binary in ["firefox", "thunderbird"] {
        fs::remove_file(computer.root.join("usr/bin").join(binary)).unwrap();
    }
    computer.avain(&["unregister", "--system", "--purge"]).ends(code::DONE);
    let left: Vec<_> = computer.tree().into_keys().filter(|path| !before.contains_key(path)).collect();
    assert!(left.is_empty(), "{left:?}");
    computer.write("usr/bin/firefox", "");
    assert_eq!(told()[0][3..], ["add", "done"]);
}

#[test]
fn what_is_not_understood_or_not_ours_is_left_alone() {
    let firefox = "home/me/.mozilla/firefox";
    let list = |name: &str| format!("{firefox}/{name}/pkcs11.txt");
    let computer = Computer::with(&[
        ("usr/bin/firefox", ""),
        (&list("broken"), "library=\n<html>\n"),
        (&list("good"), NSS),
        ("home/me/mine", NSS),
        (&list("folder").replace("pkcs11.txt", "x"), ""),
        ("home/me/.config/avain/ssh.conf", "# my own\n"),
        ("usr/bin/ssh", ""),
        ("home/me/.config/pkcs11/modules/avain.module", "module: /opt/gone/avain-pkcs11.so\n"),
    ]);
    fs::create_dir(computer.root.join(list("folder"))).unwrap();
    fs::create_dir(computer.root.join(firefox).join("link")).unwrap();
    symlink("../../../mine", computer.root.join(list("link"))).unwrap();
    let before = computer.tree();
    let run = computer.avain(&["register"]).ends(code::FAILED);
    run.says("line 2 is not understood")
        .says("is a link")
        .says("is no file")
        .says("was not written by Avain");
    let mut after = computer.tree();
    assert_eq!(after.get(Path::new(&list("good"))).unwrap().1, [OURS, NSS].concat().as_bytes());
    let mut before = before;
    after.remove(Path::new(&list("good")));
    before.remove(Path::new(&list("good")));
    assert_eq!(after, before);
    for (arguments, words) in [
        (&["register", "netscape"][..], "No program here is called netscape"),
        (&["register", "--module", "/gone.so"], "/gone.so"),
    ] {
        assert_ne!(computer.avain(arguments).says(words).code, code::DONE);
    }
}

#[test]
fn somebody_elses_files_are_not_touched() {
    let computer = Computer::with(&[("usr/bin/firefox", ""), ("home/me/.mozilla/firefox/p/pkcs11.txt", NSS)]);
    // Whoever runs this test: another's folder is one that cannot be had by it.
    let other =
        Command::new("chown").arg("1:1").arg(computer.root.join("home/me/.mozilla/firefox/p")).status();
    if other.is_ok_and(|status| status.success()) {
        computer.avain(&["register", "firefox"]).ends(code::FAILED).says("belongs to somebody else");
        assert_eq!(computer.read("home/me/.mozilla/firefox/p/pkcs11.txt"), NSS);
    }
    let mut command = Command::new(tool());
    command.args(["register"]).env_clear().env("LC_ALL", "C.UTF-8");
    run_to_end(command, &[]).ends(code::FAILED).says("HOME is not set");
}

#[test]
fn a_full_disk_loses_nothing() {
    let computer = Computer::with(&[("usr/bin/firefox", "")]);
    let profile = computer.root.join("home/me/.mozilla/firefox/p");
    fs::create_dir_all(&profile).unwrap();
    kit::run(Command::new("mount").args(["-t", "tmpfs", "-o", "size=16k,mode=0700", "tmpfs"]).arg(&profile));
    let list = "home/me/.mozilla/firefox/p/pkcs11.txt";
    computer.write(list, NSS);
    let mut full = fs::File::create(profile.join("full")).unwrap();
    while std::io::Write::write_all(&mut full, &[0; 1024]).is_ok() {}
    computer.avain(&["register", "firefox"]).ends(code::FAILED).says("cannot be written");
    assert_eq!(computer.read(list), NSS);
    assert_eq!(fs::read_dir(&profile).unwrap().count(), 2);
    drop(full);
    fs::remove_file(profile.join("full")).unwrap();
    computer.avain(&["register", "firefox"]).ends(code::DONE);
    assert_eq!(computer.read(list), [OURS, NSS].concat());
    kit::run(Command::new("umount").arg(&profile));
}

#[test]
fn policies_are_merged_and_undone() {
    let policies = "{\n  \"policies\": {\n    \"DisableTelemetry\": true\n  }\n}\n";
    let (firefox, thunderbird) =
        ("etc/firefox/policies/policies.json", "etc/thunderbird/policies/policies.json");
    let computer = Computer::with(&[
        ("usr/bin/firefox", ""),
        ("usr/bin/thunderbird", ""),
        ("usr/lib/thunderbird/application.ini", "Version=153.8.0\n"),
        ("usr/bin/chromium", ""),
        (firefox, policies),
        ("usr/local/share/p11-kit/modules/avain.module", "module: avain-pkcs11.so\n"),
    ]);
    let before = computer.tree();
    let told = computer.rows(&["register", "--system"]);
    assert_eq!(
        told,
        [
            row(["firefox", "package", "absent", "add", "done"]),
            row(["thunderbird", "package", "absent", "add", "done"]),
            row(["p11-kit", "package", "absent", "add", "done"]),
        ]
    );
    let added = computer.read(firefox);
    let told: Value = serde_json::from_str(&added).unwrap();
    let module = format!("/{MODULE}");
    assert_eq!(told["policies"]["SecurityDevices"]["Add"]["Avain"].as_str(), Some(module.as_str()));
    assert_eq!(told["policies"]["DisableTelemetry"], true);
    assert_eq!(computer.read(&format!("{firefox}.before-avain")), policies);
    assert!(!computer.has(&format!("{thunderbird}.before-avain")));
    assert_eq!(computer.rows(&["register", "--system"])[0][3], "nothing");
    // Nothing of a user's.
    assert!(fs::read_dir(computer.root.join("home/me")).unwrap().next().is_none());
    computer.avain(&["unregister", "--system"]).ends(code::DONE).says("--system --purge");
    let told: Value = serde_json::from_str(&computer.read(firefox)).unwrap();
    assert_eq!(told["policies"]["SecurityDevices"].to_string(), r#"{"Delete":["Avain"]}"#);
    computer.avain(&["unregister", "--system", "--purge"]).ends(code::DONE);
    assert_eq!(computer.tree(), before);
    computer.write(firefox, "{ // mine\n}");
    computer.avain(&["register", "--system"]).ends(code::FAILED).says("is not JSON");
    assert_eq!(computer.read(firefox), "{ // mine\n}");
}

#[test]
fn the_systems_files_are_for_root() {
    if fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0) {
        // Root as nobody.
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--clear-groups"]).arg(tool()).args(["register", "--system"]);
        command.env_clear().env("LC_ALL", "C.UTF-8").env("PATH", "/usr/bin:/bin");
        if Command::new("setpriv")
            .args(["--reuid", "65534", "--clear-groups", "true"])
            .status()
            .is_ok_and(|s| s.success())
        {
            run_to_end(command, &[]).ends(code::UNFIT).says("Only root");
        }
    } else {
        let mut command = Command::new(tool());
        command.args(["register", "--system"]).env("LC_ALL", "C.UTF-8");
        run_to_end(command, &[]).ends(code::UNFIT).says("Only root");
    }
}

#[test]
fn a_folder_that_libreoffice_was_given_is_used() {
    let settings =
        "<item><prop oor:name=\"CertDir\" oor:op=\"fuse\"><value>/home/me/keys</value></prop></item>";
    let computer = Computer::with(&[
        ("usr/bin/libreoffice", ""),
        ("home/me/.config/libreoffice/4/user/registrymodifications.xcu", settings),
        ("home/me/keys/pkcs11.txt", NSS),
    ]);
    let told = computer.rows(&["register", "libreoffice"]);
    assert_eq!(told, [row(["libreoffice", "package", "absent", "add", "done"])]);
    assert_eq!(computer.read("home/me/keys/pkcs11.txt"), [OURS, NSS].concat());
}

/// Which of the units of systemd listens: ours, unless p11-kit's does already.
#[test]
fn a_program_in_a_sandbox_reaches_one_server() {
    let files = [
        ("var/lib/flatpak/app/org.mozilla.firefox/current", ""),
        ("home/me/.var/app/org.mozilla.firefox/.mozilla/firefox/f/pkcs11.txt", NSS),
        ("var/lib/flatpak/app/org.mozilla.Thunderbird/current", ""),
        ("home/me/.var/app/org.mozilla.Thunderbird/.thunderbird/t/pkcs11.txt", NSS),
    ];
    let units = "home/me/.config/systemd/user";
    let computer = Computer::with(&files);
    computer.avain(&["register"]).ends(code::DONE).says("systemctl --user start avain-p11-kit.socket");
    let service = computer.read(&format!("{units}/avain-p11-kit.service"));
    assert!(service.contains(&format!("--provider \"/{MODULE}\"")), "{service}");
    // The other one still needs them.
    computer.avain(&["unregister", "firefox"]).ends(code::DONE);
    assert!(computer.has(&format!("{units}/avain-p11-kit.socket")));
    computer.avain(&["unregister", "thunderbird"]).ends(code::DONE);
    assert!(!computer.has("home/me/.config/systemd"));
    let enabled = ("etc/systemd/user/sockets.target.wants/p11-kit-server.socket", "");
    let computer = Computer::with(&[&files[..], &[enabled]].concat());
    computer.avain(&["register"]).ends(code::DONE);
    assert!(!computer.has(units));
}

const FIREFOXS: &str = "home/me/.mozilla/native-messaging-hosts/eu.webeid.json";
const CHROMIUMS: &str = "home/me/.config/chromium/NativeMessagingHosts/eu.webeid.json";
const COMMON: &str = "usr/lib/mozilla/native-messaging-hosts/eu.webeid.json";
/// As the program of the makers of Web eID has it.
const THEIRS: &str = r#"{"name":"eu.webeid","path":"/usr/bin/web-eid","type":"stdio"}"#;

fn with_web(files: &[(&str, &str)]) -> Computer {
    let computer = Computer::with(files);
    for file in ["usr/bin/avain-web", "usr/bin/firefox", "usr/bin/chromium"] {
        computer.write(file, "");
    }
    computer
}

#[test]
fn browsers_find_who_answers_web_eid() {
    let computer = with_web(&[]);
    let before = computer.tree();
    assert_eq!(
        computer.rows(&["register", "web-eid"]),
        [["web-eid", "package", "absent", "add", "done"]; 2].map(row)
    );
    for (file, who, known) in [
        (FIREFOXS, "allowed_extensions", json!(["{e68418bc-f2b0-4459-a9ea-3e72b6751b07}"])),
        (
            CHROMIUMS,
            "allowed_origins",
            json!([
                "chrome-extension://ncibgoaomkmdpilpocfeponihegamlic/",
                "chrome-extension://gnmckgbandlkacikdndelhfghdejfido/"
            ]),
        ),
    ] {
        let manifest: Value = serde_json::from_str(&computer.read(file)).unwrap();
        assert_eq!((&manifest["name"], &manifest["type"]), (&"eu.webeid".into(), &"stdio".into()));
        assert_eq!(manifest["path"], "/usr/bin/avain-web");
        assert_eq!(manifest[who], known);
    }
    let once = computer.tree();
    assert_eq!(
        computer.rows(&["register", "web-eid"]),
        [["web-eid", "package", "registered", "nothing", "nothing"]; 2].map(row)
    );
    assert_eq!(computer.tree(), once);
    // An old place is mended, and without the program nothing is offered.
    computer.write(FIREFOXS, r#"{"path":"/opt/avain-web"}"#);
    assert_eq!(
        computer.rows(&["register", "web-eid"])[0],
        row(["web-eid", "package", "moved", "mend", "done"])
    );
    fs::remove_file(computer.root.join("usr/bin/avain-web")).unwrap();
    computer.avain(&["unregister", "web-eid"]).ends(code::DONE);
    assert!(!computer.has(FIREFOXS) && !computer.has(CHROMIUMS));
    assert!(computer.rows(&["register"]).iter().all(|row| row[0] != "web-eid"));
    computer.avain(&["unregister", "--purge"]).ends(code::DONE);
    let left: Vec<_> = computer.tree().into_keys().filter(|path| !before.contains_key(path)).collect();
    assert!(left.iter().all(|path| computer.root.join(path).is_dir()), "{left:?}");
}

#[test]
fn another_program_that_answers_web_eid_is_replaced_by_name_alone_and_comes_back() {
    for place in [FIREFOXS, COMMON] {
        let computer = with_web(&[(place, THEIRS)]);
        let told = computer.rows(&["register"]);
        let told: Vec<_> = told.into_iter().filter(|row| row[0] == "web-eid").collect();
        assert_eq!(told[0], row(["web-eid", "package", "others", "nothing", "nothing"]));
        assert_eq!(computer.read(place), THEIRS);
        computer.avain(&["register"]).ends(code::DONE).says("avain register web-eid");
        computer.avain(&["register", "web-eid"]).ends(code::DONE);
        assert!(computer.read(FIREFOXS).contains("avain-web"));
        if place == COMMON {
            // What is there for everybody is never changed for one.
            assert_eq!(computer.read(COMMON), THEIRS);
        }
        // Twice is once: what is kept is not ours.
        computer.avain(&["register", "web-eid"]).ends(code::DONE);
        computer.avain(&["unregister", "web-eid"]).ends(code::DONE);
        assert_eq!(computer.read(place), THEIRS);
        assert!(!computer.has(&format!("{FIREFOXS}.before-avain")));
        assert_eq!(computer.has(FIREFOXS), place == FIREFOXS);
    }
}

#[test]
fn web_eid_for_everybody_and_in_sandboxes() {
    let computer = with_web(&[]);
    computer.avain(&["register", "--system", "web-eid"]).ends(code::DONE);
    assert!(computer.read(COMMON).contains("/usr/bin/avain-web"));
    assert!(
        computer.read("etc/chromium/native-messaging-hosts/eu.webeid.json").contains("chrome-extension://")
    );
    assert_eq!(
        computer.rows(&["register", "web-eid"]),
        [["web-eid", "package", "for-all", "nothing", "nothing"]; 2].map(row)
    );
    computer.avain(&["unregister", "--system", "web-eid"]).ends(code::DONE);
    assert!(!computer.has(COMMON));
    let boxed = Computer::with(&[
        ("usr/bin/avain-web", ""),
        ("snap/bin/firefox", ""),
        ("var/lib/flatpak/app/org.chromium.Chromium/current", ""),
    ]);
    boxed
        .avain(&["register", "web-eid"])
        .ends(code::DONE)
        .says("flatpak permission-set webextensions eu.webeid snap.firefox yes")
        .says("Web eID needs Chromium as a package");
}
