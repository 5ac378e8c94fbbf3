//! `avain generate`: manual pages and completions, for packages.

use crate::help;
use avain_flow::{Failure, Kind, Language, Words, text};
use clap_complete::{Shell, generate_to};
use std::fs;
use std::io;
use std::path::Path;

/// Writes them to `man`, as that folder is where manuals are installed, and `completions` in the folder.
pub(crate) fn write(folder: &Path) -> Result<(), Failure> {
    let unwritable = |_| Failure::new(Kind::Failed, [text::file_unwritable(folder)]);
    pages(folder).and_then(|()| completions(folder)).map_err(unwritable)
}

fn pages(folder: &Path) -> io::Result<()> {
    Language::ALL.into_iter().try_for_each(|language| {
        let of = if language == Language::English { "" } else { language.code() };
        manual(&Words::of(language), &folder.join("man").join(of).join("man1"))
    })
}

/// The manual in one language.
fn manual(words: &Words, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(help::command(words), folder)?;
    fs::read_dir(folder)?.try_for_each(|page| {
        let path = page?.path();
        let text = fs::read_to_string(&path)?;
        let lines = text.lines().map(|line| match line.strip_prefix(".SH ") {
            Some(heading) => format!(".SH {}\n", words.say(&text::manual_heading(heading))),
            None => format!("{line}\n"),
        });
        fs::write(&path, lines.collect::<String>())
    })
}

fn completions(folder: &Path) -> io::Result<()> {
    let completions = folder.join("completions");
    fs::create_dir_all(&completions)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        generate_to(shell, &mut help::command(&Words::of(Language::English)), "avain", &completions)?;
    }
    Ok(())
}
