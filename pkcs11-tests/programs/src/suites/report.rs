//! The results of a program, and whether they are the expected ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::expected::{Cause, Expected};
use super::fixture::CARDS;
use crate::installed;

/// The result of one test, as the program reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    /// As the program expects.
    Passed,
    /// Not run by the program.
    Skipped,
    /// Not as the program expects.
    Failed,
}

/// One test of a program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Its name.
    pub test: String,
    /// Its result.
    pub verdict: Verdict,
    /// The program's message.
    pub words: String,
}

impl Outcome {
    /// A test that passed, or failed with these words.
    pub fn of(test: impl Into<String>, result: Result<(), String>) -> Self {
        let verdict = if result.is_ok() { Verdict::Passed } else { Verdict::Failed };
        Self { test: test.into(), verdict, words: result.err().unwrap_or_default() }
    }
}

/// The results of a program.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    pub(crate) program: String,
    pub(crate) version: String,
    pub(crate) places: Vec<(String, Vec<Outcome>)>,
}

impl Report {
    /// For a program, by the name of its file in `expected`.
    pub fn new(program: &str, version: impl Into<String>) -> Self {
        Self { program: program.into(), version: version.into(), places: Vec::new() }
    }

    /// Adds the results with one card or token, as `v4.0 PIN1`.
    pub fn add(&mut self, place: impl Into<String>, outcomes: Vec<Outcome>) {
        let place = place.into();
        assert!(!outcomes.is_empty(), "{}: no test was run on {place}", self.program);
        self.places.push((place, outcomes));
    }

    /// Compares the results with the expected ones, and keeps them for `docs/conformance.md`.
    ///
    /// # Panics
    /// If there are others, which the message lists.
    pub fn check(&self) {
        let expected = Expected::of(&self.program);
        let unexpected: Vec<String> =
            self.places.iter().flat_map(|(place, outcomes)| unexpected(&expected, place, outcomes)).collect();
        assert!(unexpected.is_empty(), "{}:\n{}", self.program, unexpected.join("\n"));
        let (first, _) = self.places.first().expect("results");
        let file = folder().join(format!("{} {first}.json", self.program));
        fs::create_dir_all(folder()).expect("make the folder of results");
        let text = serde_json::to_string(self).expect("results are plain data");
        fs::write(&file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// All results of the last run, a report for each program.
    ///
    /// # Panics
    /// If they cannot be read.
    pub fn all() -> Vec<Self> {
        let entries = fs::read_dir(folder()).expect("results: run the tests first");
        let mut files: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
        files.sort();
        let mut all = BTreeMap::new();
        for file in files {
            let text = fs::read_to_string(&file).expect("results");
            let part: Self =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let whole =
                all.entry(part.program.clone()).or_insert_with(|| Self::new(&part.program, part.version));
            whole.places.extend(part.places);
        }
        let card =
            |place: &str| CARDS.iter().position(|card| place.starts_with(card.trim_start_matches("fineid-")));
        all.values_mut().for_each(|report| report.places.sort_by_key(|(place, _)| card(place)));
        all.into_values().collect()
    }

    /// The numbers of each place.
    pub(crate) fn counts(&self, expected: &Expected) -> Vec<(&str, Counts)> {
        let counts = |(place, outcomes): &(String, Vec<Outcome>)| Counts::of(expected, place, outcomes);
        self.places.iter().map(|place| (place.0.as_str(), counts(place))).collect()
    }

    /// Expectations of tests that the program does not have.
    pub(crate) fn unknown(&self, expected: &Expected) -> Vec<String> {
        let all: BTreeSet<&str> =
            self.places.iter().flat_map(|(_, all)| all).map(|o| o.test.as_str()).collect();
        let named = expected.reasons.iter().flat_map(|reason| &reason.tests);
        let unknown = named.filter(|test| !all.contains(test.as_str()));
        unknown.map(|test| format!("{}: no such test: {test}", self.program)).collect()
    }

    /// The program's own reasons for skipping tests, each with the number of tests.
    pub(crate) fn skipped(&self) -> BTreeMap<&str, usize> {
        let mut reasons = BTreeMap::new();
        for outcome in self.places.iter().flat_map(|(_, outcomes)| outcomes) {
            if outcome.verdict == Verdict::Skipped {
                *reasons.entry(outcome.words.as_str()).or_default() += 1;
            }
        }
        reasons
    }
}

/// Where the results are kept.
fn folder() -> PathBuf {
    installed::folder().join("results")
}

/// The number of tests with each result; their sum is the number of all tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) not_applicable: usize,
    pub(crate) wrong_expectation: usize,
    pub(crate) failed: usize,
}

fn unexpected(expected: &Expected, place: &str, outcomes: &[Outcome]) -> Vec<String> {
    let unexpected_outcome = |outcome: &Outcome| {
        let Outcome { test, words, .. } = outcome;
        match (outcome.verdict, expected.reason(place, test)) {
            (Verdict::Failed, None) => Some(format!("{place}: newly fails: {test}: {words}")),
            (Verdict::Passed, Some(reason)) if !reason.sometimes => {
                Some(format!("{place}: passes now, no reason is needed any more: {test}"))
            }
            _ => None,
        }
    };
    outcomes.iter().filter_map(unexpected_outcome).collect()
}

impl Counts {
    fn of(expected: &Expected, place: &str, outcomes: &[Outcome]) -> Self {
        let mut counts = Self::default();
        for outcome in outcomes {
            let cause = expected.reason(place, &outcome.test).map(|reason| reason.cause);
            match (outcome.verdict, cause) {
                (Verdict::Passed, _) => counts.passed += 1,
                (Verdict::Skipped, _) | (Verdict::Failed, Some(Cause::NotApplicable)) => {
                    counts.not_applicable += 1
                }
                (Verdict::Failed, Some(Cause::WrongExpectation)) => counts.wrong_expectation += 1,
                (Verdict::Failed, Some(Cause::ModuleFault) | None) => counts.failed += 1,
            }
        }
        counts
    }

    /// The sum of all.
    pub(crate) fn total<'c>(all: impl IntoIterator<Item = &'c Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, counts| Self {
            passed: sum.passed + counts.passed,
            not_applicable: sum.not_applicable + counts.not_applicable,
            wrong_expectation: sum.wrong_expectation + counts.wrong_expectation,
            failed: sum.failed + counts.failed,
        })
    }
}
