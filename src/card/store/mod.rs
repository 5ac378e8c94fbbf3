//! The card access numbers that the holder has entered: a file in the user's configuration folder, which the module
//! and the tool read and write. It is for nobody else, bounded, replaced as a whole, and ignored if it is not in order.
//! A program with more rights than its user has none.

mod entries;

pub use entries::{CardName, Known};

use crate::cards::{Can, CardProfile};
use crate::log::{self, Record};
use crate::settings::Settings;
use crate::sys::private_files::{self, Writing};
use crate::sys::{folders, privilege};
use crate::token::{CanStore, Identity};
use entries::{LONGEST, parse, print};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

pub use crate::sys::private_files::Unusable;

/// The folder of this software below the configuration folder.
const FOLDER: &str = "avain";
/// The file in it.
const FILE: &str = "card-access-numbers";
/// So many are kept; of more, those go first that have not worked for the longest time.
pub(crate) const MOST: usize = 32;

/// Why the stored numbers cannot be used, or not be changed.
#[derive(Debug)]
pub enum StoreError {
    /// This program has no place for them.
    NoPlace,
    /// The file cannot be used.
    Unusable(Unusable),
    /// The file is not one that this software has written.
    Broken,
}

impl From<Unusable> for StoreError {
    fn from(why: Unusable) -> Self {
        StoreError::Unusable(why)
    }
}

/// The stored card access numbers.
#[derive(Debug, Default)]
pub struct StoredCans(Option<Place>);

/// A folder and the file in it.
#[derive(Debug)]
struct Place {
    folder: PathBuf,
    file: String,
}

impl StoredCans {
    /// Those of the user, by the environment.
    pub fn of_user() -> Self {
        if privilege::is_elevated() {
            return StoredCans(None);
        }
        match Settings::of_process().can_file() {
            Some(file) => Self::in_file(file),
            None => Self::of(|name| std::env::var_os(name)),
        }
    }

    fn in_file(file: &Path) -> Self {
        let name = file.file_name().and_then(OsStr::to_str);
        let place =
            |(folder, name): (&Path, &str)| Place { folder: folder.to_owned(), file: name.to_owned() };
        StoredCans(file.parent().zip(name).map(place))
    }

    fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let place = |folder: PathBuf| Place { folder: folder.join(FOLDER), file: FILE.to_owned() };
        StoredCans(folders::of_settings(variable).map(place))
    }

    /// The file, if there is a place for it.
    pub fn path(&self) -> Option<PathBuf> {
        self.0.as_ref().map(|place| place.folder.join(&place.file))
    }

    fn place(&self) -> Result<&Place, StoreError> {
        self.0.as_ref().ok_or(StoreError::NoPlace)
    }

    /// All that are stored, in the order in which they were.
    pub fn read(&self) -> Result<Vec<Known>, StoreError> {
        let content = private_files::read(&self.place()?.folder, &self.place()?.file, LONGEST)?;
        content.map_or(Ok(Vec::new()), |content| parse(&content).ok_or(StoreError::Broken))
    }

    /// The number to be tried by itself with a card of this kind: the only one, or, of several, the one that worked
    /// last. Not one that a card has refused since.
    fn best(&self, kind: &str) -> Option<Can> {
        let known = match self.read() {
            Ok(known) => known,
            Err(StoreError::NoPlace) => return None,
            Err(_) => {
                log::info(|| Record::Remark("the stored card access numbers cannot be read"));
                return None;
            }
        };
        let mut fit: Vec<Known> = known.into_iter().filter(|known| known.may_be_tried(kind)).collect();
        let several = fit.len() > 1;
        fit.sort_by_key(Known::rank);
        fit.pop().filter(|last| !several || last.rank() > 0).map(|last| last.can)
    }

    /// Adds a number of a card that was not seen yet. `false` if it was there.
    pub fn add(&self, can: Can) -> Result<bool, StoreError> {
        let mut added = false;
        self.change(|known| {
            added = !known.iter().any(|known| known.can.is_same(&can));
            if added {
                known.push(Known::of(can));
            }
            added
        })?;
        Ok(added)
    }

    /// Forgets the one at this place of the list. `false` if there is none.
    pub fn forget(&self, place: usize) -> Result<bool, StoreError> {
        let mut there = false;
        self.change(|known| {
            there = place < known.len();
            if there {
                drop(known.remove(place));
            }
            there
        })?;
        Ok(there)
    }

    /// Removes the file, also if it is broken.
    pub fn forget_all(&self) -> Result<(), StoreError> {
        let place = self.place()?;
        Ok(Writing::begin(&place.folder)?.remove(&place.file)?)
    }

    /// Changes what is stored; it is written if `change` says that it has changed anything. A file that cannot be read is
    /// not replaced.
    fn change(&self, change: impl FnOnce(&mut Vec<Known>) -> bool) -> Result<(), StoreError> {
        let place = self.place()?;
        let writing = Writing::begin(&place.folder)?;
        let mut known = self.read()?;
        if change(&mut known) {
            while known.len() > MOST {
                entries::drop_oldest(&mut known);
            }
            writing.replace(&place.file, &print(&known))?;
        }
        Ok(())
    }
}

impl CanStore for StoredCans {
    fn to_try(&self, profile: &CardProfile) -> Option<Can> {
        self.best(profile.model)
    }

    fn accepted(&self, can: &Can, profile: &CardProfile, card: &Identity) {
        let card = CardName::of(profile, card);
        said(self.change(|known| entries::note_worked(known, can, card)));
    }

    fn refused(&self, can: &Can) {
        said(self.change(|known| entries::note_refused(known, can)));
    }

    fn belongs_to(&self, profile: &CardProfile, card: &Identity, holder: &str) {
        let card = CardName::of(profile, card);
        said(self.change(|known| entries::note_holder(known, &card, holder)));
    }
}

/// Logs that something could not be written. There is no call that could fail by that.
fn said(outcome: Result<(), StoreError>) {
    if !matches!(outcome, Ok(()) | Err(StoreError::NoPlace)) {
        log::info(|| Record::Remark("what is known of a card access number could not be stored"));
    }
}

#[cfg(test)]
mod tests;
