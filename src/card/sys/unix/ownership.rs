//! Whose a file or folder is, and what others may do with it. Asked of what is open, when it can no longer be replaced.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// File mode bits that let others than the owner write.
pub(crate) const OTHERS_MAY_WRITE: u32 = 0o022;
/// File mode bits that let others than the owner do anything.
pub(crate) const OTHERS_MAY: u32 = 0o077;

/// Opens a file, whatever is in its place: no link is followed, nothing blocks, and no terminal becomes ours.
pub(crate) const CAREFULLY: libc::c_int =
    libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;
/// The same for a folder.
pub(crate) const AS_FOLDER: libc::c_int = libc::O_DIRECTORY | libc::O_NOFOLLOW | libc::O_CLOEXEC;

/// Why something is not this user's alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shared {
    /// It belongs to somebody else.
    NotOurs,
    /// Others have permissions that are forbidden.
    OpenToOthers,
}

/// Does something belong to this user, and do others have none of these permissions?
pub(crate) fn check(about: &Metadata, forbidden: u32, user: u32) -> Result<(), Shared> {
    if about.uid() != user {
        Err(Shared::NotOurs)
    } else if about.mode() & forbidden != 0 {
        Err(Shared::OpenToOthers)
    } else {
        Ok(())
    }
}
