//! `avain generate`: manual pages and completions, for packages.

use crate::help;
use avain_flow::{Failure, Kind, Language, Words, text};
use clap_complete::{Shell, generate_to};
use std::fs;
use std::io;
use std::path::Path;

/// Writes them to `man1` and `completions` in the folder.
pub(crate) fn write(folder: &Path) -> Result<(), Failure> {
    let unwritable = |_| Failure::new(Kind::Failed, [text::file_unwritable(folder)]);
    pages(folder).and_then(|()| completions(folder)).map_err(unwritable)
}

fn pages(folder: &Path) -> io::Result<()> {
    let man = folder.join("man1");
    fs::create_dir_all(&man)?;
    clap_mangen::generate_to(help::command(&Words::of(Language::English)), man)
}

fn completions(folder: &Path) -> io::Result<()> {
    let completions = folder.join("completions");
    fs::create_dir_all(&completions)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        generate_to(shell, &mut help::command(&Words::of(Language::English)), "avain", &completions)?;
    }
    Ok(())
}
