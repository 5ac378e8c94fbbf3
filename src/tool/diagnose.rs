//! `avain diagnose`: the report as text and as JSON.

use crate::arguments::Diagnosis;
use crate::console::{self, Console};
use avain_flow::certificates;
use avain_flow::diagnosis::diagnose;
use avain_flow::report::{Finding, Report, Section};
use avain_flow::system::System;
use avain_flow::text::Variable;
use avain_flow::{Failure, Kind, Language, Text, text};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Prints the report, or writes it to a file.
pub(crate) fn show(
    form: &Diagnosis,
    language: Language,
    reader: Option<&str>,
    console: &Console,
) -> Result<(), Failure> {
    let system = System::new(Path::new("/"), std::env::vars_os());
    let report = diagnose(&system, language, reader, std::env::current_exe().ok().as_deref())?;
    let shown = if form.json {
        format!("{:#}", describe(&report, console))
    } else {
        report.read_out(console.words())
    };
    let Some(path) = &form.report else {
        console::print(&shown);
        return Ok(());
    };
    writeln!(create(path)?, "{shown}").map_err(|_| unwritable(path))?;
    console.tell(&text::written(path.as_path()));
    Ok(())
}

/// Creates a file that only the user can read.
fn create(path: &Path) -> Result<File, Failure> {
    let created = File::options().write(true).create_new(true).mode(0o600).open(path);
    created.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::new(Kind::Failed, [text::file_exists(path)]),
        _ => unwritable(path),
    })
}

fn unwritable(path: &Path) -> Failure {
    Failure::new(Kind::Failed, [text::file_unwritable(path)])
}

/// The report as JSON: the name of each text, its variables, and its words.
fn describe(report: &Report, console: &Console) -> Value {
    let section = |section: &Section| {
        let findings: Vec<Value> =
            section.findings.iter().map(|found| describe_finding(found, console)).collect();
        let mut described = describe_text(&section.title, console);
        described.insert("findings".to_owned(), Value::Array(findings));
        described
    };
    json!({ "sections": report.sections.iter().map(section).collect::<Vec<_>>() })
}

fn describe_finding(finding: &Finding, console: &Console) -> Value {
    let mut described = describe_text(&finding.text, console);
    described.insert("judgement".to_owned(), finding.judgement.name().into());
    Value::Object(described)
}

fn describe_text(text: &Text, console: &Console) -> Map<String, Value> {
    let value = |value: &Variable| match value {
        Variable::Number(number) => Value::from(*number),
        Variable::Day(day) => Value::from(certificates::day(*day)),
        Variable::Word(word) => Value::from(word.as_str()),
    };
    let data: Map<_, _> =
        text.variables.iter().map(|(name, found)| ((*name).to_owned(), value(found))).collect();
    let described =
        [("id", text.id.into()), ("data", Value::Object(data)), ("text", console.word(text).into())];
    described.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}
