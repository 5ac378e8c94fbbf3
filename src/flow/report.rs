//! A report: sections of findings, some of them with an assessment.

use super::language::Words;
use super::text::{self, Text, Variable};

/// What a finding means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// As it should be.
    Good,
    /// It may be the reason why something does not work.
    Attention,
    /// Neither.
    Fact,
}

impl Judgement {
    /// Its name in the tool's JSON and in the message files.
    pub const fn name(self) -> &'static str {
        match self {
            Judgement::Good => "ok",
            Judgement::Attention => "attention",
            Judgement::Fact => "fact",
        }
    }
}

impl From<Judgement> for Variable {
    fn from(judgement: Judgement) -> Self {
        Variable::from(judgement.name())
    }
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it means.
    pub judgement: Judgement,
    /// What it is, and what to do about it.
    pub text: Text,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its subject.
    pub title: Text,
    /// Its findings.
    pub findings: Vec<Finding>,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What the report is, and what it does not contain.
    pub preamble: Vec<Text>,
    /// Its sections.
    pub sections: Vec<Section>,
}

impl Section {
    /// A section without findings.
    pub(super) fn new(title: Text) -> Self {
        Section { title, findings: Vec::new() }
    }

    /// Adds a fact.
    pub(super) fn fact(&mut self, text: Text) {
        self.findings.push(Finding { judgement: Judgement::Fact, text });
    }

    /// Adds what is as it should be.
    pub(super) fn good(&mut self, text: Text) {
        self.findings.push(Finding { judgement: Judgement::Good, text });
    }

    /// Adds what may be the reason why something does not work.
    pub(super) fn attention(&mut self, text: Text) {
        self.findings.push(Finding { judgement: Judgement::Attention, text });
    }
}

impl Report {
    /// The report as text.
    pub fn read_out(&self, words: &Words) -> String {
        let mut lines: Vec<String> = self.preamble.iter().map(|text| words.say(text)).collect();
        for section in &self.sections {
            lines.push(String::new());
            lines.push(words.say(&section.title));
            lines.extend(section.findings.iter().map(|finding| format!("  {}", finding.read_out(words))));
        }
        lines.join("\n")
    }
}

impl Finding {
    fn read_out(&self, words: &Words) -> String {
        let said = words.say(&self.text);
        match self.judgement {
            Judgement::Fact => said,
            judgement => words.say(&text::judged(judgement, said)),
        }
    }
}
