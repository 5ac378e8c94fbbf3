//! `avain register` and `avain unregister`: the plan as a table or as JSON, and what became of it.

use crate::arguments::Registration;
use crate::console::{self, Console};
use avain_flow::registration::{
    self, Action, Direction, Done, Outcome, Plan, Programs, Refusal, Row, Scope, Wanted,
};
use avain_flow::system::System;
use avain_flow::{Failure, Kind, Text, text};
use rustix::process::geteuid;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Programs are told of the module.
pub(crate) fn register(
    form: &Registration,
    module: Option<&Path>,
    only_new: bool,
    console: &Console,
) -> Result<(), Failure> {
    let module = module.map(|module| std::path::absolute(module).unwrap_or_else(|_| module.to_owned()));
    carry_out(form, Wanted { module, only_new, ..wanted(form, Direction::Register) }, console)
}

/// They forget it.
pub(crate) fn unregister(form: &Registration, purge: bool, console: &Console) -> Result<(), Failure> {
    let direction = if purge { Direction::Purge } else { Direction::Unregister };
    carry_out(form, wanted(form, direction), console)
}

/// Shows the plan and carries it out.
fn carry_out(form: &Registration, wanted: Wanted, console: &Console) -> Result<(), Failure> {
    let root = form.root.as_deref().unwrap_or(Path::new("/"));
    if form.system && root == Path::new("/") && !geteuid().is_root() {
        return Err(Failure::new(Kind::Unfit, [text::reg_not_root()]));
    }
    let system = System::new(root, std::env::vars_os());
    let plan = registration::plan(&system, wanted)?;
    if !form.json {
        show(&plan, &system, console);
    }
    let others = registration::others(&system);
    let done = (!form.dry_run).then(|| registration::carry_out(&system, &plan));
    match (&done, form.json) {
        (done, true) => {
            console::print(&format!("{:#}", describe(&plan, done.as_ref(), &others, console)));
        }
        (None, false) => console.say(&text::reg_dry()),
        (Some(done), false) => tell(&plan.rows, done, &others, console),
    }
    let failed = |done: Done| done.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed(_)));
    if done.is_some_and(failed) { Err(Failure::new(Kind::Failed, [])) } else { Ok(()) }
}

fn wanted(form: &Registration, direction: Direction) -> Wanted {
    let named = form.programs.clone();
    Wanted {
        scope: if form.system { Scope::Computer } else { Scope::User },
        direction,
        programs: if named.is_empty() { Programs::All } else { Programs::Named(named) },
        only_new: false,
        module: None,
        tool: std::env::current_exe().ok().filter(|_| form.root.is_none()),
    }
}

/// A table: program, packaging, place, state, what will happen.
fn show(plan: &Plan, system: &System, console: &Console) {
    if let Some(module) = &plan.module {
        console.tell(&text::reg_module(module.as_path()));
    }
    if plan.rows.is_empty() {
        console.tell(&text::reg_nothing());
        return;
    }
    let heading = ["program", "packaging", "place", "state", "action"];
    let heading = heading.map(|what| console.word(&text::reg_heading(what)));
    let rows = plan.rows.iter().map(|row| cells(row, system, console));
    let table: Vec<[String; 5]> = [heading].into_iter().chain(rows).collect();
    let width = |column: usize| {
        let cells = table.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths = [0, 1, 2, 3, 4].map(width);
    for row in &table {
        let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}  "));
        console::print(padded.collect::<String>().trim_end());
    }
}

fn cells(row: &Row, system: &System, console: &Console) -> [String; 5] {
    [
        row.name.to_owned(),
        console.word(&text::reg_packaging(row.packaging)),
        place(&row.place, system),
        console.word(&text::reg_state(row.state)),
        console.word(&match row.action {
            Action::Refuse(refusal) => refused(refusal),
            action => text::reg_action(action),
        }),
    ]
}

fn refused(refusal: Refusal) -> Text {
    text::reg_refusal(refusal, refusal.line())
}

/// A path with `~` for the user's folder.
fn place(path: &Path, system: &System) -> String {
    let below = system.home().and_then(|home| path.strip_prefix(home).ok());
    let path = below.map_or_else(|| path.to_owned(), |below| PathBuf::from("~").join(below));
    avain_flow::clean::clean_path(&path)
}

/// What became of the plan, and what is left to do.
fn tell(rows: &[Row], done: &Done, others: &[Text], console: &Console) {
    for (row, outcome) in rows.iter().zip(&done.outcomes) {
        if let Outcome::Failed(refusal) = outcome {
            let why = console.word(&refused(*refusal));
            console.say(&text::reg_failed(row.name, row.place.as_path(), why));
        }
    }
    done.counts().iter().chain(&done.words(rows, others)).for_each(|text| console.say(text));
}

/// The same for scripts.
fn describe(plan: &Plan, done: Option<&Done>, others: &[Text], console: &Console) -> Value {
    let outcomes = done.map(|done| done.outcomes.as_slice()).unwrap_or_default();
    let rows: Vec<Value> = plan
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let advice: Vec<String> = row.advice.iter().map(|advice| console.word(advice)).collect();
            json!({
                "program": row.id,
                "packaging": row.packaging.name(),
                "place": row.place.to_string_lossy(),
                "state": row.state.name(),
                "action": row.action.name(),
                "reason": reason(row.action),
                "outcome": outcomes.get(place).map(|outcome| outcome_name(*outcome)),
                "advice": advice,
            })
        })
        .collect();
    let others: Vec<String> = others.iter().map(|other| console.word(other)).collect();
    json!({
        "module": plan.module.as_ref().map(|module| module.to_string_lossy()),
        "rows": rows,
        "files": plan.files().map(|file| file.to_string_lossy()).collect::<Vec<_>>(),
        "carried_out": done.is_some(),
        "restart": done.map(|done| done.restart.clone()).unwrap_or_default(),
        "others": others,
    })
}

fn reason(action: Action) -> Option<&'static str> {
    match action {
        Action::Refuse(refusal) => Some(refusal.name()),
        _ => None,
    }
}

fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Prepared => "prepared",
        Outcome::Nothing => "nothing",
        Outcome::Failed(refusal) => refusal.name(),
    }
}
