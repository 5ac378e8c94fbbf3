//! The diagnosis as a text to be read and given to others, and as JSON.

use crate::arguments::Diagnosis;
use crate::face::{self, Face};
use avain_flow::diagnosis::diagnose;
use avain_flow::report::{Finding, Judgement, Report, Section};
use avain_flow::system::System;
use avain_flow::text::Variable;
use avain_flow::{Failure, Kind, Language, Text, text};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Shows it, or writes it into a file.
pub(crate) fn show(
    form: &Diagnosis,
    language: Language,
    reader: Option<&str>,
    face: &Face,
) -> Result<(), Failure> {
    let system = System::new(Path::new("/"), std::env::vars_os());
    let report = diagnose(&system, language, reader)?;
    let shown = if form.json { format!("{:#}", describe(&report, face)) } else { read_out(&report, face) };
    let Some(path) = &form.output else {
        face::print(&shown);
        return Ok(());
    };
    writeln!(create(path)?, "{shown}").map_err(|_| unwritable(path))?;
    face.tell(&text::written(name(path)));
    Ok(())
}

/// A new file that nobody else can read.
fn create(path: &Path) -> Result<File, Failure> {
    let created = File::options().write(true).create_new(true).mode(0o600).open(path);
    created.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::new(Kind::Failed, [text::file_exists(name(path))]),
        _ => unwritable(path),
    })
}

fn unwritable(path: &Path) -> Failure {
    Failure::new(Kind::Failed, [text::file_unwritable(name(path))])
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// For people.
fn read_out(report: &Report, face: &Face) -> String {
    let mut lines: Vec<String> = report.preamble.iter().map(|text| face.word(text)).collect();
    for section in &report.sections {
        lines.push(String::new());
        lines.push(face.word(&section.title));
        lines.extend(section.findings.iter().map(|finding| format!("  {}", judged(finding, face))));
    }
    lines.join("\n")
}

fn judged(finding: &Finding, face: &Face) -> String {
    let said = face.word(&finding.text);
    match finding.judgement {
        Judgement::Fact => said,
        judgement => face.word(&text::judged(judgement, said)),
    }
}

/// For programs: each text by its name, what is filled in, and in words.
fn describe(report: &Report, face: &Face) -> Value {
    let section = |section: &Section| {
        let findings: Vec<Value> =
            section.findings.iter().map(|found| describe_finding(found, face)).collect();
        let mut described = describe_text(&section.title, face);
        described.insert("findings".to_owned(), Value::Array(findings));
        described
    };
    json!({ "sections": report.sections.iter().map(section).collect::<Vec<_>>() })
}

fn describe_finding(finding: &Finding, face: &Face) -> Value {
    let mut described = describe_text(&finding.text, face);
    described.insert("judgement".to_owned(), finding.judgement.name().into());
    Value::Object(described)
}

fn describe_text(text: &Text, face: &Face) -> Map<String, Value> {
    let value = |value: &Variable| match value {
        Variable::Number(number) => Value::from(*number),
        Variable::Word(word) => Value::from(word.as_str()),
    };
    let data: Map<_, _> =
        text.variables.iter().map(|(name, found)| ((*name).to_owned(), value(found))).collect();
    let described = [("id", text.id.into()), ("data", Value::Object(data)), ("text", face.word(text).into())];
    described.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}
