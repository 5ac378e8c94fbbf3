//! Folders in memory that belong to one user alone: Windows has none, so nothing is kept there.

use std::ffi::CStr;
use std::io;
use std::path::Path;

/// There is no value of this type.
pub(crate) enum PrivateFolder {}

impl PrivateFolder {
    /// Always an error.
    pub(crate) fn open(_: &Path) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// A folder in this one.
    pub(crate) fn inside(&self, _: &CStr) -> io::Result<Self> {
        match *self {}
    }

    /// The content of a file.
    pub(crate) fn read(&self, _: &CStr, _: u64) -> io::Result<Vec<u8>> {
        match *self {}
    }

    /// Writes a file.
    pub(crate) fn replace(&self, _: &CStr, _: &[u8]) -> io::Result<()> {
        match *self {}
    }

    /// Removes a file.
    pub(crate) fn remove(&self, _: &CStr) {
        match *self {}
    }
}
