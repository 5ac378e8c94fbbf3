//! Files that are signed, and the places for their signatures.

use super::cms::Content;
use super::failure::{Failure, Kind};
use super::text::{self, Text};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The place for a signature. It is taken before the PIN is asked for, and given back if there is no signature.
pub struct Place {
    path: PathBuf,
    file: Option<File>,
}

impl Place {
    /// Takes a place where there is no file yet.
    pub fn take(path: &Path) -> Result<Self, Failure> {
        match File::create_new(path) {
            Ok(file) => Ok(Place { path: path.to_owned(), file: Some(file) }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(failed(text::file_exists(path))),
            Err(_) => Err(failed(text::file_unwritable(path))),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the signature there.
    pub fn fill(mut self, signature: &[u8]) -> Result<(), Failure> {
        let written = self.file.as_mut().map(|file| file.write_all(signature).and_then(|()| file.sync_all()));
        match written {
            Some(Ok(())) => drop(self.file.take()),
            Some(Err(_)) | None => return Err(failed(text::file_unwritable(self.path.as_path()))),
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.file.is_some() {
            // If even this fails, an empty file is left.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Reads a file, in parts, as the content to be signed.
pub fn read(path: &Path, mut content: Content) -> Result<Content, Failure> {
    let unreadable = |_| failed(text::file_unreadable(path));
    let mut file = File::open(path).map_err(unreadable)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer).map_err(unreadable)? {
            0 => return Ok(content),
            length => content.update(buffer.get(..length).unwrap_or_default()),
        }
    }
}

/// Where the signature of a file goes, unless something else is said.
pub fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".p7s");
    name.into()
}

fn failed(text: Text) -> Failure {
    Failure::new(Kind::Failed, [text])
}
