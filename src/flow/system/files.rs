//! Reading files below a root, with bounds, and without blocking.

use rustix::fs::{Mode, OFlags, open};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Longer files are not read. The files in question are much shorter.
const LONGEST: u64 = 4 << 20;
/// Most entries of a folder that are looked at.
const MOST_ENTRIES: usize = 20_000;

/// The folder that all paths are relative to: `/`, or one that a test has made.
#[derive(Clone, Debug)]
pub(super) struct Root(PathBuf);

/// The result of reading a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// There is no such file.
    Missing,
    /// It cannot be read, is too long, or is no regular file.
    Unreadable,
    /// Its text, with replacement characters for what is not UTF-8.
    Text(String),
}

impl Root {
    pub(super) fn new(root: &Path) -> Self {
        Root(root.to_owned())
    }

    /// Where a path below the root really is.
    pub(super) fn below(&self, path: &Path) -> PathBuf {
        self.0.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// The path below the root of what is really there.
    pub(super) fn above(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.0).map_or_else(|_| path.to_owned(), |below| Path::new("/").join(below))
    }

    /// Does this path exist?
    pub(super) fn has(&self, path: impl AsRef<Path>) -> bool {
        self.below(path.as_ref()).exists()
    }

    /// Reads a file. If it is a pipe or a device, this does not block.
    pub(super) fn read(&self, path: impl AsRef<Path>) -> Reading {
        let path = self.below(path.as_ref());
        if !path.exists() {
            return Reading::Missing;
        }
        text(&path).map_or(Reading::Unreadable, Reading::Text)
    }

    /// The text of a file, empty if it does not exist.
    pub(super) fn text(&self, path: impl AsRef<Path>) -> String {
        match self.read(path) {
            Reading::Text(text) => text,
            Reading::Missing | Reading::Unreadable => String::new(),
        }
    }

    /// The entries of a folder, by their full paths below the root, sorted.
    pub(super) fn entries(&self, folder: impl AsRef<Path>) -> Vec<PathBuf> {
        let folder = folder.as_ref();
        let found = fs::read_dir(self.below(folder)).into_iter().flatten().flatten();
        let mut names: Vec<PathBuf> =
            found.take(MOST_ENTRIES).map(|entry| folder.join(entry.file_name())).collect();
        names.sort();
        names
    }

    /// The target of a link.
    pub(super) fn link(&self, path: impl AsRef<Path>) -> Option<PathBuf> {
        fs::read_link(self.below(path.as_ref())).ok()
    }
}

fn text(path: &Path) -> Option<String> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(open(path, flags, Mode::empty()).ok()?);
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(LONGEST.saturating_add(1)).read_to_end(&mut bytes).ok()?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LONGEST);
    fits.then(|| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::furnished::Furnished;
    use super::*;
    use rustix::fs::{CWD, FileType, mknodat};

    #[test]
    fn what_is_no_file_of_text_is_not_waited_for() {
        let place = Furnished::new(&[("short", "text"), ("folder/file", "")]);
        let root = Root::new(place.path());
        mknodat(CWD, place.path().join("pipe"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        File::create(place.path().join("long")).unwrap().set_len(LONGEST + 1).unwrap();
        for (link, target) in [("loop", "loop"), ("to-pipe", "pipe"), ("to-short", "short"), ("dead", "gone")]
        {
            std::os::unix::fs::symlink(target, place.path().join(link)).unwrap();
        }
        for (name, expected) in [
            ("/short", Reading::Text("text".to_owned())),
            ("/to-short", Reading::Text("text".to_owned())),
            ("/pipe", Reading::Unreadable),
            ("/to-pipe", Reading::Unreadable),
            ("/long", Reading::Unreadable),
            ("/folder", Reading::Unreadable),
            ("/loop", Reading::Missing),
            ("/dead", Reading::Missing),
            ("/gone", Reading::Missing),
        ] {
            assert_eq!(root.read(name), expected, "{name}");
        }
        assert_eq!(root.entries("/folder"), [Path::new("/folder/file")]);
        assert_eq!(root.entries("/gone"), [""; 0].map(PathBuf::from));
    }

    #[test]
    fn what_is_not_utf_8_is_replaced() {
        let place = Furnished::new(&[]);
        fs::write(place.path().join("latin"), b"p\xE4\xE4te").unwrap();
        assert_eq!(Root::new(place.path()).text("/latin"), "p\u{FFFD}\u{FFFD}te");
    }
}
