//! The changes that a plan consists of: for each file what it is and what it will be. Several programs may share a file.

use super::memory::Memory;
use super::writing::{self, Found};
use super::{Direction, Refusal, Scope, Wanted};
use crate::system::System;
use std::path::{Path, PathBuf};

/// The first line of each file that is ours alone.
pub(super) const MARK: &str = "# Written by avain register; avain unregister takes it away.\n";

/// A file that is to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) path: PathBuf,
    pub(super) before: Found,
    /// `None`: it is removed.
    pub(super) after: Option<Vec<u8>>,
    /// The mode of a new file.
    pub(super) mode: u32,
}

/// The changes so far.
pub(super) struct Draft<'a> {
    pub(super) system: &'a System,
    pub(super) scope: Scope,
    pub(super) direction: Direction,
    pub(super) only_new: bool,
    pub(super) memory: Memory,
    pub(super) changes: Vec<Change>,
    /// p11-kit knows the module, or will.
    pub(super) p11_kit_knows: bool,
}

impl<'a> Draft<'a> {
    /// Nothing yet.
    pub(super) fn new(system: &'a System, wanted: &Wanted) -> Self {
        let Wanted { scope, direction, only_new, .. } = *wanted;
        let memory = Memory::read(system, scope);
        Draft { system, scope, direction, only_new, memory, changes: Vec::new(), p11_kit_knows: false }
    }

    /// The user's own folder of settings of this software.
    pub(super) fn settings(&self) -> Option<PathBuf> {
        Some(self.system.config_folder()?.join("avain"))
    }

    /// What a file is on the disk.
    pub(super) fn found(&self, path: &Path) -> Result<Found, Refusal> {
        writing::read(&self.system.real(path))
    }

    /// What a file will be by the changes so far.
    pub(super) fn planned(&self, path: &Path) -> Result<Found, Refusal> {
        match self.changes.iter().find(|change| change.path == path) {
            Some(change) => Ok(change.after.clone().map_or(Found::Nothing, Found::File)),
            None => self.found(path),
        }
    }

    /// Changes a file: the function is given what it will be by the changes so far. Returns whether that changes anything.
    pub(super) fn change(
        &mut self,
        path: &Path,
        change: impl FnOnce(&Found) -> Result<Option<Vec<u8>>, Refusal>,
    ) -> Result<bool, Refusal> {
        let planned = self.changes.iter().position(|change| change.path == path);
        if let Some(known) = planned.and_then(|place| self.changes.get_mut(place)) {
            let now = known.after.clone().map_or(Found::Nothing, Found::File);
            let after = change(&now)?;
            known.after = after.filter(|after| !(after.is_empty() && now == Found::Nothing));
            return Ok(true);
        }
        let before = self.found(path)?;
        let after = change(&before)?;
        let is_gone = before == Found::Nothing || self.memory.has_made(path);
        let after = after.filter(|after| !(after.is_empty() && is_gone));
        if after.clone().map_or(Found::Nothing, Found::File) == before {
            return Ok(false);
        }
        let mode = if self.scope == Scope::User { 0o600 } else { 0o644 };
        self.changes.push(Change { path: path.to_owned(), before, after, mode });
        Ok(true)
    }

    /// A file that is ours alone: it is written, or removed if it is the one that was written.
    pub(super) fn own_file(&mut self, path: &Path, text: &str) -> Result<bool, Refusal> {
        let direction = self.direction;
        self.change(path, |found| match (found.text()?, direction) {
            (Some(there), _) if !there.starts_with(MARK) => Err(Refusal::Foreign),
            (_, Direction::Register) => Ok(Some([MARK, text].concat().into_bytes())),
            (_, Direction::Unregister | Direction::Purge) => Ok(None),
        })
    }

    /// Is it a matter of forgetting?
    pub(super) fn forgets(&self) -> bool {
        self.direction != Direction::Register
    }
}
