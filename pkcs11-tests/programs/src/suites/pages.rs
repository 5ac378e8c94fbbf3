//! `docs/conformance.md`: a row of its table and a section for each program. Each is compared with this run, or written
//! with `AVAIN_WRITE_TABLES`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Seek, Write as _};
use std::path::Path;

use super::expected::{Cause, Expected};
use super::report::Counts;

const PAGE: &str = "docs/conformance.md";
/// How many of the program's own reasons for skipping tests are listed.
const OWN_REASONS: usize = 12;

/// Compares the document with the results of a program, or writes them.
pub(crate) fn check_or_write(
    program: &str,
    version: &str,
    expected: &Expected,
    counts: &[(&str, Counts)],
    skipped: &BTreeMap<&str, usize>,
) {
    let row = row(program, version, Counts::total(counts.iter().map(|(_, counts)| counts)));
    let section = section(program, version, expected, counts, skipped);
    let summary = Marks::new("suites", ": written by make suites");
    let details = Marks::new(program, "");
    let write = std::env::var_os("AVAIN_WRITE_TABLES").is_some();
    let mut page = Page::open(write);
    let table = page.between(&summary);
    if write {
        page.replace(&summary, &with_row(&table, &row));
        page.replace(&details, &section);
        page.write();
        return;
    }
    let other_version = !table.lines().any(|line| line.starts_with(&start(program, version)));
    if other_version {
        // Another package of the distribution: its failures were checked, but the numbers in the document are of the other.
        println!("{program}: this is version {version}, docs/conformance.md is about another one");
        return;
    }
    assert!(
        table.lines().any(|line| line == row),
        "{PAGE} is stale, `make suites WRITE=yes`:\n{row}\n{table}"
    );
    let old = page.between(&details);
    assert!(old == section, "{PAGE} is stale, `make suites WRITE=yes`:\n{section}\n{old}");
}

fn start(program: &str, version: &str) -> String {
    format!("| {program} | {version} |")
}

fn row(program: &str, version: &str, counts: Counts) -> String {
    let Counts { passed, not_applicable, wrong_expectation, failed } = counts;
    format!("{} {passed} | {not_applicable} | {wrong_expectation} | {failed} |", start(program, version))
}

/// The table with the row in place of the program's old one; rows are in the order of their names.
fn with_row(table: &str, row: &str) -> String {
    let name = |row: &str| row.split(" | ").next().unwrap_or_default().to_owned();
    let (head, rows): (Vec<&str>, Vec<&str>) =
        table.lines().partition(|line| line.starts_with("| program") || line.starts_with("|---"));
    let mut rows: Vec<&str> = rows.into_iter().filter(|old| name(old) != name(row)).chain([row]).collect();
    rows.sort_by_key(|row| row.to_lowercase());
    [head, rows].concat().join("\n") + "\n"
}

fn section(
    program: &str,
    version: &str,
    expected: &Expected,
    counts: &[(&str, Counts)],
    skipped: &BTreeMap<&str, usize>,
) -> String {
    let mut text = format!("## {program} {version}\n\n{}\n\n", expected.about.trim());
    text += "| card | passed | not applicable | wrong expectation | failed |\n|---|---:|---:|---:|---:|\n";
    for (place, Counts { passed, not_applicable, wrong_expectation, failed }) in counts {
        let _ = writeln!(text, "| {place} | {passed} | {not_applicable} | {wrong_expectation} | {failed} |");
    }
    for (cause, title) in [
        (Cause::ModuleFault, "Failed"),
        (Cause::WrongExpectation, "Wrong expectation: the program expects what the standard does not say"),
        (Cause::NotApplicable, "Not applicable"),
    ] {
        let reasons: Vec<_> = expected.reasons.iter().filter(|reason| reason.cause == cause).collect();
        if !reasons.is_empty() {
            let _ = writeln!(text, "\n{title}:\n");
        }
        for reason in reasons {
            let places = if reason.places.is_empty() {
                String::new()
            } else {
                format!(" ({})", reason.places.join(", "))
            };
            let _ = writeln!(text, "* {}{places}: {}", reason.why.trim(), tests(&reason.tests));
        }
    }
    text + &own_reasons(skipped)
}

/// The names as they are, if they are few.
fn tests(names: &[String]) -> String {
    match names {
        [..] if names.len() <= 3 => {
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        }
        _ => format!("{} tests", names.len()),
    }
}

/// What the program skipped by itself, and why.
fn own_reasons(skipped: &BTreeMap<&str, usize>) -> String {
    if skipped.is_empty() {
        return String::new();
    }
    let mut reasons: Vec<_> = skipped.iter().collect();
    reasons.sort_by_key(|(words, count)| (std::cmp::Reverse(**count), **words));
    let mut text = "\nSkipped by the program itself, most frequent first:\n\n".to_owned();
    for (words, count) in reasons.iter().take(OWN_REASONS) {
        let _ = writeln!(text, "* {count}: {words}");
    }
    let rest: usize = reasons.iter().skip(OWN_REASONS).map(|(_, count)| **count).sum();
    if rest > 0 {
        let _ = writeln!(text, "* {rest}: other reasons of this kind");
    }
    text
}

/// What stands around a generated part of the page.
struct Marks {
    begin: String,
    end: String,
}

impl Marks {
    fn new(name: &str, written_by: &str) -> Self {
        Self { begin: format!("<!-- {name}{written_by} -->\n"), end: format!("<!-- end of {name} -->") }
    }
}

/// The page. Programs that run side by side write it in turns.
struct Page {
    file: File,
    text: String,
}

impl Page {
    fn open(write: bool) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE);
        let mut file = File::options().read(true).write(write).open(path).expect(PAGE);
        if write {
            file.lock().expect(PAGE);
        }
        let mut text = String::new();
        file.read_to_string(&mut text).expect(PAGE);
        Self { file, text }
    }

    /// What stands between the marks; nothing if they are missing.
    fn between(&self, marks: &Marks) -> String {
        let inside = self.text.split_once(&marks.begin).and_then(|(_, rest)| rest.split_once(&marks.end));
        inside.map(|(inside, _)| inside.to_owned()).unwrap_or_default()
    }

    /// Puts this between the marks, which are made at the end if they are missing.
    fn replace(&mut self, marks: &Marks, inside: &str) {
        let Marks { begin, end } = marks;
        let parts =
            self.text.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
        self.text = match parts {
            Some((before, after)) => format!("{before}{begin}{inside}{end}{after}"),
            None => format!("{}\n{begin}{inside}{end}\n", self.text),
        };
    }

    fn write(&mut self) {
        self.file.set_len(0).expect(PAGE);
        self.file.rewind().expect(PAGE);
        self.file.write_all(self.text.as_bytes()).expect(PAGE);
    }
}

#[cfg(test)]
mod tests {
    use super::with_row;

    #[test]
    fn a_row_replaces_that_of_the_same_program_and_finds_its_place() {
        let table = "| program | version |\n|---|---:|\n| a | 1 | 0 |\n| c | 1 | 0 |\n";
        let with_b = with_row(table, "| b | 2 | 5 |");
        assert_eq!(
            with_b,
            "| program | version |\n|---|---:|\n| a | 1 | 0 |\n| b | 2 | 5 |\n| c | 1 | 0 |\n"
        );
        assert_eq!(with_row(&with_b, "| b | 3 | 6 |").lines().nth(3), Some("| b | 3 | 6 |"));
    }
}
