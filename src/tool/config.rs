//! `avain config`: shows the settings, and changes one.

use crate::arguments::Setup;
use crate::console::Console;
use avain_flow::config::{self, Of};
use avain_flow::system::System;
use avain_flow::{Failure, Kind, text};
use std::path::Path;

/// Shows all, or changes the one that is named.
pub(crate) fn carry_out(form: &Setup, console: &Console) -> Result<(), Failure> {
    let system = System::new(form.root.as_deref().unwrap_or(Path::new("/")), std::env::vars_os());
    let Some(name) = &form.setting else { return show(&system, console) };
    let of = if form.system { Of::Computer } else { Of::User };
    let values = (!form.unset).then_some(form.values.as_slice());
    let file = config::change(&system, of, name, values)?;
    console.tell(&text::written(file.as_path()));
    Ok(())
}

/// All settings with their values; then what is wrong.
fn show(system: &System, console: &Console) -> Result<(), Failure> {
    let files = config::files(system);
    for file in &files {
        console.tell(&text::config_file(file.path.as_path()));
    }
    for setting in config::all(&files) {
        let value = setting.value.unwrap_or_else(|| "–".to_owned());
        console.tell(&text::config_setting(setting.name, value, setting.source));
        console.tell_below(&setting.about);
    }
    let problems = config::problems(&files);
    problems.iter().for_each(|problem| console.say(problem));
    if problems.is_empty() { Ok(()) } else { Err(Failure::new(Kind::Failed, [])) }
}
