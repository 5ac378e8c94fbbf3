//! Files of the user's own that nobody else may read or write. No link is followed, no device is opened, and a file is
//! checked after it was opened, when it can no longer be replaced.

use super::system::files;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;
use zeroize::Zeroizing;

/// How often, and how far apart, it is tried to become the only one who writes.
const ATTEMPTS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(5);

/// Why a file is not used.
#[derive(Debug)]
pub enum Unusable {
    /// The system refuses.
    System(io::Error),
    /// It is a link, a folder or a device.
    NotAFile,
    /// It belongs to somebody else.
    NotOurs,
    /// Others may read or write it.
    OpenToOthers,
    /// It is longer than it can be.
    TooLong,
    /// Somebody else is writing it all the time.
    Busy,
}

/// Whose a file has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// That of the user who runs this program.
    User,
    /// That of whoever administers the computer.
    Computer,
}

/// What others may do with a file of the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// Nothing.
    Nothing,
    /// They may read it.
    Read,
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        if files::is_refused_link(&error) { Unusable::NotAFile } else { Unusable::System(error) }
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// `None` for what is not there.
fn if_there<T>(opened: io::Result<T>) -> Result<Option<T>, Unusable> {
    match opened {
        Err(error) if is_missing(&error) => Ok(None),
        other => Ok(Some(other?)),
    }
}

/// The content of a file of at most this many bytes, in a folder of the user's own; `None` if there is no such file.
pub(crate) fn read(
    folder: &Path,
    name: &str,
    longest: usize,
) -> Result<Option<Zeroizing<Vec<u8>>>, Unusable> {
    let Some(outside) = if_there(files::about_folder(folder))? else { return Ok(None) };
    files::check_folder(&outside)?;
    let Some(file) = if_there(files::open(&folder.join(name)))? else { return Ok(None) };
    files::check(&file, Owner::User, Others::Nothing)?;
    content(file, longest).map(Some)
}

/// The content of a file of settings of at most this many bytes: of the user's own, or of the computer's, which nobody
/// else may write. A link to one is as good. `None` if there is no such file.
pub(crate) fn read_settings(
    path: &Path,
    of_computer: bool,
    longest: usize,
) -> Result<Option<Zeroizing<Vec<u8>>>, Unusable> {
    let Some(file) = if_there(files::open_linked(path))? else { return Ok(None) };
    files::check(&file, if of_computer { Owner::Computer } else { Owner::User }, Others::Read)?;
    content(file, longest).map(Some)
}

/// Opens the user's file for one more line. It has to exist already; others may read it.
pub(crate) fn append(path: &Path) -> Result<File, Unusable> {
    let file = files::open_to_append(path).map_err(Unusable::System)?;
    files::check(&file, Owner::User, Others::Read)?;
    Ok(file)
}

fn content(mut file: File, longest: usize) -> Result<Zeroizing<Vec<u8>>, Unusable> {
    // It never grows: that would leave copies behind.
    let mut content = Zeroizing::new(vec![0; longest.saturating_add(1)]);
    let mut length = 0_usize;
    while let Some(room) = content.get_mut(length..).filter(|room| !room.is_empty()) {
        match file.read(room)? {
            0 => break,
            more => length = length.saturating_add(more),
        }
    }
    if length > longest {
        return Err(Unusable::TooLong);
    }
    content.truncate(length);
    Ok(content)
}

/// A folder of the user's own, in which only one program writes at a time.
pub(crate) struct Writing {
    folder: PathBuf,
    /// Unlocked when it is closed.
    _lock: File,
}

impl Writing {
    /// Waits for others, but not long. The folder is made if it is missing.
    pub(crate) fn begin(folder: &Path) -> Result<Self, Unusable> {
        let lock = files::make_lockable(folder)?;
        for _ in 0..ATTEMPTS {
            match lock.try_lock() {
                Ok(()) => return Ok(Writing { folder: folder.to_owned(), _lock: lock }),
                Err(fs::TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(fs::TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Err(Unusable::Busy)
    }

    /// Replaces a file as a whole: whoever reads it finds the old content or the new one.
    pub(crate) fn replace(&self, name: &str, content: &[u8]) -> Result<(), Unusable> {
        let (new, path) = (self.folder.join(format!("{name}.new")), self.folder.join(name));
        self.remove_path(&new)?;
        let mut file = files::create(&new)?;
        let written = file.write_all(content).and_then(|()| file.sync_data());
        // Some systems rename no file that is open.
        drop(file);
        let outcome = written.and_then(|()| fs::rename(&new, path));
        if outcome.is_err() {
            self.remove_path(&new)?;
        }
        outcome.map_err(Unusable::from)
    }

    /// Removes a file, whatever it is, if it exists.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Unusable> {
        self.remove_path(&self.folder.join(name))
    }

    fn remove_path(&self, path: &Path) -> Result<(), Unusable> {
        match fs::remove_file(path) {
            Err(error) if !is_missing(&error) => Err(error.into()),
            _ => Ok(()),
        }
    }
}

// Whom files belong to is asked by each system in its own words.
#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    /// A folder that is removed in the end.
    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("avain-private-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            Place(path)
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_is_written_is_read_and_is_for_nobody_else() {
        let place = Place::new("written");
        let (folder, path) = (place.0.join("a/b"), place.0.join("a/b/file"));
        let read = |longest| super::read(&folder, "file", longest);
        assert!(read(9).unwrap().is_none());
        let writing = Writing::begin(&folder).unwrap();
        for content in [&b"first"[..], b"second"] {
            writing.replace("file", content).unwrap();
            assert_eq!(*read(6).unwrap().unwrap(), content);
        }
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert!(matches!(read(5), Err(Unusable::TooLong)));
        writing.remove("file").unwrap();
        writing.remove("file").unwrap();
        assert!(read(9).unwrap().is_none());
    }

    #[test]
    fn nobody_elses_file_is_read_and_no_link_followed() {
        let place = Place::new("others");
        let path = place.0.join("file");
        let writing = Writing::begin(&place.0).unwrap();
        writing.replace("file", b"content").unwrap();
        let read = |name: &str| read(&place.0, name, 9);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(read("file"), Err(Unusable::OpenToOthers)));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        symlink(&path, place.0.join("link")).unwrap();
        assert!(matches!(read("link"), Err(Unusable::NotAFile)));
        assert!(matches!(read("."), Err(Unusable::NotAFile | Unusable::System(_))));
        let elsewhere = place.0.join("folder");
        symlink(&place.0, &elsewhere).unwrap();
        assert!(matches!(super::read(&elsewhere, "file", 9), Err(Unusable::NotAFile)));
        // The link is replaced, and not what it points to.
        writing.replace("link", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"content");
    }

    #[test]
    fn one_program_writes_at_a_time() {
        let place = Place::new("lock");
        let first = Writing::begin(&place.0).unwrap();
        assert!(matches!(Writing::begin(&place.0), Err(Unusable::Busy)));
        drop(first);
        Writing::begin(&place.0).unwrap();
        let open = fs::Permissions::from_mode(0o777);
        fs::set_permissions(&place.0, open).unwrap();
        assert!(matches!(Writing::begin(&place.0), Err(Unusable::OpenToOthers)));
    }
}
