//! `avain doctor`: what is wrong, and the command that helps; with `--fix` it is run after asking.

use crate::arguments::Treatment;
use crate::console::{self, Console};
use crate::terminal::Terminal;
use avain_flow::diagnosis::{Cure, cure, diagnose};
use avain_flow::report::{Finding, Judgement};
use avain_flow::system::System;
use avain_flow::{Failure, Kind, Language, Text, load_module, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// Something that is wrong, and what helps.
type Complaint = (Finding, Option<Cure>);

/// Tells what is wrong, and cures what the user wants cured.
pub(crate) fn examine(
    form: &Treatment,
    language: Language,
    reader: Option<&str>,
    console: &Console,
) -> Result<(), Failure> {
    let system = System::new(form.root.as_deref().unwrap_or(Path::new("/")), std::env::vars_os());
    let mut found = complaints(&system, language, reader)?;
    if form.json {
        let described = found.iter().map(|complaint| describe(complaint, console));
        console::print(&format!("{:#}", Value::Array(described.collect())));
    } else {
        found.iter().for_each(|complaint| tell(complaint, console));
    }
    let mut left: Vec<Text> = Vec::new();
    // What a command says of itself is not believed: it is looked again.
    if form.fix && treat(&found, console)? {
        found = complaints(&system, language, reader)?;
        found.iter().for_each(|complaint| tell(complaint, console));
        left.push(text::doctor_left());
    }
    if found.is_empty() {
        console.say(&text::doctor_well());
        Ok(())
    } else {
        Err(Failure::new(Kind::Failed, left))
    }
}

/// What is wrong, each once.
fn complaints(system: &System, language: Language, reader: Option<&str>) -> Result<Vec<Complaint>, Failure> {
    let report = diagnose(system, language, reader, std::env::current_exe().ok().as_deref())?;
    let mut found: Vec<Complaint> = Vec::new();
    for finding in report.sections.into_iter().flat_map(|section| section.findings) {
        let is_known = found.iter().any(|(known, _)| known.text == finding.text);
        if finding.judgement == Judgement::Attention && !is_known {
            let cure = cure(&finding, system);
            found.push((finding, cure));
        }
    }
    Ok(found)
}

fn tell((finding, cure): &Complaint, console: &Console) {
    console.tell(&finding.text);
    if let Some(cure) = cure {
        console.tell_below(&text::doctor_cure(cure.command.as_str()));
        cure.warning.iter().for_each(|warning| console.tell_below(warning));
    }
}

fn describe((finding, cure): &Complaint, console: &Console) -> Value {
    let warning = cure.as_ref().and_then(|cure| cure.warning.as_ref());
    json!({
        "id": finding.text.id,
        "text": console.word(&finding.text),
        "cure": cure.as_ref().map(|cure| cure.command.as_str()),
        "warning": warning.map(|warning| console.word(warning)),
    })
}

/// Runs each command that the user agrees to. Was there any?
fn treat(found: &[Complaint], console: &Console) -> Result<bool, Failure> {
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    let mut any = false;
    for cure in found.iter().filter_map(|(_, cure)| cure.as_ref()) {
        if asked.insert(&cure.command) && agrees(cure, console)? {
            run(&cure.command, console);
            any = true;
        }
    }
    Ok(any)
}

/// Asks the user. The terminal is closed again before the command wants it.
fn agrees(cure: &Cure, console: &Console) -> Result<bool, Failure> {
    let question = console.word(&text::doctor_ask(cure.command.as_str()));
    cure.warning.iter().for_each(|warning| console.say(warning));
    let answer = Terminal::open()
        .and_then(|mut terminal| terminal.answer(&question))
        .map_err(|_| Failure::new(Kind::Cancelled, [text::no_terminal()]))?;
    let yes = console.word(&text::yes());
    Ok(answer.is_some_and(|answer| answer.starts_with(yes.as_str()) || answer.starts_with('y')))
}

fn run(command: &str, console: &Console) {
    let ran = Command::new("/bin/sh").args(["-c", command]).env("PATH", path()).status();
    if !ran.is_ok_and(|status| status.success()) {
        console.say(&text::doctor_failed());
    }
}

/// Where commands are looked for: this tool's own folder first.
fn path() -> OsString {
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let own = std::env::current_exe().ok().and_then(|tool| tool.parent().map(Path::to_owned));
    let all = own.into_iter().chain(std::env::split_paths(&usual));
    std::env::join_paths(all).unwrap_or(usual)
}

/// Loads a module and says what the loader says: in a process of its own, for the doctor.
pub(crate) fn probe(module: &Path) -> Result<(), Failure> {
    load_module(module).map_err(|why| {
        console::print(&why);
        Failure::new(Kind::Failed, Vec::<Text>::new())
    })
}
