//! Where errors go.

use std::fs::File;
use std::io;
use std::os::windows::io::AsHandle;

/// Where errors go, as a file that no lock of the standard library guards.
pub(crate) fn stderr() -> io::Result<File> {
    io::stderr().as_handle().try_clone_to_owned().map(File::from)
}
