//! The pages say what is true: the page about new cards, and the promises of `SECURITY.md`.
#![allow(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

use std::fs;
use std::path::{Path, PathBuf};

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

/// `docs/new-card.md` shows what the last card added: it has to be what stands in the file.
#[test]
fn the_page_about_new_cards_is_true() {
    let root = &Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
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
    let root = &Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
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
