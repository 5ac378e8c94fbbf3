//! `expected/PROGRAM.toml`: what a program is, and the reason for every test of it that does not pass.

use std::path::Path;

use serde::Deserialize;

/// What is expected of a program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// What it is, for the document.
    pub about: String,
    /// The tests that do not pass.
    #[serde(default, rename = "reason")]
    pub reasons: Vec<Reason>,
}

/// Why tests do not pass.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Whose fault it is.
    pub cause: Cause,
    /// Why, with the section of the standard.
    pub why: String,
    /// Where: a card, a token, or both (`v4.0`, `PIN1`, `v4.0 PIN1`); everywhere if empty.
    #[serde(default)]
    pub places: Vec<String>,
    /// Whether the tests sometimes pass, because they depend on chance or time.
    #[serde(default)]
    pub sometimes: bool,
    /// The tests.
    pub tests: Vec<String>,
}

/// Whose fault it is that a test fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Nobody's: the test needs something that the card or the module does not have and need not have.
    NotApplicable,
    /// The program's: it expects something that the standard does not say, or contradicts.
    WrongExpectation,
    /// The module's.
    ModuleFault,
}

impl Expected {
    pub(crate) fn of(program: &str) -> Self {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("expected").join(program).with_extension("toml");
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Why the test does not pass there.
    pub(crate) fn reason(&self, place: &str, test: &str) -> Option<&Reason> {
        let holds = |reason: &&Reason| {
            let here =
                |wanted: &String| wanted.split(' ').all(|part| place.split(' ').any(|word| word == part));
            (reason.places.is_empty() || reason.places.iter().any(here))
                && reason.tests.iter().any(|t| t == test)
        };
        self.reasons.iter().find(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::Expected;

    #[test]
    fn a_reason_holds_where_it_says_so() {
        let expected: Expected = toml::from_str(
            r#"
            about = "a program"
            [[reason]]
            cause = "not-applicable"
            why = "no such keys"
            places = ["v4.0", "v3.1 PIN2"]
            tests = ["rsa"]
            "#,
        )
        .expect("expectations");
        let holds = |place, test| expected.reason(place, test).is_some();
        assert!(holds("v4.0 PIN1", "rsa") && holds("v3.1 PIN2", "rsa"));
        assert!(!holds("v3.1 PIN1", "rsa") && !holds("v4.0 PIN1", "ec"));
    }
}
