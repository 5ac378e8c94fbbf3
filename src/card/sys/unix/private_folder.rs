//! Folders in memory that belong to one user alone, and the files in them.
//!
//! Whatever is opened is opened below an open folder and checked when it is open, so that nobody can exchange it between
//! the check and its use. No link is followed, and nothing is opened that could block.

use super::ownership::{self, AS_FOLDER, OTHERS_MAY, OTHERS_MAY_WRITE};
use super::privilege;
use std::ffi::{CStr, CString};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

/// Nobody takes longer to write a file; one that is older was left behind.
const LEFT_BEHIND: Duration = Duration::from_secs(60);

/// An open folder.
pub(crate) struct PrivateFolder(File);

impl PrivateFolder {
    /// The folder with this path, if it is in memory, and nobody but this user can write to it.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let folder = OpenOptions::new().read(true).custom_flags(AS_FOLDER).open(path)?;
        checked(folder, OTHERS_MAY_WRITE, privilege::user())
    }

    /// A folder in this one, which is made if it is not there, and to which nobody else has access.
    pub(crate) fn inside(&self, name: &CStr) -> io::Result<Self> {
        // SAFETY: an open descriptor, and a name that ends with a zero byte.
        unsafe { libc::mkdirat(self.0.as_raw_fd(), name.as_ptr(), 0o700) };
        // Whether it was made now, was there, or is something else, is seen when it is open.
        checked(self.open_file(name, libc::O_RDONLY | libc::O_DIRECTORY)?, OTHERS_MAY, privilege::user())
    }

    /// The content of a file, if it is this user's own, nobody else has access to it, and it has no more than `most` bytes.
    pub(crate) fn read(&self, name: &CStr, most: u64) -> io::Result<Vec<u8>> {
        let file = self.open_file(name, libc::O_RDONLY | libc::O_NONBLOCK)?;
        let about = file.metadata()?;
        if !about.is_file() || !is_private(&about, OTHERS_MAY, privilege::user()) || about.len() > most {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let mut content = Vec::new();
        file.take(most).read_to_end(&mut content)?;
        Ok(content)
    }

    /// Writes a file and puts it in the place of the one with this name, if there is one: whoever reads it finds the old
    /// content or the new one. An error if another process is writing it.
    pub(crate) fn replace(&self, name: &CStr, content: &[u8]) -> io::Result<()> {
        let draft = CString::new([name.to_bytes(), b".new"].concat())?;
        let new = self.open_file(&draft, libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL);
        let mut file = new.inspect_err(|_| self.clear_away(&draft))?;
        file.write_all(content).and_then(|()| self.rename(&draft, name)).inspect_err(|_| self.remove(&draft))
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, name: &CStr) {
        // SAFETY: as above; what cannot be removed stays.
        unsafe { libc::unlinkat(self.0.as_raw_fd(), name.as_ptr(), 0) };
    }

    /// Removes a draft that somebody has left behind.
    fn clear_away(&self, draft: &CStr) {
        let written = self
            .open_file(draft, libc::O_RDONLY | libc::O_NONBLOCK)
            .and_then(|file| file.metadata()?.modified());
        if written.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFT_BEHIND)) {
            self.remove(draft);
        }
    }

    fn rename(&self, from: &CStr, to: &CStr) -> io::Result<()> {
        let folder = self.0.as_raw_fd();
        // SAFETY: as above.
        match unsafe { libc::renameat(folder, from.as_ptr(), folder, to.as_ptr()) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Opens something in this folder that is no link. A file that is made is for its owner alone.
    fn open_file(&self, name: &CStr, flags: libc::c_int) -> io::Result<File> {
        const MODE: libc::c_uint = 0o600;
        let careful = flags | libc::O_NOFOLLOW | libc::O_NOCTTY | libc::O_CLOEXEC;
        // SAFETY: as above.
        let descriptor = unsafe { libc::openat(self.0.as_raw_fd(), name.as_ptr(), careful, MODE) };
        if descriptor < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was just opened, so nobody else owns it.
        Ok(unsafe { File::from_raw_fd(descriptor) })
    }
}

/// A folder that was opened, if it is as it has to be.
fn checked(folder: File, forbidden: u32, user: u32) -> io::Result<PrivateFolder> {
    let about = folder.metadata()?;
    if about.is_dir() && is_private(&about, forbidden, user) && is_in_memory(&folder) {
        Ok(PrivateFolder(folder))
    } else {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// Does something belong to this user, without these permissions?
fn is_private(about: &std::fs::Metadata, forbidden: u32, user: u32) -> bool {
    ownership::check(about, forbidden, user).is_ok()
}

/// Is a folder on a file system that is in memory (tmpfs)?
#[cfg(target_os = "linux")]
#[allow(clippy::unnecessary_cast, reason = "these numbers have other types on other computers")]
fn is_in_memory(folder: &File) -> bool {
    let mut about = std::mem::MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: an open descriptor, and room for the answer.
    let answer = unsafe { libc::fstatfs(folder.as_raw_fd(), about.as_mut_ptr()) };
    // SAFETY: a structure of numbers, all zero or as the kernel has filled it.
    let about = unsafe { about.assume_init() };
    answer == 0 && about.f_type as i64 == libc::TMPFS_MAGIC as i64
}

/// Other systems have no folder for the time of a login session.
#[cfg(not(target_os = "linux"))]
fn is_in_memory(_: &File) -> bool {
    false
}

// Miri has none of these calls.
#[cfg(not(miri))]
#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::path::PathBuf;

    const NAME: &CStr = c"file";
    const FOLDER: &CStr = c"folder";

    /// A folder in memory, removed at the end.
    struct Memory(PathBuf);

    impl Memory {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("avain-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            allow(&path, 0o700);
            Memory(path)
        }

        fn folder(&self) -> PrivateFolder {
            PrivateFolder::open(&self.0).unwrap().inside(FOLDER).unwrap()
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.join("folder").join(name)
        }
    }

    impl Drop for Memory {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn allow(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_file_is_replaced_whole_and_for_its_owner_alone() {
        let memory = Memory::new("replaced");
        let folder = memory.folder();
        for content in [&b"first"[..], b"second, and longer", b""] {
            folder.replace(NAME, content).unwrap();
            assert_eq!(folder.read(NAME, 100).unwrap(), content);
        }
        let modes =
            [memory.path(""), memory.path("file")].map(|path| fs::metadata(path).unwrap().mode() & 0o777);
        assert_eq!(modes, [0o700, 0o600]);
        assert_eq!(fs::read_dir(memory.path("")).unwrap().count(), 1, "no draft is left");
        folder.remove(NAME);
        assert!(folder.read(NAME, 100).is_err());
    }

    #[test]
    fn what_others_may_touch_is_not_used() {
        let memory = Memory::new("touched");
        let folder = memory.folder();
        folder.replace(NAME, b"content").unwrap();
        let readable = || folder.read(NAME, 100).is_ok();
        assert!(readable());
        for mode in [0o640, 0o604, 0o620] {
            allow(&memory.path("file"), mode);
            assert!(!readable(), "{mode:o}");
        }
        let base = PrivateFolder::open(&memory.0).unwrap();
        for mode in [0o750, 0o701] {
            allow(&memory.path(""), mode);
            assert!(base.inside(FOLDER).is_err(), "{mode:o}");
        }
        for (mode, usable) in [(0o755, true), (0o770, false), (0o702, false)] {
            allow(&memory.0, mode);
            assert_eq!(PrivateFolder::open(&memory.0).is_ok(), usable, "{mode:o}");
        }
    }

    /// A test can only make files of its own user, so another user looks at them here.
    #[test]
    fn what_belongs_to_somebody_else_is_not_used() {
        let memory = Memory::new("owned");
        let open = || File::open(&memory.0).unwrap();
        let (own, other) = (privilege::user(), privilege::user() + 1);
        assert!(checked(open(), OTHERS_MAY, own).is_ok());
        assert!(checked(open(), OTHERS_MAY, other).is_err());
        assert!(!is_private(&open().metadata().unwrap(), OTHERS_MAY, other));
    }

    #[test]
    fn no_link_is_followed_and_nothing_is_opened_that_blocks() {
        let memory = Memory::new("linked");
        let folder = memory.folder();
        fs::write(memory.path("target"), b"content").unwrap();
        allow(&memory.path("target"), 0o600);
        symlink("target", memory.path("file")).unwrap();
        symlink(".", memory.path("loop")).unwrap();
        assert!(folder.read(NAME, 100).is_err());
        assert!(folder.inside(c"loop").is_err());
        assert!(PrivateFolder::open(&memory.path("loop")).is_err());
        // A link is replaced; what it leads to stays.
        folder.replace(NAME, b"new").unwrap();
        assert_eq!(folder.read(NAME, 100).unwrap(), b"new");
        assert_eq!(fs::read(memory.path("target")).unwrap(), b"content");
        // Neither a pipe nor a folder is read.
        let pipe = CString::new(memory.path("pipe").into_os_string().into_encoded_bytes()).unwrap();
        // SAFETY: a path that ends with a zero byte.
        assert_eq!(unsafe { libc::mkfifo(pipe.as_ptr(), 0o600) }, 0);
        assert!(folder.read(c"pipe", 100).is_err());
        fs::create_dir(memory.path("other")).unwrap();
        assert!(folder.read(c"other", 100).is_err() && folder.replace(c"other", b"new").is_err());
    }

    #[test]
    fn a_long_file_is_not_read_and_a_draft_is_left_to_its_writer() {
        let memory = Memory::new("long");
        let folder = memory.folder();
        folder.replace(NAME, &[7; 101]).unwrap();
        assert!(folder.read(NAME, 100).is_err() && folder.read(NAME, 101).is_ok());
        let draft = memory.path("file.new");
        let being_written = File::create(&draft).unwrap();
        assert!(folder.replace(NAME, b"new").is_err());
        assert!(draft.exists(), "somebody is writing it");
        being_written.set_modified(std::time::SystemTime::now() - LEFT_BEHIND * 2).unwrap();
        assert!(folder.replace(NAME, b"new").is_err());
        assert!(folder.replace(NAME, b"new").is_ok(), "it was cleared away");
    }

    #[test]
    fn nothing_is_written_to_a_disk() {
        let on_disk = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(PrivateFolder::open(on_disk).is_err());
    }
}
