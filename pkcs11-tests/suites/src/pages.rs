//! `docs/conformance.md`: a row of its table and a section for each program. Each is compared with this run, or written
//! with `AVAIN_WRITE_TABLES`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::expected::{Cause, Expected};
use crate::report::Counts;

/// How many of the program's own reasons for leaving a test out are told one by one.
const OWN_REASONS: usize = 12;

/// Holds, or makes, that the documents say this of the program.
pub(crate) fn check_or_write(
    program: &str,
    version: &str,
    expected: &Expected,
    counts: &[(&str, Counts)],
    skipped: &BTreeMap<&str, usize>,
) {
    let row = row(program, version, Counts::total(counts.iter().map(|(_, counts)| counts)));
    let section = section(program, version, expected, counts, skipped);
    let pages = [
        Page {
            path: page("docs/conformance.md"),
            begin: "<!-- suites: written by make suites -->\n".to_owned(),
        },
        Page { path: page("docs/conformance.md"), begin: format!("<!-- {program} -->\n") },
    ];
    let ends = ["<!-- end of suites -->".to_owned(), format!("<!-- end of {program} -->")];
    let [summary, details] = &pages;
    let table = summary.between(&ends[0]);
    if std::env::var_os("AVAIN_WRITE_TABLES").is_some() {
        summary.write(&ends[0], &with_row(&table, &row));
        details.write(&ends[1], &section);
        return;
    }
    let other_version = !table.lines().any(|line| line.starts_with(&start(program, version)));
    if other_version {
        // A newer package of the distribution: what fails was judged; how many there are was measured with the other.
        println!("{program}: this is version {version}, the documents tell of another one");
        return;
    }
    assert!(
        table.lines().any(|line| line == row),
        "docs/conformance.md is stale, `make suites WRITE=yes`:\n{row}\n{table}"
    );
    let old = details.between(&ends[1]);
    assert!(old == section, "docs/conformance.md is stale, `make suites WRITE=yes`:\n{section}\n{old}");
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

/// What the program left out by itself, and why.
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

struct Page {
    path: PathBuf,
    begin: String,
}

impl Page {
    fn text(&self) -> String {
        std::fs::read_to_string(&self.path).unwrap_or_default()
    }

    /// What stands between its marks; nothing where they are missing.
    fn between(&self, end: &str) -> String {
        let text = self.text();
        let inside = text.split_once(&self.begin).and_then(|(_, rest)| rest.split_once(end));
        inside.map(|(inside, _)| inside.to_owned()).unwrap_or_default()
    }

    /// Puts this between its marks, which are made at the end where they are missing.
    fn write(&self, end: &str, inside: &str) {
        let Self { path, begin } = self;
        let text = self.text();
        let new =
            match text.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1))) {
                Some((before, after)) => format!("{before}{begin}{inside}{end}{after}"),
                None => format!("{text}\n{begin}{inside}{end}\n"),
            };
        std::fs::write(path, new).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

/// A file of the project by its path from the top.
fn page(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
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
