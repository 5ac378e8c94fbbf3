//! What the pages name is there: files, commands, links, the tests of the promises in `SECURITY.md`, the table that
//! the page about new cards shows; and pages that count the same agree.
#![allow(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// What a name in backticks ends with if it is that of a file of ours. Pages name other people's files, too.
const ENDINGS: [&str; 7] = ["rs", "md", "toml", "sh", "c", "h", "ftl"];

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
    let root = root();
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
    let root = root();
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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file and folder of the project, by its path from the top.
fn everything(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if [".git", "target"].iter().any(|name| path.ends_with(name)) {
            continue;
        }
        found.push(path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
        if path.is_dir() {
            everything(&path, found);
        }
    }
}

/// Every page: its path from the top, and its text.
fn pages(files: &[String]) -> Vec<(&String, String)> {
    let pages: Vec<_> = files.iter().filter(|path| path.ends_with(".md")).collect();
    assert!(pages.len() > 12, "{pages:?}");
    pages.into_iter().map(|path| (path, fs::read_to_string(root().join(path)).unwrap())).collect()
}

/// What stands in backticks, and the lines of blocks of code but for those of a difference.
fn quoted(text: &str) -> Vec<&str> {
    let parts: Vec<_> = text.split("```").collect();
    let prose = parts.iter().step_by(2).flat_map(|part| part.split("\n\n"));
    let blocks = parts.iter().skip(1).step_by(2).flat_map(|block| block.lines());
    let blocks = blocks.filter(|line| !line.starts_with(['+', '-']));
    prose.flat_map(|part| part.split('`').skip(1).step_by(2)).chain(blocks).collect()
}

#[test]
fn the_files_that_pages_name_are_there() {
    let mut files = Vec::new();
    everything(&root(), &mut files);
    let mut named = 0;
    for (page, text) in pages(&files) {
        for name in quoted(&text).into_iter().flat_map(str::split_whitespace) {
            let name = name.trim_end_matches('/');
            let is_path = name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
            let (first, rest) = name.split_once('/').unwrap_or((name, ""));
            let is_ours = !rest.is_empty() && files.iter().any(|file| file == first)
                || ENDINGS.iter().any(|ending| name.ends_with(&format!(".{ending}")));
            if is_path && is_ours && !name.starts_with(['/', '.']) {
                let is_there = |file: &String| file == name || file.ends_with(&format!("/{name}"));
                assert!(files.iter().any(is_there), "{page} names {name}");
                named += 1;
            }
        }
    }
    assert!(named > 50, "{named} files");
}

#[test]
fn the_commands_that_pages_name_are_there() {
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    let rules = makefile.lines().filter(|line| line.starts_with(|c: char| c.is_alphabetic()));
    let targets: Vec<_> = rules
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(names, _)| names.split_whitespace())
        .collect();
    let mut files = Vec::new();
    everything(&root(), &mut files);
    let mut named = 0;
    for (page, text) in pages(&files) {
        for command in quoted(&text).into_iter().filter_map(|line| line.strip_prefix("make ")) {
            let target = command.split_whitespace().next().unwrap();
            assert!(targets.contains(&target), "{page}: make {target}");
            named += 1;
        }
    }
    assert!(named > 20, "{named} commands");
}

/// The name by which links reach a heading.
fn anchor(heading: &str) -> String {
    let letters = heading.trim_start_matches(['#', ' ']).to_lowercase();
    letters
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
        .collect::<String>()
        .replace(' ', "-")
}

#[test]
fn the_links_of_pages_lead_somewhere() {
    let mut files = Vec::new();
    everything(&root(), &mut files);
    let mut followed = 0;
    for (page, text) in pages(&files) {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://")) {
            let (path, section) = link.split_once('#').unwrap_or((link, ""));
            let here = root().join(page);
            let there = if path.is_empty() { here } else { here.parent().unwrap().join(path) };
            assert!(there.exists(), "{page} links to {link}");
            if !section.is_empty() {
                let target = fs::read_to_string(there).unwrap();
                let mut headings = target.lines().filter(|line| line.starts_with('#'));
                assert!(headings.any(|heading| anchor(heading) == section), "{page} links to {link}");
            }
            followed += 1;
        }
    }
    assert!(followed > 30, "{followed} links");
}

/// A generated table on a page: its rows without the head.
fn table(page: &str, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let (_, rest) = text.split_once(&format!("<!-- {name}: written by make ")).unwrap();
    let (rows, _) = rest.split_once(&format!("<!-- end of {name} -->")).unwrap();
    let rows = rows.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    rows.skip(1).map(|row| row.split('|').skip(1).map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The bench makes the calls of five programs: with two cards it has to come to what the programs themselves cost.
#[test]
fn the_costs_of_programs_are_those_of_the_programs_themselves() {
    let (bench, real) = (table("docs/costs.md", "programs"), table("docs/programs.md", "programs"));
    let mut compared = 0;
    for (row, program, done) in [
        ("Firefox, web login: first", "Firefox ESR", "log in to a web server, TLS 1.3"),
        ("Firefox, web login: later", "Firefox ESR", "log in to a web server, TLS 1.3, again"),
        ("ssh, login: first", "OpenSSH", "log in (ssh -I)"),
        ("ssh, login: later", "OpenSSH", "log in (ssh -I), again"),
        ("git, signed commit: first", "git", "sign a commit (commit -S)"),
        ("git, signed commit: later", "git", "sign a commit (commit -S), again with a new agent"),
        ("curl, web login: first", "curl", "log in, TLS 1.3"),
        ("curl, web login: later", "curl", "log in, TLS 1.3, again"),
        ("pkcs11-tool, signature with PIN2: first", "pkcs11-tool", "qualified signature, PIN2"),
        ("pkcs11-tool, signature with PIN2: later", "pkcs11-tool", "qualified signature, PIN2, again"),
    ] {
        let counted = bench.iter().find(|cells| cells[0] == row).unwrap_or_else(|| panic!("no row {row}"));
        let itself = real.iter().find(|cells| cells[0] == program && cells[2] == done);
        let itself = itself.unwrap_or_else(|| panic!("no row {program}: {done}"));
        // FINEID v4.0 and v3.1, and what programs.md calls their kinds: EC and RSA.
        for (by_bench, by_program) in [(&counted[2], &itself[4]), (&counted[3], &itself[5])] {
            if by_program != "–" {
                assert_eq!(by_bench.split(" / ").next(), Some(by_program.as_str()), "{row}");
                compared += 1;
            }
        }
    }
    assert!(compared > 15, "{compared} compared");
}
