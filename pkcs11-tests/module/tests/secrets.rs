//! PINs are in locked pages while they are needed, and nowhere else, ever: not in the memory of the program, in a child,
//! in a dump, in a log. The program is `puppet`, which itself keeps none; what is looked into is all of its memory.
//!
//! Not looked into: pcscd, which has to see each PIN, and the kernel's buffers of the socket to it.

use cryptoki_sys::*;
use kit::leaks::{Leak, Search, locked_alone, nothing, rare_key, rare_pin};
use kit::{InsertedCard, Module, Puppet, Rig, scratch, until};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A kind of card, and what its holder may do.
struct Kind {
    card: &'static str,
    /// Token of PIN1, and its key.
    first: (&'static str, &'static str),
    /// Token of PIN2, and its key. A card with one PIN has both keys under that.
    second: (&'static str, &'static str),
    /// Whether a PUK sets a PIN.
    puk: bool,
}

const KINDS: [Kind; 5] = [
    Kind { card: "fineid-v4.0", first: ("FINEID (PIN1)", "69"), second: ("FINEID (PIN2)", "70"), puk: true },
    Kind { card: "fineid-v3.1", first: ("FINEID (PIN1)", "69"), second: ("FINEID (PIN2)", "70"), puk: true },
    Kind { card: "estonia-idemia", first: ("ESTEID (PIN1)", "1"), second: ("ESTEID (PIN2)", "2"), puk: true },
    Kind { card: "latvia-rsa", first: ("LatEID (PIN1)", "1"), second: ("LatEID (PIN2)", "2"), puk: true },
    Kind { card: "belgium-1.8", first: ("BELPIC", "2"), second: ("BELPIC", "3"), puk: false },
];

/// A way to run: how much the module tells, and how much pcscd and its library tell.
struct Way {
    log: &'static [(&'static str, &'static str)],
    pcscd: &'static [&'static str],
}

/// Stands for a file.
const LOG: &str = "log";

const WAYS: [Way; 3] = [
    Way { log: &[], pcscd: &[] },
    Way { log: &[("AVAIN_LOG", "info"), ("AVAIN_LOG_FILE", LOG)], pcscd: &[] },
    // Not --apdu: that is for printing what goes to the card, and it prints PINs.
    Way { log: &[("AVAIN_LOG", "debug"), ("PCSCLITE_DEBUG", "0")], pcscd: &["--debug"] },
];

const USER: &str = "1";
const OFFICER: &str = "0";
const CONTEXT: &str = "2";

/// The PINs of one run.
struct Pins([(&'static str, String); 8]);

impl Pins {
    fn new() -> Self {
        let names = ["PIN1", "PIN2", "PUK", "wrong PIN1", "new PIN1", "new PIN2", "newer PIN1", "newer PIN2"];
        Self(names.map(|name| (name, rare_pin())))
    }

    fn of(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| *known == name);
        &found.unwrap_or_else(|| panic!("no {name}")).1
    }

    fn search(&self) -> Search {
        let all: Vec<_> = self.0.iter().map(|(name, pin)| (*name, pin.as_str())).collect();
        Search::of(&all)
    }

    /// A card that has them.
    fn card(&self, kind: &Kind) -> String {
        let [pin1, pin2, puk] = ["PIN1", "PIN2", "PUK"].map(|name| self.of(name));
        format!("{},pin1={pin1},pin2={pin2},puk={puk}", kind.card)
    }
}

/// What a process has open.
fn descriptors(process: u32) -> BTreeSet<String> {
    let folder = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// One program with one card.
struct Run<'r> {
    rig: &'r Rig,
    puppet: Puppet,
    search: Search,
    pins: Pins,
    log: PathBuf,
    /// What it had open when it was started.
    inherited: BTreeSet<String>,
    card: InsertedCard,
}

impl<'r> Run<'r> {
    fn new(rig: &'r Rig, kind: &Kind, variables: &[(&str, &str)]) -> Self {
        let pins = Pins::new();
        let card = rig.insert(0, kit::card(&pins.card(kind)));
        // What is looked into is the module alone, without a spy before it.
        let program = [env!("CARGO_BIN_EXE_puppet")];
        let log = scratch("log").join("log");
        fs::write(&log, "").unwrap();
        let path = log.to_str().unwrap();
        let variables =
            variables.iter().map(|(name, value)| (*name, if *value == LOG { path } else { value }));
        let variables: Vec<_> = variables.collect();
        let puppet = Puppet::start(&program, &Module::under_test(), &variables);
        let inherited = descriptors(puppet.id());
        Self { rig, puppet, search: pins.search(), pins, log, inherited, card }
    }

    /// Has the program do something; words that name a PIN stand for it.
    fn told(&mut self, words: &[&str]) -> String {
        let pin = |word: &&str| match self.pins.0.iter().find(|(name, _)| name == word) {
            Some((_, pin)) => pin.clone(),
            None => (*word).to_owned(),
        };
        let words: Vec<_> = words.iter().map(pin).collect();
        self.puppet.told(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    #[track_caller]
    fn does(&mut self, words: &[&str]) {
        assert_eq!(self.told(words), "CKR_OK", "{words:?}: {}", self.puppet.stderr());
    }

    /// Opens a session with each token, and signs with the first PIN, which was mistyped before.
    fn log_in_and_sign(&mut self, kind: &Kind) {
        self.does(&["initialize"]);
        self.does(&["open", kind.first.0]);
        self.does(&["open", kind.second.0]);
        assert_eq!(self.told(&["login", "0", USER, "wrong PIN1"]), "CKR_PIN_INCORRECT");
        self.nothing("after a wrong PIN");
        self.does(&["login", "0", USER, "PIN1"]);
        self.locked_alone(&["PIN1"], "while PIN1 stands");
        self.does(&["begin", "0", kind.first.1]);
        self.does(&["sign", "0"]);
        self.locked_alone(&["PIN1"], "after a signature with PIN1");
    }

    /// Takes the card out, so that the next one can be put in.
    fn end(self) {
        self.card.remove();
    }

    fn leaks(&self) -> Vec<Leak> {
        self.search.in_memory(self.puppet.id())
    }

    #[track_caller]
    fn nothing(&self, when: &str) {
        nothing(&self.leaks(), when);
    }

    #[track_caller]
    fn locked_alone(&self, pins: &[&str], when: &str) {
        locked_alone(&self.leaks(), pins, when);
    }
}

/// From before the login to after the end, all that a holder does with PINs.
fn live(run: &mut Run<'_>, kind: &Kind) {
    run.nothing("before");
    run.log_in_and_sign(kind);

    // A card with one PIN has it for both keys.
    let second = if kind.puk { "PIN2" } else { "PIN1" };
    let standing: &[&str] = if kind.puk { &["PIN1", "PIN2"] } else { &["PIN1"] };
    if kind.puk {
        run.does(&["login", "1", USER, second]);
        run.locked_alone(standing, "after the login with PIN2");
        run.does(&["begin", "1", kind.second.1]);
        run.does(&["sign", "1"]);
        run.locked_alone(&["PIN1"], "after the signature with PIN2");
    }
    run.does(&["begin", "1", kind.second.1]);
    run.does(&["login", "1", CONTEXT, second]);
    run.locked_alone(standing, "while a signature waits");
    run.does(&["sign", "1"]);
    run.locked_alone(&["PIN1"], "after that signature");

    run.does(&["set pin", "0", "PIN1", "new PIN1"]);
    run.locked_alone(&["new PIN1"], "after PIN1 was changed");
    if kind.puk {
        run.does(&["set pin", "1", "PIN2", "new PIN2"]);
        run.locked_alone(&["new PIN1"], "after PIN2 was changed");
        run.does(&["logout", "1"]);
    }
    run.does(&["logout", "0"]);
    run.nothing("after C_Logout");

    if kind.puk {
        run.does(&["login", "1", OFFICER, "PUK"]);
        run.locked_alone(&["PUK"], "while the PUK waits");
        run.does(&["init pin", "1", "newer PIN2"]);
        run.locked_alone(&["PUK"], "after C_InitPIN");
        run.does(&["logout", "1"]);
        run.nothing("after the security officer's C_Logout");
        run.does(&["activate", "PUK", "newer PIN1", "PIN2"]);
        run.nothing("after AVN_Activate");
    }

    // Ended in the middle of a login.
    let last = if kind.puk { "newer PIN1" } else { "new PIN1" };
    run.does(&["login", "0", USER, last]);
    run.locked_alone(&[last], "while it stands once more");
    run.does(&["finalize"]);
    run.nothing("after C_Finalize");
}

/// The last word: nothing of it was written anywhere.
fn said_nothing(run: &Run<'_>, way: &Way) {
    let stderr = run.puppet.stderr();
    nothing(&run.search.in_text(&stderr), "stderr");
    nothing(&run.search.in_file(&run.log), "the log");
    let pcscd = run.rig.log();
    nothing(&run.search.in_text(&pcscd), "pcscd's log");
    // Where something is to be said, it was.
    let to_file = way.log.contains(&("AVAIN_LOG_FILE", LOG));
    let aloud = way.log.contains(&("AVAIN_LOG", "debug"));
    assert_eq!(fs::read_to_string(&run.log).unwrap().contains("C_Finalize: CKR_OK"), to_file);
    assert_eq!(stderr.contains("CHANGE REFERENCE DATA"), aloud, "{stderr}");
    assert_eq!(stderr.contains("winscard_clnt"), aloud, "{stderr}");
    assert_eq!(pcscd.contains("winscard_svc"), aloud, "{pcscd}");
}

#[test]
fn a_pin_is_in_locked_pages_while_it_is_needed_and_nowhere_after() {
    let (mut images, mut bytes, mut forms) = (0, 0, 0);
    for way in &WAYS {
        let rig = Rig::with_options(1, way.pcscd);
        for kind in &KINDS {
            let mut run = Run::new(&rig, kind, way.log);
            live(&mut run, kind);
            said_nothing(&run, way);
            let looked = run.search.looked_at();
            (images, bytes) = (images + looked.0, bytes + looked.1);
            forms = run.search.forms().len();
            run.end();
        }
    }
    // Not by println, which is not seen where a test succeeds.
    let _ = writeln!(
        std::io::stderr(),
        "  {images} memories and logs ({} MiB) searched for {forms} forms of PINs: none found",
        bytes >> 20
    );
}

/// A card that is pulled out while its holder is logged in, with PIN2 given for a signature that waits, takes everything
/// with it: not when the old session is touched, but as soon as anything is asked.
#[test]
fn a_card_that_is_pulled_out_takes_its_pins_with_it() {
    let rig = Rig::start(1);
    for begun in [false, true] {
        let mut run = logged_in(&rig);
        if begun {
            run.does(&["begin", "1", KINDS[0].second.1]);
        }
        let Run { card, mut puppet, search, .. } = run;
        card.remove();
        assert_eq!(puppet.told(&["slots"]), "CKR_OK");
        the_copy_alone(&search.in_memory(puppet.id()), "after the card was pulled out");
    }
}

/// PIN2 waits 60 seconds for its signature, and no longer, also where the program has begun one and then calls for other
/// things only.
#[test]
fn a_pin2_is_wiped_when_its_time_is_over() {
    const OVER: Duration = Duration::from_secs(61);
    let rig = Rig::start(1);
    let mut run = Run::new(&rig, &KINDS[0], &[]);
    run.does(&["initialize"]);
    run.does(&["open", KINDS[0].second.0]);
    run.does(&["login", "0", USER, "PIN2"]);
    run.does(&["begin", "0", KINDS[0].second.1]);
    run.locked_alone(&["PIN2"], "while it waits");
    std::thread::sleep(OVER);
    run.does(&["slots"]);
    run.nothing("when its time is over");
    assert_eq!(run.told(&["sign", "0"]), "CKR_USER_NOT_LOGGED_IN");
    run.end();
}

/// Where the system locks no memory for a program, a PIN may be swapped out; the log says so. All else holds.
#[test]
fn without_locked_memory_a_pin_may_be_swapped_out_and_nothing_more() {
    const POOR: [&str; 5] =
        ["prlimit", "--memlock=0:0", "setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"];
    let rig = Rig::start(1);
    let kind = &KINDS[0];
    let pins = Pins::new();
    let card = rig.insert(0, kit::card(&pins.card(kind)));
    let program = [&POOR[..], &[env!("CARGO_BIN_EXE_puppet")]].concat();
    let mut puppet = Puppet::start(&program, &Module::under_test(), &[("AVAIN_LOG", "info")]);
    puppet.does(&["initialize"]);
    puppet.does(&["open", kind.first.0]);
    puppet.does(&["login", "0", USER, pins.of("PIN1")]);
    puppet.does(&["begin", "0", kind.first.1]);
    puppet.does(&["sign", "0"]);
    let leaks = pins.search().in_memory(puppet.id());
    assert!(!leaks.is_empty() && leaks.iter().all(|leak| leak.kept_back && !leak.locked), "{leaks:#?}");
    assert!(puppet.stderr().contains("a PIN may be swapped out"), "{}", puppet.stderr());
    puppet.does(&["logout", "0"]);
    nothing(&pins.search().in_memory(puppet.id()), "after C_Logout");
    card.remove();
}

/// A place for temporary files where no program can be run: the module has none of its own.
#[test]
fn nothing_has_to_be_run_from_the_place_for_temporary_files() {
    const HIDDEN: &str = "mount -t tmpfs -o noexec tmpfs \"$TMPDIR\" && exec \"$0\" \"$@\"";
    let rig = Rig::start(1);
    let kind = &KINDS[0];
    let pins = Pins::new();
    let card = rig.insert(0, kit::card(&pins.card(kind)));
    let place = scratch("noexec");
    let program = ["unshare", "--mount", "sh", "-c", HIDDEN, env!("CARGO_BIN_EXE_puppet")];
    let mut puppet = Puppet::start(&program, &Module::under_test(), &[("TMPDIR", place.to_str().unwrap())]);
    puppet.does(&["initialize"]);
    puppet.does(&["open", kind.first.0]);
    puppet.does(&["login", "0", USER, pins.of("PIN1")]);
    puppet.does(&["begin", "0", kind.first.1]);
    puppet.does(&["sign", "0"]);
    card.remove();
}

/// A secret key of a session, and all that is done with such keys in the module. When it is destroyed, no part of it is
/// left: not where it was compared or handed out, nor in digests, pads and key schedules.
#[test]
fn a_sessions_secrets_are_nowhere_after_their_end() {
    let rig = Rig::start(1);
    let mut run = Run::new(&rig, &KINDS[0], &[]);
    run.does(&["initialize"]);
    run.does(&["open", KINDS[0].first.0]);
    let [generic, aes] = [CKK_GENERIC_SECRET, CKK_AES].map(|kind| kind.to_string());
    let macs =
        [CKM_SHA_1_HMAC, CKM_SHA256_HMAC, CKM_SHA384_HMAC, CKM_SHA3_256_HMAC].map(|kind| kind.to_string());
    let uses: [(&str, &str, &[&str]); 9] = [
        ("nothing", &generic, &[]),
        ("value", &generic, &["value", "0", "KEY"]),
        ("find", &generic, &["find", "0", "DIGITS"]),
        ("digest", &generic, &["digest key", "0", "KEY"]),
        ("HMAC with SHA-1", &generic, &["mac", "0", &macs[0], "KEY"]),
        ("HMAC with SHA-256", &generic, &["mac", "0", &macs[1], "KEY"]),
        ("HMAC with SHA-384", &generic, &["mac", "0", &macs[2], "KEY"]),
        ("HMAC with SHA3-256", &generic, &["mac", "0", &macs[3], "KEY"]),
        ("key wrap", &aes, &["wrap", "0", "KEY", "OTHER DIGITS"]),
    ];
    for (what, kind, words) in uses {
        let (key, other) = (rare_key(), rare_key());
        let search = Search::of_keys(&[("the key", &key), ("the wrapped key", &other)]);
        let digits = |key: &[u8]| key.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let object = run.puppet.told(&["create", "0", kind, &digits(&key)]);
        assert!(!search.in_memory(run.puppet.id()).is_empty(), "{what}: the search finds nothing: {object}");
        let (given, other) = (digits(&key), digits(&other));
        let words: Vec<_> = words
            .iter()
            .map(|word| match *word {
                "KEY" => object.as_str(),
                "DIGITS" => given.as_str(),
                "OTHER DIGITS" => other.as_str(),
                other => other,
            })
            .collect();
        if !words.is_empty() {
            run.puppet.does(&words);
        }
        run.puppet.does(&["destroy", "0", &object]);
        nothing(&search.in_memory(run.puppet.id()), what);
    }
    run.end();
}

/// What the card decrypts, and the secret that it agrees on: nothing of them is left when the program has them, or when
/// the key that was made of them is destroyed.
#[test]
fn what_the_card_hands_out_is_nowhere_after() {
    let rig = Rig::start(1);
    let mut run = Run::new(&rig, &KINDS[0], &[]);
    run.does(&["initialize"]);
    run.does(&["open", KINDS[0].first.0]);
    run.does(&["login", "0", USER, "PIN1"]);
    let answer = run.puppet.told(&["derive", "0", KINDS[0].first.1]);
    let (object, digits) = answer.split_once(' ').unwrap_or_else(|| panic!("{answer}"));
    let value: Vec<_> = (0..digits.len() / 2)
        .map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("hexadecimal"))
        .collect();
    let search = Search::of_keys(&[("the secret", &value)]);
    assert!(!search.in_memory(run.puppet.id()).is_empty(), "the search finds nothing");
    run.does(&["destroy", "0", object]);
    nothing(&search.in_memory(run.puppet.id()), "after the key was destroyed");
    run.end();

    let rsa = Kind { card: "fineid-v3.0", ..KINDS[1] };
    let mut run = Run::new(&rig, &rsa, &[]);
    run.does(&["initialize"]);
    run.does(&["open", rsa.first.0]);
    run.does(&["login", "0", USER, "PIN1"]);
    let data = rare_key();
    let digits: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
    run.does(&["decipher", "0", rsa.first.1, &digits]);
    nothing(&Search::of_keys(&[("the data", &data)]).in_memory(run.puppet.id()), "after the decryption");
    run.end();
}

/// The keys of the channel to a card without contacts: in locked pages while the channel is open, and nowhere when the use
/// ends.
#[test]
fn the_keys_of_a_channel_are_in_locked_pages_and_nowhere_after() {
    let rig = Rig::start(1);
    let kind = Kind { card: "estonia-idemia,interface=contactless,can=480215", ..KINDS[2] };
    let mut run = Run::new(&rig, &kind, &[]);
    let entry = format!("480215/{}", run.pins.of("PIN1"));
    run.does(&["initialize"]);
    run.does(&["open", "ESTEID (CAN and PIN1)"]);
    run.does(&["login", "0", USER, &entry]);
    run.does(&["begin", "0", kind.first.1]);
    run.does(&["sign", "0"]);
    let keys = run.card.card().channel_keys().expect("a channel");
    let search = Search::of_keys(&[("the channel's keys", &keys)]);
    let leaks = search.in_memory(run.puppet.id());
    assert!(!leaks.is_empty() && leaks.iter().all(|leak| leak.locked), "{leaks:#?}");
    run.does(&["finalize"]);
    nothing(&search.in_memory(run.puppet.id()), "after the channel");
    run.nothing("after C_Finalize");
    run.end();
}

/// A PIN that is the password of a channel is looked for like any other, and so is the one of the signature key.
#[test]
fn a_pin_that_opens_a_channel_is_in_locked_memory_alone() {
    let rig = Rig::start(1);
    let kind =
        Kind { card: "lithuania", first: ("LTEID (PIN)", "1"), second: ("LTEID (QES PIN)", "2"), puk: false };
    let mut run = Run::new(&rig, &kind, &[]);
    run.log_in_and_sign(&kind);
    run.does(&["login", "1", USER, "PIN2"]);
    run.does(&["begin", "1", kind.second.1]);
    run.does(&["sign", "1"]);
    run.locked_alone(&["PIN1"], "after a signature with the other one");
    run.does(&["logout", "0"]);
    run.nothing("after C_Logout");
    run.end();
}

/// A program that is logged in with PIN1, with PIN2 given for a signature. Besides, it keeps a copy of a wrong PIN, so
/// that a search which finds nothing has looked at the right memory.
fn logged_in(rig: &Rig) -> Run<'_> {
    let kind = &KINDS[0];
    let mut run = Run::new(rig, kind, &[]);
    run.does(&["initialize"]);
    run.does(&["open", kind.first.0]);
    run.does(&["open", kind.second.0]);
    run.does(&["login", "0", USER, "PIN1"]);
    run.does(&["login", "1", USER, "PIN2"]);
    run.locked_alone(&["PIN1", "PIN2"], "while both wait");
    let copy: String = run.pins.of(KEPT).bytes().map(|byte| format!("{byte:02x}")).collect();
    run.does(&["keep", &copy]);
    run
}

/// The PIN of which a copy is kept.
const KEPT: &str = "wrong PIN1";

/// The copy was found, and no PIN that was given to the module.
#[track_caller]
fn the_copy_alone(leaks: &[Leak], when: &str) {
    let found: BTreeSet<_> = leaks.iter().map(|leak| leak.form.as_str()).collect();
    assert_eq!(found, BTreeSet::from([&*format!("{KEPT} as typed")]), "{when}: {leaks:#?}");
}

#[test]
fn a_copy_would_be_found_in_each_form() {
    let rig = Rig::start(1);
    let mut run = Run::new(&rig, &KINDS[0], &[]);
    run.nothing("before");
    let forms = run.search.forms().to_vec();
    for form in &forms {
        let copy: String = form.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        run.does(&["keep", &copy]);
        let found = run.leaks();
        assert!(found.iter().any(|leak| leak.form == form.name && !leak.locked), "{}", form.name);
    }
    let found: BTreeSet<_> = run.leaks().into_iter().map(|leak| leak.form).collect();
    assert_eq!(found, forms.into_iter().map(|form| form.name).collect());
}

#[test]
fn the_child_of_a_program_that_is_logged_in_has_no_pin() {
    let rig = Rig::start(1);
    let mut run = logged_in(&rig);
    let forked = run.told(&["fork"]).parse().unwrap();
    the_copy_alone(&run.search.in_memory(forked), "after fork");
    let executed: u32 = run.told(&["exec"]).parse().unwrap();
    let maps = format!("/proc/{executed}/maps");
    until("it is another program", || fs::read_to_string(&maps).unwrap().contains("[heap]"));
    nothing(&run.search.in_memory(executed), "after exec");
    // Nor a way to the card: it has what the program itself was started with.
    assert_eq!(descriptors(executed), run.inherited);
    assert_ne!(descriptors(run.puppet.id()), run.inherited);
    for child in [forked, executed] {
        kit::run(Command::new("kill").args(["-KILL", &child.to_string()]));
    }
}

/// A dump that gdb makes of a program, with these settings.
fn dump(process: u32, settings: &[&str], file: &Path) {
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch", "-p", &process.to_string()]);
    let write = format!("generate-core-file {}", file.display());
    for command in settings.iter().chain(&[write.as_str()]) {
        gdb.args(["-ex", command]);
    }
    kit::run(&mut gdb);
}

#[test]
fn a_dump_of_a_program_that_is_logged_in_has_no_pin() {
    let rig = Rig::start(1);
    let run = logged_in(&rig);
    let folder = scratch("dump");
    let [usual, whole] = ["usual", "whole"].map(|name| folder.join(name));
    dump(run.puppet.id(), &[], &usual);
    the_copy_alone(&run.search.in_file(&usual), "gdb");
    // It is for the pages' own wish to be left out that they are not there.
    dump(run.puppet.id(), &["set use-coredump-filter off", "set dump-excluded-mappings on"], &whole);
    let found: BTreeSet<_> = run.search.in_file(&whole).into_iter().map(|leak| leak.form).collect();
    assert_eq!(found, ["PIN1", "PIN2", KEPT].map(|name| format!("{name} as typed")).into());
}

/// Where the system hands what the kernel dumps to a program of its own, or permits no dump, there is no file here to look
/// into; that the kernel knows of the pages' wish is shown by their flag `dd`, without which none of these tests passes.
#[test]
fn a_dump_that_the_kernel_makes_has_no_pin() {
    let rig = Rig::start(1);
    let mut run = logged_in(&rig);
    assert_eq!(run.puppet.asked(&["abort"]), "");
    let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    let files = fs::read_dir(&run.puppet.folder).unwrap().map(|entry| entry.unwrap().path());
    let dumps: Vec<_> = files.filter(|path| !path.ends_with("stderr")).collect();
    let limit = kit::run(Command::new("sh").args(["-c", "ulimit -H -c"]));
    let lands_here = !pattern.starts_with(['|', '/']) && limit.trim() != "0";
    assert_eq!(dumps.len(), usize::from(lands_here), "{pattern} {limit} {dumps:?}");
    for dump in dumps {
        the_copy_alone(&run.search.in_file(&dump), "the kernel's dump");
    }
}
