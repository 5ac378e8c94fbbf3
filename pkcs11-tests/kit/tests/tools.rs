//! pkcs11-tool, a program of others, with the module and with each card; OpenSSL judges the signatures.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use kit::openssl::{self, Scheme};
use kit::{InsertedCard, Module, PIN1, PIN2, Rig, run, scratch};

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Rsa,
    Ec,
}

/// CKA_ID, token and PIN, name of the certificate, kind.
type Key = (&'static str, (&'static str, &'static str), &'static str, Kind);

const V3_KEYS: &[Key] =
    &[("45", PIN1, "auth", Kind::Rsa), ("46", PIN2, "sign", Kind::Rsa), ("47", PIN2, "sign-ec", Kind::Ec)];
const V4_KEYS: &[Key] = &[("45", PIN1, "auth", Kind::Ec), ("46", PIN2, "sign", Kind::Ec)];

const MESSAGE: &[u8] = b"Any message will do.";

/// A card in a reader, and pkcs11-tool with the module.
struct Bench {
    inserted: InsertedCard,
    folder: PathBuf,
    _rig: Rig,
}

impl Bench {
    fn new(model: &str) -> Self {
        let rig = Rig::start(1);
        Self { inserted: rig.insert(0, kit::card(model)), folder: scratch("tools"), _rig: rig }
    }

    fn tool(&self, arguments: &[&str]) -> String {
        run(Command::new("pkcs11-tool").arg("--module").arg(Module::for_programs()).args(arguments))
    }

    /// The token's own certificate, as the simulated authority issued it.
    fn certificate(&self, name: &str) -> Vec<u8> {
        self.inserted.card().certificates().named(name).expect("the card has the certificate").der.clone()
    }

    /// Signs the content with a key and gives the signature.
    fn sign(&self, key: Key, mechanism: &str, more: &[&str], content: &[u8]) -> Vec<u8> {
        let (id, (token, pin), ..) = key;
        let [input, output] = ["input", "output"].map(|name| self.folder.join(name));
        fs::write(&input, content).unwrap();
        let [input, output_name] = [&input, &output].map(|path| path.to_str().unwrap());
        let arguments =
            ["--token-label", token, "--login", "--pin", pin, "--sign", "--id", id, "-m", mechanism];
        self.tool(&[&arguments[..], more, &["-i", input, "-o", output_name]].concat());
        fs::read(output).unwrap()
    }
}

fn digest(hash: &str) -> Vec<u8> {
    let folder = scratch("digest");
    let [message, digest] = ["message", "digest"].map(|name| folder.join(name));
    fs::write(&message, MESSAGE).unwrap();
    run(Command::new("openssl")
        .args(["dgst", "-binary", &format!("-{hash}"), "-out"])
        .arg(&digest)
        .arg(message));
    fs::read(digest).unwrap()
}

fn lists_two_tokens(model: &str) {
    let text = Bench::new(model).tool(&["-L"]);
    for (label, _) in [PIN1, PIN2] {
        assert!(text.contains(&format!(": {label}\n")), "{text}");
    }
}

fn lists_objects_without_login(model: &str, keys: &[Key]) {
    let bench = Bench::new(model);
    for &(id, (token, _), name, _) in keys {
        let text = bench.tool(&["--token-label", token, "-O"]);
        assert!(text.contains("Certificate Object"), "{text}");
        assert!(text.contains("Public Key Object"), "{text}");
        assert!(text.contains(&format!("ID:         {id}\n")), "{text}");
        let file = bench.folder.join("certificate");
        let file = file.to_str().unwrap();
        bench.tool(&["--token-label", token, "--read-object", "--type", "cert", "--id", id, "-o", file]);
        assert!(fs::read(file).unwrap() == bench.certificate(name), "certificate {id} is not the one issued");
    }
}

fn signs_with_every_mechanism(model: &str, keys: &[Key]) {
    const HASHES: [&str; 5] = ["sha1", "sha224", "sha256", "sha384", "sha512"];
    let bench = Bench::new(model);
    for &key in keys {
        let (id, _, name, kind) = key;
        let certificate = bench.certificate(name);
        let check = |scheme, hash: &str, mechanism: &str, more: &[&str]| {
            let signature = bench.sign(key, mechanism, more, MESSAGE);
            let holds = openssl::verifies(&certificate, scheme, hash, MESSAGE, &signature);
            assert!(holds, "{model}: key {id}, {mechanism}");
        };
        let check_digest = |scheme, hash: &str, mechanism: &str, more: &[&str]| {
            let digest = digest(hash);
            let signature = bench.sign(key, mechanism, more, &digest);
            let holds = openssl::verifies_digest(&certificate, scheme, Some(hash), &digest, &signature);
            assert!(holds, "{model}: key {id}, {mechanism} over a {hash} digest");
        };
        for hash in HASHES {
            let upper = hash.to_uppercase();
            match kind {
                Kind::Ec => {
                    // The standard names no reason to leave SHA-1 out, but nobody should start with it now.
                    if hash != "sha1" {
                        check(Scheme::Ecdsa, hash, &format!("ECDSA-{upper}"), &[]);
                    }
                    check_digest(Scheme::Ecdsa, hash, "ECDSA", &[]);
                }
                Kind::Rsa => {
                    check(Scheme::Pkcs1, hash, &format!("{upper}-RSA-PKCS"), &[]);
                    check(Scheme::Pss, hash, &format!("{upper}-RSA-PKCS-PSS"), &[]);
                    let hash_name = if hash == "sha1" { "SHA-1" } else { &upper };
                    check_digest(Scheme::Pss, hash, "RSA-PKCS-PSS", &["--hash-algorithm", hash_name]);
                }
            }
        }
        if kind == Kind::Rsa {
            // CKM_RSA_PKCS takes a DigestInfo (RFC 8017, 9.2).
            const SHA256_INFO: [u8; 19] =
                [48, 49, 48, 13, 6, 9, 96, 134, 72, 1, 101, 3, 4, 2, 1, 5, 0, 4, 32];
            let digest = digest("sha256");
            let signature = bench.sign(key, "RSA-PKCS", &[], &[&SHA256_INFO[..], &digest].concat());
            let holds =
                openssl::verifies_digest(&certificate, Scheme::Pkcs1, Some("sha256"), &digest, &signature);
            assert!(holds, "{model}: key {id}, RSA-PKCS");
        }
    }
}

/// OpenSC's own list of trials, on each token.
fn passes_the_tests_of_pkcs11_tool(model: &str) {
    let bench = Bench::new(model);
    for (token, pin) in [PIN1, PIN2] {
        let text = bench.tool(&["--token-label", token, "--login", "--pin", pin, "--test"]);
        assert!(text.contains("No errors"), "{text}");
    }
}

/// No trial above may have cost a PIN try.
fn spends_no_try(model: &str) {
    let bench = Bench::new(model);
    let tries = |bench: &Bench| {
        let card = bench.inserted.card();
        [simcard::PIN1, simcard::PIN2, simcard::PUK].map(|reference| card.tries_left(reference))
    };
    let before = tries(&bench);
    bench.tool(&["-L"]);
    bench.tool(&["-O"]);
    for (token, pin) in [PIN1, PIN2] {
        bench.tool(&["--token-label", token, "--login", "--pin", pin, "-O"]);
        // Impossible PINs: too short, too long, not digits.
        for wrong in ["1", "1234567890123", "12x45678"] {
            let arguments = ["--token-label", token, "--login", "--pin", wrong, "-O"];
            let mut tool = Command::new("pkcs11-tool");
            let output = tool.arg("--module").arg(Module::for_programs()).args(arguments).output().unwrap();
            assert!(!output.status.success(), "the PIN {wrong} was taken");
        }
    }
    assert_eq!(tries(&bench), before);
}

macro_rules! on_each_card {
    ($($card:ident: $model:literal with $keys:ident;)+) => {$(
        mod $card {
            const MODEL: &str = $model;

            #[test]
            fn lists_two_tokens() {
                super::lists_two_tokens(MODEL);
            }

            #[test]
            fn lists_objects_without_login() {
                super::lists_objects_without_login(MODEL, super::$keys);
            }

            #[test]
            fn signs_with_every_mechanism() {
                super::signs_with_every_mechanism(MODEL, super::$keys);
            }

            #[test]
            fn passes_the_tests_of_pkcs11_tool() {
                super::passes_the_tests_of_pkcs11_tool(MODEL);
            }

            #[test]
            fn spends_no_try() {
                super::spends_no_try(MODEL);
            }
        }
    )+};
}

on_each_card! {
    fineid_v3_0: "fineid-v3.0" with V3_KEYS;
    fineid_v3_1: "fineid-v3.1" with V3_KEYS;
    fineid_v4_0: "fineid-v4.0" with V4_KEYS;
    fineid_v4_1: "fineid-v4.1" with V4_KEYS;
}
