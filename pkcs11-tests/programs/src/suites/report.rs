//! The results of a program, and whether they are the expected ones.

use std::collections::{BTreeMap, BTreeSet};

use super::expected::{Cause, Expected};
use super::pages;

/// The result of one test, as the program reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As the program expects.
    Passed,
    /// Not run by the program.
    Skipped,
    /// Not as the program expects.
    Failed,
}

/// One test of a program.
#[derive(Clone, Debug)]
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
#[derive(Debug)]
pub struct Report {
    program: &'static str,
    version: String,
    places: Vec<(String, Vec<Outcome>)>,
}

/// The number of tests with each result; their sum is the number of all tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) not_applicable: usize,
    pub(crate) wrong_expectation: usize,
    pub(crate) failed: usize,
}

impl Report {
    /// For a program, by the name of its file in `expected`.
    pub fn new(program: &'static str, version: impl Into<String>) -> Self {
        Self { program, version: version.into(), places: Vec::new() }
    }

    /// Adds the results with one card or token, as `v4.0 PIN1`.
    pub fn add(&mut self, place: impl Into<String>, outcomes: Vec<Outcome>) {
        let place = place.into();
        assert!(!outcomes.is_empty(), "{}: no test was run on {place}", self.program);
        self.places.push((place, outcomes));
    }

    /// Compares the results with the expected ones and with the document.
    ///
    /// # Panics
    /// If there are others, which the message lists, or if the document is stale.
    pub fn check(&self) {
        let expected = Expected::of(self.program);
        let unexpected: Vec<String> = self
            .places
            .iter()
            .flat_map(|(place, outcomes)| unexpected(&expected, place, outcomes))
            .chain(self.unknown(&expected))
            .collect();
        assert!(unexpected.is_empty(), "{}:\n{}", self.program, unexpected.join("\n"));
        let counts: Vec<(&str, Counts)> = self
            .places
            .iter()
            .map(|(place, outcomes)| (place.as_str(), Counts::of(&expected, place, outcomes)))
            .collect();
        pages::check_or_write(self.program, &self.version, &expected, &counts, &self.skipped());
    }

    /// Expectations of tests that the program does not have.
    fn unknown(&self, expected: &Expected) -> Vec<String> {
        let all: BTreeSet<&str> =
            self.places.iter().flat_map(|(_, all)| all).map(|o| o.test.as_str()).collect();
        let named = expected.reasons.iter().flat_map(|reason| &reason.tests);
        let unknown = named.filter(|test| !all.contains(test.as_str()));
        unknown.map(|test| format!("no such test: {test}")).collect()
    }

    /// Why the program left tests out, in its own words, with how many.
    fn skipped(&self) -> BTreeMap<&str, usize> {
        let mut reasons = BTreeMap::new();
        for outcome in self.places.iter().flat_map(|(_, outcomes)| outcomes) {
            if outcome.verdict == Verdict::Skipped {
                *reasons.entry(outcome.words.as_str()).or_default() += 1;
            }
        }
        reasons
    }
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
