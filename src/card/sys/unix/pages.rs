//! Memory that is locked (`mlock`), not written to core dumps (`MADV_DONTDUMP`) and zeroed in forked children
//! (`MADV_WIPEONFORK`).

use std::io;
use std::ptr::NonNull;

/// So many zeros, and whether they are never swapped out: beyond `RLIMIT_MEMLOCK` nothing is locked. The advice is best
/// effort as well.
pub(in crate::sys) fn take(length: usize) -> io::Result<(NonNull<u8>, bool)> {
    // SAFETY: an anonymous private mapping at an address that the kernel chooses overlaps no memory in use.
    let page = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            length,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if page == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // Miri supports neither.
    #[cfg(not(miri))]
    // SAFETY: `page` is a mapping of that length that this function has just made.
    let locked = unsafe { libc::mlock(page, length) } == 0;
    #[cfg(miri)]
    let locked = false;
    #[cfg(all(target_os = "linux", not(miri)))]
    for advice in [libc::MADV_DONTDUMP, libc::MADV_WIPEONFORK] {
        // SAFETY: as above; neither advice changes the mapping's content in this process.
        unsafe { libc::madvise(page, length, advice) };
    }
    NonNull::new(page.cast()).map(|start| (start, locked)).ok_or_else(io::Error::last_os_error)
}

/// Gives memory back.
///
/// # Safety
/// [`take`] gave it, of this length, and nothing refers to it any more.
pub(in crate::sys) unsafe fn give_back(start: NonNull<u8>, length: usize) {
    // SAFETY: as the caller vouches.
    unsafe { libc::munmap(start.as_ptr().cast(), length) };
}
