//! Descriptors that the process was started with, under numbers of our own.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, FromRawFd, RawFd};

/// A copy of an inherited descriptor. Both have the same position in the file, so the next program that inherits it
/// goes on where this one has stopped.
pub fn inherited(number: RawFd) -> io::Result<File> {
    // Not one of those for input and output, should they be closed.
    const LOWEST: libc::c_int = 3;
    // SAFETY: copies a descriptor if there is one, and neither closes nor changes any.
    let copy = unsafe { libc::fcntl(number, libc::F_DUPFD_CLOEXEC, LOWEST) };
    if copy < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the copy was just made, so nobody else owns it.
    Ok(unsafe { File::from_raw_fd(copy) })
}

/// Where errors go, as a file that no lock of the standard library guards.
pub(crate) fn stderr() -> io::Result<File> {
    io::stderr().as_fd().try_clone_to_owned().map(File::from)
}
