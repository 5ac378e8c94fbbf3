//! The order of the layers, held by reading the `use` lines.

use std::fs;
use std::path::{Path, PathBuf};

/// From the top down. A layer uses only layers that stand after it.
const LAYERS: [&str; 8] = ["ffi", "p11", "token", "cards", "crypto", "iso7816", "transport", "log"];

/// The use cases stand on `token` as `p11` does, beside it: neither knows the other.
const BESIDE: (&str, [&str; 2]) = ("flow", ["ffi", "p11"]);

/// The tool stands on the use cases and on nothing else.
const TOOL: (&str, &str, &str) = ("bin/avain", "avain_pkcs11::", "avain_pkcs11::flow");

/// What may be named in one place alone: the word, the files.
const OWNERS: [(&str, &[&str]); 3] = [
    ("cryptoki_sys", &["ffi", "p11", "readme.rs"]),
    ("use pcsc::", &["transport"]),
    ("libc::", &["ffi/memory.rs", "ffi/privilege.rs", "ffi/process.rs", "log/place.rs"]),
];

/// The ways up: what is asked of the operating system takes unsafe code, and that is kept in `ffi`.
const SYSTEM: [(&str, &str); 2] = [("cards/pin.rs", "crate::ffi::memory"), ("log", "crate::ffi::privilege")];

/// The tables of countries. Nobody names one but the list of all cards, so that another country is another file.
const COUNTRIES: [&str; 5] = ["belgium", "estonia", "fineid", "fineid_org", "latvia"];
/// Finland's two kinds of card, which share what one specification says.
const COUNTRYMEN: (&str, &str) = ("cards/fineid_org.rs", "fineid");

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

/// Every source file below `src`: its path there, and its lines without comments and unit tests.
fn files() -> Vec<(String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//")).map(str::to_owned);
        (path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned(), lines.collect())
    };
    found.iter().map(read).filter(|(path, _)| path != "layers.rs").collect()
}

#[test]
fn a_layer_uses_only_what_stands_below_it() {
    for (path, lines) in files() {
        let Some(here) = LAYERS.iter().position(|layer| path.starts_with(layer)) else { continue };
        for line in lines {
            if SYSTEM.iter().any(|(user, used)| path.starts_with(user) && line.contains(used)) {
                continue;
            }
            for above in &LAYERS[..here] {
                assert!(!line.contains(&format!("crate::{above}")), "{path} uses {above}: {line}");
            }
        }
    }
}

#[test]
fn the_use_cases_and_the_standard_do_not_know_each_other() {
    let (flow, others) = BESIDE;
    for (path, lines) in files() {
        let strangers: &[&str] = if path.starts_with(flow) {
            &others
        } else if LAYERS.iter().any(|layer| path.starts_with(layer)) {
            &[flow]
        } else {
            &[]
        };
        for stranger in strangers {
            let used = lines.iter().find(|line| line.contains(&format!("crate::{stranger}")));
            assert!(used.is_none(), "{path} uses {stranger}: {used:?}");
        }
        if path.starts_with(TOOL.0) {
            let used = lines.iter().find(|line| line.matches(TOOL.1).count() > line.matches(TOOL.2).count());
            assert!(used.is_none(), "{path} passes the use cases by: {used:?}");
        }
    }
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

/// The lint sees what reading the text may not: inside macros, too.
#[test]
fn unsafe_code_is_forbidden_everywhere_but_at_the_boundary() {
    let files = files();
    let lines = |path: &str| files.iter().find(|(name, _)| name == path).map(|(_, lines)| lines).unwrap();
    let mut forbidden = 0;
    let root = lines("lib.rs");
    for (at, line) in root.iter().enumerate().filter(|(_, line)| line.starts_with("pub mod ")) {
        let is_forbidden = root[at - 1] == "#[forbid(unsafe_code)]";
        assert_eq!(is_forbidden, line != "pub mod ffi;", "{line}");
        forbidden += usize::from(is_forbidden);
    }
    assert!(forbidden + 1 >= LAYERS.len(), "{forbidden} of the layers");
    for program in ["build.rs", "bin/avain/main.rs"] {
        assert!(lines(program).iter().any(|line| line == "#![forbid(unsafe_code)]"), "{program}");
    }
}

#[test]
fn a_country_is_one_file() {
    for (path, lines) in files().into_iter().filter(|(path, _)| path != "cards/mod.rs") {
        for country in COUNTRIES.into_iter().filter(|country| (path.as_str(), *country) != COUNTRYMEN) {
            let name = |line: &&String| {
                line.contains(&format!("{country}::")) || line.contains(&format!("::{country};"))
            };
            let named = lines.iter().find(name);
            assert!(named.is_none(), "{path} names {country}: {named:?}");
        }
    }
}

/// `docs/new-card.md` shows what the last card added: it has to be what stands in the file.
#[test]
fn the_page_about_new_cards_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/new-card.md")).unwrap();
    let mut file = String::new();
    let mut shown = 0;
    for line in page.lines() {
        if let Some(path) = line.strip_prefix("+++ b/") {
            file = fs::read_to_string(root.join(path)).unwrap();
        } else if let Some(added) = line.strip_prefix('+') {
            assert!(file.lines().any(|line| line == added), "not in the file: {added}");
            shown += 1;
        }
    }
    assert!(shown > 30, "{shown} lines");
}

/// Whether a test of this name is in a file of that name below a folder; without a file's name, in any.
fn has_test(folder: &Path, file: Option<&str>, name: &str) -> bool {
    let mut found = Vec::new();
    sources(folder, &mut found);
    let mut named = found.iter().filter(|path| file.is_none_or(|file| path.file_stem().unwrap() == file));
    named.any(|path| {
        let text = fs::read_to_string(path).unwrap();
        text.contains(&format!("#[test]\nfn {name}()")) || text.contains(&format!("#[test]\n    fn {name}()"))
    })
}

/// `SECURITY.md` names a test for each promise: they have to be there.
#[test]
fn the_promises_of_the_page_about_security_have_their_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let mut promises = 0;
    for line in page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise ")) {
        let shown_by = line.rsplit('|').nth(1).unwrap();
        let named: Vec<_> = shown_by.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "nothing shows: {line}");
        for name in
            named.iter().filter(|name| name.ends_with(|c: char| c.is_lowercase()) && name.contains('_'))
        {
            let (file, test) = name.split_once("::").map_or((None, *name), |(file, test)| (Some(file), test));
            let is_there =
                ["src", "pkcs11-tests"].iter().any(|folder| has_test(&root.join(folder), file, test));
            assert!(is_there, "there is no test {name}");
        }
        promises += 1;
    }
    assert!(promises > 20, "{promises} promises");
}

#[test]
fn a_file_has_one_idea() {
    for (path, lines) in files() {
        assert!(lines.len() <= MAX_LINES, "{path} has {} lines", lines.len());
    }
}
