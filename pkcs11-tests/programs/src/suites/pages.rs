//! The generated parts of `docs/conformance.md`: a row of its table and a section for each program.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::expected::{Cause, Expected};
use super::report::{Counts, Report};

/// How many of the program's own reasons for skipping tests are listed.
const OWN_REASONS: usize = 12;
const HEAD: &str = "| program | version | passed | not applicable | wrong expectation | failed |\n|---|---|---:|---:|---:|---:|\n";

/// The page with these results. With `write`, that is all of them; without, what the page says about another version of a
/// program stays, because the numbers depend on the version.
///
/// # Errors
/// If reasons are given for tests that the program does not have.
pub fn updated(page: &str, reports: &[Report], write: bool) -> Result<String, String> {
    let summary = Marks::new("suites", ": written by make suites");
    let table = summary.inside(page);
    let (mut page, mut rows) = (page.to_owned(), Vec::new());
    for report in reports {
        let Report { program, version, .. } = report;
        let expected = Expected::of(program);
        let unknown = report.unknown(&expected);
        if !unknown.is_empty() {
            return Err(unknown.join("\n"));
        }
        let start = format!("| {program} | {version} |");
        let old = table.lines().find(|line| line.starts_with(&format!("| {program} |")));
        if let Some(old) = old.filter(|old| !write && !old.starts_with(&start)) {
            println!("{program}: this is version {version}, the page is about another one");
            rows.push(old.to_owned());
            continue;
        }
        rows.push(row(&start, Counts::total(report.counts(&expected).iter().map(|(_, counts)| counts))));
        page = Marks::new(program, "").replace(&page, &section(report, &expected));
    }
    rows.sort_by_key(|row| row.to_lowercase());
    Ok(summary.replace(&page, &format!("{HEAD}{}\n", rows.join("\n"))))
}

fn row(start: &str, counts: Counts) -> String {
    let Counts { passed, not_applicable, wrong_expectation, failed } = counts;
    format!("{start} {passed} | {not_applicable} | {wrong_expectation} | {failed} |")
}

fn section(report: &Report, expected: &Expected) -> String {
    let mut text = format!("## {} {}\n\n{}\n\n", report.program, report.version, expected.about.trim());
    text += "| card | passed | not applicable | wrong expectation | failed |\n|---|---:|---:|---:|---:|\n";
    for (place, Counts { passed, not_applicable, wrong_expectation, failed }) in report.counts(expected) {
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
    text + &own_reasons(&report.skipped())
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

    /// What stands between the marks; nothing if they are missing.
    fn inside(&self, page: &str) -> String {
        let inside = page.split_once(&self.begin).and_then(|(_, rest)| rest.split_once(&self.end));
        inside.map(|(inside, _)| inside.to_owned()).unwrap_or_default()
    }

    /// The page with this between the marks, which are made at the end if they are missing.
    fn replace(&self, page: &str, inside: &str) -> String {
        let Self { begin, end } = self;
        match page.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1))) {
            Some((before, after)) => format!("{before}{begin}{inside}{end}{after}"),
            None => format!("{page}\n{begin}{inside}{end}\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::updated;
    use crate::suites::{Outcome, Report};

    fn report(program: &str, version: &str) -> Report {
        let mut report = Report::new(program, version);
        report.add("v4.0", vec![Outcome::of("a test", Ok(()))]);
        report
    }

    #[test]
    fn rows_are_in_order_and_other_versions_stay_unless_they_are_written() {
        let marks = "<!-- suites: written by make suites -->\n<!-- end of suites -->\n";
        let page =
            updated(marks, &[report("pkcs11-tool", "1"), report("p11-kit", "1")], true).expect("a page");
        let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| p")).skip(1).collect();
        assert_eq!(rows, ["| p11-kit | 1 | 1 | 0 | 0 | 0 |", "| pkcs11-tool | 1 | 1 | 0 | 0 | 0 |"]);
        assert!(page.contains("## p11-kit 1\n"), "{page}");
        let newer = [report("p11-kit", "2"), report("pkcs11-tool", "1")];
        assert_eq!(updated(&page, &newer, false).as_ref(), Ok(&page));
        assert!(updated(&page, &newer, true).expect("a page").contains("## p11-kit 2\n"));
        assert_ne!(updated(&page, &newer[..1], false).as_ref(), Ok(&page), "a program was not run");
    }

    #[test]
    fn reasons_for_tests_that_do_not_exist_are_an_error() {
        let error = updated("", &[report("p11test", "1")], false);
        assert_eq!(error, Err("p11test: no such test: interface_test".into()));
    }
}
