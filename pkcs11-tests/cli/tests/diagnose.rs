//! `avain diagnose`: in every situation it tells what is the matter, in four languages, in time and without harm; and
//! nothing in it tells whose computer or whose card it is.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use cli::{Bench, Run, avain, code, run_to_end};
use kit::{Other, Rig, UnknownCard, run, scratch};
use serde_json::Value;
use simcard::Card;
use simcard::cards::CardModel;

const LANGUAGES: [&str; 4] = ["fi", "sv", "en", "et"];
/// Where the computer's name is.
const HOST: &str = "/proc/sys/kernel/hostname";

/// Every text of the report with its judgement, as scripts see it.
fn findings(language: &str) -> Vec<(String, String)> {
    let run = avain(&["diagnose", "--json", "--lang", language], &[]).ends(code::DONE);
    let told: Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:#?}"));
    let sections = told["sections"].as_array().expect("sections");
    let mut found = Vec::new();
    for section in sections {
        for told in section["findings"].as_array().expect("findings").iter().chain([section]) {
            let [id, text] = ["id", "text"].map(|name| told[name].as_str().expect(name).to_owned());
            let is_filled = id == "record" || !text.contains(['{', '}', '$']);
            assert!(text != id && is_filled, "{language}: {told:#}");
            found.push((id, told["judgement"].as_str().unwrap_or_default().to_owned()));
        }
    }
    found
}

/// In each language the report says these things, judged so.
#[track_caller]
fn today() -> String {
    kit::run(std::process::Command::new("date").args(["-u", "+%F"])).trim().into()
}

fn says(expected: &[(&str, &str)]) {
    for language in LANGUAGES {
        let found = findings(language);
        for (id, judgement) in expected {
            let judged = |(told, so): &(String, String)| told == id && so == judgement;
            assert!(found.iter().any(judged), "{language}: {judgement} {id} is not in {found:#?}");
        }
    }
}

#[test]
fn cards_in_every_state_are_judged() {
    const READY: (&str, &str) = ("next_nothing", "ok");
    let bench = Bench::with("fineid-v4.0");
    let today = today();
    for (state, expected) in [
        ("activated", &[READY, ("used_by_nobody", "ok"), ("service_answers", "ok")][..]),
        ("fresh-new", &[("next_activate", "attention"), ("pin_fresh", "fact")]),
        ("blocked-new", &[("next_set_both", "attention"), ("pin_locked_by_codes", "fact")]),
        ("half-new", &[("next_go_on", "attention")]),
        ("blocked-pins", &[("pin_locked", "fact"), ("next_set_both", "attention")]),
        ("blocked-pin2", &[("pin_locked", "fact"), ("next_unblock", "attention")]),
        ("blocked-puk", &[("code_locked", "fact")]),
    ] {
        bench.renew(&format!("fineid-v4.0,issued={today},state={state}"));
        says(expected);
    }
    // When cards with blocked PINs were still delivered, one that was locked by wrong codes cannot be told from them.
    for state in ["fresh-old", "blocked-new"] {
        bench.renew(&format!("fineid-v4.0,issued=2026-01-12,state={state}"));
        says(&[("next_activate", "attention"), ("pin_unset", "fact")]);
    }
    bench.renew("fineid-v4.0,issued=2015-01-01");
    says(&[("next_expired", "attention"), ("certificate_expired", "attention")]);
}

#[test]
fn what_is_no_identity_card_is_told() {
    for description in ["bank-card", "sim-card", "mute-card"] {
        let _bench = Bench::with(description);
        says(&[("reader_foreign", "attention")]);
    }
    let rig = Rig::start(1);
    says(&[("reader_empty", "fact"), ("service_answers", "ok")]);
    let unknown = UnknownCard::insert();
    kit::until("the card is seen", || !avain(&["status"], &[]).says("").out.contains("No card.\nReader"));
    says(&[("reader_foreign", "attention"), ("reader_empty", "fact")]);
    drop((unknown, rig));
}

#[test]
fn a_broken_card_is_told_by_step_and_status_word() {
    let _bench = Bench::with("half-personalised");
    says(&[("card_incomplete", "attention"), ("fact", "fact")]);
    avain(&["diagnose"], &[]).ends(code::DONE).says("Detail: step ").says("(ESTEID2018)").says(": 6A82");
}

#[test]
fn two_readers_have_a_section_each() {
    let rig = Rig::start(2);
    let first = rig.insert(0, kit::card("fineid-v4.0,state=fresh-new"));
    let second = rig.insert(1, kit::card(&format!("fineid-v3.1,holder=2,issued={}", today())));
    says(&[("next_activate", "attention"), ("next_nothing", "ok")]);
    let both = avain(&["diagnose"], &[]).says("(FINEID v4.0)").says("(FINEID v3.1)").out;
    assert_eq!(both.matches("Reader: ").count(), 2);
    let one = avain(&["diagnose", "--reader", second.reader()], &[]).ends(code::DONE).out;
    assert!(one.contains("FINEID v3.1") && !one.contains("FINEID v4.0"), "{one}");
    avain(&["diagnose", "--reader", "no such"], &[]).ends(code::NO_CARD).says("No card reader is called");
    drop(first);
}

#[test]
fn without_the_service_the_rest_is_told() {
    let _no_daemon = Rig::start(0);
    says(&[("no_service", "attention"), ("variable", "fact")]);
    // A socket that nobody listens at.
    fs::write("/run/pcscd/pcscd.comm", "").unwrap();
    says(&[("service_silent", "attention")]);
    fs::remove_file("/run/pcscd/pcscd.comm").unwrap();
}

#[test]
fn other_programs_at_the_card_are_told() {
    for model in ["fineid-v4.0", "fineid-org"] {
        let bench = Bench::with(model);
        let other = Other::connect(bench.reader());
        says(&[("used_shared", "fact"), ("next_nothing", "ok")]);
        avain(&["diagnose"], &[]).says("Connections of other programs: 1");
        other.leave();
        let alone = Other::alone(bench.reader()).expect("nobody else is connected");
        says(&[("used_alone", "attention"), ("card_busy", "attention")]);
        // So does the command that shows how the card stands.
        avain(&["status"], &[]).ends(code::FAILED).says("Another program uses the card");
        alone.leave();
    }
}

#[test]
fn a_program_that_keeps_the_card_busy_is_not_waited_for_for_ever() {
    let bench = Bench::with("fineid-v4.0");
    let mut other = Other::connect(bench.reader());
    let held = other.hold();
    let begun = Instant::now();
    avain(&["diagnose"], &[]).ends(code::DONE).says("could not be asked for 10 seconds");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    drop(held);
}

#[test]
fn a_program_that_takes_cards_is_told() {
    let _rig = Rig::start(1);
    let program = scratch("programs").join("scdaemon");
    fs::copy("/bin/sleep", &program).unwrap();
    let mut scdaemon = Command::new(&program).arg("60").spawn().unwrap();
    says(&[("program_scdaemon", "attention")]);
    scdaemon.kill().unwrap();
    scdaemon.wait().unwrap();
    // This program has the library of the service loaded, by which it waits for cards.
    says(&[("program_service", "fact")]);
}

/// A user's folder in which everything is in the way of being read.
fn obstructed() -> PathBuf {
    let home = scratch("home");
    let profiles = home.join(".mozilla/firefox");
    let modules = home.join(".config/pkcs11/modules");
    for folder in [&profiles, &modules] {
        fs::create_dir_all(folder).unwrap();
    }
    for (name, text) in [("good", "library=/gone/avain-pkcs11.so\n"), ("none", "name=x\n")] {
        fs::create_dir(profiles.join(name)).unwrap();
        fs::write(profiles.join(name).join("pkcs11.txt"), text).unwrap();
    }
    let pipe = |path: &Path| drop(run(Command::new("mkfifo").arg(path)));
    fs::create_dir(profiles.join("pipe")).unwrap();
    pipe(&profiles.join("pipe/pkcs11.txt"));
    fs::create_dir(profiles.join("huge")).unwrap();
    File::create(profiles.join("huge/pkcs11.txt")).unwrap().set_len(1 << 40).unwrap();
    symlink(".", profiles.join("loop")).unwrap();
    symlink("/dev/zero", modules.join("endless.module")).unwrap();
    symlink("itself.module", modules.join("itself.module")).unwrap();
    pipe(&modules.join("pipe.module"));
    let odd = modules.join(std::ffi::OsStr::from_bytes(b"p\xE4\x1B[31m.module"));
    fs::write(odd, b"module: /x/\xFF\x1B]0;avain-pkcs11.so\n").unwrap();
    home
}

#[test]
fn nothing_in_the_users_folder_keeps_it_waiting() {
    let _rig = Rig::start(1);
    let mut command = Command::new(cli::tool());
    command.arg("diagnose").env("HOME", obstructed()).env_remove("XDG_CONFIG_HOME");
    let begun = Instant::now();
    let run = run_to_end(command, &[]).ends(code::DONE);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let run = run
        .says("~/.mozilla/firefox: 4 lists of modules, Avain in 1")
        .says("~/.mozilla/firefox/…/pkcs11.txt cannot be read")
        .says("~/.config/pkcs11/modules/pipe.module cannot be read")
        .says("~/.config/pkcs11/modules/endless.module cannot be read")
        .says("names a module of Avain that is not there");
    assert!(!run.out.contains('\x1B'), "{run:#?}");
    // A folder whose name is no text, and none at all.
    let odd = scratch("homes").join(std::ffi::OsStr::from_bytes(b"\xE4"));
    fs::create_dir_all(odd.join(".pki/nssdb")).unwrap();
    fs::write(odd.join(".pki/nssdb/pkcs11.txt"), "library=\n").unwrap();
    let mut command = Command::new(cli::tool());
    command.arg("diagnose").env("HOME", odd);
    run_to_end(command, &[]).ends(code::DONE).says("~/.pki/nssdb: 1 list of modules");
    let mut command = Command::new(cli::tool());
    command.arg("diagnose").env_clear();
    run_to_end(command, &[]).ends(code::DONE).says("HOME is not set");
}

#[test]
fn the_file_is_new_and_the_users_own() {
    let _bench = Bench::with("fineid-v4.0");
    let folder = scratch("output");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let file = path("report.txt");
    avain(&["diagnose", "--output", &file], &[]).ends(code::DONE).says(&format!("Written: {file}\n"));
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o600);
    // It is what is shown, but for the time of each step.
    let without_times = |report: &str| report.split("What was done").next().map(str::to_owned);
    assert_eq!(without_times(&written), without_times(&avain(&["diagnose"], &[]).out));
    // What is there stays, and a link is not followed.
    symlink(path("elsewhere"), path("link")).unwrap();
    for taken in ["report.txt", "link"] {
        avain(&["diagnose", "-o", &path(taken)], &[]).ends(code::FAILED).says("exists already");
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), written);
    assert!(!Path::new(&path("elsewhere")).exists());
    avain(&["diagnose", "-o", &path("no/folder")], &[]).ends(code::FAILED).says("cannot be written");
}

/// The status word of a command, in a line of the log.
fn answer(line: &str) -> Option<u16> {
    let (_, answer) = line.rsplit_once(": ")?;
    u16::from_str_radix(answer.split(',').next()?, 16).ok()
}

/// Models of all kinds of cards, strangers too.
fn models() -> impl Iterator<Item = String> {
    CardModel::EVERY.iter().map(ToString::to_string)
}

#[test]
fn a_card_is_asked_no_more_than_by_the_status() {
    let mut costs = Vec::new();
    for model in models() {
        let bench = Bench::with(&model);
        let pins = bench.lasting().pins;
        let [(_, status), (report, diagnosis)] = ["status", "diagnose"].map(|command| {
            bench.card().log_mut().mark();
            let run = avain(&[command], &[]);
            (run.out, bench.card().log().since_mark().count)
        });
        assert!(diagnosis <= status, "{model}: {diagnosis} commands instead of {status}");
        // The report has each of them with its answer.
        let is_command = |line: &&str| line.starts_with("  avain ") && answer(line).is_some();
        assert_eq!(report.lines().filter(is_command).count() as u64, diagnosis, "{model}: {report}");
        // Every PIN is as it was, and none was presented.
        assert_eq!(bench.lasting().pins, pins, "{model}");
        costs.push(format!("{model} {diagnosis}/{status}"));
    }
    eprintln!("  commands of avain diagnose/status: {}", costs.join(", "));
}

/// What must not be in the report, and every form in which it could be there.
struct Sentinel(String);

impl Sentinel {
    fn forms(&self) -> Vec<Vec<u8>> {
        let hex =
            |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes();
        let escaped = |byte: &u8| match byte {
            b if b.is_ascii_alphanumeric() => char::from(*b).to_lowercase().to_string(),
            b => format!("%{b:02x}"),
        };
        let little: Vec<u8> = self.0.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = self.0.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let plain = self.0.to_lowercase();
        let every_escaped: String = self.0.bytes().map(|byte| format!("%{byte:02x}")).collect();
        vec![
            plain.into_bytes(),
            hex(self.0.as_bytes()),
            hex(&little),
            hex(&big),
            little,
            big,
            self.0.as_bytes().iter().map(escaped).collect::<String>().into_bytes(),
            every_escaped.into_bytes(),
        ]
    }

    /// Is it in what was said, in any form, with or without spaces between?
    fn is_in(&self, run: &Run) -> bool {
        let said = format!("{}{}", run.out, run.err).to_lowercase();
        let dense = said.replace([' ', ':', '\n'], "");
        self.forms().iter().any(|form| {
            let within = |text: &str| text.as_bytes().windows(form.len()).any(|part| part == form.as_slice());
            within(&said) || (form.len() > 8 && within(&dense))
        })
    }
}

/// The user of the test, and his folder in which his name and the folder's are everywhere.
fn telltale_home() -> (PathBuf, Vec<Sentinel>) {
    let (user, folder) = ("quisquiliae", "folderofquisquiliae");
    let home = scratch("home").join(folder);
    let text = home.to_str().unwrap().to_owned();
    for (file, content) in [
        (".mozilla/firefox/quisquiliae.default/pkcs11.txt", format!("library={text}/avain-pkcs11.so\n")),
        (".config/pkcs11/modules/a.module", format!("module: {text}/lib/quisquiliae/avain-pkcs11.so\n")),
        (".config/pkcs11/modules/quisquiliae.module", format!("module: {text}/opensc-pkcs11.so\n")),
        ("opensc-pkcs11.so", String::new()),
    ] {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    (home, [user, folder].map(|name| Sentinel(name.to_owned())).into())
}

/// Runs a program in a computer that is called so; `$0` is the name.
const RENAMED: [&str; 4] = ["--uts", "sh", "-c", "echo $0 >/proc/sys/kernel/hostname && exec \"$@\""];

/// The computer's name: a telling one, where it may be renamed for one program.
fn host() -> (String, bool) {
    let telltale = "hostofquisquilius";
    let renamed = Command::new("unshare").args(RENAMED).args([telltale, "cat", HOST]).output();
    if renamed.is_ok_and(|output| output.stdout.starts_with(telltale.as_bytes())) {
        return (telltale.to_owned(), true);
    }
    (fs::read_to_string(HOST).unwrap().trim().to_owned(), false)
}

/// The tool as that user has it.
fn as_somebody(arguments: &[&str], home: &Path) -> Run {
    let mut command = match host() {
        (name, true) => {
            let mut command = Command::new("unshare");
            command.args(RENAMED).arg(name).arg(cli::tool());
            command
        }
        (_, false) => Command::new(cli::tool()),
    };
    let escaped: String = home.to_str().unwrap().bytes().map(|byte| format!("%{byte:02X}")).collect();
    command
        .args(arguments)
        .env("HOME", home)
        .env("USER", "quisquiliae")
        .env_remove("XDG_CONFIG_HOME")
        .env("AVAIN_LOG_FILE", home.join("log"))
        .env("P11_KIT_SERVER_ADDRESS", format!("unix:path={escaped}"))
        .env("PCSCLITE_NOTE", "of quisquiliae");
    run_to_end(command, &[])
}

/// What a card and its certificates tell of the holder.
fn sentinels_of(card: &Card) -> Vec<Sentinel> {
    let holder = card.holder();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let code = holder.personal_code.clone();
    let mut names = vec![digits(&code), code, card.printed_serial()];
    names.extend([&holder.given_name, &holder.surname].map(Clone::clone));
    names.extend([&holder.given_name, &holder.surname].iter().flat_map(|n| n.split('-')).map(str::to_owned));
    names.into_iter().filter(|name| name.chars().count() > 3).map(Sentinel).collect()
}

#[test]
fn nothing_tells_whose_card_and_whose_computer_it_is() {
    let (home, somebody) = telltale_home();
    let host = Sentinel(host().0);
    let mut searched = 0;
    for (model, language) in models().zip(LANGUAGES.iter().cycle()) {
        let bench = Bench::with(&model);
        let of_holder = sentinels_of(&bench.card());
        // The status tells them, so they would be found.
        if model.starts_with("fineid") {
            let status = avain(&["status", "--personal"], &[]);
            assert!(of_holder.iter().any(|sentinel| sentinel.is_in(&status)), "{model}: {status:#?}");
        }
        for form in [&["diagnose", "--lang", language][..], &["diagnose", "--json", "--verbose"]] {
            let run = as_somebody(form, &home).ends(code::DONE);
            for sentinel in of_holder.iter().chain(&somebody).chain([&host]) {
                assert!(!sentinel.is_in(&run), "{model}: {} is in {run:#?}", sentinel.0);
                searched += sentinel.forms().len();
            }
            assert!(!run.out.contains("MII"), "a certificate: {run:#?}");
            assert!(run.out.contains("~/.mozilla/firefox") && run.out.contains("~/log"), "{run:#?}");
        }
    }
    eprintln!("  forms of names and numbers not found in any diagnosis: {searched}");
}

/// People paste it into forums.
#[test]
fn the_status_tells_whose_card_it_is_only_on_request() {
    for model in models() {
        let bench = Bench::with(&model);
        let of_holder = sentinels_of(&bench.card());
        for form in [&["status"][..], &["status", "--json"]] {
            let run = avain(form, &[]);
            for sentinel in &of_holder {
                assert!(!sentinel.is_in(&run), "{model}: {} is in {run:#?}", sentinel.0);
            }
            let unknown = run.code == code::UNSUPPORTED;
            assert!(unknown || run.out.contains("ertificate"), "{model}: nothing was read: {run:#?}");
        }
    }
}

#[test]
fn each_form_of_a_name_would_be_found() {
    let sentinel = Sentinel("Jõeorg".to_owned());
    for form in sentinel.forms() {
        let out = String::from_utf8(form).map(|form| format!("x {form}y"));
        // UTF-16 with these letters is text as well, but for one order of bytes.
        let Ok(out) = out else { continue };
        assert!(sentinel.is_in(&Run { code: 0, out, err: String::new() }));
    }
    let spaced = "4A C3 B5 65 6F 72 67".to_owned();
    assert!(sentinel.is_in(&Run { code: 0, out: spaced, err: String::new() }));
}

#[test]
fn who_answers_web_eid_is_told() {
    let _rig = Rig::start(1);
    let home = scratch("home");
    let manifest = home.join(".mozilla/native-messaging-hosts/eu.webeid.json");
    fs::create_dir_all(manifest.parent().unwrap()).unwrap();
    for (program, words) in [
        ("/usr/bin/env", "In Firefox, Web eID is answered by /usr/bin/env (~/.mozilla/"),
        ("/nowhere/avain-web", "would be answered by /nowhere/avain-web, which is not there"),
    ] {
        fs::write(&manifest, format!(r#"{{"path":"{program}"}}"#)).unwrap();
        let mut command = Command::new(cli::tool());
        command.arg("diagnose").env("HOME", &home).env_remove("XDG_CONFIG_HOME");
        run_to_end(command, &[]).ends(code::DONE).says(words);
    }
}
