//! What the profiles of a token (CKO_PROFILE) do in NSS: a module between tells other things of them than there are.
//!
//! NSS lists what is on all tokens, as browsers do when a server wants a certificate. As it is, nobody is asked for a
//! PIN. Without the profile of a public-certificates token it wants to log in to both tokens, and so asks for PIN2
//! too. The profile of an authentication token, which this module does not claim, changes nothing for NSS while the
//! other is there.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use clients::{Card, Scene};
use rig::run;

/// The module between, built for this scene.
fn between(scene: &Scene) -> PathBuf {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/profiles.c");
    let flags = run(Command::new("pkg-config").args(["--cflags", "p11-kit-1"]));
    let built = scene.file("profiles.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", source, "-ldl", "-o"]).arg(&built);
    run(compiler.args(flags.split_whitespace()));
    built
}

/// How often NSS presents PIN1 and PIN2 to list all certificates, when the module between tells this of the profiles.
fn presented(profiles: &str) -> [u32; 2] {
    let scene = Scene::with(Card::Ec);
    let module = between(&scene);
    let nss = |program: &str| {
        let mut command = scene.program(program);
        command.env("AVAIN_BEHIND", scene.module()).env("AVAIN_PROFILES", profiles).stdin(Stdio::null());
        command
    };
    let folder = scene.file("nss");
    std::fs::create_dir_all(&folder).expect("make the folder of the database");
    let database = format!("sql:{}", folder.display());
    run(nss("certutil").args(["-N", "--empty-password", "-d", &database]));
    run(nss("modutil").args(["-force", "-dbdir", &database, "-add", "Between", "-libfile"]).arg(&module));
    let pins = format!("FINEID (PIN1):{}\nFINEID (PIN2):{}\n", scene.pin1(), scene.pin2());
    let pins = scene.write("pins", pins);
    let shown = run(nss("certutil").args(["-L", "-d", &database, "-h", "all", "-f"]).arg(pins));
    for name in ["FINEID (PIN1):FINEID authentication", "FINEID (PIN2):FINEID signature"] {
        assert!(shown.contains(name), "{shown}");
    }
    let card = scene.card();
    [simcard::PIN1, simcard::PIN2].map(|pin| card.credential_count(pin).commands)
}

#[test]
fn public_certificates_keep_nss_from_asking_for_any_pin() {
    assert_eq!(presented("as they are"), [0, 0]);
    assert_eq!(presented("hide"), [1, 1]);
    assert_eq!(presented("claim"), [0, 0]);
}
