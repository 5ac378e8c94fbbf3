//! What the compiler does not hold: the order of the layers inside a crate, and where the types of others may be named.
//! The order between the crates is in their Cargo.toml.
#![allow(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Parts of a folder from the top down, and how its code calls that folder. A part uses only those that stand after it.
const LAYERS: [(&str, &str, &[&str]); 3] = [
    ("card", "crate", &["store", "token", "cards", "iso7816", "transport", "log", "settings", "sys"]),
    ("module", "crate", &["ffi", "p11"]),
    (
        "module/p11",
        "crate::p11",
        &[
            "vendor",
            "general",
            "sessions",
            "operations",
            "session",
            "slots",
            "objects",
            "mechanisms",
            "fault",
        ],
    ),
];

/// What may be named in one place alone: the word, the files.
const OWNERS: [(&str, &[&str]); 8] = [
    ("cryptoki_sys", &["module/ffi", "module/p11", "module/readme.rs"]),
    ("use pcsc::", &["card/transport"]),
    ("gio::", &["agent", "window"]),
    ("libc::", &["card/sys/unix"]),
    ("windows_sys::", &["card/sys/windows"]),
    ("cfg(unix", &["card/sys"]),
    ("cfg(windows", &["card/sys"]),
    ("target_os", &["card/sys", "module/build.rs"]),
];

/// The crates and folders without unsafe code, and how they say so.
const SAFE: [(&str, &str); 17] = [
    ("agent/main.rs", "#![forbid(unsafe_code)]"),
    ("crypto/lib.rs", "#![forbid(unsafe_code)]"),
    ("flow/lib.rs", "#![forbid(unsafe_code)]"),
    ("module/build.rs", "#![forbid(unsafe_code)]"),
    ("tool/main.rs", "#![forbid(unsafe_code)]"),
    ("web/lib.rs", "#![forbid(unsafe_code)]"),
    ("web/main.rs", "#![forbid(unsafe_code)]"),
    ("card/lib.rs", "#[forbid(unsafe_code)] pub mod cards;"),
    ("card/lib.rs", "#[forbid(unsafe_code)] pub mod iso7816;"),
    ("card/lib.rs", "#[forbid(unsafe_code)] pub mod log;"),
    ("card/lib.rs", "#[forbid(unsafe_code)] pub mod settings;"),
    ("card/lib.rs", "#[forbid(unsafe_code)] pub mod store;"),
    ("card/lib.rs", "#[forbid(unsafe_code)] pub mod token;"),
    ("card/lib.rs", "#[forbid(unsafe_code)] pub mod transport;"),
    ("module/lib.rs", "#[forbid(unsafe_code)] pub mod p11;"),
    ("card/sys/mod.rs", "#![allow(unsafe_code, reason = "),
    ("module/ffi/mod.rs", "#![allow(unsafe_code, reason = "),
];

/// The tables of countries are the files that this list of all cards names.
const CARDS: &str = "card/cards/mod.rs";
/// Finland's two kinds of card, which share what one specification says.
const COUNTRYMEN: (&str, &str) = ("card/cards/fineid_org.rs", "fineid");

/// Longer files have more than one idea.
const MAX_LINES: usize = 600;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source file of the crates: its path below `src`, and its lines without comments and unit tests.
fn files() -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned);
        (path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), lines.collect())
    };
    found.iter().map(read).filter(|(path, _)| !path.contains("/tests/")).collect()
}

#[test]
fn a_layer_uses_only_what_stands_below_it() {
    for (folder, name, layers) in LAYERS {
        let mut held = 0;
        for (path, lines) in files() {
            let within = |layer: &&str| {
                path.starts_with(&format!("{folder}/{layer}/")) || path == format!("{folder}/{layer}.rs")
            };
            let Some(here) = layers.iter().position(within) else { continue };
            for (line, above) in
                lines.iter().flat_map(|line| layers[..here].iter().map(move |above| (line, above)))
            {
                assert!(!line.contains(&format!("{name}::{above}")), "{path} uses {above}: {line}");
            }
            held += 1;
        }
        assert!(held >= layers.len(), "{held} files of {folder}");
    }
}

#[test]
fn unsafe_code_is_forbidden_everywhere_but_at_the_boundary() {
    let files = files();
    for (path, word) in SAFE {
        let (_, lines) = files.iter().find(|(name, _)| name == path).unwrap_or_else(|| panic!("no {path}"));
        assert!(lines.join(" ").contains(word), "{path} does not say {word}");
    }
}

/// Name of a function of the boundary, and the name under which it logs and is judged: they are written twice.
#[test]
fn each_function_of_the_boundary_goes_by_its_own_name() {
    let mut held = 0;
    let within = |path: &str| path.starts_with("module/ffi/") && path != "module/ffi/exports.rs";
    for (path, lines) in files().into_iter().filter(|(path, _)| within(path)) {
        let text = lines.join("\n");
        for function in text.split("unsafe extern \"C\" fn ").skip(1).filter(|part| !part.starts_with('(')) {
            let (name, _) = function.split_once('(').unwrap();
            let said = function.split('"').nth(1).unwrap_or_default();
            assert_eq!(name, said, "in {path}");
            held += 1;
        }
    }
    // 104 of the standard, two of our own.
    assert_eq!(held, 106);
}

#[test]
fn foreign_types_stay_in_their_place() {
    for (path, lines) in files() {
        for (word, owners) in OWNERS {
            let owned = owners.iter().any(|owner| path.starts_with(owner));
            let named = lines.iter().find(|line| line.contains(word));
            assert!(owned || named.is_none(), "{path} names {word}: {named:?}");
        }
    }
}

/// The files of the cards in `PROFILES`.
fn countries(files: &[(String, Vec<String>)]) -> BTreeSet<String> {
    let (_, lines) = files.iter().find(|(path, _)| path == CARDS).unwrap();
    let list = lines.iter().skip_while(|line| !line.contains("PROFILES")).take_while(|line| *line != "];");
    let names = list.filter_map(|line| line.trim().strip_prefix('&')?.split_once("::"));
    names.map(|(file, _)| file.to_owned()).collect()
}

/// Nobody names a country's table but the list of all cards, so that another country is another file.
#[test]
fn a_country_is_one_file() {
    let files = files();
    let countries = countries(&files);
    assert!(countries.contains(COUNTRYMEN.1) && countries.len() > 4, "{countries:?}");
    for country in &countries {
        assert!(files.iter().any(|(path, _)| *path == format!("card/cards/{country}.rs")), "{country}");
    }
    for (path, lines) in files.iter().filter(|(path, _)| path != CARDS) {
        for country in countries.iter().filter(|country| (path.as_str(), country.as_str()) != COUNTRYMEN) {
            let name = |line: &&String| {
                line.contains(&format!("{country}::")) || line.contains(&format!("::{country};"))
            };
            let named = lines.iter().find(name);
            assert!(named.is_none(), "{path} names {country}: {named:?}");
        }
    }
}

#[test]
fn a_file_has_one_idea() {
    for (path, lines) in files() {
        assert!(lines.len() <= MAX_LINES, "{path} has {} lines", lines.len());
    }
}
