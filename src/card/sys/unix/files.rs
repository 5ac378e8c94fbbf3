//! How files of one user are opened, made and judged. Whatever is in their place: no link is followed, nothing blocks, and
//! no terminal becomes ours.

use super::ownership::{self, AS_FOLDER, CAREFULLY, OTHERS_MAY, OTHERS_MAY_WRITE, Shared};
use super::privilege;
use crate::sys::private_files::{Others, Owner, Unusable};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// The user ID of the one who administers the computer.
const ROOT: u32 = 0;

impl From<Shared> for Unusable {
    fn from(why: Shared) -> Self {
        match why {
            Shared::NotOurs => Unusable::NotOurs,
            Shared::OpenToOthers => Unusable::OpenToOthers,
        }
    }
}

/// Was something not opened because it is a link?
pub(in crate::sys) fn is_refused_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ELOOP)
}

/// Opens a file for reading.
pub(in crate::sys) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(CAREFULLY).open(path)
}

/// The same, where a link is followed.
pub(in crate::sys) fn open_linked(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(CAREFULLY & !libc::O_NOFOLLOW).open(path)
}

/// Opens a file for writing at its end.
pub(in crate::sys) fn open_to_append(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).custom_flags(CAREFULLY).open(path)
}

/// Makes a file, for its owner alone.
pub(in crate::sys) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Is an open file a regular one, this owner's, and do others have no more than these permissions?
pub(in crate::sys) fn check(file: &File, owner: Owner, others: Others) -> Result<(), Unusable> {
    let user = if owner == Owner::Computer { ROOT } else { privilege::user() };
    check_for(file, user, others)
}

fn check_for(file: &File, user: u32, others: Others) -> Result<(), Unusable> {
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(Unusable::NotAFile);
    }
    let forbidden = if others == Others::Nothing { OTHERS_MAY } else { OTHERS_MAY_WRITE };
    Ok(ownership::check(&about, forbidden, user)?)
}

/// What there is to be known of a folder.
pub(in crate::sys) fn about_folder(folder: &Path) -> io::Result<Metadata> {
    fs::symlink_metadata(folder)
}

/// Is it a folder, this user's, to which nobody else may write?
pub(in crate::sys) fn check_folder(about: &Metadata) -> Result<(), Unusable> {
    if about.is_dir() {
        Ok(ownership::check(about, OTHERS_MAY_WRITE, privilege::user())?)
    } else {
        Err(Unusable::NotAFile)
    }
}

/// Makes a folder of the user's own if it is missing, and opens what stands for it in locks.
pub(in crate::sys) fn make_lockable(folder: &Path) -> Result<File, Unusable> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let opened = OpenOptions::new().read(true).custom_flags(AS_FOLDER).open(folder)?;
    check_folder(&opened.metadata()?)?;
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A test can only make files of its own user, so another user opens it here.
    #[test]
    fn somebody_elses_file_is_not_used() {
        let path = std::env::temp_dir().join(format!("avain-files-{}", std::process::id()));
        let file = create(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let user = privilege::user();
        for others in [Others::Nothing, Others::Read] {
            assert!(check_for(&file, user, others).is_ok());
            assert!(matches!(check_for(&file, user + 1, others), Err(Unusable::NotOurs)));
        }
        let root = fs::metadata("/").unwrap();
        assert_eq!(check_folder(&root).is_ok(), user == ROOT);
    }
}
