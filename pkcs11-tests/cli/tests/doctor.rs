//! `avain doctor`: every check finds what it is for on a computer that is furnished with it, and names what helps; and the
//! 47 things that users of such software suffer from are cured, told, or not ours.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use cli::{Bench, Terminal, code, run_to_end, tool};
use kit::{run, scratch};
use serde_json::Value;

const MODULE: &str = "usr/lib/x86_64-linux-gnu/pkcs11/avain-pkcs11.so";
const LIST: &str = "home/me/.mozilla/firefox/p/pkcs11.txt";
const NSS: &str = "library=\nname=NSS Internal PKCS #11 Module\n\n";
const OURS: &str = "library=/usr/lib/x86_64-linux-gnu/pkcs11/avain-pkcs11.so\nname=Avain\n\n";

/// A computer on which one thing is wrong.
struct Case {
    /// What the doctor calls it.
    finds: &'static str,
    /// A part of what helps, if anything but the user's hands does.
    cure: Option<&'static str>,
    files: &'static [(&'static str, &'static str)],
    variables: &'static [(&'static str, &'static str)],
}

const fn case(
    finds: &'static str,
    cure: Option<&'static str>,
    files: &'static [(&'static str, &'static str)],
) -> Case {
    Case { finds, cure, files, variables: &[] }
}

const CASES: [Case; 24] = [
    case("check_not_installed", Some("sudo dnf install pcsc-lite"), &[("etc/os-release", "ID=fedora\n")]),
    case(
        "check_not_installed",
        Some("sudo pacman -S pcsclite"),
        &[("etc/os-release", "ID=x\nID_LIKE=\"arch linux\"\n")],
    ),
    case("check_not_running", Some("systemctl enable --now pcscd.socket"), &[("usr/sbin/pcscd", "")]),
    case("check_mismatch", Some("flatpak update"), &[(".flatpak-info", ""), ("run/pcscd/pcscd.comm", "")]),
    Case {
        finds: "check_remote",
        cure: Some("subject.user == '$user'"),
        files: &[
            ("usr/share/polkit-1/actions/org.debian.pcsc-lite.policy", ""),
            ("etc/polkit-1/rules.d/40-others.rules", ""),
        ],
        variables: &[("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")],
    },
    Case {
        finds: "check_remote",
        // This polkit knows no rules of that kind.
        cure: None,
        files: &[
            ("usr/share/polkit-1/actions/org.debian.pcsc-lite.policy", ""),
            ("run/systemd/sessions/7", "UID=1000\nACTIVE=0\n"),
        ],
        variables: &[("XDG_SESSION_ID", "7")],
    },
    case(
        "check_no_driver",
        Some("sudo apt install libccid"),
        &[("etc/os-release", "ID=debian\n"), ("sys/bus/usb/devices/1-1:1.0/bInterfaceClass", "0b\n")],
    ),
    case(
        "check_faulty",
        None,
        &[
            ("sys/bus/usb/devices/1-1:1.0/bInterfaceClass", "0b\n"),
            ("sys/bus/usb/devices/1-1/idVendor", "058f\n"),
            ("sys/bus/usb/devices/1-1/idProduct", "9540\n"),
        ],
    ),
    case("check_holder", None, &[("proc/12/comm", "atostekid\n")]),
    case(
        "program_scdaemon",
        Some("gpgconf --kill scdaemon"),
        &[("proc/self/status", "Uid:\t1\n"), ("proc/13/status", "Name:\tscdaemon\nUid:\t1\n")],
    ),
    case("check_load", None, &[]),
    case("check_register", Some("avain register firefox"), &[("usr/bin/firefox", ""), (LIST, NSS)]),
    case(
        "check_register",
        Some("avain register firefox"),
        &[("usr/bin/firefox", ""), (LIST, "library=/opt/avain-pkcs11.so\nname=Avain\n\n")],
    ),
    case("check_sandbox", Some("avain register firefox"), &[("snap/bin/firefox", ""), (SNAP, NSS)]),
    case(
        "check_refused",
        Some("avain register --dry-run firefox"),
        &[("usr/bin/firefox", ""), (LIST, "<html>\n")],
    ),
    case(
        "database_twice",
        Some("avain register"),
        &[("usr/bin/firefox", ""), (LIST, "library=/a/avain-pkcs11.so\n\nlibrary=/b/avain-pkcs11.so\n")],
    ),
    case("database_gone", Some("avain register"), &[(LIST, "library=/gone/avain-pkcs11.so\n")]),
    case(
        "module_other",
        Some("echo enable-in: >"),
        &[
            ("usr/share/p11-kit/modules/opensc-pkcs11.module", "module: opensc-pkcs11.so\n"),
            ("usr/lib/pkcs11/opensc-pkcs11.so", ""),
        ],
    ),
    case(
        "check_denied",
        None,
        &[("var/log/kern.log", "x\naudit: apparmor=\"DENIED\" name=\"/run/pcscd/pcscd.comm\"\n")],
    ),
    case("config_ignored", None, &[("home/me/.config/avain/avain.toml", "keypad = no\n")]),
    // One that the user has decided on already.
    case(
        "module_other",
        None,
        &[
            ("usr/share/p11-kit/modules/opensc-pkcs11.module", "module: opensc-pkcs11.so\n"),
            ("usr/lib/pkcs11/opensc-pkcs11.so", ""),
            ("home/me/.config/pkcs11/modules/opensc-pkcs11.module", "disable-in: firefox\n"),
        ],
    ),
    case(
        "module_gone",
        Some("avain register"),
        &[("etc/pkcs11/modules/avain.module", "module: /gone/avain.so\n")],
    ),
    case("module_nowhere", Some("avain register"), &[]),
    case(
        "check_java",
        Some("avain register java"),
        &[(
            "home/me/.config/avain/java.cfg",
            "# Written by avain register; avain unregister takes it away.\nlibrary = /gone/avain-pkcs11.so\n",
        )],
    ),
];

const SNAP: &str = "home/me/snap/firefox/common/.mozilla/firefox/p/pkcs11.txt";

fn furnish(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// What the doctor finds on that computer, with what helps.
fn found(root: &Path, variables: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let mut command = Command::new(tool());
    command.args(["doctor", "--json", "--root"]).arg(root);
    command.env_clear().env("HOME", "/home/me").envs(variables.iter().copied());
    let run = run_to_end(command, &[]);
    let told: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:#?}"));
    let one = |told: &Value| {
        let text = |name: &str| told[name].as_str().map(str::to_owned);
        (text("id").expect("an id"), text("cure"))
    };
    told.as_array().expect("a list").iter().map(one).collect()
}

#[test]
fn each_check_finds_what_it_is_for_and_names_what_helps() {
    for Case { finds, cure, files, variables } in &CASES {
        let root = scratch("computer");
        furnish(&root, &[(MODULE, "no library")]);
        furnish(&root, files);
        let found = found(&root, variables);
        let is_it = |(id, told): &&(String, Option<String>)| {
            id == finds
                && match (cure, told) {
                    (None, None) => true,
                    (Some(cure), Some(told)) => told.contains(cure),
                    _ => false,
                }
        };
        assert!(found.iter().any(|found| is_it(&found)), "{finds}: {cure:?} is not in {found:#?}");
    }
}

/// What no file tells, or the lack of one.
#[test]
fn a_clock_a_module_and_its_place_are_looked_at_too() {
    let ids = |root: &Path| found(root, &[]).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    let root = scratch("computer");
    furnish(&root, &[("etc/os-release", "ID=debian\n")]);
    let release = fs::File::options().write(true).open(root.join("etc/os-release")).unwrap();
    release.set_modified(SystemTime::now() + Duration::from_secs(3600)).unwrap();
    let told = ids(&root);
    assert!(told.iter().any(|id| id == "check_clock") && told.iter().any(|id| id == "check_no_module"));
    furnish(&root, &[("usr/local/lib/pkcs11/avain-pkcs11.so", "")]);
    fs::remove_file(root.join("usr/local/lib/pkcs11/avain-pkcs11.so")).unwrap();
    // Whoever opens it waits for a writer.
    run(Command::new("mkfifo").arg(root.join("usr/local/lib/pkcs11/avain-pkcs11.so")));
    assert!(ids(&root).iter().any(|id| id == "check_hangs"));
}

/// What a command does besides is said before it is run.
#[test]
fn a_cure_that_weakens_or_leaves_out_something_says_so() {
    let root = scratch("computer");
    furnish(
        &root,
        &[
            ("usr/share/polkit-1/actions/org.debian.pcsc-lite.policy", ""),
            ("etc/polkit-1/rules.d/40-others.rules", ""),
            ("usr/share/p11-kit/modules/opensc-pkcs11.module", "module: opensc-pkcs11.so\n"),
            ("usr/lib/pkcs11/opensc-pkcs11.so", ""),
        ],
    );
    for (language, admits, omits) in [
        ("en", "everything that runs as you, also from other computers", "for every card"),
        ("fi", "kaikki, mikä toimii sinuna, myös muilta tietokoneilta", "kaikilta korteilta"),
        ("sv", "allt som körs som du, också från andra datorer", "för alla kort"),
        ("et", "kõik, mis töötab sinu nimel, ka teistest arvutitest", "kõigi kaartide puhul"),
    ] {
        let mut command = Command::new(tool());
        command.args(["doctor", "--lang", language, "--root"]).arg(&root);
        command.env_clear().env("HOME", "/home/me").env("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22");
        let told = run_to_end(command, &[]).ends(code::FAILED).out;
        for (command, warning) in [("polkit.addRule", admits), ("enable-in:", omits)] {
            let after = told.split(command).nth(1).unwrap_or_else(|| panic!("no {command} in {told}"));
            let warned = after.lines().nth(1).unwrap_or_default();
            assert!(warned.contains(warning), "{warned:?} does not say {warning:?}");
        }
    }
}

/// Nothing is found where nothing is wrong. The module is the real one, with what it needs.
#[test]
fn a_computer_in_order_has_no_complaints() {
    let root = scratch("computer");
    furnish(
        &root,
        &[
            ("usr/sbin/pcscd", ""),
            ("run/pcscd/pcscd.comm", ""),
            ("usr/bin/firefox", ""),
            (LIST, &[OURS, NSS].concat()),
            ("usr/share/p11-kit/modules/avain.module", "module: avain-pkcs11.so\n"),
        ],
    );
    let place = root.join(MODULE);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    symlink(module(), &place).unwrap();
    assert_eq!(found(&root, &[]), []);
    // Without a library that it needs: the loader's words are shown.
    fs::remove_file(&place).unwrap();
    let bytes = fs::read(module()).unwrap();
    let needed = b"libpcsclite.so.1\0";
    let at = bytes.windows(needed.len()).position(|part| part == needed).expect("it needs the library");
    let without = [&bytes[..at], b"libpcsclost.so.1\0", &bytes[at + needed.len()..]].concat();
    fs::write(&place, without).unwrap();
    let said = doctor(&root);
    assert!(said.contains("cannot be loaded") && said.contains("libpcsclost.so.1"), "{said}");
    // For another architecture: the machine is in bytes 18 and 19 of the header.
    let other = [&bytes[..18], &[0xF3, 0x00], &bytes[20..]].concat();
    fs::write(&place, other).unwrap();
    assert!(doctor(&root).contains("cannot be loaded"));
}

fn module() -> PathBuf {
    kit::Module::to_install()
}

fn doctor(root: &Path) -> String {
    let mut command = Command::new(tool());
    command.args(["doctor", "--root"]).arg(root).env_clear().env("HOME", "/home/me").env("LC_ALL", "C.UTF-8");
    run_to_end(command, &[]).ends(code::FAILED).out
}

#[test]
fn what_the_cards_need_is_found_too() {
    // Its certificates are valid for five years.
    let soon = run(Command::new("date").args(["-u", "-d", "5 years ago 30 days", "+%F"]));
    for (card, told) in [
        ("fineid-v4.0,state=fresh-new", "What helps: avain activate"),
        ("fineid-v4.0,state=blocked-pins", "Both PINs are locked. To set them anew"),
        ("fineid-v4.0,interface=contactless,can=123456", "What helps: avain can add"),
        (&format!("fineid-v4.0,issued={}", soon.trim()), "A certificate of this card expires on"),
        ("fineid-v4.0,issued=2015-01-01", "expired"),
    ] {
        let _bench = Bench::with(card);
        let mut command = Command::new(tool());
        command.arg("doctor").env("HOME", scratch("home"));
        run_to_end(command, &[]).ends(code::FAILED).says(told);
    }
}

/// A cure is run when its user agrees, and not otherwise; and then it is looked again.
#[test]
fn a_cure_is_run_after_asking() {
    let _bench = Bench::with("fineid-v4.0");
    let home = scratch("home");
    let variables = [("HOME", home.to_str().unwrap()), ("XDG_CONFIG_HOME", ""), ("LC_ALL", "C.UTF-8")];
    let cures = || {
        let mut command = Command::new(tool());
        command.args(["doctor", "--json"]).envs(variables);
        let told: Value = serde_json::from_str(&run_to_end(command, &[]).out).unwrap();
        let cures = told.as_array().unwrap().iter().filter_map(|told| told["cure"].as_str());
        cures.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    // The module of OpenSC belongs to pkcs11-tool, with which tests are run.
    let is_ours = |cure: &String| cure.contains("opensc-pkcs11.module");
    let before = cures();
    assert!(before.iter().any(is_ours), "{before:?}");
    let omitted = home.join(".config/pkcs11/modules/opensc-pkcs11.module");
    for agrees in [false, true] {
        let mut terminal = Terminal::with_environment(&["doctor", "--fix"], &variables);
        for _ in &before {
            terminal.expect("Run this? ");
            // Only this one: the others would change the computer that the test runs on.
            let is_ours = is_ours(&terminal.line());
            terminal.enter(if agrees && is_ours { "y" } else { "n" });
        }
        assert_eq!(terminal.end().code, code::FAILED);
        assert_eq!(fs::read_to_string(&omitted).ok().as_deref(), agrees.then_some("enable-in:\n"));
    }
    assert!(!cures().iter().any(is_ours));
}

/// What is done about a pain.
enum Done {
    /// The doctor finds it.
    Found(&'static str),
    /// It does not occur: this test says so.
    Held(&'static str),
    /// It is not ours.
    NotOurs(&'static str),
}

use Done::{Found, Held, NotOurs};

/// What users of such software suffer from.
const PAINS: [(&str, Done); 47] = [
    ("a snap cannot load a module of the system", Found("check_sandbox")),
    ("a flatpak has neither the libraries nor the protocol of the service", Found("check_mismatch")),
    ("a browser is unable to add the module and does not say why", Found("check_load")),
    ("the registration is lost, or only half done", Found("check_register")),
    ("the module is loaded twice, and asks twice", Found("database_twice")),
    ("a package replaces the administrator's policies", Held("policies_are_merged_and_undone")),
    ("removed software leaves dead modules in profiles", Found("database_gone")),
    ("AppArmor or SELinux refuses the module", Found("check_denied")),
    ("the browser sees only a card that was there when it started", Held("a_card_may_come_and_go")),
    ("the service does not run", Found("check_not_running")),
    ("polkit refuses in sessions over the network", Found("check_remote")),
    ("every program that loads the module wakes the service", Held("a_connection_would_be_seen")),
    (
        "the reader is there, and the program says that there is no card",
        Held("what_is_no_identity_card_is_told"),
    ),
    ("faults of readers and their drivers", Found("check_faulty")),
    ("after a pause or a restart of the service all hangs", Held("a_restart_of_the_daemon_ends_the_login")),
    ("a second reader or a strange card disturbs", Held("a_reader_that_is_to_be_ignored_is_not_there")),
    ("another program holds the card", Found("check_holder")),
    ("the PIN is asked for again and again", Held("logs_in_when_it_was_registered")),
    ("nobody knows which PIN is meant", Held("a_wrong_pin_is_asked_for_again")),
    ("programs use up tries", Held("a_refused_pin_is_not_sent_again")),
    ("TLS 1.3 fails with RSA", Held("logs_in_by_tls_1_3")),
    ("nobody says how many tries are left", Held("cards_in_every_state_are_judged")),
    ("the last try is used by mistake", Held("the_last_try_is_kept_unless_it_may_be_used")),
    ("an activation that stopped half-way", Held("cards_in_every_state_are_judged")),
    ("the keypad of a reader is not told of", Held("without_the_feature_there_is_no_keypad")),
    ("long PINs cannot be typed", Held("the_longest_and_the_shortest_pin")),
    ("the PUK is lost and nobody knows the way", Held("each_kind_of_card_in_its_own_words")),
    ("one document is signed twice", Held("one_signature_for_one_pin2")),
    ("the document is not shown before it is signed", NotOurs("the program that signs shows it")),
    ("LibreOffice finds no certificate", Held("a_folder_that_libreoffice_was_given_is_used")),
    ("listing keys takes long", Held("the_next_program_reads_beginnings_alone")),
    ("a search by label is an error", Held("a_template_is_filled_in_whatever_is_wrong_with_one_attribute")),
    (
        "certificates for signing on the web have to be accepted",
        Held("browsers_trust_the_service_as_long_as_it_is_on"),
    ),
    ("a web service picks the wrong certificate", Held("a_page_logs_in_and_signs_with_every_kind_of_card")),
    ("the browser freezes", Held("a_card_that_hangs_blocks_no_other_reader")),
    ("polling", Held("a_program_that_waits_or_is_logged_in_does_not_wake")),
    ("the module takes its program down", Held("a_panic_is_a_general_error")),
    ("forks", Held("a_forked_child_begins_anew_and_leaves_its_parent_alone")),
    ("names leave the computer unnoticed", Held("names_are_in_no_section")),
    ("labels with wrong words", Held("words_that_mislead_do_not_occur")),
    ("instructions for another distribution", Found("check_not_installed")),
    ("support asks for what nobody finds", Held("names_are_in_no_section")),
    ("something starts by itself unasked", Held("what_was_taken_out_stays_out_until_it_is_asked_for")),
    (
        "software that knows yesterday's cards only",
        Held("a_later_chip_of_a_known_family_serves_like_the_newest"),
    ),
    ("a signing program takes its own country's cards only", NotOurs("its own list decides that")),
    ("the module cannot be got rid of", Held("what_was_taken_out_stays_out_until_it_is_asked_for")),
    (
        "a wrong CAN slows the card down",
        Held("the_stored_number_is_tried_once_and_a_refused_one_never_again"),
    ),
];

fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|end| end == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn the_pains_of_users_are_cured_told_or_not_ours() {
    let mut text = String::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    sources(&root.join("pkcs11-tests"), &mut text);
    sources(&root.join("src"), &mut text);
    for (pain, done) in &PAINS {
        match done {
            Found(id) => assert!(CASES.iter().any(|case| case.finds == *id), "{pain}: {id}"),
            Held(test) => assert!(text.contains(&format!("fn {test}()")), "{pain}: no test {test}"),
            NotOurs(reason) => assert!(!reason.is_empty(), "{pain}"),
        }
    }
}
