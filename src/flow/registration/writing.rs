//! Changing files that belong to others' programs: as a whole or not at all, with the rights that they had, and only
//! where they are the user's own.

use super::Refusal;
use rustix::process::geteuid;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Longer files are no lists of modules.
const LONGEST: u64 = 16 << 20;
/// Folders that programs keep their keys in are for their user alone.
const FOLDER_MODE: u32 = 0o700;

/// A file as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// There is none.
    Nothing,
    /// Its content.
    File(Vec<u8>),
}

impl Found {
    /// Its bytes; none if there is no file.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Found::Nothing => &[],
            Found::File(bytes) => bytes,
        }
    }

    /// The same as a text, if there is a file.
    pub(crate) fn text(&self) -> Result<Option<&str>, Refusal> {
        match self {
            Found::Nothing => Ok(None),
            Found::File(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|_| Refusal::Text),
        }
    }
}

/// Reads a file that may be changed: one of the user's own, in a folder of the user's own.
pub(crate) fn read(path: &Path) -> Result<Found, Refusal> {
    let about = match fs::symlink_metadata(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return existing(path).map_or(Ok(()), |folder| ours(&folder)).map(|()| Found::Nothing);
        }
        about => about.map_err(|_| Refusal::Unreadable)?,
    };
    if about.is_symlink() {
        return Err(Refusal::Link);
    }
    if !about.is_file() || about.len() > LONGEST {
        return Err(Refusal::NoFile);
    }
    existing(path).map_or(Ok(()), |folder| ours(&folder))?;
    if about.uid() != geteuid().as_raw() {
        return Err(Refusal::Owner);
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|_| Refusal::Unreadable)?;
    file.take(LONGEST).read_to_end(&mut bytes).map_err(|_| Refusal::Unreadable)?;
    Ok(Found::File(bytes))
}

/// The nearest folder around a path that exists.
fn existing(path: &Path) -> Option<PathBuf> {
    path.ancestors().skip(1).find(|folder| folder.exists()).map(Path::to_owned)
}

/// Does this folder belong to who runs this program? Root may change what is root's, and nobody else's.
fn ours(folder: &Path) -> Result<(), Refusal> {
    let about = fs::metadata(folder).map_err(|_| Refusal::Unreadable)?;
    if about.uid() != geteuid().as_raw() {
        Err(Refusal::Owner)
    } else if !about.is_dir() {
        Err(Refusal::NoFile)
    } else {
        Ok(())
    }
}

/// Replaces a file as a whole, and makes the folders around it. Returns what was made: folders, then the file.
pub(crate) fn write(path: &Path, bytes: &[u8], mode: u32) -> io::Result<Vec<PathBuf>> {
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    let mut made: Vec<PathBuf> =
        folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    made.reverse();
    let folder_mode = if mode & 0o044 == 0 { FOLDER_MODE } else { 0o755 };
    fs::DirBuilder::new().recursive(true).mode(folder_mode).create(folder)?;
    let before = fs::metadata(path).ok();
    let mode = before.as_ref().map_or(mode, |about| about.permissions().mode() & 0o7777);
    if before.is_none() {
        made.push(path.to_owned());
    }
    let beside = beside(path);
    let outcome = fill(&beside, bytes, mode).and_then(|()| fs::rename(&beside, path));
    if outcome.is_err() {
        let _ = fs::remove_file(&beside);
    }
    outcome.map(|()| made)
}

/// A name for the new file until it is complete.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".avain-{}", std::process::id()));
    path.with_file_name(name)
}

fn fill(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    // Whatever the umask has taken away.
    file.set_permissions(fs::Permissions::from_mode(mode))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Removes a file that is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::system::furnished::Furnished;
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn files_are_replaced_as_a_whole_and_keep_their_mode() {
        let place = Furnished::new(&[("a", "old")]);
        let path = place.path().join("a");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(write(&path, b"new", 0o600).unwrap(), [""; 0].map(PathBuf::from));
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o640);
        let deep = place.path().join("b/c/d");
        let made = write(&deep, b"x", 0o600).unwrap();
        assert_eq!(made, [place.path().join("b"), place.path().join("b/c"), deep.clone()]);
        assert_eq!(fs::metadata(place.path().join("b")).unwrap().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(&deep).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
        // Where it cannot be written, nothing is left.
        fs::create_dir_all(place.path().join("e/f")).unwrap();
        assert!(write(&place.path().join("e"), b"x", 0o600).is_err());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 3);
    }

    #[test]
    fn only_plain_files_of_our_own_are_read() {
        let place = Furnished::new(&[("file", "text"), ("folder/x", "")]);
        let at = |name: &str| place.path().join(name);
        symlink("file", at("link")).unwrap();
        fs::File::create(at("long")).unwrap().set_len(LONGEST + 1).unwrap();
        for (name, expected) in [
            ("file", Ok(Found::File(b"text".to_vec()))),
            ("gone", Ok(Found::Nothing)),
            ("no/folder", Ok(Found::Nothing)),
            ("file/below", Err(Refusal::NoFile)),
            ("link", Err(Refusal::Link)),
            ("folder", Err(Refusal::NoFile)),
            ("long", Err(Refusal::NoFile)),
        ] {
            assert_eq!(read(&at(name)), expected, "{name}");
        }
        // Somebody else's: /proc/1 is root's, where this is not run by root.
        if !geteuid().is_root() {
            assert_eq!(read(Path::new("/etc/hostname")), Err(Refusal::Owner));
        }
    }
}
