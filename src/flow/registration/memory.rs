//! What is remembered of earlier registrations: which programs the user has taken Avain out of, so that nothing offers it
//! again; which programs of the computer were told, so that a package tells new ones alone; and which files and folders
//! were made, so that they go with the last entry in them.

use super::writing;
use super::{Outcome, Programs, Refusal, Row, Scope, State, Wanted};
use crate::system::System;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

const REMOVED: &str = "removed ";
const TOLD: &str = "told ";
const MADE: &str = "made ";

/// The memory of one user, or of the computer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Memory {
    /// Programs by their names on the command line.
    pub(super) removed: BTreeSet<String>,
    /// The places of programs of the computer that know the module, or did.
    pub(super) told: BTreeSet<PathBuf>,
    /// Files and folders, in the order in which they were made.
    pub(super) made: Vec<PathBuf>,
}

/// Where it is.
pub(super) fn place(system: &System, scope: Scope) -> Option<PathBuf> {
    match scope {
        Scope::User => Some(system.state_folder()?.join("registration")),
        Scope::Computer => Some("/var/lib/avain/registration".into()),
    }
}

impl Memory {
    /// What is remembered; nothing, if that cannot be read.
    pub(super) fn read(system: &System, scope: Scope) -> Self {
        let found = place(system, scope).map(|path| writing::read(&system.real(path)));
        let Some(Ok(found)) = found else { return Memory::default() };
        found.text().ok().flatten().map(Memory::parse).unwrap_or_default()
    }

    fn parse(text: &str) -> Self {
        let all = |key: &'static str| text.lines().filter_map(move |line| line.strip_prefix(key));
        Memory {
            removed: all(REMOVED).map(str::to_owned).collect(),
            told: all(TOLD).map(PathBuf::from).collect(),
            made: all(MADE).map(PathBuf::from).collect(),
        }
    }

    fn print(&self) -> String {
        let line = |key: &str, path: &PathBuf| {
            let path = path.to_str().filter(|path| !path.contains('\n'))?;
            Some(format!("{key}{path}\n"))
        };
        let removed = self.removed.iter().map(|id| format!("{REMOVED}{id}\n"));
        let told = self.told.iter().filter_map(|path| line(TOLD, path));
        removed.chain(told).chain(self.made.iter().filter_map(|path| line(MADE, path))).collect()
    }

    /// Adds the programs that know the module now.
    pub(super) fn note_told(&mut self, rows: &[Row], outcomes: &[Outcome]) {
        let knows = |row: &Row, outcome: &Outcome| match outcome {
            Outcome::Done | Outcome::Prepared => true,
            Outcome::Nothing => matches!(row.state, State::Registered | State::ForAll),
            Outcome::Failed(_) => false,
        };
        let told = rows.iter().zip(outcomes).filter(|(row, outcome)| knows(row, outcome));
        self.told.extend(told.map(|(row, _)| row.place.clone()));
    }

    /// Forgets that they were told.
    pub(super) fn forget_told(&mut self, rows: &[Row], wanted: &Wanted) {
        match wanted.programs {
            Programs::All => self.told.clear(),
            _ => self.told.retain(|place| !rows.iter().any(|row| row.place == *place)),
        }
    }

    /// Was this made here?
    pub(super) fn has_made(&self, path: &Path) -> bool {
        self.made.iter().any(|made| made == path)
    }

    /// Adds what was made.
    pub(super) fn note_made(&mut self, made: impl IntoIterator<Item = PathBuf>) {
        for path in made {
            if !self.has_made(&path) {
                self.made.push(path);
            }
        }
    }

    /// Removes the folders that were made and are empty now, the innermost first, and forgets what is gone.
    pub(super) fn tidy(&mut self, system: &System) {
        for path in self.made.iter().rev() {
            // One with anything in it stays, and so does a file.
            let _ = std::fs::remove_dir(system.real(path));
        }
        self.made.retain(|path| system.real(path).exists());
    }

    /// Keeps it, or removes the file if there is nothing to remember.
    pub(super) fn write(&self, system: &System, scope: Scope) -> Result<(), Refusal> {
        let Some(path) = place(system, scope).map(|path| system.real(path)) else { return Ok(()) };
        let text = self.print();
        let outcome: io::Result<()> = match (text.is_empty(), writing::read(&path)?) {
            (true, _) => writing::remove(&path).map(|()| {
                // The folder may have been made for it.
                let _ = path.parent().map(std::fs::remove_dir);
            }),
            (false, found) if found.bytes() == text.as_bytes() => Ok(()),
            (false, _) => writing::write(&path, text.as_bytes(), 0o600).map(drop),
        };
        outcome.map_err(|_| Refusal::Unwritable)
    }
}

/// Where it is noted that a user was asked about the programs.
fn offered(system: &System) -> Option<PathBuf> {
    Some(system.state_folder()?.join("registration-offered"))
}

/// Was the user asked whether programs are to know of the module?
pub fn was_offered(system: &System) -> bool {
    offered(system).is_some_and(|path| system.has(path))
}

/// Notes that the user was asked.
pub fn note_offer(system: &System) -> io::Result<()> {
    let path = offered(system).ok_or(io::ErrorKind::NotFound)?;
    writing::write(&system.real(path), b"", 0o600).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written() {
        let mut memory =
            Memory { removed: ["edge".to_owned(), "firefox".to_owned()].into(), ..Memory::default() };
        memory.told = ["/t/b c".into(), "/t/a".into()].into();
        memory.note_made(["/a b/c".into(), "/a b/c/d".into(), "/a b/c".into(), "/x\ny".into()]);
        let text = memory.print();
        assert_eq!(
            text,
            "removed edge\nremoved firefox\ntold /t/a\ntold /t/b c\nmade /a b/c\nmade /a b/c/d\n"
        );
        memory.made.pop();
        assert_eq!(Memory::parse(&text), memory);
        assert_eq!(Memory::parse("nonsense\n\nmade"), Memory::default());
    }
}
