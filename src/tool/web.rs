//! `avain web`: web pages that ask for signatures without an extension of the browser.

use crate::arguments::Switch;
use crate::console::Console;
use avain_flow::registration::signing;
use avain_flow::system::System;
use avain_flow::{Failure, Kind, text};
use std::path::{Path, PathBuf};

/// Switches the Finnish signature service on or off, or tells how it stands.
pub(crate) fn carry_out(switch: Switch, console: &Console) -> Result<(), Failure> {
    let system = System::new(Path::new("/"), std::env::vars_os());
    let said = match switch {
        Switch::On => signing::switch_on(&system, &program()?)?,
        Switch::Off => signing::switch_off(&system)?,
        Switch::Status => signing::told(&system),
    };
    said.iter().for_each(|text| console.say(text));
    Ok(())
}

/// The program that serves pages is installed beside this one.
fn program() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe().map(|tool| tool.with_file_name("avain-web"));
    program.map_err(|_| Failure::new(Kind::Failed, [text::cannot()]))
}
